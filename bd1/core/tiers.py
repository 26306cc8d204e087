"""The watchdog's whole brain: one look at the card and what was known before, to a tier and what to do. Pure."""

from dataclasses import dataclass, replace
from enum import IntEnum

from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from bd1.core.settings import WatchdogSettings
from bd1.core.slope import Point, fall_mib_s, growth_mib_s, with_sample
from bd1.core.streak import NONE, Streak


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


FAST_PCT_S = 1.0
"""Per cent of the card in a second. What grows slower is met in time by the thresholds; what falls faster recovers."""

_TOLD_AT_ONCE = frozenset({Fault.STALLED, Fault.LOST})
_NO_STREAKS = (NONE, NONE, NONE)

_Marks = tuple[float, float, float]
_Streaks = tuple[Streak, Streak, Streak]


@dataclass(frozen=True, slots=True)
class TierState:
    """What `step` remembers between two looks.

    `above` and `below` are how long used VRAM has been at or over the mark of each raised tier, or under the level at
    which that tier may be left. `projected_at_mib` is what was used when protection was last called ahead of time.
    """

    tier: Tier = Tier.NORMAL
    above: _Streaks = _NO_STREAKS
    below: _Streaks = _NO_STREAKS
    recent: tuple[Point, ...] = ()
    projected_at_mib: int | None = None
    last_at_s: float | None = None
    blind_since_s: float | None = None
    blindness_told: bool = False
    sight: Streak = NONE
    """How long the card has been seen again since `blind_since_s`."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one look means.

    `came_from` is the tier before when it changed, else `None`. `protect` asks for a protective action on this very
    sample; `projected` says that it is asked for before the protective threshold is reached. `blind` and `sees_again`
    are each true exactly once per blindness. `is_calm`: the tier is normal, and has every reason to stay so.

    `slope_mib_s` is how fast used VRAM grows beyond what the mode declares, `None` while that is not known.
    `ceiling_in_s` is when the ceiling is reached at that slope: 0 when it is passed, `None` while nothing grows.
    """

    tier: Tier
    came_from: Tier | None = None
    protect: bool = False
    projected: bool = False
    slope_mib_s: float | None = None
    ceiling_in_s: float | None = None
    blind: bool = False
    sees_again: bool = False
    is_calm: bool = False


def thresholds(limits: WatchdogSettings) -> tuple[float, float, float]:
    """The three thresholds in per cent of the card, in rising order."""
    return (limits.warn_pct, limits.alert_pct, limits.protect_pct)


def step(
    limits: WatchdogSettings,
    state: TierState,
    reading: Reading,
    now_s: float,
    *,
    normal_mib: int | None = None,
    ceiling_mib: int | None = None,
) -> tuple[TierState, Decision]:
    """Takes one look into account.

    A failed look freezes the tier: it neither raises nor clears, and no time counts that nobody saw. A sample that is
    not newer than the last changes nothing and never asks for an action.

    Warn and alert are entered after `sustain_samples` samples in a row that span `sustain_s`; protect on one sample,
    for it is measured again before anything is done. Each tier is left after as long under its mark less
    `rearm_margin_pct`. Nothing is raised while used VRAM falls fast.

    `normal_mib` is the used VRAM up to which the mode that is on may load (idle level and declared need); `None` when
    that is not known. Up to there nobody is warned and growth is expected; alert and protect hold all the same. Growth
    beyond it that leaves less than `reaction_s` until `ceiling_mib` (`None`: the protective threshold) is a projected
    breach, and protection is called at once. Its tier is left only under the level at which it was called.
    """
    if isinstance(reading, ProbeFailure):
        return _blind(limits, state, reading, now_s)
    if state.last_at_s is not None and reading.at_s <= state.last_at_s:
        return state, Decision(state.tier)
    return _see(limits, state, reading, normal_mib or 0, ceiling_mib)


def _blind(
    limits: WatchdogSettings, state: TierState, failure: ProbeFailure, now_s: float
) -> tuple[TierState, Decision]:
    since = now_s if state.blind_since_s is None else state.blind_since_s
    is_due = failure.fault in _TOLD_AT_ONCE or now_s - since >= limits.blind_after_s
    tell = is_due and not state.blindness_told
    after = replace(
        state, recent=(), blind_since_s=since, blindness_told=state.blindness_told or tell, sight=NONE
    )  # the slope begins anew: what happened meanwhile nobody saw
    return after, Decision(state.tier, blind=tell)


