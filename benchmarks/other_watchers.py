"""Looks at the card as others do, so many times a second, and prints what that cost: `NAME HZ SECONDS [PROGRAM]`.

It runs in an environment of its own and may import nothing of BD-1. Each takes memory, processes and the slower
readings at every look, as these programs do when they are left running.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

Look = Callable[[], object]


def bare(_program: str) -> Look:
    """Nothing but the driver's call for memory, in a loop: the floor of anything that watches a card in Python."""
    import pynvml  # noqa: PLC0415 each contender loads only its own library

    pynvml.nvmlInit()
    card = pynvml.nvmlDeviceGetHandleByIndex(0)
    return lambda: pynvml.nvmlDeviceGetMemoryInfo(card, pynvml.nvmlMemory_v2)


def nvitop(_program: str) -> Look:
    from nvitop import Device, GpuProcess  # noqa: PLC0415 as above

    card = Device(0)
    return lambda: (card.as_snapshot(), GpuProcess.take_snapshots(card.processes().values(), failsafe=True))


def gpustat(_program: str) -> Look:
    from gpustat import new_query  # noqa: PLC0415 as above

    return lambda: new_query()  # noqa: PLW0108 what a library hands out has no type


def process(program: str) -> Look:
    """A process for each look, as a script around nvidia-smi has it."""
    return lambda: subprocess.run([program], capture_output=True, check=True)


def cpu_s() -> float:
    """Processor time of this process and of those it started and waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def watch(look: Look, hz: float, seconds: float) -> dict[str, float]:
    for _ in range(3):
        look()  # what is loaded or learned once is no part of watching
    count, began_s, spent_s = 0, time.monotonic(), cpu_s()
    while (ahead_s := began_s + count / hz - time.monotonic()) + seconds > 0 and count < hz * seconds:
        time.sleep(max(ahead_s, 0.0))
        look()
        count += 1
    return {"looks": count, "cpu_s": cpu_s() - spent_s, "seconds": max(seconds, time.monotonic() - began_s)}


if __name__ == "__main__":
    contenders = {"bare": bare, "nvitop": nvitop, "gpustat": gpustat, "process": process}
    name, hz, seconds, program = (*sys.argv[1:], "")[:4]
    print(json.dumps(watch(contenders[name](program), float(hz), float(seconds))))
