"""Who may use the chat model now: the director opens and closes, chat asks and is counted. No model call here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bd1.ports import Clock


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

    async def drained(self, clock: Clock, timeout_s: float) -> bool:
        """Waits until nobody is inside; false when some still are after `timeout_s` seconds."""
        waits = {asyncio.ensure_future(self._empty.wait()), asyncio.ensure_future(clock.sleep(timeout_s))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return not self._inside
