"""Waiting for whichever comes first: an event, or some seconds; and how long. It knows neither switches nor chats."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bd1.ports import Clock

T = TypeVar("T")

_SHORTEST_S = 0.02
_SHARE = 0.05


def next_pause_s(waited_s: float, longest_s: float) -> float:
    """How long to pause before the next look at something awaited for `waited_s` seconds already, `longest_s` at most.

    A twentieth of what was waited: what comes soon is seen soon, and what takes long is not asked for all the time.
    """
    return min(longest_s, max(_SHORTEST_S, _SHARE * waited_s))


async def first_of(clock: Clock, timeout_s: float, *events: asyncio.Event) -> None:
    """Returns as soon as one of the events is set, after `timeout_s` seconds at the latest."""
    waits: list[asyncio.Future[object]] = [asyncio.ensure_future(event.wait()) for event in events]
    waits.append(asyncio.ensure_future(clock.sleep(timeout_s)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def within(clock: Clock, seconds: float, question: Awaitable[T], otherwise: T) -> T:
    """The answer to a question; `otherwise` when it takes longer than `seconds`, and the question is then given up."""
    asked = asyncio.ensure_future(question)
    late = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((asked, late), return_when=asyncio.FIRST_COMPLETED)
        return asked.result() if asked.done() else otherwise
    finally:
        asked.cancel()
        late.cancel()


async def unless(event: asyncio.Event, question: Awaitable[T], otherwise: T) -> T:
    """The answer to a question; `otherwise` as soon as the event is set, and the question is then given up."""
    asked = asyncio.ensure_future(question)
    happened = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({asked, happened}, return_when=asyncio.FIRST_COMPLETED)
        return asked.result() if asked.done() else otherwise
    finally:
        asked.cancel()
        happened.cancel()
