"""How long a mode switch takes on a real engine, against the bare sum of what nobody can save, and a script's way.

The bare sum is docker stop, the time until the card's memory is back, docker start, and the time until the service
answers, one right after the other. The script does the same and looks once a second. All take turns, with the same
release lags. Run from the repository: `python -m benchmarks.bench_switch [RUNS]`. It prints, and judges nothing.
"""

import asyncio
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from docker.errors import DockerException

from bd1.core.gpu import MIB
from bd1.core.progress import Outcome
from benchmarks.bench_sample import build_one_look
from benchmarks.switch_ears import Call
from benchmarks.switch_stage import Stage, open_stage, until
from tests.containers.engine import CannotBuild, StandinEngine

DATA = Path(__file__).parents[1] / "data"
"""Where `bd1 run` keeps its data by default: what a write costs is a matter of the disk."""
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
LAGS_MS = (200, 1500)
"""How long the card keeps a dead process's memory; 0.5 to 1.5 s are reported of real ones."""
READY_MS = (100, 1000)
"""How long a service needs until it answers."""
SCRIPT_S = 1.0
BARE_S = 0.005
TARGET_P50_S, TARGET_P99_S = 0.2, 1.0
OTHER = {"chat": "image", "image": "chat"}
SEED = 1


@dataclass(frozen=True, slots=True)
class Moments:
    """When each part of a way to the other mode was done, on the monotonic clock."""

    began_s: float
    stopped_s: float
    back_s: float
    started_s: float
    ready_s: float

    @property
    def total_s(self) -> float:
        return self.ready_s - self.began_s

    @property
    def wait_s(self) -> float:
        """From the end of docker stop until the way went on to docker start."""
        return self.back_s - self.stopped_s


@dataclass(frozen=True, slots=True)
class Switched:
    """One switch of BD-1: how long it took, the seconds of each stretch of it, and its calls to the outside."""

    total_s: float
    samples_s: float
    stretches: dict[str, float]
    calls: tuple[Call, ...]


async def by_steps(stage: Stage, leave: str, memory_back: Callable[[], Awaitable[None]], pause_s: float) -> Moments:
    """The four steps one after the other; readiness is asked every `pause_s` seconds."""
    old, new, containers = stage.workload(leave), stage.workload(OTHER[leave]), stage.bare.containers
    began_s = time.monotonic()
    await containers.stop(old.container, old.stop_grace_s)
    stopped_s = time.monotonic()
    await memory_back()
    back_s = time.monotonic()
    await containers.start(new.container)
    started_s = time.monotonic()

    async def answers() -> bool:
        return await stage.bare.health.trouble(new.health_url or "", new.kind) is None

    await until(answers, pause_s)
    return Moments(began_s, stopped_s, back_s, started_s, time.monotonic())


async def bare(stage: Stage, leave: str) -> Moments:
    """Goes on the moment it can."""
    return await by_steps(stage, leave, stage.referee.until_idle, BARE_S)


def by_script(program: Path) -> Callable[[Stage, str], Awaitable[Moments]]:
    """Goes on when a process that looks at the card, started once a second, finds it free; as exact as the gate."""

    async def script(stage: Stage, leave: str) -> Moments:
        limit_mib = stage.referee.idle_mib + stage.settings.gpu.tolerance_mib

        async def is_free() -> bool:
            return await asyncio.to_thread(used_mib, program) <= limit_mib

        return await by_steps(stage, leave, lambda: until(is_free, SCRIPT_S), SCRIPT_S)

    return script


def used_mib(program: Path) -> int:
    """What a fresh process reads off the card."""
    line = subprocess.run([program], env=os.environ, capture_output=True, check=True, text=True).stdout
    total, free = (int(word) for word in line.split(", ")[:2])
    return (total - free) // MIB


