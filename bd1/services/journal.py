"""The book of switches: each step on disk before it is done and after it is verified. It decides nothing."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bd1.core.journal import Entry, SampleRecord, StepRecord
from bd1.core.progress import Outcome, StepState
from bd1.ports import Clock, Store
from bd1.services.write_behind import WriteBehind

_LOG = logging.getLogger(__name__)
COLLECTION = "switches"
_KEPT = 200


class Journal:
    """Keeps the last switches. `write` is on disk when it returns; `keep` cannot fail and is on disk soon."""

    def __init__(self, store: Store, clock: Clock, news: asyncio.Event) -> None:
        """`news` is set whenever an entry has ended, so that its line can be told."""
        self._store = store
        self._clock = clock
        self._news = news
        self._entries: dict[str, Entry] = {}
        self._found_open: set[str] = set()
        self._disk = WriteBehind(store, clock, collection=COLLECTION, what="switches", document=self._document)

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        for entry_id, document in await self._store.items(COLLECTION):
            try:
                entry = from_document(document)
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("the switch %s is of another version's shape and is left aside", entry_id)
                continue
            self._entries.setdefault(entry.id, entry)
            if entry.is_open:
                self._found_open.add(entry.id)

    def new_id(self) -> str:
        """An id that sorts by time and fits into a nonce of Discord."""
        return f"{self._clock.now():%Y%m%d%H%M%S}-{secrets.token_hex(4)}"

    @property
    def interrupted(self) -> tuple[Entry, ...]:
        """Switches of earlier runs that nobody wrote an end of, oldest first."""
        return tuple(entry for entry in self._by_time() if entry.is_open and entry.id in self._found_open)

    def last(self, count: int) -> tuple[Entry, ...]:
        """The last switches that ended, the newest first."""
        return tuple(entry for entry in reversed(self._by_time()) if not entry.is_open)[:count]

    def entry(self, entry_id: str) -> Entry | None:
        """This switch, if it is still remembered."""
        return self._entries.get(entry_id)

    def untold(self) -> tuple[Entry, ...]:
        """Switches that ended and whose line is not in the alert channel yet, oldest first."""
        return tuple(entry for entry in self._by_time() if not entry.is_open and not entry.is_told)

    def told(self, entry_id: str) -> None:
        """The line of this switch stands in the alert channel now."""
        if entry := self._entries.get(entry_id):
            self.keep(replace(entry, is_told=True))

    async def write(self, entry: Entry) -> None:
        """Puts the entry on disk. Raises `StoreUnavailable`; it is kept in memory all the same."""
        self._remember(entry)
        await self._disk.save(entry.id)

    def keep(self, entry: Entry) -> None:
        """Remembers the entry now; it is on disk as soon as the disk lets it."""
        self._remember(entry)
        if not entry.is_open and not entry.is_told:
            self._news.set()

    async def run(self) -> None:
        """Writes what `keep` was given, for ever; to a disk that refuses, again and again."""
        await self._disk.run()

    async def flush(self) -> bool:
        """Writes what is not written yet; false when the disk refuses."""
        return await self._disk.flush()

    def _remember(self, entry: Entry) -> None:
        self._entries[entry.id] = entry
        self._disk.changed(entry.id)
        over = [old for old in self._by_time() if not old.is_open]
        for old in over[:-_KEPT]:
            del self._entries[old.id]
            self._disk.changed(old.id)

    def _document(self, entry_id: str) -> dict[str, Any] | None:
        entry = self._entries.get(entry_id)
        return None if entry is None else to_document(entry)

    def _by_time(self) -> list[Entry]:
        return sorted(self._entries.values(), key=lambda entry: entry.id)


def to_document(entry: Entry) -> dict[str, Any]:
    """The entry as JSON values."""
    return asdict(entry) | {
        "started_at": entry.started_at.isoformat(),
        "steps": [asdict(step) | {"begun_at": step.begun_at.isoformat()} for step in entry.steps],
        "samples": [asdict(sample) | {"at": sample.at.isoformat()} for sample in entry.samples],
    }


def from_document(document: Mapping[str, Any]) -> Entry:
    """The entry back. Raises `KeyError`, `TypeError` or `ValueError` for another version's shape."""
    outcome = document["outcome"]
    fields = dict(document) | {
        "started_at": datetime.fromisoformat(document["started_at"]),
        "stops": tuple(document["stops"]),
        "starts": tuple(document["starts"]),
        "steps": tuple(_step(step) for step in document["steps"]),
        "samples": tuple(_sample(sample) for sample in document["samples"]),
        "outcome": None if outcome is None else Outcome(outcome),
    }
    return Entry(**fields)


def _step(document: Mapping[str, Any]) -> StepRecord:
    begun_at, state = datetime.fromisoformat(document["begun_at"]), StepState(document["state"])
    return StepRecord(**(dict(document) | {"begun_at": begun_at, "state": state}))


def _sample(document: Mapping[str, Any]) -> SampleRecord:
    at, holders = datetime.fromisoformat(document["at"]), tuple(document["holders"])
    return SampleRecord(**(dict(document) | {"at": at, "holders": holders}))
