"""Changes the core in every way mutmut knows, runs its tests against each change, and judges how many were noticed.

`make mutants` runs it. It ends with 1 where fewer than `LEAST_PCT` of a hundred were noticed, in any one module.
What is left over is explained in MUTANTS.md beside this file; what is not explained there is said.
"""

import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

LEAST_PCT = 90.0
NOTICED = frozenset({"killed", "timeout", "segfault", "caught by type check"})
MUTMUT = Path(sys.executable).with_name("mutmut")
EXPLAINED = Path(__file__).with_name("MUTANTS.md").read_text(encoding="utf-8")
WORKPLACE = Path("mutants")


def results() -> list[tuple[str, str]]:
    """Each mutant's name with what came of it."""
    told = subprocess.run([MUTMUT, "results", "--all", "true"], capture_output=True, text=True, check=True).stdout
    pairs = (line.split(": ", 1) for line in told.splitlines() if ": " in line)
    return [(name.strip(), outcome.strip()) for name, outcome in pairs]


def change(name: str) -> str:
    """The lines that the mutant has in the place of others."""
    told = subprocess.run([MUTMUT, "show", name], capture_output=True, text=True, check=True).stdout
    lines = (line[1:].strip() for line in told.splitlines() if line.startswith("+") and not line.startswith("+++"))
    return " ".join(lines)


def report(found: list[tuple[str, str]]) -> bool:
    """Prints the score of each module and of all; whether every one is good enough."""
    by_module: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for name, outcome in found:
        by_module[name.partition(".x")[0]][outcome in NOTICED] += 1
    scores = {module: 100 * counts[True] / counts.total() for module, counts in by_module.items()}
    for module, counts in by_module.items():
        print(f"{module:>20} | {counts.total():5} mutants | {counts[True]:5} killed | {scores[module]:5.1f} %")
    killed = sum(counts[True] for counts in by_module.values())
    print(f"{'all':>20} | {len(found):5} mutants | {killed:5} killed | {100 * killed / len(found):5.1f} %")
    return min(scores.values()) >= LEAST_PCT


def list_survivors(found: list[tuple[str, str]]) -> None:
    for name, outcome in found:
        if outcome not in NOTICED:
            instead = change(name)
            note = "" if instead in EXPLAINED else "   <- not explained in MUTANTS.md"
            print(f"{name} ({outcome}): {instead}{note}")


def main() -> int:
    shutil.rmtree(WORKPLACE, ignore_errors=True)
    subprocess.run([MUTMUT, "run"], check=True)
    found = results()
    list_survivors(found)
    if not found:
        print("mutmut made no mutants.")
        return 1
    if not report(found):
        print(f"Less than {LEAST_PCT:g} % were killed.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
