"""The chat model as the simulated machine has it, behind its port and without a network: canned words, real memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bd1.core.gpu import MIB
from bd1.core.tools import Tool, ToolCall
from bd1.errors import ChatUnavailable, ModelMissing
from bd1.ports import ChatChunk, ChatTurn, InstalledModel, LoadedModel, ModelDetails, PullProgress
from bd1.sim.memory import OLLAMA
from bd1.sim.world import World

MODEL = "llama3:8b"
MODEL_MIB = 4700
ON_DISK_MIB = 4445
CACHE_BYTES = 2 * 32 * 8 * 128 * 2
"""What a token of context takes: 32 layers of 8 heads of 128 numbers, keys and values, at half precision."""
_STEPS = 4


class SimChat:
    """`ChatModel` over the simulated machine: reachable while Ollama's container is up, its models in VRAM.

    `hold` is awaited before each word; one that never returns is a server that has locked itself up. `asked` counts the
    answers that were begun, `said` the words of the last one. Offered tools it makes the calls that come next in
    `calls`, request by request; told facts, it says them word by word.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.words: tuple[str, ...] = ("Hello", " there.")
        self.hold: Callable[[], Awaitable[object]] | None = None
        self.said = 0
        self.asked = 0
        self.turns: Sequence[ChatTurn] = ()
        self.tools: Sequence[Tool] = ()
        self.calls: list[tuple[ToolCall, ...]] = []
        self.abilities: tuple[str, ...] = ("completion",)
        self.shelf = {MODEL: InstalledModel(MODEL, ON_DISK_MIB, "8.0B", "Q4_0")}
        """What is on its disk, by name."""
        self.remote: dict[str, InstalledModel] = {}
        """What can be fetched, by name."""

    async def chat(
        self,
        model: str,
        turns: Sequence[ChatTurn],
        *,
        num_ctx: int,
        max_tokens: int,
        tools: Sequence[Tool] = (),
        first_s: float | None = None,
    ) -> AsyncIterator[ChatChunk]:
        del max_tokens, first_s
        self.turns, self.tools, self.said = turns, tools, 0
        self.asked += 1
        await self.load(model, num_ctx=num_ctx)
        if tools and self.calls:
            yield ChatChunk(calls=self.calls.pop(0))
            yield ChatChunk(done=True, done_reason="stop")
            return
        facts = tuple(turn.content for turn in turns if turn.role == "tool")
        for word in facts or self.words:
            if self.hold:
                await self.hold()
            self._reach()
            self.said += 1
            yield ChatChunk(text=word)
        yield ChatChunk(done=True, done_reason="stop", answer_tokens=len(self.words), tokens_per_s=40.0)

    async def version(self) -> str:
        self._reach()
        return "0.0"

    async def loaded(self) -> tuple[LoadedModel, ...]:
        self._reach()
        return tuple(LoadedModel(name, mib, None) for name, mib in self._world.ollama_memory.loaded().items())

    async def installed(self) -> tuple[InstalledModel, ...]:
        self._reach()
        return tuple(self.shelf.values())

    async def details(self, model: str) -> ModelDetails:
        self._reach()
        if model not in self.shelf:
            raise ModelMissing(f"The model {model} is not on the Ollama server.")
        return ModelDetails(abilities=self.abilities, context=8192, cache_bytes=CACHE_BYTES)

    async def pull(self, model: str) -> AsyncIterator[PullProgress]:
        self._reach()
        yield PullProgress("pulling manifest")
        if model not in self.shelf | self.remote:
            raise ModelMissing(f"{model} could not be fetched (no such host).")
        coming = self.remote.get(model)
        if coming is not None:
            size = coming.size_mib * MIB
            for step in range(_STEPS):
                if self.hold:
                    await self.hold()
                yield PullProgress("pulling layer", size * (step + 1) // _STEPS, size)
            self.shelf[model] = coming
        yield PullProgress("success")

    async def load(self, model: str, *, num_ctx: int) -> None:
        self._reach()
        if num_ctx and model not in self._world.ollama_memory.loaded():
            await self._world.ollama_memory.load(model, MODEL_MIB)

    async def unload(self, model: str) -> None:
        self._reach()
        await self._world.ollama_memory.unload(model)

    async def close(self) -> None:
        """Has nothing to let go of."""

    def _reach(self) -> None:
        self._world.catch_up()
        if not self._world.machine.is_ready(OLLAMA):
            raise ChatUnavailable("Ollama cannot be reached.")
