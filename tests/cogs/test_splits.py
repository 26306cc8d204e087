"""What one person posts right after one another is one question with one answer, on the loopback Discord."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.model import Channel, Message
from bd1.sim.discord.settings import ServerSettings
from tests.cogs.conftest import Home, patient

MESSAGE_CONTENT = 1 << 15
PARTS = ("this is my code:", "print(1)", "what does it print?")


@pytest.fixture
def discord_rules() -> ServerSettings:
    """The Message Content intent is switched on, and nobody is held back."""
    return ServerSettings(privileged_intents=MESSAGE_CONTENT, route_limits={})


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """The bot reads what does not mention it; one question in ten minutes, and one at a time, of each person."""

    def strict(settings: Settings) -> Settings:
        chat = replace(settings.chat, slow_mode_s=600.0, max_per_user=1)
        return patient(replace(settings, chat=chat, discord=replace(settings.discord, message_content=True)))

    return strict


def place(home: Home, name: str) -> Channel:
    return home.discord.person("Han").channel(name)


def said_by_bot(home: Home, where: Channel) -> list[Message]:
    return [message for message in home.discord.messages(where.id) if message.author_id == home.discord.bot.id]


async def answered(home: Home, question: Message, where: Channel) -> Message:
    return await home.discord.message(
        where.id,
        where=lambda m: bool(m.reference and m.reference.message_id == question.id) and "tokens/s" in m.content,
        timeout=20,
    )


def told(home: Home) -> list[str]:
    return [turn.content for turn in home.rig.model.turns if turn.role == "user"]


@pytest.mark.parametrize("where", ["dm", "bridge"])
async def test_split_messages_get_one_answer_below_the_last(home: Home, where: str) -> None:
    await home.until_mode("chat")
    door = asyncio.Event()
    home.rig.model.hold = door.wait
    here, han = place(home, where), home.discord.person("Han")
    parts = [await han.say(here, text) for text in PARTS]
    await home.until(lambda: told(home) == ["\n".join(PARTS)], "one question to the model")
    door.set()
    answer = await answered(home, parts[-1], here)
    assert said_by_bot(home, here) == [answer]
    assert all(home.rig.chat.knows(part.id) for part in parts)


async def test_split_messages_in_a_thread_get_one_answer(home: Home) -> None:
    await home.until_mode("chat")
    bridge, leia, han = place(home, "bridge"), home.discord.person("Leia"), home.discord.person("Han")
    opener = await leia.say(bridge, "let us talk of Chopper")
    await answered(home, opener, bridge)
    thread = home.discord.world.open_thread(opener, "Chopper", han.id)
    door = asyncio.Event()
    home.rig.model.hold = door.wait
    await han.say(thread, "one")
    last = await han.say(thread, "two")
    await home.until(lambda: told(home)[-1].endswith("one\ntwo"), "one question to the model")
    door.set()
    answer = await answered(home, last, thread)
    assert said_by_bot(home, thread) == [answer]


async def test_of_parts_that_wait_in_line_or_are_held_nothing_is_left_behind(home: Home) -> None:
    await home.until_mode("image")
    here, han = place(home, "dm"), home.discord.person("Han")
    await han.say(here, PARTS[0])
    await home.until(lambda: any("in image mode" in m.content for m in said_by_bot(home, here)), "the notice")
    last = await han.say(here, PARTS[1])
    await home.until(
        lambda: [m.reference.message_id for m in said_by_bot(home, here) if m.reference] == [last.id],
        "one notice, below the last part",
    )
    await home.until_mode("chat")
    answer = await answered(home, last, here)
    assert said_by_bot(home, here) == [answer]
    assert told(home) == ["\n".join(PARTS[:2])]
    assert home.rig.model.asked == 1


async def test_once_a_word_is_shown_the_next_message_is_a_question_of_its_own(home: Home) -> None:
    await home.until_mode("chat")
    door = asyncio.Event()

    async def hold() -> None:
        if home.rig.model.said:
            await door.wait()

    home.rig.model.hold = hold
    here, han = place(home, "dm"), home.discord.person("Han")
    first = await han.say(here, PARTS[0])
    await home.until(lambda: any(m.content == "Hello" for m in said_by_bot(home, here)), "a word")
    last = await han.say(here, PARTS[1])
    await home.until(lambda: home.rig.chat.knows(last.id) or len(said_by_bot(home, here)) > 1, "the second question")
    door.set()
    await answered(home, first, here)
    # of one person only one question may be in line: that the second is refused proves that it stands alone
    refusal = await home.discord.message(here.id, where=lambda m: m.content.startswith("⚠️"), timeout=10)
    assert refusal.reference
    assert refusal.reference.message_id == last.id


async def test_with_somebody_between_each_gets_an_answer(home: Home) -> None:
    await home.until_mode("image")
    here = place(home, "bridge")
    await home.discord.person("Han").say(here, "one")
    await home.discord.person("Leia").say(here, "two")
    await home.discord.person("Han").say(here, "three")
    refusal = await home.discord.message(here.id, where=lambda m: m.content.startswith("⚠️"), timeout=10)
    assert refusal
    assert len([m for m in said_by_bot(home, here) if "in image mode" in m.content]) == 2


async def test_after_a_restart_no_part_is_answered_again(home: Home) -> None:
    await home.until_mode("image")
    here, han = place(home, "dm"), home.discord.person("Han")
    parts = [await han.say(here, text) for text in PARTS]
    await home.until(
        lambda: [m.reference.message_id for m in said_by_bot(home, here) if m.reference] == [parts[-1].id],
        "one notice, below the last part",
    )
    await home.restart_bot()
    await home.until_mode("chat")
    answer = await answered(home, parts[-1], here)
    assert said_by_bot(home, here) == [answer]
    assert home.rig.model.asked == 1


async def test_parts_that_were_said_while_nobody_listened_get_one_answer(home: Home) -> None:
    await home.until_mode("image")
    here, han = place(home, "bridge"), home.discord.person("Han")
    await home.stop_bot()
    parts = [await han.say(here, text) for text in PARTS]
    await home.start_bot()
    await home.until_mode("chat")
    answer = await answered(home, parts[-1], here)
    assert said_by_bot(home, here) == [answer]
    assert told(home) == ["\n".join(PARTS)]
