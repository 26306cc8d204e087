"""Long work, told as values: the steps of a mode switch and how each stands. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bd1.core.holders import Holder


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
    ROLLED_BACK = "rolled back"
    CANCELLED = "cancelled"


class Patience(StrEnum):
    """What becomes of answers and pictures that are still under way when a switch wants to stop their server."""

    ASK = "ask"
    """Wait for `drain_s`, then ask whoever wanted the switch."""
    WAIT = "wait"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Override:
    """An operator's word that memory nobody explains may stay where it is, and why. Recorded with the switch."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """A workload and its memory: what it holds now where it is stopped, what it declares where it is started.

    `mib` is `None` where the driver does not say; 0 for one that never touches the card.
    """

    name: str
    mib: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a switch will do, told before anything moves. `at_work` says in short phrases who would be interrupted."""

    stops: tuple[Share, ...]
    starts: tuple[Share, ...]
    used_mib: int | None
    idle_mib: int
    need_mib: int
    """Declared by everything that will be on the card in the end."""
    at_work: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be done."""
        return not self.stops and not self.starts


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `started_s` is monotonic; `took_s` is known once it ended; `note` is what people should know of it."""

    key: str
    label: str
    state: StepState = StepState.PENDING
    started_s: float | None = None
    took_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a switch. `outcome` is `None` while it runs; `message` is one sentence for people.

    `question` is what the switch waits to be told (wait, cut or cancel); `holders` are those who kept the gate shut,
    and `is_overridable` whether an operator's word could open it.
    """

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
    id: str = ""
    by_id: int | None = None
    """The Discord id of whoever asked; `None` when BD-1 itself did."""
    idle_mib: int | None = None
    forecast: Forecast | None = None
    is_cancellable: bool = False
    question: str | None = None
    holders: tuple[Holder, ...] = ()
    is_overridable: bool = False

    def begin(self, key: str, now_s: float) -> "Progress":
        """The step `key` runs from now."""
        return self._with(key, now_s, state=StepState.RUNNING, started_s=now_s)

    def end(self, key: str, now_s: float, state: StepState = StepState.DONE, note: str = "") -> "Progress":
        """The step `key` ended now."""
        step = self.step(key)
        took = now_s - (now_s if step.started_s is None else step.started_s)
        return self._with(key, now_s, state=state, took_s=took, note=note)

    def step(self, key: str) -> Step:
        """The step under this key; there must be one."""
        return next(step for step in self.steps if step.key == key)

    def add(self, steps: tuple[Step, ...]) -> "Progress":
        """More steps lie ahead than were planned; those not begun are not taken any more."""
        return replace(self, steps=(*(step for step in self.steps if step.state is not StepState.PENDING), *steps))

    def finish(self, outcome: Outcome, message: str, now_s: float) -> "Progress":
        """The whole work ended now; a step that was running failed with it."""
        after = self
        for step in self.steps:
            if step.state is StepState.RUNNING:
                after = after.end(step.key, now_s, StepState.FAILED)
        elapsed_s = now_s - self.started_s
        return replace(
            after, outcome=outcome, message=message, elapsed_s=elapsed_s, question=None, is_cancellable=False
        )

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
        note: str = "",
    ) -> "Progress":
        def change(step: Step) -> Step:
            begun = step.started_s if started_s is None else started_s
            return replace(step, state=state, started_s=begun, took_s=took_s, note=note or step.note)

        steps = tuple(change(step) if step.key == key else step for step in self.steps)
        return replace(self, steps=steps, elapsed_s=now_s - self.started_s)
