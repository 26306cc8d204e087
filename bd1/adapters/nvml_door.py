"""A door with one thread behind it, for calls that may never return. It knows nothing of what the calls do."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class DoorStalled(Exception):
    """A call did not return in time, or an earlier one still has not."""


class DoorClosed(Exception):
    """The door was closed before."""


class _Job:
    """A call on its way through the door, and who waits for the answer."""

    __slots__ = ("answer", "timer", "work")

    def __init__(self, work: Callable[[], Any], answer: asyncio.Future[Any], timer: asyncio.TimerHandle) -> None:
        self.work = work
        self.answer = answer
        self.timer = timer


class Door:
    """Lets one call at a time through to a thread of its own; the event loop never waits for it.

    The thread is a daemon, so a call that hangs in the driver does not keep the process from ending. While one hangs no
    other is let through behind it. All methods belong to one event loop. `parting` is the thread's last work.
    """

    def __init__(self, name: str, deadline_s: float, parting: Callable[[], object]) -> None:
        self._name = name
        self._deadline_s = deadline_s
        self._parting = parting
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._turn = asyncio.Lock()
        self._stalled = False
        self._closed = False
        self._gone = asyncio.Event()
        self._thread: threading.Thread | None = None

    async def call(self, work: Callable[[], T]) -> T:
        """The result of `work`, or what it raised.

        Raises `DoorStalled` when the answer, waiting for a turn included, takes longer than the deadline,
        and at once while a call of before hangs; `DoorClosed` after `close`. A late answer is dropped.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline_s
        await self._take_turn(loop, until)
        answer: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, answer, loop.call_at(until, self._give_up_on, answer)))
        return await answer

    async def close(self, deadline_s: float) -> None:
        """Lets nobody through any more and waits, at most this many seconds, until the thread has left.

        A call that hangs is left behind; whenever it returns, the thread still does its parting work and ends.
        """
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        if self._thread is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadline_s):
                    await self._gone.wait()

    async def _take_turn(self, loop: asyncio.AbstractEventLoop, until: float) -> None:
        """A turn is given back by the call's return, not by whoever waits for it."""
        if self._closed:
            raise DoorClosed
        if self._stalled:
            raise DoorStalled
        try:
            async with asyncio.timeout_at(until):
                await self._turn.acquire()
        except TimeoutError as late:
            raise DoorStalled from late
        if self._closed:
            self._turn.release()
            raise DoorClosed
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, args=(loop,), name=self._name, daemon=True)
            self._thread.start()

    def _give_up_on(self, answer: asyncio.Future[Any]) -> None:
        self._stalled = True
        if not answer.done():
            answer.set_exception(DoorStalled())

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """The thread: takes jobs until the closing `None`."""
        while (job := self._jobs.get()) is not None:
            try:
                outcome, error = job.work(), None
            except Exception as raised:  # noqa: BLE001 the border of a thread: whoever waits gets it
                outcome, error = None, raised
            self._tell(loop, self._deliver, job, outcome, error)
        self._parting()
        self._tell(loop, self._gone.set)

    @staticmethod
    def _tell(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *args: object) -> None:
        # A loop that was closed meanwhile waits for nothing any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(callback, *args)

    def _deliver(self, job: _Job, outcome: object, error: Exception | None) -> None:
        """Runs in the event loop when the call has returned, late or not."""
        job.timer.cancel()
        self._stalled = False
        self._turn.release()
        if job.answer.done():
            return
        if error is None:
            job.answer.set_result(outcome)
        else:
            job.answer.set_exception(error)
