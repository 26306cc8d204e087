"""BD-1's own watchdog alone on the card it finds, at its own pace, and what that cost: `SECONDS`, as a module."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from benchmarks.guarded_card import guarded
from benchmarks.other_watchers import cpu_s
from tests.nvml.card import STATE_VARIABLE, FakeCard

SETTLE_S = 2.0


async def watch(card: FakeCard, seconds: float) -> dict[str, float]:
    async with guarded(card) as house:
        task = asyncio.create_task(house.watchdog.run())
        await asyncio.sleep(SETTLE_S)
        looks, began_s, spent_s = len(house.looks_at_s), time.monotonic(), cpu_s()
        await asyncio.sleep(seconds)
        cost = {"looks": len(house.looks_at_s) - looks, "cpu_s": cpu_s() - spent_s}
        cost["seconds"] = time.monotonic() - began_s
        task.cancel()
        await asyncio.wait({task})
    return cost


if __name__ == "__main__":
    print(json.dumps(asyncio.run(watch(FakeCard(Path(os.environ[STATE_VARIABLE])), float(sys.argv[1])))))
