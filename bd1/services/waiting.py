"""Waiting for whichever comes first: an event, or some seconds. It knows neither switches nor chats."""

import asyncio

from bd1.ports import Clock


async def first_of(clock: Clock, timeout_s: float, *events: asyncio.Event) -> None:
    """Returns as soon as one of the events is set, after `timeout_s` seconds at the latest."""
    waits: list[asyncio.Future[object]] = [asyncio.ensure_future(event.wait()) for event in events]
    waits.append(asyncio.ensure_future(clock.sleep(timeout_s)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
