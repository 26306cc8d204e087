"""Processor time of BD-1's watchdog at 1 Hz and 10 Hz, beside nvitop, gpustat and a process for each look.

All look at the same pretended card in the same seconds, so that whatever else the machine does hits them alike. BD-1
keeps its own pace: once a second while nothing runs, ten times where the card is three quarters full. `make bench`
sets up the environment of the other two. usage: bench_watchdog.py [SECONDS]
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_sample import build_one_look
from tests.nvml.card import FakeCard

HERE = Path(__file__).parent
OTHERS = HERE.parent / ".venv-bench" / "bin" / "python"
SECONDS = sys.argv[1] if len(sys.argv) > 1 else "20"
CALL_US = 20
"""What each call of the driver costs here; no public figure of a real card is known."""
FULL_MIB = 15_300
NAMES = {
    "bare": "a bare memory call",
    "bd1": "BD-1's watchdog",
    "nvitop": "nvitop",
    "gpustat": "gpustat",
    "process": "a process each look",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What watching cost: looks a second, percent of a core, and microseconds of processor time for each look."""

    hz: float
    core_pct: float
    look_us: float


def command(name: str, hz: int, program: Path) -> list[str]:
    if name == "bd1":
        return [sys.executable, "-m", "benchmarks.bd1_watcher", SECONDS]
    return [str(OTHERS), str(HERE / "other_watchers.py"), name, str(hz), SECONDS, str(program)]


def start(arguments: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    """nvitop complains of each call that the pretended card does not have; it is answered at once, in its favour."""
    return subprocess.Popen(arguments, cwd=HERE.parent, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def watch_all(card: FakeCard, hz: int, program: Path) -> dict[str, Cost]:
    """Lets all of them watch at once."""
    environ = os.environ | card.environ()
    running = {name: start(command(name, hz, program), environ) for name in NAMES}
    costs = {}
    for name, process in running.items():
        told, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{NAMES[name]} ended with an error. Run it by hand: {command(name, hz, program)}")
        cost = json.loads(told)
        costs[name] = Cost(
            cost["looks"] / cost["seconds"],
            100 * cost["cpu_s"] / cost["seconds"],
            1e6 * cost["cpu_s"] / max(cost["looks"], 1),
        )
    return costs


def report(hz: int, costs: dict[str, Cost]) -> None:
    print(f"{f'at {hz} Hz':>20} | looks/s | % of a core | us a look | to the floor | to BD-1")
    for name, cost in costs.items():
        ratios = f"{cost.look_us / costs['bare'].look_us:12.1f} | {cost.look_us / costs['bd1'].look_us:7.2f}"
        print(f"{NAMES[name]:>20} | {cost.hz:7.1f} | {cost.core_pct:11.2f} | {cost.look_us:9.0f} | {ratios}")


def main() -> None:
    if not OTHERS.exists():
        raise SystemExit("nvitop and gpustat are not set up. Run `make bench ARGS=bench_watchdog`.")
    with tempfile.TemporaryDirectory() as folder:
        card = FakeCard(Path(folder) / "card")
        card.set(call_us=CALL_US)
        program = build_one_look(card, Path(folder))
        report(1, watch_all(card, 1, program))
        card.claim(os.getpid(), FULL_MIB)
        report(10, watch_all(card, 10, program))


if __name__ == "__main__":
    main()
