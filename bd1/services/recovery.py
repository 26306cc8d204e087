"""Resolves switches that BD-1 did not see the end of: from what is really there, never from what was intended.

It finishes what is already up, stops what cannot do its work, and leaves the rest idle. It starts nothing.
"""

import asyncio
import logging

from bd1.core.journal import Entry
from bd1.core.progress import Outcome
from bd1.core.recovery import Ending, Resolution, begun, is_last_stopped, resolve
from bd1.core.settings import Workload
from bd1.core.tiers import Tier
from bd1.errors import DockerUnavailable
from bd1.services.gatekeeper import GateShut, Question
from bd1.services.hands import ended, look_at, stop_and_verify
from bd1.services.record import Record
from bd1.services.staff import Staff

_LOG = logging.getLogger(__name__)
INCIDENT = "interrupted switch"
_LATE_S = 3.0
"""A start that was on its way when BD-1 ended may still come up for so long."""
_SIGNAL_S = 2.0
_POLL_S = 0.2


class Recovery:
    """Works under the director's lock, before the first switch of this run."""

    def __init__(self, staff: Staff, lock: asyncio.Lock) -> None:
        self._staff = staff
        self._lock = lock
        self._hands = staff.hands
        self._workloads = staff.hands.settings.workloads
        self.task: asyncio.Task[None] | None = None
        """Its work, in a task of its own, so that protecting the card can cut it short."""

    async def is_done(self) -> bool:
        """Resolves what is open; false when that has to be tried again: Docker is away, or it was cut short."""
        if not self._staff.journal.interrupted:
            return True
        self.task = asyncio.create_task(self._resolve_all(), name="recovery")
        try:
            await asyncio.wait({self.task})
        finally:
            self.task.cancel()
        if self.task.cancelled():
            return False
        try:
            self.task.result()
        except DockerUnavailable as away:
            _LOG.warning("an interrupted switch cannot be resolved yet: %s", away)
            return False
        return True

    async def _resolve_all(self) -> None:
        async with self._lock:
            for entry in self._staff.journal.interrupted:
                await self._resolve(entry)

    async def _resolve(self, entry: Entry) -> None:
        """Settles one entry, closes it and tells its story."""
        await self._let_stops_end(entry)
        notes = await self._let_starts_end(entry)
        await self._part(entry)
        running = await self._staff.fleet.running()
        found = resolve(entry, running, self._hands.settings.modes, self._workloads)
        outcome, words = await self._prove(found)
        await self._close(entry, found, outcome, " ".join([words, *notes]))

    async def _let_stops_end(self, entry: Entry) -> None:
        """A stop that was asked for goes on in Docker without BD-1: it gets its grace, then what runs is the truth."""
        for name in dict.fromkeys((*begun(entry, "stop"), *begun(entry, "back stop"))):
            workload = self._workloads.get(name)
            if workload and is_last_stopped(entry, name):
                await ended(self._hands, workload, workload.stop_grace_s + _SIGNAL_S)

    async def _let_starts_end(self, entry: Entry) -> list[str]:
        """What was being started comes up and proves that it works, or is stopped."""
        notes = []
        for name in dict.fromkeys((*begun(entry, "start"), *begun(entry, "back start"))):
            workload = self._workloads.get(name)
            if (
                workload
                and workload.uses_gpu
                and await self._shows_up(workload)
                and (why := await self._idles(workload))
            ):
                await stop_and_verify(self._hands, workload)
                notes.append(f"{name} ran but could not work ({why}), so I stopped it.")
        return notes

    async def _shows_up(self, workload: Workload) -> bool:
        clock = self._hands.clock
        deadline_s = clock.monotonic() + _LATE_S
        while (state := await look_at(self._hands, workload)) is None or not state.running:
            if clock.monotonic() >= deadline_s:
                return False
            await clock.sleep(_POLL_S)
        return True

    async def _idles(self, workload: Workload) -> str | None:
        """Why it cannot do its work, asked until its time to start is up; `None` when it can, or has ended."""
        clock = self._hands.clock
        deadline_s = clock.monotonic() + workload.start_timeout_s
        while workload.health_url and (why := await self._hands.health.trouble(workload.health_url, workload.kind)):
            state = await look_at(self._hands, workload)
            if state is None or not state.running:
                return None
            if clock.monotonic() >= deadline_s:
                return why
            await clock.sleep(_POLL_S)
        return None

    async def _part(self, entry: Entry) -> None:
        """Two at once are never left so, whoever started them."""
        for _ in self._workloads:
            intruder = await self._staff.door.intruder()
            if intruder is None:
                return
            _LOG.warning("%s is up beside another GPU workload after %s", intruder.name, entry.id)
            await self._staff.door.turn_away(intruder)

    async def _prove(self, found: Resolution) -> tuple[Outcome, str]:
        """An empty card has to be a clean one."""
        if not found.needs_proof:
            return found.outcome, found.words
        try:
            await self._staff.gatekeeper.prove(self._nobody(), lambda _: None)
        except GateShut as shut:
            await self._staff.latch.set(shut.verdict.reason)
            return Outcome.FAILED, f"{found.words} The card is not clean: {shut.verdict.reason}"
        await self._staff.latch.open("The card was found empty and clean at the start.")
        return found.outcome, found.words

    def _nobody(self) -> Question:
        return Question((), (), {}, self._hands.settings.switch.release_timeout_s)

    async def _close(self, entry: Entry, found: Resolution, outcome: Outcome, words: str) -> None:
        if found.ending is Ending.FINISHED and outcome is Outcome.DONE:
            await self._staff.fleet.commit(entry.target, entry.by)
        else:
            await self._staff.fleet.refresh(by=f"{entry.by}, in a switch that BD-1 did not see the end of")
        _LOG.warning("interrupted switch %s: %s", entry.id, words)
        await self._tell(words)
        await Record(self._staff.journal, self._hands.clock, entry).finish(outcome, words, None)

    async def _tell(self, words: str) -> None:
        """On disk before the entry is closed: a story that is told twice is better than one that is lost."""
        alerts, name = self._staff.alerts, self._staff.fleet.view.name
        alerts.report(INCIDENT, Tier.WARN, "A switch was interrupted", words)
        alerts.clear(INCIDENT, f"The card is in {name} mode now." if name else "No mode fits what runs now.")
        await alerts.flush()
