"""Two operators want something of the card at once: one switch, and everybody knows whose."""

import asyncio
import re

from bd1.sim.discord.interactions import Invocation
from tests.e2e.bot import text_of
from tests.e2e.stack import PATIENCE_S, Scenes, Stack


async def busy(scenes: Scenes) -> Stack:
    """Leia's switch to image mode is under way, and will be until the card is clean."""
    stack = await scenes.make("chat", switch={"release_timeout_s": 60, "gate_interval_s": 0.1})
    await stack.begin_in(stack.ollama)
    stack.card.set(leaked_mib=3000)
    await stack.start()
    return stack


async def test_whoever_wants_the_same_joins_and_sees_it_to_its_end(scenes: Scenes) -> None:
    stack = await busy(scenes)
    hers = await stack.switch("image", "Leia")
    await stack.shows(hers, "⏳ Prove that VRAM is back")
    his = await stack.switch("image", "Lando")
    await stack.shows(his, "⏳ Prove that VRAM is back")
    stack.card.set(leaked_mib=None)
    ends = await asyncio.gather(*(stack.shows(shown, "chat -> image in") for shown in (hers, his)))
    assert ends[0] == ends[1]
    (entry,) = await stack.last_words(stack.bots[0])
    assert (entry["by"], entry["outcome"]) == ("Leia", "done")


async def test_whoever_wants_something_else_is_told_who_what_and_since_when(scenes: Scenes) -> None:
    stack = await busy(scenes)
    hers = await stack.switch("image", "Leia")
    await stack.shows(hers, "⏳ Prove that VRAM is back")
    refused = await stack.ask("idle", "Lando")
    answer = await refused.response()
    assert re.search(r"Leia started a switch to image \d+ s ago", text_of(answer))
    stack.card.set(leaked_mib=None)
    await stack.shows(hers, "chat -> image in")
    (entry,) = await stack.last_words(stack.bots[0])
    assert (entry["target"], entry["outcome"]) == ("image", "done")
    assert await stack.on_card() == {"comfyui"}


async def test_of_two_who_ask_in_the_same_moment_one_switches_and_the_other_is_told(scenes: Scenes) -> None:
    stack = await busy(scenes)
    stack.card.set(leaked_mib=None)
    await stack.connected()
    asked = [stack.ask("image", "Leia"), stack.ask("idle", "Lando")]
    both: list[Invocation] = await asyncio.gather(*asked)
    answers = [await it.response() for it in both]
    told = re.compile(r"(Leia|Lando) started a switch to (image|idle) \d+ s ago")
    look = lambda: next((answer for answer in answers if told.search(text_of(answer))), None)  # noqa: E731
    await stack.discord.log.until(look, timeout=PATIENCE_S, awaited="that one of them is told of the other")
    await stack.told("done in")
    (entry,) = await stack.last_words(stack.bots[0])
    assert entry["outcome"] == "done"
    assert await stack.on_card() == ({"comfyui"} if entry["target"] == "image" else set())
