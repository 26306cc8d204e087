"""The watchdog's whole brain: one look at the card and what was known before, to a tier and what to do. Pure."""

from dataclasses import dataclass, replace
from enum import IntEnum

from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from bd1.core.settings import WatchdogSettings


class Tier(IntEnum):
    """How full the card is. The order is the severity."""

    NORMAL = 0
    WARN = 1
    ALERT = 2
    PROTECT = 3

    @property
    def word(self) -> str:
        """The tier as people read it."""
        return self.name.lower()


_RAISED = (Tier.WARN, Tier.ALERT, Tier.PROTECT)
_TOLD_AT_ONCE = frozenset({Fault.STALLED, Fault.LOST})


@dataclass(frozen=True, slots=True)
class TierState:
    """What `step` remembers between two looks. Counts are of consecutive fresh samples, one per raised tier."""

    tier: Tier = Tier.NORMAL
    above: tuple[int, int, int] = (0, 0, 0)
    below: tuple[int, int, int] = (0, 0, 0)
    last_at_s: float | None = None
    blind_since_s: float | None = None
    blindness_told: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one look means.

    `came_from` is the tier before when it changed, else `None`. `protect` asks for a protective action on this very
    sample. `blind` and `sees_again` are each true exactly once per blindness.
    """

    tier: Tier
    came_from: Tier | None = None
    protect: bool = False
    blind: bool = False
    sees_again: bool = False


def thresholds(limits: WatchdogSettings) -> tuple[float, float, float]:
    """The three thresholds in per cent of the card, in rising order."""
    return (limits.warn_pct, limits.alert_pct, limits.protect_pct)


def step(limits: WatchdogSettings, state: TierState, reading: Reading, now_s: float) -> tuple[TierState, Decision]:
    """Takes one look into account.

    A failed look freezes the tier: it neither raises nor clears. A sample seen before (same `at_s`) changes nothing
    and never asks for an action. Raising to warn or alert takes `sustain_samples` samples in a row, protect takes one
    (it is measured again before anything is done); leaving takes as many below threshold - `rearm_margin_pct`.
    """
    if isinstance(reading, ProbeFailure):
        return _blind(limits, state, reading, now_s)
    if reading.at_s == state.last_at_s:
        return state, Decision(state.tier)
    return _see(limits, state, reading)


def _blind(
    limits: WatchdogSettings, state: TierState, failure: ProbeFailure, now_s: float
) -> tuple[TierState, Decision]:
    since = now_s if state.blind_since_s is None else state.blind_since_s
    due = failure.fault in _TOLD_AT_ONCE or now_s - since >= limits.blind_after_s
    tell = due and not state.blindness_told
    after = replace(state, blind_since_s=since, blindness_told=state.blindness_told or tell)
    return after, Decision(state.tier, blind=tell)


def _see(limits: WatchdogSettings, state: TierState, sample: GpuSample) -> tuple[TierState, Decision]:
    marks, used = thresholds(limits), sample.used_pct
    up = _count(state.above, tuple(used >= mark for mark in marks))
    down = _count(state.below, tuple(used < mark - limits.rearm_margin_pct for mark in marks))
    tier = _tier(limits, state.tier, up, down)
    after = TierState(tier=tier, above=up, below=down, last_at_s=sample.at_s)
    return after, Decision(
        tier,
        came_from=state.tier if tier is not state.tier else None,
        protect=tier is Tier.PROTECT and used >= limits.protect_pct,
        sees_again=state.blindness_told,
    )


def _count(before: tuple[int, int, int], holds: tuple[bool, ...]) -> tuple[int, int, int]:
    first, second, third = (count + 1 if hold else 0 for count, hold in zip(before, holds, strict=True))
    return (first, second, third)


def _tier(limits: WatchdogSettings, tier: Tier, above: tuple[int, int, int], below: tuple[int, int, int]) -> Tier:
    needed = (limits.sustain_samples, limits.sustain_samples, 1)
    raised = max(
        (mark for mark, count, need in zip(_RAISED, above, needed, strict=True) if count >= need), default=Tier.NORMAL
    )
    while tier > raised and below[tier - 1] >= limits.sustain_samples:
        tier = Tier(tier - 1)
    return max(tier, raised)
