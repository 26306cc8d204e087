"""`/chat` on the loopback Discord."""

import logging
from typing import Any

import pytest

from bd1.core.tools import TOOLS_TOKENS
from bd1.sim.discord.model import Message
from bd1.sim.discord.server import Upload
from tests.cogs.conftest import Home, buttons_of, text_of

GENERAL = "general"


async def ask(home: Home, who: str, where: str, text: str, reply_to: Message | None = None) -> Message:
    """Asks, and waits for the end of the answer."""
    said = f"<@{home.discord.bot.id}> {text}"
    question = await home.discord.person(who).say(where, said, reply_to=reply_to)
    return await home.discord.message(where, where=lambda m: "tokens/s" in m.content, after=question, timeout=20)


def told(home: Home) -> list[str]:
    return [turn.content for turn in home.rig.model.turns]


async def set_persona(home: Home, who: str, text: str, **options: Any) -> Message:
    """Fills in the form."""
    shown = await home.discord.person(who).slash("chat persona", channel="bridge", **options)
    await shown.acknowledged(5)
    return await (await home.discord.person(who).submit_modal(shown, persona=text)).response()


async def test_after_a_reset_a_reply_begins_anew(home: Home) -> None:
    await home.until_mode("chat")
    answer = await ask(home, "Han", "bridge", "my ship is the Falcon")
    said = await (await home.discord.person("Han").slash("chat reset", channel="bridge")).response()
    assert "begins anew here" in said.content
    await ask(home, "Han", "bridge", "what is my ship?", answer)
    assert told(home)[1:] == ["what is my ship?"]
    await home.restart_bot()
    await home.rig.services.memory.load()
    await ask(home, "Han", "bridge", "and now?", answer)
    assert told(home)[1:] == ["and now?"]


async def test_a_persona_holds_in_its_channel_and_one_for_everywhere_elsewhere(home: Home) -> None:
    await home.until_mode("chat")
    first = await set_persona(home, "Leia", "You are a protocol droid.")
    assert first.ephemeral
    await set_persona(home, "Leia", "You are a pilot.", everywhere=True)
    await ask(home, "Han", "bridge", "who are you?")
    assert told(home)[0] == "You are a protocol droid."
    await ask(home, "Han", GENERAL, "who are you?")
    assert told(home)[0] == "You are a pilot."
    await set_persona(home, "Leia", "")
    await ask(home, "Han", "bridge", "who are you?")
    assert told(home)[0] == "You are a pilot."


async def test_only_operators_say_who_the_bot_is_also_when_the_form_is_sent(home: Home) -> None:
    refused = await (await home.discord.person("Han").slash("chat persona", channel="bridge")).response()
    assert refused.ephemeral
    assert "Only operators" in refused.content
    shown = await home.discord.person("Leia").slash("chat persona", channel="bridge")
    await shown.acknowledged(5)
    home.discord.world.members[home.discord.person("Leia").id].role_ids.clear()
    late = await (await home.discord.person("Leia").submit_modal(shown, persona="You obey me.")).response()
    assert "Only operators" in late.content
    assert home.rig.services.memory.persona().channel_id is None


async def test_context_counts_what_the_model_may_ask_for(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.abilities = ("completion", "tools")
    shown = await (await home.discord.person("Han").slash("chat context", channel=GENERAL)).response()
    await home.until_told(shown, f"({TOOLS_TOKENS} of them for the facts it may ask for)")


async def test_context_shows_what_would_be_told_and_what_not(home: Home) -> None:
    await home.until_mode("chat")
    await ask(home, "Han", GENERAL, "my ship is the Falcon")
    shown = await (await home.discord.person("Han").slash("chat context", channel=GENERAL)).response()
    await home.until_told(shown, "my ship is the Falcon")
    text = text_of(shown)
    assert shown.ephemeral
    assert "**me** ~" in text
    assert "Hello there." in text
    assert "of 6144, and 2048 for the answer" in text
    assert "llama3:8b" in text
    assert "Persona (as configured)" in text
    empty = await (await home.discord.person("Han").slash("chat context", channel="bridge")).response()
    await home.until_told(empty, "begins a new conversation")


async def again(home: Home, who: str) -> None:
    """Presses Regenerate below somebody's answer, and waits for the other one."""
    bot = home.discord.bot.id
    first = next(m for m in home.discord.messages("bridge") if m.author_id == bot)
    await home.until(lambda: "Regenerate" in buttons_of(first), "the buttons")
    last = home.discord.messages("bridge")[-1]
    await home.discord.person(who).click(first, "Regenerate")
    await home.discord.message("bridge", where=lambda m: "Regenerate" in buttons_of(m), after=last, timeout=20)


async def test_forget_erases_ones_own_entries_and_no_others(home: Home) -> None:
    await home.until_mode("chat")
    await ask(home, "Han", "bridge", "one")
    await ask(home, "Leia", "bridge", "two")
    await again(home, "Han")
    chat = home.rig.services.chat
    shown = await (await home.discord.person("Han").slash("chat forget", channel="bridge")).response()
    await home.until_told(shown, "erased what I kept about you (1 entry)")
    kept = sorted([document for _, document in await home.rig.store.items("questions")], key=lambda it: it["asker"])
    assert [document["asker"] for document in kept] == ["", "Leia"], "a bare id stays: it is not answered twice"
    assert (kept[0]["asker_id"], kept[0]["message_ids"], kept[0]["earlier_ids"], kept[0]["ending"]) == (0, [], [], "")
    assert await chat.left_open() == ()


async def test_a_stranger_may_not_use_it(home: Home) -> None:
    for command in ("reset", "context", "persona", "forget"):
        said = await (await home.discord.person("Greedo").slash(f"chat {command}", channel="bridge")).response()
        assert said.ephemeral
        assert "may not use BD-1" in said.content


async def test_what_people_say_is_never_in_the_log_nor_on_the_disk(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bd1")
    caplog.set_level(logging.DEBUG, "cogs")
    await home.until_mode("chat")
    await set_persona(home, "Leia", "You are a protocol droid.")
    await home.discord.person("Han").say(
        "bridge",
        f"<@{home.discord.bot.id}> the plans are in the droid",
        files=[Upload(filename="plans.txt", data=b"exhaust port", content_type="text/plain")],
    )
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=20)
    assert "exhaust port" in told(home)[-1]
    home.rig.model.hold = _break
    await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}> the plans once more")
    await home.discord.message(
        "bridge", where=lambda m: "unexpected" in m.content or "did not expect" in m.content, timeout=20
    )
    kept = repr([await home.rig.store.items(name) for name in ("questions", "thoughts", "chat reset", "chat tokens")])
    for secret in ("the plans", "exhaust port", "Hello there"):
        assert secret not in caplog.text
        assert secret not in kept
    assert "protocol droid" not in caplog.text


async def _break() -> None:
    raise ValueError("a surprise")