def _see(
    limits: WatchdogSettings, state: TierState, sample: GpuSample, normal_mib: int, ceiling_mib: int | None
) -> tuple[TierState, Decision]:
    stretch_s = sample.at_s - state.recent[-1].at_s if state.recent else 0.0
    state = replace(state, recent=with_sample(state.recent, sample.at_s, sample.used_mib), last_at_s=sample.at_s)
    is_falling = fall_mib_s(state.recent) >= _fast_mib_s(sample)
    slope, ceiling_in_s = _outlook(limits, state.recent, sample, normal_mib, ceiling_mib)
    projected = _is_breach_ahead(limits, sample, slope, ceiling_in_s) and not is_falling
    after = _levelled(limits, state, sample, stretch_s, normal_mib, projected=projected)
    tier = _tier(limits, after, projected=projected, is_falling=is_falling)
    is_over = sample.used_pct >= limits.protect_pct and not is_falling
    after, sees_again = _sighted(limits, after, stretch_s)
    after = replace(after, tier=tier, projected_at_mib=after.projected_at_mib if tier is Tier.PROTECT else None)
    return after, Decision(
        tier,
        came_from=state.tier if tier is not state.tier else None,
        protect=is_over or projected,
        projected=projected,
        slope_mib_s=slope,
        ceiling_in_s=ceiling_in_s,
        sees_again=sees_again,
        is_calm=tier is Tier.NORMAL and after.blind_since_s is None and _lasts(limits, after.below[0]),
    )


def _outlook(
    limits: WatchdogSettings,
    recent: tuple[Point, ...],
    sample: GpuSample,
    normal_mib: int,
    ceiling_mib: int | None,
) -> tuple[float | None, float | None]:
    """The slope, and the seconds until the ceiling."""
    slope = growth_mib_s(recent, normal_mib)
    if slope is None or slope <= 0:
        return slope, None
    ceiling = sample.total_mib * limits.protect_pct / 100 if ceiling_mib is None else ceiling_mib
    return slope, max(ceiling - sample.used_mib, 0) / slope


def _is_breach_ahead(
    limits: WatchdogSettings, sample: GpuSample, slope: float | None, ceiling_in_s: float | None
) -> bool:
    if slope is None or ceiling_in_s is None or sample.used_pct >= limits.protect_pct:
        return False
    return slope >= _fast_mib_s(sample) and ceiling_in_s < limits.reaction_s


def _fast_mib_s(sample: GpuSample) -> float:
    return sample.total_mib * FAST_PCT_S / 100


def _levelled(
    limits: WatchdogSettings, state: TierState, sample: GpuSample, stretch_s: float, normal_mib: int, *, projected: bool
) -> TierState:
    """The streaks after this sample."""
    used = sample.used_mib
    projected_at = state.projected_at_mib
    if projected and projected_at is None:
        projected_at = used
    marks = _marks(limits, sample.total_mib, normal_mib)
    margin = sample.total_mib * limits.rearm_margin_pct / 100
    low = marks if projected_at is None else (*marks[:2], min(marks[2], projected_at))
    return replace(
        state,
        above=_counted(state.above, tuple(used >= mark for mark in marks), stretch_s),
        below=_counted(state.below, tuple(used < mark - margin for mark in low), stretch_s),
        projected_at_mib=projected_at,
    )


def _marks(limits: WatchdogSettings, total_mib: int, normal_mib: int) -> _Marks:
    """Where each tier begins, in MiB. What is normal in this mode is not warned of, up to where alert begins."""
    warn, alert, protect = (total_mib * pct / 100 for pct in thresholds(limits))
    return (min(max(warn, normal_mib + 1), alert), alert, protect)


def _counted(before: _Streaks, holds: tuple[bool, ...], stretch_s: float) -> _Streaks:
    first, second, third = (streak.then(held, stretch_s) for streak, held in zip(before, holds, strict=True))
    return (first, second, third)


def _lasts(limits: WatchdogSettings, streak: Streak) -> bool:
    return streak.lasts(limits.sustain_samples, limits.sustain_s)


def _tier(limits: WatchdogSettings, state: TierState, *, projected: bool, is_falling: bool) -> Tier:
    reached = _reached(limits, state.above, projected=projected)
    tier = state.tier
    while tier > reached and _lasts(limits, state.below[tier - 1]):
        tier = Tier(tier - 1)
    return tier if is_falling else max(tier, reached)


def _reached(limits: WatchdogSettings, above: _Streaks, *, projected: bool) -> Tier:
    """The highest tier that this sample speaks for."""
    if projected or above[Tier.PROTECT - 1].samples:
        return Tier.PROTECT
    if _lasts(limits, above[Tier.ALERT - 1]):
        return Tier.ALERT
    return Tier.WARN if _lasts(limits, above[Tier.WARN - 1]) else Tier.NORMAL


def _sighted(limits: WatchdogSettings, state: TierState, stretch_s: float) -> tuple[TierState, bool]:
    """Ends a blindness once the card has been seen for a while; says so once if it was told of."""
    if state.blind_since_s is None:
        return state, False
    sight = state.sight.then(holds=True, stretch_s=stretch_s)
    if not _lasts(limits, sight):
        return replace(state, sight=sight), False
    return replace(state, blind_since_s=None, blindness_told=False, sight=NONE), state.blindness_told
