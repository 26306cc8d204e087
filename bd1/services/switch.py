"""One mode switch: its steps, its progress, its end. The director makes them; viewers only watch."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bd1.core.gate import GateCase, Look, Verdict, judge
from bd1.core.gpu import GpuSample
from bd1.core.modes import Plan
from bd1.core.progress import Outcome, Progress, Step
from bd1.core.settings import Settings, Workload, WorkloadKind
from bd1.errors import Bd1Error, ContainerRefused, SwitchRefused
from bd1.ports import ChatModel, Clock, Containers, HealthCheck
from bd1.services.admission import Admission
from bd1.services.card import Card

_LOG = logging.getLogger(__name__)
_KILL_WAIT_S = 5.0
_POLL_S = 0.2
_SOFT_RELEASE_S = 3.0


@dataclass(frozen=True, slots=True)
class Hands:
    """Everything a switch needs to touch the world."""

    settings: Settings
    card: Card
    containers: Containers
    chat: ChatModel
    health: HealthCheck
    admission: Admission
    clock: Clock


class SwitchJob:
    """A switch under way or ended. `progress` is the newest snapshot, `watch` yields each one until the end."""

    def __init__(self, origin: str | None, target: str, by: str, clock: Clock) -> None:
        self._clock = clock
        self._news: set[asyncio.Event] = set()
        self.progress = Progress(origin, target, by, (), clock.monotonic())

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

    @contextmanager
    def step(self, key: str) -> Iterator[None]:
        """Marks a step as running, then as done."""
        self.show(self.progress.begin(key, self._clock.monotonic()))
        yield
        self.show(self.progress.end(key, self._clock.monotonic()))

    def plan_steps(self, steps: tuple[Step, ...]) -> None:
        """The steps that lie ahead."""
        now_s = self._clock.monotonic()
        self.show(Progress(self.progress.origin, self.progress.target, self.progress.by, steps, now_s))

    def finish(self, outcome: Outcome, message: str) -> None:
        """The end."""
        self.show(self.progress.finish(outcome, message, self._clock.monotonic()))


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """The typed steps of a plan, in the order they are taken."""
    steps = []
    if any(workload.kind is WorkloadKind.OLLAMA for workload in plan.stop):
        steps += [Step("drain", "Let answers finish"), Step("unload", "Unload the model")]
    steps += [Step(f"stop {workload.name}", f"Stop {workload.name}") for workload in plan.stop]
    for workload in plan.start:
        if not workload.uses_gpu:
            steps += _start_steps(workload)
    if plan.stop or plan.touches_card:
        steps.append(Step("gate", "Prove that VRAM is back"))
    for workload in plan.start:
        if workload.uses_gpu:
            steps += _start_steps(workload)
    return tuple(steps)


def _start_steps(workload: Workload) -> list[Step]:
    steps = [Step(f"start {workload.name}", f"Start {workload.name}")]
    if workload.health_url:
        steps.append(Step(f"health {workload.name}", f"Wait until {workload.name} answers"))
    return steps


class Switcher:
    """Carries out one plan. Raises `SwitchRefused` when the gate stays shut and other `Bd1Error`s when a step fails."""

    def __init__(self, hands: Hands, job: SwitchJob) -> None:
        self._hands = hands
        self._job = job

    async def carry_out(self, plan: Plan) -> None:
        """Stops what must go, starts what must come, waits until it answers.

        That the card is free is proved right before the first start on it: not while something else still comes up.
        """
        self._job.plan_steps(steps_of(plan))
        if any(workload.kind is WorkloadKind.OLLAMA for workload in plan.stop):
            await self._drain()
            await self._soft_release()
        for workload in plan.stop:
            with self._job.step(f"stop {workload.name}"):
                await stop_and_verify(self._hands, workload)
        for workload in plan.start:
            if not workload.uses_gpu:
                await self._start(workload)
        if plan.stop or plan.touches_card:
            with self._job.step("gate"):
                await self._pass_gate(plan)
        for workload in plan.start:
            if workload.uses_gpu:
                await self._start(workload)

    async def _drain(self) -> None:
        with self._job.step("drain"):
            limit_s = self._hands.settings.switch.drain_s
            if not await self._hands.admission.drained(self._hands.clock, limit_s):
                _LOG.warning(
                    "%d answers were still running after %g s and are cut", self._hands.admission.inside, limit_s
                )

    async def _soft_release(self) -> None:
        """Asks Ollama to unload first: kinder than a stop, and never taken as proof."""
        with self._job.step("unload"):
            try:
                async with asyncio.timeout(_SOFT_RELEASE_S):
                    for model in await self._hands.chat.loaded():
                        await self._hands.chat.unload(model.name)
            except (Bd1Error, TimeoutError) as trouble:
                _LOG.warning("the model could not be unloaded first, the container is stopped anyway: %s", trouble)

    async def _pass_gate(self, plan: Plan) -> None:
        settings, clock = self._hands.settings, self._hands.clock
        case = GateCase(
            gone=[workload.name for workload in plan.stop],
            gone_pids={},
            staying={workload.name: workload.vram_mib for workload in plan.stay},
            need_mib=sum(workload.vram_mib for workload in plan.start),
            idle_mib=self._hands.card.idle_mib,
            tolerance_mib=settings.gpu.tolerance_mib,
            ceiling_mib=settings.gpu.ceiling_mib,
            samples=settings.switch.gate_samples,
        )
        looks: list[Look | None] = []
        deadline_s = clock.monotonic() + settings.switch.release_timeout_s
        while not (verdict := await self._measure(case, looks)).is_open:
            if clock.monotonic() >= deadline_s:
                raise SwitchRefused(_refusal(verdict, settings.switch.release_timeout_s))
            await clock.sleep(settings.switch.gate_interval_s)

    async def _measure(self, case: GateCase, looks: list[Look | None]) -> Verdict:
        look = await self._hands.card.look_around()
        looks.append(look)
        del looks[: -case.samples]
        if look is not None:
            self._show_card(look.sample)
        return judge(case, looks, now_s=self._hands.clock.monotonic())

    def _show_card(self, sample: GpuSample) -> None:
        now_s = self._hands.clock.monotonic()
        self._job.show(self._job.progress.seen(sample.used_mib, sample.total_mib, now_s))

    async def _start(self, workload: Workload) -> None:
        with self._job.step(f"start {workload.name}"):
            await self._hands.containers.start(workload.container)
        if workload.health_url:
            with self._job.step(f"health {workload.name}"):
                await self._wait_healthy(workload, workload.health_url)

    async def _wait_healthy(self, workload: Workload, url: str) -> None:
        clock = self._hands.clock
        deadline_s = clock.monotonic() + workload.start_timeout_s
        while not await self._hands.health.healthy(url):
            state = await self._hands.containers.inspect(workload.container)
            if not state.running:
                raise ContainerRefused(
                    f"{workload.name} ended while it was starting (exit code {state.exit_code}). "
                    f"Read `docker logs {workload.container}`."
                )
            if clock.monotonic() >= deadline_s:
                raise ContainerRefused(
                    f"{workload.name} runs but did not answer on {url} within {workload.start_timeout_s:g} s."
                )
            reading = await self._hands.card.look()
            if isinstance(reading, GpuSample):
                self._show_card(reading)
            await clock.sleep(_POLL_S)


def _refusal(verdict: Verdict, waited_s: float) -> str:
    return f"{verdict.reason} I waited {waited_s:g} s for it and start nothing on a card that is not free."


async def stop_and_verify(hands: Hands, workload: Workload, grace_s: float | None = None) -> None:
    """Asks the container to stop, looks, kills a deaf one, looks again. Raises `ContainerRefused` if it lives on."""
    grace = workload.stop_grace_s if grace_s is None else grace_s
    await hands.containers.stop(workload.container, grace)
    if await ended(hands, workload, 1.0):
        return
    _LOG.warning("%s ignored the stop and is killed", workload.name)
    await kill_and_verify(hands, workload)


async def kill_and_verify(hands: Hands, workload: Workload) -> None:
    """Kills the container and looks whether it is gone. Raises `ContainerRefused` if it lives on."""
    try:
        await hands.containers.kill(workload.container)
    except ContainerRefused:
        if not await ended(hands, workload, 0.0):  # it may have ended just before, and then there is nothing to kill
            raise
    if not await ended(hands, workload, _KILL_WAIT_S):
        raise ContainerRefused(
            f"{workload.name} still runs after it was killed. Look at it by hand: `docker top {workload.container}`."
        )


async def ended(hands: Hands, workload: Workload, within_s: float) -> bool:
    """Whether the container no longer runs, asked again until `within_s` seconds have passed."""
    deadline_s = hands.clock.monotonic() + within_s
    while (await hands.containers.inspect(workload.container)).running:
        if hands.clock.monotonic() >= deadline_s:
            return False
        await hands.clock.sleep(_POLL_S)
    return True
