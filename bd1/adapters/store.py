"""What outlives the process, in one SQLite file. The only importer of aiosqlite."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiosqlite

from bd1.errors import StoreUnavailable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (collection, key)
) WITHOUT ROWID
"""


class SqliteStore:
    """`bd1.ports.Store` on a file. A write is on disk when the call returns (WAL, synchronous=FULL)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: aiosqlite.Connection | None = None

    async def open(self) -> Self:
        """Opens or creates the file. Raises `StoreUnavailable` when that cannot be done."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = await aiosqlite.connect(self._path)
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON", _SCHEMA):
                await self._connection.execute(statement)
            await self._connection.commit()
        except (OSError, sqlite3.Error) as trouble:
            await self.close()  # else the connection's thread keeps the process from ending
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

    @property
    def _db(self) -> aiosqlite.Connection:
        if self._connection is None:
            raise StoreUnavailable("The data file is not open.")
        return self._connection

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
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _read(self, query: str, values: tuple[str, ...]) -> list[Any]:
        try:
            return list(await self._db.execute_fetchall(query, values))
        except sqlite3.Error as trouble:
            raise StoreUnavailable(f"The data file {self._path} cannot be read: {trouble}.") from trouble

    async def _write(self, query: str, rows: Sequence[tuple[str, ...]]) -> None:
        """One transaction."""
        try:
            await self._db.executemany(query, rows)
            await self._db.commit()
        except sqlite3.Error as trouble:
            raise StoreUnavailable(f"The data file {self._path} cannot be written: {trouble}.") from trouble
