"""How late the event loop runs while the card is sampled ten times a second, and while the driver hangs.

Run from the repository: `python -m benchmarks.bench_loop_lag`. It prints, and judges nothing.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml import NvmlProbe
from tests.nvml.card import FakeCard

TICK_S = 0.005
PHASE_S = 5.0
SAMPLE_INTERVAL_S = 0.1
DEADLINE_S = 0.5
CALL_COST_US = 200


async def lateness(until_s: float) -> list[float]:
    """Milliseconds by which each of many short sleeps overran."""
    late = []
    while time.monotonic() < until_s:
        due_s = time.monotonic() + TICK_S
        await asyncio.sleep(TICK_S)
        late.append(1e3 * (time.monotonic() - due_s))
    return late


async def sample_at_10_hz(probe: NvmlProbe, until_s: float) -> None:
    while time.monotonic() < until_s:
        await probe.sample(details=True, processes=True)
        await asyncio.sleep(SAMPLE_INTERVAL_S)


async def phase(name: str, work: Callable[[float], Awaitable[None]]) -> None:
    """Measures the loop while some work goes on, and prints a row."""
    until_s = time.monotonic() + PHASE_S
    late, _ = await asyncio.gather(lateness(until_s), work(until_s))
    p99 = statistics.quantiles(late, n=100)[98]
    print(f"{name:>24} | {len(late):6} | {statistics.median(late):9.3f} | {p99:8.3f} | {max(late):8.3f}")


async def nothing(until_s: float) -> None:
    """The loop by itself: what the machine's own timers and neighbours cost."""


async def measure(card: FakeCard) -> None:
    """Prints the table."""
    probe = NvmlProbe(0, None, DEADLINE_S, SystemClock())
    card.set(call_us=CALL_COST_US)
    print(f"{'':>24} | {'ticks':>6} | {'median ms':>9} | {'p99 ms':>8} | {'max ms':>8}")
    await phase("idle", nothing)
    await phase("sampling at 10 Hz", lambda until_s: sample_at_10_hz(probe, until_s))
    card.set(hang=1)
    await phase("the driver hangs", lambda until_s: sample_at_10_hz(probe, until_s))
    card.set(hang=None)
    await probe.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        card = FakeCard(Path(folder))
        os.environ.update(card.environ())
        card.load()
        card.claim(os.getpid(), 4000)
        asyncio.run(measure(card))


if __name__ == "__main__":
    main()
