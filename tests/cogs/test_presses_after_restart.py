"""Every button below an answer, pressed after BD-1 was started anew: it works, or one sentence says why it cannot."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bd1.sim.discord.model import Message
from tests.cogs.answering import Model, answered, answers, ask, press, told_alone
from tests.cogs.conftest import Home, buttons_of, text_of

RESTARTED = "I was restarted in the middle of this answer"


@dataclass(frozen=True, slots=True)
class Case:
    """How a message comes to offer a button, and what a press of it must lead to in the next life."""

    button: str
    bring_about: Callable[[Home, Model], Awaitable[Message]]
    press: Callable[[Home, Model, Message], Awaitable[None]]


async def answer(home: Home, model: Model, button: str) -> Message:
    """A question that was answered so that its message offers this button."""
    await home.until_mode("chat")
    await ask(home)
    message = await answered(home, button)
    model.words, model.reason = ("Another", " life."), "stop"
    return message


async def streaming(home: Home, model: Model) -> Message:
    await home.until_mode("chat")
    model.door = asyncio.Event().wait
    await ask(home)
    message = await answered(home, "Stop")
    await home.until_told(message, "Hello there.")
    return message


async def in_line(home: Home, model: Model) -> Message:
    await streaming(home, model)
    await ask(home, "Leia")
    await answered(home, "Cancel")
    await ask(home, "Han", "once more")
    return await answered(home, "Cancel", 2)


async def held(home: Home, _model: Model) -> Message:
    await home.until_mode("image")
    await ask(home)
    return await answered(home, "Switch to chat")


async def in_trouble(home: Home, model: Model) -> Message:
    model.words = ()
    return await answer(home, model, "Retry")


async def cut_short(home: Home, model: Model) -> Message:
    model.reason = "length"
    return await answer(home, model, "Continue")


async def thoughtful(home: Home, model: Model) -> Message:
    model.thought = "I should greet them."
    message = await answer(home, model, "Thinking")
    await shows_thinking(home, model, message)  # by then it is written down
    return message


async def complete(home: Home, model: Model) -> Message:
    return await answer(home, model, "Regenerate")


async def stale_stop(home: Home, _model: Model, message: Message) -> None:
    """What stood still is marked by now; somebody whose screen has not noticed presses on."""
    await home.until_told(message, RESTARTED)
    stop = {"type": 2, "style": 2, "label": "Stop", "custom_id": f"bd1:answer:stop:{message.reference.message_id}"}  # type: ignore[union-attr]
    message.components[0]["components"].append(stop)
    assert await told_alone(home, "Han", message, "Stop") == "This answer is over already."


async def cancels(home: Home, _model: Model, old: Message) -> None:
    """It stands in line again, in a message of its own, while what came before it is under way."""
    await home.until(lambda: old.deleted, "the old notice to go")
    notice = await answered(home, "Cancel")
    await press(home, "Han", notice, "Cancel")
    await home.until_told(notice, "Han took this question back.")


async def switches(home: Home, _model: Model, old: Message) -> None:
    await home.until(lambda: old.deleted, "the old notice to go")
    notice = await answered(home, "Switch to chat")
    await press(home, "Leia", notice, "Switch to chat")
    await home.until_told(notice, "Hello there.")


async def says_it_again(home: Home, _model: Model, message: Message, button: str) -> None:
    await press(home, "Han", message, button)
    await home.until(lambda: any("Another life." in m.content for m in answers(home)), "another answer")
    await home.until(lambda: button not in buttons_of(message), "the old button to go")


async def retries(home: Home, model: Model, message: Message) -> None:
    await says_it_again(home, model, message, "Retry")


async def regenerates(home: Home, model: Model, message: Message) -> None:
    await says_it_again(home, model, message, "Regenerate")


async def goes_on(home: Home, model: Model, message: Message) -> None:
    await says_it_again(home, model, message, "Continue")
    assert (model.turns[-1][-1].role, model.turns[-1][-1].content) == ("assistant", "Hello there.")


async def shows_thinking(home: Home, _model: Model, message: Message) -> None:
    assert await told_alone(home, "Han", message, "Thinking") == "I should greet them."


async def deletes(home: Home, _model: Model, message: Message) -> None:
    await press(home, "Han", message, "Delete")
    await home.until(lambda: message.deleted, "the answer to go")


CASES = (
    Case("Stop", streaming, stale_stop),
    Case("Cancel", in_line, cancels),
    Case("Switch to chat", held, switches),
    Case("Retry", in_trouble, retries),
    Case("Regenerate", complete, regenerates),
    Case("Continue", cut_short, goes_on),
    Case("Thinking", thoughtful, shows_thinking),
    Case("Delete", complete, deletes),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.button)
async def test_a_button_of_an_earlier_life_works_or_says_why_not(home: Home, case: Case) -> None:
    model = Model(home)
    message = await case.bring_about(home, model)
    assert case.button in buttons_of(message)
    await home.restart_all()
    await case.press(home, model, message)
    assert len([m for m in answers(home) if "Stop" in buttons_of(m) and not m.deleted]) <= 1
    assert "Traceback" not in "".join(map(text_of, answers(home)))
