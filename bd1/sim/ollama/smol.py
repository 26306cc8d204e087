"""A real, very small model for the simulated Ollama: SmolLM2-135M on the processor; nothing imports this by itself.

It needs the optional dependency `xllamacpp` (llama.cpp within this process) and the model's file, 94 MiB.
"""

import asyncio
import contextlib
import importlib
import importlib.util
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bd1.sim.ollama.brain import BrainFailed
from bd1.sim.ollama.models import SimModel

FILE_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
ROLES = frozenset({"system", "user", "assistant"})
MOST_TOKENS = 2048
"""A model this small may repeat itself for ever; a client's own limit is usually lower."""

SMOL_MODEL = SimModel(
    name="smollm2:135m",
    size=98_362_432,
    family="llama",
    parameter_size="134.52M",
    parameter_count=134_515_008,
    quantization="Q4_1",
    trained_ctx=8192,
    layers=30,
    embedding=576,
    heads=9,
    kv_heads=3,
    compute_mib=18,
)


class SmolBrain:
    """A `Brain` that thinks with the file at `path`, whatever model it is asked for.

    The first answer loads it (half a second, 240 MB of memory). `missing` says beforehand what is not there.
    """

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        self._path = path
        self._threads = threads
        self._server: Any = None
        self._one_at_a_time = asyncio.Lock()

    def missing(self) -> str | None:
        """What has to be installed or fetched first, as a sentence; `None` when all is there."""
        if importlib.util.find_spec("xllamacpp") is None:
            return "The real model needs the package xllamacpp: install BD-1 with its extra `llm`."
        if not self._path.is_file():
            return f"The model's file {self._path} is not there: fetch it with `make model`."
        return None

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        del model  # whichever name was asked for: there is one set of weights
        lacking = self.missing()
        if lacking:
            raise BrainFailed(lacking)
        async with self._one_at_a_time:
            relay = _Relay()
            work = asyncio.create_task(asyncio.to_thread(self._generate, _request(messages), relay.take))
            work.add_done_callback(lambda _: relay.end())
            try:
                async for token in relay.tokens():
                    yield token
                await _finished(work)
            finally:
                relay.stop()
                await asyncio.wait({work})

    def close(self) -> None:
        """Frees the memory. The next answer loads it again."""
        self._server = None

    def _generate(self, request: dict[str, Any], take: Callable[[Any], bool]) -> None:
        """In a thread of its own: `take` is called with every event, and ends it all by returning true."""
        if self._server is None:
            self._server = self._loaded()
        self._server.handle_chat_completions(request, take)

    def _loaded(self) -> Any:
        library = importlib.import_module("xllamacpp")
        settings = library.CommonParams()
        settings.model.path = str(self._path)
        settings.n_ctx = SMOL_MODEL.trained_ctx
        settings.n_parallel = 1
        settings.cache_ram_mib = 0
        settings.cpuparams.n_threads = self._threads
        settings.verbosity = -1
        return library.Server(settings)


class _Relay:
    """Hands tokens from the model's thread to the event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._stopped = False

    def take(self, event: Any) -> bool:
        """Called in the model's thread."""
        if text := _text(event):
            # Nobody listens any more once the loop is closed: then the answer just ends.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._queue.put_nowait, text)
        return self._stopped

    def stop(self) -> None:
        """The next event in the model's thread is the last."""
        self._stopped = True

    def end(self) -> None:
        """The thread has ended, well or badly."""
        self._queue.put_nowait(None)

    async def tokens(self) -> AsyncGenerator[str, None]:
        while (token := await self._queue.get()) is not None:
            yield token


async def _finished(work: "asyncio.Task[None]") -> None:
    try:
        await work
    except (ValueError, RuntimeError, OSError) as error:
        raise BrainFailed("The small model failed to answer.") from error


def _request(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    turns = [{"role": told["role"], "content": str(told.get("content") or "")} for told in messages if _is_turn(told)]
    return {"messages": turns, "stream": True, "max_tokens": MOST_TOKENS, "temperature": 0.0, "repeat_penalty": 1.05}


def _is_turn(message: Mapping[str, Any]) -> bool:
    return message.get("role") in ROLES


def _text(event: Any) -> str:
    choices = event.get("choices") if isinstance(event, dict) else None
    return str((choices[0].get("delta") or {}).get("content") or "") if choices else ""