async def switch(stage: Stage, leave: str) -> Switched:
    """BD-1's own way, everything about it real but Discord."""
    stage.ears.calls.clear()
    services = stage.house.services
    began_s = time.monotonic()
    job = services.director.switch(OTHER[leave], "the benchmark")
    async for _ in job.watch():
        pass
    ended_s = time.monotonic()
    if job.progress.outcome is not Outcome.DONE:
        raise RuntimeError(f"a switch failed: {job.progress.message}")
    calls = tuple(stage.ears.calls)
    wall_s = time.time() - time.monotonic()
    needed = stage.settings.switch.gate_samples
    looks = [sample.at.timestamp() - wall_s for sample in services.journal.last(1)[0].samples[-needed:]]
    return measured(calls, began_s, ended_s, looks, stage.referee.back_s)


def measured(calls: tuple[Call, ...], began_s: float, ended_s: float, looks: list[float], back_s: float) -> Switched:
    """Cuts a switch into its stretches, by what was called when."""
    stop, start = (next(call for call in calls if call.name == f"docker {verb}") for verb in ("stop", "start"))
    healthy_s = max(call.ended_s for call in calls if call.name == "health trouble")
    look_s = statistics.median(call.ended_s - call.began_s for call in calls if call.name == "card sample")
    cuts = {
        "plan, drain, unload": stop.began_s,
        "docker stop": stop.ended_s,
        "memory away": max(back_s, stop.ended_s),
        "noticed": looks[0] - look_s,
        "samples": looks[-1],
        "docker asked": start.began_s,
        "docker start": start.ended_s,
        "answers": healthy_s,
        "commit": ended_s,
    }
    edges = [began_s, *cuts.values()]
    stretches = {name: end - begin for name, (begin, end) in zip(cuts, itertools.pairwise(edges), strict=True)}
    return Switched(ended_s - began_s, stretches["samples"], stretches, calls)


@dataclass(frozen=True, slots=True)
class Results:
    """Each way's runs, by the number of the lag and the mode that was left: what has the same key can be compared."""

    bare: dict[tuple[int, str], Moments]
    script: dict[tuple[int, str], Moments]
    switch: dict[tuple[int, str], Switched]


async def load_client(stage: Stage) -> float:
    """What it costs the process once; measured by itself, so that it is not taken for a cost of each switch."""
    began_s = time.monotonic()
    await stage.bare.chat.version()
    return time.monotonic() - began_s


