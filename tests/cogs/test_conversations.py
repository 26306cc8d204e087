"""What is told to the model, read off the loopback Discord: the one rule of a conversation."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.events import MessageDeleted
from bd1.sim.discord.model import Channel, Message
from bd1.sim.discord.seed import BOT_ROLE_ID, CREW_ROLE_ID
from bd1.sim.discord.settings import ServerSettings
from tests.cogs.conftest import Home, buttons_of, patient

MESSAGE_CONTENT = 1 << 15
GENERAL = "general"


@pytest.fixture
def discord_rules() -> ServerSettings:
    """The Message Content intent is switched on, and nobody is held back."""
    return ServerSettings(privileged_intents=MESSAGE_CONTENT, route_limits={})


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """The bot reads what does not mention it, as in a chat channel."""

    def reading(settings: Settings) -> Settings:
        return patient(replace(settings, discord=replace(settings.discord, message_content=True)))

    return reading


def mention(home: Home) -> str:
    return f"<@{home.discord.bot.id}>"


async def ask(
    home: Home, who: str, where: Channel | str, text: str, reply_to: Message | None = None
) -> tuple[Message, list[tuple[str, str]]]:
    """Asks, waits for the end of the answer, and tells what the model was sent after the persona."""
    person = home.discord.person(who)
    question = await person.say(where, f"{mention(home)} {text}", reply_to=reply_to)
    place = person.channel(where)
    answer = await home.discord.message(place.id, where=lambda m: "tokens/s" in m.content, after=question, timeout=20)
    return answer, [(turn.role, turn.content) for turn in home.rig.model.turns[1:]]


async def test_a_chain_is_read_with_one_look_at_the_history_after_a_restart(home: Home) -> None:
    await home.until_mode("chat")
    answer = None
    for number in range(6):
        answer, _ = await ask(home, "Han", GENERAL, f"number {number}", answer)
    await home.restart_bot()
    looks: list[str] = []
    home.discord.on_exchange.append(
        lambda e: looks.append(e.path) if e.method == "GET" and "messages" in e.path else None
    )
    _, told = await ask(home, "Han", GENERAL, "and now", answer)
    assert [text for role, text in told if role == "user"] == [*(f"number {number}" for number in range(6)), "and now"]
    assert len(looks) == 1


async def test_a_deleted_message_ends_the_chain_and_no_more(home: Home) -> None:
    await home.until_mode("chat")
    first, _ = await ask(home, "Han", GENERAL, "the first")
    second, _ = await ask(home, "Han", GENERAL, "the second", first)
    home.discord.world.delete(first)
    await home.discord.event(MessageDeleted, timeout=5)
    _, told = await ask(home, "Han", GENERAL, "the third", second)
    assert told == [("user", "the second"), ("assistant", "Hello there."), ("user", "the third")]


async def test_in_a_chat_channel_the_last_messages_of_everybody_count_by_name(home: Home) -> None:
    await home.until_mode("chat")
    await ask(home, "Han", "bridge", "I am first")
    _, told = await ask(home, "Leia", "bridge", "and I am second")
    assert told == [
        ("user", "Han: I am first"),
        ("assistant", "Hello there."),
        ("user", "Leia: and I am second"),
    ]


async def test_in_a_thread_what_it_was_opened_on_comes_first(home: Home) -> None:
    await home.until_mode("chat")
    world = home.discord.world
    opener = await home.discord.person("Han").say(GENERAL, "let us talk of Chopper")
    thread = world.open_thread(opener, "Chopper", home.discord.person("Han").id)
    await ask(home, "Han", thread, "one")
    await home.discord.person("Han").say(GENERAL, "not in the thread")
    _, told = await ask(home, "Han", thread, "two")
    assert [text for _, text in told] == ["let us talk of Chopper", "one", "Hello there.", "two"] or [
        text for _, text in told
    ] == ["let us talk of Chopper\none", "Hello there.", "two"]


async def test_a_thread_of_a_chat_channel_needs_no_mention(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    thread = home.discord.world.open_thread(await han.say(GENERAL, "a"), "elsewhere", han.id)
    await han.say(thread, "nobody is asked here")
    thread = home.discord.world.open_thread(await han.say("bridge", f"{mention(home)} b"), "Chopper", han.id)
    said = await han.say(thread, "go on")
    await home.discord.message(thread.id, where=lambda m: "tokens/s" in m.content, after=said, timeout=20)
    assert home.rig.model.turns[-1].content.endswith("go on")
    assert home.rig.model.asked == 2


async def test_a_direct_message_needs_no_reply(home: Home) -> None:
    await home.until_mode("chat")
    await ask(home, "Han", "dm", "my ship is the Falcon")
    _, told = await ask(home, "Han", "dm", "what is my ship?")
    assert [text for _, text in told] == ["my ship is the Falcon", "Hello there.", "what is my ship?"]


async def test_what_one_person_splits_is_one_turn(home: Home) -> None:
    await home.until_mode("chat")
    await home.discord.person("Han").say(GENERAL, "this is my code:")
    await home.discord.person("Han").say(GENERAL, "print(1)")
    _, told = await ask(home, "Han", GENERAL, "what does it print?")
    assert told == [("user", "this is my code:\nprint(1)\nwhat does it print?")]


@pytest.mark.parametrize("seed", range(4))
async def test_secrets_stay_in_their_conversation(home: Home, seed: int) -> None:
    await home.until_mode("chat")
    chance = random.Random(seed)  # noqa: S311 a test's dice
    last: dict[str, Message] = {}
    for number in range(12):
        who = chance.choice(["Han", "Leia"])
        where = chance.choice([GENERAL, "bridge", "dm"])
        word = where if where == "bridge" else f"{where}-{who}"
        above = last.get(word) if where == GENERAL and chance.random() < 0.7 else None
        await home.discord.person("Leia" if who == "Han" else "Han").say(GENERAL, "chatter")
        last[word], told = await ask(home, who, where, f"{word} {number}", above)
        asked = [text for role, text in told if role == "user"]
        assert all(word in text for text in asked), (word, asked)
        assert not any(other in text for text in asked for other in last if other != word)


async def test_what_only_says_why_there_is_no_answer_is_never_told_to_the_model(home: Home) -> None:
    await home.until_mode("chat")
    greedo = await home.discord.person("Greedo").say("bridge", f"{mention(home)} let me in")
    await home.discord.message("bridge", after=greedo, timeout=5)
    _, told = await ask(home, "Han", "bridge", "hello")
    assert told == [("user", "Greedo: let me in"), ("user", "Han: hello")]


async def test_a_long_answer_is_remembered_whole_from_its_file(home: Home) -> None:
    await home.until_mode("chat")
    words = ("lightsaber ",) * 1400  # too long for the messages of an answer, not for the context
    home.rig.model.words = words
    person = home.discord.person("Han")
    question = await person.say(GENERAL, f"{mention(home)} tell me a long story")
    answer = await home.discord.message(GENERAL, where=lambda m: bool(m.attachments), after=question, timeout=60)
    await home.until(lambda: "tokens/s" in answer.content, "the figures")
    home.rig.model.words = ("Short.",)
    said = await person.say(GENERAL, f"{mention(home)} and then?", reply_to=answer)
    await home.discord.message(GENERAL, where=lambda m: "tokens/s" in m.content, after=said, timeout=30)
    (remembered,) = [turn.content for turn in home.rig.model.turns if turn.role == "assistant"]
    assert remembered.count("lightsaber") == len(words)


async def test_a_bare_mention_below_a_message_asks_about_that_message(home: Home) -> None:
    await home.until_mode("chat")
    said = await home.discord.person("Leia").say(GENERAL, "help me, you are my only hope")
    _, told = await ask(home, "Han", GENERAL, "", said)
    assert told == [("user", "help me, you are my only hope")]


async def test_a_bare_mention_below_nothing_is_told_so(home: Home) -> None:
    await home.until_mode("chat")
    alone = await home.discord.person("Han").say(GENERAL, mention(home))
    answer = await home.discord.message(GENERAL, where=lambda m: m.content.startswith("⚠️"), after=alone, timeout=5)
    assert answer.content == "⚠️ There is nothing in your message that I can read. Please write your question in it."
    assert home.rig.model.asked == 0


async def test_asked_again_in_a_thread_the_model_is_told_the_same(home: Home) -> None:
    await home.until_mode("chat")
    world, han = home.discord.world, home.discord.person("Han")
    await home.rig.services.memory.set_persona(han.channel(GENERAL).id, "You are a protocol droid.")
    thread = world.open_thread(await han.say(GENERAL, "let us talk of Chopper"), "Chopper", han.id)
    await ask(home, "Han", thread, "one")
    answer, _ = await ask(home, "Han", thread, "two")
    told = home.rig.model.turns
    assert "protocol droid" in told[0].content
    await home.until(lambda: "Regenerate" in buttons_of(answer), "the buttons")
    await han.click(answer, "Regenerate")
    await home.discord.message(thread.id, where=lambda m: "tokens/s" in m.content, after=answer, timeout=20)
    assert home.rig.model.turns == told


async def test_in_a_direct_message_the_roles_of_the_server_count(home: Home) -> None:
    await home.until_mode("chat")
    greedo = home.discord.person("Greedo")
    asked = await greedo.say("dm", "hello")
    refused = await home.discord.message(greedo.channel("dm").id, after=asked, timeout=5)
    assert "may not use BD-1" in refused.content
    assert home.rig.model.turns == ()


async def test_whoever_lost_the_right_to_chat_cannot_ask_again_by_a_button(home: Home) -> None:
    await home.until_mode("chat")
    answer, _ = await ask(home, "Han", GENERAL, "hello")
    han = home.discord.person("Han")
    await home.until(lambda: "Regenerate" in buttons_of(answer), "the buttons")
    home.discord.world.members[han.id].role_ids.clear()
    said = await (await han.click(answer, "Regenerate")).response()
    assert said.ephemeral
    assert "may not use BD-1" in said.content


async def test_an_answer_in_whose_place_another_came_is_not_told_to_the_model(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    home.rig.model.words = ("The first answer.",)
    answer, _ = await ask(home, "Han", "dm", "one")
    await home.until(lambda: "Regenerate" in buttons_of(answer), "the buttons")
    home.rig.model.words = ("The second answer.",)
    await han.click(answer, "Regenerate")
    place = han.channel("dm").id
    newer = await home.discord.message(place, where=lambda m: "tokens/s" in m.content, after=answer, timeout=20)
    await home.until(lambda: "Regenerate" in buttons_of(newer), "the buttons")
    _, told = await ask(home, "Han", "dm", "two")
    assert [text for _, text in told] == ["one", "The second answer.", "two"]


async def test_what_lies_above_the_last_messages_is_told_to_be_left_out(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    for number in range(home.rig.settings.chat.history_messages):
        last = await han.say("bridge", f"number {number}")
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, after=last, timeout=20)
    answer, _ = await ask(home, "Leia", "bridge", "and now?")
    assert answer.content.endswith("last 20 messages")
    assert "did not fit" not in answer.content


async def test_a_chain_that_is_cut_by_its_length_says_so(home: Home) -> None:
    await home.until_mode("chat")
    answer = None
    for number in range(11):
        answer, _ = await ask(home, "Han", GENERAL, f"number {number}", answer)
    assert answer
    assert answer.content.endswith("last 20 messages")
    assert "did not fit" not in answer.content


async def test_the_role_of_its_name_is_as_good_as_its_own(home: Home) -> None:
    await home.until_mode("chat")
    asked = await home.discord.person("Han").say(GENERAL, f"<@&{BOT_ROLE_ID}> hello")
    await home.discord.message(GENERAL, where=lambda m: "tokens/s" in m.content, after=asked, timeout=20)
    assert home.rig.model.turns[-1].content == "hello"


async def test_in_a_thread_on_an_answer_of_its_own_nobody_has_to_mention_it(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    answer, _ = await ask(home, "Han", GENERAL, "hello")
    thread = home.discord.world.open_thread(answer, "Chopper", han.id)
    await home.restart_bot()  # nothing of it is in the bot's memory
    said = await han.say(thread, "go on")
    await home.discord.message(thread.id, where=lambda m: "tokens/s" in m.content, after=said, timeout=20)
    assert [turn.content for turn in home.rig.model.turns[1:]] == ["Hello there.", "go on"]


async def test_in_a_thread_below_what_a_command_showed_people_talk_to_each_other(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    shown = await (await han.slash("gpu status", channel=GENERAL)).response()
    thread = home.discord.world.open_thread(shown, "the card", han.id)
    await han.say(thread, "what do you think, Leia?")
    asked = await han.say(thread, f"{mention(home)} and you?")
    await home.discord.message(thread.id, where=lambda m: "tokens/s" in m.content, after=asked, timeout=20)
    assert home.rig.model.asked == 1


async def test_what_discord_writes_in_numbers_is_told_by_name(home: Home) -> None:
    await home.until_mode("chat")
    leia, bridge = home.discord.person("Leia"), home.discord.channel("bridge")
    raw = f"<@{leia.id}> <@&{CREW_ROLE_ID}> <#{bridge.id}> <#123456789012345678> <a:yes:123456789012345678> <t:0:R>"
    _, told = await ask(home, "Han", GENERAL, f"{raw} </gpu status:123456789012345678> <b>")
    assert told == [("user", "@Leia @Crew #bridge #channel :yes: 1970-01-01 00:00 UTC /gpu status <b>")]


async def test_an_answer_that_looks_like_a_notice_is_remembered(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.words = ("⚠️ Mind", " the gap.")
    answer, _ = await ask(home, "Han", GENERAL, "what is said on the platform?")
    _, told = await ask(home, "Han", GENERAL, "again", answer)
    assert told[1] == ("assistant", "⚠️ Mind the gap.")
