"""The bot as it is, but for one thing: it kills itself around a chosen write of its journal.

`python -m tests.e2e.killed NUMBER before|after MODE CONFIG` asks for a switch to MODE and sends itself SIGKILL right
before, or right after, the NUMBER-th write of the journal has reached the disk. Where it lives to the end of the switch
(number 0, say) it prints how many writes there were. MODE `-` asks for none: then what an earlier run left open is
resolved, and the writes of that count.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from bd1.app import House, build, real_ports, serve
from bd1.config import load
from bd1.core.settings import Settings
from bd1.logs import log_to_stderr
from bd1.ports import Store
from bd1.services.journal import COLLECTION

NO_DISCORD = "http://127.0.0.1:9/api/v10"
NOBODY = "-"


class MortalStore:
    """The real store, which does not outlive the chosen write."""

    def __init__(self, store: Store, number: int, when: str) -> None:
        self._store = store
        self._mortal = (number, when)
        self.writes = 0

    async def get(self, collection: str, key: str) -> dict[str, Any] | None:
        return await self._store.get(collection, key)

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        is_counted = collection == COLLECTION
        self.writes += is_counted
        if is_counted:
            self._die_if_told("before")
        await self._store.put(collection, key, value)
        if is_counted:
            self._die_if_told("after")

    async def delete(self, collection: str, key: str) -> None:
        await self._store.delete(collection, key)

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        return await self._store.items(collection)

    async def close(self) -> None:
        await self._store.close()

    def _die_if_told(self, when: str) -> None:
        if (self.writes, when) == self._mortal:
            os.kill(os.getpid(), signal.SIGKILL)


async def _switch(house: House, mode: str, store: MortalStore) -> None:
    """Asks for the mode as soon as it is known which one is on; ends the process with the switch."""
    if mode == NOBODY:
        return
    await house.services.fleet.refresh()
    async for _ in house.services.director.switch(mode, "Leia").watch():
        pass
    print(store.writes)  # noqa: T201 the answer to whoever counts
    os.kill(os.getpid(), signal.SIGTERM)


async def _run(settings: Settings, number: int, when: str, mode: str) -> None:
    async with real_ports(settings) as ports:
        store = MortalStore(ports.store, number, when)
        house = build(settings, replace(ports, store=store))
        await serve(house, "no token", _switch(house, mode, store))


def main(number: str, when: str, mode: str, config: str) -> None:
    """Runs until it kills itself, or until the switch is over."""
    log_to_stderr()
    settings = load(Path(config), os.environ)
    alone = replace(settings, discord=replace(settings.discord, api_base=NO_DISCORD))
    asyncio.run(_run(alone, int(number), when, mode))


if __name__ == "__main__":
    main(*sys.argv[1:])
