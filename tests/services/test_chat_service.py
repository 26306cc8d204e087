"""Questions and answers on the simulated machine."""

import asyncio

import pytest

from bd1.core.answer import Finished, Held, Loading, Text, Unheld, Update, Waiting
from bd1.errors import Bd1Error, ChatUnavailable
from bd1.services.ledger import Ledger, LedgerState
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore
from tests.services.rig import Rig, question


async def test_a_cold_model_is_told_then_the_answer_comes_then_the_figures(rig: Rig) -> None:
    await rig.switch("chat")
    updates = await rig.go(rig.ask())
    assert updates[0] == Loading("llama3:8b", 4445)
    assert "".join(update.text for update in updates if isinstance(update, Text)) == "Hello there."
    last = updates[-1]
    assert isinstance(last, Finished)
    assert (last.model, last.tokens_per_s, last.left_out, last.cut) == ("llama3:8b", 40.0, 0, False)


async def test_in_image_mode_a_question_is_held_and_answered_once_when_chat_comes_back(rig: Rig) -> None:
    await rig.switch("image")
    asking = asyncio.create_task(rig.ask())
    await rig.live(60)
    assert not asking.done()
    assert rig.model.asked == 0
    await rig.switch("chat")
    updates = await rig.go(waited(asking))
    held = [update for update in updates if isinstance(update, Held)]
    assert "image mode" in held[0].reason
    assert held[0].switch_to == "chat"
    (unheld,) = [update for update in updates if isinstance(update, Unheld)]
    assert unheld.waited_s >= 60
    assert isinstance(updates[-1], Finished)
    assert rig.model.asked == 1


async def waited(task: "asyncio.Task[list[Update]]") -> list[Update]:
    return await task


async def test_a_second_question_waits_and_is_answered(rig: Rig) -> None:
    await rig.switch("chat")
    door = asyncio.Event()
    rig.model.hold = door.wait
    first = asyncio.create_task(rig.ask())
    await rig.live(10)
    second = asyncio.create_task(rig.ask())
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
    waiting = [
        asyncio.create_task(rig.ask(question(asker_id=number))) for number in range(rig.settings.chat.max_waiting + 1)
    ]
    await rig.live(10)
    with pytest.raises(ChatUnavailable, match="16 questions are waiting"):
        rig.chat.ask(question(asker_id=99))
    door.set()
    await rig.live(60)
    assert all(isinstance(updates[-1], Finished) for updates in await asyncio.gather(*waiting))


async def test_an_asker_who_leaves_frees_the_slot(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.hold = asyncio.Event().wait
    gone = asyncio.create_task(rig.ask())
    await rig.live(10)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    rig.model.hold = None
    assert isinstance((await rig.go(rig.ask()))[-1], Finished)
    assert rig.admission.inside == ()


async def test_a_server_that_goes_away_in_the_middle_keeps_what_came(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.words = ("One", " two", " three")
    came: list[Update] = []

    async def hold() -> None:
        if rig.model.said == 2:
            rig.world.machine.crash("ollama")

    rig.model.hold = hold
    with pytest.raises(Bd1Error):
        await rig.go(rig.ask(into=came))
    assert [update for update in came if isinstance(update, Text)] == [Text("One"), Text(" two")]


async def test_what_was_thought_for_an_earlier_answer_is_not_taken_for_that_of_the_newest() -> None:
    ledger = Ledger(MemoryStore(), FakeClock())
    asked = question()
    ledger.take(asked)
    await ledger.end(asked.id, LedgerState.DONE, thinking="an old thought", message_ids=(7,))
    before = await ledger.entry(asked.id)
    assert before
    assert before.thinking == "an old thought"
    ledger.take(asked, before)
    await ledger.end(asked.id, LedgerState.DONE, message_ids=(8,))
    after = await ledger.entry(asked.id)
    assert after
    assert (after.thinking, after.earlier_ids) == ("", (7,))
