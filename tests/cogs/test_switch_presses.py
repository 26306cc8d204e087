"""Asked before work is cut, cancelled, answered: the buttons of a switch on the loopback Discord."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from bd1.core.settings import Mode, Settings
from bd1.sim.discord.events import Exchange
from bd1.sim.discord.interactions import Answer
from bd1.sim.discord.model import Message
from cogs._ui import presses
from tests.cogs.conftest import Home, buttons_of, patient, text_of

ASKS = ["Let them finish", "Cut and switch", "Never mind"]


ODD = "Bilder: 🪐 *schön* `und`\\"


def odd(settings: Settings) -> Settings:
    """A mode whose name is full of what buttons and Markdown are made of."""
    mode = Mode(name=ODD, workloads=("comfyui",))
    only = {name: known for name, known in settings.modes.items() if name != "image"}
    return patient(replace(settings, modes=only | {ODD: mode}))


def impatient(settings: Settings) -> Settings:
    return replace(settings, switch=replace(settings.switch, drain_s=5.0))


@pytest.fixture
def answers() -> Iterator[ExitStack]:
    """Answers under way; they end with the test, or when it says so."""
    with ExitStack() as stack:
        yield stack


async def asked(home: Home, answers: ExitStack) -> Message:
    """Leia wants pictures while Han is being answered: what she is asked."""
    await home.until_mode("chat")
    answers.enter_context(home.rig.admission.enter("Han"))
    return await home.ask_mode("Leia", "image")


async def test_work_under_way_is_asked_about_before_anything_moves(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    assert list(buttons_of(question)) == ASKS
    assert "Han is being answered" in text_of(question)
    assert "Stops **ollama**" in text_of(question)
    await home.rig.clock.settle()
    assert home.rig.fleet.view.name == "chat"
    assert not home.rig.director.is_switching


async def test_never_mind_changes_nothing_and_takes_the_buttons_away(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    await (await home.discord.person("Leia").click(question, "Never mind")).response()
    assert "Nothing was changed" in text_of(question)
    assert buttons_of(question) == {}
    assert not home.rig.director.is_switching


async def test_cutting_ends_the_answers_and_the_same_message_tells_the_switch(home: Home, answers: ExitStack) -> None:
    await home.until_mode("chat")
    visit = answers.enter_context(home.rig.admission.enter("Han"))
    question = await home.ask_mode("Leia", "image")
    await home.discord.person("Leia").click(question, "Cut and switch")
    await asyncio.wait_for(visit.is_cut.wait(), 5)
    assert "Leia switched the GPU to image mode" in visit.reason
    answers.close()
    await home.until_told(question, "chat -> image in")
    assert buttons_of(question) == {}


async def test_letting_them_finish_waits_and_then_goes_on_by_itself(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    await home.discord.person("Leia").click(question, "Let them finish")
    await home.until(lambda: list(buttons_of(question)) == ["Cancel"], "a way to cancel")
    assert "⏳ Let work under way finish" in text_of(question)
    answers.close()
    await home.until_told(question, "chat -> image in")


async def test_a_switch_that_waits_can_be_cancelled_by_whoever_asked(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    leia = home.discord.person("Leia")
    await leia.click(question, "Let them finish")
    await home.until(lambda: "Cancel" in buttons_of(question), "a way to cancel")
    await leia.click(question, "Cancel")
    await home.until_told(question, "**Cancelled:**")
    assert home.rig.fleet.view.name == "chat"
    assert buttons_of(question) == {}


@pytest.mark.parametrize("tune", [impatient])
@pytest.mark.parametrize(
    ("answer", "end"),
    [("Cut them", "chat -> image in"), ("Cancel the switch", "**Cancelled:**"), ("Wait on", "chat -> image in")],
)
async def test_work_that_takes_too_long_is_asked_about_and_the_answer_counts(
    home: Home, answers: ExitStack, answer: str, end: str
) -> None:
    await home.until_mode("chat")
    visit = answers.enter_context(home.rig.admission.enter("Han"))
    question = await home.ask_mode("Leia", "image")
    leia = home.discord.person("Leia")
    await leia.click(question, "Let them finish")
    await home.until(lambda: "Wait on" in buttons_of(question), "the question")
    assert "still work under way" in text_of(question)
    assert await (await leia.click(question, answer)).acknowledged() is Answer.DEFERRED_UPDATE
    if answer == "Cut them":
        await asyncio.wait_for(visit.is_cut.wait(), 5)
    answers.close()
    await home.until_told(question, end)
    assert visit.is_cut.is_set() is (answer == "Cut them")
    assert buttons_of(question) == {}


@pytest.mark.parametrize("label", ASKS)
async def test_the_crew_may_not_press_what_an_operator_was_asked(home: Home, answers: ExitStack, label: str) -> None:
    question = await asked(home, answers)
    told = await (await home.discord.person("Han").click(question, label)).response()
    assert told.ephemeral
    assert "operator" in told.content
    assert list(buttons_of(question)) == ASKS
    assert not home.rig.director.is_switching


async def test_another_operator_may_decide_and_cancel(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    lando = home.discord.person("Lando")
    await lando.click(question, "Let them finish")
    await home.until(lambda: "Cancel" in buttons_of(question), "a way to cancel")
    told = await (await home.discord.person("Han").click(question, "Cancel")).response()
    assert "Only whoever asked" in told.content
    await home.discord.person("Leia").click(question, "Cancel")
    await home.until_told(question, "**Cancelled:** Leia cancelled")


async def test_the_question_is_still_answered_by_a_bot_that_was_restarted(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    await home.restart_bot()
    await home.discord.person("Leia").click(question, "Let them finish")
    answers.close()
    await home.until_told(question, "chat -> image in")


async def test_who_is_cut_is_asked_anew_when_the_question_is_old(
    home: Home, answers: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await asked(home, answers)
    monkeypatch.setattr(presses, "_FRESH", presses._FRESH * 0)
    answers.enter_context(home.rig.admission.enter("Chewie"))
    await home.discord.person("Lando").click(question, "Cut and switch")
    await home.until_told(question, "Chewie is being answered")
    assert list(buttons_of(question)) == ASKS
    assert not home.rig.director.is_switching


async def test_a_button_of_a_switch_that_is_over_says_so(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    leia = home.discord.person("Leia")
    await leia.click(question, "Let them finish")
    await home.until(lambda: "Cancel" in buttons_of(question), "a way to cancel")
    stale = question.components
    answers.close()
    await home.until_told(question, "chat -> image in")
    question.components = stale
    told = await (await leia.click(question, "Cancel")).response()
    assert told.ephemeral
    assert "over already" in told.content


async def test_a_second_operator_is_told_whose_switch_is_under_way(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    await home.discord.person("Leia").click(question, "Let them finish")
    await home.until(lambda: home.rig.director.is_switching, "the switch")
    told = await home.ask_mode("Lando", "idle")
    assert told.ephemeral
    assert "Leia started a switch to image" in told.content


async def test_a_second_operator_who_wants_the_same_watches_the_same_switch(home: Home, answers: ExitStack) -> None:
    question = await asked(home, answers)
    await home.discord.person("Leia").click(question, "Let them finish")
    await home.until(lambda: "Cancel" in buttons_of(question), "the switch")
    second = await home.ask_mode("Lando", "image")
    assert "asked by Leia" in text_of(second)
    answers.close()
    await home.until_told(question, "chat -> image in")
    await home.until_told(second, "chat -> image in")


async def test_the_mode_may_be_typed_in_any_case(home: Home) -> None:
    message = await home.ask_mode("Leia", " IMAGE ")
    await home.until_told(message, "-> image in")


async def test_what_cannot_be_foreseen_is_not_begun(home: Home) -> None:
    await home.rig.troubles.set("docker_away", on=True)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "**Failed:**")
    assert "Nothing was changed" in text_of(message)


async def test_the_plan_stands_there_before_anything_moves(home: Home) -> None:
    await home.until_mode("chat")
    shown: list[tuple[str, bool]] = []

    def note(exchange: Exchange) -> None:
        embeds = (exchange.request_json or {}).get("embeds", ())
        shown.extend((embed.get("title", ""), home.rig.director.is_switching) for embed in embeds)

    home.discord.on_exchange.append(note)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "chat -> image in")
    home.discord.on_exchange.remove(note)
    assert shown[0] == ("Switch to image", False)
    assert shown[1][0] == "chat → image"


@pytest.mark.parametrize("tune", [odd])
async def test_a_mode_may_be_called_anything(home: Home, answers: ExitStack) -> None:
    await home.until_mode("chat")
    answers.enter_context(home.rig.admission.enter("Han"))
    question = await home.ask_mode("Leia", ODD)
    assert r"Switch to Bilder: 🪐 \*schön\* \`und\`\\" in text_of(question)
    await home.restart_bot()
    await home.discord.person("Leia").click(question, "Let them finish")
    answers.close()
    await home.until_told(question, r"chat -> Bilder: 🪐 \*schön\* \`und\`\\ in")
    assert home.rig.fleet.view.name == ODD
