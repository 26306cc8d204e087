"""Which steps protection takes, in which order, and what it tells of them. The ceiling leaves room for mild ones."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.errors import ContainerRefused
from tests.services.rig import Rig, build_rig, rig_settings

FULL_MIB = 16_600
"""Over the protective threshold of these tests, and far from the ceiling."""


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Rig]:
    """Called for protection at 80 %, with 15 % of the card left to the ceiling."""
    settings = rig_settings(tmp_path)
    limits = replace(settings.watchdog, warn_pct=70.0, alert_pct=75.0, protect_pct=80.0)
    made = build_rig(replace(settings, watchdog=limits))
    yield made
    await made.stop_all()


def fill(rig: Rig, name: str, to_mib: int = FULL_MIB) -> int:
    """Lets a running container hold so much that the card shows `to_mib`; answers its PID."""
    pid = rig.world.machine.boxes[name].pid or 0
    rig.world.ledger.seize(pid, "hog", to_mib - rig.world.used_mib)
    return pid


def steps(rig: Rig) -> list[str]:
    """What was done, in order, without the figures."""
    verbs = ("Unload the model of", "Pause", "Stop", "Kill")
    return [verb for line in rig.told("vram").splitlines() for verb in verbs if line.startswith(f"{verb} ")]


async def test_each_step_is_harsher_than_the_last_and_is_told_with_what_it_freed(patient: Rig) -> None:
    await patient.switch("chat")
    await patient.start_all()
    await patient.live(6)
    fill(patient, "ollama")
    await patient.live(15)
    assert steps(patient) == ["Unload the model of", "Pause", "Stop"]
    assert "Stop ollama: 16\N{NARROW NO-BREAK SPACE}600 MiB -> 460 MiB." in patient.told("vram")
    assert not patient.world.machine.boxes["ollama"].running


async def test_a_model_that_is_let_go_of_ends_it_and_the_container_runs_on(patient: Rig) -> None:
    await patient.switch("chat")
    await patient.go(patient.model.load("llama3:8b", num_ctx=8192))
    await patient.start_all()
    await patient.live(6)
    fill(patient, "ollama")
    await patient.live(15)
    assert steps(patient) == ["Unload the model of"]
    assert patient.world.machine.boxes["ollama"].running


async def test_comfyui_gives_up_its_picture_and_lets_go_of_its_models(patient: Rig) -> None:
    await patient.switch("image")
    patient.world.activity.queue(1)
    await patient.live(3)
    await patient.start_all()
    await patient.live(6)
    fill(patient, "comfyui")
    await patient.live(15)
    assert steps(patient) == ["Unload the model of"]
    assert patient.world.activity.jobs() == (0, 0)
    assert patient.world.machine.boxes["comfyui"].running


async def test_memory_that_comes_back_late_lets_a_paused_container_go_on(patient: Rig) -> None:
    await patient.switch("chat")
    await patient.go(patient.model.load("llama3:8b", num_ctx=8192))
    patient.world.ledger.release_lag_s = (3.0, 3.0)
    await patient.start_all()
    await patient.live(6)
    fill(patient, "ollama")
    await patient.live(15)
    assert steps(patient) == ["Unload the model of", "Pause"]
    assert "goes on" in patient.told("vram")
    assert patient.world.machine.boxes["ollama"].status == "running"


async def test_a_deaf_container_that_passes_the_ceiling_within_its_grace_is_killed_at_once(patient: Rig) -> None:
    await patient.switch("image")
    await patient.start_all()
    await patient.live(6)
    box = patient.world.machine.boxes["comfyui"]
    box.is_deaf = True
    pid = fill(patient, "comfyui")
    while "Pause comfyui" not in patient.told("vram"):
        await patient.live(0.05)
    await patient.live(1.5)
    assert box.running
    patient.world.ledger.seize(pid, "more", 19_600 - patient.world.used_mib)
    await patient.live(0.4)
    assert not box.running
    assert "The ceiling is passed" in patient.told("vram")


async def test_growth_that_leaves_no_time_for_the_mild_steps_is_met_with_a_kill(patient: Rig) -> None:
    await patient.switch("image")
    await patient.start_all()
    await patient.live(6)
    pid = patient.world.machine.boxes["comfyui"].pid or 0
    patient.world.ledger.claim(pid, "leak", 20_475, 2048)
    await patient.live(15)
    assert steps(patient) == ["Kill"]
    assert "grew by" in patient.told("vram")


async def test_above_the_ceiling_nobody_is_asked(patient: Rig) -> None:
    await patient.switch("chat")
    await patient.start_all()
    await patient.live(6)
    fill(patient, "ollama", 19_600)
    await patient.live(1.3)
    assert not patient.world.machine.boxes["ollama"].running
    await patient.live(5)
    assert steps(patient) == ["Kill"]


async def test_a_stop_that_docker_refuses_is_followed_by_the_kill(
    patient: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await patient.switch("image")

    async def refuse(_name: str, _grace_s: float) -> None:
        raise ContainerRefused("Docker would not stop it: permission denied.")

    monkeypatch.setattr(patient.containers, "stop", refuse)
    await patient.start_all()
    await patient.live(6)
    fill(patient, "comfyui")
    await patient.live(15)
    assert not patient.world.machine.boxes["comfyui"].running
    story = patient.told("vram")
    assert story.index("I tried to stop comfyui: Docker would not stop it") < story.index("Kill comfyui")


async def test_a_card_that_goes_blind_after_a_step_is_not_acted_on_until_it_is_seen_again(patient: Rig) -> None:
    await patient.switch("chat")
    fill(patient, "ollama")
    evicting = asyncio.create_task(patient.director.evict("the test says so"))
    await patient.live(0.5)
    await patient.go(patient.troubles.set("gpu_lost", on=True))
    await patient.live(20)
    assert evicting.done()
    assert patient.world.machine.boxes["ollama"].running
    assert steps(patient) == ["Unload the model of"]
    await patient.go(patient.troubles.reset())
    await patient.go(patient.director.evict("the test says so"))
    assert not patient.world.machine.boxes["ollama"].running
