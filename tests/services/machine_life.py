"""One life of a BD-1 on the outside that is put through anything: born, asked for this and that, dead at any call."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bd1.app import Ports
from bd1.core.conversation import Said
from bd1.core.progress import Override, Patience
from bd1.core.settings import Mode, RestartPolicy, Settings
from bd1.errors import Bd1Error, Busy, TooLate
from bd1.services.switch import SwitchJob
from bd1.sim.ledger import RELEASE_LAG_S, Leak
from bd1.sim.lifeline import Lifeline
from bd1.sim.lifeline_ports import (
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
from bd1.sim.world import World
from tests.services.machine_outside import (
    AskedContainers,
    QuickClock,
    Tripwire,
    WatchedContainers,
    WatchedProbe,
    WatchedStore,
)
from tests.services.machine_referee import Referee
from tests.services.rig import Outside, Rig, WorldChat, build_rig, rig_settings

T = TypeVar("T")


def machine_settings(start_mode: str | None) -> Settings:
    """The demo's, less patient, and with a mode that has two workloads on the card together."""
    settings = rig_settings(Path())
    hasty = {name: replace(workload, start_timeout_s=15.0) for name, workload in settings.workloads.items()}
    speech = replace(hasty["anythingllm"], vram_mib=3000)
    voice = Mode(name="voice", description="Talk with the language model", workloads=("ollama", "anythingllm"))
    chat = replace(settings.modes["chat"], workloads=("ollama", "open-webui"))
    return replace(
        settings,
        workloads=hasty | {"anythingllm": speech},
        modes=settings.modes | {"chat": chat, "voice": voice},
        switch=replace(settings.switch, start_mode=start_mode, release_timeout_s=8.0, drain_s=4.0, choice_s=12.0),
    )


