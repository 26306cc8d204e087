"""What happens to an answer when its container, its asker or its turn goes away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bd1.core.answer import Finished, Held, Text, Update
from bd1.core.progress import Outcome, Patience
from bd1.errors import ChatUnavailable
from bd1.ports import ChatChunk, ChatTurn
from tests.services.rig import Rig, question


async def test_a_container_stopped_by_a_person_ends_its_answer_with_a_sentence_and_frees_the_line(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    door = asyncio.Event()

    async def hold() -> None:
        if rig.model.said:
            await door.wait()

    rig.model.hold = hold
    came: list[Update] = []
    answer = asyncio.create_task(rig.ask(into=came))
    await rig.live(10)
    rig.world.machine.stop("ollama", 10)
    await rig.live(5)
    door.set()
    await rig.live(1)
    with pytest.raises(ChatUnavailable):
        await answer
    assert Text("Hello") in came
    assert rig.admission.inside == ()
    later = rig.chat.ask(question())
    await rig.live(1)
    held = await anext(aiter(later.updates()))
    assert isinstance(held, Held)
    assert "idle mode" in held.reason


async def test_closing_the_answer_early_closes_the_models_stream_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []

    async def endless(_model: str, _turns: Sequence[ChatTurn], **_figures: Any) -> AsyncIterator[ChatChunk]:
        try:
            while True:
                yield ChatChunk(text="again ")
                await asyncio.sleep(0)  # as a stream from a socket gives others their turn
        finally:
            await asyncio.sleep(0)
            closed.append(True)

    await rig.switch("chat")
    monkeypatch.setattr(rig.model, "chat", endless)
    updates = rig.chat.ask(question()).updates()

    async def leave() -> tuple[bool, ...]:
        async for update in updates:
            if isinstance(update, Text):
                break
        await updates.aclose()  # type: ignore[attr-defined]
        return tuple(closed)

    assert await rig.go(leave()) == (True,)
    assert rig.admission.inside == ()
    monkeypatch.undo()
    assert isinstance((await rig.go(rig.ask()))[-1], Finished)


async def test_one_who_waited_through_a_switch_is_held_and_answered_when_chat_is_back(rig: Rig) -> None:
    await rig.switch("chat")
    door = asyncio.Event()
    rig.model.hold = door.wait
    first: list[Update] = []
    second: list[Update] = []
    answering = asyncio.create_task(rig.ask(into=first))
    await rig.live(10)
    waiting = asyncio.create_task(rig.ask(into=second))
    await rig.clock.settle()
    job = rig.director.switch("image", "Leia")
    await rig.clock.settle()
    door.set()
    await rig.live(60)
    await answering
    assert job.is_over
    assert isinstance(first[-1], Finished)
    reasons = [update.reason for update in second if isinstance(update, Held)]
    assert "being switched to image mode" in reasons[0]
    assert "in image mode" in reasons[-1]
    assert not waiting.done()
    await rig.switch("chat")
    await rig.live(10)
    assert isinstance((await waiting)[-1], Finished)


async def held_answer(rig: Rig, came: list[Update]) -> "asyncio.Task[list[Update]]":
    """Chat mode, and an answer that begins and never ends."""
    await rig.switch("chat")
    stuck = asyncio.Event()

    async def hold() -> None:
        if rig.model.said:
            await stuck.wait()

    rig.model.hold = hold
    answering = asyncio.create_task(rig.ask(into=came))
    await rig.live(10)
    return answering


async def test_a_drain_that_takes_too_long_asks_and_a_cut_tells_the_asker_why(rig: Rig) -> None:
    answering = await held_answer(rig, [])
    job = rig.director.switch("image", "Leia")
    await rig.live(11)
    assert "Han is being answered" in (job.progress.question or "")
    assert rig.world.machine.boxes["ollama"].running
    rig.director.choose(job.id, Patience.CUT, "Leia")
    await rig.live(30)
    with pytest.raises(ChatUnavailable, match="Leia switched the GPU to image mode"):
        await answering
    assert job.progress.outcome is Outcome.DONE
    assert "cut: Han is being answered" in job.progress.step("drain").note
    assert rig.admission.inside == ()


async def test_whoever_waits_on_is_asked_again_and_the_answers_own_end_lets_the_switch_go_on(rig: Rig) -> None:
    answering = await held_answer(rig, [])
    job = rig.director.switch("image", "Leia")
    await rig.live(11)
    rig.director.choose(job.id, Patience.WAIT, "Leia")
    await rig.live(1)
    assert job.progress.question is None
    await rig.live(10)
    assert job.progress.question is not None
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    await rig.live(30)
    assert job.progress.outcome is Outcome.DONE


async def test_a_question_nobody_answers_cancels_the_switch_and_nothing_was_stopped(rig: Rig) -> None:
    answering = await held_answer(rig, [])
    job = rig.director.switch("image", "Leia")
    await rig.live(10 + rig.settings.switch.choice_s + 2)
    assert job.progress.outcome is Outcome.CANCELLED
    assert rig.world.machine.boxes["ollama"].running
    assert not answering.done()
    assert rig.admission.closed_because is None
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)


async def test_a_switch_that_was_told_to_cut_does_not_wait(rig: Rig) -> None:
    answering = await held_answer(rig, [])
    job = rig.director.switch("image", "Leia", patience=Patience.CUT)
    await rig.live(8)
    assert job.progress.outcome is Outcome.DONE
    with pytest.raises(ChatUnavailable):
        await answering


async def test_a_question_that_was_cut_before_its_first_word_is_held_and_answered_later(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.hold = asyncio.Event().wait
    asking = asyncio.create_task(rig.ask())
    await rig.live(10)
    assert rig.admission.inside == ("Han",)
    rig.director.switch("image", "Leia", patience=Patience.CUT)
    await rig.live(20)
    rig.model.hold = None
    assert not asking.done()
    await rig.switch("chat")
    await rig.live(10)
    updates = await asking
    assert any(isinstance(update, Held) for update in updates)
    assert "".join(update.text for update in updates if isinstance(update, Text)) == "Hello there."
