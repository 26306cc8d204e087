"""Long work, told as values: the steps of a mode switch and how each stands. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum


class StepState(StrEnum):
    """How a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """How a switch ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `started_s` is monotonic; `took_s` is known once it ended."""

    key: str
    label: str
    state: StepState = StepState.PENDING
    started_s: float | None = None
    took_s: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a switch. `outcome` is `None` while it runs; `message` is one sentence for people."""

    origin: str | None
    target: str
    by: str
    steps: tuple[Step, ...]
    started_s: float
    elapsed_s: float = 0.0
    outcome: Outcome | None = None
    message: str = ""
    used_mib: int | None = None
    total_mib: int | None = None

    def begin(self, key: str, now_s: float) -> "Progress":
        """The step `key` runs from now."""
        return self._with(key, now_s, state=StepState.RUNNING, started_s=now_s)

    def end(self, key: str, now_s: float, state: StepState = StepState.DONE) -> "Progress":
        """The step `key` ended now."""
        step = next(step for step in self.steps if step.key == key)
        took = now_s - (now_s if step.started_s is None else step.started_s)
        return self._with(key, now_s, state=state, took_s=took)

    def finish(self, outcome: Outcome, message: str, now_s: float) -> "Progress":
        """The whole work ended now; a step that was running failed with it."""
        after = self
        for step in self.steps:
            if step.state is StepState.RUNNING:
                after = after.end(step.key, now_s, StepState.FAILED)
        return replace(after, outcome=outcome, message=message, elapsed_s=now_s - self.started_s)

    def seen(self, used_mib: int, total_mib: int, now_s: float) -> "Progress":
        """The card was looked at meanwhile."""
        return replace(self, used_mib=used_mib, total_mib=total_mib, elapsed_s=now_s - self.started_s)

    def _with(
        self,
        key: str,
        now_s: float,
        *,
        state: StepState,
        started_s: float | None = None,
        took_s: float | None = None,
    ) -> "Progress":
        def change(step: Step) -> Step:
            begun = step.started_s if started_s is None else started_s
            return replace(step, state=state, started_s=begun, took_s=took_s)

        steps = tuple(change(step) if step.key == key else step for step in self.steps)
        return replace(self, steps=steps, elapsed_s=now_s - self.started_s)
