"""What holds for protection whatever the card, the offender and Docker do while it climbs the ladder."""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bd1.app import Ports
from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure, Reading
from bd1.core.ladder import Rung, is_in_danger, is_over_ceiling, slope_mib_s
from bd1.core.settings import Settings
from bd1.ports import GpuProbe, LoadedModel, PictureJobs, PictureServer
from bd1.services.protection import Protection
from bd1.sim.chat import SimChat
from bd1.sim.containers import SimContainers
from bd1.sim.world import World
from tests.services.rig import Outside, Rig, build_outside, build_rig, rig_settings

KILL_WITHIN_S = 0.13
"""One poll, the wait for a sample that nobody acted on, and a moment for the look."""


@dataclass(frozen=True)
class Story:
    """What the offender is and does, what happens meanwhile, and how slow everything is."""

    victim: str
    is_deaf: bool
    held_mib: int
    grows_mib_s: int
    frees_when_asked: bool
    ask_takes_s: float
    pause_takes_s: float
    refuses: frozenset[str]
    repeats: int
    turn: str
    turn_at_s: float


@dataclass(frozen=True)
class Step:
    """Something that was done to a container; `before` is how many samples had been seen then."""

    rung: Rung
    name: str
    before: int
    at_s: float


@dataclass
class Ears:
    """Hears every sample that is new, and every step."""

    passed_at_s: float | None = None
    """When the card really passed the ceiling, whether or not anybody looked."""

    samples: list[GpuSample] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def look(self, reading: Reading) -> None:
        if isinstance(reading, GpuSample) and (not self.samples or reading.at_s > self.samples[-1].at_s):
            self.samples.append(reading)

    def step(self, rung: Rung, name: str, at_s: float) -> None:
        self.steps.append(Step(rung, name, len(self.samples), at_s))


@dataclass
class HeardProbe:
    """The simulated card; each sample is given `repeats` times more before a new one is taken."""

    inner: GpuProbe
    ears: Ears
    repeats: int
    kept: list[Reading] = field(default_factory=list)

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        if not self.kept:
            reading = await self.inner.sample(details=details, processes=processes)
            self.kept = [reading] * (self.repeats + 1)
        self.ears.look(self.kept[-1])
        return self.kept.pop()

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self.inner.identity()

    async def close(self) -> None:
        await self.inner.close()


class HeardContainers(SimContainers):
    def __init__(self, world: World, config: Settings, ears: Ears, story: Story) -> None:
        super().__init__(world, [workload.container for workload in config.workloads.values()])
        self.fails_before = {"pause", "stop"} & story.refuses  # type: ignore[assignment]
        self._ears = ears
        self._clock = world.clock
        self._pause_takes_s = story.pause_takes_s

    async def pause(self, name: str) -> None:
        self._ears.step(Rung.PAUSE, name, self._clock.monotonic())
        await self._clock.sleep(self._pause_takes_s)
        await super().pause(name)

    async def stop(self, name: str, grace_s: float) -> None:
        self._ears.step(Rung.STOP, name, self._clock.monotonic())
        await super().stop(name, grace_s)

    async def kill(self, name: str) -> None:
        self._ears.step(Rung.KILL, name, self._clock.monotonic())
        await super().kill(name)


class Answering:
    """What an offender does that is asked: takes its time, and lets go of its memory or does not."""

    def __init__(self, world: World, ears: Ears, story: Story) -> None:
        self._world, self._ears, self._story = world, ears, story

    async def asked(self) -> None:
        clock, ledger = self._world.clock, self._world.ledger
        self._ears.step(Rung.ASK, self._story.victim, clock.monotonic())
        await clock.sleep(self._story.ask_takes_s)
        pid = self._world.machine.boxes[self._story.victim].pid
        if self._story.frees_when_asked and pid:
            ledger.release(pid, "hog")


class HeardChat(SimChat):
    def __init__(self, world: World, answering: Answering) -> None:
        super().__init__(world)
        self._answering = answering

    async def loaded(self) -> tuple[LoadedModel, ...]:
        await self._answering.asked()
        return ()


class HeardPictures:
    def __init__(self, inner: PictureServer, answering: Answering) -> None:
        self._inner, self._answering = inner, answering

    async def jobs(self, url: str) -> PictureJobs:
        return await self._inner.jobs(url)

    async def interrupt(self, url: str) -> None:
        await self._answering.asked()
        await self._inner.interrupt(url)

    async def free(self, url: str) -> None:
        await self._inner.free(url)

    async def close(self) -> None:
        await self._inner.close()


stories = st.builds(
    Story,
    victim=st.sampled_from(["ollama", "comfyui"]),
    is_deaf=st.booleans(),
    held_mib=st.sampled_from([15_000, 16_600, 17_500, 18_900, 19_400, 19_600]),
    grows_mib_s=st.sampled_from([0, 0, 100, 400, 3000]),
    frees_when_asked=st.booleans(),
    ask_takes_s=st.sampled_from([0.0, 0.0, 0.6, 5.0]),
    pause_takes_s=st.sampled_from([0.0, 0.0, 4.0]),
    refuses=st.frozensets(st.sampled_from(["pause", "stop"])),
    repeats=st.integers(0, 3),
    turn=st.sampled_from(["nothing", "recovers", "passes the ceiling"]),
    turn_at_s=st.floats(0.01, 6),
)


