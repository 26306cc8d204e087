"""A refused switch on the loopback Discord: who holds the card, try again, kill, override."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bd1.core.settings import NewcomerPolicy, Settings
from bd1.sim.discord.interactions import Answer, Invocation
from bd1.sim.discord.model import Message
from cogs._ui import override_form
from tests.cogs.conftest import Home, buttons_of, text_of

REASON = "The game is mine and stays as it is."


async def refused(home: Home, trouble: str) -> Message:
    """Leia wants pictures, and the card is not free."""
    await home.until_mode("chat")
    await home.rig.troubles.set(trouble, on=True)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "**Refused:**")
    return message


async def overriding(home: Home, message: Message) -> Invocation:
    """Leia fills in the form; the second question."""
    leia = home.discord.person("Leia")
    form = await leia.click(message, "Override…")
    assert await form.acknowledged() is Answer.MODAL
    return await leia.submit_modal(form, reason=REASON)


async def test_a_refusal_names_the_holder_and_what_can_be_done(home: Home) -> None:
    message = await refused(home, "foreign")
    text = text_of(message)
    assert "supertuxkart" in text
    assert re.search(r"\(PID \d+\)\*\* 3 000 MiB · came <t:\d+:R>", text)
    assert list(buttons_of(message)) == ["Try again", "Override…"]
    assert home.rig.fleet.view.name == "idle"


async def test_trying_again_waits_anew_and_goes_on_in_the_same_message(home: Home) -> None:
    message = await refused(home, "foreign")
    await home.rig.troubles.set("foreign", on=False)
    await home.discord.person("Leia").click(message, "Try again")
    await home.until_told(message, "idle -> image in")
    assert buttons_of(message) == {}
    assert len([m for m in home.discord.messages("bridge") if m.author_id == home.discord.bot.id]) == 1


async def test_a_refusal_can_be_tried_again_with_a_bot_that_was_restarted(home: Home) -> None:
    message = await refused(home, "foreign")
    await home.restart_bot()
    await home.rig.troubles.set("foreign", on=False)
    await home.discord.person("Lando").click(message, "Try again")
    await home.until_told(message, "idle -> image in")


@pytest.mark.parametrize("label", ["Try again", "Override…"])
async def test_the_crew_may_not_act_on_a_refusal(home: Home, label: str) -> None:
    message = await refused(home, "foreign")
    told = await (await home.discord.person("Han").click(message, label)).response()
    assert told.ephemeral
    assert "Only operators" in told.content
    assert "**Refused:**" in text_of(message)


async def test_an_override_asks_why_then_shows_the_figures_and_then_starts(home: Home) -> None:
    message = await refused(home, "foreign")
    question = await (await overriding(home, message)).response()
    text = text_of(question)
    assert question.ephemeral
    for wanted in ("Start image all the same?", "3 460 MiB", "8 000 MiB", "11 460 MiB", "19 451 MiB", REASON):
        assert wanted in text
    assert home.rig.fleet.view.name == "idle"
    await home.discord.person("Leia").click(question, "Start anyway")
    await home.until_told(message, "idle -> image in")
    assert buttons_of(question) == {}
    (entry,) = home.rig.journal.last(1)
    assert entry.override == f"Leia: {REASON}"


async def test_an_override_still_works_with_a_bot_that_was_restarted(home: Home) -> None:
    message = await refused(home, "foreign")
    await home.restart_bot()
    question = await (await overriding(home, message)).response()
    await home.restart_bot()
    await home.discord.person("Leia").click(question, "Start anyway")
    await home.until_told(message, "idle -> image in")
    assert home.rig.journal.last(1)[0].override == f"Leia: {REASON}"


async def test_an_override_that_nobody_confirmed_in_time_starts_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await refused(home, "foreign")
    question = await (await overriding(home, message)).response()
    monkeypatch.setattr(override_form, "_VALID", timedelta())
    told = await (await home.discord.person("Leia").click(question, "Start anyway")).response()
    assert told.ephemeral
    assert "Two minutes have passed" in told.content
    assert home.rig.fleet.view.name == "idle"


async def test_blanks_are_no_reason(home: Home) -> None:
    message = await refused(home, "foreign")
    leia = home.discord.person("Leia")
    form = await leia.click(message, "Override…")
    await form.acknowledged()
    told = await (await leia.submit_modal(form, reason="    ok      ")).response()
    assert told.ephemeral
    assert "at least 10 characters" in told.content


async def test_an_override_goes_on_in_a_new_message_where_the_refusal_was_deleted(home: Home) -> None:
    message = await refused(home, "foreign")
    question = await (await overriding(home, message)).response()
    leia = home.discord.person("Leia")
    await leia.delete(message)
    await leia.click(question, "Start anyway")
    second = await home.discord.message("bridge", after=question, timeout=10)
    await home.until_told(second, "idle -> image in")


async def test_the_mode_says_that_the_card_is_not_safe(home: Home) -> None:
    await refused(home, "foreign")
    status = await (await home.discord.person("Han").slash("gpu status", channel="bridge")).response()
    assert "idle, **unsafe**: " in text_of(status)
    assert "supertuxkart" in text_of(status)


def lenient(settings: Settings) -> Settings:
    """Ollama alone is no mode; somebody who starts it by hand is only warned about, and the gate has time."""
    ollama = replace(settings.workloads["ollama"], newcomer=NewcomerPolicy.WARN)
    longer = replace(settings.switch, release_timeout_s=40.0)
    modes = {name: mode for name, mode in settings.modes.items() if name != "chat"}
    return replace(settings, workloads=settings.workloads | {"ollama": ollama}, modes=modes, switch=longer)


async def held_by_ollama(home: Home) -> Message:
    """Somebody starts Ollama by hand while Leia's switch proves that the card is free."""
    await home.until_mode("idle")
    await home.rig.troubles.set("foreign", on=True)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "⏳ Prove that VRAM is back")
    machine = home.rig.world.machine
    machine.start("ollama")
    while not machine.is_ready("ollama"):
        await home.rig.clock.sleep(0.1)
    await home.rig.model.load("llama3:8b", num_ctx=8192)
    await home.rig.troubles.set("foreign", on=False)
    await home.until_told(message, "**Refused:**")
    assert "• **ollama** 4 700 MiB" in text_of(message)
    return message


@pytest.mark.parametrize("tune", [lenient])
async def test_a_holder_of_ours_can_be_killed_by_an_operator_and_the_switch_goes_on(home: Home) -> None:
    message = await held_by_ollama(home)
    refusal = await (await home.discord.person("Han").click(message, "Kill ollama")).response()
    assert "Only operators" in refusal.content
    assert home.rig.world.machine.boxes["ollama"].running
    told = await (await home.discord.person("Leia").click(message, "Kill ollama")).response()
    assert told.ephemeral
    assert told.content == "I killed ollama."
    await home.until_told(message, "-> image in")


@pytest.mark.parametrize("tune", [lenient])
async def test_a_holder_that_cannot_be_killed_is_told_to_whoever_tried_and_nothing_begins(home: Home) -> None:
    message = await held_by_ollama(home)
    home.rig.world.machine.kill("ollama")
    while home.rig.world.machine.boxes["ollama"].running:
        await home.rig.clock.sleep(0.1)
    told = await (await home.discord.person("Leia").click(message, "Kill ollama")).response()
    assert told.ephemeral
    assert "does not run any more" in told.content
    assert not home.rig.director.is_switching
    assert "Kill ollama" in buttons_of(message)
