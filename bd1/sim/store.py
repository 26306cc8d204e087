"""A store that forgets when the process ends, for rehearsals and tests. It is no cache and writes nothing."""

import json
from typing import Any


class MemoryStore:
    """`bd1.ports.Store` in memory. Documents go through JSON, so what a real store could not keep fails here too."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str], str] = {}

    async def get(self, collection: str, key: str) -> dict[str, Any] | None:
        text = self._documents.get((collection, key))
        return None if text is None else json.loads(text)

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        self._documents[collection, key] = json.dumps(value)

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        found = sorted((key, text) for (kept, key), text in self._documents.items() if kept == collection)
        return tuple((key, json.loads(text)) for key, text in found)

    async def delete(self, collection: str, *keys: str) -> None:
        for key in keys:
            self._documents.pop((collection, key), None)

    async def close(self) -> None:
        """Has nothing to let go of."""