async def run_all(stage: Stage, program: Path) -> Results:
    """All ways by turns. Three ways and two modes: each way goes there the one time and back the next."""
    first_s = await load_client(stage)
    print(f"loading the Ollama client, which the first question or switch of a process does: {1e3 * first_s:.0f} ms")
    results, leave, dice = Results({}, {}, {}), "chat", random.Random(SEED)  # noqa: S311 nothing secret
    script = by_script(program)
    await stage.settle(leave)
    for run in range(RUNS):
        if run % 2 == 0:
            stage.card.set(release_lag_ms=dice.randint(*LAGS_MS))
            stage.slow.delay_s = dice.randint(*READY_MS) / 1e3
        for way in range(run // 2, run // 2 + 3):
            key = (run // 2, leave)
            stage.ears.is_deaf = way % 3 != 0
            if way % 3 == 0:
                results.switch[key] = await switch(stage, leave)
            elif way % 3 == 1:
                results.bare[key] = await bare(stage, leave)
            else:
                results.script[key] = await script(stage, leave)
            leave = OTHER[leave]
            await stage.settle(leave)
    return results


def percentile(share: int, values: Sequence[float]) -> float:
    """The value that so many per cent of them do not pass."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def print_row(cells: Sequence[str], first: int = 20) -> None:
    print(" | ".join(cell.rjust(first if place == 0 else 9) for place, cell in enumerate(cells)))


def print_way(name: str, taken: Sequence[float], beyond: Sequence[float] = ()) -> None:
    cells = [f"{percentile(share, taken):.3f}" for share in (50, 90, 99)]
    cells += [f"{percentile(share, beyond):.3f}" for share in (50, 90, 99)] if beyond else []
    print_row((name, *cells))


def report(results: Results) -> None:
    bare, keys = results.bare, sorted(results.bare)
    switched = [results.switch[key] for key in keys]
    script = [results.script[key] for key in keys]
    beyond = [results.switch[key].total_s - bare[key].total_s for key in keys]
    print(
        f"{len(keys)} runs of each by turns, there and back, in seconds; release lag {LAGS_MS[0]} to {LAGS_MS[1]} ms, "
        f"readiness after {READY_MS[0]} to {READY_MS[1]} ms"
    )
    print_row(("", "p50", "p90", "p99", "more: p50", "p90", "p99"))
    print_way("the bare sum", [bare[key].total_s for key in keys])
    print_way("BD-1's switch", [run.total_s for run in switched], beyond)
    print_way(
        "without its samples",
        [run.total_s - run.samples_s for run in switched],
        more := [extra - run.samples_s for extra, run in zip(beyond, switched, strict=True)],
    )
    print_way(
        "a script at 1 Hz",
        [run.total_s for run in script],
        [results.script[key].total_s - bare[key].total_s for key in keys],
    )
    print(
        f"overhead beyond the samples: p50 {percentile(50, more):.3f} s (target {TARGET_P50_S} s), "
        f"p99 {percentile(99, more):.3f} s (target {TARGET_P99_S} s)"
    )
    late = [run.wait_s - bare[key].wait_s for key, run in zip(keys, script, strict=True)]
    print(f"the script misses the memory by {percentile(50, late):.2f} s (p50), {max(late):.2f} s (most)\n")
    report_stretches(switched, list(bare.values()))
    report_calls(switched)


def report_stretches(switched: Sequence[Switched], bare: Sequence[Moments]) -> None:
    """Where the time goes."""
    floor = {
        "docker stop": [run.stopped_s - run.began_s for run in bare],
        "memory away": [run.wait_s for run in bare],
        "docker start": [run.started_s - run.back_s for run in bare],
        "answers": [run.ready_s - run.started_s for run in bare],
    }
    print_row(("a switch's time, ms", "p50", "p99", "bare p50", "p99"))
    for name in switched[0].stretches:
        print_row((name, *milliseconds([run.stretches[name] for run in switched]), *milliseconds(floor.get(name, ()))))


def milliseconds(taken_s: Sequence[float]) -> tuple[str, ...]:
    """Median and 99th percentile, in words."""
    return tuple(f"{1e3 * percentile(share, taken_s):.0f}" for share in (50, 99)) if taken_s else ()


def report_calls(switched: Sequence[Switched]) -> None:
    """What a switch asks of the outside, with what BD-1's watch asks meanwhile."""
    print()
    print_row(("calls in a switch", "p50", "most", "ms each", "p99", "ms in all"))
    for name in sorted({call.name for run in switched for call in run.calls}):
        found = [[1e3 * (call.ended_s - call.began_s) for call in run.calls if call.name == name] for run in switched]
        taken = [*itertools.chain(*found)]
        counts = [len(calls) for calls in found]
        each = f"{statistics.median(taken):.2f}", f"{percentile(99, [*taken, *taken]):.1f}"
        whole = statistics.median(sum(calls) for calls in found)
        print_row((name, f"{statistics.median(counts):.0f}", str(max(counts)), *each, f"{whole:.1f}"))


async def measure(folder: Path) -> None:
    try:
        engine = StandinEngine()
        engine.build_image()
    except (DockerException, CannotBuild) as problem:
        print(f"This needs a Docker engine and gcc, so nothing is measured here: {problem}")
        return
    try:
        async with open_stage(folder, engine) as stage:
            program = build_one_look(stage.card, folder)
            report(await run_all(stage, program))
    finally:
        engine.remove_all()


def main() -> None:
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
