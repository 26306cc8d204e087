"""What is kept in memory reaches the disk: soon, once the disk lets it, and also when a write was cut short."""

import asyncio
from typing import Any

import pytest

from bd1.errors import StoreUnavailable
from bd1.services.write_behind import WriteBehind
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore

DROIDS = "droids"


class MoodyStore(MemoryStore):
    """A disk that may refuse, and may hang."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses = False
        self.lets_go = asyncio.Event()
        self.lets_go.set()
        self.is_asked = asyncio.Event()

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        self.is_asked.set()
        await self.lets_go.wait()
        if self.refuses:
            raise StoreUnavailable("The disk is full.")
        await super().put(collection, key, value)


class Kept:
    """Droids in memory, and what the disk knows of them."""

    def __init__(self) -> None:
        self.store, self.clock = MoodyStore(), FakeClock()
        self.droids: dict[str, dict[str, Any]] = {}
        self.disk = WriteBehind(self.store, self.clock, collection=DROIDS, what="droids", document=self.droids.get)

    def keep(self, key: str, colour: str) -> None:
        self.droids[key] = {"colour": colour}
        self.disk.changed(key)

    async def on_disk(self) -> dict[str, str]:
        return {key: document["colour"] for key, document in await self.store.items(DROIDS)}


async def test_what_changed_is_written_and_what_is_gone_is_deleted() -> None:
    kept = Kept()
    kept.keep("r2", "blue")
    kept.keep("bd1", "red")
    assert await kept.disk.flush()
    assert await kept.on_disk() == {"bd1": "red", "r2": "blue"}
    del kept.droids["r2"]
    kept.disk.changed("r2")
    assert await kept.disk.flush()
    assert await kept.on_disk() == {"bd1": "red"}


async def test_a_disk_that_refuses_is_told_of_once_and_asked_again_until_it_takes_everything(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = Kept()
    kept.store.refuses = True
    running = asyncio.create_task(kept.disk.run())
    kept.keep("r2", "blue")
    await kept.clock.advance(300)
    assert caplog.text.count("droids are kept in memory only: The disk is full.") == 1
    kept.keep("bd1", "red")
    kept.store.refuses = False
    await kept.clock.advance(60)
    assert await kept.on_disk() == {"bd1": "red", "r2": "blue"}
    running.cancel()


async def test_what_changes_while_it_is_written_is_written_again() -> None:
    kept = Kept()
    kept.store.lets_go.clear()
    kept.keep("bd1", "red")
    flushing = asyncio.create_task(kept.disk.flush())
    await kept.store.is_asked.wait()
    kept.keep("bd1", "white")
    kept.store.lets_go.set()
    assert await flushing
    assert await kept.on_disk() == {"bd1": "white"}


async def test_a_write_that_is_cut_short_is_made_by_the_next_flush() -> None:
    kept = Kept()
    kept.store.lets_go.clear()
    kept.keep("bd1", "red")
    flushing = asyncio.create_task(kept.disk.flush())
    await kept.store.is_asked.wait()
    flushing.cancel()
    await asyncio.gather(flushing, return_exceptions=True)
    kept.store.lets_go.set()
    assert await kept.disk.flush()
    assert await kept.on_disk() == {"bd1": "red"}


async def test_a_single_write_raises_where_the_disk_refuses_and_is_not_forgotten() -> None:
    kept = Kept()
    kept.store.refuses = True
    kept.keep("bd1", "red")
    with pytest.raises(StoreUnavailable):
        await kept.disk.save("bd1")
    kept.store.refuses = False
    assert await kept.disk.flush()
    assert await kept.on_disk() == {"bd1": "red"}
