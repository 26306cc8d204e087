"""What the services need from the outside, as protocols. Adapters do it for real, `sim` plays it; imports core only."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bd1.core.gpu import CardIdentity, ProbeFailure, Reading
from bd1.core.scene import Scene
from bd1.core.settings import RestartPolicy, WorkloadKind
from bd1.core.tools import Tool, ToolCall


class Clock(Protocol):
    """Time, injected: `monotonic` decides, `now` is only for people."""

    def monotonic(self) -> float: ...
    def now(self) -> datetime: ...
    async def sleep(self, seconds: float) -> None: ...


class GpuProbe(Protocol):
    """The one door to the card. Never raises for trouble with the card: a failed look is a `ProbeFailure`."""

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        """One look. Answers within the probe's deadline, a `STALLED` failure at the latest."""
        ...

    async def identity(self) -> CardIdentity | ProbeFailure:
        """Which card and driver this is."""
        ...

    async def close(self) -> None:
        """Lets go of the driver; waits at most a second for a call that hangs."""
        ...


class ProcessTable(Protocol):
    """What the operating system knows of a process. Cheap and synchronous (reads of /proc)."""

    def container_id(self, pid: int) -> str | None:
        """The 64-digit id of the container the process lives in; `None` when in none, or when the process is gone."""
        ...

    def name(self, pid: int) -> str | None:
        """Its command name; `None` when it cannot be seen."""
        ...

    def boot_id(self) -> str | None:
        """What this start of the machine is called, another one after each; `None` when it cannot be seen."""
        ...


@dataclass(frozen=True, slots=True)
class XidEvent:
    """A complaint of the NVIDIA driver about the card. `detail` is what the driver advises (Xid 154), where told."""

    at: datetime
    code: int
    detail: int | None = None


class XidSource(Protocol):
    """What the driver reports by itself, beside what looks at the card are told."""

    def xids(self) -> AsyncIterator[XidEvent]:
        """Xids as they happen, for ever; reconnects by itself, and what happened meanwhile is not replayed."""
        ...


@dataclass(frozen=True, slots=True)
class ContainerState:
    """One container as Docker sees it now."""

    name: str
    id: str
    running: bool
    status: str
    """Docker's own word: created, running, paused, restarting, exited, dead."""
    restart_policy: RestartPolicy
    pid: int | None = None
    exit_code: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """When it last ended, also while it runs again; `None` when it never did."""
    restarts: int = 0
    """How often Docker itself has started it again since somebody last did."""


@dataclass(frozen=True, slots=True)
class ContainerEvent:
    """A change of a configured container. `action` is Docker's word: start, die, stop, kill, oom, ..."""

    container: str
    action: str
    at: datetime
    exit_code: int | None = None


