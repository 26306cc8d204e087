"""Who may use the chat model now: the director opens and closes, chat asks and is counted. No model call here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Admission:
    """A door with a reason on it and a count of who is inside."""

    def __init__(self) -> None:
        self._closed: str | None = None
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def closed_because(self) -> str | None:
        """The reason nobody may enter, a sentence; `None` when open."""
        return self._closed

    def close(self, reason: str) -> None:
        """Nobody new may enter; those inside may finish."""
        self._closed = reason

    def open(self) -> None:
        """New answers may begin."""
        self._closed = None

    @property
    def inside(self) -> int:
        """How many answers are under way."""
        return self._inside

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Counts one answer for as long as the block runs."""
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def drained(self, timeout_s: float) -> bool:
        """Waits until nobody is inside; false when some still are after `timeout_s` seconds."""
        try:
            await asyncio.wait_for(self._empty.wait(), timeout_s)
        except TimeoutError:
            return False
        return True
