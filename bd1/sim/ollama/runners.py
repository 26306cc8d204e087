"""Which models the simulated Ollama has in memory, for whom and for how long; it knows neither HTTP nor text.

As in the real server: one model loads at a time, names with the same weights share a runner, another context length
means a reload, and an unload waits for the answers that still run.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bd1.ports import Clock
from bd1.sim.ollama.memory import ModelMemory
from bd1.sim.ollama.models import SimModel

FOR_EVER = math.inf


class QueueFull(Exception):
    """Too many requests wait for a model to be loaded."""


@dataclass(slots=True, kw_only=True)
class Limits:
    """What the real server reads from its environment; a `keep_alive_s` of `FOR_EVER` never unloads."""

    parallel: int = 1
    max_loaded: int = 3
    max_queue: int = 512
    keep_alive_s: float = 300.0
    num_ctx: int = 4096


@dataclass(slots=True, eq=False)
class Runner:
    """A loaded model. `expires_s` is on the clock's `monotonic` and estimated while somebody uses it."""

    model: SimModel
    num_ctx: int
    keep_alive_s: float
    slots: asyncio.Semaphore
    expires_s: float = 0.0
    users: int = 0
    dead: bool = False
    timer: asyncio.Task[None] | None = None
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def vram_mib(self) -> int:
        """What it takes of the card."""
        return self.model.vram_mib(self.num_ctx)


class Runners:
    """Everything that is loaded. `use` loads what is missing, evicting what is in the way."""

    def __init__(self, memory: ModelMemory, clock: Clock, limits: Limits) -> None:
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._by_blob: dict[str, Runner] = {}
        self._loading = asyncio.Lock()
        self._pending = 0
        self._loads: set[asyncio.Task[Runner]] = set()
        self._leaving: set[asyncio.Task[None]] = set()

    def listed(self) -> list[Runner]:
        """What /api/ps shows: the longest to live first."""
        return sorted(self._by_blob.values(), key=lambda runner: runner.expires_s, reverse=True)

    @asynccontextmanager
    async def use(self, model: SimModel, num_ctx: int | None, keep_alive_s: float | None) -> AsyncIterator[Runner]:
        """The model in memory, kept there while the block runs and `keep_alive_s` longer (`None`: as before).

        Raises `QueueFull` when too many wait for a load, and `MemoryError` when the model fits nowhere.
        """
        runner = await self._claimed(model, min(num_ctx or self._limits.num_ctx, model.trained_ctx))
        if keep_alive_s is not None:
            runner.keep_alive_s = keep_alive_s
        runner.expires_s = self._clock.monotonic() + runner.keep_alive_s
        try:
            yield runner
        finally:
            self._release(runner)

    def unload(self, model: SimModel) -> None:
        """Asks it to go: at once when idle, otherwise after the answers that run. Nothing happens when it is away."""
        runner = self._by_blob.get(model.blob)
        if runner is not None:
            self._dismiss(runner)

    async def forget_all(self) -> None:
        """The server's process has ended: whatever was loaded or loading is gone once this returns."""
        loads = tuple(self._loads)
        for load in loads:
            load.cancel()
        await asyncio.gather(*loads, return_exceptions=True)
        for runner in tuple(self._by_blob.values()):
            self._expire(runner)
        await self._all_left()

    async def _claimed(self, model: SimModel, num_ctx: int) -> Runner:
        runner = self._fitting(model, num_ctx)
        if runner is not None:
            return self._claim(runner)
        if self._pending > self._limits.max_queue:  # one is in the loader's hands, the others wait
            raise QueueFull
        self._pending += 1
        load = asyncio.create_task(self._load(model, num_ctx))
        self._loads.add(load)
        load.add_done_callback(self._loads.discard)
        try:
            return await asyncio.shield(load)
        except asyncio.CancelledError:
            load.add_done_callback(self._give_back)  # a load goes on when the one who asked for it has gone
            raise

    async def _load(self, model: SimModel, num_ctx: int) -> Runner:
        try:
            async with self._loading:
                runner = self._fitting(model, num_ctx) or await self._start(model, num_ctx)
                return self._claim(runner)
        finally:
            self._pending -= 1

    async def _start(self, model: SimModel, num_ctx: int) -> Runner:
        if model.blob in self._by_blob:
            await self._evict(self._by_blob[model.blob])
        while len(self._by_blob) >= self._limits.max_loaded:
            await self._evict(self._next_to_go())
        await self._all_left()
        await self._fit_in(model, model.vram_mib(num_ctx))
        slots = asyncio.Semaphore(self._limits.parallel)
        runner = Runner(model, num_ctx, self._limits.keep_alive_s, slots)
        self._by_blob[model.blob] = runner
        return runner

    async def _fit_in(self, model: SimModel, mib: int) -> None:
        while True:
            try:
                return await self._memory.load(model.name, mib)
            except MemoryError:
                if not self._by_blob:
                    raise
            await self._evict(self._next_to_go())

    def _fitting(self, model: SimModel, num_ctx: int) -> Runner | None:
        runner = self._by_blob.get(model.blob)
        return runner if runner and not runner.dead and runner.num_ctx == num_ctx else None

    def _next_to_go(self) -> Runner:
        return min(self._by_blob.values(), key=lambda runner: (runner.users > 0, runner.expires_s))

    def _claim(self, runner: Runner) -> Runner:
        runner.users += 1
        runner.idle.clear()
        if runner.timer is not None:
            runner.timer.cancel()
            runner.timer = None
        return runner

    def _give_back(self, load: asyncio.Task[Runner]) -> None:
        if not load.cancelled() and load.exception() is None:
            self._release(load.result())

    def _release(self, runner: Runner) -> None:
        runner.users -= 1
        if runner.users:
            return
        runner.idle.set()
        runner.expires_s = self._clock.monotonic() + runner.keep_alive_s
        if runner.keep_alive_s <= 0:
            self._expire(runner)
        elif runner.keep_alive_s < FOR_EVER and self._by_blob.get(runner.model.blob) is runner:
            runner.timer = asyncio.create_task(self._wait_out(runner))

    async def _wait_out(self, runner: Runner) -> None:
        await self._clock.sleep(runner.keep_alive_s)
        runner.timer = None
        self._expire(runner)

    def _dismiss(self, runner: Runner) -> None:
        runner.keep_alive_s = 0.0
        runner.expires_s = self._clock.monotonic()
        if not runner.users:
            self._expire(runner)

    async def _evict(self, runner: Runner) -> None:
        self._dismiss(runner)
        while self._by_blob.get(runner.model.blob) is runner:
            await runner.idle.wait()
            self._expire(runner)
        await self._all_left()

    def _expire(self, runner: Runner) -> None:
        """It leaves the list at once and the card when the memory says so."""
        if self._by_blob.get(runner.model.blob) is not runner:
            return
        del self._by_blob[runner.model.blob]
        if runner.timer is not None:
            runner.timer.cancel()
            runner.timer = None
        leaving = asyncio.create_task(self._memory.unload(runner.model.name))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _all_left(self) -> None:
        if self._leaving:
            await asyncio.gather(*self._leaving)
