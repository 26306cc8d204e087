"""The referee: knows what is really so on the simulated machine, and holds every act of BD-1 against it.

It sees what happens and never makes anything happen. What BD-1 could not know is not held against it.
"""

import itertools
import re
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bd1.core.modes import derive, gpu_running, is_allowed_together
from bd1.core.settings import Settings
from bd1.ports import ContainerEvent
from bd1.sim.card import RESERVED_MIB
from bd1.sim.machine import KILL_S
from bd1.sim.world import World

WINDOW_S = 0.3
"""Nobody can start a container in the same instant as the last look: two lines go to the disk in between."""
LINES = 6
"""How many lines go to the disk at most between the last look at what runs and the end that is told."""
SAMPLE_S = 0.05
TOGETHER_S = 0.5 + KILL_S + SAMPLE_S
"""How long two may be up together when BD-1 could see the newcomer come."""
UNSEEN_TOGETHER_S = 10.0 + TOGETHER_S + 5.0
"""And when it could not: what runs is looked at every ten seconds besides; a look at the card may hang meanwhile."""
_NOW = re.compile(r"The card is in (\w+) mode now")


class Foul(AssertionError):
    """BD-1 broke a rule."""


@dataclass(frozen=True, slots=True)
class Told:
    """What BD-1 was told last of a container, when, and what was said to it before and after."""

    at_s: float
    order: int
    runs: bool
    is_lie: bool


@dataclass(slots=True)
class Overlap:
    """Workloads on the card that no mode has together, for so long, with BD-1 able to part them."""

    able_s: float = 0.0
    was_seen: bool = True
    last_s: float | None = None


