"""The simulated ComfyUI's jobs, what it lets go of, and when it can be asked, on a clock that stands still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.settings import WorkloadKind
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from bd1.sim.activity import CHECKPOINT_MIB, DRAW_S
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimHealth
from bd1.sim.pictures import SimPictures
from bd1.sim.settings import demo_workloads, health_containers
from bd1.sim.world import World

URL = "http://comfyui.simulated:8188"
HEALTH = f"{URL}/system_stats"
BASE_MIB = 2400
UP_S = 2.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def pictures(world: World) -> SimPictures:
    return SimPictures(world, {URL: "comfyui", "http://ollama": "ollama"})


@pytest.fixture
async def up(world: World, clock: FakeClock) -> None:
    world.machine.start("comfyui")
    await clock.advance(UP_S)


def comfyui_mib(world: World) -> int:
    world.catch_up()
    return world.vram_of("comfyui")


def load_pct(world: World) -> float:
    world.catch_up()
    return world.activity.load_pct(world.now_s)


@pytest.mark.usefixtures("up")
async def test_pictures_are_drawn_one_after_the_other(world: World, pictures: SimPictures, clock: FakeClock) -> None:
    assert await pictures.jobs(URL) == PictureJobs(running=0, pending=0)
    assert world.activity.queue(2)
    assert world.activity.draw()
    seen = []
    for _ in range(4):
        seen.append(await pictures.jobs(f"{URL}/"))
        await clock.advance(DRAW_S)
    assert seen == [PictureJobs(1, 2), PictureJobs(1, 1), PictureJobs(1, 0), PictureJobs(0, 0)]


@pytest.mark.usefixtures("up")
async def test_the_card_is_busy_while_anything_is_drawn_and_no_longer(world: World, clock: FakeClock) -> None:
    world.activity.queue(2)
    await clock.advance(2 * DRAW_S - 0.1)
    assert load_pct(world) > 90
    await clock.advance(0.2)
    assert load_pct(world) == 0


async def test_nothing_can_be_drawn_before_comfyui_is_up(world: World, clock: FakeClock) -> None:
    assert not world.activity.queue(1)
    world.machine.start("comfyui")
    await clock.advance(UP_S - 0.1)
    assert not world.activity.draw()
    assert world.activity.jobs() == (0, 0)
    await clock.advance(0.1)
    assert world.activity.queue(1)


@pytest.mark.usefixtures("up")
async def test_jobs_are_lost_when_the_container_dies(world: World, pictures: SimPictures, clock: FakeClock) -> None:
    world.activity.queue(5)
    await clock.advance(1.0)
    world.catch_up()
    world.machine.crash("comfyui")
    assert world.activity.jobs() == (0, 0)
    world.machine.start("comfyui")
    assert load_pct(world) < 90
    await clock.advance(UP_S)
    assert await pictures.jobs(URL) == PictureJobs(running=0, pending=0)
    world.activity.queue(1)
    await clock.advance(DRAW_S - 1.0)
    assert await pictures.jobs(URL) == PictureJobs(running=1, pending=0)  # not ended by what the lost ones had agreed


@pytest.mark.usefixtures("up")
async def test_an_idle_comfyui_lets_go_of_its_checkpoint_at_once(
    world: World, pictures: SimPictures, clock: FakeClock
) -> None:
    world.activity.queue(1)
    await clock.advance(DRAW_S)
    assert comfyui_mib(world) == BASE_MIB + CHECKPOINT_MIB
    used_mib = world.used_mib
    await pictures.free(URL)
    assert comfyui_mib(world) == BASE_MIB
    await clock.advance(2.0)
    assert world.used_mib == used_mib - CHECKPOINT_MIB


@pytest.mark.usefixtures("up")
async def test_a_busy_comfyui_lets_go_when_the_picture_under_way_is_done(
    world: World, pictures: SimPictures, clock: FakeClock
) -> None:
    world.activity.queue(1)
    await clock.advance(DRAW_S - 0.1)
    await pictures.free(URL)
    assert comfyui_mib(world) == BASE_MIB + CHECKPOINT_MIB
    await clock.advance(0.1)
    assert comfyui_mib(world) == BASE_MIB


@pytest.mark.usefixtures("up")
async def test_the_next_picture_takes_the_memory_again(world: World, pictures: SimPictures, clock: FakeClock) -> None:
    world.activity.queue(2)
    await pictures.free(URL)
    await clock.advance(DRAW_S)
    assert comfyui_mib(world) == BASE_MIB
    await clock.advance(DRAW_S)
    assert comfyui_mib(world) == BASE_MIB + CHECKPOINT_MIB
    await clock.advance(DRAW_S)
    assert comfyui_mib(world) == BASE_MIB + CHECKPOINT_MIB  # it was asked once, and let go once


async def test_who_is_not_up_cannot_be_asked(world: World, pictures: SimPictures, clock: FakeClock) -> None:
    async def assert_away() -> None:
        for question in (pictures.jobs(URL), pictures.free(URL)):
            with pytest.raises(PicturesUnavailable, match=r"does not answer\. .*\.$"):
                await question

    await assert_away()
    world.machine.start("comfyui")
    await clock.advance(UP_S - 0.1)
    await assert_away()
    await clock.advance(0.1)
    await pictures.free(URL)
    world.machine.crash("comfyui")
    await assert_away()


@pytest.mark.usefixtures("up")
async def test_an_unknown_address_and_another_server_are_no_comfyui(
    world: World, pictures: SimPictures, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    await clock.advance(UP_S)
    with pytest.raises(PicturesUnavailable, match="does not answer"):
        await pictures.jobs("http://elsewhere")
    with pytest.raises(PicturesUnavailable, match="does not speak like ComfyUI"):
        await pictures.jobs("http://ollama")
    await pictures.close()


@pytest.mark.usefixtures("up")
async def test_a_picture_that_is_interrupted_is_given_up_at_once_and_the_next_takes_its_full_time(
    world: World, pictures: SimPictures, clock: FakeClock
) -> None:
    await pictures.interrupt(URL)
    world.activity.queue(2)
    await clock.advance(DRAW_S - 1)
    await pictures.interrupt(URL)
    assert await pictures.jobs(URL) == PictureJobs(running=1, pending=0)
    await clock.advance(DRAW_S - 0.1)
    assert await pictures.jobs(URL) == PictureJobs(running=1, pending=0)
    await clock.advance(0.1)
    assert await pictures.jobs(URL) == PictureJobs(running=0, pending=0)


async def test_trouble_is_told_until_the_container_is_up(world: World, clock: FakeClock) -> None:
    health = SimHealth(world, health_containers(demo_workloads("http://ollama")))
    assert await health.trouble(HEALTH, WorkloadKind.COMFYUI) == f"it does not answer on {HEALTH}"
    world.machine.start("comfyui")
    await clock.advance(UP_S - 0.1)
    assert await health.trouble(HEALTH, WorkloadKind.COMFYUI) is not None
    await clock.advance(0.1)
    assert await health.trouble(HEALTH, WorkloadKind.COMFYUI) is None
    assert await health.trouble("http://elsewhere", WorkloadKind.OTHER) is not None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.integers(1, 5)),
        st.tuples(st.just("wait"), st.integers(1, 9)),
        st.tuples(st.sampled_from(("free", "interrupt", "crash", "start")), st.just(0)),
    ),
    max_size=25,
)


@given(steps=STEPS)
async def test_no_job_is_made_up_or_forgotten_by_a_comfyui_that_stays_up(steps: list[tuple[str, int]]) -> None:
    clock = FakeClock()
    world = World(clock)
    world.machine.start("comfyui")
    await clock.advance(UP_S)
    asked = 0
    for step, number in steps:
        match step:
            case "queue":
                asked += number if world.activity.queue(number) else 0
            case "wait":
                await clock.advance(number)
            case "free":
                world.activity.free()
            case "interrupt":
                world.activity.interrupt()
            case "crash":
                world.machine.crash("comfyui")
                asked = 0
            case _:
                world.machine.start("comfyui")
        running, pending = world.activity.jobs()
        assert running == (1 if running + pending else 0)
        assert running + pending <= asked
        assert comfyui_mib(world) <= BASE_MIB + CHECKPOINT_MIB
    left = sum(world.activity.jobs())
    await clock.advance(max(left - 1, 0) * DRAW_S)
    assert sum(world.activity.jobs()) == min(left, 1)
    await clock.advance(DRAW_S)
    assert world.activity.jobs() == (0, 0)
