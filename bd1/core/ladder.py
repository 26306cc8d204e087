"""Which protective step next, and on whom. Pure: it looks at nothing and touches nobody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution, Holder, mib_words
from bd1.core.settings import GpuSettings, WatchdogSettings, Workload, WorkloadKind
from bd1.core.slope import POINTS, Point, growth_mib_s
from bd1.core.tiers import FAST_PCT_S

GREW_MIB = 32
"""Less than this is no growth: drivers round, and caches breathe."""

CALM = 2.0
"""Growth has to slow down to half before protection that was called for it lets go."""

_APART_S = 0.05


class Rung(StrEnum):
    """The steps, mildest first. The value says what is done."""

    ASK = "unload the model of"
    PAUSE = "pause"
    STOP = "stop"
    KILL = "kill"


TAKES_S = {Rung.ASK: 2.5, Rung.PAUSE: 1.0, Rung.STOP: 3.5, Rung.KILL: 0.0}
"""How long each may take to show in `total - free`, in seconds. A kill waits for nothing: there is nothing after it."""


@dataclass(frozen=True, slots=True)
class Offender:
    """Whom to relieve of VRAM. `why` ends the sentence `I take it from NAME, which ...`."""

    name: str
    why: str


def pick_offender(
    history: Sequence[Attribution],
    workloads: Mapping[str, Workload],
    running: Collection[str],
    mode: Collection[str],
) -> Offender | None:
    """Whom to relieve of VRAM: who grew most over the history (oldest first), else who matters least.

    Growth is looked for from the newest of the earlier states on and further back only where nobody grew since then:
    what was loaded half a minute ago is no reason to end it for the leak of another.

    Who matters least: a workload that the mode that is on does not name, and of those the largest (an amount the
    driver hides counts as the largest). Where the driver names none of ours, one that runs is taken. `None` when
    nobody BD-1 may touch is on the card.
    """
    mine = [holder for holder in history[-1].holders if holder.workload in workloads] if history else []
    for before in reversed(history[:-1]):
        grown = {holder.workload: _growth_mib(before, holder) for holder in mine if holder.workload}
        most = max(grown, key=lambda name: grown[name], default=None)
        if most is not None and grown[most] >= GREW_MIB:
            return Offender(most, f"grew by {mib_words(grown[most])}")
    weights = {holder.workload: _weight(holder) for holder in mine if holder.workload}
    if not weights:
        weights = {name: (False, workloads[name].vram_mib) for name in running if workloads[name].uses_gpu}
    least = max(sorted(weights), key=lambda name: (name not in mode, weights[name]), default=None)
    if least is None:
        return None
    return Offender(least, "holds most" if least in mode or not mode else "the mode that is on does not need")


def _growth_mib(before: Attribution, holder: Holder) -> int:
    """How much more it holds now; 0 while the driver hides one of the amounts."""
    then = before.of(holder.workload or "")
    was_mib = 0 if then is None else then.mib
    return 0 if holder.mib is None or was_mib is None else holder.mib - was_mib


def _weight(holder: Holder) -> tuple[bool, int]:
    return holder.mib is None, holder.mib or 0


def rungs(workload: Workload) -> tuple[Rung, ...]:
    """The steps that make sense for this workload, mildest first."""
    can_be_asked = workload.kind is WorkloadKind.OLLAMA or (
        workload.kind is WorkloadKind.COMFYUI and workload.base_url is not None
    )
    return ((Rung.ASK,) if can_be_asked else ()) + (Rung.PAUSE, Rung.STOP, Rung.KILL)


def slope_mib_s(samples: Sequence[GpuSample]) -> float:
    """How fast used VRAM grows over the newest samples (oldest first); 0 while it does not, or is not known.

    Several may look at once, milliseconds apart. That says nothing of growth, so the newest of such looks counts.
    """
    apart: list[Point] = []
    for sample in reversed(samples):
        if not apart or apart[-1].at_s - sample.at_s >= _APART_S:
            apart.append(Point(sample.at_s, sample.used_mib))
    return max(growth_mib_s(tuple(reversed(apart[:POINTS]))) or 0.0, 0.0)


def is_in_danger(gpu: GpuSettings, limits: WatchdogSettings, sample: GpuSample, slope: float) -> bool:
    """Whether this sample still calls for protection: over the threshold, or near to the ceiling and growing fast.

    `slope` is in MiB a second, as of this sample. A slope is no exact figure: only one that leaves `CALM` times as long
    as what protection was called for is a recovery.
    """
    if sample.used_pct >= limits.protect_pct:
        return True
    is_fast = slope >= sample.total_mib * FAST_PCT_S / 100 / CALM
    return is_fast and time_left_s(gpu, sample, slope) < limits.reaction_s * CALM


def time_left_s(gpu: GpuSettings, sample: GpuSample, slope: float) -> float:
    """Seconds until the ceiling at this slope: 0 when it is passed, infinite while nothing grows."""
    room_mib = gpu.ceiling_mib - sample.used_mib
    if room_mib < 0:
        return 0.0
    return room_mib / slope if slope > 0 else float("inf")


def is_over_ceiling(gpu: GpuSettings, sample: GpuSample) -> bool:
    """Whether the hard limit is passed: from here on nothing is waited for."""
    return sample.used_mib > gpu.ceiling_mib


def next_rung(left: Sequence[Rung], time_s: float, reaction_s: float) -> Rung | None:
    """The next step of those that are left, mildest first; `None` when none is.

    Where the ceiling is nearer than the mildest would take to show, or nearer than BD-1 is fast, it is the harshest
    at once.
    """
    if not left:
        return None
    return left[-1] if time_s < max(TAKES_S[left[0]], reaction_s) else left[0]
