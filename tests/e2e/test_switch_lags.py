"""VRAM that comes back at once, late, or too late: a switch waits for it, and nothing starts before it is back."""

import asyncio

import pytest

from tests.e2e.stack import Scenes, Stack, moment_s, state_of, step

pytestmark = pytest.mark.timeout(240)

HARDLY_LONGER_S = 5.0


async def drawing(scenes: Scenes, name: str, lag_s: float, timeout_s: float) -> Stack:
    """Image mode is on, and what it holds will come back this late."""
    switch = {"release_timeout_s": timeout_s, "gate_interval_s": 0.1}
    stack = await scenes.make(name, comfyui={"STANDIN_IDLE_MIB": 2400}, switch=switch)
    stack.card.set(release_lag_ms=round(lag_s * 1000))
    await stack.begin_in(stack.comfyui)
    return stack


async def check_lag(scenes: Scenes, lag_s: float, timeout_s: float) -> None:
    """The switch waits for as long as the memory does, and hardly longer."""
    stack = await drawing(scenes, f"lag of {lag_s:g} s", lag_s, timeout_s)
    bot = await stack.start()
    await stack.shows(await stack.switch("chat"), "image -> chat in", timeout_s=lag_s + 60)
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "done"
    assert step(entry, "gate ollama")["took_s"] <= lag_s + HARDLY_LONGER_S
    assert await stack.on_card() == {"ollama"}
    gone, come = await asyncio.gather(*(asyncio.to_thread(state_of, it) for it in (stack.comfyui, stack.ollama)))
    assert (
        moment_s(come["StartedAt"]) - moment_s(gone["FinishedAt"]) >= lag_s
    )  # the gate may be asked well after the death


async def check_too_late(scenes: Scenes) -> None:
    """Longer than anybody waits: refused and latched, until the memory is back after all."""
    stack = await drawing(scenes, "too late", lag_s=8, timeout_s=2)
    bot = await stack.start()
    told = await stack.shows(await stack.switch("chat"), "start nothing on a card that is not free")
    assert "2 400 MiB of VRAM have not come back, and no process on the card explains them" in told
    unsafe = await stack.told("idle, unsafe")
    assert await stack.on_card() == set()
    await stack.shows(unsafe, "The card is clean again.")
    assert await stack.on_card() == set()
    await stack.shows(await stack.switch("chat"), "-> chat in")
    first, second = await stack.last_words(bot)
    assert (first["outcome"], second["outcome"]) == ("refused", "done")
    assert step(first, "gate ollama")["state"] == "failed"
    assert stack.kept("latch") == [{}]


async def test_a_switch_waits_for_its_memory_and_starts_late_rather_than_too_soon(scenes: Scenes) -> None:
    lags = [check_lag(scenes, lag_s, 10.0) for lag_s in (0.0, 1.0, 5.0)]
    await asyncio.gather(*lags, check_lag(scenes, 30.0, 40.0), check_too_late(scenes))
