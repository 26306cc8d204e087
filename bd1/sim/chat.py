"""The chat model as the simulated machine has it, behind its port and without a network: canned words, real memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bd1.errors import ChatUnavailable
from bd1.ports import ChatChunk, ChatTurn, InstalledModel, LoadedModel
from bd1.sim.memory import OLLAMA
from bd1.sim.world import World

MODEL = "llama3:8b"
MODEL_MIB = 4700
ON_DISK_MIB = 4445


class SimChat:
    """`ChatModel` over the simulated machine: reachable while Ollama's container is up, its models in VRAM.

    `hold` is awaited before each word; one that never returns is a server that has locked itself up. `asked` counts the
    answers that were begun, `said` the words of the last one.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.words: tuple[str, ...] = ("Hello", " there.")
        self.hold: Callable[[], Awaitable[object]] | None = None
        self.said = 0
        self.asked = 0
        self.turns: Sequence[ChatTurn] = ()
        self.abilities: tuple[str, ...] = ("completion",)

    async def chat(
        self, model: str, turns: Sequence[ChatTurn], *, num_ctx: int, max_tokens: int
    ) -> AsyncIterator[ChatChunk]:
        del max_tokens
        self.turns, self.said = turns, 0
        self.asked += 1
        await self.load(model, num_ctx=num_ctx)
        for word in self.words:
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
        return (InstalledModel(MODEL, ON_DISK_MIB),)

    async def capabilities(self, model: str) -> tuple[str, ...]:
        self._reach()
        return self.abilities if model else ()

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
