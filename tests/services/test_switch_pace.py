"""How soon a switch notices what it waits for, and how seldom it asks meanwhile."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gate import Look
from bd1.services.waiting import next_pause_s
from tests.services.rig import Rig


@given(st.floats(0, 1e6), st.floats(0.001, 60))
def test_a_pause_is_a_twentieth_of_the_wait_and_never_longer_than_allowed(waited_s: float, longest_s: float) -> None:
    pause_s = next_pause_s(waited_s, longest_s)
    assert 0 < pause_s <= longest_s
    assert pause_s <= max(0.02, waited_s / 20) * (1 + 1e-9)


async def looks_of_a_switch(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> list[Look]:
    """Every look from chat to image, after the old mode was stopped."""
    looks: list[Look] = []
    look_around = rig.card.look_around

    async def noted() -> Look | None:
        look = await look_around()
        if look is not None and not rig.world.machine.boxes["ollama"].running:
            looks.append(look)
        return look

    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    monkeypatch.setattr(rig.card, "look_around", noted)
    assert await rig.switch("image") == "chat -> image"
    return looks


async def test_memory_that_is_back_is_seen_within_a_twentieth_of_the_time_it_took(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = await looks_of_a_switch(rig, monkeypatch)
    limit_mib = rig.card.idle_mib + rig.settings.gpu.tolerance_mib
    held = [look.sample.at_s for look in looks if look.sample.used_mib > limit_mib]
    back = [look.sample.at_s for look in looks if look.sample.used_mib <= limit_mib]
    assert held
    took_s = back[0] - held[0]
    assert took_s > 0.4
    assert back[0] - held[-1] <= 0.05 * took_s + 0.01


async def test_the_looks_that_prove_are_a_gate_interval_apart(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = await looks_of_a_switch(rig, monkeypatch)
    proof_s = [look.sample.at_s for look in looks[-rig.settings.switch.gate_samples :]]
    assert len(proof_s) == 3
    interval_s = rig.settings.switch.gate_interval_s
    assert all(later - earlier >= interval_s - 1e-6 for earlier, later in itertools.pairwise(proof_s))


async def test_a_container_that_takes_long_to_start_is_looked_at_twice_a_second_at_most(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    inspect = rig.containers.inspect

    async def noted(name: str) -> object:
        if name == "comfyui" and rig.world.machine.boxes[name].running:
            asked.append(rig.clock.monotonic())
        return await inspect(name)

    monkeypatch.setattr(rig.containers, "inspect", noted)
    await rig.switch("image")
    took_s = next(step.took_s for step in rig.progress.steps if step.key == "health comfyui")
    assert took_s is not None
    assert took_s > 1
    assert len([at for at in asked if at < rig.clock.monotonic() - 0.1]) <= 2 * took_s
