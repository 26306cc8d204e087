"""VRAM that never comes back: who holds it is named, and only an operator's word starts something beside it."""

import os
from typing import Any

import pytest

from bd1.sim.discord.model import Message
from bd1.sim.discord.server import Rejected
from tests.e2e.stack import Stack

REASON = "that is the desktop, it stays small"
STARTS_NOTHING = "start nothing on a card that is not free"


async def leaking(stack: Stack, **card: Any) -> Message:
    """Chat mode is on; then something takes the card, and Leia is refused image mode."""
    await stack.begin_in(stack.ollama)
    await stack.start()
    await stack.connected()
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
