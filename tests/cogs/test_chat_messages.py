"""Talking to BD-1 on the loopback Discord."""

import asyncio

from bd1.core.gpu import GpuSample
from bd1.core.tools import ToolCall
from bd1.sim.discord.events import TypingStarted
from tests.cogs.conftest import Home


def mention(home: Home) -> str:
    return f"<@{home.discord.bot.id}>"


async def test_a_mention_is_answered_as_a_reply_with_its_figures_below(home: Home) -> None:
    await home.until_mode("chat")
    question = await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=10)
    assert answer.content.startswith("Hello there.\n-# llama3:8b")
    assert answer.reference is not None
    assert answer.reference.message_id == question.id


async def test_the_typing_sign_comes_at_once(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.hold = asyncio.Event().wait
    await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    sign = await home.discord.event(TypingStarted, where=lambda e: e.user_id == home.discord.bot.id, timeout=2)
    assert sign


async def test_in_image_mode_a_sentence_says_why_there_is_no_answer_yet(home: Home) -> None:
    await home.until_mode("image")
    await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    answer = await home.discord.message("bridge", timeout=5)
    assert "in image mode" in answer.content
    assert "/gpu mode chat" in answer.content


async def test_what_was_not_said_to_it_is_not_answered(home: Home) -> None:
    await home.until_mode("chat")
    await home.discord.person("Han").say("bridge", "hello everybody")
    await home.discord.person("Han").say("bridge", f"{mention(home)} and you")
    answer = await home.discord.message("bridge", timeout=5)
    assert len([m for m in home.discord.messages("bridge") if m.author_id == home.discord.bot.id]) == 1
    assert answer.reference is not None


async def test_a_stranger_is_told_that_he_may_not(home: Home) -> None:
    await home.until_mode("chat")
    await home.discord.person("Greedo").say("bridge", f"{mention(home)} hello")
    assert "may not use BD-1" in (await home.discord.message("bridge", timeout=5)).content


async def test_the_answer_pings_nobody_whatever_the_model_says(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.words = ("@everyone", " look")
    await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    answer = await home.discord.message("bridge", where=lambda m: "look" in m.content, timeout=10)
    assert not answer.mention_everyone
    assert not answer.mentions


async def test_a_long_answer_becomes_several_messages(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.words = tuple(f"word{number} " for number in range(600))
    await home.discord.person("Han").say("bridge", f"{mention(home)} a story")
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=20)
    answers = [m for m in home.discord.messages("bridge") if m.author_id == home.discord.bot.id]
    said = " ".join(answer.content for answer in answers).split()
    assert len(answers) > 1
    assert [word for word in said if word.startswith("word")] == [f"word{number}" for number in range(600)]


async def test_a_server_that_dies_in_the_middle_keeps_the_text_and_says_so(home: Home) -> None:
    await home.until_mode("chat")
    door = asyncio.Event()

    async def hold() -> None:
        if home.rig.model.said:
            await door.wait()

    home.rig.model.words, home.rig.model.hold = ("One two", " three"), hold
    await home.discord.person("Han").say("bridge", f"{mention(home)} count")
    answer = await home.discord.message("bridge", where=lambda m: m.content == "One two", timeout=10)
    home.rig.world.machine.end_now("ollama")
    door.set()
    await home.discord.log.until(lambda: "⚠️" in answer.content or None, timeout=5, awaited="the sentence")
    assert answer.content == "One two\n-# ⚠️ Ollama cannot be reached."


async def test_a_reply_continues_the_conversation(home: Home) -> None:
    await home.until_mode("chat")
    han = home.discord.person("Han")
    await han.say("bridge", f"{mention(home)} my droid is called Chopper")
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=10)
    await han.say("bridge", f"{mention(home)} what is it called?", reply_to=answer)
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, after=answer, timeout=10)
    assert [(turn.role, turn.content) for turn in home.rig.model.turns[1:]] == [
        ("user", "my droid is called Chopper"),
        ("assistant", "Hello there."),
        ("user", "what is it called?"),
    ]


async def test_whoever_is_being_answered_is_named_to_whom_would_interrupt(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.hold = asyncio.Event().wait
    await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    await home.discord.event(TypingStarted, where=lambda e: e.user_id == home.discord.bot.id, timeout=2)
    inside = home.rig.admission
    await home.discord.log.until(lambda: inside.inside or None, timeout=5, awaited="an answer under way")
    assert (await home.rig.director.preview("image")).at_work == ("Han is being answered",)


async def test_how_is_the_card_is_answered_with_its_true_figure(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.abilities = ("completion", "tools")
    home.rig.model.calls = [(ToolCall("gpu_status", {}),)]
    await home.discord.person("Han").say("bridge", f"{mention(home)} how is the card?")
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=10)
    reading = home.rig.card.latest
    assert isinstance(reading, GpuSample)
    assert f'"vram_used_mib": {reading.used_mib}' in answer.content.replace("\\", "")
    assert f'"vram_total_mib": {reading.total_mib}' in answer.content.replace("\\", "")


async def test_a_model_that_calls_for_a_switch_a_thousand_times_changes_nothing_and_answers(home: Home) -> None:
    await home.until_mode("chat")
    job = home.rig.director.job
    home.rig.model.abilities = ("completion", "tools")
    home.rig.model.calls = [(ToolCall("switch", {"mode": "image"}),) * 1000] * 1000
    await home.discord.person("Han").say("bridge", f"{mention(home)} how is the card?")
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=10)
    assert 'There is no tool "switch".' in answer.content
    assert home.rig.director.job is job
    assert home.rig.fleet.view.name == "chat"
    assert home.rig.model.asked == 2
