"""All requests of one bot, as its HTTP client's trace sees them: whoever comes when there are too many waits in line.

It decides nothing by itself: when a request may go is `core/requests`. What goes by the token of an interaction or a
webhook does not count, and never waits.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import aiohttp
import yarl
from discord.http import Route

from bd1.core.edits import Need
from bd1.core.requests import Requests

_UNCOUNTED = re.compile(r"/(interactions|webhooks)/\d+/")
_TOO_MANY = 429
_UNTOLD_S = 1.0
"""How long nothing goes where Discord refuses and does not say for how long."""
Wake = Callable[[], None]


class RequestBudget:
    """One for each bot. What can wait asks before it goes; everything else waits in the trace, as little as it can."""

    def __init__(self) -> None:
        self.requests = Requests()
        self._line: list[tuple[Need, Wake]] = []

    def follow(self, trace: aiohttp.TraceConfig) -> None:
        """Sees every request that this trace sees, and holds it back until there is room."""
        trace.on_request_start.append(self._begun)
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._lost)

    def turn_in(self, need: Need, wake: Wake) -> float:
        """Seconds until whoever is called by `wake` may go; until then it has a place in the line for this need.

        `inf` while others come first: `wake` is called once they have gone. Whoever goes, or wants no longer, leaves.
        """
        if (need, wake) not in self._line:
            self.leave(wake)
            self._line.append((need, wake))
        if self._first(need) != wake:
            return float("inf")
        now = _now()
        return self.requests.next_at(need, now) - now

    def go(self, wake: Wake) -> None:
        """What was waited for goes now; the next in line comes to its turn."""
        self.requests = self.requests.booked(self._need(wake), _now())
        self.leave(wake)

    def leave(self, wake: Wake) -> None:
        """Gives up the place in line, if there is one."""
        need = self._need(wake)
        was_first = self._first(need) == wake
        self._line = [place for place in self._line if place[1] != wake]
        if was_first and (first := self._first(need)) is not None:
            first()

    async def until_turn(self, need: Need) -> None:
        """Waits in line until a request for this need may go, and lets it go."""
        news = asyncio.Event()
        wake = news.set
        try:
            while (due_s := self.turn_in(need, wake)) > 0:
                await _heard(news, due_s)
                news.clear()
            self.go(wake)
        finally:
            self.leave(wake)

    def _need(self, wake: Wake) -> Need:
        return next((need for need, other in self._line if other == wake), Need.FINAL)

    def _first(self, need: Need) -> Wake | None:
        return next((wake for of, wake in self._line if of is need), None)

    async def _begun(self, _session: object, _context: object, params: aiohttp.TraceRequestStartParams) -> None:
        if _counts(params):
            await self.until_turn(Need.FINAL)
            self.requests = self.requests.sent()

    async def _answered(self, _session: object, _context: object, params: aiohttp.TraceRequestEndParams) -> None:
        if not _counts(params):
            return
        retry_after_s = refused_all_for(params.response)
        now = _now()
        self.requests = self.requests.told(now) if retry_after_s is None else self.requests.refused(retry_after_s, now)

    async def _lost(self, _session: object, _context: object, params: aiohttp.TraceRequestExceptionParams) -> None:
        if _counts(params):
            self.requests = self.requests.told(_now())


def refused_all_for(response: aiohttp.ClientResponse) -> float | None:
    """For how many seconds Discord refuses everything of this bot, if that is its answer."""
    headers = response.headers
    is_global = headers.get("X-RateLimit-Scope") == "global" or headers.get("X-RateLimit-Global") == "true"
    if response.status != _TOO_MANY or not is_global:
        return None
    try:
        return float(headers["Retry-After"])
    except (KeyError, ValueError):
        return _UNTOLD_S


def _counts(params: Any) -> bool:
    """Whether Discord counts it: no handshake of the gateway, no download, and nothing that has a token of its own."""
    base, url = yarl.URL(Route.BASE), params.url
    is_api = url.host == base.host and url.path.startswith(base.path)
    return is_api and _UNCOUNTED.search(url.path) is None


async def _heard(news: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(None if timeout_s == float("inf") else timeout_s):
            await news.wait()
    except TimeoutError:
        return


def _now() -> float:
    return asyncio.get_running_loop().time()
