"""How a growing answer is painted, on a Discord with Discord's limits."""

import asyncio
from dataclasses import replace

import pytest

from bd1.core.answer import Held, Loading, Recalled, Thinking, Waiting
from bd1.core.settings import AnswerFinish
from bd1.errors import ChatUnavailable
from bd1.sim.discord.events import MessageDeleted, RequestMade, TypingStarted
from bd1.sim.discord.settings import EDIT, Limit, ServerSettings
from tests.cogs.conftest import buttons_of
from tests.cogs.easel import FINISHED, Easel, FakeAnswer

FIRST_SIGN_S = 0.5


def refusals(easel: Easel) -> list[int]:
    made = (event.exchange for event in easel.discord.log.since(0) if isinstance(event, RequestMade))
    return [exchange.status for exchange in made if exchange.status >= 400]


async def test_the_first_sign_is_the_typing_sign_at_once(easel: Easel) -> None:
    loop = asyncio.get_running_loop()
    asked_s = loop.time()
    await easel.ask()
    await easel.discord.event(TypingStarted, timeout=5)
    assert loop.time() - asked_s <= FIRST_SIGN_S


async def test_the_first_word_is_shown_at_once_with_a_way_to_stop(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    message = await easel.until_text("One")
    assert message.content == "One"
    assert list(buttons_of(message)) == ["Stop"]
    await answer.is_posted.wait()
    assert answer.message_ids == (message.id,)


async def test_a_growing_answer_ends_whole_with_its_figures_and_buttons(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One two")
    await easel.until_text("One two")
    answer.whole(" three.")
    assert await answer.ended() == ("One two three.", "", False)
    (message,) = easel.answers()
    assert message.content == "One two three.\n-# llama3:8b · 40 tokens/s · context 120 of 8192"
    assert list(buttons_of(message)) == ["Regenerate", "Delete"]


async def test_the_footer_is_optional(easel: Easel) -> None:
    easel.tune(footer=False)
    answer = await easel.ask()
    answer.whole("Hello.")
    await answer.ended()
    assert easel.texts() == ["Hello."]


async def test_how_much_of_a_long_conversation_was_read_is_told_with_and_without_the_footer(easel: Easel) -> None:
    windowed = replace(FINISHED, read_last=20)
    answer = await easel.ask()
    answer.whole("Hello.", windowed)
    await answer.ended()
    assert easel.texts() == ["Hello.\n-# llama3:8b · 40 tokens/s · context 120 of 8192 · last 20 messages"]
    easel.tune(footer=False)
    answer = await easel.ask()
    answer.whole("Hello.", windowed)
    await answer.ended()
    assert easel.texts()[1] == "Hello.\n-# last 20 messages"


async def test_loading_is_told_with_its_size_and_how_long_it_usually_takes(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Loading("llama3:8b", 4483, 9.2))
    message = await easel.until_text("loading")
    assert message.content == "-# ⏳ loading llama3:8b (4.7 GB), usually ~9 s"
    assert list(buttons_of(message)) == ["Stop"]
    answer.say("Hi")
    await easel.until_text("Hi")
    assert message.content == "Hi"


async def test_thinking_is_counted_and_never_shown(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Thinking("a secret thought"))
    message = await easel.until_text("thinking, 1 s")
    await easel.until(lambda: any(f"thinking, {s} s" in message.content for s in (3, 4, 5)), "a later second")
    answer.whole("Done.")
    assert await answer.ended() == ("Done.", "a secret thought", False)
    assert "secret" not in "".join(content for shown in easel.answers() for content in shown.contents)
    assert list(buttons_of(message)) == ["Regenerate", "Thinking", "Delete"]


async def test_thinking_that_was_taken_for_the_answer_is_taken_back_with_the_messages_it_filled(easel: Easel) -> None:
    answer = await easel.ask()
    thought = "I reason on. " * 250
    answer.say(thought)
    await easel.until(lambda: len(easel.answers()) > 1, "a second message")
    answer.tell(Recalled("", thought), Thinking())
    await easel.until(lambda: len(easel.answers()) == 1, "one message again")
    await easel.until_text("thinking, ")
    answer.whole("Done.")
    assert await answer.ended() == ("Done.", thought, False)
    (message,) = easel.answers()
    assert message.content.startswith("Done.\n")
    assert list(buttons_of(message)) == ["Regenerate", "Thinking", "Delete"]


async def test_who_waits_sees_the_place_and_can_cancel(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Waiting(2, 41.0))
    message = await easel.until_text("2 before you, about 41 s")
    assert list(buttons_of(message)) == ["Cancel"]
    answer.tell(Waiting(1, 0.0))
    await easel.until_text("1 before you, any moment now")
    answer.tell(Waiting(0))
    await easel.until_text("You are next")


async def test_who_is_held_sees_why_and_can_bring_chat_back(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(Held("The GPU is in image mode.", "chat"))
    message = await easel.until_text("in image mode")
    assert list(buttons_of(message)) == ["Cancel", "Switch to chat"]


async def test_trouble_in_the_middle_keeps_all_text_and_says_what_to_do(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One two")
    await easel.until_text("One two")
    answer.say(" three")
    answer.tell(ChatUnavailable("Ollama cannot be reached. Look with `/gpu status`."))
    await answer.ended()
    (message,) = easel.answers()
    assert message.content == "One two three\n-# ⚠️ Ollama cannot be reached. Look with `/gpu status`."
    assert list(buttons_of(message)) == ["Retry", "Delete"]


async def test_trouble_before_the_first_word_is_one_sentence(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(ChatUnavailable("Ollama cannot be reached."))
    await answer.ended()
    assert easel.texts() == ["⚠️ Ollama cannot be reached."]


async def test_an_answer_that_was_stopped_says_by_whom(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    await easel.until_text("One")
    answer.stop("Leia")
    await answer.ended()
    assert easel.texts() == ["One\n-# ⏹️ Leia stopped this answer."]


async def test_a_cut_answer_can_be_continued(easel: Easel) -> None:
    answer = await easel.ask()
    answer.tell(*(update for update in (Thinking("hm"),)))
    answer.say("One")
    answer.tell(type(FINISHED)("llama3:8b", 40.0, 3, cut=True))
    await answer.ended()
    (message,) = easel.answers()
    assert "cut at the length limit" in message.content
    assert "3 oldest messages did not fit" in message.content
    assert list(buttons_of(message)) == ["Regenerate", "Continue", "Thinking", "Delete"]


async def test_a_long_answer_becomes_messages_that_do_not_change_any_more(easel: Easel) -> None:
    answer = await easel.ask()
    for number in range(500):
        answer.say(f"word{number} ")
    await easel.until_text("word499")
    answer.whole("")
    await answer.ended()
    said = " ".join(easel.texts()).split()
    assert [word for word in said if word.startswith("word")] == [f"word{number}" for number in range(500)]
    assert len(easel.answers()) == 3
    assert [bool(message.components) for message in easel.answers()] == [False, False, True]


async def test_a_very_long_answer_ends_as_a_file_with_its_beginning_readable(easel: Easel) -> None:
    easel.tune(most_messages=2)
    answer = await easel.ask()
    text = "".join(f"word{number} " for number in range(1500))
    answer.say(text[:9000])
    await easel.until_text("It goes on, 9000 characters so far")
    answer.whole(text[9000:])
    await answer.ended()
    *beginning, last = easel.answers()
    assert [message.content.split()[0] for message in beginning] == ["word0", beginning[1].content.split()[0]]
    assert "the whole answer is in the file" in last.content
    (file,) = last.attachments
    assert file.filename == "answer.md"
    assert easel.discord.world.files[file.id].decode() == text


async def test_an_answer_can_end_as_a_fresh_message(easel: Easel) -> None:
    easel.tune(finish=AnswerFinish.FRESH)
    answer = await easel.ask()
    answer.say("One")
    live = await easel.until_text("One")
    answer.whole(" two")
    await answer.ended()
    (last,) = easel.answers()
    assert last.id > live.id
    assert last.content.startswith("One two\n")
    assert await easel.discord.event(MessageDeleted, where=lambda e: e.message.id == live.id)
    assert answer.message_ids == (last.id,)


async def test_of_several_answers_in_a_channel_the_oldest_grows_and_the_others_arrive_whole(easel: Easel) -> None:
    first, second, third = [await easel.ask() for _ in range(3)]
    second.say("Second begins")
    first.say("First begins")
    await easel.until_text("First begins")
    third.whole("Third is whole.")
    await third.ended()
    assert [text.split()[0] for text in easel.texts()] == ["First", "Third"]
    first.whole(" and ends.")
    await easel.until_text("Second begins")
    second.whole(" and ends.")
    await second.ended()
    assert all(message.edits <= 2 for message in easel.answers())


@pytest.mark.parametrize("discord_rules", [ServerSettings(route_limits={EDIT: Limit(2, 60.0)})])
async def test_an_answer_whose_turn_comes_without_an_edit_for_its_end_arrives_whole(easel: Easel) -> None:
    first, second = [await easel.ask() for _ in range(2)]
    second.say("Second")
    first.say("First")
    message = await easel.until_text("First")
    first.say(" grows")
    await easel.until(lambda: message.content == "First grows", "the one live edit")
    first.whole(" and ends.")
    await first.ended()
    second.whole(" is whole.")
    await second.ended()
    assert easel.answers()[-1].content.startswith("Second is whole.")
    assert easel.answers()[-1].edits == 0


async def test_answers_in_other_channels_do_not_wait_for_each_other(easel: Easel) -> None:
    first, second = await easel.ask(), await easel.ask("general")
    first.say("Here")
    second.say("There")
    await easel.until_text("Here")
    await easel.until_text("There", "general")


async def _stream(answer: FakeAnswer, seconds: float) -> str:
    words = [f"w{number} " for number in range(int(seconds * 40))]
    for word in words:
        answer.say(word)
        await asyncio.sleep(0.025)  # the model's pace, not a wait for anything
    answer.whole("")
    return "".join(words)


@pytest.mark.parametrize("discord_rules", [ServerSettings(route_limits={EDIT: Limit(3, 2.0)})])
async def test_no_edit_is_ever_refused_and_the_last_comes_at_once(easel: Easel) -> None:
    loop = asyncio.get_running_loop()
    answer = await easel.ask()
    text = await _stream(answer, 5)
    told_s = loop.time()
    await answer.ended()
    assert loop.time() - told_s < 1.0
    assert refusals(easel) == []
    (message,) = easel.answers()
    assert message.content.startswith(text.rstrip())
    assert message.edits >= 4


@pytest.mark.parametrize("discord_rules", [ServerSettings(route_limits={EDIT: Limit(2, 60.0)})])
async def test_the_last_edit_of_a_window_is_taken_as_soon_as_discord_has_it(easel: Easel) -> None:
    """discord.py itself would come back from it only a minute later."""
    answer = await easel.ask()
    answer.say("One")
    message = await easel.until_text("One")
    answer.say(" two")
    await easel.until(lambda: message.content == "One two", "the one live edit")
    answer.whole(" three")
    await answer.ended()
    assert message.content.startswith("One two three")


@pytest.mark.parametrize("discord_rules", [ServerSettings(route_limits={EDIT: Limit(1, 60.0)})])
async def test_where_a_channel_allows_one_edit_it_is_kept_for_the_end(easel: Easel) -> None:
    first = await easel.ask()
    first.say("One")
    await easel.until_text("One")
    first.whole(" two")
    await first.ended()  # now the limit is known
    second = await easel.ask("general")
    second.say("Three")
    message = await easel.until_text("Three", "general")
    second.whole(" four")
    await second.ended()
    assert message.edits == 1
    assert refusals(easel) == []


async def test_a_server_error_in_the_middle_costs_no_word(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    await easel.until_text("One")
    easel.discord.faults.fail_requests(EDIT, status=503)
    answer.say(" two")
    await easel.discord.event(RequestMade, where=lambda e: e.exchange.status == 503)
    answer.whole(" three")
    await answer.ended()
    assert easel.texts()[0].startswith("One two three")


async def test_a_lost_answer_to_the_last_edit_is_tried_again(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    await easel.until_text("One")
    easel.discord.faults.fail_requests(EDIT, status=503)
    answer.whole(" two")
    await answer.ended()
    assert easel.texts()[0].startswith("One two")


async def test_whoever_deletes_the_growing_message_wants_no_more_of_it(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    message = await easel.until_text("One")
    easel.discord.world.delete(message)
    answer.say(" two")
    await answer.ended()
    assert easel.answers() == []


async def test_the_typing_sign_does_not_come_again_once_there_is_text(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    await easel.until_text("One")
    mark = easel.discord.log.position
    answer.whole(" two")
    await answer.ended()
    assert not [event for event in easel.discord.log.since(mark) if isinstance(event, TypingStarted)]
