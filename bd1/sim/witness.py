"""Sees what is done to the simulated machine through its ports, and how full the card gets. It changes nothing."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from bd1.core.settings import RestartPolicy
from bd1.ports import ContainerEvent
from bd1.sim.chat import SimChat
from bd1.sim.containers import SimContainers
from bd1.sim.pictures import SimPictures
from bd1.sim.world import World

_CLOSE_S = 0.05
"""Nobody hears of anything sooner than this after the last look."""

HARD = frozenset({"stop", "kill", "pause"})
"""What takes a workload from whoever uses it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to a container."""

    at_s: float
    verb: str
    container: str

    @property
    def is_taking(self) -> bool:
        """Whether it takes something from the container; to start one, or to let it go on, does not."""
        return self.verb not in {"start", "unpause"}


class Witness:
    """Keeps every deed, and the highest `total - free`, to the moment."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.deeds: list[Deed] = []
        self.peak_mib = 0
        world.timeline.flow(self._look)

    def note(self, verb: str, container: str) -> None:
        """Something is being done."""
        self.deeds.append(Deed(self._world.clock.monotonic(), verb, container))

    def forget(self) -> None:
        """What was before does not count."""
        self.deeds.clear()
        self.peak_mib = self._world.used_mib

    def _look(self, _now_s: float, _stretch_s: float) -> None:
        self.peak_mib = max(self.peak_mib, self._world.ledger.used_mib)


class WitnessedContainers(SimContainers):
    """The simulated engine, for a world whose clock is the event loop's own; what is asked of it is noted."""

    def __init__(self, world: World, names: Iterable[str], witness: Witness) -> None:
        super().__init__(world, names)
        self._witness = witness

    async def events(self) -> AsyncIterator[ContainerEvent]:
        """As ever, without looking ten times a second: whoever makes an appointment in the world wakes it."""
        world, heard, news = self._world, deque[ContainerEvent](), asyncio.Event()

        def hear(event: ContainerEvent) -> None:
            self._hear(heard, event)
            news.set()

        ends = (world.machine.listen(hear), world.timeline.watch(news.set))
        try:
            while True:
                world.catch_up()
                while heard:
                    yield heard.popleft()
                await self._until(news)
        finally:
            for end in ends:
                end()

    async def _until(self, news: asyncio.Event) -> None:
        """Returns when there is news, or the world has an appointment."""
        news.clear()
        timeline = self._world.timeline
        due_s = max(timeline.next_s, self._world.clock.monotonic() + _CLOSE_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(due_s if due_s < float("inf") else None):
                await news.wait()

    def _note(self, verb: str, name: str) -> None:
        """Where the engine is away, nothing is done."""
        if not self._world.machine.engine_away:
            self._witness.note(verb, name)

    async def start(self, name: str) -> None:
        self._note("start", name)
        await super().start(name)

    async def stop(self, name: str, grace_s: float) -> None:
        self._note("stop", name)
        await super().stop(name, grace_s)

    async def kill(self, name: str) -> None:
        self._note("kill", name)
        await super().kill(name)

    async def pause(self, name: str) -> None:
        self._note("pause", name)
        await super().pause(name)

    async def unpause(self, name: str) -> None:
        self._note("unpause", name)
        await super().unpause(name)

    async def set_restart_policy(self, name: str, policy: RestartPolicy) -> None:
        self._note(f"set the restart policy to {policy.value} of", name)
        await super().set_restart_policy(name, policy)


class WitnessedChat(SimChat):
    """The simulated chat model; what is taken from it is noted."""

    def __init__(self, world: World, witness: Witness) -> None:
        super().__init__(world)
        self._witness = witness

    async def unload(self, model: str) -> None:
        self._witness.note(f"unload {model} of", "ollama")
        await super().unload(model)


class WitnessedPictures(SimPictures):
    """The simulated ComfyUI; what is taken from it is noted."""

    def __init__(self, world: World, containers: dict[str, str], witness: Witness) -> None:
        super().__init__(world, containers)
        self._witness = witness

    async def free(self, url: str) -> None:
        self._witness.note("free", "comfyui")
        await super().free(url)
