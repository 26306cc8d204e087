"""What the simulated driver reports by itself, behind the `XidSource` port; it makes no trouble and judges none."""

import asyncio
from collections.abc import AsyncIterator

from bd1.ports import XidEvent
from bd1.sim.card import CardFault
from bd1.sim.world import World

DRIVER_IS_AWAY = frozenset({CardFault.UNKNOWN, CardFault.MISMATCH, CardFault.UNINITIALISED})


class SimXids:
    """`XidSource` over the simulated card. A driver that is away reports nothing; one that hangs, or lost it, does."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def xids(self) -> AsyncIterator[XidEvent]:
        heard: asyncio.Queue[XidEvent] = asyncio.Queue()

        def hear(code: int, detail: int | None) -> None:
            if self._world.card.fault not in DRIVER_IS_AWAY:
                heard.put_nowait(XidEvent(self._world.clock.now(), code, detail))

        unsubscribe = self._world.card.on_xid(hear)
        try:
            while True:
                yield await heard.get()
        finally:
            unsubscribe()
