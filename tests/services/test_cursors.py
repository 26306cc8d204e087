"""Up to where each channel was heard: bounded, and right."""

from bd1.services.cursors import Cursors
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore


async def test_a_cursor_stays_before_what_is_pending() -> None:
    cursors = Cursors(MemoryStore(), FakeClock())
    for message_id in (5, 7, 9):
        cursors.hear(1, message_id)
    await cursors.settle(1, 9)
    assert cursors.after(1) == 4
    await cursors.settle(1, 5)
    assert cursors.after(1) == 6
    await cursors.settle(1, 7)
    assert cursors.after(1) == 9


async def test_only_the_places_where_something_was_said_last_are_remembered() -> None:
    store = MemoryStore()
    cursors = Cursors(store, FakeClock())
    for number in range(1, 1101):
        cursors.hear(number, number * 10)
        await cursors.settle(number, number * 10)
    assert len(cursors.channel_ids) == 1000
    assert cursors.after(100) == 0
    assert cursors.after(1100) == 11000
    assert len(await store.items("chat heard")) == 1000
