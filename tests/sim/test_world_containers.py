import asyncio
from collections.abc import AsyncIterator

import pytest

from bd1.core.settings import RestartPolicy, WorkloadKind
from bd1.errors import ContainerMissing, ContainerRefused, DockerUnavailable
from bd1.ports import ContainerEvent
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimContainers, SimHealth, SimProcessTable
from bd1.sim.world import World

NAMES = ("ollama", "open-webui", "anythingllm", "comfyui", "gone")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def containers(world: World) -> SimContainers:
    return SimContainers(world, NAMES)


@pytest.fixture
async def heard(containers: SimContainers, clock: FakeClock) -> AsyncIterator[list[tuple[str, str, int | None]]]:
    events: list[tuple[str, str, int | None]] = []

    async def listen() -> None:
        async for event in containers.events():
            told = (event.container, event.action, event.exit_code)
            events.append(told)

    task = asyncio.create_task(listen())
    await clock.settle()
    yield events
    task.cancel()


async def test_a_started_container_runs_at_once_and_answers_after_its_start_time(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    health = SimHealth(world, {"http://comfyui/": "comfyui"})
    await containers.start("comfyui")
    state = await containers.inspect("comfyui")

    assert state.running
    assert state.status == "running"
    assert state.started_at == clock.now()
    assert len(state.id) == 64
    assert await health.trouble("http://comfyui/", WorkloadKind.COMFYUI) is not None
    await clock.advance(2.0)
    assert await health.trouble("http://comfyui/", WorkloadKind.COMFYUI) is None
    assert await health.trouble("http://elsewhere/", WorkloadKind.COMFYUI) is not None


async def test_a_stop_returns_when_the_container_has_ended_by_itself(
    containers: SimContainers, clock: FakeClock, heard: list[tuple[str, str, int | None]]
) -> None:
    await containers.start("comfyui")
    await clock.run(containers.stop("comfyui", 10.0))
    state = await containers.inspect("comfyui")
    await clock.advance(1.0)

    assert (state.running, state.status, state.exit_code, state.pid) == (False, "exited", 143, None)
    assert [action for _, action, _ in heard] == ["start", "kill", "die", "stop"]
    assert heard[2] == ("comfyui", "die", 143)


async def test_a_container_that_is_slower_than_its_grace_is_killed(containers: SimContainers, clock: FakeClock) -> None:
    await containers.start("comfyui")
    began_s = clock.monotonic()
    await clock.run(containers.stop("comfyui", 0.5))

    assert (await containers.inspect("comfyui")).exit_code == 137
    assert clock.monotonic() - began_s == pytest.approx(0.6, abs=0.11)


async def test_kill_ends_a_container_and_refuses_one_that_does_not_run(
    containers: SimContainers, clock: FakeClock
) -> None:
    await containers.start("ollama")
    await clock.run(containers.kill("ollama"))

    assert (await containers.inspect("ollama")).exit_code == 137
    with pytest.raises(ContainerRefused):
        await containers.kill("ollama")


async def test_a_crashed_container_comes_back_by_its_policy_and_a_stopped_one_does_not(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    await containers.start("open-webui")
    await clock.advance(20.0)
    world.catch_up()
    world.machine.crash("open-webui")
    assert (await containers.inspect("open-webui")).status == "restarting"
    await clock.advance(0.1)
    assert (await containers.inspect("open-webui")).running

    await clock.run(containers.stop("open-webui", 10.0))
    await clock.advance(120.0)
    assert not (await containers.inspect("open-webui")).running


async def test_a_container_without_a_restart_policy_stays_dead(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    await containers.start("comfyui")
    world.machine.crash("comfyui")
    await clock.advance(60.0)

    assert (await containers.inspect("comfyui")).status == "exited"


async def test_restarts_come_later_and_later_until_a_run_was_steady(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    await containers.set_restart_policy("comfyui", RestartPolicy.ON_FAILURE)
    await containers.start("comfyui")
    waits: list[float] = []
    for run_s in (1.0, 1.0, 1.0, 11.0):
        await clock.advance(run_s)
        world.catch_up()
        world.machine.crash("comfyui")
        waits.append(world.machine.boxes["comfyui"].restart_delay_s)
        await clock.advance(waits[-1])
        world.catch_up()

    assert waits == [0.1, 0.2, 0.4, 0.1]
    assert world.machine.boxes["comfyui"].restarts == 4


async def test_stopping_a_container_that_waits_for_its_restart_keeps_it_down(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    await containers.set_restart_policy("comfyui", RestartPolicy.ALWAYS)
    await containers.start("comfyui")
    world.machine.crash("comfyui")
    await containers.stop("comfyui", 1.0)
    await clock.advance(60.0)

    assert (await containers.inspect("comfyui")).status == "exited"


async def test_processes_are_known_by_container_and_name_while_they_live(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    table = SimProcessTable(world)
    await containers.start("comfyui")
    (pid,) = await containers.pids("comfyui")
    state = await containers.inspect("comfyui")

    assert state.pid == pid
    assert table.container_id(pid) == state.id
    assert table.name(pid) == "python3"
    await clock.run(containers.kill("comfyui"))
    assert table.container_id(pid) is None
    assert table.name(pid) is None
    assert await containers.pids("comfyui") == frozenset()


async def test_names_outside_the_configuration_are_refused_and_absent_ones_missing(containers: SimContainers) -> None:
    with pytest.raises(ContainerRefused):
        await containers.inspect("postgres")
    with pytest.raises(ContainerMissing):
        await containers.start("gone")


async def test_an_engine_that_is_away_answers_nothing_and_its_events_are_lost(
    containers: SimContainers, clock: FakeClock, world: World, heard: list[tuple[str, str, int | None]]
) -> None:
    world.machine.engine_away = True
    for call in (containers.version(), containers.inspect("ollama"), containers.stop("ollama", 1.0)):
        with pytest.raises(DockerUnavailable):
            await call
    world.machine.start("ollama")
    await clock.advance(1.0)
    world.machine.engine_away = False
    world.machine.start("comfyui")
    await clock.advance(1.0)

    assert heard == [("comfyui", "start", None)]


async def test_a_deaf_container_is_killed_once_its_grace_is_over(
    containers: SimContainers, clock: FakeClock, world: World, heard: list[tuple[str, str, int | None]]
) -> None:
    world.machine.boxes["comfyui"].is_deaf = True
    await containers.start("comfyui")
    began_s = clock.monotonic()
    await clock.run(containers.stop("comfyui", 10.0))
    took_s = clock.monotonic() - began_s
    await clock.advance(1.0)

    assert took_s == pytest.approx(10.1, abs=0.11)
    assert (await containers.inspect("comfyui")).exit_code == 137
    assert [action for _, action, _ in heard] == ["start", "kill", "kill", "die", "stop"]


async def test_a_container_that_dies_while_starting_ends_with_an_error_and_stays_down(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    world.machine.boxes["comfyui"].dies_starting_after_s = 1.5
    for _ in range(2):
        await containers.start("comfyui")
        await clock.advance(1.4)
        assert (await containers.inspect("comfyui")).running
        await clock.advance(60.0)
        state = await containers.inspect("comfyui")
        assert (state.status, state.exit_code) == ("exited", 1)

    await containers.start("comfyui")
    world.machine.boxes["comfyui"].dies_starting_after_s = None
    await clock.advance(60.0)
    assert (await containers.inspect("comfyui")).running


async def test_a_container_that_never_answers_runs_and_is_not_ready(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    world.machine.boxes["comfyui"].never_ready = True
    await containers.start("comfyui")
    await clock.advance(600.0)
    assert (await containers.inspect("comfyui")).running
    assert not world.machine.is_ready("comfyui")
    world.machine.boxes["comfyui"].never_ready = False
    assert world.machine.is_ready("comfyui")


async def test_a_start_that_docker_refuses_is_told_in_its_words(containers: SimContainers, world: World) -> None:
    world.machine.boxes["comfyui"].refusal = "no such device."
    with pytest.raises(ContainerRefused, match="no such device"):
        await containers.start("comfyui")
    assert not world.machine.boxes["comfyui"].running


async def test_an_engine_that_says_yes_and_does_nothing_answers_at_once(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    box = world.machine.boxes["ollama"]
    box.ignores_start = True
    await containers.start("ollama")
    assert not (await containers.inspect("ollama")).running

    box.ignores_start, box.ignores_stop, box.ignores_kill = False, True, True
    await containers.start("ollama")
    began_s = clock.monotonic()
    await containers.stop("ollama", 10.0)
    await containers.kill("ollama")
    await clock.settle()
    assert clock.monotonic() == began_s
    await clock.advance(60.0)
    assert (await containers.inspect("ollama")).running


async def test_a_stop_of_what_survives_even_a_kill_comes_back_and_it_runs(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    box = world.machine.boxes["ollama"]
    box.is_deaf = box.ignores_kill = True
    await containers.start("ollama")
    await clock.run(containers.stop("ollama", 2.0))
    assert (await containers.inspect("ollama")).running


async def test_a_lie_about_what_runs_is_told_until_it_is_taken_back(containers: SimContainers) -> None:
    await containers.start("ollama")
    containers.lies = {"ollama": False, "comfyui": True}
    told = [await containers.inspect(name) for name in ("ollama", "comfyui", "open-webui")]
    containers.lies.clear()
    true = [await containers.inspect(name) for name in ("ollama", "comfyui", "open-webui")]

    assert [(state.running, state.status) for state in told] == [
        (False, "exited"),
        (True, "running"),
        (False, "created"),
    ]
    assert [state.running for state in true] == [True, False, False]


async def test_a_call_that_fails_before_it_did_anything_has_done_nothing(
    containers: SimContainers, clock: FakeClock
) -> None:
    containers.fails_before = {"start"}
    with pytest.raises(DockerUnavailable):
        await containers.start("ollama")
    containers.fails_before = {"stop", "kill", "inspect"}
    await containers.start("ollama")
    for call in (containers.stop("ollama", 1.0), containers.kill("ollama"), containers.inspect("ollama")):
        with pytest.raises(DockerUnavailable):
            await call
    await clock.advance(60.0)
    containers.fails_before.clear()
    assert (await containers.inspect("ollama")).running


async def test_a_call_that_is_given_up_on_takes_effect_all_the_same(
    containers: SimContainers, clock: FakeClock, world: World
) -> None:
    containers.fails = {"start", "stop", "kill", "inspect"}
    box = world.machine.boxes["ollama"]
    for ask, exit_code in ((containers.stop, 0), (None, 137)):
        with pytest.raises(DockerUnavailable):
            await containers.start("ollama")
        assert box.running
        with pytest.raises(DockerUnavailable):
            await (ask("ollama", 10.0) if ask else containers.kill("ollama"))
        await clock.advance(1.0)
        world.catch_up()
        assert (box.running, box.exit_code) == (False, exit_code)
    with pytest.raises(DockerUnavailable):
        await containers.inspect("ollama")


async def test_who_asked_is_told_when_a_container_starts_and_dies(world: World, clock: FakeClock) -> None:
    told: list[bool] = []
    forget = world.on_container("ollama", told.append)
    world.machine.start("ollama")
    world.machine.start("comfyui")
    world.machine.crash("ollama")
    world.machine.start("ollama")
    await clock.advance(1.0)
    world.catch_up()
    assert told == [True, False, True]

    forget()
    world.machine.kill("ollama")
    await clock.advance(1.0)
    world.catch_up()
    assert told == [True, False, True]


async def test_events_carry_the_moment_they_happened_not_the_moment_they_were_seen(
    world: World, clock: FakeClock
) -> None:
    seen: list[ContainerEvent] = []
    world.machine.listen(seen.append)
    world.machine.start("comfyui")
    world.machine.stop("comfyui", 10.0)
    began = clock.now()
    await clock.advance(30.0)
    world.catch_up()

    died = next(event for event in seen if event.action == "die")
    assert (died.at - began).total_seconds() == pytest.approx(1.2)
