"""Everything besides full memory that can be wrong with a card, told once and late rather than wrongly. Pure.

Each condition is judged on one detailed look, must hold for a while before it is raised, must be gone by a margin for a
while before it clears, and stays as it is while its readings are missing. What the rules say stands in
`core.condition_rules`; here is only how they are followed.
"""

import math
from dataclasses import dataclass, fields, replace

from bd1.core.condition_rules import RULES, Condition, Rule, Tally, Verdict, Wear
from bd1.core.gpu import GpuDetails, GpuSample
from bd1.core.streak import NONE, Streak
from bd1.core.tiers import Tier

LONGEST_STRETCH_S = 5.0
"""What lies between two looks that are further apart was seen by nobody, and counts as no more than this."""

_FIELDS = tuple(field.name for field in fields(GpuDetails))


@dataclass(frozen=True, slots=True)
class Excursion:
    """How one condition stands. `tier` is what was raised and has not cleared; the streaks say what held how long."""

    tier: Tier = Tier.NORMAL
    warn: Streak = NONE
    alert: Streak = NONE
    calm: Streak = NONE
    was_known: bool = False
    """Whether the look before this one could judge it: only time between two such looks counts."""


@dataclass(frozen=True, slots=True)
class ConditionsState:
    """What `consider` remembers between two looks."""

    excursions: tuple[Excursion, ...] = tuple(Excursion() for _ in RULES)
    wear: Wear = Wear()  # noqa: RUF009 frozen
    given: frozenset[str] = frozenset()
    """The readings this card has ever given: one that it gave before and does not give now is unknown."""
    last_at_s: float | None = None

    @property
    def at_rest(self) -> frozenset[Condition]:
        """What is not raised, and has been far from it for long enough to clear if it were."""
        return frozenset(
            rule.condition
            for rule, excursion in zip(RULES, self.excursions, strict=True)
            if excursion.tier is Tier.NORMAL and excursion.calm.lasts(1, rule.calm_s)
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A condition that was raised, got worse, or cleared: then `tier` is `NORMAL`. `text` is whole sentences."""

    condition: Condition
    tier: Tier
    title: str
    text: str


def consider(state: ConditionsState, sample: GpuSample) -> tuple[ConditionsState, tuple[Change, ...]]:
    """Takes one look into account. A look without details, or one that is not newer than the last, changes nothing."""
    details = sample.details
    if details is None or (state.last_at_s is not None and sample.at_s <= state.last_at_s):
        return state, ()
    stretch_s = 0.0 if state.last_at_s is None else sample.at_s - state.last_at_s
    wear = _worn(state.wear, details, stretch_s)
    given = state.given | {name for name in _FIELDS if getattr(details, name) is not None}
    excursions, changes = [], []
    for rule, before in zip(RULES, state.excursions, strict=True):
        after, change = _follow(rule, before, _judged(rule, details, wear, given), min(stretch_s, LONGEST_STRETCH_S))
        excursions.append(after)
        changes += [change] if change else []
    return ConditionsState(tuple(excursions), wear, given, sample.at_s), tuple(changes)


def blinded(state: ConditionsState) -> ConditionsState:
    """After a look that failed: everything stays as it is, and the time until the next look counts for nothing."""
    return replace(state, excursions=tuple(replace(excursion, was_known=False) for excursion in state.excursions))


def _judged(rule: Rule, details: GpuDetails, wear: Wear, given: frozenset[str]) -> Verdict | None:
    if any(name in given and getattr(details, name) is None for name in rule.inputs):
        return None
    return rule.judge(details, wear)


def _follow(
    rule: Rule, before: Excursion, verdict: Verdict | None, stretch_s: float
) -> tuple[Excursion, Change | None]:
    if verdict is None:
        return replace(before, was_known=False), None
    seen_s = stretch_s if before.was_known else 0.0
    now = Excursion(
        before.tier,
        before.warn.then(verdict.tier >= Tier.WARN, seen_s),
        before.alert.then(verdict.tier >= Tier.ALERT, seen_s),
        before.calm.then(verdict.is_calm, seen_s),
        was_known=True,
    )
    tier = _tier(rule, now)
    if tier is before.tier:
        return now, None
    text = verdict.text if tier else f"It is over: {verdict.figures}."
    return replace(now, tier=tier), Change(rule.condition, tier, verdict.title, text)


def _tier(rule: Rule, now: Excursion) -> Tier:
    """A raised tier only rises, until it clears as a whole: a story that gets better and worse again is one story."""
    if now.calm.lasts(1, rule.calm_s):
        return Tier.NORMAL
    if now.alert.lasts(1, rule.alert_s):
        return max(now.tier, Tier.ALERT)
    return max(now.tier, Tier.WARN) if now.warn.lasts(1, rule.warn_s) else now.tier


def _worn(wear: Wear, details: GpuDetails, stretch_s: float) -> Wear:
    return Wear(
        _counted(wear.replays, details.pcie_replay, stretch_s, Wear.REPLAYS_LAST_S),
        _counted(wear.memory, details.ecc_uncorrected, stretch_s, Wear.MEMORY_LASTS_S),
    )


def _counted(tally: Tally, count: int | None, stretch_s: float, lasts_s: float) -> Tally:
    """The tally after a look. A count that is unknown adds nothing; one that fell was begun anew with its driver."""
    if count is None:
        return tally
    risen = 0 if tally.count is None else max(count - tally.count, 0)
    return Tally(count, tally.recent * math.exp(-stretch_s / lasts_s) + risen)
