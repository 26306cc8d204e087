"""The book of questions: which were asked, what became of each, and where the answer stands. On disk at every step.

It holds no prompt and no answer: those live on Discord. The thinking behind an answer is kept, for whoever asks for it.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bd1.core.answer import Question
from bd1.errors import StoreUnavailable
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
QUESTIONS, THOUGHTS = "questions", "thoughts"
_ENDING_CHARACTERS = 48
_BARE: dict[str, Any] = {"asker_id": 0, "asker": "", "channel_id": 0, "ending": "", "cut": False} | dict.fromkeys(
    ("message_ids", "earlier_ids", "begun_ids"), ()
)
"""What an entry says of nobody."""


class LedgerState(StrEnum):
    """How a question stands. The last two are ends."""

    WAITING = "waiting"
    HELD = "held"
    ANSWERING = "answering"
    DONE = "done"
    MARKED = "marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One question. `message_ids` show its answer, in order; `cut` when the model stopped at its limit.

    `ending` proves how a complete answer ends, without telling it (see `ending_of`); empty until it is complete.
    """

    question_id: int
    channel_id: int
    asker_id: int
    asker: str
    asked_at: datetime
    state: LedgerState = LedgerState.WAITING
    message_ids: tuple[int, ...] = ()
    earlier_ids: tuple[int, ...] = ()
    """The messages of answers to the same question before this one: it was asked again."""
    begun_ids: tuple[int, ...] = ()
    """The messages that this answer goes on from; empty where it begins anew."""
    thinking: str = ""
    cut: bool = False
    ending: str = ""
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for the end of this."""
        return self.state not in {LedgerState.DONE, LedgerState.MARKED}


def ending_of(text: str) -> str:
    """A digest of how a text ends, the same however it is cut into messages and its code fences are closed."""
    plain = "".join(character for character in text if not character.isspace() and character != "`")
    return hashlib.sha256(plain[-_ENDING_CHARACTERS:].encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Ledger:
    """Remembers every question. What is open is in memory too; what has ended is on the disk alone."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[int, LedgerEntry] = {}
        self._ended: set[int] = set()
        self._is_writing = True

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        for entry in await self._all():
            if entry.is_open:
                self._open[entry.question_id] = entry
            else:
                self._ended.add(entry.question_id)

    @property
    def open(self) -> tuple[LedgerEntry, ...]:
        """What has no end yet, the oldest first."""
        return tuple(sorted(self._open.values(), key=lambda entry: (entry.asked_at, entry.question_id)))

    def is_open(self, question_id: int) -> bool:
        """Whether this question waits for its end."""
        return question_id in self._open

    def has_ended(self, question_id: int) -> bool:
        """Whether this question was answered, or marked as not answered."""
        return question_id in self._ended

    def knows(self, question_id: int) -> bool:
        """Whether this question was ever taken."""
        return self.is_open(question_id) or self.has_ended(question_id)

    def take(self, question: Question, before: LedgerEntry | None = None) -> LedgerEntry:
        """The entry of a question that is asked now; in memory only.

        One that was left open goes on as it was; `before` is what became of one that is asked again.
        """
        known = self._open.get(question.id)
        if known is not None:
            return known
        earlier = (*before.earlier_ids, *before.message_ids) if before else ()
        entry = LedgerEntry(
            question_id=question.id,
            channel_id=question.channel_id,
            asker_id=question.asker_id,
            asker=question.asker,
            asked_at=self._clock.now(),
            earlier_ids=earlier,
            begun_ids=(*before.begun_ids, *before.message_ids) if before and question.begun else (),
        )
        self._open[question.id] = entry
        self._ended.discard(question.id)
        return entry

    async def change(self, question_id: int, **changes: Any) -> None:
        """Writes what has changed of an open entry; one that has ended stays as it is."""
        if (entry := self._open.get(question_id)) is None:
            return
        entry = self._open[question_id] = replace(entry, **changes)
        await self._write(entry)

    async def end(self, question_id: int, state: LedgerState, *, thinking: str = "", **changes: Any) -> None:
        """Writes the end of an open entry, with what else has changed; nothing happens to one that has ended."""
        if (entry := self._open.pop(question_id, None)) is None:
            return
        self._ended.add(question_id)
        if thinking or (entry.earlier_ids and not entry.begun_ids):  # else that of an answer before would stay
            await self._put(THOUGHTS, question_id, {"text": thinking, "asker_id": entry.asker_id})
        await self._write(replace(entry, state=state, ended_at=self._clock.now(), **changes))

    async def set_aside(self, question: Question, message_ids: tuple[int, ...] = ()) -> None:
        """The end of a question that gets no answer, but these messages; nothing happens to one that has ended."""
        if not self.has_ended(question.id):
            self.take(question)
            await self.end(question.id, LedgerState.MARKED, message_ids=message_ids)

    async def outdated_ids(self, question_ids: Iterable[int]) -> set[int]:
        """The messages of answers to these questions in whose place newer ones came. Raises `StoreUnavailable`."""
        entries = [await self._known(question_id) for question_id in question_ids if self.knows(question_id)]
        return {it for entry in entries if entry for it in entry.earlier_ids if it not in entry.begun_ids}

    async def entry(self, question_id: int) -> LedgerEntry | None:
        """What is known of a question, with its thinking; `None` for one never asked. Raises `StoreUnavailable`."""
        entry = await self._known(question_id)
        if entry is None or entry.is_open:
            return entry
        thought = await self._store.get(THOUGHTS, str(question_id))
        return replace(entry, thinking=str(thought.get("text", ""))) if thought else entry

    async def _known(self, question_id: int) -> LedgerEntry | None:
        if found := self._open.get(question_id):
            return found
        document = await self._store.get(QUESTIONS, str(question_id))
        return _entry(str(question_id), document) if document else None

    async def askers(self) -> tuple[int, ...]:
        """Everybody who asked something that is still remembered, the newest first. Raises `StoreUnavailable`."""
        newest_first = sorted(await self._all(), key=lambda entry: entry.asked_at, reverse=True)
        return tuple(dict.fromkeys(entry.asker_id for entry in newest_first if entry.asker_id))

    async def forget(self, person_id: int) -> int:
        """Erases what ended of this person's questions; how many those were. Raises `StoreUnavailable`.

        Of the last day the bare ids stay until they are purged, so that none is answered a second time.
        """
        theirs = [entry for entry in await self._all() if entry.asker_id == person_id and not entry.is_open]
        count = await self._drop(theirs)
        yesterday = self._clock.now() - timedelta(days=1)
        for entry in theirs:
            if (entry.ended_at or yesterday) > yesterday:
                self._ended.add(entry.question_id)
                await self._write(replace(entry, **_BARE))
        return count

    async def purge(self, before: datetime) -> int:
        """Erases what ended earlier; how many those were. Raises `StoreUnavailable`."""
        return await self._drop(entry for entry in await self._all() if (entry.ended_at or before) < before)

    async def _all(self) -> list[LedgerEntry]:
        entries = [_entry(key, document) for key, document in await self._store.items(QUESTIONS)]
        return [entry for entry in entries if entry is not None]

    async def _drop(self, entries: Iterable[LedgerEntry]) -> int:
        gone = [str(entry.question_id) for entry in entries if not entry.is_open]
        if gone:
            await self._store.delete(THOUGHTS, *gone)
            await self._store.delete(QUESTIONS, *gone)
            self._ended.difference_update(map(int, gone))
        return len(gone)

    async def _write(self, entry: LedgerEntry) -> None:
        document = asdict(entry) | {
            "asked_at": entry.asked_at.isoformat(),
            "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
        }
        del document["thinking"]
        await self._put(QUESTIONS, entry.question_id, document)

    async def _put(self, collection: str, question_id: int, document: dict[str, Any]) -> None:
        """A disk that refuses costs the memory of a crash, not the answer; it is told once."""
        try:
            await self._store.put(collection, str(question_id), document)
            self._is_writing = True
        except StoreUnavailable as trouble:
            if self._is_writing:
                _LOG.error("questions are kept in memory only: %s", trouble)
            self._is_writing = False


def _entry(key: str, document: Mapping[str, Any]) -> LedgerEntry | None:
    try:
        ended_at = document["ended_at"]
        return LedgerEntry(
            **dict(document)
            | {
                "asked_at": datetime.fromisoformat(document["asked_at"]),
                "ended_at": datetime.fromisoformat(ended_at) if ended_at else None,
                "state": LedgerState(document["state"]),
                **{name: tuple(document[name]) for name in ("message_ids", "earlier_ids", "begun_ids")},
            }
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        _LOG.warning("the question %s is of another version's shape and is left aside", key)
        return None
