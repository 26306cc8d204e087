"""What is written down of a switch: who asked, each step before and after it, the samples that decided. Pure values."""

from dataclasses import dataclass
from datetime import datetime

from bd1.core.progress import Outcome, StepState


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step as it was written down. `took_s` is `None` until it ended."""

    key: str
    label: str
    begun_at: datetime
    state: StepState = StepState.RUNNING
    took_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One look at the card that decided something: `total - free`, and every holder in words."""

    at: datetime
    used_mib: int
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One switch. Open while `outcome` is `None`; such an entry at a start tells of a crash in the middle.

    `stops` and `starts` are workload names. `is_told` is set once its line stands in the alert channel.
    """

    id: str
    origin: str | None
    target: str
    by: str
    started_at: datetime
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    samples: tuple[SampleRecord, ...] = ()
    override: str | None = None
    outcome: Outcome | None = None
    message: str = ""
    took_s: float | None = None
    is_told: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nobody has written down how it ended."""
        return self.outcome is None

    def step(self, key: str) -> StepRecord | None:
        """The record of a step, if it was ever begun."""
        return next((step for step in self.steps if step.key == key), None)
