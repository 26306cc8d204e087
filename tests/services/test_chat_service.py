"""Questions and answers on the simulated machine."""

import asyncio

import pytest

from bd1.core.answer import Finished, Loading, Text, Update, Waiting
from bd1.core.conversation import Said
from bd1.errors import Bd1Error, ChatUnavailable
from tests.services.rig import Rig

QUESTION = (Said("user", "How is the card?", "Han"),)


async def collect(rig: Rig) -> list[Update]:
    return [update async for update in rig.chat.answer(QUESTION)]


async def test_a_cold_model_is_told_then_the_answer_comes_then_the_figures(rig: Rig) -> None:
    await rig.switch("chat")
    updates = await rig.go(collect(rig))
    assert updates[0] == Loading("llama3:8b", 4445)
    assert "".join(update.text for update in updates if isinstance(update, Text)) == "Hello there."
    assert updates[-1] == Finished("llama3:8b", 40.0, 0, cut=False)


async def test_in_image_mode_no_question_reaches_the_model(rig: Rig) -> None:
    await rig.switch("image")
    with pytest.raises(ChatUnavailable, match="image mode"):
        await rig.go(collect(rig))


async def test_a_second_question_waits_and_is_answered(rig: Rig) -> None:
    await rig.switch("chat")
    door = asyncio.Event()
    rig.model.hold = door.wait
    first = asyncio.create_task(collect(rig))
    await rig.live(10)
    second = asyncio.create_task(collect(rig))
    await rig.clock.settle()
    door.set()
    await rig.live(10)
    assert (await second)[0] == Waiting(1)
    assert isinstance((await first)[-1], Finished)
    assert isinstance((await second)[-1], Finished)


async def test_a_full_line_is_refused_with_a_friendly_sentence(rig: Rig) -> None:
    await rig.switch("chat")
    door = asyncio.Event()
    rig.model.hold = door.wait
    waiting = [asyncio.create_task(collect(rig)) for _ in range(rig.settings.chat.max_waiting + 1)]
    await rig.live(10)
    with pytest.raises(ChatUnavailable, match="16 questions are waiting"):
        await collect(rig)
    door.set()
    await rig.live(60)
    assert all(isinstance(updates[-1], Finished) for updates in await asyncio.gather(*waiting))


async def test_an_asker_who_leaves_frees_the_slot(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.hold = asyncio.Event().wait
    gone = asyncio.create_task(collect(rig))
    await rig.live(10)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    rig.model.hold = None
    assert isinstance((await rig.go(collect(rig)))[-1], Finished)
    assert rig.admission.inside == ()


async def test_a_server_that_goes_away_in_the_middle_keeps_what_came(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.words = ("One", " two", " three")
    came: list[Update] = []

    async def ask() -> None:
        async for update in rig.chat.answer(QUESTION):
            came.append(update)
            if update == Text(" two"):
                rig.world.machine.crash("ollama")

    with pytest.raises(Bd1Error):
        await rig.go(ask())
    assert [update for update in came if isinstance(update, Text)] == [Text("One"), Text(" two")]
