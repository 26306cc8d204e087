"""Questions that get no answer now: a sentence says why, and what can be done, on the loopback Discord."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.errors import ChatUnavailable
from bd1.services.chat import Chat
from bd1.sim.discord.model import Message
from tests.cogs.conftest import Home, buttons_of, patient

GENERAL = "general"


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """Of each person one question at a time."""
    return lambda settings: patient(replace(settings, chat=replace(settings.chat, max_per_user=1)))


async def say(home: Home, text: str) -> Message:
    return await home.discord.person("Han").say(GENERAL, f"<@{home.discord.bot.id}> {text}")


async def test_a_question_for_which_the_line_is_full_can_be_asked_again_by_a_button(home: Home) -> None:
    await home.until_mode("chat")
    door = asyncio.Event()
    home.rig.model.hold = door.wait
    first = await say(home, "one")
    await home.until(lambda: home.rig.model.asked, "the first question")
    second = await say(home, "two")
    refusal = await home.discord.message(GENERAL, where=lambda m: "of yours already" in m.content, timeout=10)
    assert list(buttons_of(refusal)) == ["Retry", "Delete"]
    await home.until(lambda: home.rig.chat.knows(second.id), "its entry")
    early = await (await home.discord.person("Han").click(refusal, "Retry")).response()
    assert "of yours already" in early.content
    under_way = home.rig.chat.find(first.id)
    assert under_way
    door.set()
    answer = await home.discord.message(GENERAL, where=lambda m: "tokens/s" in m.content, after=first, timeout=20)
    await under_way.left.wait()
    await home.discord.person("Han").click(refusal, "Retry")
    await home.discord.message(
        GENERAL, where=lambda m: m.id != answer.id and "tokens/s" in m.content, after=second, timeout=20
    )
    assert home.rig.model.turns[-1].content == "two"


async def test_a_sentence_with_foreign_words_in_it_breaks_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ChatUnavailable("**bold** <@1> says `no`")

    monkeypatch.setattr(Chat, "ask", refuse)
    await say(home, "one")
    refusal = await home.discord.message(GENERAL, where=lambda m: "says" in m.content, timeout=10)
    assert refusal.content == r"⚠️ \*\*bold\*\* \<\@1\> says `no`"


async def test_a_channel_in_which_nothing_can_be_posted_is_not_looked_through_for_ever(home: Home) -> None:
    await home.until_mode("chat")
    home.discord.faults.fail_requests("POST /channels/{channel_id}/messages", times=1, status=403)
    asked = await home.discord.person("Greedo").say(GENERAL, f"<@{home.discord.bot.id}> let me in")
    for _ in range(2):  # these are refused well; once the second is, the first of all has had its end
        again = await home.discord.person("Greedo").say(GENERAL, f"<@{home.discord.bot.id}> let me in")
        await home.discord.message(GENERAL, after=again, timeout=10)
    assert home.rig.chat.cursors.after(asked.channel_id) >= asked.id


async def test_forget_takes_back_what_is_still_held(home: Home) -> None:
    await home.until_mode("image")
    asked = await say(home, "one")
    held = await home.discord.message(GENERAL, where=lambda m: "in image mode" in m.content, timeout=10)
    shown = await (await home.discord.person("Han").slash("chat forget", channel="bridge")).response()
    await home.until_told(shown, "What you still waited for is taken back.")
    assert held.deleted
    assert home.rig.chat.find(asked.id) is None
    assert [document["asker"] for _, document in await home.rig.store.items("questions")] == [""]
