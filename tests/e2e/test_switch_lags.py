"""VRAM that comes back at once, late, too late or never: nothing starts on it before it is back."""

import asyncio
import os
from typing import Any

import pytest

from bd1.sim.discord.model import Message
from bd1.sim.discord.server import Rejected
from tests.e2e.stack import Scenes, Stack, moment_s, state_of, step

HELD_MIB = 2400
REASON = "that is the desktop, it stays small"
STARTS_NOTHING = "start nothing on a card that is not free"


async def drawing(scenes: Scenes, name: str, lag_s: float, timeout_s: float) -> Stack:
    """Image mode is on, and what it holds will come back this late."""
    stack = await scenes.make(
        name, comfyui={"STANDIN_IDLE_MIB": HELD_MIB}, switch={"release_timeout_s": timeout_s, "gate_interval_s": 0.1}
    )
    stack.card.set(release_lag_ms=round(lag_s * 1000))
    await stack.begin_in(stack.comfyui)
    return stack


async def check_lag(scenes: Scenes, lag_s: float, timeout_s: float) -> None:
    """The switch waits for as long as the memory does, and hardly longer."""
    stack = await drawing(scenes, f"lag {lag_s:g}", lag_s, timeout_s)
    bot = await stack.start()
    await stack.shows(await stack.switch("chat"), "image -> chat in", timeout_s=lag_s + 30)
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "done"
    gate_s = step(entry, "gate ollama")["took_s"]
    assert lag_s * 0.9 <= gate_s <= lag_s + 3
    assert (await stack.on_card()) == {"ollama"}
    gone, come = await asyncio.gather(
        asyncio.to_thread(state_of, stack.comfyui), asyncio.to_thread(state_of, stack.ollama)
    )
    assert moment_s(come["StartedAt"]) - moment_s(gone["FinishedAt"]) >= lag_s


async def check_too_late(scenes: Scenes) -> None:
    """Longer than anybody waits: refused and latched, until the memory is back after all."""
    stack = await drawing(scenes, "too late", lag_s=6, timeout_s=2)
    bot = await stack.start()
    told = await stack.shows(await stack.switch("chat"), STARTS_NOTHING)
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


async def test_a_switch_waits_for_its_memory_and_opens_late_rather_than_wrongly(scenes: Scenes) -> None:
    lags = [check_lag(scenes, lag_s, 10.0) for lag_s in (0.0, 1.0, 5.0)]
    await asyncio.gather(*lags, check_lag(scenes, 30.0, 40.0), check_too_late(scenes))


async def leaking(stack: Stack, **card: Any) -> Message:
    """Chat mode is on; then something takes the card, and Leia is refused image mode."""
    await stack.begin_in(stack.ollama)
    await stack.start()
    await stack.discord.wait_for(lambda _: stack.discord.bot_online, timeout=30)
    stack.card.set(**card)
    refusal = await stack.switch("image")
    await stack.shows(refusal, STARTS_NOTHING)
    return refusal


async def test_memory_that_never_comes_back_takes_an_operators_word_which_is_kept(stack: Stack) -> None:
    stack.settings = {"switch": {"release_timeout_s": 1, "gate_interval_s": 0.1}}
    refusal = await leaking(stack, leaked_mib=3000)
    assert "3 000 MiB of VRAM have not come back" in await stack.shows(refusal, "Refused")
    leia = stack.discord.person("Leia")
    form = await leia.click(refusal, "Override…")
    await form.acknowledged()
    question = await (await leia.submit_modal(form, reason=REASON)).response()
    assert await stack.on_card() == set()
    await leia.click(question, "Start anyway")
    await stack.shows(refusal, "-> image in")
    line = await stack.told(f"override by Leia: {REASON}")
    assert "→ image" in line.content
    refused, done = await stack.last_words(stack.bots[0])
    assert (refused["outcome"], refused["override"]) == ("refused", None)
    assert (done["outcome"], done["override"]) == ("done", f"Leia: {REASON}")
    assert await stack.on_card() == {"comfyui"}
    assert stack.kept("latch") == [{}]


async def test_no_word_opens_the_gate_above_the_ceiling(stack: Stack) -> None:
    stack.settings = {"switch": {"release_timeout_s": 1, "gate_interval_s": 0.1}, "watchdog": {"protect_pct": 100}}
    refusal = await leaking(stack, leaked_mib=12000)
    with pytest.raises(Rejected):
        await stack.discord.person("Leia").click(refusal, "Override…")
    assert await stack.on_card() == set()


async def test_whoever_holds_the_card_is_named(stack: Stack) -> None:
    stack.settings = {"switch": {"release_timeout_s": 1, "gate_interval_s": 0.1}}
    stack.card.claim(os.getpid(), 3000)
    refusal = await leaking(stack)
    told = await stack.shows(refusal, "Refused")
    assert f"PID {os.getpid()}" in told
    assert "3 000 MiB" in told
    (entry,) = await stack.last_words(stack.bots[0])
    assert f"PID {os.getpid()}" in entry["message"]
    assert any(f"PID {os.getpid()}" in holder for holder in entry["samples"][-1]["holders"])
