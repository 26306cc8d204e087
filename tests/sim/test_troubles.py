import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.core.settings import RestartPolicy
from bd1.errors import ContainerRefused, DockerUnavailable
from bd1.sim.card import RESERVED_MIB, TOTAL_MIB, CardFault
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimContainers
from bd1.sim.ledger import RELEASE_LAG_S, Leak
from bd1.sim.trouble_words import Group
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

ON_THE_CARD = ("leak", "spike", "foreign", "gpu_lost", "nvml_hang", "xid_79")
IN_A_SWITCH = ("slow_release", "stuck_vram", "deaf", "refused_start", "dies_starting", "never_ready")
WITHIN = (*ON_THE_CARD, *IN_A_SWITCH, "crash_loop", "hand_start", "docker_away")
OUTSIDE = ("bd1_crash", "ollama_down", "slow_model")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def troubles(world: World) -> Troubles:
    return Troubles(world)


async def test_a_leak_fills_the_card_from_any_mode(troubles: Troubles, world: World, clock: FakeClock) -> None:
    await troubles.set("leak", True)
    assert world.machine.boxes["comfyui"].running
    await clock.advance(10.0)
    assert world.used_mib == RESERVED_MIB + 2400 + 3500
    await clock.advance(600.0)
    assert world.used_mib == TOTAL_MIB


@pytest.mark.parametrize("running", ["ollama", "comfyui"])
async def test_a_leak_lives_in_what_runs_and_dies_with_it(
    troubles: Troubles, world: World, clock: FakeClock, running: str
) -> None:
    world.machine.start(running)
    await troubles.set("leak", True)
    await clock.advance(10.0)
    world.catch_up()
    assert world.vram_of(running) >= 3500
    assert sum(box.running for box in world.machine.boxes.values()) == 1

    world.machine.kill(running)
    await clock.advance(2.0)
    assert not troubles.by_id["leak"].active
    assert world.used_mib == RESERVED_MIB


