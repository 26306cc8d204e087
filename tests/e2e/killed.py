"""The bot as it is, but for one thing: it kills itself around a chosen write of its journal.

`python -m tests.e2e.killed` reads lines `[NUMBER, "before" or "after", MODE, CONFIG, CARD]` in JSON. For each it forks
a bot of its own, which asks for a switch to MODE and sends itself SIGKILL right before, or right after, the NUMBER-th
write of the journal has reached the disk. MODE `-` asks for no switch: then what an earlier run left open is resolved,
and the writes of that count. A bot that lives to the end of its switch (number 0, say) leaves how many writes there
were in the file `writes` beside its CONFIG. For each line the exit code of its bot is printed.

The bots are forked because importing all of BD-1 takes longer than most of them live.
"""

import asyncio
import json
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
from tests.nvml.card import STATE_VARIABLE

NO_DISCORD = "http://127.0.0.1:9/api/v10"
NOBODY, WRITES = "-", "writes"


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

    async def delete(self, collection: str, *keys: str) -> None:
        await self._store.delete(collection, *keys)

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        return await self._store.items(collection)

    async def close(self) -> None:
        await self._store.close()

    def _die_if_told(self, when: str) -> None:
        if (self.writes, when) == self._mortal:
            os.kill(os.getpid(), signal.SIGKILL)


async def _switch(house: House, mode: str) -> None:
    """Asks for the mode as soon as it is known which one is on; ends the process with the switch."""
    if mode == NOBODY:
        return
    await house.services.fleet.refresh()
    async for _ in house.services.director.switch(mode, "Leia").watch():
        pass
    os.kill(os.getpid(), signal.SIGTERM)


async def _run(settings: Settings, number: int, when: str, mode: str) -> int:
    """How many writes it lived through."""
    async with real_ports(settings) as ports:
        store = MortalStore(ports.store, number, when)
        house = build(settings, replace(ports, store=store))
        await serve(house, "no token", _switch(house, mode))
    return store.writes


def live(number: int, when: str, mode: str, config: str, card: str) -> None:
    """Runs until it kills itself, or until the switch is over. `card` is the state directory of a pretended card."""
    os.environ[STATE_VARIABLE] = card
    log_to_stderr()
    settings = load(Path(config), os.environ)
    alone = replace(settings, discord=replace(settings.discord, api_base=NO_DISCORD))
    writes = asyncio.run(_run(alone, number, when, mode))
    Path(config).with_name(WRITES).write_text(str(writes), encoding="utf-8")


def main() -> None:
    """One bot after another, until there are no more lines."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(*json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 the answer to whoever wrote the line


if __name__ == "__main__":
    main()
