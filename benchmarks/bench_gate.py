"""What one verdict of the gate costs, against the bare arithmetic it cannot do without.

Run from the repository: `python -m benchmarks.bench_gate`. It prints, and judges nothing.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from bd1.core.gate import GateCase, Look, judge
from bd1.core.gpu import GpuProcess, GpuSample
from bd1.core.holders import Owner, attribute

ROUNDS = 40
VERDICTS_A_ROUND = 250
INTERVAL_S = 0.2
"""Between two looks, as the configuration has it by default."""
CASE = GateCase(
    gone=("ollama",),
    gone_pids={11: "ollama", 12: "ollama"},
    staying={"helper": 2000},
    need_mib=8000,
    idle_mib=460,
    tolerance_mib=256,
    ceiling_mib=19451,
    samples=3,
)
HEADINGS = ("gate", "processes", "bare us", "verdict us", "ratio", "p99 us", "of a look's wait")


def looks_with(processes: int, *, is_held: bool) -> list[Look | None]:
    """As many looks as the gate wants, with one that stays, small strangers, and perhaps one that must be gone."""
    owners = {1: Owner("helper"), 11: Owner("ollama")}
    others = (*((11,) if is_held else ()), *range(100, 120))
    held = (GpuProcess(1, 900, "python3"), *(GpuProcess(pid, 4, "Xorg") for pid in others[: processes - 1]))
    used_mib = 460 + sum(process.used_mib or 0 for process in held)
    samples = [GpuSample(float(at_s), 20475, 20475 - used_mib, held) for at_s in range(CASE.samples)]
    return [Look(sample, attribute(held, owners, used_mib, 460)) for sample in samples]


def bare(looks: Sequence[Look | None]) -> bool:
    """The same sums over the same figures, with nobody named, nothing doubted and no reason given."""
    for look in looks:
        if look is None or look.sample.processes is None:
            return False
        kept_mib = 0
        for process in look.sample.processes:
            if process.pid in CASE.gone_pids:
                return False
            if process.pid == 1:
                kept_mib += process.used_mib or 0
        if look.sample.used_mib - kept_mib > CASE.idle_mib + CASE.tolerance_mib:
            return False
        if look.sample.used_mib + CASE.need_mib > CASE.ceiling_mib:
            return False
    return True


def time_round(verdict: Callable[[], object]) -> list[float]:
    """Microseconds of each verdict of one round."""
    taken = []
    for _ in range(VERDICTS_A_ROUND):
        start_s = time.perf_counter()
        verdict()
        taken.append(1e6 * (time.perf_counter() - start_s))
    return taken


def compare(name: str, processes: int, *, is_held: bool) -> None:
    """Measures one row in turns, so that whatever else the machine does hits both alike."""
    looks = looks_with(processes, is_held=is_held)
    now_s = float(CASE.samples - 1)
    if judge(CASE, looks, now_s=now_s).is_open == is_held:
        raise RuntimeError("the gate did not answer as this row is named")
    bares: list[float] = []
    verdicts: list[float] = []
    for _ in range(ROUNDS):
        bares += time_round(lambda: bare(looks))
        verdicts += time_round(lambda: judge(CASE, looks, now_s=now_s))
    bare_us, verdict_us = statistics.median(bares), statistics.median(verdicts)
    p99_us = statistics.quantiles(verdicts, n=100)[98]
    row = (name, str(processes), f"{bare_us:.1f}", f"{verdict_us:.1f}", f"{verdict_us / bare_us:.1f}", f"{p99_us:.0f}")
    print_row((*row, f"{verdict_us / INTERVAL_S / 1e4:.3f} %"))


def print_row(cells: tuple[str, ...]) -> None:
    print(" | ".join(cell.rjust(16 if place in (0, 6) else 10) for place, cell in enumerate(cells)))


def main() -> None:
    print_row(HEADINGS)
    for processes in (2, 20):
        compare("open", processes, is_held=False)
        compare("shut, one named", processes, is_held=True)


if __name__ == "__main__":
    main()
