"""All benchmarks, one after the other. Absolute times mean nothing on a shared machine: read the ratios."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TITLES = {
    "bench_sample": "The cost of one look at the card",
    "bench_watchdog": "Processor time of the watchdog beside nvitop, gpustat and a process for each look",
    "bench_reaction": "From a threshold crossed on the card to the decision, the kill and the death",
    "bench_gate": "The cost of one verdict of the gate",
    "bench_switch": "A mode switch on a real Docker engine beside the bare sum, and beside a script",
    "bench_loop_lag": "Event-loop lag while sampling at 10 Hz, and while the driver hangs",
    "bench_chat": "A streamed answer, beside a bot that edits every second",
    "bench_idle": "An idle `bd1 run` beside a bare discord.py bot",
}


def main() -> int:
    wanted = sys.argv[1:] or list(TITLES)
    for name in wanted:
        if name not in TITLES:
            print(f"There is no benchmark called {name}. There are: {', '.join(TITLES)}.")
            return 2
        print(f"\n== {TITLES[name]} ({name}) ==", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
