"""Who may use the chat model now: the director opens, closes and cuts; chat asks and is counted. No model call here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

SOMEBODY = "somebody"


class Visit:
    """One answer under way. `is_cut` is set when it has to end now, and `reason` then says why, a sentence."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.is_cut = asyncio.Event()
        self.reason = ""

    def cut(self, reason: str) -> None:
        """Ends it; the first reason is the one that is told."""
        if not self.is_cut.is_set():
            self.reason = reason
            self.is_cut.set()


class Admission:
    """A door with a reason on it and a list of who is inside."""

    def __init__(self) -> None:
        self._closed: str | None = None
        self._inside: list[Visit] = []
        self.is_empty = asyncio.Event()
        """Set while nobody is inside."""
        self.is_empty.set()

    @property
    def closed_because(self) -> str | None:
        """The reason nobody may enter, a sentence; `None` when open."""
        return self._closed

    def close(self, reason: str) -> None:
        """Nobody new may enter; those inside may finish."""
        self.set(reason)

    def set(self, reason: str | None) -> None:
        """Closes with a reason; `None` opens."""
        self._closed = reason

    @property
    def inside(self) -> tuple[str, ...]:
        """Whose questions are being answered, longest first."""
        return tuple(visit.who for visit in self._inside)

    @contextmanager
    def enter(self, who: str = SOMEBODY) -> Iterator[Visit]:
        """Counts one answer for as long as the block runs. The block has to end when its visit is cut."""
        visit = Visit(who)
        self._inside.append(visit)
        self.is_empty.clear()
        try:
            yield visit
        finally:
            self._inside.remove(visit)
            if not self._inside:
                self.is_empty.set()

    def cut(self, reason: str) -> None:
        """Ends every answer under way; each asker is told `reason`."""
        for visit in self._inside:
            visit.cut(reason)
