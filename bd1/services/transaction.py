"""One mode switch from intent to commit, or back: every step on disk before it is done and after it is verified.

It holds the director's lock while it runs. It starts nothing on the card without the gate, in either direction.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bd1.core.gate import Look
from bd1.core.modes import Plan, derive, plan
from bd1.core.progress import Outcome, Override, Patience, Step, StepState
from bd1.core.settings import Mode, Workload
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error, ContainerMissing, StoreUnavailable, SwitchRefused
from bd1.services.drain import Drain
from bd1.services.fleet import ModeView
from bd1.services.gatekeeper import FRESH_S, GateShut, Question
from bd1.services.hands import refuse_unfit, soft_release, start_and_look, stop_and_verify
from bd1.services.readiness import StartFailed, until_ready
from bd1.services.record import Record
from bd1.services.staff import Staff
from bd1.services.switch import BACK, CancelledByPerson, SwitchJob, card_steps, gate_key, steps_of

_LOG = logging.getLogger(__name__)
_KILLED_FACTOR = 2.0
"""How much longer the memory of a container that had to be killed is waited for: nothing in it cleaned up."""
LEFT_BEHIND = "switch"
"""The incident of what could not be stopped after a failed switch."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: which mode, how patiently, and whether they answer for memory that is not ours."""

    mode: Mode
    patience: Patience
    override: Override | None


class Unconfirmed(Bd1Error):
    """Everything was done, and still the mode is not the one that was wanted."""


