"""One life of a BD-1 on the outside that is put through anything: born, asked for this and that, dead at any call."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bd1.app import Ports
from bd1.core.progress import Override, Patience
from bd1.errors import Bd1Error, Busy, TooLate
from bd1.services.switch import SwitchJob
from bd1.sim.lifeline import Lifeline
from bd1.sim.lifeline_ports import (
    LivingChart,
    LivingChat,
    LivingClock,
    LivingHealth,
    LivingPictures,
    LivingProbe,
    LivingProcesses,
    LivingStore,
    LivingXids,
)
from bd1.sim.memory import SimOutOfMemory
from tests.services.machine_outside import AskedContainers, WatchedProbe
from tests.services.rig import Rig, build_rig, question

if TYPE_CHECKING:
    from tests.services.machine_place import Place

T = TypeVar("T")


class Life:
    """From the start of the process to its end."""

    def __init__(self, place: "Place") -> None:
        self._place = place
        self.line = Lifeline()
        self.rig: Rig = build_rig(place.settings, place.outside, self._ports)
        self.jobs: list[SwitchJob] = []
        self.cancelled: dict[str, int] = {}
        """How long the story was when a switch was cancelled, by its id."""
        self._said: set[str] = set()
        self._forbidden_s: dict[str, float] = {}
        self._main = self.line.spawn(self._run(), "BD-1")

    def _ports(self, ports: Ports) -> Ports:
        line, referee, wire = self.line, self._place.referee, self._place.wire
        return Ports(
            probe=LivingProbe(WatchedProbe(ports.probe, referee, wire), line),
            processes=LivingProcesses(ports.processes, line),
            containers=AskedContainers(ports.containers, line, referee),
            chat=LivingChat(ports.chat, line),
            pictures=LivingPictures(ports.pictures, line),
            health=LivingHealth(ports.health, line),
            store=LivingStore(ports.store, line),
            clock=LivingClock(ports.clock, line),
            xids=LivingXids(ports.xids, line),
            chart=LivingChart(ports.chart, line),
        )

    async def _run(self) -> None:
        rig = self.rig
        await rig.alerts.load()
        await rig.hardware.load()
        await rig.director.load()
        runs = (rig.watchdog.run(), rig.hardware.run(), rig.alerts.run(), rig.journal.run(), rig.onlooker.run())
        async with asyncio.TaskGroup() as group:
            for work in runs:
                group.create_task(work)

    @property
    def is_busy(self) -> bool:
        """Whether BD-1 itself is starting or stopping something."""
        return self.rig.director.is_switching or self.rig.director.is_at_work

    @property
    def is_acting(self) -> bool:
        """Whether it is changing what runs: a switch, the settling of an earlier one, or the protection of the card."""
        director = self.rig.director
        return director.is_switching or bool(director._evictions) or not director._ready.is_set()

    @property
    def is_free(self) -> bool:
        """Whether it does nothing and is forbidden nothing."""
        return not (self.is_busy or self.is_acting or self.forbidden)

    @property
    def forbidden(self) -> frozenset[str]:
        """The GPU workloads that must not be started: latched off, or the card is in quarantine."""
        on_card = {name for name, workload in self.rig.settings.workloads.items() if workload.uses_gpu}
        is_quarantined = self.rig.hardware.quarantine is not None
        return frozenset(on_card if is_quarantined else self.rig.director.measures.all_off)

    def is_forbidden_for(self, seconds: float, name: str) -> bool:
        """Whether this workload has been forbidden for that long."""
        return self._place.clock.monotonic() - self._forbidden_s.get(name, float("inf")) > seconds

    def allow_everything(self) -> None:
        """An operator lifts the quarantine and lets everything that is latched off run again."""

        async def allow() -> None:
            rig = self.rig
            await rig.hardware.lift("Leia")
            for name in rig.director.measures.all_off:
                await rig.director.measures.rearm(rig.settings.workloads[name], "Leia")

        self.line.spawn(allow())

    @property
    def tasks(self) -> int:
        """How many tasks of this life go on."""
        return sum(not task.done() for task in self.line._tasks)

    def look(self) -> None:
        """Holds that everything of it lives, and that who switched is told the truth in the end."""
        if self._main.done():
            self._main.result()
            raise AssertionError("BD-1 ended by itself")
        now_s, forbidden = self._place.clock.monotonic(), self.forbidden
        self._forbidden_s = {name: self._forbidden_s.get(name, now_s) for name in forbidden}
        for job in self.jobs:
            if job.is_over and job.id not in self._said:
                self._said.add(job.id)
                end = job.progress
                assert end.outcome is not None
                self._place.referee.says(end.outcome.value, end.origin, end.target, end.message)
                if job.id in self.cancelled:
                    self._place.referee.was_cancelled(end.outcome.value, self.cancelled[job.id])

    def want(self, target: str, by: str, patience: Patience, *, word: bool = False) -> None:
        """Somebody wants another mode; with an operator's word if there is one."""
        director = self.rig.director
        under_way = director.job if director.is_switching else None
        override = Override(by, "I know what it is") if word else None
        self._place.referee.tell(f"{by} wants {target}, {patience.value}{', whatever is held' if word else ''}")
        is_other = under_way is not None and (under_way.progress.target != target or word)
        try:
            job = director.switch(target, by, patience=patience, override=override)
        except Busy as busy:
            if not is_other and "making room" not in str(busy):
                raise
            return
        assert job.progress.target == target
        assert under_way in {None, job}
        if job not in self.jobs:
            self.jobs.append(job)

    def cancel(self) -> None:
        """Somebody cancels the last switch, if it is not too late for that."""
        with contextlib.suppress(TooLate):
            self.rig.director.cancel(self.jobs[-1].id if self.jobs else "", "Han")
            self.cancelled[self.jobs[-1].id] = len(self._place.referee.effects)

    def choose(self, patience: Patience) -> None:
        """Somebody answers the question of the last switch, if it asks one."""
        with contextlib.suppress(TooLate):
            self.rig.director.choose(self.jobs[-1].id if self.jobs else "", patience, "Han")

    def ask(self, who: str) -> None:
        """Somebody asks the language model something."""

        async def ask() -> None:
            try:
                await self.rig.ask(question("Hello!", who, asker_id=sum(who.encode())))
            except (Bd1Error, SimOutOfMemory):
                return  # the asker was told why, or the model's process died

        self.line.spawn(ask())

    def kill_holder(self, name: str) -> None:
        """An operator kills who kept the gate shut."""

        async def kill() -> None:
            await self.rig.director.kill_holder(name, "Leia")

        self.line.spawn(kill())

    async def within(self, act: Callable[[], T]) -> T:
        """Does this as a part of this life: the tasks that it begins die with it."""

        async def work() -> T:
            return act()

        task = self.line.spawn(work())
        await self._place.clock.settle()
        return await task
