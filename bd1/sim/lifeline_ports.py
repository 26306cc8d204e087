"""Every port once more, as one life of BD-1 sees it: the same until the lifeline is cut, and then nothing.

Decides nothing: what a cut means is the lifeline's.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from bd1.core.gpu import CardIdentity, ProbeFailure, Reading
from bd1.core.scene import Scene
from bd1.core.settings import RestartPolicy, WorkloadKind
from bd1.core.tools import Tool
from bd1.ports import (
    Chart,
    ChatChunk,
    ChatModel,
    ChatTurn,
    Clock,
    ContainerEvent,
    Containers,
    ContainerState,
    GpuProbe,
    HealthCheck,
    InstalledModel,
    LoadedModel,
    ModelDetails,
    PictureJobs,
    PictureServer,
    ProcessTable,
    PullProgress,
    Store,
    XidEvent,
    XidSource,
)
from bd1.sim.lifeline import Lifeline


class LivingClock:
    """`Clock` of one life; after its end it stands still."""

    def __init__(self, clock: Clock, line: Lifeline) -> None:
        self._clock = clock
        self._line = line
        self._last = (clock.monotonic(), clock.now())

    def monotonic(self) -> float:
        return self._look()[0]

    def now(self) -> datetime:
        return self._look()[1]

    async def sleep(self, seconds: float) -> None:
        await self._line.call("clock.sleep", lambda: self._clock.sleep(seconds))

    def _look(self) -> tuple[float, datetime]:
        if not self._line.is_cut:
            self._last = (self._clock.monotonic(), self._clock.now())
        return self._last


class LivingProbe:
    """`GpuProbe` of one life."""

    def __init__(self, probe: GpuProbe, line: Lifeline) -> None:
        self._probe = probe
        self._line = line

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        return await self._line.call("probe.sample", lambda: self._probe.sample(details=details, processes=processes))

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self._line.call("probe.identity", self._probe.identity)

    async def close(self) -> None:
        await self._line.call("probe.close", self._probe.close)


class LivingProcesses:
    """`ProcessTable` of one life; after its end it knows nobody."""

    def __init__(self, processes: ProcessTable, line: Lifeline) -> None:
        self._processes = processes
        self._line = line

    def container_id(self, pid: int) -> str | None:
        return None if self._line.is_cut else self._processes.container_id(pid)

    def name(self, pid: int) -> str | None:
        return None if self._line.is_cut else self._processes.name(pid)

    def boot_id(self) -> str | None:
        return None if self._line.is_cut else self._processes.boot_id()


class LivingXids:
    """`XidSource` of one life."""

    def __init__(self, source: XidSource, line: Lifeline) -> None:
        self._source = source
        self._line = line

    def xids(self) -> AsyncIterator[XidEvent]:
        return self._line.stream("xids.xids", self._source.xids)


class LivingContainers:
    """`Containers` of one life."""

    def __init__(self, containers: Containers, line: Lifeline) -> None:
        self._containers = containers
        self._line = line

    async def version(self) -> str:
        return await self._line.call("containers.version", self._containers.version)

    async def inspect(self, name: str) -> ContainerState:
        return await self._line.call("containers.inspect", lambda: self._containers.inspect(name))

    async def start(self, name: str) -> None:
        await self._line.call("containers.start", lambda: self._containers.start(name))

    async def stop(self, name: str, grace_s: float) -> None:
        await self._line.call("containers.stop", lambda: self._containers.stop(name, grace_s))

    async def kill(self, name: str) -> None:
        await self._line.call("containers.kill", lambda: self._containers.kill(name))

    async def pause(self, name: str) -> None:
        await self._line.call("containers.pause", lambda: self._containers.pause(name))

    async def unpause(self, name: str) -> None:
        await self._line.call("containers.unpause", lambda: self._containers.unpause(name))

    async def set_restart_policy(self, name: str, policy: RestartPolicy) -> None:
        await self._line.call(
            "containers.set_restart_policy", lambda: self._containers.set_restart_policy(name, policy)
        )

    async def pids(self, name: str) -> frozenset[int]:
        return await self._line.call("containers.pids", lambda: self._containers.pids(name))

    def events(self) -> AsyncIterator[ContainerEvent]:
        return self._line.stream("containers.events", self._containers.events)

    async def close(self) -> None:
        await self._line.call("containers.close", self._containers.close)


class LivingChat:
    """`ChatModel` of one life."""

    def __init__(self, model: ChatModel, line: Lifeline) -> None:
        self._model = model
        self._line = line

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
        def chunks() -> AsyncIterator[ChatChunk]:
            return self._model.chat(model, turns, num_ctx=num_ctx, max_tokens=max_tokens, tools=tools, first_s=first_s)

        return self._line.stream("chat.chat", chunks)

    async def version(self) -> str:
        return await self._line.call("chat.version", self._model.version)

    async def loaded(self) -> tuple[LoadedModel, ...]:
        return await self._line.call("chat.loaded", self._model.loaded)

    async def installed(self) -> tuple[InstalledModel, ...]:
        return await self._line.call("chat.installed", self._model.installed)

    async def details(self, model: str) -> ModelDetails:
        return await self._line.call("chat.details", lambda: self._model.details(model))

    def pull(self, model: str) -> AsyncIterator[PullProgress]:
        return self._line.stream("chat.pull", lambda: self._model.pull(model))

    async def load(self, model: str, *, num_ctx: int) -> None:
        await self._line.call("chat.load", lambda: self._model.load(model, num_ctx=num_ctx))

    async def unload(self, model: str) -> None:
        await self._line.call("chat.unload", lambda: self._model.unload(model))

    async def close(self) -> None:
        await self._line.call("chat.close", self._model.close)


class LivingPictures:
    """`PictureServer` of one life."""

    def __init__(self, pictures: PictureServer, line: Lifeline) -> None:
        self._pictures = pictures
        self._line = line

    async def jobs(self, url: str) -> PictureJobs:
        return await self._line.call("pictures.jobs", lambda: self._pictures.jobs(url))

    async def interrupt(self, url: str) -> None:
        await self._line.call("pictures.interrupt", lambda: self._pictures.interrupt(url))

    async def free(self, url: str) -> None:
        await self._line.call("pictures.free", lambda: self._pictures.free(url))

    async def close(self) -> None:
        await self._line.call("pictures.close", self._pictures.close)


class LivingChart:
    """`Chart` of one life."""

    def __init__(self, chart: Chart, line: Lifeline) -> None:
        self._chart = chart
        self._line = line

    async def draw(self, scene: Scene) -> bytes | None:
        return await self._line.call("chart.draw", lambda: self._chart.draw(scene))


class LivingHealth:
    """`HealthCheck` of one life."""

    def __init__(self, health: HealthCheck, line: Lifeline) -> None:
        self._health = health
        self._line = line

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        return await self._line.call("health.trouble", lambda: self._health.trouble(url, kind))


class LivingStore:
    """`Store` of one life."""

    def __init__(self, store: Store, line: Lifeline) -> None:
        self._store = store
        self._line = line

    async def get(self, collection: str, key: str) -> dict[str, Any] | None:
        return await self._line.call("store.get", lambda: self._store.get(collection, key))

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        await self._line.call("store.put", lambda: self._store.put(collection, key, value))

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        return await self._line.call("store.items", lambda: self._store.items(collection))

    async def delete(self, collection: str, *keys: str) -> None:
        await self._line.call("store.delete", lambda: self._store.delete(collection, *keys))

    async def close(self) -> None:
        await self._line.call("store.close", self._store.close)
