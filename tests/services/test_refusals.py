"""Restarts after a final refusal."""

import asyncio

from bd1.services.refusals import PAUSE_S, Refusals
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore


async def test_a_fresh_refusal_is_waited_out() -> None:
    clock, store = FakeClock(), MemoryStore()
    await Refusals(store, clock).remember("The intent is not switched on.")
    await clock.advance(10)
    waiting = asyncio.create_task(Refusals(store, clock).wait_out())
    await clock.advance(PAUSE_S - 11)
    assert not waiting.done()
    await clock.advance(2)
    assert waiting.done()


async def test_an_old_refusal_or_none_is_not_waited_for() -> None:
    clock, store = FakeClock(), MemoryStore()
    await Refusals(store, clock).wait_out()
    await Refusals(store, clock).remember("The intent is not switched on.")
    await clock.advance(PAUSE_S + 1)
    before_s = clock.monotonic()
    await Refusals(store, clock).wait_out()
    assert clock.monotonic() == before_s


async def test_a_refusal_from_the_future_is_a_clock_that_jumped_and_not_waited_for() -> None:
    late, store = FakeClock(start_s=1000.0), MemoryStore()
    await late.advance(3600)
    await Refusals(store, late).remember("The intent is not switched on.")
    early = FakeClock()
    await Refusals(store, early).wait_out()
    assert early.monotonic() == 1000.0
