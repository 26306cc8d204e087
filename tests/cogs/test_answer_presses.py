"""The buttons below an answer: who may press them, what they do, and that they outlive the bot."""

import asyncio

from bd1.sim.discord.model import Message
from tests.cogs.answering import Model, answered, answers, ask, press, told_alone
from tests.cogs.conftest import Home, buttons_of

STOPPED_WITHIN_S = 0.3


async def test_stop_closes_the_model_at_once_and_keeps_what_was_said(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.door = asyncio.Event().wait
    await ask(home)
    message = await answered(home, "Stop")
    await home.until_told(message, "Hello there.")
    pressed_s = asyncio.get_running_loop().time()
    await press(home, "Han", message, "Stop")
    assert await model.closed - pressed_s <= STOPPED_WITHIN_S
    await home.until_told(message, "Han stopped this answer.")
    assert message.content.startswith("Hello there.\n-# ⏹️")


async def test_only_the_asker_and_operators_may_stop(home: Home) -> None:
    await home.until_mode("chat")
    Model(home).door = asyncio.Event().wait
    await ask(home)
    message = await answered(home, "Stop")
    assert "Only whoever asked this" in await told_alone(home, "Greedo", message, "Stop")
    await press(home, "Leia", message, "Stop")
    await home.until_told(message, "Leia stopped this answer.")


async def test_who_waits_in_line_can_cancel(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.door = asyncio.Event().wait
    await ask(home)
    await answered(home, "Stop")
    await ask(home, "Leia")
    waiting = await answered(home, "Cancel")
    await press(home, "Leia", waiting, "Cancel")
    await home.until_told(waiting, "Leia took this question back.")
    assert len(model.turns) == 1


async def test_regenerate_asks_the_same_again_and_the_old_answer_offers_no_more_of_it(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    await ask(home, text="what is it?")
    first = await answered(home)
    model.words = ("Something else.",)
    await press(home, "Han", first, "Regenerate")
    await home.until(lambda: answers(home)[-1].content.startswith("Something else."), "another answer")
    assert answers(home)[-1].id != first.id
    await home.until(lambda: list(buttons_of(first)) == ["Delete"], "the old buttons to go")
    assert model.turns[0] == model.turns[1]


async def test_regenerate_works_after_a_restart_and_only_for_the_asker(home: Home) -> None:
    await home.until_mode("chat")
    Model(home)
    await ask(home)
    first = await answered(home)
    await home.restart_bot()
    assert "Only whoever asked this" in await told_alone(home, "Greedo", first, "Regenerate")
    await press(home, "Han", first, "Regenerate")
    await home.until(lambda: len(answers(home)) == 2, "another answer")


async def test_a_cut_answer_goes_on_where_it_ended(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.words, model.reason = ("One two",), "length"
    await ask(home)
    first = await answered(home, "Continue")
    model.words, model.reason = (" three.",), "stop"
    await press(home, "Han", first, "Continue")
    await home.until(lambda: any("three." in message.content for message in answers(home)), "the rest")
    assert (model.turns[1][-1].role, model.turns[1][-1].content) == ("assistant", "One two")


async def continued(home: Home, cut: Message, word: str) -> None:
    """Presses Continue, and waits for an answer that begins with that word."""
    await press(home, "Han", cut, "Continue")
    await home.until(lambda: answers(home)[-1].content.startswith(word), word)
    await home.until(lambda: list(buttons_of(cut)) == ["Delete"], "the old buttons to go")


async def test_an_answer_is_continued_again_and_again_and_remembered_whole(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.words, model.reason = ("One",), "length"
    await ask(home, text="count")
    for word in ("two", "three"):
        cut = await answered(home, "Continue")
        model.words = (word,)
        await continued(home, cut, word)
    last = await answered(home, "Continue")
    assert model.turns[2][-1].content == "One\ntwo"
    question = f"<@{home.discord.bot.id}> thanks"
    await home.discord.person("Han").say("bridge", question, reply_to=last)
    await home.until(lambda: len(model.turns) == 4, "the question that replies")
    assert [turn.content for turn in model.turns[3][1:]] == ["count", "One\ntwo\nthree", "thanks"]


async def test_a_cut_answer_that_lies_in_a_file_goes_on_where_the_file_ends(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.words, model.reason = tuple(f"word{number} " for number in range(2000)), "length"
    await ask(home)
    cut = await answered(home, "Continue")
    assert cut.attachments
    model.words = ("The end.",)
    await press(home, "Han", cut, "Continue")
    await home.until(lambda: answers(home)[-1].content.startswith("The end."), "the rest")
    assert model.turns[1][-1].content.endswith("word1999 ")


async def test_an_answer_of_which_a_part_is_gone_is_not_continued(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.words, model.reason = tuple(f"word{number} " for number in range(500)), "length"
    await ask(home)
    cut = await answered(home, "Continue")
    home.discord.world.delete(answers(home)[0])
    assert "A part of the answer is gone" in await told_alone(home, "Han", cut, "Continue")
    assert len(model.turns) == 1


async def test_delete_below_an_answer_takes_that_one_and_leaves_the_newer_one(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.words = tuple(f"word{number} " for number in range(600))
    await ask(home)
    first = await answered(home)
    model.words = ("Something else.",)
    await press(home, "Han", first, "Regenerate")
    await home.until(lambda: answers(home)[-1].content.startswith("Something else."), "another answer")
    await press(home, "Han", first, "Delete")
    await home.until(lambda: len(answers(home)) == 1, "the old answer to go")
    assert answers(home)[0].content.startswith("Something else.")


async def test_retry_after_trouble(home: Home) -> None:
    await home.until_mode("chat")

    async def dies() -> None:
        home.rig.world.machine.end_now("ollama")
        await home.rig.model.version()

    model = Model(home)
    model.door = dies
    await ask(home)
    message = await answered(home, "Retry")
    assert "Hello there." in message.content
    await home.until_mode("chat")
    model.door = None
    await press(home, "Han", message, "Retry")
    await answered(home, "Regenerate")


async def test_thinking_is_shown_to_the_asker_alone(home: Home) -> None:
    await home.until_mode("chat")
    Model(home).thought = "I should greet @everyone."
    await ask(home)
    message = await answered(home, "Thinking")
    assert await told_alone(home, "Han", message, "Thinking") == "I should greet @everyone."
    assert "Only whoever asked this" in await told_alone(home, "Greedo", message, "Thinking")
    await home.restart_bot()
    assert "I should greet" in await told_alone(home, "Leia", message, "Thinking")


async def test_long_thinking_comes_as_a_file(home: Home) -> None:
    await home.until_mode("chat")
    Model(home).thought = "hm, " * 2000
    await ask(home)
    message = await answered(home, "Thinking")
    response = await (await press(home, "Han", message, "Thinking")).response()
    assert response.ephemeral
    assert home.discord.world.files[response.attachments[0].id].decode() == ("hm, " * 2000).strip()


async def test_delete_takes_every_message_of_the_answer(home: Home) -> None:
    await home.until_mode("chat")
    Model(home).words = tuple(f"word{number} " for number in range(600))
    await ask(home)
    message = await answered(home)
    assert len(answers(home)) > 1
    assert "Only whoever asked this" in await told_alone(home, "Greedo", message, "Delete")
    await press(home, "Han", message, "Delete")
    await home.until(lambda: not answers(home), "the answer to go")


async def test_a_held_question_offers_to_bring_chat_back_to_operators_and_is_answered_once(home: Home) -> None:
    await home.until_mode("image")
    model = Model(home)
    await ask(home)
    held = await answered(home, "Cancel")
    assert list(buttons_of(held)) == ["Cancel", "Switch to chat"]
    assert "Only operators" in await told_alone(home, "Han", held, "Switch to chat")
    await press(home, "Leia", held, "Switch to chat")
    await home.until_told(held, "Hello there.")
    await answered(home)
    assert len(model.turns) == 1


async def test_a_stop_of_an_answer_that_is_over_says_so(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.door = asyncio.Event().wait
    await ask(home)
    message = await answered(home, "Stop")
    stop = buttons_of(message)["Stop"]
    await press(home, "Han", message, "Stop")
    await home.until_told(message, "stopped this answer")
    await home.restart_bot()
    message.components[0]["components"].append({"type": 2, "style": 2, "label": "Stop", "custom_id": stop})
    assert "over already" in await told_alone(home, "Han", message, "Stop")