class Transaction:
    """One switch. `run` ends with an outcome and a message, whatever happens short of a cancellation."""

    def __init__(self, staff: Staff, job: SwitchJob, record: Record, wish: Wish) -> None:
        self._staff = staff
        self._hands = staff.hands
        self._job = job
        self._record = record
        self._mode = wish.mode
        self._patience = wish.patience
        self._override = wish.override
        self._gone_pids: dict[int, str] = {}
        self._was_killed = False
        self._is_proved = False
        self._proved_s = float("-inf")
        self._proved_in = 0
        self._stopped: list[Workload] = []
        self._started: list[Workload] = []

    async def run(self) -> tuple[Outcome, str]:
        """Carries it out; how it ended, and a sentence that says so."""
        try:
            return Outcome.DONE, await self._forward()
        except CancelledByPerson as cancelled:
            return Outcome.CANCELLED, str(cancelled)
        except GateShut as shut:
            return await self._refused(shut)
        except SwitchRefused as refusal:
            await self.take_back()
            return Outcome.REFUSED, str(refusal)
        except StartFailed as trouble:
            return await self._back(str(trouble))
        except Bd1Error as trouble:
            return Outcome.FAILED, str(trouble)
        finally:
            self._staff.door.is_switching = False

    async def take_back(self) -> bool:
        """Nothing half-started stays on the card; false when something could not be stopped."""
        started = [workload for workload in reversed(self._started) if workload.uses_gpu]
        self._started.clear()
        if started:
            self._job.add_steps(tuple(Step(f"{BACK}stop {w.name}", f"Stop {w.name} again") for w in started))
        return all([await self._quietly_stop(workload) for workload in started])

    async def _forward(self) -> str:
        states = await self._staff.fleet.states()
        running = frozenset(name for name, state in states.items() if state and state.running)
        self._name_origin(running)
        ahead = plan(self._mode, running, self._hands.settings.workloads)
        self._refuse_if_forbidden(ahead.start)
        for workload in ahead.start:
            refuse_unfit(workload, states[workload.name])
            self._staff.off.refuse(workload)
        if all(any(workload.uses_gpu for workload in part) for part in (ahead.stop, ahead.start)):
            await self._staff.gatekeeper.refuse_blind()
        self._staff.door.is_switching = not ahead.is_empty
        self._job.foresee(await self._staff.foresee(ahead), () if ahead.is_empty else steps_of(ahead))
        if not ahead.is_empty:
            await self._record.intend(_names(ahead.stop), _names(ahead.start))
            self._hands.admission.close(
                f"The GPU is being switched to {self._mode.name} mode. Please ask again in a moment."
            )
            await self._leave(ahead)
            await self._arrive(ahead)
        return await self._commit(is_empty=ahead.is_empty)

    def _refuse_if_forbidden(self, starts: Iterable[Workload]) -> None:
        reason = self._staff.veto.reason
        if reason is not None and any(workload.uses_gpu for workload in starts):
            raise SwitchRefused(reason)

    def _name_origin(self, running: frozenset[str]) -> None:
        """A switch that was asked for before anybody had looked at what runs learns only here where it begins."""
        if self._job.progress.origin is None:
            settings = self._hands.settings
            origin = derive(settings.modes, running, settings.workloads, None)
            self._job.show(replace(self._job.progress, origin=origin))
            self._record.comes_from(origin)

    async def _leave(self, ahead: Plan) -> None:
        """Everything up to the moment the old mode no longer runs."""
        if ahead.stop:
            self._remember_pids(await self._hands.card.look_around(), ahead.stop)  # before anything lets go of it
            with self._job.cancellable():
                async with self._step("drain") as note:
                    note.append(await Drain(self._hands, self._job, ahead, self._patience).run())
                async with self._step("unload"):
                    await asyncio.gather(*(soft_release(self._hands, workload) for workload in ahead.stop))
                self._job.go_past_cancelling()
            self._remember_pids(await self._hands.card.look_around(), ahead.stop)
        for workload in ahead.stop:
            async with self._step(f"stop {workload.name}") as note:
                note.append(await self._stop(workload))

    async def _stop(self, workload: Workload) -> str:
        was_killed = await stop_and_verify(self._hands, workload)
        self._staff.door.has_ended(workload)
        self._stopped.append(workload)
        self._was_killed |= was_killed
        return "ignored the stop and was killed" if was_killed else ""

    def _remember_pids(self, look: Look | None, workloads: tuple[Workload, ...]) -> None:
        for workload in workloads:
            holder = look.attribution.of(workload.name) if look else None
            self._gone_pids |= dict.fromkeys(holder.pids if holder else (), workload.name)
        if look:
            self._record.saw([look])

    async def _arrive(self, ahead: Plan, prefix: str = "") -> None:
        """Starts what must come; right before each start on the card the gate is asked."""
        for workload in ahead.start:
            if not workload.uses_gpu:
                await self._start(workload)
        on_card = [workload for workload in ahead.start if workload.uses_gpu]
        staying = [workload for workload in ahead.stay if workload.uses_gpu]
        if not on_card and ahead.stop:
            await self._pass_gate(gate_key(None, prefix), staying, [])
        for number, workload in enumerate(on_card):
            gate = gate_key(workload, prefix)
            question = await self._pass_gate(gate, [*staying, *on_card[:number]], on_card[number:])
            await self._start(workload, prefix, question)

    async def _pass_gate(self, key: str, staying: list[Workload], starting: list[Workload]) -> Question:
        limit_s = self._hands.settings.switch.release_timeout_s * (_KILLED_FACTOR if self._was_killed else 1.0)
        question = Question(tuple(staying), tuple(starting), self._gone_pids, limit_s, self._override)
        async with self._step(key):
            await self._prove(question)
            self._refuse_if_forbidden(starting)
        return question

    async def _prove(self, question: Question) -> None:
        door = self._staff.door
        try:
            looks = await self._staff.gatekeeper.prove(question, self._see, lambda: door.turned_away)
        except GateShut as shut:
            self._record.saw(shut.looks)
            raise
        self._record.saw(looks)
        self._is_proved = True
        self._proved_in = door.turned_away
        self._proved_s = max((look.sample.at_s for look in looks if look), default=self._proved_s)

    async def _prove_anew_if_late(self, question: Question) -> None:
        """Writing the proof down, or ending a newcomer first, may have taken time in which the card has changed."""
        age_s = self._hands.clock.monotonic() - self._proved_s
        if age_s > FRESH_S or self._staff.door.turned_away != self._proved_in:
            await self._prove(question)

    def _see(self, look: Look) -> None:
        self._job.seen(look.sample)

    async def _start(self, workload: Workload, prefix: str = "", question: Question | None = None) -> None:
        try:
            async with self._step(f"{prefix}start {workload.name}"):
                await self._staff.door.let_in(workload)
                if question is not None:
                    await self._prove_anew_if_late(question)
                self._started.append(workload)
                self._job.died.clear()  # whoever ended before this start, it was not this one
                await start_and_look(self._hands, workload)
            if workload.health_url:
                async with self._step(f"{prefix}health {workload.name}"):
                    await until_ready(self._hands, workload, workload.health_url, self._job.died)
        except StartFailed:
            raise
        except GateShut:
            self._staff.door.has_ended(workload)
            raise
        except Bd1Error as trouble:
            raise StartFailed(str(trouble)) from trouble

    async def _commit(self, *, is_empty: bool) -> str:
        by, name = self._job.progress.by, self._mode.name
        if is_empty:
            view = await self._staff.fleet.commit(name, by)
        else:
            async with self._step("commit"):
                view = await self._staff.fleet.commit(name, by)
        if view.name != name:
            raise Unconfirmed(_unlike(view))
        if self._is_proved:
            await self._staff.latch.open(_why_safe(by, name, self._override))
        return f"{self._job.progress.origin or 'unknown'} -> {name}"

    async def _refused(self, shut: GateShut) -> tuple[Outcome, str]:
        verdict = shut.verdict
        await self.take_back()  # part of a mode is none that anybody wanted
        self._job.show(replace(self._job.progress, holders=verdict.holders, is_overridable=verdict.is_overridable))
        await self._staff.latch.set(verdict.reason)
        return Outcome.REFUSED, str(shut)

    async def _back(self, trouble: str) -> tuple[Outcome, str]:
        """The new mode did not come up: the old one is tried again, only through the same gate."""
        origin = self._hands.settings.modes.get(self._job.progress.origin or "")
        look = await self._hands.card.look_around()
        self._remember_pids(look, tuple(self._started))
        if not await self.take_back() or not self._stopped or origin is None or origin.name == self._mode.name:
            return Outcome.FAILED, trouble
        try:
            await self._return_to(origin)
        except GateShut as shut:
            await self._refused(shut)
            return Outcome.FAILED, f"{trouble} I could not go back to {origin.name} mode either: {shut}"
        except Bd1Error as again:
            if not isinstance(again, Unconfirmed):
                await self.take_back()
            return Outcome.FAILED, f"{trouble} I could not go back to {origin.name} mode either: {again}"
        return Outcome.ROLLED_BACK, f"{trouble} I went back to {origin.name} mode."

    async def _return_to(self, origin: Mode) -> None:
        self._override = None  # an operator's word was given for the new mode, not for this
        running = await self._staff.fleet.running()
        way = plan(origin, running, self._hands.settings.workloads)
        back = replace(way, start=tuple(workload for workload in way.start if workload.uses_gpu))
        self._job.add_steps(tuple(card_steps(back, BACK)))
        await self._arrive(back, BACK)
        view = await self._staff.fleet.commit(origin.name, f"BD-1, after the switch to {self._mode.name} mode failed")
        if view.name != origin.name:
            raise Unconfirmed(_unlike(view))

    async def _quietly_stop(self, workload: Workload) -> bool:
        try:
            async with self._step(f"{BACK}stop {workload.name}", may_stay_unwritten=True):
                self._was_killed |= await stop_and_verify(self._hands, workload)
            self._staff.door.has_ended(workload)
        except ContainerMissing:
            return True
        except Bd1Error as trouble:
            _LOG.error("%s could not be stopped after the failed switch: %s", workload.name, trouble)
            self._staff.alerts.report(LEFT_BEHIND, Tier.ALERT, "A switch left something behind", str(trouble))
            return False
        return True

    @asynccontextmanager
    async def _step(self, key: str, *, may_stay_unwritten: bool = False) -> AsyncIterator[list[str]]:
        """A step: on disk, done, seen, on disk. What is put into the list becomes its note.

        One that makes the card safer is taken even if the disk refuses to write it down.
        """
        note: list[str] = []
        self._job.begin(key)
        try:
            await self._record.begin(self._job.progress.step(key))
        except StoreUnavailable:
            if not may_stay_unwritten:
                raise
        try:
            yield note
        except Bd1Error as trouble:
            await self._record.end(self._job.end(key, str(trouble), StepState.FAILED))
            raise
        await self._record.end(self._job.end(key, " ".join(filter(None, note))))


def _names(workloads: tuple[Workload, ...]) -> tuple[str, ...]:
    return tuple(workload.name for workload in workloads)


def _unlike(view: ModeView) -> str:
    return view.trouble or f"Everything was done, but what runs is {view.name} mode."


def _why_safe(by: str, name: str, override: Override | None) -> str:
    if override is not None:
        return f"{override.by} answers for what is still held: {override.reason}"
    return f"{by} switched to {name} mode, and the card was proved to be free."
