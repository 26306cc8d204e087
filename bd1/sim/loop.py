"""An event loop in which nobody waits: when nothing can go on, time is moved to whatever is due next.

With it a day of the simulated machine passes in seconds and always in the same way. It is not for work that waits for
threads or sockets: to such a wait it lends no time.
"""

import asyncio
import selectors
from datetime import UTC, datetime, timedelta

BORN_S = 1000.0


class SkippingLoop(asyncio.SelectorEventLoop):
    """Everything in it that asks for the time, its own timeouts too, is told the time that was skipped to.

    A `RuntimeError` ends a loop in which everybody waits for something that cannot come.
    """

    def __init__(self) -> None:
        self._now_s = BORN_S
        super().__init__(_Skipping(self))

    def time(self) -> float:
        return self._now_s

    def leap(self, seconds: float) -> None:
        """Lets time pass at once, as it does for a machine that is suspended: what was due meanwhile is late."""
        self._now_s += max(seconds, 0.0)


class _Skipping(selectors.DefaultSelector):
    """What the loop asks how long there is nothing to do: it moves the loop's time instead of waiting."""

    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("Everybody waits for something that cannot come.")
        if not ready and timeout is not None:
            self._loop.leap(timeout)
        return ready


class LoopClock:
    """A `Clock` that goes by a `SkippingLoop`."""

    def __init__(self, loop: SkippingLoop, start: datetime | None = None) -> None:
        self._loop = loop
        self._start = start or datetime(2026, 1, 1, 18, 0, tzinfo=UTC)
        self._jumped = timedelta()
        self._jumps: list[tuple[float, timedelta]] = [(BORN_S, timedelta())]

    def monotonic(self) -> float:
        return self._loop.time()

    def now(self) -> datetime:
        return self._start + self._jumped + timedelta(seconds=self._loop.time() - BORN_S)

    def jump_wall(self, seconds: float) -> None:
        """Sets the wall clock forward, or back where negative, as a time server does; `monotonic` does not notice."""
        self._jumped += timedelta(seconds=seconds)
        self._jumps.append((self._loop.time(), self._jumped))

    def moment_s(self, now: datetime) -> float:
        """What `monotonic` was when the wall clock showed `now`; the latest such moment, where it was set back."""
        ends_s = [since_s for since_s, _ in self._jumps[1:]] + [self._loop.time()]
        moments = [BORN_S + (now - self._start - jumped).total_seconds() for _, jumped in self._jumps]
        stretches = zip(self._jumps, ends_s, moments, strict=True)
        return max((at_s for (since_s, _), end_s, at_s in stretches if since_s <= at_s <= end_s), default=BORN_S)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
