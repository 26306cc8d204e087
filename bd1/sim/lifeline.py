"""One life of BD-1 as a thread that can be cut: a faithful kill -9 for a program that shares its process with us.

Every call of that life to the outside passes through it. It knows no port, and nothing of what BD-1 is about.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar
from weakref import WeakSet

T = TypeVar("T")
ANY = ""
AGAIN_S = 2.0
"""A dying task that waits for something else than the outside is told again after this time."""

CASCADE_TURNS = 25
"""Turns of the loop in which those who were spawned hand their end on to whom they wait for, so that each is told once.
A second time would keep it from letting go of its sockets, which the kernel would take back from a real process."""


class Lifeline:
    """The thread of one life.

    Once it is cut, no call of that life reaches the outside and none returns, whether it was on its way or is made by
    a `finally` block: whoever made it waits for ever. What the outside was asked to do before goes on there.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Awaited calls by name (`containers.stop`, `store.put`, `clock.sleep`), the one that was cut included."""
        self._cut = asyncio.Event()
        self._is_killed = False
        self._ends: list[_End] = []
        self._tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._spawned: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._parked: list[asyncio.Future[None]] = []

    @property
    def calls(self) -> int:
        """How many calls have been awaited through it; the items of a stream count one by one."""
        return self.counts.total()

    @property
    def is_cut(self) -> bool:
        """Whether this life has lost the outside."""
        return self._cut.is_set()

    def cut(self) -> None:
        """Cuts it, now and for good."""
        self._cut.set()

    def cut_at(self, number: int, name: str = ANY, *, after_effect: bool = False) -> None:
        """Cuts by itself at the call of this number from now (the next is 1), among those of a name where one is given.

        That call does nothing any more; or with `after_effect` it is carried out, while others go on, and the cut comes
        when it is through. Either way it never returns.
        """
        self._ends.append(_End(name, self._counted(name) + number, after_effect))

    async def until_cut(self) -> None:
        """Returns once it has been cut."""
        await self._cut.wait()

    async def call(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Awaits what `make` makes, and raises what that raises. Never returns once the line is cut."""
        self._adopt(asyncio.current_task())
        self.counts[name] += not self.is_cut
        end = next((end for end in self._ends if end.is_met(name, self._counted(end.name))), None)
        if end is not None and not end.after_effect:
            self.cut()
        await self._live_on(None)
        try:
            answer = await make()
        except Exception:
            await self._live_on(end)
            raise
        await self._live_on(end)
        return answer

    async def stream(self, name: str, make: Callable[[], AsyncIterator[T]]) -> AsyncGenerator[T, None]:
        """Hands on what comes, item by item; falls silent once the line is cut."""
        items = make()
        try:
            while not isinstance(item := await self.call(name, lambda: anext(items, _OVER)), _Over):
                yield item
        finally:
            if isinstance(items, AsyncGenerator):
                await items.aclose()

    def spawn(self, work: Coroutine[Any, Any, T], name: str | None = None) -> "asyncio.Task[T]":
        """Begins a task of this life. Every task that it begins, and they in turn, are of this life too."""
        loop = asyncio.get_running_loop()
        loop.set_task_factory(_begin)
        context = copy_context()
        context.run(_LIFE.set, self)
        task = loop.create_task(work, name=name, context=context)
        self._spawned.add(task)
        return task

    async def kill(self) -> None:
        """Cuts it and ends every task of this life, whatever it waits for; returns when none is left.

        Of this life is what was spawned, what that began, and whoever made a call; the task that kills is not.
        """
        self.cut()
        self._is_killed = True
        _cancel(task for task in self._spawned if not task.done())
        for _ in range(CASCADE_TURNS):
            await asyncio.sleep(0)
        _cancel(task for task in self._left() if not task.cancelling())
        while left := self._left():
            await asyncio.wait(left, timeout=AGAIN_S)
            _cancel(self._left())

    def _left(self) -> "list[asyncio.Task[Any]]":
        return [task for task in self._tasks if not task.done() and task is not asyncio.current_task()]

    def _counted(self, name: str) -> int:
        return self.calls if name == ANY else self.counts[name]

    def _adopt(self, task: "asyncio.Task[Any] | None") -> None:
        if task is not None:
            self._tasks.add(task)

    async def _live_on(self, end: "_End | None") -> None:
        if end is not None:
            self.cut()
        if self.is_cut:
            await self._never()

    async def _never(self) -> NoReturn:
        """Waits until its task is cancelled; whoever has been cancelled, or killed, waits no more and ends here."""
        task = asyncio.current_task()
        if not self._is_killed and not (task and task.cancelling()):
            parked = asyncio.get_running_loop().create_future()
            self._parked.append(parked)  # a task that nothing else refers to would be swept up, and its `finally` run
            await parked
        raise asyncio.CancelledError


def _cancel(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    for task in list(tasks):
        task.cancel()


@dataclass(frozen=True, slots=True)
class _End:
    """Where the line cuts by itself."""

    name: str
    number: int
    after_effect: bool

    def is_met(self, name: str, counted: int) -> bool:
        return self.name in {ANY, name} and counted == self.number


class _Over:
    """The end of a stream, unlike any of its items."""


_OVER: Final = _Over()
_LIFE: ContextVar[Lifeline | None] = ContextVar("life", default=None)


def is_dead() -> bool:
    """Whether whoever asks is of a life that has been cut."""
    life = _LIFE.get()
    return life is not None and life.is_cut


def _begin(
    loop: asyncio.AbstractEventLoop, work: "Coroutine[Any, Any, T] | Generator[Any, None, T]", **options: Any
) -> "asyncio.Task[T]":
    """Begins a task as the loop itself does, and tells the life that it belongs to."""
    task = asyncio.Task(work, loop=loop, **options)
    context = options.get("context")
    life = _LIFE.get() if context is None else context.get(_LIFE)
    if life is not None:
        life._adopt(task)  # noqa: SLF001 of this very module
    return task