class Containers(Protocol):
    """The containers named in the configuration, and no others. Names are container names.

    Every call raises `DockerUnavailable` when the engine does not answer in time, `ContainerMissing` when there is no
    such container and `ContainerRefused` when Docker says no or the name is not in the configuration.
    """

    async def version(self) -> str: ...
    async def inspect(self, name: str) -> ContainerState: ...
    async def start(self, name: str) -> None: ...
    async def stop(self, name: str, grace_s: float) -> None: ...
    async def kill(self, name: str) -> None: ...

    async def pause(self, name: str) -> None:
        """Freezes all its processes, which keep their memory; a stop or a kill still ends it."""
        ...

    async def unpause(self, name: str) -> None: ...
    async def set_restart_policy(self, name: str, policy: RestartPolicy) -> None: ...

    async def pids(self, name: str) -> frozenset[int]:
        """Host PIDs of everything that runs in the container (`docker top`); empty when it does not run."""
        ...

    def events(self) -> AsyncIterator[ContainerEvent]:
        """Changes as they happen, for ever; reconnects by itself, and what happened meanwhile is not replayed."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One message of a conversation as the model is sent it. `images` are JPEG or PNG files, for a model that sees.

    `calls` are what the assistant asked for; each has a turn of the role "tool" after it, with its name in `tool`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    images: tuple[bytes, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    tool: str = ""


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of an answer. The last one has `done` set and carries the figures.

    `calls` are tools that the model wants to be asked before it goes on: it ends, and is sent on with their answers.
    """

    text: str = ""
    thinking: str = ""
    calls: tuple[ToolCall, ...] = ()
    done: bool = False
    done_reason: str | None = None
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    tokens_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory. `expires_at` is `None` when it stays for ever."""

    name: str
    vram_mib: int
    expires_at: datetime | None
    context_length: int | None = None


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the server's disk."""

    name: str
    size_mib: int
    parameter_size: str | None = None
    quantization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDetails:
    """What the server knows of a model. `abilities` are its words: completion, vision, tools, thinking.

    `context` is what it was trained for. `cache_bytes` is what one token of context takes in memory at half precision.
    Both are `None` where the model does not say.
    """

    abilities: tuple[str, ...] = ()
    context: int | None = None
    cache_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How a download stands. The bytes are those of the layer that is fetched now; `None` between layers."""

    status: str
    done_bytes: int | None = None
    total_bytes: int | None = None


class ChatModel(Protocol):
    """The chat model server (Ollama).

    Every call raises `ChatUnavailable` when the server cannot be reached, `ModelMissing` when it lacks the model and
    `ChatRefused` for any other error it tells, before the first byte or in the middle of a stream.
    """

    def chat(
        self,
        model: str,
        turns: Sequence[ChatTurn],
        *,
        num_ctx: int,
        max_tokens: int,
        tools: Sequence[Tool] = (),
        first_s: float | None = None,
    ) -> AsyncIterator[ChatChunk]:
        """Streams an answer. Closing the iterator early closes the connection, which frees the server's slot.

        `tools` are what the model may ask for. `first_s` is how long its first word may take; `None`: as long as a
        model may take to load. Raises `ToolsRefused` for a model that can ask for none.
        """
        ...

    async def version(self) -> str: ...
    async def loaded(self) -> tuple[LoadedModel, ...]: ...
    async def installed(self) -> tuple[InstalledModel, ...]: ...
    async def details(self, model: str) -> ModelDetails: ...
    async def load(self, model: str, *, num_ctx: int) -> None: ...

    async def unload(self, model: str) -> None:
        """Asks to unload. The answer is no proof (a running answer ends first): look at `loaded`, then the card."""
        ...

    def pull(self, model: str) -> AsyncIterator[PullProgress]:
        """Fetches a model from its library. Ends when it is there; closing the iterator early gives it up."""
        ...

    async def close(self) -> None: ...


class HealthCheck(Protocol):
    """Whether a workload answers on its health address."""

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        """Why the workload with this health address cannot do its work yet, half a sentence; `None` when it can.

        Asks what it is there for (Ollama: version and models; ComfyUI: its system and its queue) and loads nothing.
        Answers within 2 s and never raises for a server that is away.
        """
        ...


@dataclass(frozen=True, slots=True)
class PictureJobs:
    """What a picture server has to do."""

    running: int
    pending: int


class PictureServer(Protocol):
    """The picture servers (ComfyUI), each by the address its API begins at.

    Every call raises `PicturesUnavailable` when the server does not answer within 2 s, or not as a ComfyUI.
    """

    async def jobs(self, url: str) -> PictureJobs:
        """How many jobs it works on, and how many wait."""
        ...

    async def interrupt(self, url: str) -> None:
        """Asks to give up the running job; the jobs that wait are begun as ever."""
        ...

    async def free(self, url: str) -> None:
        """Asks to let go of its models once the running job has ended. The answer proves nothing: look at the card."""
        ...

    async def close(self) -> None: ...


class Chart(Protocol):
    """Who draws the picture of an incident."""

    async def draw(self, scene: Scene) -> bytes | None:
        """The scene as a PNG of less than 200 KB; `None` when it cannot be drawn, which is told in the log.

        May take seconds, does not hold up the event loop, and never raises for trouble with the drawing.
        """
        ...


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of a PDF: of its `pages` the first `read` ones."""

    text: str
    pages: int
    read: int


class FileReader(Protocol):
    """Opens what strangers attach, apart from the bot, within limits of memory and time.

    Every call raises `FileUnreadable` when the file is broken, locked, too large within, or takes too long.
    """

    async def pdf(self, data: bytes, most_letters: int) -> PdfText:
        """The text of a PDF, whole pages until there are `most_letters`."""
        ...

    async def picture(self, data: bytes) -> bytes:
        """A picture as a JPEG file small enough for a model that sees."""
        ...


class Store(Protocol):
    """What must outlive the process: small JSON documents by collection and key."""

    async def get(self, collection: str, key: str) -> dict[str, Any] | None: ...
    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None: ...
    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]: ...
    async def delete(self, collection: str, *keys: str) -> None: ...
    async def close(self) -> None: ...
