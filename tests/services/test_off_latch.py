"""A workload that keeps ending by itself stays off, whoever wants to start it, until an operator lets it run again."""

from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.progress import Outcome
from bd1.core.settings import NewcomerPolicy, RestartPolicy
from bd1.errors import ContainerRefused
from bd1.sim.ledger import Leak
from tests.services.rig import Rig, build_outside, build_rig, rig_settings

COMFYUI = "comfyui"


async def crash_on(
    rig: Rig, seconds: float, *, leaves_mib: int, after_s: float = 15.0, policy: RestartPolicy = RestartPolicy.NO
) -> tuple[int, float]:
    """Lets ComfyUI crash after each start, and somebody start it again who knows no better.

    Answers how often it did, and the peak in %.
    """
    deaths: list[bool] = []
    rig.world.on_container(COMFYUI, lambda is_up: None if is_up else deaths.append(is_up))
    box = rig.world.machine.boxes[COMFYUI]
    box.policy, box.crashes_after_s, box.leaves_mib = policy, after_s, leaves_mib
    rig.world.machine.crash_in(COMFYUI, after_s)
    peak_mib = 0
    for _ in range(int(seconds / 0.5)):
        await rig.live(0.5)
        peak_mib = max(peak_mib, rig.world.used_mib)
        if box.status == "exited" and not rig.director.measures.is_off(rig.settings.workloads[COMFYUI]):
            rig.world.machine.start(COMFYUI)
    return len(deaths), 100 * peak_mib / rig.settings.gpu.total_mib


@pytest.mark.parametrize("leaves_mib", [300, 800, 2000])
async def test_a_crash_loop_ends_in_the_latch_after_three_crashes_at_most(rig: Rig, leaves_mib: int) -> None:
    await rig.switch("image")
    await rig.start_all()
    crashes, peak_pct = await crash_on(rig, 120, leaves_mib=leaves_mib)
    assert crashes <= 4  # the last is its stop
    assert peak_pct < 90
    box = rig.world.machine.boxes[COMFYUI]
    assert not box.running
    assert box.policy is RestartPolicy.NO
    story = rig.told("exit comfyui")
    assert "/gpu rearm comfyui" in story
    assert "exit code 1" in story
    assert "The card's floor rose: 460 MiB -> " in story


