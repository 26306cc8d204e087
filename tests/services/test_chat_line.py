"""Many people, one model: places, estimates, taking back, slow mode."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.answer import Finished, Held, Text, Update, Waiting
from bd1.core.settings import ChatSettings
from bd1.errors import ChatStopped, ChatUnavailable
from bd1.services.answering import Answer
from tests.services.rig import Rig, build_rig, question, rig_settings

HAN, LEIA, LUKE = ("Han", 1), ("Leia", 2), ("Luke", 3)


class Reader:
    """Somebody who reads an answer as it comes."""

    def __init__(self, rig: Rig, who: tuple[str, int]) -> None:
        self.came: list[Update] = []
        asked = question(asker=who[0], asker_id=who[1])
        self.answer: Answer = rig.chat.ask(asked)
        self.task = asyncio.create_task(self._read(rig))

    async def _read(self, rig: Rig) -> None:
        try:
            async for update in self.answer.updates():
                self.came += [update]
            await self.answer.delivered("", cut=False)
        finally:
            rig.chat.leave(self.answer)

    @property
    def is_answered(self) -> bool:
        return bool(self.came) and isinstance(self.came[-1], Finished)

    @property
    def places(self) -> list[int]:
        return [update.ahead for update in self.came if isinstance(update, Waiting)]


@contextmanager
def stuck(rig: Rig) -> Iterator[None]:
    """The model says nothing as long as the block runs."""
    door = asyncio.Event()
    rig.model.hold = door.wait
    yield
    rig.model.hold = None
    door.set()


def rig_with(folder: Path, **changes: object) -> Rig:
    settings = rig_settings(folder)
    chat: ChatSettings = replace(settings.chat, **changes)  # type: ignore[arg-type]
    return build_rig(replace(settings, chat=chat))


async def test_the_line_goes_round_among_people_and_everybody_sees_their_place(rig: Rig) -> None:
    await rig.switch("chat")
    done: list[str] = []
    with stuck(rig):
        readers = {name: Reader(rig, who) for name, who in (("H1", HAN), ("H2", HAN), ("H3", HAN), ("L1", LEIA))}
        for name, reader in readers.items():
            reader.task.add_done_callback(lambda _, name=name: done.append(name))  # type: ignore[misc]
        await rig.live(5)
        assert [reader.places[-1:] for reader in readers.values()] == [[], [2], [3], [1]]
    await rig.live(60)
    assert done == ["H1", "L1", "H2", "H3"]
    assert readers["H3"].places[-1] == 1
    assert rig.model.asked == 4


async def test_no_estimate_before_anything_was_measured_then_it_counts_what_the_running_one_took(rig: Rig) -> None:
    await rig.switch("chat")
    rig.model.hold = lambda: rig.clock.sleep(15)
    first = Reader(rig, HAN)
    await rig.live(40)
    assert first.is_answered
    took_s = sum(1 for _ in rig.model.words) * 15.0
    running, waiting = Reader(rig, HAN), Reader(rig, LEIA)
    await rig.live(21)
    etas = [update.eta_s or 0.0 for update in waiting.came if isinstance(update, Waiting)]
    assert took_s <= etas[0] <= took_s + 5
    assert etas == sorted(etas, reverse=True)
    assert etas[-1] <= etas[0] - 19
    await rig.live(60)
    assert running.is_answered
    assert waiting.is_answered


async def test_somebody_who_waits_may_take_the_question_back_and_the_model_never_hears_of_it(rig: Rig) -> None:
    await rig.switch("chat")
    with stuck(rig):
        first, second, third = Reader(rig, HAN), Reader(rig, LEIA), Reader(rig, LUKE)
        await rig.live(5)
        second.answer.stop("Leia")
        await rig.clock.settle()
        with pytest.raises(ChatStopped, match="Leia took this question back"):
            await second.task
        assert third.places[-1] == 1
    await rig.live(30)
    assert first.is_answered
    assert third.is_answered
    assert rig.model.asked == 2


async def test_a_question_that_is_taken_back_the_moment_it_is_asked_ends_too(rig: Rig) -> None:
    await rig.switch("chat")
    reader = Reader(rig, HAN)
    reader.answer.stop("Han")
    await rig.clock.settle()
    with pytest.raises(ChatStopped):
        await reader.task
    assert rig.model.asked == 0


async def test_stopping_a_streaming_answer_keeps_its_text_and_frees_the_slot_at_once(rig: Rig) -> None:
    await rig.switch("chat")
    never = asyncio.Event()

    async def hold() -> None:
        if rig.model.said:
            await never.wait()

    rig.model.hold = hold
    first, second = Reader(rig, HAN), Reader(rig, LEIA)
    await rig.live(10)
    assert Text("Hello") in first.came
    rig.model.hold = None
    first.answer.stop("Leia")
    await rig.clock.settle()
    with pytest.raises(ChatStopped, match="Leia stopped this answer"):
        await first.task
    await rig.live(1)
    assert second.is_answered
    entry = await rig.chat.entry(first.answer.question.id)
    assert entry is not None


async def test_one_person_cannot_fill_the_line(rig: Rig) -> None:
    await rig.switch("chat")
    with stuck(rig):
        mine = [Reader(rig, HAN) for _ in range(rig.settings.chat.max_per_user)]
        with pytest.raises(ChatUnavailable, match="3 questions of yours already"):
            rig.chat.ask(question(asker_id=HAN[1]))
        other = Reader(rig, LEIA)
    await rig.live(60)
    assert all(reader.is_answered for reader in (*mine, other))


async def test_slow_mode_asks_for_patience_once_and_lets_others_ask(tmp_path: Path) -> None:
    rig = rig_with(tmp_path, slow_mode_s=30.0)
    await rig.switch("chat")
    Reader(rig, HAN)
    await rig.live(10)
    with pytest.raises(ChatUnavailable, match="ask again in 20 s"):
        rig.chat.ask(question(asker_id=HAN[1]))
    await rig.live(9.7)
    with pytest.raises(ChatUnavailable, match="ask again in 11 s"):  # never sooner than it is true
        rig.chat.ask(question(asker_id=HAN[1]))
    other = Reader(rig, LEIA)
    await rig.live(11.3)
    assert other.is_answered
    again = Reader(rig, HAN)
    await rig.live(20)
    assert again.is_answered


async def test_slow_mode_holds_for_another_answer_to_the_same_question_too(tmp_path: Path) -> None:
    rig = rig_with(tmp_path, slow_mode_s=30.0)
    await rig.switch("chat")
    asked = question()
    first = asyncio.create_task(rig.ask(asked))
    await rig.live(10)
    await first
    with pytest.raises(ChatUnavailable, match="ask again in 20 s"):
        rig.chat.ask(asked, before=await rig.chat.entry(asked.id))


async def test_the_same_question_is_never_answered_twice(rig: Rig) -> None:
    await rig.switch("chat")
    asked = question()
    with stuck(rig):
        first = asyncio.create_task(rig.ask(asked))
        await rig.live(5)
        with pytest.raises(ChatUnavailable, match="answered already"):
            rig.chat.ask(asked)
    await rig.live(10)
    await first
    with pytest.raises(ChatUnavailable, match="answered already"):
        rig.chat.ask(asked)
    again = rig.chat.ask(asked, before=await rig.chat.entry(asked.id))
    await rig.live(10)
    assert rig.model.asked == 2
    rig.chat.leave(again)


async def test_two_at_once_where_the_server_has_slots_for_two(tmp_path: Path) -> None:
    rig = rig_with(tmp_path, parallel=2)
    await rig.switch("chat")
    with stuck(rig):
        readers = [Reader(rig, who) for who in (HAN, LEIA, LUKE)]
        await rig.live(10)
        assert [reader.places for reader in readers] == [[], [], [2]]
        assert rig.admission.inside == ("Han", "Leia")
    await rig.live(30)
    assert all(reader.is_answered for reader in readers)


async def test_a_held_question_may_be_taken_back(rig: Rig) -> None:
    await rig.switch("image")
    held = Reader(rig, HAN)
    await rig.live(5)
    held.answer.stop("Han")
    await rig.clock.settle()
    with pytest.raises(ChatStopped):
        await held.task
    await rig.switch("chat")
    await rig.live(10)
    assert rig.model.asked == 0


async def test_held_questions_are_bounded_in_number_and_in_time(tmp_path: Path) -> None:
    rig = rig_with(tmp_path, hold_s=7200.0, max_waiting=2)
    await rig.switch("image")
    held = [Reader(rig, who) for who in (HAN, LEIA)]
    with pytest.raises(ChatUnavailable, match="2 questions are waiting"):
        rig.chat.ask(question(asker_id=LUKE[1]))
    await rig.live(7190)
    assert not any(reader.task.done() for reader in held)
    await rig.live(30)
    for reader in held:
        with pytest.raises(ChatUnavailable, match=r"image mode.* I kept your question for 2 hours"):
            await reader.task
    assert rig.model.asked == 0


async def test_with_no_time_to_hold_a_question_is_refused_with_the_reason(tmp_path: Path) -> None:
    rig = rig_with(tmp_path, hold_s=0.0)
    await rig.switch("image")
    refused = Reader(rig, HAN)
    await rig.live(1)
    with pytest.raises(ChatUnavailable, match="in image mode"):
        await refused.task
    assert not any(isinstance(update, Held) for update in refused.came)


async def test_in_quarantine_a_question_is_held_and_no_mode_is_offered(rig: Rig) -> None:
    await rig.switch("chat")
    rig.director.forbid("The card is in quarantine.")
    held = Reader(rig, HAN)
    await rig.live(1)
    assert held.came == [Held("The card is in quarantine.", None)]
    rig.director.forbid(None)
    await rig.live(20)
    assert held.is_answered


async def test_held_and_waiting_are_answered_once_each_whatever_the_card_does(rig: Rig) -> None:
    await rig.switch("chat")
    people = [(f"pilot {number}", number) for number in range(9)]
    readers: list[Reader] = []
    for who, mode in zip(people, ["image", "chat", "idle"] * 3, strict=True):
        readers.append(Reader(rig, who))
        await rig.live(0.5)
        await rig.switch(mode)
    await rig.switch("chat")
    await rig.live(120)
    assert all(reader.is_answered for reader in readers)
    assert all("".join(u.text for u in r.came if isinstance(u, Text)) == "Hello there." for r in readers)
