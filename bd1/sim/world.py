"""The simulated machine as one: card, memory, containers and what they do, on one clock; plays no port itself."""

from collections.abc import Callable
from random import Random

from bd1.core.gpu import GpuProcess
from bd1.ports import Clock, ContainerEvent
from bd1.sim.activity import Activity
from bd1.sim.card import NEXT_DRIVER, RESERVED_MIB, TOTAL_MIB, Card, CardFault
from bd1.sim.ledger import VramLedger
from bd1.sim.machine import Machine
from bd1.sim.memory import SimOllamaMemory
from bd1.sim.timeline import Timeline

RELOAD_S = 3.0
"""How long a driver reload keeps the card away."""


class World:
    """A machine with an RTX 4000 Ada and four containers, all of them stopped at first.

    It has no task of its own: whoever looks makes it catch up with the clock, and the same looks and actions at the
    same times give the same world again. `draws` lets a running ComfyUI draw pictures by itself.
    """

    def __init__(self, clock: Clock, *, seed: int = 4000, draws: bool = False) -> None:
        self.clock = clock
        self.card = Card()
        self.boots = 1
        """How often the machine has been started; whoever plays that it is started again counts it up."""
        self.ledger = VramLedger(TOTAL_MIB, RESERVED_MIB, Random(seed))  # noqa: S311 a repeatable lag, not a secret
        self.timeline = Timeline(clock, lambda: self.ledger.growing)
        self.machine = Machine(self.timeline, self.ledger)
        self.activity = Activity(self.timeline, self.ledger, self.machine, draws=draws)
        self.ollama_memory = SimOllamaMemory(clock, self.timeline, self.ledger, self.machine)
        self._outsiders: dict[int, str] = {}
        self.timeline.flow(self.ledger.move)
        self.timeline.flow(self._move_card)

    @property
    def now_s(self) -> float:
        """How far the world has come, in the clock's `monotonic` seconds."""
        return self.timeline.now_s

    @property
    def age_s(self) -> float:
        """Seconds since the world began."""
        return self.timeline.now_s - self.timeline.born_s

    @property
    def used_mib(self) -> int:
        """`total - free` of the card, now."""
        self.catch_up()
        return self.ledger.used_mib

    def advance(self, now_s: float) -> None:
        """Lives through everything up to `now_s` (monotonic seconds); the past is no error and does nothing."""
        self.timeline.advance(now_s)

    def catch_up(self) -> None:
        """Advances to the clock's present."""
        self.timeline.catch_up()

    def processes(self) -> tuple[GpuProcess, ...]:
        """The processes the driver lists, as host PIDs."""
        self.catch_up()
        held = self.ledger.by_pid()
        return tuple(GpuProcess(pid, mib, self.process_name(pid)) for pid, mib in sorted(held.items()) if mib > 0)

    def container_of(self, pid: int) -> str | None:
        """The name of the container the process lives in; `None` when it lives in none, or is gone."""
        self.catch_up()
        return next((name for name, box in self.machine.boxes.items() if pid in box.pids()), None)

    def process_name(self, pid: int) -> str | None:
        """The command name of the process; `None` when it is gone."""
        name = self.container_of(pid)
        return self._outsiders.get(pid) if name is None else self.machine.boxes[name].spec.process

    def intrude(self, process: str, mib: int) -> int:
        """A process in no container takes so much memory at once, or what is free of it; answers its PID."""
        self.catch_up()
        pid = self.machine.new_pid()
        self._outsiders[pid] = process
        self.ledger.seize(pid, process, mib)
        return pid

    def end_intrusion(self, pid: int) -> None:
        """That process ends, and its memory comes back; nothing happens when it is gone already."""
        self.catch_up()
        if self._outsiders.pop(pid, None) is not None:
            self.ledger.bury(pid)

    def vram_of(self, name: str) -> int:
        """MiB held by the live processes of a container."""
        held = self.ledger.by_pid()
        return sum(held.get(pid, 0) for pid in self.machine.boxes[name].pids())

    def on_container(self, name: str, callback: Callable[[bool], None]) -> Callable[[], None]:
        """Calls back with true when the container has started and false when it has died; the answer ends that.

        The callback must not wait; what it does to the world happens at once.
        """

        def hear(event: ContainerEvent) -> None:
            if event.container == name and event.action in {"start", "die"}:
                callback(event.action == "start")

        return self.machine.listen(hear)

    def reload_driver(self) -> None:
        """The driver is replaced: no card for a few seconds, then another driver version."""
        self.catch_up()
        self.card.fault = CardFault.UNINITIALISED
        self.timeline.after(RELOAD_S, self._driver_reloaded)

    def _driver_reloaded(self) -> None:
        self.card.driver = NEXT_DRIVER
        if self.card.fault is CardFault.UNINITIALISED:
            self.card.fault = None

    def _move_card(self, now_s: float, stretch_s: float) -> None:
        self.card.move(now_s, stretch_s, self.activity.load_pct(now_s))
