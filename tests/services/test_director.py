"""Mode switches on the simulated machine."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.progress import Outcome, StepState
from bd1.core.settings import RestartPolicy
from bd1.errors import Busy, SwitchRefused
from bd1.sim.card import RESERVED_MIB
from tests.services.rig import Rig, build_rig, rig_settings


async def test_chat_to_image_and_back_starts_each_only_on_a_free_card(rig: Rig) -> None:
    assert "chat" in await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    assert await rig.switch("image") == "chat -> image"
    assert (await rig.go(rig.fleet.refresh())).name == "image"
    steps = rig.progress.steps
    assert [step.key for step in steps] == [
        "drain", "unload", "stop ollama", "gate comfyui", "start comfyui", "health comfyui", "commit"
    ]  # fmt: skip
    assert all(step.state is StepState.DONE for step in steps)
    assert await rig.switch("chat") == "image -> chat"
    assert "comfyui" not in (await rig.go(rig.fleet.refresh())).running


async def test_a_switch_is_refused_while_vram_does_not_come_back_and_names_it(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.REFUSED
    assert "have not come back" in message
    assert not rig.world.machine.boxes["comfyui"].running
    assert (await rig.go(rig.fleet.refresh())).name == "idle"


async def test_the_same_target_joins_and_another_is_busy_with_who_and_since_when(rig: Rig) -> None:
    job = rig.director.switch("chat", "Leia")
    assert rig.director.switch("chat", "Han") is job
    with pytest.raises(Busy, match=r"Leia started a switch to chat 0 s ago"):
        rig.director.switch("image", "Han")
    await rig.live(30)
    assert job.progress.outcome is Outcome.DONE


async def test_an_unknown_mode_is_refused_with_the_names_there_are(rig: Rig) -> None:
    with pytest.raises(SwitchRefused, match="There are: chat, image, idle"):
        rig.director.switch("imaeg", "Leia")


async def test_nothing_starts_while_the_card_cannot_be_read(rig: Rig) -> None:
    await rig.switch("idle")
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    message = await rig.switch("chat")
    assert "cannot be read" in message
    assert not rig.world.machine.boxes["ollama"].running


async def test_a_container_that_dies_while_starting_is_told_at_once(rig: Rig) -> None:
    job = rig.director.switch("image", "Leia")
    while not rig.world.machine.boxes["comfyui"].running:
        await rig.live(0.1)
    rig.world.machine.crash("comfyui")
    await rig.live(2)
    assert job.progress.outcome is Outcome.FAILED
    assert "ended while it was starting" in job.progress.message


async def test_docker_away_fails_the_switch_with_a_sentence(rig: Rig) -> None:
    rig.world.machine.engine_away = True
    message = await rig.switch("image")
    assert "Docker engine does not answer" in message
    assert rig.progress.outcome is Outcome.FAILED


async def test_chat_is_told_why_it_must_wait_and_comes_back(rig: Rig) -> None:
    await rig.switch("image")
    assert "image mode" in (rig.admission.closed_because or "")
    assert "/gpu mode chat" in (rig.admission.closed_because or "")
    await rig.switch("chat")
    assert rig.admission.closed_because is None


async def test_a_switch_waits_for_answers_under_way(rig: Rig) -> None:
    await rig.switch("chat")
    door = asyncio.Event()
    with rig.admission.enter():
        job = rig.director.switch("image", "Leia")
        await rig.clock.settle()
        assert [step.key for step in job.progress.steps if step.state is StepState.RUNNING] == ["drain"]
        assert rig.world.machine.boxes["ollama"].running
        door.set()
    await rig.live(30)
    assert job.progress.outcome is Outcome.DONE


async def test_a_gpu_workload_started_by_hand_beside_another_is_stopped_and_told(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.start("comfyui")
    await rig.live(5)
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.world.machine.boxes["ollama"].running
    assert "started outside BD-1" in rig.told("newcomer comfyui")


async def test_a_crash_loop_is_ended_and_its_restart_policy_taken_away(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await rig.go(rig.troubles.set("crash_loop", on=True))
    await rig.live(60)
    box = rig.world.machine.boxes["comfyui"]
    assert not box.running
    assert box.policy == "no"
    assert "crash-looping" in rig.alerts.all()[0].title
    assert rig.world.used_mib < 0.9 * 20475


async def test_the_start_mode_is_brought_up_on_an_unused_card(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    rig = build_rig(replace(settings, switch=replace(settings.switch, start_mode="chat")))
    await rig.start_all()
    await rig.live(30)
    assert rig.fleet.view.name == "chat"
    assert rig.fleet.view.by == "BD-1 at its start"
    await rig.stop_all()


async def test_a_leak_is_stopped_before_the_card_is_full(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await rig.go(rig.troubles.set("leak", on=True))
    peak = 0
    for _ in range(900):
        await rig.live(0.1)
        peak = max(peak, rig.world.used_mib)
    assert peak < 20475
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.world.used_mib < RESERVED_MIB + 256
    story = rig.told("vram")
    assert "VRAM filling up" in story
    assert "Kill comfyui" in story
    assert "Back to normal" in story


async def test_a_workload_that_docker_would_restart_is_refused_before_anything_is_stopped(rig: Rig) -> None:
    await rig.switch("chat")
    rig.world.machine.boxes["comfyui"].policy = RestartPolicy.ALWAYS
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.REFUSED
    assert "docker update --restart=no comfyui" in message
    assert rig.world.machine.boxes["ollama"].running


async def test_while_the_card_is_forbidden_nothing_is_started_on_it_and_chat_says_why(rig: Rig) -> None:
    await rig.switch("chat")
    rig.director.forbid("The card has fallen off the bus.")
    assert rig.admission.closed_because == "The card has fallen off the bus."
    assert "fallen off the bus" in await rig.switch("image")
    assert rig.world.machine.boxes["ollama"].running
    assert await rig.switch("idle") == "chat -> idle"
    rig.director.forbid(None)
    assert await rig.switch("image") == "idle -> image"


async def test_a_card_that_is_forbidden_in_the_middle_of_a_switch_gets_no_new_workload_and_not_the_old_one(
    rig: Rig,
) -> None:
    await rig.switch("chat")
    job = rig.director.switch("image", "Leia")
    while not any(step.key == "gate comfyui" and step.started_s is not None for step in job.progress.steps):
        await rig.live(0.05)
    rig.director.forbid("The card has fallen off the bus.")
    await rig.live(30)
    assert job.progress.outcome is Outcome.REFUSED
    assert "fallen off the bus" in job.progress.message
    assert not any(box.running for box in rig.world.machine.boxes.values() if box.spec.uses_gpu)


async def test_the_start_mode_is_brought_up_once_the_card_may_be_used_again(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    rig = build_rig(replace(settings, switch=replace(settings.switch, start_mode="chat")))
    rig.director.forbid("The card has fallen off the bus.")
    await rig.start_all()
    await rig.live(30)
    assert not rig.world.machine.boxes["ollama"].running
    rig.director.forbid(None)
    await rig.live(30)
    assert rig.fleet.view.name == "chat"
    await rig.stop_all()
