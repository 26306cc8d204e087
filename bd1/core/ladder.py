"""Which protective step next, and on whom. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from bd1.core.holders import Attribution, Holder
from bd1.core.settings import Workload, WorkloadKind


class Rung(StrEnum):
    """The steps, mildest first. The value says what is done."""

    UNLOAD = "unload the model of"
    STOP = "stop"
    KILL = "kill"


def pick_victim(attribution: Attribution, workloads: Mapping[str, Workload], running: Collection[str]) -> str | None:
    """Whom to relieve of VRAM: the configured workload that holds most.

    Where the driver names no process, a running GPU workload is taken, the largest declared one; `None` when nobody
    BD-1 may touch is on the card.
    """
    mine = [holder for holder in attribution.holders if holder.workload in workloads]
    if mine:
        return max(mine, key=_weight).workload
    on_card = [workloads[name] for name in running if workloads[name].uses_gpu]
    return max(on_card, key=lambda workload: workload.vram_mib).name if on_card else None


def _weight(holder: Holder) -> tuple[bool, int]:
    return holder.mib is None, holder.mib or 0  # an amount the driver hides is treated as the largest


def rungs(workload: Workload) -> tuple[Rung, ...]:
    """The steps that make sense for this workload, in order."""
    if workload.kind is WorkloadKind.OLLAMA:
        return (Rung.UNLOAD, Rung.STOP, Rung.KILL)
    return (Rung.STOP, Rung.KILL)