class Place:
    """The world of one example, the same for all its lives."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = QuickClock()
        self.world = World(self.clock)
        self.wire = Tripwire()
        self.referee = Referee(settings, self.world)
        names = [workload.container for workload in settings.workloads.values()]
        self.engine = WatchedContainers(self.world, names, self.referee, self.wire)
        self.disk = WatchedStore(self.clock, self.referee, self.wire)
        self.model = WorldChat(self.world)
        self.outside = Outside(self.clock, self.world, self.engine, self.model, self.disk)
        self.life: Life | None = None
        self.foreign: list[int] = []
        self.answers_may_end = asyncio.Event()
        self.answers_may_end.set()
        self.model.hold = self.answers_may_end.wait
        self.referee.open_entries = self.disk.open_entries
        self.referee.disk_refuses = lambda: self.disk.refuses
        self.referee.disk_s = lambda: self.disk.delay_s
        self.referee.engine_s = lambda: self.engine.lag_s
        self.referee.lies = lambda: bool(self.engine.lies)
        self.referee.why_unable = self.why_unable
        self.referee.is_busy = lambda: self.life is not None and self.life.is_busy

    def why_unable(self) -> str | None:
        """Why BD-1 cannot part two workloads that are up together now; `None` when it can."""
        engine, machine = self.engine, self.world.machine
        if self.life is None:
            return "BD-1 is dead"
        if machine.engine_away or engine.lies or engine.fails or engine.fails_before or engine.lag_s:
            return "Docker is not to be trusted"
        if any(box.ignores_stop or box.ignores_kill for box in machine.boxes.values() if box.running):
            return "nobody can end it"
        return None

    def heal(self) -> None:
        """Nothing is wrong any more; who was stopped stays stopped, and what is full stays full."""
        self.heal_docker()
        self.heal_card()
        self.disk.heal()
        self.answers_may_end.set()
        for box in self.world.machine.boxes.values():
            box.is_deaf = box.ignores_kill = box.ignores_stop = box.ignores_start = box.never_ready = False
            box.dies_starting_after_s = box.crashes_after_s = box.refusal = None
            if box.spec.uses_gpu:
                box.policy = RestartPolicy.NO

    def heal_docker(self) -> None:
        """The engine is there, quick and honest."""
        self.world.catch_up()
        self.world.machine.engine_away = False
        self.engine.heal()

    def heal_card(self) -> None:
        """The card can be read, and nothing sticks to it that is not ours."""
        self.world.catch_up()
        self.world.card.fault = None
        self.world.ledger.sticks = False
        self.world.ledger.release_lag_s = RELEASE_LAG_S
        for leak in Leak:
            self.world.ledger.recover(leak)
        while self.foreign:
            self.world.end_intrusion(self.foreign.pop())

    def happen(self, what: str, act: Callable[["Place"], None]) -> None:
        """Lets this happen, and keeps it for the story."""
        self.referee.tell(what)
        act(self)

    async def be_born(self) -> None:
        """A life begins."""
        self.referee.tell("BD-1 is born")
        self.life = Life(self)
        await self.clock.settle()

    async def die(self) -> None:
        """The life ends, if there is one."""
        life, self.life = self.life, None
        if life is not None:
            self.referee.tell("BD-1 dies")
            await life.line.kill()

    async def live(self, seconds: float, each_s: float = 0.05) -> None:
        """Lets time pass, and looks all the time how things stand. Raises `Foul`."""
        end_s = self.clock.monotonic() + seconds
        await self.look()
        while (left_s := end_s - self.clock.monotonic()) > 1e-6:
            await self.clock.advance(min(each_s, left_s))
            await self.look()

    async def be_quiet(self, within_s: float = 120.0, quiet_s: float = 1.0) -> None:
        """Puts everything right and lets time pass until BD-1 has lived without doing anything for so long."""
        self.heal()
        end_s, so_far_s = self.clock.monotonic() + within_s, 0.0
        while so_far_s < quiet_s and self.clock.monotonic() < end_s:
            if self.life is None:  # a death that had been arranged may still come
                await self.be_born()
            await self.live(1.0, each_s=0.25 if so_far_s else 0.05)
            so_far_s = so_far_s + 1.0 if self.life is not None and not self.life.is_busy else 0.0

    async def look(self) -> None:
        """How things stand now."""
        await self.clock.settle()
        if self.life is not None and self.life.line.is_cut:
            await self.die()
        self.referee.sample()
        if self.life is not None:
            self.life.look()
        self.referee.raise_foul()

    def what_is_wrong(self) -> list[str]:
        """What is not as it must be once nothing has been wrong for a while, in words."""
        if self.life is None:
            return ["BD-1 does not live"]
        rig, truth = self.life.rig, self.referee
        found = [f"the switch to {job.progress.target} has no outcome" for job in self.life.jobs if not job.is_over]
        found += [f"an entry is open: {entry['origin']} -> {entry['target']}" for entry in self.disk.open_entries()]
        if self.life.is_busy:
            found.append("a switch or a measure never ends")
        if not truth.is_one_mode:
            found.append(f"{sorted(truth.on_card)} are up together")
        if rig.fleet.view.name != truth.mode:
            found.append(f"the mode shown is {rig.fleet.view.name}, it is {truth.mode}")
        if (rig.admission.closed_because is None) is not (rig.settings.chat.workload in truth.running):
            found.append(f"chat says {rig.admission.closed_because}, running are {sorted(truth.running)}")
        if rig.director.unsafe is not None:
            found.append(f"still latched: {rig.director.unsafe.reason}")
        return found


class Life:
    """From the start of the process to its end."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.line = Lifeline()
        self.rig: Rig = build_rig(place.settings, place.outside, self._ports)
        self.jobs: list[SwitchJob] = []
        self.cancelled: dict[str, int] = {}
        """How long the story was when a switch was cancelled, by its id."""
        self._said: set[str] = set()
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
        )

    async def _run(self) -> None:
        rig = self.rig
        await rig.alerts.load()
        await rig.director.load()
        async with asyncio.TaskGroup() as group:
            for work in (rig.watchdog.run(), rig.alerts.run(), rig.journal.run(), rig.onlooker.run()):
                group.create_task(work)

    @property
    def is_busy(self) -> bool:
        """Whether BD-1 itself is starting or stopping something."""
        return self.rig.director.is_switching or self.rig.director.is_at_work

    def look(self) -> None:
        """Holds that everything of it lives, and that who switched is told the truth in the end."""
        if self._main.done():
            self._main.result()
            raise AssertionError("BD-1 ended by itself")
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
                async for _update in self.rig.chat.answer([Said("user", "Hello!")], who):
                    pass
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
