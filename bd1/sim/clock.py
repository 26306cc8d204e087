"""A clock that stands still until it is moved, so that a test lives through hours at once; it never reads real time."""

import asyncio
import heapq
import itertools
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

SETTLE_TURNS = 25
"""Turns of the event loop granted after each wake-up, at most: the woken task and those it wakes reach their next wait.
Nearly always it takes two or three, and the others would be most of what hours of played time cost."""


class FakeClock:
    """A `Clock` moved by `advance`. Sleepers wake in the order of their due times, ties in the order they fell asleep.

    While it moves, `monotonic` and `now` show each sleeper the very moment it asked for. It knows nothing of threads
    and sockets: work that waits for those is not waited for.
    """

    def __init__(self, start_s: float = 1000.0, start: datetime | None = None) -> None:
        self._start_s = start_s
        self._now_s = start_s
        self._start = start or datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
        self._jumped = timedelta()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def monotonic(self) -> float:
        return self._now_s

    def now(self) -> datetime:
        return self._start + self._jumped + timedelta(seconds=self._now_s - self._start_s)

    def jump_wall(self, seconds: float) -> None:
        """Sets the wall clock forward, or back where negative, as a time server does; `monotonic` does not notice."""
        self._jumped += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_s + seconds, next(self._order), wake))
        await wake

    @property
    def next_due_s(self) -> float | None:
        """When the next sleeper wakes, in `monotonic` seconds; `None` when nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    async def advance(self, seconds: float) -> None:
        """Lets `seconds` pass, waking every sleeper in between at its own moment."""
        await self._advance_to(self._now_s + seconds)

    async def settle(self) -> None:
        """Lets every task that can go on without time passing go on."""
        # What the loop will call in its next turn. A loop that does not show it is given all the turns.
        ready = getattr(asyncio.get_running_loop(), "_ready", [None])
        for _ in range(SETTLE_TURNS):
            await asyncio.sleep(0)
            if not ready:
                return

    async def run(self, work: Coroutine[Any, Any, T], within_s: float = 3600.0) -> T:
        """Runs `work` to its end, letting as much time pass as it needs, and returns its result.

        Raises `TimeoutError` when it is not done after `within_s`, or waits for something other than this clock.
        """
        task = asyncio.ensure_future(work)
        try:
            await self._drive(task, self._now_s + within_s)
            return await task
        finally:
            task.cancel()

    async def _drive(self, task: "asyncio.Future[T]", limit_s: float) -> None:
        await self.settle()
        while not task.done():
            due_s = self.next_due_s
            if due_s is None:
                raise TimeoutError("The work waits for something that is not the clock, and nobody sleeps.")
            if due_s > limit_s:
                raise TimeoutError("The work is not done in the time it was given.")
            await self._advance_to(due_s)

    async def _advance_to(self, target_s: float) -> None:
        await self.settle()
        while (due_s := self.next_due_s) is not None and due_s <= target_s:
            _, _, wake = heapq.heappop(self._sleepers)
            self._now_s = max(self._now_s, due_s)
            wake.set_result(None)
            await self.settle()
        self._now_s = max(self._now_s, target_s)
        await self.settle()
