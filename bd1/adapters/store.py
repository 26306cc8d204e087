"""What outlives the process, in one SQLite file. The only importer of sqlite3."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from bd1.errors import StoreUnavailable

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (collection, key)
) WITHOUT ROWID
"""


class SqliteStore:
    """`bd1.ports.Store` on a file. A write is on disk when the call returns (WAL, synchronous=FULL).

    One thread owns the connection: whatever SQLite makes lives and dies there. A cursor that another thread throws
    away resets its statement while the same statement is being run for the next write, and SQLite refuses that one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: ThreadPoolExecutor | None = None
        self._database: sqlite3.Connection | None = None

    async def open(self) -> Self:
        """Opens or creates the file. Raises `StoreUnavailable` when that cannot be done."""
        self._thread = ThreadPoolExecutor(1, "store")
        try:
            self._database = await asyncio.get_running_loop().run_in_executor(self._thread, self._connect)
        except (OSError, sqlite3.Error) as trouble:
            await self.close()
            raise StoreUnavailable(
                f"The data file {self._path} cannot be opened ({trouble}). Give BD-1 a data folder it may write to."
            ) from trouble
        return self

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def get(self, collection: str, key: str) -> dict[str, Any] | None:
        rows = await self._read("SELECT value FROM document WHERE collection = ? AND key = ?", (collection, key))
        return json.loads(rows[0][0]) if rows else None

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        query = "INSERT OR REPLACE INTO document VALUES (?, ?, ?)"
        await self._write(query, [(collection, key, json.dumps(value))])

    async def delete(self, collection: str, *keys: str) -> None:
        """Erases all of these or none; many cost hardly more than one."""
        query = "DELETE FROM document WHERE collection = ? AND key = ?"
        await self._write(query, [(collection, key) for key in keys])
        await self._read("PRAGMA wal_checkpoint(TRUNCATE)", ())  # what was erased is in no file any more

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        query = "SELECT key, value FROM document WHERE collection = ? ORDER BY key"
        return tuple((key, json.loads(value)) for key, value in await self._read(query, (collection,)))

    async def close(self) -> None:
        """Waits for what was asked before. Once closed, every other call raises `StoreUnavailable`."""
        thread, database = self._thread, self._database
        self._thread = self._database = None
        if thread and database:
            await asyncio.get_running_loop().run_in_executor(thread, database.close)
        if thread:
            thread.shutdown()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path)
        try:
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON", _SCHEMA):
                database.execute(statement).close()
        except sqlite3.Error:
            database.close()
            raise
        return database

    async def _read(self, query: str, values: tuple[str, ...]) -> list[Any]:
        def read(database: sqlite3.Connection) -> list[Any]:
            with closing(database.execute(query, values)) as rows:
                return rows.fetchall()

        try:
            return await self._on_thread(read)
        except sqlite3.Error as trouble:
            raise StoreUnavailable(f"The data file {self._path} cannot be read: {trouble}.") from trouble

    async def _write(self, query: str, rows: Sequence[tuple[str, ...]]) -> None:
        """One transaction. Whoever stops waiting for it takes nothing back: it is written."""

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.executemany(query, rows).close()

        try:
            await asyncio.shield(self._on_thread(write))
        except sqlite3.Error as trouble:
            raise StoreUnavailable(f"The data file {self._path} cannot be written: {trouble}.") from trouble

    def _on_thread(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        if self._thread is None or self._database is None:
            raise StoreUnavailable("The data file is not open.")
        return asyncio.get_running_loop().run_in_executor(self._thread, work, self._database)
