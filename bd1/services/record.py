"""One switch's pages in the journal, kept in step with its progress. It knows no containers and decides nothing."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bd1.core.gate import Look
from bd1.core.journal import Entry, SampleRecord, StepRecord
from bd1.core.progress import Outcome, Step, StepState
from bd1.errors import StoreUnavailable
from bd1.ports import Clock
from bd1.services.journal import Journal

_LOG = logging.getLogger(__name__)
_KEPT_SAMPLES = 12


class Record:
    """Writes one entry. What has to be on disk before something is done raises; what is written afterwards does not."""

    def __init__(self, journal: Journal, clock: Clock, entry: Entry) -> None:
        self._journal = journal
        self._clock = clock
        self.entry = entry

    def is_worth_keeping(self, outcome: Outcome) -> bool:
        """Whether there is anything to tell: not of a switch to the mode that was on already."""
        return bool(self.entry.stops or self.entry.starts) or outcome is not Outcome.DONE

    def comes_from(self, origin: str | None) -> None:
        """Which mode was on; on disk with the next write."""
        self._now(replace(self.entry, origin=origin))

    async def intend(self, stops: tuple[str, ...], starts: tuple[str, ...]) -> None:
        """What is going to happen. Raises `StoreUnavailable`: then nothing may be done."""
        await self._journal.write(self._now(replace(self.entry, stops=stops, starts=starts)))

    async def begin(self, step: Step) -> None:
        """This step is about to be taken. Raises `StoreUnavailable`: then it may not be."""
        begun = StepRecord(step.key, step.label, self._clock.now())
        others = [known for known in self.entry.steps if known.key != step.key]
        await self._journal.write(self._now(replace(self.entry, steps=(*others, begun))))

    async def end(self, step: Step) -> None:
        """This step was taken and its effect was seen. What a disk refuses now goes along with the next write."""
        steps = tuple(
            replace(known, state=step.state, took_s=step.took_s, note=step.note) if known.key == step.key else known
            for known in self.entry.steps
        )
        await self._write_if_possible(replace(self.entry, steps=steps))

    def saw(self, looks: Sequence[Look | None]) -> None:
        """The looks that decided; they are on disk with the next step."""
        known = [_sample(look, self._wall(look.sample.at_s)) for look in looks if look is not None]
        self._now(replace(self.entry, samples=(*self.entry.samples, *known)[-_KEPT_SAMPLES:]))

    async def finish(self, outcome: Outcome, message: str, took_s: float | None) -> None:
        """How it ended."""
        self.close(outcome, message, took_s)
        await self._write_if_possible(self.entry)

    def close(self, outcome: Outcome, message: str, took_s: float | None) -> None:
        """How it ended, where nothing can be waited for: on disk as soon as the disk lets it."""
        steps = tuple(_failed(step) for step in self.entry.steps)
        self._journal.keep(self._now(replace(self.entry, steps=steps, outcome=outcome, message=message, took_s=took_s)))

    def _wall(self, at_s: float) -> datetime:
        return self._clock.now() - timedelta(seconds=self._clock.monotonic() - at_s)

    async def _write_if_possible(self, entry: Entry) -> None:
        try:
            await self._journal.write(self._now(entry))
        except StoreUnavailable as trouble:
            _LOG.error("a step of the switch to %s could not be written down: %s", entry.target, trouble)
            self._journal.keep(entry)

    def _now(self, entry: Entry) -> Entry:
        self.entry = entry
        return entry


def _failed(step: StepRecord) -> StepRecord:
    return replace(step, state=StepState.FAILED) if step.state is StepState.RUNNING else step


def _sample(look: Look, at: datetime) -> SampleRecord:
    return SampleRecord(at, look.sample.used_mib, tuple(holder.sentence() for holder in look.attribution.holders))
