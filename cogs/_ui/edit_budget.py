"""The edits that each channel allows, as Discord tells them in the headers of discord.py's own requests.

One for each bot. It decides nothing by itself: when an edit may go is `core/edits`, what is edited is the painter.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Any

import aiohttp

from bd1.core.edits import Budget, Need
from cogs._ui.request_budget import RequestBudget, refused_all_for

_EDITED = re.compile(r"/channels/(?P<channel>\d+)/messages/\d+")
_TOO_MANY = 429
_BOOKED_S = 0.05
"""Whoever asks again before discord.py has read an answer to its end meets a limit of the window before."""
_FINE = range(200, 300)
_MOST_CHANNELS = 500
"""What is known of more is forgotten, longest known first: threads and direct channels only ever become more."""
Edit = Coroutine[Any, Any, object]


class _Ticket:
    """One edit that was counted when it was let go, and whether Discord has taken it."""

    def __init__(self) -> None:
        self.is_counted = True
        self.is_taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()


_ticket: ContextVar[_Ticket | None] = ContextVar("edit", default=None)


class ChannelEdits:
    """The edits of one channel, and the answers that grow in it: the one that came first is live."""

    def __init__(self, budget: Budget, spawn: Callable[[Edit], "asyncio.Task[object]"]) -> None:
        self.budget = budget
        self._spawn = spawn
        self._streams: list[Callable[[], None]] = []

    @contextmanager
    def stream(self, promoted: Callable[[], None]) -> Iterator[None]:
        """Joins an answer for as long as the block runs; `promoted` is called once it has become the live one."""
        self._streams.append(promoted)
        try:
            yield
        finally:
            was_live = self._streams[0] == promoted
            self._streams.remove(promoted)
            if was_live and self._streams:
                self._streams[0]()

    @property
    def is_idle(self) -> bool:
        """Whether no answer grows here."""
        return not self._streams

    def is_live(self, promoted: Callable[[], None]) -> bool:
        """Whether this answer came first of those that grow here."""
        return self._streams[0] == promoted

    def next_in(self, need: Need, pause_s: float = 0.0, shown_at: float = -inf) -> float:
        """Seconds until an edit may go; `inf` where the limit has none for this need (see `Budget.next_at`)."""
        now = _now()
        return self.budget.next_at(need, now, pause_s=pause_s, shown_at=shown_at) - now

    async def edit(self, edit: Edit) -> None:
        """Makes an edit that may go now; returns once Discord has taken it.

        discord.py itself would return later: after the last edit of a window it waits until the window ends. What it
        raises when Discord refuses is raised here.
        """
        ticket = _Ticket()
        self.budget = self.budget.sent(_now())
        token = _ticket.set(ticket)
        try:
            task = self._spawn(edit)
        finally:
            _ticket.reset(token)
        waited: set[asyncio.Future[Any]] = {task, ticket.is_taken}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({task}, timeout=_BOOKED_S)  # it has Discord's answer, and now keeps its own books of limits
        if ticket.is_counted:
            self.budget = self.budget.lost()  # it never went
        if task.done():
            task.result()


class EditBudgets:
    """All channels of one bot, and `requests`, what it may ask of Discord in all. `trace` is for its HTTP client."""

    def __init__(self) -> None:
        self.requests = RequestBudget()
        self._channels: dict[int, ChannelEdits] = {}
        self._edits: set[asyncio.Task[object]] = set()
        self.trace = aiohttp.TraceConfig()
        self.requests.follow(self.trace)
        self.trace.on_request_start.append(self._begun)
        self.trace.on_request_end.append(self._answered)
        self.trace.on_request_exception.append(self._lost)

    def channel(self, channel_id: int) -> ChannelEdits:
        """The edits of this channel."""
        if channel_id not in self._channels:
            if len(self._channels) >= _MOST_CHANNELS:
                idle = next((known for known, edits in self._channels.items() if edits.is_idle), channel_id)
                self._channels.pop(idle, None)
            self._channels[channel_id] = ChannelEdits(Budget(), self._spawn)
        return self._channels[channel_id]

    async def close(self) -> None:
        """Ends what discord.py still waits for."""
        for edit in self._edits:
            edit.cancel()
        await asyncio.gather(*self._edits, return_exceptions=True)

    def _spawn(self, edit: Edit) -> "asyncio.Task[object]":
        task = asyncio.create_task(edit, name="edit")
        self._edits.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, edit: "asyncio.Task[object]") -> None:
        self._edits.discard(edit)
        if not edit.cancelled():
            edit.exception()  # raised where it was asked for; after Discord has taken an edit nobody asks any more

    def _edited(self, params: Any) -> ChannelEdits | None:
        found = _EDITED.search(params.url.path) if params.method == "PATCH" else None
        return self.channel(int(found["channel"])) if found else None

    async def _begun(self, _session: object, _context: object, params: aiohttp.TraceRequestStartParams) -> None:
        if (channel := self._edited(params)) is None:
            return
        ticket = _ticket.get()
        if ticket is not None and ticket.is_counted:
            ticket.is_counted = False  # counted when it was let go; a second try counts by itself
        else:
            channel.budget = channel.budget.sent(_now())

    async def _answered(self, _session: object, _context: object, params: aiohttp.TraceRequestEndParams) -> None:
        if (channel := self._edited(params)) is None:
            return
        channel.budget = _learned(channel.budget, params.response)
        ticket = _ticket.get()
        if ticket is not None and params.response.status in _FINE and not ticket.is_taken.done():
            ticket.is_taken.set_result(None)

    async def _lost(self, _session: object, _context: object, params: aiohttp.TraceRequestExceptionParams) -> None:
        if channel := self._edited(params):
            channel.budget = channel.budget.lost()


def _learned(budget: Budget, response: aiohttp.ClientResponse) -> Budget:
    headers = response.headers
    if refused_all_for(response) is not None:
        return budget.returned()
    try:
        if response.status == _TOO_MANY:
            return budget.refused(float(headers["Retry-After"]), _now())
        ends_in_s = float(headers["X-RateLimit-Reset-After"])
        return budget.told(int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"]), ends_in_s, _now())
    except (KeyError, ValueError):
        return budget.lost()


def _now() -> float:
    return asyncio.get_running_loop().time()
