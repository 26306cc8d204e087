"""What a look through the probe costs, against the same pynvml calls made bare and against a process for each look.

Run from the repository: `python -m benchmarks.bench_sample`. It prints, and judges nothing.
"""

import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pynvml

from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml import NvmlProbe
from tests.nvml.card import FakeCard, nvml_header_folder

CALL_COSTS_US = (0, 10, 50, 200)
"""No public figure for a real card's calls is known; a call that enters the kernel takes tens of microseconds."""
ROUNDS = 15
LOOKS_A_ROUND = 60
SPAWNS = 40
HEADINGS = ("cost of a call", "look", "calls", "bare us", "probe us", "ratio", "p99 us")


def bare_memory(card: Any) -> None:
    pynvml.nvmlDeviceGetMemoryInfo(card, pynvml.nvmlMemory_v2)


def bare_full(card: Any) -> None:
    """The calls of a full look, as a script without BD-1 would make them."""
    bare_memory(card)
    pynvml.nvmlDeviceGetComputeRunningProcesses_v3(card)
    pynvml.nvmlDeviceGetGraphicsRunningProcesses_v3(card)
    pynvml.nvmlDeviceGetUtilizationRates(card)
    pynvml.nvmlDeviceGetTemperatureV(card, pynvml.NVML_TEMPERATURE_GPU)
    pynvml.nvmlDeviceGetPowerUsage(card)
    pynvml.nvmlDeviceGetEnforcedPowerLimit(card)
    pynvml.nvmlDeviceGetPerformanceState(card)
    pynvml.nvmlDeviceGetCurrPcieLinkGeneration(card)
    pynvml.nvmlDeviceGetCurrPcieLinkWidth(card)
    pynvml.nvmlDeviceGetCurrentClocksEventReasons(card)


def time_bare(look: Callable[[Any], None], card: Any) -> list[float]:
    """Microseconds of each look of one round."""
    taken = []
    for _ in range(LOOKS_A_ROUND):
        start_s = time.perf_counter()
        look(card)
        taken.append(1e6 * (time.perf_counter() - start_s))
    return taken


async def time_probe(look: Callable[[], Awaitable[object]]) -> list[float]:
    """The same through the probe."""
    taken = []
    for _ in range(LOOKS_A_ROUND):
        start_s = time.perf_counter()
        await look()
        taken.append(1e6 * (time.perf_counter() - start_s))
    return taken


async def count_calls(card: FakeCard, bare: Callable[[], None], probe: Callable[[], Awaitable[object]]) -> str:
    """How many NVML calls each makes; "same as bare" is only a comparison when they agree."""
    card.set(log_calls=1)
    before = len(card.calls())
    bare()
    between = len(card.calls())
    await probe()
    after = len(card.calls())
    card.set(log_calls=None)
    of_bare, of_probe = between - before, after - between
    return str(of_bare) if of_bare == of_probe else f"{of_bare} and {of_probe}"


async def compare(card: FakeCard, probe: NvmlProbe, handle: Any, cost_us: int, *, full: bool) -> float:
    """Measures one row in turns, so that whatever else the machine does hits both alike; returns the probe's median."""

    def look() -> Awaitable[object]:
        return probe.sample(details=full, processes=full)

    bare_look = bare_full if full else bare_memory
    calls = await count_calls(card, lambda: bare_look(handle), look)
    bare: list[float] = []
    probed: list[float] = []
    for _ in range(ROUNDS):
        bare += time_bare(bare_look, handle)
        probed += await time_probe(look)
    bare_us, probe_us = statistics.median(bare), statistics.median(probed)
    row = (f"{cost_us} us", "full" if full else "memory", calls, f"{bare_us:.1f}", f"{probe_us:.1f}")
    print_row((*row, f"{probe_us / bare_us:.2f}", f"{statistics.quantiles(probed, n=100)[98]:.0f}"))
    return probe_us


def build_one_look(card: FakeCard, folder: Path) -> Path:
    """The program that stands for nvidia-smi."""
    program = folder / "one_look"
    source = Path(__file__).with_name("one_look.c")
    libraries = (f"-L{card.library.parent}", f"-l:{card.library.name}")
    subprocess.run(["gcc", "-O2", f"-I{nvml_header_folder()}", "-o", program, source, *libraries], check=True)
    return program


def time_spawn(card: FakeCard, program: Path) -> float:
    """The median of microseconds from wanting a figure to having it, with a process for each look."""
    environ = os.environ | card.environ()
    taken = []
    for _ in range(SPAWNS):
        start_s = time.perf_counter()
        subprocess.run([program], env=environ, capture_output=True, check=True)
        taken.append(1e6 * (time.perf_counter() - start_s))
    return statistics.median(taken)


def print_row(cells: tuple[str, ...]) -> None:
    print(" | ".join(cell.rjust(14 if place == 0 else 9) for place, cell in enumerate(cells)))


async def measure(card: FakeCard, folder: Path) -> None:
    """Prints the tables."""
    probe = NvmlProbe(0, None, 5.0, SystemClock())
    program = build_one_look(card, folder)
    pynvml.nvmlInit()
    handle = pynvml.nvmlDeviceGetHandleByIndex(0)
    await probe.sample()
    print_row(HEADINGS)
    for cost_us in CALL_COSTS_US:
        card.set(call_us=cost_us)
        await compare(card, probe, handle, cost_us, full=False)
        probe_us = await compare(card, probe, handle, cost_us, full=True)
        spawn_us = time_spawn(card, program)
        print(f"{'':>14}   a process each: {spawn_us:.0f} us, {spawn_us / probe_us:.1f} times a full probe look")
    pynvml.nvmlShutdown()
    await probe.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        card = FakeCard(Path(folder) / "card")
        os.environ.update(card.environ())
        card.load()
        card.claim(os.getpid(), 4000)
        asyncio.run(measure(card, Path(folder)))


if __name__ == "__main__":
    main()
