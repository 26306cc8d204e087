"""Questions to answers: who may ask now, what is under way, and what an earlier run left without an end.

No Discord here. Prompts are never logged.
"""

import math
from collections.abc import Iterable

from bd1.core.answer import Question
from bd1.core.settings import ChatSettings
from bd1.errors import ChatUnavailable, LineFull, StoreUnavailable
from bd1.ports import ChatModel, Clock
from bd1.services.admission import Admission
from bd1.services.answering import Answer, Kitchen
from bd1.services.chat_line import ChatLine
from bd1.services.cursors import Cursors
from bd1.services.facts import Facts
from bd1.services.ledger import Ledger, LedgerEntry, LedgerState
from bd1.services.load_times import LoadTimes
from bd1.services.models import Models
from bd1.services.planner import Planner
from bd1.services.reading import Reading, begin_inquiry
from bd1.services.waiting import first_of

__all__ = ["Answer", "Chat"]

_END_S = 10.0
"""How long the end of an answer that was stopped may take to be shown."""


class Chat:
    """Answers questions, at most `parallel` at once and `max_waiting` in line; holds them while the GPU is away."""

    def __init__(
        self,
        settings: ChatSettings,
        model: ChatModel,
        admission: Admission,
        clock: Clock,
        *,
        ledger: Ledger,
        planner: Planner,
        load_times: LoadTimes,
        models: Models,
        cursors: Cursors,
        facts: Facts,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._ledger = ledger
        self._load_times = load_times
        self.cursors = cursors
        self._line = ChatLine(settings, admission, clock)
        reading = Reading(
            settings=settings,
            model=model,
            planner=planner,
            models=models,
            facts=facts,
            load_times=load_times,
            clock=clock,
        )
        self._kitchen = Kitchen(
            settings=settings, reading=reading, admission=admission, line=self._line, ledger=ledger, clock=clock
        )
        self._answers: dict[int, Answer] = {}
        self._asked_s: dict[int, float] = {}

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        await self._ledger.load()
        await self._load_times.load()
        await self.cursors.load()

    def ask(self, question: Question, *, before: LedgerEntry | None = None, had_place: bool = False) -> Answer:
        """Takes a place in line at once. One that `had_place` already, under another id, is not one more question.

        `before` is what became of it, where one that has had its end is to be answered anew. One that was left open by
        an earlier run had its place already, and goes on.

        Raises:
            LineFull: with a sentence for the asker: the line is full, or they have too many in it.
            ChatUnavailable: they ask too fast, or this very question is under way or was answered already.
        """
        if question.id in self._answers or (self._ledger.has_ended(question.id) and before is None):
            raise ChatUnavailable("This question is being answered, or was answered already.")
        if not had_place and not self._ledger.is_open(question.id):
            is_new = not question.begun and (before is None or before.state is LedgerState.DONE)
            if is_new and (pause := self._too_fast(question.asker_id)):
                raise ChatUnavailable(pause)
            if refusal := self._line.refusal(question.asker_id):
                raise LineFull(refusal)
            self._asked_s[question.asker_id] = self._clock.monotonic()
        entry = self._ledger.take(question, before)
        answer = self._answers[question.id] = Answer(question, self._kitchen, entry.asked_at)
        return answer

    def _too_fast(self, asker_id: int) -> str | None:
        pause_s, now_s = self._settings.slow_mode_s, self._clock.monotonic()
        self._asked_s = {who: asked_s for who, asked_s in self._asked_s.items() if now_s - asked_s < pause_s}
        left_s = pause_s - (now_s - self._asked_s.get(asker_id, -pause_s + now_s))
        if left_s <= 0:
            return None
        return f"One question every {pause_s:g} s from each of you, please: ask again in {math.ceil(left_s)} s."

    async def beside(self, question: Question) -> int:
        """How many tokens would go along with the conversation, by the careful estimate: what the model may ask for."""
        return (await begin_inquiry(self._kitchen.reading, question)).tokens

    def leave(self, answer: Answer) -> None:
        """Whoever showed this answer has ended: place and slot are free, and it is under way no more."""
        answer.leave()
        if self._answers.get(answer.question.id) is answer:
            del self._answers[answer.question.id]

    def find(self, question_id: int) -> Answer | None:
        """The answer under way to this question: waiting, held or streaming."""
        return self._answers.get(question_id)

    def shown_in(self, message_id: int) -> Answer | None:
        """The answer under way that this message shows, or that it asks for."""
        found = (it for it in self._answers.values() if message_id in {it.question.id, *it.message_ids})
        return next(found, None)

    def knows(self, question_id: int) -> bool:
        """Whether this question was ever taken."""
        return self._ledger.knows(question_id)

    async def askers(self) -> tuple[int, ...]:
        """Everybody who asked something that is still remembered, the newest first. Raises `StoreUnavailable`."""
        return await self._ledger.askers()

    async def left_open(self) -> tuple[LedgerEntry, ...]:
        """What an earlier run, or an earlier connection, left without an end, oldest first."""
        return tuple(entry for entry in self._ledger.open if entry.question_id not in self._answers)

    async def entry(self, question_id: int) -> LedgerEntry | None:
        """What is known of a question, with its thinking; `None` for one never taken. Raises `StoreUnavailable`."""
        return await self._ledger.entry(question_id)

    async def outdated_ids(self, question_ids: Iterable[int]) -> set[int]:
        """The messages of answers to these questions in whose place newer ones came, as far as the disk can tell."""
        try:
            return await self._ledger.outdated_ids(question_ids)
        except StoreUnavailable:  # worth no answer: the model is told more than it need be
            return set()

    async def set_aside(self, question: Question, message_ids: tuple[int, ...] = ()) -> None:
        """Books a question that gets no answer: a later one speaks for it, or these messages say why."""
        if question.id not in self._answers:
            await self._ledger.set_aside(question, message_ids)

    async def withdraw(self, person_id: int, by: str) -> int:
        """Ends all that is under way for this person, and returns once it has its end, in a while anyway; how many."""
        theirs = [answer for answer in self._answers.values() if answer.question.asker_id == person_id]
        for answer in theirs:
            answer.stop(by, is_gone=True)
        for answer in theirs:
            await first_of(self._clock, _END_S, answer.left)
        return len(theirs)

    async def close_left_open(self, question_id: int, message_ids: tuple[int, ...], *, complete: bool) -> None:
        """The end of a question that was left open: these messages show its whole answer, or say that it has none."""
        if question_id not in self._answers:
            state = LedgerState.DONE if complete else LedgerState.MARKED
            await self._ledger.end(question_id, state, message_ids=message_ids)
