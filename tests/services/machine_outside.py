"""The outside of a BD-1 that is put through anything: the simulated machine, with a referee at every door.

It changes nothing of what the machine does, but for a disk and an engine that take time, and people who act in between.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure, Reading
from bd1.errors import StoreUnavailable
from bd1.ports import Containers, ContainerState, GpuProbe
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimContainers
from bd1.sim.lifeline import Lifeline
from bd1.sim.lifeline_ports import LivingContainers
from bd1.sim.store import MemoryStore
from bd1.sim.world import World
from tests.services.machine_referee import Referee

DISK_S = 0.004
"""What a `synchronous=FULL` write takes: enough for somebody to come in between."""
_TURNS = 2000
_SERVICES = ("bd1", "services")


class QuickClock(FakeClock):
    """A clock that goes on as soon as every task has come to its next wait, however many turns that takes."""

    async def settle(self) -> None:
        ready = getattr(asyncio.get_running_loop(), "_ready")  # noqa: B009 the loop's queue has no public name
        for _ in range(_TURNS):
            await asyncio.sleep(0)
            if not ready:
                return
        raise AssertionError("a task goes round in circles without waiting for anything")


@dataclass
class Tripwire:
    """Lets something happen right before the n-th call of BD-1 to the outside."""

    touched: int = 0
    _set: list[tuple[int, Callable[[], None]]] = field(default_factory=list)

    def after(self, calls: int, act: Callable[[], None]) -> None:
        """Sets it: 1 is the very next call."""
        self._set.append((self.touched + calls, act))

    def touch(self) -> None:
        """One call."""
        self.touched += 1
        due = [act for number, act in self._set if number <= self.touched]
        self._set = [(number, act) for number, act in self._set if number > self.touched]
        for act in due:
            act()

    def take_down(self) -> None:
        """Nothing that was arranged happens any more."""
        self._set.clear()


def services_at_work() -> frozenset[str]:
    """The services in whose calls the present one is made, by the names of their modules."""
    found: set[str] = set()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.parts[-3:-1] == _SERVICES:
            found.add(path.stem)
        frame = frame.f_back
    return frozenset(found)


class WatchedContainers(SimContainers):
    """The engine; whatever it is made to do to a container is told to the referee right before it happens."""

    def __init__(self, world: World, names: list[str], referee: Referee, wire: Tripwire) -> None:
        super().__init__(world, names)
        self._referee = referee
        self._wire = wire
        self.lag_s = 0.0
        """How long the engine takes before it does anything."""
        self._was_slow = (float("-inf"), 0.0)

    def heal(self) -> None:
        """It is quick and honest, and does what it is told."""
        self.lag_s = 0.0
        self.lies.clear()
        self.fails.clear()
        self.fails_before.clear()

    async def inspect(self, name: str) -> ContainerState:
        await self._arrive()
        state = await super().inspect(name)
        self._referee.was_told(name, runs=state.running)
        return state

    async def start(self, name: str) -> None:
        await self._arrive()
        box = self._world.machine.boxes[name]
        is_able = box.refusal is None and not box.ignores_start and not box.running
        if is_able and self._reaches("start"):
            self._referee.starts(name)
        await super().start(name)

    async def stop(self, name: str, grace_s: float) -> None:
        await self._arrive()
        if self._world.machine.boxes[name].running and self._reaches("stop"):
            self._referee.ends("stop", name)
        await super().stop(name, grace_s)

    async def kill(self, name: str) -> None:
        await self._arrive()
        if self._world.machine.boxes[name].running and self._reaches("kill"):
            self._referee.ends("kill", name)
        await super().kill(name)

    async def pids(self, name: str) -> frozenset[int]:
        await self._arrive()
        return await super().pids(name)

    async def _arrive(self) -> None:
        self._wire.touch()
        if self.lag_s:
            self._was_slow = (self._world.clock.monotonic(), self.lag_s)
            await self._world.clock.sleep(self.lag_s)
        self._world.catch_up()

    @property
    def lately_s(self) -> float:
        """How long a call takes that was made a moment ago."""
        at_s, lag_s = self._was_slow
        return lag_s if self._world.clock.monotonic() - at_s < 5 * lag_s else self.lag_s

    def _reaches(self, operation: str) -> bool:
        return not self._world.machine.engine_away and operation not in self.fails_before


class AskedContainers(LivingContainers):
    """`Containers` of one life that tell the referee which services ask, as seen when the call is made."""

    def __init__(self, containers: Containers, line: Lifeline, referee: Referee) -> None:
        super().__init__(containers, line)
        self._referee = referee

    def start(self, name: str) -> Coroutine[Any, Any, None]:
        return self._of(services_at_work(), lambda: LivingContainers.start(self, name))

    def stop(self, name: str, grace_s: float) -> Coroutine[Any, Any, None]:
        return self._of(services_at_work(), lambda: LivingContainers.stop(self, name, grace_s))

    def kill(self, name: str) -> Coroutine[Any, Any, None]:
        return self._of(services_at_work(), lambda: LivingContainers.kill(self, name))

    async def _of(self, services: frozenset[str], call: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._referee.askers.set(services)
        await call()


class WatchedStore(MemoryStore):
    """The disk: it takes its time, may refuse to write, and shows the referee how each switch is said to have ended."""

    def __init__(self, clock: FakeClock, referee: Referee, wire: Tripwire) -> None:
        super().__init__()
        self._clock = clock
        self._referee = referee
        self._wire = wire
        self._was_slow = (float("-inf"), 0.0)
        self.heal()

    @property
    def lately_s(self) -> float:
        """How long a write takes that was begun a moment ago."""
        at_s, delay_s = self._was_slow
        return max(delay_s, self.delay_s) if self._clock.monotonic() - at_s < 10 * delay_s else self.delay_s

    def heal(self) -> None:
        """It writes, and quickly."""
        self.refuses = False
        self.delay_s = DISK_S

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        self._wire.touch()
        if collection == "switches" and value["outcome"] is not None:
            self._referee.ended(value)
        self._was_slow = (self._clock.monotonic(), self.delay_s)
        await self._clock.sleep(self.delay_s)
        if self.refuses:
            raise StoreUnavailable("The disk is full.")
        await super().put(collection, key, value)

    @property
    def is_slow(self) -> bool:
        """Whether what is written down takes longer than it should."""
        return self.delay_s > DISK_S

    def open_entries(self) -> list[dict[str, Any]]:
        """The switches on disk that nobody has written an end of."""
        texts = [text for (collection, _key), text in self._documents.items() if collection == "switches"]
        return [entry for entry in map(json.loads, texts) if entry["outcome"] is None]


class WatchedProbe:
    """The card; the referee knows when it was looked at."""

    def __init__(self, probe: GpuProbe, referee: Referee, wire: Tripwire) -> None:
        self._probe = probe
        self._referee = referee
        self._wire = wire

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        self._wire.touch()
        reading = await self._probe.sample(details=details, processes=processes)
        if isinstance(reading, GpuSample):
            self._referee.was_shown()
        return reading

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self._probe.identity()

    async def close(self) -> None:
        await self._probe.close()
