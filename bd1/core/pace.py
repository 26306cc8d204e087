"""How long until the next look at the card, and what it has to bring. Pure: it looks at nothing and knows no clock.

A look at the memory alone is cheap and is taken each time. Who holds it, and the card's other figures, are asked for
more rarely. The PCIe throughput never is: it costs 20 ms for each direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bd1.core.gpu import Fault, GpuProcess, GpuSample, ProbeFailure, Reading
from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import thresholds

FASTEST_FILL_MIB_S = 24_000.0
"""What PCIe 4.0 x16 can bring to the card: no load is faster. One allocation of empty memory is; no pace meets that."""

MOVED_MIB = 8
"""Used VRAM that differs by more than this has moved: somebody took or gave back memory."""

_EACH_S = 1.0
EARLY_S = 0.05
"""A look that comes so much too early is meant by "each second" too: timers are not exact."""


SPARED_S = 10.0
"""Between two looks at a card in quarantine: a grave fault does not mend itself, and each look may disturb it more."""


def is_spared(limits: WatchdogSettings, reading: Reading) -> bool:
    """Whether a card in quarantine is looked at as rarely as can be: not while what runs on there may fill it."""
    return isinstance(reading, ProbeFailure) or reading.used_pct < limits.warn_pct


def next_look_s(limits: WatchdogSettings, reading: Reading, *, is_at_rest: bool) -> float:
    """Seconds from the beginning of this look to the beginning of the next.

    As long as the card needs at the very least to fill up to the next tier, from `fastest_interval_s` to `interval_s`.
    At rest, and after a look that failed, `interval_s`: a driver in trouble is asked gently. One that hangs is looked
    for as often as possible, because until its call returns nothing reaches it and each look costs nothing.
    """
    if isinstance(reading, ProbeFailure):
        return limits.fastest_interval_s if reading.fault is Fault.STALLED else limits.interval_s
    if is_at_rest:
        return limits.interval_s
    fill_s = _headroom_mib(limits, reading) / FASTEST_FILL_MIB_S
    return min(max(fill_s, limits.fastest_interval_s), limits.interval_s)


def _headroom_mib(limits: WatchdogSettings, sample: GpuSample) -> float:
    """What is free up to the next tier above; 0 over the protective threshold."""
    above = (sample.total_mib * pct / 100 - sample.used_mib for pct in thresholds(limits))
    return min((room for room in above if room > 0), default=0.0)


def is_at_rest(sample: GpuSample, processes: Sequence[GpuProcess] | None, *, idle_mib: int, tolerance_mib: int) -> bool:
    """Whether nothing runs on the card: nobody is on it as last listed, and it shows its idle level.

    Where the list is not known (`None`), or a desktop always is on it, the card is never at rest.
    """
    return processes is not None and not processes and sample.used_mib <= idle_mib + tolerance_mib


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the next look has to bring besides the memory."""

    processes: bool
    details: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """When processes and details were last asked for, in monotonic seconds, and what was used and listed then.

    `None`: never, or the last look failed, so that the next one has to bring everything.
    """

    processes_at_s: float | None = None
    details_at_s: float | None = None
    listed_at_mib: int | None = None
    seen_mib: int | None = None

    def wants(self, now_s: float) -> Wanted:
        """What is due: processes when used VRAM has moved since they were listed, and both each second."""
        moved = (
            self.listed_at_mib is None or self.seen_mib is None or abs(self.seen_mib - self.listed_at_mib) > MOVED_MIB
        )
        return Wanted(moved or _is_due(self.processes_at_s, now_s), _is_due(self.details_at_s, now_s))

    def then(self, wanted: Wanted, reading: Reading, now_s: float) -> "Asked":
        """What is known after a look that was asked to bring `wanted` at `now_s`."""
        if isinstance(reading, ProbeFailure):
            return Asked()
        used_mib = reading.used_mib
        return Asked(
            now_s if wanted.processes else self.processes_at_s,
            now_s if wanted.details else self.details_at_s,
            used_mib if wanted.processes else self.listed_at_mib,
            used_mib,
        )


def _is_due(last_s: float | None, now_s: float) -> bool:
    return last_s is None or now_s - last_s >= _EACH_S - EARLY_S
