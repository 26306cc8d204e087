"""One question on its way to an answer: it waits, is held, is answered, is stopped. Never logs a prompt.

An answer works in a task of its own, so that it can be ended at any moment, whoever is reading it.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bd1.core.answer import Finished, Held, Question, Unheld, Update, Waiting
from bd1.core.settings import ChatSettings
from bd1.errors import Bd1Error, ChatStopped, ChatUnavailable, QuestionGone
from bd1.ports import Clock
from bd1.services.admission import Admission, Visit
from bd1.services.chat_line import ChatLine
from bd1.services.ledger import Ledger, LedgerState, ending_of
from bd1.services.reading import Reader, Reading
from bd1.services.waiting import first_of

_RETELL_S = 10.0
"""So often somebody who waits is told anew how long it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """Everything an answer is made with."""

    settings: ChatSettings
    reading: Reading
    admission: Admission
    line: ChatLine
    ledger: Ledger
    clock: Clock


class _DoorClosed(Exception):
    """The GPU went elsewhere before anything was said: the question is held."""


class Answer:
    """The answer to one question. Made by `Chat.ask`, which has taken a place in line for it.

    `updates` is read once. Whoever shows it tells `posted` and `delivered`, and calls `leave` in the end.
    """

    def __init__(self, question: Question, kitchen: Kitchen, asked_at: datetime) -> None:
        self.question = question
        self.message_ids: tuple[int, ...] = ()
        """The messages that show it, as far as it was told."""
        self.booked = asyncio.Event()
        """Set once it is on disk that this was asked; what came to its end before is as good."""
        self.left = asyncio.Event()
        """Set once nobody shows it any more."""
        self._kitchen = kitchen
        self._updates: asyncio.Queue[Update | BaseException] = asyncio.Queue()
        self._asked_at = asked_at
        self._standing = kitchen.line.join(question.id, question.asker_id)
        self._reader: Reader | None = None
        self._stopped: ChatStopped | None = None
        self._is_whole = False
        self._work = asyncio.create_task(self._carry(), name="answer")
        self._work.add_done_callback(self._close)

    async def updates(self) -> AsyncIterator[Update]:
        """What becomes of it, ending with `Finished`.

        Raises `Bd1Error` with a sentence for people when it ends otherwise; the text so far stays valid. Closing the
        iterator early ends the model's work too.
        """
        try:
            while True:
                update = await self._updates.get()
                if isinstance(update, BaseException):
                    raise update
                yield update
                if isinstance(update, Finished):
                    return
        finally:
            await self._end_work()

    def stop(self, by: str, *, is_gone: bool = False) -> None:
        """Ends it wherever it is, for `by`; the model's connection is closed at once. Again does no harm.

        `is_gone` when the question itself was deleted.
        """
        if self._stopped is None and not self._work.done():
            what = "stopped this answer" if self._has_spoken else "took this question back"
            self._stopped = (QuestionGone if is_gone else ChatStopped)(f"{by} {what}.")
            self._work.cancel()

    async def posted(self, message_ids: tuple[int, ...]) -> None:
        """These messages show it now, all of them in order."""
        if message_ids != self.message_ids:
            self.message_ids = message_ids
            await self._kitchen.ledger.change(self.question.id, message_ids=message_ids)

    async def delivered(self, text: str, thinking: str = "", *, cut: bool) -> None:
        """All there is to see is on Discord, a sentence about trouble included: nothing more will come."""
        del text  # it lives on Discord
        state = LedgerState.DONE if self._is_whole else LedgerState.MARKED
        await self._kitchen.ledger.end(self.question.id, state, thinking=thinking, cut=cut)

    def leave(self) -> None:
        """Nobody reads it any more: place and slot are free. What has no end in the ledger is left open there."""
        self._work.cancel()
        self._kitchen.line.leave(self._standing)
        self.left.set()

    async def _end_work(self) -> None:
        self._work.cancel()
        await asyncio.wait({self._work})

    def _close(self, work: "asyncio.Task[Finished]") -> None:
        """The work has ended, even before its first step: place and slot are free, and whoever reads knows."""
        end: Finished | BaseException
        if work.cancelled():
            end = self._stopped or ChatUnavailable("This answer was given up.")
        else:
            end = work.exception() or work.result()
        self._is_whole = isinstance(end, Finished)
        self._kitchen.line.leave(self._standing, measured=self._is_whole)
        self.booked.set()
        self._updates.put_nowait(end)

    @property
    def _has_spoken(self) -> bool:
        return self._reader is not None and bool(self._reader.text)

    async def _carry(self) -> Finished:
        while True:
            await self._until_turn()
            try:
                return await self._answer()
            except _DoorClosed:
                self._kitchen.line.put_back(self._standing)

    async def _until_turn(self) -> None:
        told: Waiting | Held | None = None
        was_held = False
        while (standing := self._kitchen.line.tell(self._standing)) is not None:
            if isinstance(standing, Held):
                self._refuse_if_too_long(standing)
            if type(standing) is not type(told):  # booked before anything of it is shown
                await self._book(LedgerState.HELD if isinstance(standing, Held) else LedgerState.WAITING)
            if standing != told:
                self._updates.put_nowait(standing)
            told, was_held = standing, was_held or isinstance(standing, Held)
            if standing == self._kitchen.line.tell(self._standing):
                self._standing.moved.clear()
                await first_of(self._kitchen.clock, _RETELL_S, self._standing.moved)
        if was_held:
            self._updates.put_nowait(Unheld((self._kitchen.clock.now() - self._asked_at).total_seconds()))

    async def _book(self, state: LedgerState) -> None:
        await self._kitchen.ledger.change(self.question.id, state=state)
        self.booked.set()

    def _refuse_if_too_long(self, held: Held) -> None:
        hold_s = self._kitchen.settings.hold_s
        if not hold_s:
            raise ChatUnavailable(held.reason)
        if self._kitchen.clock.now() - self._asked_at >= timedelta(seconds=hold_s):
            raise ChatUnavailable(f"{held.reason} I kept your question for {_long(hold_s)}. Please ask it again.")

    async def _answer(self) -> Finished:
        kitchen = self._kitchen
        if kitchen.admission.closed_because:
            raise _DoorClosed
        with kitchen.admission.enter(self.question.asker) as visit:
            await self._book(LedgerState.ANSWERING)
            try:
                return await self._unless_cut(visit)
            except Bd1Error as trouble:
                if not self._has_spoken and (visit.is_cut.is_set() or kitchen.admission.closed_because):
                    raise _DoorClosed from trouble
                raise

    async def _unless_cut(self, visit: Visit) -> Finished:
        """The model's answer, until the visit is cut. However it ends, the model's stream is closed by then."""
        reading = asyncio.create_task(self._read(), name="model's answer")
        cut = asyncio.create_task(visit.is_cut.wait())
        try:
            await asyncio.wait({reading, cut}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise ChatUnavailable(visit.reason)
            return reading.result()
        finally:
            cut.cancel()
            reading.cancel()
            await asyncio.wait({reading})
            if not reading.cancelled():
                reading.exception()  # an error that came together with the cut is nobody's any more

    async def _read(self) -> Finished:
        reader = self._reader = Reader(self.question, self._kitchen.reading, self._updates.put_nowait)
        finished = await reader.read()
        # From here on the answer is known to be complete, even if its last words are not on Discord yet.
        await self._kitchen.ledger.change(self.question.id, ending=ending_of(reader.text))
        return finished


def _long(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds >= 7200 else f"{seconds / 60:g} minutes"
