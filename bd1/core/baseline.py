"""The card's idle level, learned while nothing of ours runs. Pure: it neither looks at the card nor keeps anything.

A level that is too low costs a refusal with a reason; one that is too high lets a leak pass for normal. So it comes
down at once, and rises only by a bounded step in all, however long it takes; beyond that a person has to say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bd1.core.gate import Look, nonsense
from bd1.core.gpu import CardIdentity

FALLBACK_MIB = 512
"""What a card without a user shows where the driver does not tell its reserved part (460 MiB measured on an Ada)."""
BD1 = "BD-1"
"""Who says so, where no person did."""
_SPREAD_MIB = 16
"""Looks that differ by more than this are of a card on which something still moves."""
_LOOKS_TO_RISE = 2
"""One look can catch a short-lived process; the card shows its idle level again and again."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one card shows under one driver when nothing of ours runs.

    Args:
        uuid: which card.
        driver: the driver's version.
        idle_mib: `total - free`, all in.
        anchor_mib: the lowest level ever learned, or the one a person accepted; the level never rises more than a
            step above it.
        foreign_mib: what processes that are not ours held of it; the rest is the driver's.
        learned_at: wall time.
        by: who said so: a person, or `BD1`.
    """

    uuid: str
    driver: str
    idle_mib: int
    anchor_mib: int
    foreign_mib: int
    learned_at: datetime
    by: str

    def is_of(self, identity: CardIdentity | None) -> bool:
        """Whether this was learned on that card under that driver; no card is none."""
        return identity is not None and (self.uuid, self.driver) == (identity.uuid, identity.driver)


@dataclass(frozen=True, slots=True)
class Level:
    """What a quiet card shows: `total - free`, and how much of it processes that are not ours hold."""

    idle_mib: int
    foreign_mib: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the looks taught. `baseline` is the very one that was known when they taught nothing new.

    `above_mib` is how far the card is above what may be learned without a person's word; 0 when it is not, `None` when
    the looks do not tell.
    """

    baseline: Baseline
    above_mib: int | None = None


def level_of(seen: Sequence[Look | None]) -> Level | None:
    """The level that these looks agree on.

    It is the lowest of them: what comes and goes above it is what the gate's tolerance is for, and while memory is
    still coming back the lowest is the nearest to the truth.

    Returns:
        `None` when they do not tell: there is none, one is unknown, makes no sense or is no newer than the one before;
        one of our workloads is on the card; somebody's amount is not known; or the card is not quiet.
    """
    levels: list[Level] = []
    at_s = float("-inf")
    for look in seen:
        level = _level(look) if look is not None and look.sample.at_s > at_s else None
        if look is None or level is None:
            return None
        at_s = look.sample.at_s
        levels.append(level)
    if not levels:
        return None
    lowest = min(levels, key=lambda level: level.idle_mib)
    is_quiet = max(level.idle_mib for level in levels) - lowest.idle_mib <= _SPREAD_MIB
    return lowest if is_quiet else None


def learn(
    known: Baseline | None,
    *,
    uuid: str,
    driver: str,
    reserved_mib: int | None,
    seen: Sequence[Look | None],
    step_mib: int,
    at: datetime,
) -> Lesson:
    """Learns from looks that were taken while nothing of ours ran.

    The level falls at once, from a single look too, but never below what the driver reserves for itself. It rises only
    on several looks that agree, and never more than `step_mib` above the anchor in all: a card that shows more than
    that is a case for a person, and teaches nothing.

    Args:
        known: what was learned before; that of another card or driver is not used.
        uuid: the card that was looked at.
        driver: its driver's version.
        reserved_mib: what the driver keeps for itself; `None` where it does not say.
        seen: the looks, oldest first; `None` is a look that gave nothing.
        step_mib: how far the level may rise without a person's word.
        at: the present, wall time.
    """
    if known is None or (known.uuid, known.driver) != (uuid, driver):
        start_mib = FALLBACK_MIB if reserved_mib is None else reserved_mib
        known = Baseline(uuid, driver, start_mib, start_mib, 0, at, BD1)
    level = level_of(seen)
    if level is None:
        return Lesson(known)
    limit_mib = known.anchor_mib + step_mib
    above_mib = max(level.idle_mib - max(limit_mib, reserved_mib or 0), 0)
    is_too_little = level.idle_mib >= known.idle_mib and len(seen) < _LOOKS_TO_RISE
    if is_too_little or above_mib:  # of a level that may not be learned, no part is
        return Lesson(known, above_mib)
    learned = _moved(known, level, reserved_mib or 0)
    is_new = learned != known
    return Lesson(replace(learned, learned_at=at, by=BD1) if is_new else known, above_mib)


def accept(
    *, uuid: str, driver: str, reserved_mib: int | None, seen: Sequence[Look | None], at: datetime, by: str
) -> Baseline | None:
    """Takes a person's word that what the card shows now is its idle level, however high.

    Returns:
        The baseline with a new anchor; `None` when the looks do not tell a level (see `level_of`), or are too few.
    """
    level = level_of(seen)
    if level is None or len(seen) < _LOOKS_TO_RISE:
        return None
    idle_mib = max(level.idle_mib, reserved_mib or 0)
    return Baseline(uuid, driver, idle_mib, idle_mib, _foreign_mib(level, idle_mib, reserved_mib or 0), at, by)


def _level(look: Look) -> Level | None:
    holders = look.attribution.holders
    if nonsense(look.sample) or any(holder.workload is not None or holder.mib is None for holder in holders):
        return None
    return Level(look.sample.used_mib, sum(holder.mib or 0 for holder in holders))


def _moved(known: Baseline, level: Level, floor_mib: int) -> Baseline:
    """The baseline on its new level, the floor kept."""
    idle_mib = max(level.idle_mib, floor_mib)
    anchor_mib = max(min(known.anchor_mib, idle_mib), floor_mib)
    foreign_mib = _foreign_mib(level, idle_mib, floor_mib)
    return replace(known, idle_mib=idle_mib, anchor_mib=anchor_mib, foreign_mib=foreign_mib)


def _foreign_mib(level: Level, idle_mib: int, floor_mib: int) -> int:
    """The strangers' part of the level: what is reserved is not theirs."""
    return max(min(level.foreign_mib, idle_mib - floor_mib), 0)
