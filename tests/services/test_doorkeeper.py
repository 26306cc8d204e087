"""Who comes up on the card outside BD-1, beside another one, is ended within half a second; who may be there stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.progress import Outcome
from bd1.core.settings import Mode, NewcomerPolicy
from tests.services.rig import Rig, build_rig, rig_settings

NO_LONGER_S = 0.5


def up(rig: Rig) -> list[str]:
    rig.world.catch_up()
    return [name for name in ("ollama", "comfyui") if rig.world.machine.boxes[name].running]


async def both_up_s(rig: Rig, within_s: float) -> float:
    """How long two were up together."""
    together_s = 0.0
    for _ in range(round(within_s / 0.01)):
        await rig.live(0.01)
        together_s += 0.01 * (len(up(rig)) == 2)
    return together_s


@pytest.mark.parametrize(("first", "newcomer"), [("chat", "comfyui"), ("image", "ollama")])
async def test_a_newcomer_is_gone_within_half_a_second_and_the_gates_reason_is_told(
    rig: Rig, first: str, newcomer: str
) -> None:
    await rig.switch(first)
    await rig.start_all()
    before = up(rig)
    rig.world.machine.start(newcomer)
    assert 0 < await both_up_s(rig, 5) <= NO_LONGER_S
    assert up(rig) == before
    assert "I stopped it." in rig.told(f"newcomer {newcomer}")
    assert rig.alerts.open_incident(f"newcomer {newcomer}") is None


async def test_a_newcomer_that_is_deaf_to_a_polite_stop_gets_no_grace(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.boxes["comfyui"].spec = replace(rig.world.machine.boxes["comfyui"].spec, stop_s=3600.0)
    rig.world.machine.start("comfyui")
    assert 0 < await both_up_s(rig, 5) <= NO_LONGER_S


async def test_the_reason_names_who_holds_the_card(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.start_all()
    await rig.live(3)
    rig.world.machine.start("comfyui")
    await rig.live(3)
    assert "ollama, 4 700 MiB" in rig.told("newcomer comfyui").replace("\N{NARROW NO-BREAK SPACE}", " ")


async def test_one_whose_policy_is_warn_stays_and_is_told_once(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    comfyui = replace(settings.workloads["comfyui"], newcomer=NewcomerPolicy.WARN)
    rig = build_rig(replace(settings, workloads=settings.workloads | {"comfyui": comfyui}))
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.start("comfyui")
    await rig.live(60)
    assert up(rig) == ["ollama", "comfyui"]
    told = rig.told("newcomer comfyui")
    assert "Its policy is warn, so it stays" in told
    assert len([incident for incident in rig.alerts.all() if incident.key == "newcomer comfyui"]) == 1
    await rig.stop_all()


async def test_one_that_some_mode_has_together_with_the_other_stays(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    both = Mode(name="both", workloads=("ollama", "comfyui"))
    rig = build_rig(replace(settings, modes=settings.modes | {"both": both}))
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.start("comfyui")
    await rig.live(20)
    assert rig.fleet.view.name == "both"
    await rig.stop_all()


async def test_the_old_workload_started_again_by_hand_at_the_gate_is_ended_and_the_switch_goes_on(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.start_all()
    job = rig.director.switch("image", "Leia")
    while not any(step.key == "gate comfyui" and step.started_s is not None for step in job.progress.steps):
        await rig.live(0.05)
    rig.world.machine.start("ollama")
    await rig.live(1)
    assert "ollama" not in up(rig)
    await rig.live(20)
    assert job.progress.outcome is Outcome.DONE
    assert up(rig) == ["comfyui"]


async def test_the_target_started_by_hand_before_its_turn_is_ended_and_comes_up_through_the_gate(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    with rig.admission.enter("Han"):
        job = rig.director.switch("image", "Leia")
        await rig.live(1)
        rig.world.machine.start("comfyui")
        assert 0 < await both_up_s(rig, 2) <= NO_LONGER_S
    await rig.live(30)
    assert job.progress.outcome is Outcome.DONE
    assert up(rig) == ["comfyui"]


async def test_what_bd1_has_let_in_and_what_died_since_are_told_apart(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.crash("comfyui")
    await rig.live(5)
    rig.world.machine.start("ollama")
    await rig.live(5)
    assert up(rig) == ["ollama"]
    rig.world.machine.start("comfyui")
    assert await both_up_s(rig, 5) <= NO_LONGER_S
    assert up(rig) == ["ollama"]