async def test_a_spike_is_there_at_once_and_takes_no_more_than_there_is(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    await clock.run(world.ollama_memory.load("big", 12000))
    await troubles.set("spike", True)
    assert world.used_mib == TOTAL_MIB

    await troubles.set("spike", False)
    await clock.advance(2.0)
    assert world.used_mib == RESERVED_MIB + 12000
    await world.ollama_memory.unload("big")
    await clock.advance(2.0)
    await troubles.set("spike", True)
    await troubles.set("spike", True)
    assert world.used_mib == TOTAL_MIB * 97 // 100


async def test_each_turn_of_the_crash_loop_leaves_more_behind(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    await troubles.set("crash_loop", True)
    left: list[int] = []
    for _ in range(3):
        await clock.advance(6.0)
        world.catch_up()
        left.append(world.ledger.leaked_mib)

    assert left == [800, 1600, 3200]
    assert world.machine.boxes["comfyui"].restarts == left[-1] // 800


async def test_taking_the_policy_away_and_stopping_ends_the_crash_loop(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    await troubles.set("crash_loop", True)
    await clock.advance(9.0)
    world.catch_up()
    box = world.machine.boxes["comfyui"]
    box.policy = RestartPolicy.NO
    world.machine.stop("comfyui", 10.0)
    await clock.advance(60.0)
    world.catch_up()
    assert box.status == "exited"

    await troubles.reset()
    assert (box.status, box.policy, world.ledger.leaked_mib) == ("exited", RestartPolicy.NO, 0)


async def test_after_a_crash_loop_comfyui_runs_if_it_ran_before_and_else_does_not(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    box = world.machine.boxes["comfyui"]
    world.machine.start("comfyui")
    await troubles.set("crash_loop", True)
    await clock.advance(9.0)
    await troubles.reset()
    await clock.advance(30.0)
    world.catch_up()
    assert (box.running, box.policy) == (True, RestartPolicy.NO)

    world.machine.kill("comfyui")
    await clock.advance(5.0)
    await troubles.set("crash_loop", True)
    await clock.advance(2.0)
    await troubles.reset()
    await clock.advance(30.0)
    world.catch_up()
    assert not box.running


async def test_stuck_memory_stays_after_a_stop_until_the_trouble_is_over(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    await clock.run(world.ollama_memory.load("llama3:8b", 4700))
    await troubles.set("stuck_vram", True)
    world.machine.stop("ollama", 10.0)
    await clock.advance(600.0)
    assert world.used_mib == RESERVED_MIB + 4700
    assert world.processes() == ()

    await troubles.set("stuck_vram", False)
    assert world.used_mib == RESERVED_MIB


async def test_one_trouble_gives_back_only_what_it_took_itself(troubles: Troubles, world: World) -> None:
    world.machine.start("comfyui")
    pid = world.machine.boxes["comfyui"].pid
    assert pid is not None
    world.ledger.seize(pid, "spike", 3000)
    world.machine.boxes["comfyui"].leaves_mib = 800
    world.machine.crash("comfyui")
    await troubles.set("stuck_vram", True)
    await troubles.set("stuck_vram", False)
    assert world.ledger.leaked_mib == 800
    world.ledger.recover(Leak.LEFT)
    assert world.ledger.leaked_mib == 0


@pytest.mark.parametrize(("trouble", "fault"), [("gpu_lost", CardFault.LOST), ("nvml_hang", CardFault.HANGS)])
async def test_a_card_trouble_is_there_until_it_is_taken_back(
    troubles: Troubles, world: World, trouble: str, fault: CardFault
) -> None:
    await troubles.set(trouble, True)
    during = world.card.fault
    await troubles.set(trouble, False)

    assert (during, world.card.fault) == (fault, None)


async def test_a_card_off_the_bus_is_told_by_the_driver_and_comes_back_with_the_next_start_of_the_machine(
    troubles: Troubles, world: World
) -> None:
    told: list[int] = []
    world.card.on_xid(lambda code, _detail: told.append(code))
    for on in (True, True):
        await troubles.set("xid_79", on)
    during = (world.card.fault, world.boots)
    for on in (False, False):
        await troubles.set("xid_79", on)
    assert (told, during) == ([79], (CardFault.LOST, 1))
    assert (world.card.fault, world.boots) == (None, 2)


async def test_memory_comes_back_slowly_until_that_is_over(troubles: Troubles, world: World, clock: FakeClock) -> None:
    world.machine.start("comfyui")
    await clock.advance(5.0)
    await troubles.set("slow_release", True)
    world.machine.crash("comfyui")
    await clock.advance(7.9)
    assert world.used_mib == RESERVED_MIB + 2400
    await clock.advance(0.2)
    assert world.used_mib == RESERVED_MIB

    world.machine.start("comfyui")
    await clock.advance(5.0)
    world.catch_up()
    world.machine.crash("comfyui")
    await troubles.set("slow_release", False)
    await clock.advance(1.5)
    assert world.used_mib == RESERVED_MIB


async def test_a_deaf_container_outlives_a_polite_stop_and_not_a_kill(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    await troubles.set("deaf", True)
    world.machine.start("comfyui")
    world.machine.stop("ollama", 10.0)
    world.machine.stop("comfyui", 5.0)
    lived = []
    for _ in range(3):
        await clock.advance(4.9)
        world.catch_up()
        lived.append([world.machine.boxes[name].running for name in ("ollama", "comfyui")])

    assert lived == [[True, True], [True, False], [False, False]]
    assert world.machine.boxes["ollama"].exit_code == 137


async def test_comfyui_dies_at_each_start_and_nobody_starts_it_again(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    box = world.machine.boxes["comfyui"]
    await troubles.set("dies_starting", True)
    for starts in (1, 2):
        world.machine.start("comfyui")
        await clock.advance(1.4)
        world.catch_up()
        assert box.running
        await clock.advance(60.0)
        world.catch_up()
        assert (box.running, box.exit_code, box.starts, box.restarts) == (False, 1, starts, 0)

    assert box.policy is RestartPolicy.NO
    await troubles.set("dies_starting", False)
    world.machine.start("comfyui")
    await clock.advance(60.0)
    world.catch_up()
    assert world.machine.is_ready("comfyui")


async def test_comfyui_never_answers_until_that_is_over(troubles: Troubles, world: World, clock: FakeClock) -> None:
    await troubles.set("never_ready", True)
    world.machine.start("comfyui")
    world.machine.start("ollama")
    await clock.advance(60.0)
    world.catch_up()
    assert [world.machine.is_ready(name) for name in ("comfyui", "ollama")] == [False, True]
    await troubles.set("never_ready", False)
    assert world.machine.is_ready("comfyui")


@pytest.mark.parametrize(("running", "newcomer"), [("ollama", "comfyui"), ("comfyui", "ollama")])
async def test_a_hand_starts_what_does_not_run_and_the_trouble_lasts_while_both_are_up(
    troubles: Troubles, world: World, clock: FakeClock, running: str, newcomer: str
) -> None:
    world.machine.start(running)
    await troubles.set("hand_start", True)
    assert troubles.by_id["hand_start"].active
    assert world.machine.boxes[newcomer].running
    await troubles.set("hand_start", True)

    world.machine.stop(newcomer, 10.0)
    assert not troubles.by_id["hand_start"].active
    await clock.advance(2.0)
    await troubles.set("hand_start", True)
    assert troubles.by_id["hand_start"].active
    await troubles.set("hand_start", False)
    await clock.advance(2.0)
    world.catch_up()
    assert [world.machine.boxes[name].running for name in (running, newcomer)] == [True, False]


async def test_a_hand_that_starts_something_on_an_unused_card_is_no_trouble(troubles: Troubles, world: World) -> None:
    await troubles.set("hand_start", True)
    assert world.machine.boxes["comfyui"].running
    assert not troubles.by_id["hand_start"].active
    await troubles.set("hand_start", False)
    assert not world.machine.boxes["comfyui"].stopping


async def test_a_game_holds_memory_in_no_container_until_it_is_ended(
    troubles: Troubles, world: World, clock: FakeClock
) -> None:
    await troubles.set("foreign", True)
    await troubles.set("foreign", True)
    (game,) = world.processes()
    assert (game.used_mib, world.container_of(game.pid)) == (3000, None)
    assert game.name == world.process_name(game.pid) == "supertuxkart"

    await troubles.set("foreign", False)
    await clock.advance(2.0)
    assert (world.processes(), world.used_mib) == ((), RESERVED_MIB)


async def test_docker_is_away_until_it_is_back(troubles: Troubles, world: World) -> None:
    containers = SimContainers(world, ["ollama"])
    await troubles.set("docker_away", True)
    with pytest.raises(DockerUnavailable):
        await containers.inspect("ollama")
    await troubles.set("docker_away", False)
    assert not (await containers.inspect("ollama")).running


async def test_docker_refuses_to_start_comfyui_and_nothing_else(troubles: Troubles, world: World) -> None:
    containers = SimContainers(world, ["ollama", "comfyui"])
    await troubles.set("refused_start", True)
    await containers.start("ollama")
    with pytest.raises(ContainerRefused, match="could not select device driver"):
        await containers.start("comfyui")
    await troubles.set("refused_start", False)
    await containers.start("comfyui")


async def test_bd1_is_killed_once_and_comes_back_by_itself(world: World) -> None:
    class Victim:
        is_down = False
        deaths = 0

        def kill(self) -> None:
            self.deaths += not self.is_down
            self.is_down = True

    victim = Victim()
    troubles = Troubles(world, bd1=victim)
    await troubles.set("bd1_crash", True)
    await troubles.set("bd1_crash", True)
    await troubles.reset()
    assert (victim.deaths, troubles.by_id["bd1_crash"].active) == (1, True)
    victim.is_down = False
    assert not troubles.by_id["bd1_crash"].active


async def test_outside_troubles_are_switched_once_each_way_and_absent_without_a_switch(world: World) -> None:
    switched: list[bool] = []

    async def switch(on: bool) -> None:
        switched.append(on)

    troubles = Troubles(world, on_slow_model=switch)
    for on in (True, True, False, False):
        await troubles.set("slow_model", on)

    assert switched == [True, False]
    with pytest.raises(KeyError):
        await troubles.set("ollama_down", True)


async def test_a_switch_that_fails_leaves_its_button_as_it_was_and_the_rest_is_put_right(world: World) -> None:
    async def broken(on: bool) -> None:
        if not on:
            raise OSError("the port is taken")

    troubles = Troubles(world, on_ollama_down=broken)
    await troubles.set("ollama_down", True)
    await troubles.set("gpu_lost", True)
    with pytest.raises(OSError, match="Ollama stops answering"):
        await troubles.reset()

    assert troubles.by_id["ollama_down"].active
    assert world.card.fault is None


async def test_every_trouble_has_a_label_and_one_line_of_hint_and_stands_with_its_like(world: World) -> None:
    class Nobody:
        is_down = False

        def kill(self) -> None:
            """Kills nobody."""

    async def switch(_on: bool) -> None:
        """Switches nothing."""

    troubles = Troubles(world, on_ollama_down=switch, on_slow_model=switch, bd1=Nobody())

    assert tuple(troubles.by_id) == (*WITHIN, *OUTSIDE)
    for trouble in troubles.by_id.values():
        assert trouble.words.label
        assert trouble.words.hint.endswith(".")
        assert "\n" not in trouble.words.hint
    listed = [trouble.words.group for trouble in troubles.by_id.values()]
    assert listed == sorted(listed, key=list(Group).index)


_STEP = st.one_of(
    st.tuples(st.sampled_from(WITHIN), st.booleans()),
    st.tuples(st.just("start"), st.sampled_from(("ollama", "comfyui"))),
    st.tuples(st.just("stop"), st.sampled_from(("ollama", "comfyui"))),
    st.tuples(st.just("wait"), st.floats(0.01, 20.0)),
)


@given(steps=st.lists(_STEP, max_size=25))
@settings(deadline=None)
def test_a_reset_puts_everything_right_whatever_was_done(steps: list[tuple[str, bool | str | float]]) -> None:
    async def story() -> None:
        clock = FakeClock()
        world = World(clock)
        troubles = Troubles(world)
        for what, value in steps:
            if what in WITHIN:
                await troubles.set(what, bool(value))
            elif what == "start":
                world.machine.start(str(value))
            elif what == "stop":
                world.machine.stop(str(value), 10.0)
            else:
                await clock.advance(float(value))
                world.catch_up()
            assert RESERVED_MIB <= world.used_mib <= TOTAL_MIB
        await troubles.reset()
        await clock.advance(120.0)
        world.catch_up()
        comfyui = world.machine.boxes["comfyui"]
        assert not any(trouble.active for trouble in troubles.by_id.values())
        assert world.used_mib == RESERVED_MIB + (2400 if comfyui.running else 0)
        assert (comfyui.policy, world.card.fault) == (RestartPolicy.NO, None)
        assert (world.machine.engine_away, world.ledger.release_lag_s) == (False, RELEASE_LAG_S)
        for box in world.machine.boxes.values():
            assert (box.refusal, box.dies_starting_after_s) == (None, None)
            assert (box.is_deaf, box.never_ready) == (False, False)

    asyncio.run(story())
