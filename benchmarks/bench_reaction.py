"""How long after a threshold is crossed on the card BD-1 decides, has the kill asked for, and the offender is dead.

The real watchdog, director and ladder with NVIDIA's own bindings on the pretended card. The offender is a real process
in the place of a container: what Docker takes for a kill comes on top. It takes memory at a random moment between two
looks. The floor is the least a program can do: a loop that reads the memory at the pace BD-1 has there, and kills.
usage: bench_reaction.py [CROSSINGS]
"""

import asyncio
import itertools
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pynvml

from bd1.core.pace import next_look_s
from benchmarks.guarded_card import Guarded, guarded
from tests.nvml.card import FakeCard

CROSSINGS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
FULL_MIB = 19_950
"""Over the ceiling together with what the driver keeps: nothing milder than a kill is tried."""
LEVELS_MIB = {"from 60 %": 11_825, "from 90 %": 17_970}
CALL_US = 20
SETTLE_S = 0.6
PATIENCE_S = 5.0
PARTS = ("crossed to decided", "decided to kill", "kill to dead", "all of it")


async def take(house: Guarded, level_mib: int) -> float:
    """Fills the card to the level and a while later past the threshold; answers when that was."""
    pid = house.hog.run_hog()
    house.card.claim(pid, level_mib)
    await asyncio.sleep(SETTLE_S + random.random() / 2)  # noqa: S311 a moment, not a secret
    crossed_s = time.monotonic()
    house.card.claim(pid, FULL_MIB)
    return crossed_s


async def cross(house: Guarded, level_mib: int) -> tuple[float, ...]:
    """One crossing with BD-1 on guard: milliseconds of each part."""
    crossed_s = await take(house, level_mib)
    house.settled.clear()
    async with asyncio.timeout(PATIENCE_S):
        await house.settled.wait()  # one victim, then settle: the next crossing is a new story
    asked_s, dead_s = house.hog.asked_to_kill_s, house.hog.dead_s
    moments = (crossed_s, house.decided_s, asked_s, dead_s)
    parts = [1e3 * (then - before) for before, then in itertools.pairwise(moments)]
    return (*parts, 1e3 * (dead_s - crossed_s))


async def cross_bare(house: Guarded, level_mib: int, pace_s: float) -> float:
    """One crossing with a bare loop on guard: milliseconds until the offender is dead."""
    threshold = house.rig.settings.watchdog.protect_pct / 100
    taking = asyncio.create_task(take(house, level_mib))
    handle = pynvml.nvmlDeviceGetHandleByIndex(0)
    while True:
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle, pynvml.nvmlMemory_v2)
        if memory.total - memory.free >= threshold * memory.total:
            break
        await asyncio.sleep(pace_s)
    house.hog.end()
    crossed_s = await taking
    return 1e3 * (house.hog.dead_s - crossed_s)


def report(title: str, taken_ms: Sequence[float]) -> None:
    cuts = statistics.quantiles(taken_ms, n=100, method="inclusive")
    figures = f"{cuts[49]:8.1f} | {cuts[98]:8.1f} | {max(taken_ms):8.1f}"
    print(f"{title:>40} | {figures}")


async def measure(house: Guarded) -> None:
    print(f"{f'{CROSSINGS} crossings each, in ms':>40} | {'p50':>8} | {'p99':>8} | {'max':>8}")
    for level, level_mib in LEVELS_MIB.items():
        watching = asyncio.create_task(house.watchdog.run())
        taken = [await cross(house, level_mib) for _ in range(CROSSINGS)]
        watching.cancel()
        await asyncio.wait({watching})
        for part, column in zip(PARTS, zip(*taken, strict=True), strict=True):
            report(f"{level}: {part}", column)
        pace_s = await pace_at(house, level_mib)
        floor = [await cross_bare(house, level_mib, pace_s) for _ in range(CROSSINGS)]
        report(f"a bare loop each {1e3 * pace_s:.0f} ms", floor)
        ratio = statistics.median(row[-1] for row in taken) / statistics.median(floor)
        print(f"{'':>40}   {ratio:.2f} times the floor's median")


async def pace_at(house: Guarded, level_mib: int) -> float:
    """How often BD-1 looks at a card that is so full."""
    house.card.claim(house.hog.run_hog(), level_mib)
    reading = await house.rig.card.look()
    house.hog.end()
    return next_look_s(house.rig.settings.watchdog, reading, is_at_rest=False)


async def run(card: FakeCard) -> None:
    async with guarded(card) as house:
        await measure(house)


def main() -> None:
    logging.getLogger("bd1").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        card = FakeCard(Path(folder) / "card")
        card.set(call_us=CALL_US)
        os.environ.update(card.environ())
        card.load()
        pynvml.nvmlInit()
        asyncio.run(run(card))


if __name__ == "__main__":
    main()
