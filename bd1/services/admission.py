"""Who may use the chat model now: the director opens, closes and cuts; chat asks and is counted. No model call here."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SOMEBODY = "somebody"


ANSWERED = "is being answered"


class Visit:
    """One answer or load under way. `is_cut` is set when it has to end now, and `reason` then says why, a sentence."""

    def __init__(self, who: str, what: str = ANSWERED) -> None:
        self.who = who
        self.what = what
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
        self._way_back: str | None = None
        self._listeners: list[Callable[[], None]] = []
        self._inside: list[Visit] = []
        self.is_empty = asyncio.Event()
        """Set while nobody is inside."""
        self.is_empty.set()

    @property
    def closed_because(self) -> str | None:
        """The reason nobody may enter, a sentence; `None` when open."""
        return self._closed

    @property
    def way_back(self) -> str | None:
        """The mode that opens the door again; `None` when it is open, and when no mode would open it now."""
        return self._way_back

    def close(self, reason: str) -> None:
        """Nobody new may enter; those inside may finish."""
        self.set(reason)

    def set(self, reason: str | None, way_back: str | None = None) -> None:
        """Closes with a reason, and the mode that would open again; `None` opens."""
        before = (self._closed, self._way_back)
        self._closed, self._way_back = reason, way_back if reason else None
        if before != (self._closed, self._way_back):
            for listener in self._listeners:
                listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls `listener` whenever the door has opened or closed, or its reason is another one."""
        self._listeners.append(listener)

    @property
    def inside(self) -> tuple[str, ...]:
        """Whose questions are being answered, longest first."""
        return tuple(visit.who for visit in self._inside)

    @property
    def doings(self) -> tuple[str, ...]:
        """What is under way inside, half a sentence each, longest first."""
        return tuple(f"{visit.who} {visit.what}" for visit in self._inside)

    @contextmanager
    def enter(self, who: str = SOMEBODY, what: str = ANSWERED) -> Iterator[Visit]:
        """Counts one answer or load for as long as the block runs. The block has to end when its visit is cut."""
        visit = Visit(who, what)
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
