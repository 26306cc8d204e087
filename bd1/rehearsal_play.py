"""Plays a story to the real services of BD-1: one life after the other, and who asks it for something meanwhile.

Composition only: what has to be true in the end is the story's affair, and what BD-1 does is BD-1's.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bd1.app import House, Ports, build, load, runs
from bd1.core.answer import Held, Loading, Question, Text, Update
from bd1.core.conversation import Said
from bd1.core.progress import Outcome, Patience
from bd1.core.settings import WorkloadKind
from bd1.errors import Bd1Error
from bd1.rehearsal_paper import BlankChart, Paper
from bd1.rehearsal_stage import BEFORE_S, Stage
from bd1.sim.containers import SimHealth, SimProcessTable
from bd1.sim.lifeline import Lifeline
from bd1.sim.lifeline_ports import (
    LivingChat,
    LivingClock,
    LivingContainers,
    LivingHealth,
    LivingPictures,
    LivingProbe,
    LivingProcesses,
    LivingStore,
    LivingXids,
)
from bd1.sim.probe import SimProbe
from bd1.sim.scenarios.story import Happened, People, Told
from bd1.sim.store import MemoryStore
from bd1.sim.witness import HARD, WitnessedContainers, WitnessedPictures
from bd1.sim.xids import SimXids

DEAD_S = 3.0
"""How long a supervisor takes to start BD-1 again."""

CALM_S = 6.0
"""A machine on which nothing moved for so long shows nothing new by standing still on."""


class Rehearsal(People):
    """A story with BD-1 in it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._store = MemoryStore()
        self.paper = Paper(stage.scene.discord)
        self._log: list[tuple[float, str]] = []
        self._switches: list[str] = []
        self._answers: dict[int, str] = {}
        self._wishes: list[asyncio.Task[None]] = []
        stage.scene.people = self

    async def play(self) -> Happened:
        """From the start of the machine to the end of the story. Raises what ended BD-1, if anything did."""
        stage = self._stage
        stage.come_up()
        self._be_born()
        await stage.clock.sleep(BEFORE_S)
        stage.begin()
        for act in stage.story.acts:
            await self._live_until(act.at_s)
            self.tell(act.words)
            act.do(stage.scene)
        await self._live_until(stage.story.lasts_s)
        happened = self._happened()
        await self._line.kill()
        return happened

    async def _live_until(self, at_s: float) -> None:
        stage, clock = self._stage, self._stage.clock
        until_s = stage.began_s + at_s
        if (quiet_from_s := stage.story.quiet_from_s) is not None:
            await clock.sleep(min(stage.began_s + quiet_from_s, until_s) - clock.monotonic())
        while quiet_from_s is not None and until_s - clock.monotonic() > 2 * CALM_S:
            await clock.sleep(CALM_S)
            stage.world.catch_up()
            if self._is_calm:
                stage.leap(min(until_s, stage.world.timeline.next_s) - CALM_S - clock.monotonic())
        await clock.sleep(until_s - clock.monotonic())
        for task in (self._life, *self._wishes):
            if task.done() and not task.cancelled() and (trouble := task.exception()):
                raise trouble

    @property
    def _is_calm(self) -> bool:
        ledger, director = self._stage.world.ledger, self._house.services.director
        is_moving = ledger.growing or ledger.lagging_mib
        return not (is_moving or director.is_switching or director.is_at_work)

    def _be_born(self) -> None:
        self._line = Lifeline()
        self._house = build(self._stage.settings, self._ports(self._line), lambda _beat: None)
        self._life = self._line.spawn(self._live(self._house, self._line), "BD-1")

    async def _live(self, house: House, line: Lifeline) -> None:
        await load(house)
        async with asyncio.TaskGroup() as group:
            for name, work in runs(house).items():
                group.create_task(work, name=name)
            group.create_task(self.paper.post(house.services, LivingClock(self._stage.clock, line)), name="paper")

    def _ports(self, line: Lifeline) -> Ports:
        stage, world, workloads = self._stage, self._stage.world, self._stage.settings.workloads.values()
        health = {w.health_url: w.container for w in workloads if w.health_url}
        painters = {w.base_url: w.container for w in workloads if w.kind is WorkloadKind.COMFYUI and w.base_url}
        names = [workload.container for workload in workloads]
        return Ports(
            probe=LivingProbe(SimProbe(world, stage.settings.watchdog.deadline_s), line),
            processes=LivingProcesses(SimProcessTable(world), line),
            containers=LivingContainers(WitnessedContainers(world, names, stage.witness), line),
            chat=LivingChat(stage.chat, line),
            pictures=LivingPictures(WitnessedPictures(world, painters, stage.witness), line),
            health=LivingHealth(SimHealth(world, health), line),
            store=LivingStore(self._store, line),
            clock=LivingClock(stage.clock, line),
            xids=LivingXids(SimXids(world), line),
            chart=BlankChart(),
        )

    # what people do

    def _wish(self, work: Coroutine[Any, Any, None]) -> None:
        self._wishes.append(self._line.spawn(work))

    def switch(self, mode: str) -> None:
        self._wish(self._switch(self._house, mode))

    async def _switch(self, house: House, mode: str) -> None:
        try:
            job = house.services.director.switch(mode, "Leia", patience=Patience.CUT)
        except Bd1Error as trouble:
            self._switches.append(Outcome.REFUSED.value)
            self.tell(f"Leia is told: {trouble}")
            return
        async for progress in job.watch():
            if progress.outcome is not None:
                self._switches.append(progress.outcome.value)
                self.tell(f"the switch to {mode}: {progress.outcome.value}. {progress.message}")

    def ask(self, question: str) -> None:
        number = len(self._answers) + 1
        self._answers[number] = ""
        self._wish(self._ask(self._house, _question(number, question)))

    async def _ask(self, house: House, question: Question) -> None:
        answer = house.services.chat.ask(question)
        try:
            async for update in answer.updates():
                self._hear(question.id, update)
            await answer.delivered("", cut=False)
        except Bd1Error as trouble:
            self._answers[question.id] = str(trouble)
        finally:
            house.services.chat.leave(answer)
        self.tell(f"Rey is answered: {self._answers[question.id]}")

    def _hear(self, number: int, update: Update) -> None:
        if isinstance(update, Text):
            self._answers[number] += update.text
        elif isinstance(update, Held):
            self._answers[number] = update.reason
            self.tell(f"Rey waits: {update.reason}")
        elif isinstance(update, Loading):
            self._answers[number] = ""

    def rearm(self, workload: str) -> None:
        self._wish(self._rearm(self._house, workload))

    async def _rearm(self, house: House, workload: str) -> None:
        done = await house.services.director.measures.rearm(self._stage.settings.workloads[workload], "Leia")
        self.tell(f"Leia is told: {done.text}")

    def kill(self) -> None:
        self._wishes.append(asyncio.create_task(self._die_and_come_back()))

    async def _die_and_come_back(self) -> None:
        await self._line.kill()
        await self._stage.clock.sleep(DEAD_S)
        self.tell("BD-1 is started again")
        self._be_born()

    # what came of it

    def tell(self, words: str) -> None:
        """Keeps what happened, with the time."""
        self._log.append((self._stage.since_s(self._stage.clock.monotonic()), words))

    def _happened(self) -> Happened:
        stage, services, director = self._stage, self._house.services, self._house.services.director
        told = self._told()
        view = services.fleet.view
        deeds = stage.witness.deeds
        return Happened(
            peak_pct=stage.peak_pct,
            told=told,
            ended=frozenset(deed.container for deed in deeds if deed.verb in HARD),
            latched_off=frozenset(director.measures.all_off),
            unsafe=director.unsafe.reason if director.unsafe else None,
            quarantine=self._house.hardware.quarantine,
            switches=tuple(self._switches),
            answers=tuple(self._answers.values()),
            mode=None if view.docker_is_away else view.name,
            acted_after_s=self._acted_after_s(told),
            log=self._whole_log(),
        )

    def _told(self) -> tuple[Told, ...]:
        incidents = self._house.services.alerts.all()
        return tuple(
            Told(
                key=incident.key,
                after_s=self._after_s(self._stage.clock.moment_s(incident.opened_at)),
                text="\n".join([incident.title, *(line.text for line in incident.lines)]),
                messages=self.paper.messages[incident.id],
            )
            for incident in incidents
        )

    def _after_s(self, moment_s: float) -> float:
        return self._stage.since_s(moment_s)

    def _acted_after_s(self, told: tuple[Told, ...]) -> float | None:
        """From the trouble to the first deed, else to the first word; `None` when there was neither."""
        begins_s = self._stage.story.begins_s
        deeds = [self._after_s(deed.at_s) for deed in self._stage.witness.deeds if deed.is_taking]
        words = [incident.after_s for incident in told]
        for moments in (deeds, words):
            if later := [moment_s - begins_s for moment_s in moments if moment_s >= begins_s]:
                return min(later)
        return None

    def _whole_log(self) -> tuple[tuple[float, str], ...]:
        stage, clock = self._stage, self._stage.clock
        deeds = [(self._after_s(deed.at_s), f"BD-1: {deed.verb} {deed.container}") for deed in stage.witness.deeds]
        lines = [
            (self._after_s(clock.moment_s(line.at)), f"{incident.key}: {line.text}")
            for incident in self._house.services.alerts.all()
            for line in incident.lines
        ]
        return tuple(sorted([*self._log, *deeds, *lines], key=_time_of))


def _time_of(entry: tuple[float, str]) -> float:
    return entry[0]


def _question(number: int, text: str) -> Question:
    return Question(id=number, channel_id=1, asker_id=1, asker="Rey", said=(Said("user", text, "Rey"),))
