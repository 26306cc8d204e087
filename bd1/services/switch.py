"""One mode switch as people meet it: its steps, its progress, what they may say to it. It touches nothing itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bd1.core.gpu import GpuSample
from bd1.core.modes import Plan
from bd1.core.progress import Forecast, Outcome, Patience, Progress, Step, StepState
from bd1.core.settings import Workload
from bd1.errors import Bd1Error, TooLate
from bd1.ports import Clock

BACK = "back "
"""Begins the key of every step that is taken to return to the old mode."""
OVER = "That switch is over already. Look with `/gpu log` at what came of it."
_TOO_FAR = "Something has been stopped already, so the switch now goes on to its end or back to the old mode by itself."
_NOT_ASKED = "Nobody waits for that answer any more. Look at the message of the switch."


class CancelledByPerson(Bd1Error):
    """Somebody cancelled the switch before anything was stopped."""


class SwitchJob:
    """A switch under way or ended. `progress` is the newest snapshot, `watch` yields each one until the end."""

    def __init__(self, progress: Progress, clock: Clock) -> None:
        self._clock = clock
        self._news: set[asyncio.Event] = set()
        self.progress = progress
        self.said = asyncio.Event()
        """Set when a person has said something: cancel, wait or cut."""
        self.died = asyncio.Event()
        """Set when a container ended while the switch was under way; what that means has to be looked at."""
        self._cancelled_by: str | None = None
        self._patience: Patience | None = None

    @property
    def id(self) -> str:
        """Names it in buttons and in the journal."""
        return self.progress.id

    @property
    def is_over(self) -> bool:
        """Whether the outcome is known."""
        return self.progress.outcome is not None

    def show(self, progress: Progress) -> None:
        """A new snapshot for everyone who watches."""
        self.progress = progress
        for news in self._news:
            news.set()

    async def watch(self) -> AsyncIterator[Progress]:
        """Every state worth showing, the newest first, until the outcome; slow viewers skip what is out of date."""
        news = asyncio.Event()
        self._news.add(news)
        try:
            while True:
                news.clear()
                shown = self.progress
                yield shown
                if shown.outcome is not None:
                    return
                await news.wait()
        finally:
            self._news.discard(news)

    def cancel(self, by: str) -> None:
        """Ends it before anything is stopped. Raises `TooLate` when that is past, or when it is over."""
        if self.is_over:
            raise TooLate(OVER)
        if not self.progress.is_cancellable:
            raise TooLate(_TOO_FAR)
        self._cancelled_by = by
        self.said.set()

    def choose(self, patience: Patience) -> None:
        """Answers the question of the switch. Raises `TooLate` when it asks nothing."""
        if self.is_over:
            raise TooLate(OVER)
        if self.progress.question is None:
            raise TooLate(_NOT_ASKED)
        self._patience = patience
        self.said.set()

    def raise_if_cancelled(self) -> None:
        """Raises `CancelledByPerson` when somebody cancelled it."""
        if self._cancelled_by is not None:
            raise CancelledByPerson(f"{self._cancelled_by} cancelled the switch before anything was stopped.")

    def go_past_cancelling(self) -> None:
        """From now on something may be stopped. Raises `CancelledByPerson` when somebody was faster."""
        self.raise_if_cancelled()
        self.show(replace(self.progress, is_cancellable=False, question=None))

    def ask(self, question: str) -> None:
        """Puts a question to whoever wanted the switch."""
        self._patience = None
        self.show(replace(self.progress, question=question))

    def hear(self) -> Patience | None:
        """The answer to the question, if one was given since; it is taken, and the question withdrawn."""
        patience, self._patience = self._patience, None
        if patience is not None:
            self.show(replace(self.progress, question=None))
        return patience

    def foresee(self, forecast: Forecast, steps: tuple[Step, ...]) -> None:
        """What lies ahead."""
        self.show(replace(self.progress, forecast=forecast, steps=steps, idle_mib=forecast.idle_mib))

    def add_steps(self, steps: tuple[Step, ...]) -> None:
        """More lies ahead than was planned."""
        self.show(self.progress.add(steps))

    def begin(self, key: str) -> None:
        """This step is under way."""
        self.show(self.progress.begin(key, self._clock.monotonic()))

    def end(self, key: str, note: str = "", state: StepState = StepState.DONE) -> Step:
        """This step was taken; what it was."""
        self.show(self.progress.end(key, self._clock.monotonic(), state, note))
        return self.progress.step(key)

    def seen(self, sample: GpuSample) -> None:
        """The card was looked at meanwhile."""
        self.show(self.progress.seen(sample.used_mib, sample.total_mib, self._clock.monotonic()))

    def tick(self) -> None:
        """Time has passed."""
        self.show(replace(self.progress, elapsed_s=self._clock.monotonic() - self.progress.started_s))

    def finish(self, outcome: Outcome, message: str) -> None:
        """The end."""
        self.show(self.progress.finish(outcome, message, self._clock.monotonic()))

    @contextmanager
    def cancellable(self) -> Iterator[None]:
        """While the block runs, people may cancel."""
        self.show(replace(self.progress, is_cancellable=True))
        try:
            yield
        finally:
            if not self.is_over:
                self.show(replace(self.progress, is_cancellable=False, question=None))


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """The typed steps of a plan, in the order they are taken."""
    steps = []
    if plan.stop:
        steps += [Step("drain", "Let work under way finish"), Step("unload", "Ask for the memory back")]
    steps += [Step(f"stop {workload.name}", f"Stop {workload.name}") for workload in plan.stop]
    for workload in plan.start:
        if not workload.uses_gpu:
            steps += start_steps(workload)
    steps += card_steps(plan)
    steps.append(Step("commit", f"Look that it is {plan.target.name} mode"))
    return tuple(steps)


def card_steps(plan: Plan, prefix: str = "") -> list[Step]:
    """The gate and the start of each workload on the card, one after the other; the gate alone where none starts."""
    on_card = [workload for workload in plan.start if workload.uses_gpu]
    if not on_card:
        return [Step(gate_key(None, prefix), "Prove that VRAM is back")] if plan.stop else []
    steps = []
    for number, workload in enumerate(on_card):
        label = "Prove that VRAM is back" if number == 0 else f"Prove that there is room for {workload.name}"
        steps += [Step(gate_key(workload, prefix), label), *start_steps(workload, prefix)]
    return steps


def gate_key(workload: Workload | None, prefix: str = "") -> str:
    """The key of the gate in front of this workload, or of the one at the end of a switch that starts none."""
    return f"{prefix}gate" if workload is None else f"{prefix}gate {workload.name}"


def start_steps(workload: Workload, prefix: str = "") -> list[Step]:
    """Start it, and wait until it can do its work."""
    again = " again" if prefix else ""
    steps = [Step(f"{prefix}start {workload.name}", f"Start {workload.name}{again}")]
    if workload.health_url:
        steps.append(Step(f"{prefix}health {workload.name}", f"Wait until {workload.name} answers"))
    return steps
