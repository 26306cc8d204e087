"""Unplanned ends are counted over restarts of BD-1, and those count too that nobody was told of."""

from pathlib import Path

import pytest

from bd1.core.settings import RestartPolicy
from bd1.errors import StoreUnavailable
from tests.services.rig import Outside, Rig, build_outside, build_rig, rig_settings

COMFYUI = "comfyui"


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return build_outside(rig_settings(tmp_path))


async def begun(tmp_path: Path, outside: Outside) -> Rig:
    """The next run of BD-1 on this machine, for a second."""
    rig = build_rig(rig_settings(tmp_path), outside)
    await rig.start_all()
    await rig.live(1)
    return rig


async def crash(rig: Rig, *, come_back: bool = True) -> None:
    rig.world.machine.crash(COMFYUI)
    await rig.live(5)
    if come_back:
        rig.world.machine.start(COMFYUI)
        await rig.live(5)


def is_off(rig: Rig) -> bool:
    return rig.director.measures.is_off(rig.settings.workloads[COMFYUI])


async def killed(rig: Rig) -> None:
    """As far as the next run can see."""
    await rig.stop_all()


async def test_two_crashes_then_a_kill_of_bd1_then_a_third_crash_latch_it_off(tmp_path: Path, outside: Outside) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await crash(rig)
    assert not is_off(rig)
    await killed(rig)
    following = await begun(tmp_path, outside)
    assert not is_off(following)
    await crash(following, come_back=False)
    assert is_off(following)
    assert "ended by itself 3 times within 10 minutes" in following.told("exit comfyui")
    await following.stop_all()


async def test_a_crash_while_bd1_was_down_counts(tmp_path: Path, outside: Outside) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await crash(rig)
    await killed(rig)
    outside.world.machine.crash(COMFYUI)
    await outside.clock.advance(20)
    following = await begun(tmp_path, outside)
    assert is_off(following)
    assert "comfyui ended by itself once while I was not told." in following.told("exit comfyui")
    assert "exit code 1" in following.told("exit comfyui")
    await following.stop_all()


async def test_dockers_own_restarts_while_bd1_was_down_count_each(tmp_path: Path, outside: Outside) -> None:
    box = outside.world.machine.boxes[COMFYUI]
    box.policy, box.crashes_after_s = RestartPolicy.UNLESS_STOPPED, 4.0
    outside.world.machine.start(COMFYUI)
    await outside.clock.advance(18)
    outside.world.catch_up()
    assert box.restarts >= 3
    rig = await begun(tmp_path, outside)
    await rig.live(1)
    assert is_off(rig)
    assert (box.running, box.policy) == (False, RestartPolicy.NO)
    await rig.stop_all()


async def test_what_was_told_of_is_not_counted_again_by_the_next_look_or_the_next_run(
    tmp_path: Path, outside: Outside
) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await rig.live(60)
    await crash(rig)
    await rig.live(60)
    await killed(rig)
    following = await begun(tmp_path, outside)
    await following.live(60)
    assert len(following.director.exits.of(COMFYUI).exits) == 2
    assert not is_off(following)
    await following.stop_all()


async def test_stops_by_bd1_or_by_hand_are_no_crashes_whoever_was_there_to_hear_them(
    tmp_path: Path, outside: Outside
) -> None:
    rig = await begun(tmp_path, outside)
    for _ in range(3):
        await rig.switch("image")
        await rig.switch("idle")
    await killed(rig)
    outside.world.machine.start(COMFYUI)
    await outside.clock.advance(5)
    outside.world.catch_up()
    outside.world.machine.stop(COMFYUI, 10)
    await outside.clock.advance(20)
    following = await begun(tmp_path, outside)
    await following.live(30)
    assert following.director.exits.of(COMFYUI).exits == ()
    await following.stop_all()


async def test_crashes_of_long_ago_are_forgotten(tmp_path: Path, outside: Outside) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await crash(rig, come_back=False)
    await killed(rig)
    await outside.clock.advance(700)
    following = await begun(tmp_path, outside)
    outside.world.machine.start(COMFYUI)
    await following.live(5)
    await crash(following, come_back=False)
    assert len(following.director.exits.of(COMFYUI).exits) == 1
    await following.stop_all()


async def test_an_end_that_a_look_finds_first_is_counted_once_when_it_is_told_of(rig: Rig) -> None:
    exits = rig.director.exits
    rig.world.machine.start(COMFYUI)
    await rig.live(5)
    rig.world.catch_up()
    rig.world.machine.crash(COMFYUI)
    state = await rig.go(rig.containers.inspect(COMFYUI))
    assert exits.catch_up(COMFYUI, state) == 1
    assert exits.catch_up(COMFYUI, state) == 0
    exits.count(COMFYUI, rig.clock.now(), 1)
    assert len(exits.of(COMFYUI).exits) == 1
    await rig.live(0.5)
    exits.count(COMFYUI, rig.clock.now(), 1)  # an end of its own, however soon it came
    assert len(exits.of(COMFYUI).exits) == 2


async def test_a_disk_that_refuses_holds_nothing_up_and_is_written_to_later(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.start_all()
    await rig.switch("image")

    async def refuse(*_: object) -> None:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(rig.store, "put", refuse)
    await crash(rig)
    assert len(rig.director.exits.of(COMFYUI).exits) == 1
    assert await rig.store.items("exits") == ()
    monkeypatch.undo()
    await rig.live(60)
    ((name, document),) = await rig.store.items("exits")
    assert (name, len(document["exits"])) == (COMFYUI, 1)


async def test_ends_in_another_versions_shape_are_left_aside(rig: Rig) -> None:
    await rig.store.put("exits", COMFYUI, {"shape": "of another version"})
    await rig.director.load()
    assert rig.director.exits.of(COMFYUI).exits == ()


async def test_once_it_may_run_again_the_old_ends_are_held_against_nobody(tmp_path: Path, outside: Outside) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await crash(rig)
    await crash(rig, come_back=False)
    assert is_off(rig)
    comfyui = rig.settings.workloads[COMFYUI]
    assert (await rig.go(rig.director.measures.rearm(comfyui, "Leia"))).worked
    await rig.live(30)
    assert not is_off(rig)
    await killed(rig)
    following = await begun(tmp_path, outside)
    await following.live(30)
    assert not is_off(following)
    await following.stop_all()


async def test_a_clock_that_is_set_back_hides_no_end(tmp_path: Path, outside: Outside) -> None:
    rig = await begun(tmp_path, outside)
    await rig.switch("image")
    await crash(rig)
    await crash(rig)
    rig.clock.jump_wall(-3 * 3600)
    await crash(rig, come_back=False)
    assert is_off(rig)
    await rig.stop_all()
