"""Puts on disk what is kept in memory, as soon as the disk lets it. It does not know what the documents say."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bd1.errors import StoreUnavailable
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_RETRY_S = 30.0


class WriteBehind:
    """One collection of the store. `document` gives what is kept under a key now, `None` for what is to be deleted.

    `what` names it in the log, as the subject of "... are kept in memory only".
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        collection: str,
        what: str,
        document: Callable[[str], dict[str, Any] | None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._collection = collection
        self._what = what
        self._document = document
        self._dirty: set[str] = set()
        self._unsaved = asyncio.Event()
        self._writing = asyncio.Lock()
        self._disk_refuses = False

    def changed(self, key: str) -> None:
        """What is kept under this key has to be written; instant, and cannot fail."""
        self._dirty.add(key)
        self._unsaved.set()

    async def run(self) -> None:
        """Writes changes as they come, for ever; to a disk that refuses, again and again."""
        while True:
            await self._unsaved.wait()
            self._unsaved.clear()
            while not await self.flush():
                await self._clock.sleep(_RETRY_S)

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses: told once in the log, and nothing is lost."""
        try:
            async with self._writing:
                while self._dirty:
                    await self.save(next(iter(self._dirty)))
        except StoreUnavailable as trouble:
            if not self._disk_refuses:
                _LOG.error("%s are kept in memory only: %s", self._what, trouble)
            self._disk_refuses = True
            return False
        self._disk_refuses = False
        return True

    async def save(self, key: str) -> None:
        """Writes what is kept under this key now. Raises `StoreUnavailable`; then the next flush tries it again."""
        self._dirty.discard(key)  # before the write: what changes meanwhile has to be written again
        try:
            document = self._document(key)
            if document is None:
                await self._store.delete(self._collection, key)
            else:
                await self._store.put(self._collection, key, document)
        except BaseException:  # cut short as well: the last flush of all must find it
            self._dirty.add(key)
            raise
