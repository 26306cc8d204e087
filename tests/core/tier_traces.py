"""What the tests of the tiers share: looks at a card so large that no per cent is lost to whole MiB."""

from collections.abc import Iterable, Sequence

from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import Decision, Tier, TierState, step

LIMITS = WatchdogSettings()
TOTAL = 100_000


def sample(at_s: float, used_pct: float) -> GpuSample:
    return GpuSample(at_s=at_s, total_mib=TOTAL, free_mib=TOTAL - round(TOTAL * used_pct / 100))


def failure(at_s: float, fault: Fault = Fault.UNKNOWN) -> ProbeFailure:
    return ProbeFailure(at_s, fault, "The driver did not answer.")


def looks(*used_pct: float | None, every_s: float = 1.0, from_s: float = 0.0) -> list[Reading]:
    """One look each `every_s`; `None` is a look that failed."""
    times = [from_s + every_s * number for number in range(len(used_pct))]
    return [failure(at_s) if used is None else sample(at_s, used) for at_s, used in zip(times, used_pct, strict=True)]


def run(
    readings: Iterable[Reading],
    *,
    limits: WatchdogSettings = LIMITS,
    normal_pct: float | None = None,
    ceiling_pct: float | None = None,
) -> list[Decision]:
    normal_mib = None if normal_pct is None else round(TOTAL * normal_pct / 100)
    ceiling_mib = None if ceiling_pct is None else round(TOTAL * ceiling_pct / 100)
    state, decisions = TierState(), []
    for reading in readings:
        state, decision = step(limits, state, reading, reading.at_s, normal_mib=normal_mib, ceiling_mib=ceiling_mib)
        decisions.append(decision)
    return decisions


def tiers(decisions: Sequence[Decision]) -> list[Tier]:
    return [decision.tier for decision in decisions]


def raises(decisions: Sequence[Decision]) -> list[Tier]:
    """The tiers that were entered from below, in order."""
    return [d.tier for d in decisions if d.came_from is not None and d.tier > d.came_from]