SLOW = Story("ollama", False, 16_600, 0, False, 0.0, 0.0, frozenset(), 0, "passes the ceiling", 0.0)


def story_settings(folder: str) -> Settings:
    """Called for protection at 80 %, with 15 % of the card left to the ceiling: there is time for mild steps."""
    config = rig_settings(Path(folder))
    return replace(config, watchdog=replace(config.watchdog, warn_pct=70.0, alert_pct=75.0, protect_pct=80.0))


def build(config: Settings, story: Story, ears: Ears) -> Rig:
    outside: Outside = build_outside(config)
    answering = Answering(outside.world, ears, story)
    outside.containers = HeardContainers(outside.world, config, ears, story)
    outside.model = HeardChat(outside.world, answering)

    def wrap(ports: Ports) -> Ports:
        probe = HeardProbe(ports.probe, ears, story.repeats)
        return replace(ports, probe=probe, pictures=HeardPictures(ports.pictures, answering))

    return build_rig(config, outside, wrap)


async def play(story: Story) -> tuple[Rig, Ears]:
    """Fills the card, relieves it once, and lets the story take its turn meanwhile."""
    ears = Ears()
    with tempfile.TemporaryDirectory() as folder:
        rig = build(story_settings(folder), story, ears)
        machine, ledger = rig.world.machine, rig.world.ledger
        machine.start("comfyui")
        machine.start("ollama")
        await rig.live(5)
        box = machine.boxes[story.victim]
        box.is_deaf = story.is_deaf
        pid = box.pid or 0
        ledger.seize(pid, "hog", story.held_mib - rig.world.used_mib)
        ledger.claim(pid, "more", 20_475, story.grows_mib_s)

        async def turn() -> None:
            await rig.clock.sleep(story.turn_at_s)
            if story.turn == "passes the ceiling" and box.running:
                ledger.seize(pid, "much more", 19_800 - rig.world.used_mib)
                ears.passed_at_s = rig.clock.monotonic()
            elif story.turn == "recovers":
                ledger.release(pid, "hog")

        turning = asyncio.create_task(turn())
        await rig.go(Protection(rig.hands, None, lambda _text: None).relieve("The test says so"))
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)
        await rig.stop_all()
        return rig, ears


def rungs_of(ears: Ears) -> Iterator[tuple[Step, Step | None]]:
    """Each step with the one before it. A kill that ends a stop which came to nothing is a part of that stop."""
    before: Step | None = None
    for step in ears.steps:
        yield step, before
        before = step


def of_a_stop(step: Step, before: Step | None) -> bool:
    return step.rung is Rung.KILL and before is not None and before.rung is Rung.STOP


@settings(max_examples=60, deadline=None)
@given(stories)
def test_protection_never_acts_twice_on_one_sample_nor_on_a_card_that_recovered_and_never_on_two(story: Story) -> None:
    rig, ears = asyncio.run(play(story))
    gpu, limits = rig.settings.gpu, rig.settings.watchdog
    for step, before in rungs_of(ears):
        assert step.before > (before.before if before else 0), "a sample that nobody acted on comes first"
        seen = ears.samples[: step.before]
        if not of_a_stop(step, before):
            assert is_in_danger(gpu, limits, seen[-1], slope_mib_s(seen)), "who has recovered is left alone"
        if step.rung is not Rung.KILL:
            assert not is_over_ceiling(gpu, seen[-1]), "over the ceiling nothing mild is tried"
    assert {step.name for step in ears.steps} <= {story.victim}
    order = [list(Rung).index(step.rung) for step in ears.steps]
    assert all(later > earlier or later == len(Rung) - 1 for earlier, later in pairwise(order)), "ever harsher"


def _that_pass_the_ceiling(story: Story) -> Story:
    """And stay there: where the offender lets go of its memory just then, the card recovers and nobody is killed."""
    return replace(story, turn="passes the ceiling", turn_at_s=story.turn_at_s / 3, frees_when_asked=False)


@settings(max_examples=60, deadline=None)
@given(stories.map(_that_pass_the_ceiling))
@example(replace(SLOW, ask_takes_s=5.0, turn_at_s=0.3))
@example(replace(SLOW, pause_takes_s=4.0, turn_at_s=3.0))
@example(replace(SLOW, is_deaf=True, turn_at_s=5.0))
def test_what_passes_the_ceiling_while_a_step_is_waited_for_is_killed_at_once(story: Story) -> None:
    rig, ears = asyncio.run(play(story))
    kill_s = next((step.at_s for step in ears.steps if step.rung is Rung.KILL), None)
    if ears.passed_at_s is None or (kill_s is not None and kill_s < ears.passed_at_s):
        return  # it was over before
    assert kill_s is not None
    assert kill_s - ears.passed_at_s <= KILL_WITHIN_S * (story.repeats + 1)
    assert not rig.world.machine.boxes[story.victim].running


@settings(max_examples=30, deadline=None)
@given(stories)
def test_once_the_offender_has_ended_nothing_more_is_done(story: Story) -> None:
    rig, ears = asyncio.run(play(story))
    bystander = "comfyui" if story.victim == "ollama" else "ollama"
    assert rig.world.machine.boxes[bystander].running
    ends = [
        step
        for step in ears.steps
        if step.rung in {Rung.STOP, Rung.KILL} and step.rung.name.lower() not in story.refuses
    ]
    assert all(step.rung is Rung.KILL for step in ends[1:])
    assert len(ends) <= 2