@dataclass
class Referee:
    """One for each world. `why_unable` says why BD-1 cannot part two workloads now; `None` when it can."""

    settings: Settings
    world: World
    open_entries: Callable[[], list[dict[str, Any]]] = list
    why_unable: Callable[[], str | None] = lambda: "BD-1 is not born yet"
    is_busy: Callable[[], bool] = lambda: False
    lies: Callable[[], bool] = lambda: False
    is_forbidden_for: Callable[[float, str], bool] = lambda _seconds, _name: False
    disk_refuses: Callable[[], bool] = lambda: False
    disk_s: Callable[[], float] = lambda: 0.0
    engine_s: Callable[[], float] = lambda: 0.0
    """What a write and a call to Docker take now."""
    askers: ContextVar[frozenset[str]] = field(default_factory=lambda: ContextVar("askers", default=frozenset()))
    idle_mib: int = RESERVED_MIB
    """The most that BD-1 may take for the idle level: the driver's part, what it may learn, what a person accepted."""

    def __post_init__(self) -> None:
        self._order = itertools.count(1)
        self._told: dict[str, Told] = {}
        self._came: dict[str, int] = {}
        self._shown: tuple[float, int] = (float("-inf"), 0)
        self._overlap = Overlap()
        self._ended: set[str] = set()
        self.fouls: list[str] = []
        self.effects: list[str] = []
        self._modes: deque[tuple[float, str | None]] = deque([(self.world.now_s, self.mode)], maxlen=50)
        self.world.machine.listen(self._hear)

    # what is really so

    @property
    def running(self) -> frozenset[str]:
        """The workloads whose containers run."""
        boxes = self.world.machine.boxes
        return frozenset(name for name, w in self.settings.workloads.items() if boxes[w.container].running)

    @property
    def on_card(self) -> frozenset[str]:
        """Those of them that use the card."""
        return gpu_running(self.running, self.settings.workloads)

    @property
    def mode(self) -> str | None:
        """The mode that is really on."""
        return derive(self.settings.modes, self.running, self.settings.workloads, None)

    @property
    def is_one_mode(self) -> bool:
        """Whether some mode has everything that is on the card."""
        return self._agree(self.on_card)

    def modes_lately(self) -> set[str | None]:
        """The mode, and those that were on a moment ago."""
        since_s = self.world.now_s - WINDOW_S - LINES * (self.disk_s() + self.engine_s())
        before = [mode for at_s, mode in self._modes if at_s < since_s][-1:]
        return {self.mode, *before, *(mode for at_s, mode in self._modes if at_s >= since_s)}

    @property
    def _window_s(self) -> float:
        return WINDOW_S + 2 * self.engine_s()  # to say who is on the card, and to start what is asked for

    def _agree(self, names: frozenset[str]) -> bool:
        return is_allowed_together(self.settings.modes, names, self.settings.workloads)

    def _hear(self, event: ContainerEvent) -> None:
        if event.action in {"start", "die"}:
            self._modes.append((self.world.now_s, self.mode))
        if event.action == "start":
            self._came[event.container] = next(self._order)
            if not self._agree(self.on_card) and self.why_unable() is not None:
                self._overlap.was_seen = False

    def tell(self, what: str) -> None:
        """Keeps this for the story."""
        self.effects.append(f"{self.world.clock.monotonic():.2f} {what}")

    # what BD-1 was told

    def was_told(self, name: str, *, runs: bool) -> None:
        """An `inspect` was answered."""
        truth = self.world.machine.boxes[name].running
        self._told[name] = Told(self.world.now_s, next(self._order), runs, runs != truth)

    def was_shown(self) -> None:
        """A look at the card was answered."""
        self._shown = (self.world.now_s, self.excess_mib(self.on_card))

    # what BD-1 does

    def starts(self, name: str) -> None:
        """BD-1 starts this container, now."""
        asked = self.askers.get()
        self._note("start", name, asked)
        if "transaction" not in asked:
            self.foul(f"{name} was started outside of any switch, by {sorted(asked)}")
        if not self.settings.workloads[name].uses_gpu:
            return
        if self.is_forbidden_for(self._window_s, name):
            self.foul(f"{name} was started although it is latched off or the card is in quarantine")
        is_covered = self._record(f"start {name}", f"back start {name}")
        others = self.on_card - {name}
        unseen = {other for other in others if self._could_not_know(other)}
        if not self._agree((others - unseen) | {name}):
            self.foul(f"{name} was started beside {sorted(others - unseen)}")
        self._check_memory(name, others - unseen, is_covered=is_covered)

    def _could_not_know(self, other: str) -> bool:
        told = self._told.get(other)
        if told is None or told.runs:
            return False
        came_after = self._came.get(other, 0) > told.order
        return told.is_lie or (came_after and self.world.now_s - told.at_s <= self._window_s)

    def _check_memory(self, name: str, others: frozenset[str], *, is_covered: bool) -> None:
        gpu, workloads = self.settings.gpu, self.settings.workloads
        excess_mib, (shown_s, shown_mib) = self.excess_mib(others), self._shown
        limit_mib = self.idle_mib + gpu.idle_step_mib + gpu.tolerance_mib
        is_fresh = self.world.now_s - shown_s <= self._window_s
        if not is_fresh:
            self.foul(f"{name} was started {self.world.now_s - shown_s:.2f} s after the last look at the card")
        if excess_mib > limit_mib and shown_mib > limit_mib and not is_covered:
            self.foul(f"{name} was started while {excess_mib} MiB were held and {limit_mib} are idle")
        promised_mib = sum(max(workloads[o].vram_mib - self.world.vram_of(o), 0) for o in others)
        needed_mib = excess_mib + sum(self.world.vram_of(o) for o in others) + promised_mib + workloads[name].vram_mib
        if needed_mib - max(excess_mib - shown_mib, 0) > gpu.ceiling_mib:
            self.foul(f"{name} was started though {needed_mib} MiB would be needed of {gpu.ceiling_mib}")

    def excess_mib(self, staying: frozenset[str]) -> int:
        """What is held beside those who stay."""
        return self.world.used_mib - sum(self.world.vram_of(name) for name in staying)

    def ends(self, verb: str, name: str) -> None:
        """BD-1 stops or kills this container, now."""
        asked = self.askers.get()
        self._note(verb, name, asked)
        if "transaction" in asked and self.settings.workloads[name].uses_gpu:
            self._record(f"stop {name}", f"back stop {name}")

    def _record(self, *keys: str) -> bool:
        """Holds that the step is begun on disk; whether an operator's word covers it."""
        for entry in self.open_entries():
            for step in entry["steps"]:
                if step["key"] in keys and step["state"] == "running":
                    return entry["override"] is not None and not step["key"].startswith("back")
        if not self.disk_refuses():
            self.foul(f"no step on disk is begun that is called {' or '.join(keys)}")
        return False

    def ended(self, entry: dict[str, Any]) -> None:
        """BD-1 writes down how a switch ended, now."""
        if entry["id"] in self._ended:
            return
        self._ended.add(entry["id"])
        self.says(entry["outcome"], entry["origin"], entry["target"], entry["message"])

    def says(self, outcome: str, origin: str | None, target: str, message: str) -> None:
        """BD-1 says how a switch ended."""
        modes = self.modes_lately()
        self.tell(f"said {outcome} {origin} -> {target}: {message}")
        if "did not expect" in message:
            self.foul(message)
        if self.lies():
            return
        claims = {"done": target, "rolled back": origin}
        if outcome in claims and claims[outcome] not in modes:
            self.foul(f"{outcome} {origin} -> {target}, but the mode is {self.mode}: {message}")
        for named in _NOW.findall(message):
            if named not in modes:
                self.foul(f"the mode is {self.mode}, not: {message}")

    def was_cancelled(self, outcome: str, since: int) -> None:
        """A switch that somebody cancelled has ended; `since` is how long the story was at that moment."""
        if outcome not in {"cancelled", "failed"}:
            self.foul(f"a switch that was cancelled ended as {outcome}")
        stopped = [line for line in self.effects[since:] if " stop " in line and "'transaction'" in line]
        if stopped:
            self.foul(f"a switch that was cancelled went on: {stopped[0]}")

    # what goes on

    def sample(self) -> None:
        """Looks how things stand; to be called all the time."""
        self.world.catch_up()
        now_s = self.world.now_s
        overlap, stretch_s = self._overlap, now_s - (self._overlap.last_s or now_s)
        if self._agree(self.on_card):
            self._overlap = Overlap()
            return
        overlap.last_s = now_s
        if self.why_unable() is not None:
            overlap.was_seen, overlap.able_s = False, 0.0
        elif overlap.was_seen or not self.is_busy():
            overlap.able_s += stretch_s
        limit_s = TOGETHER_S if overlap.was_seen else UNSEEN_TOGETHER_S
        if overlap.able_s > limit_s:
            self.foul(f"{sorted(self.on_card)} were up together for {overlap.able_s:.2f} s")
            overlap.able_s = float("-inf")

    def _note(self, verb: str, name: str, asked: frozenset[str]) -> None:
        self.tell(f"{verb} {name} by {sorted(asked)}")

    def foul(self, what: str) -> None:
        """BD-1 broke this rule, now."""
        self.fouls.append(f"at {self.world.now_s:.2f} s: {what}")

    def raise_foul(self) -> None:
        """Raises `Foul` if BD-1 broke a rule."""
        if self.fouls:
            raise Foul("\n".join([*self.fouls, "What happened:", *self.effects]))