async def test_a_restart_policy_that_came_behind_bd1s_back_is_taken_away_before_it_can_loop(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    box = rig.world.machine.boxes[COMFYUI]
    box.policy = RestartPolicy.UNLESS_STOPPED  # nobody is told
    await rig.live(12)
    assert box.policy is RestartPolicy.NO
    assert "Its restart policy was unless-stopped, and I set it to no." in rig.told("policy comfyui")
    rig.world.machine.crash(COMFYUI)
    await rig.live(30)
    assert not box.running


async def test_a_workload_that_somebody_starts_with_a_forbidden_restart_policy_loses_it_at_once(rig: Rig) -> None:
    await rig.start_all()
    box = rig.world.machine.boxes[COMFYUI]
    box.policy = RestartPolicy.ALWAYS
    rig.world.machine.start(COMFYUI)
    await rig.live(0.5)
    assert (box.running, box.policy) == (True, RestartPolicy.NO)


async def test_a_workload_that_dies_at_once_each_time_is_latched_off_too(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    crashes, peak_pct = await crash_on(rig, 30, leaves_mib=2000, after_s=0.3)
    assert crashes <= 4
    assert peak_pct < 90
    assert rig.director.measures.is_off(rig.settings.workloads[COMFYUI])


async def test_a_switch_to_what_is_latched_off_is_refused_with_the_evidence(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await crash_on(rig, 60, leaves_mib=300)
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.REFUSED
    assert "comfyui is latched off since" in message
    assert "`/gpu rearm comfyui`" in message
    assert not rig.world.machine.boxes[COMFYUI].running


@pytest.mark.parametrize("policy", NewcomerPolicy)
async def test_what_is_latched_off_is_ended_when_somebody_starts_it_by_hand(
    tmp_path: Path, policy: NewcomerPolicy
) -> None:
    settings = rig_settings(tmp_path)
    workloads = settings.workloads | {COMFYUI: replace(settings.workloads[COMFYUI], newcomer=policy)}
    rig = build_rig(replace(settings, workloads=workloads))
    await rig.switch("image")
    await rig.start_all()
    await crash_on(rig, 60, leaves_mib=300)
    rig.world.machine.start(COMFYUI)
    await rig.live(2)
    assert not rig.world.machine.boxes[COMFYUI].running
    assert "comfyui is latched off since" in rig.told("newcomer comfyui")
    await rig.stop_all()


async def test_the_latch_outlives_bd1_and_the_machine_and_ends_what_came_up_meanwhile(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    outside = build_outside(settings)
    first = build_rig(settings, outside)
    await first.switch("image")
    await first.start_all()
    await crash_on(first, 60, leaves_mib=300)
    await first.stop_all()
    outside.world.machine.boxes[COMFYUI].crashes_after_s = None
    outside.world.machine.start(COMFYUI)
    second = build_rig(settings, outside)
    await second.start_all()
    await second.live(2)
    assert not outside.world.machine.boxes[COMFYUI].running
    message = await second.switch("image")
    assert "latched off" in message
    assert "exit code 1" in message
    await second.stop_all()


async def test_only_a_card_that_is_clean_lets_it_run_again(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await crash_on(rig, 60, leaves_mib=800)
    comfyui = rig.settings.workloads[COMFYUI]
    refused = await rig.go(rig.director.measures.rearm(comfyui, "Leia"))
    assert not refused.worked
    assert "comfyui stays off" in refused.text
    assert rig.director.measures.is_off(comfyui)
    rig.world.ledger.recover(Leak.LEFT)
    rig.world.machine.boxes[COMFYUI].crashes_after_s = None
    allowed = await rig.go(rig.director.measures.rearm(comfyui, "Leia"))
    assert allowed.text == "Leia lets comfyui run again: the card was proved to be free."
    assert not (await rig.go(rig.director.measures.rearm(comfyui, "Leia"))).worked
    await rig.switch("image")
    assert rig.progress.outcome is Outcome.DONE
    assert await rig.store.items("off") == ()


async def test_a_latch_of_another_version_keeps_the_workload_off(rig: Rig) -> None:
    await rig.store.put("off", COMFYUI, {"shape": "of another version"})
    await rig.director.load()
    assert rig.director.measures.is_off(rig.settings.workloads[COMFYUI])
    assert "latched off" in await rig.switch("image")


async def test_crashes_that_leave_little_and_come_seldom_latch_nothing(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    for _ in range(4):
        rig.world.machine.crash(COMFYUI)
        await rig.live(400)
        rig.world.machine.start(COMFYUI)
        await rig.live(10)
    assert not rig.director.measures.is_off(rig.settings.workloads[COMFYUI])


async def test_a_floor_that_rises_at_every_seldom_crash_latches_all_the_same(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.boxes[COMFYUI].leaves_mib = 300
    for _ in range(2):
        rig.world.machine.crash(COMFYUI)
        await rig.live(700)
        rig.world.machine.start(COMFYUI)
        await rig.live(10)
    assert rig.director.measures.is_off(rig.settings.workloads[COMFYUI])
    assert not rig.world.machine.boxes[COMFYUI].running
    assert "left more VRAM behind at each of 2 ends" in rig.told("exit comfyui")


async def test_a_forbidden_restart_policy_given_to_a_running_workload_is_taken_away_and_told(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.set_policy(COMFYUI, RestartPolicy.UNLESS_STOPPED)
    await rig.live(1)
    box = rig.world.machine.boxes[COMFYUI]
    assert box.policy is RestartPolicy.NO
    assert box.running
    assert "Its restart policy was unless-stopped, and I set it to no." in rig.told("policy comfyui")
    assert rig.alerts.open_incident("policy comfyui") is None


async def test_a_restart_policy_that_is_allowed_or_of_a_workload_without_vram_is_left_alone(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.set_policy("open-webui", RestartPolicy.ALWAYS)
    rig.world.machine.set_policy("ollama", RestartPolicy.NO)
    rig.world.machine.set_policy(COMFYUI, RestartPolicy.ALWAYS)
    await rig.live(1)
    assert rig.world.machine.boxes["open-webui"].policy is RestartPolicy.ALWAYS
    assert rig.world.machine.boxes[COMFYUI].policy is RestartPolicy.ALWAYS  # its start will be refused
    assert rig.alerts.all() == ()


async def test_a_restart_policy_that_cannot_be_taken_away_is_told_with_what_to_do(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("image")
    await rig.start_all()

    async def refuse(_name: str, _policy: RestartPolicy) -> None:
        raise ContainerRefused("Docker would not change the restart policy: permission denied.")

    monkeypatch.setattr(rig.containers, "set_restart_policy", refuse)
    rig.world.machine.set_policy(COMFYUI, RestartPolicy.ALWAYS)
    await rig.live(1)
    assert "permission denied" in rig.told("policy comfyui")
    assert "docker update --restart=no comfyui" in rig.told("policy comfyui")
    assert rig.alerts.open_incident("policy comfyui") is not None
    monkeypatch.undo()
    await rig.go(rig.containers.set_restart_policy(COMFYUI, RestartPolicy.NO))
    await rig.live(1)
    assert rig.alerts.open_incident("policy comfyui") is None
