"""What holds for the tiers whatever the card does."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import GpuSample, ProbeFailure, Reading
from bd1.core.tiers import Decision, Tier, thresholds
from tests.core.tier_traces import LIMITS, TOTAL, failure, raises, run, sample

_STEPS_S = st.sampled_from([0.05, 0.1, 0.1, 0.1, 0.17, 0.5, 1.0, 3.0])
_KINDS = st.sampled_from(("hold", "glide", "jump", "blind"))
_NORMAL = st.none() | st.floats(0, 100)
_LEVELS = st.one_of(
    st.floats(0, 100),
    st.sampled_from([70.0, 74.9, 75.1, 79.9, 80.0, 84.9, 85.1, 89.9, 90.0, 94.9, 95.0, 96.0]),
)


@st.composite
def traces(draw: st.DrawFn, *, with_failures: bool = True) -> list[Reading]:
    """Stretches of standing still, of growing or falling steadily, and of jumping about; some looks fail."""
    used, at_s, readings = draw(_LEVELS), 0.0, list[Reading]()
    for _ in range(draw(st.integers(1, 8))):
        goal, count, kind = draw(_LEVELS), draw(st.integers(1, 30)), draw(_KINDS)
        step_s = draw(_STEPS_S)
        for number in range(count):
            at_s += step_s
            if kind == "blind" and with_failures:
                readings.append(failure(at_s))
                continue
            level = {"glide": used + (goal - used) * (number + 1) / count, "jump": goal if number % 2 else used}
            readings.append(sample(at_s, level.get(kind, used)))
        used = goal if kind == "glide" else used
    return readings


@given(traces(), _NORMAL)
def test_blindness_neither_raises_nor_clears_nor_acts(readings: list[Reading], normal_pct: float | None) -> None:
    tier = Tier.NORMAL
    for reading, decision in zip(readings, run(readings, normal_pct=normal_pct), strict=True):
        if isinstance(reading, ProbeFailure):
            assert decision.tier is tier
            assert decision.came_from is None
            assert not decision.protect
        tier = decision.tier


@given(traces(), st.data())
def test_no_sample_is_acted_on_twice(readings: list[Reading], data: st.DataObject) -> None:
    repeated = [(reading, again) for reading in readings for again in range(data.draw(st.integers(1, 3)))]
    decisions = run([reading for reading, _ in repeated])
    for (reading, again), decision in zip(repeated, decisions, strict=True):
        if again and isinstance(reading, GpuSample):
            assert not decision.protect
            assert decision.came_from is None
    fresh = [decision for (_, again), decision in zip(repeated, decisions, strict=True) if not again]
    assert raises(fresh) == raises(run(readings))


@given(traces(), _NORMAL)
def test_protection_is_called_over_the_threshold_or_ahead_of_it_and_not_while_it_recovers(
    readings: list[Reading], normal_pct: float | None
) -> None:
    before: GpuSample | None = None
    for reading, decision in zip(readings, run(readings, normal_pct=normal_pct), strict=True):
        if isinstance(reading, ProbeFailure):
            before = None
            continue
        is_over = reading.used_pct >= LIMITS.protect_pct
        is_growing = before is None or reading.used_mib >= before.used_mib
        if is_over and is_growing:
            assert decision.protect
        if decision.protect:
            assert is_over or decision.projected
            assert decision.tier is Tier.PROTECT
        before = reading


@given(traces(), _NORMAL)
def test_a_tier_is_entered_once_in_an_excursion(readings: list[Reading], normal_pct: float | None) -> None:
    decisions = run(readings, normal_pct=normal_pct)
    for tier in (Tier.WARN, Tier.ALERT, Tier.PROTECT):
        entries = list(_entries(decisions, tier))
        for first, second in pairwise(entries):
            level = _low_pct(tier, readings[first], decisions[first], normal_pct)
            assert _was_below(readings[first + 1 : second], level), (tier, first, second)


def _entries(decisions: Sequence[Decision], tier: Tier) -> Iterator[int]:
    for number, decision in enumerate(decisions):
        if decision.came_from is not None and decision.came_from < tier <= decision.tier:
            yield number


def _low_pct(tier: Tier, reading: Reading, decision: Decision, normal_pct: float | None) -> float:
    """The level under which this tier may be left, once it was entered by this decision."""
    warn, alert, protect = thresholds(LIMITS)
    mark = (min(max(warn, normal_pct or 0), alert), alert, protect)[tier - 1]
    if decision.projected and tier is Tier.PROTECT and isinstance(reading, GpuSample):
        mark = min(mark, reading.used_pct)
    return mark - LIMITS.rearm_margin_pct


def _was_below(readings: Sequence[Reading], level_pct: float) -> bool:
    """Whether some samples in a row, with no blindness counted, stayed under the level for as long as it takes."""
    count, lasted_s, before_s = 0, 0.0, None
    for reading in readings:
        if isinstance(reading, ProbeFailure):
            before_s = None
            continue
        is_below = reading.used_pct < level_pct + 100 / TOTAL
        lasted_s = lasted_s + (0 if before_s is None or not count else reading.at_s - before_s) if is_below else 0.0
        count = count + 1 if is_below else 0
        before_s = reading.at_s
        if count >= LIMITS.sustain_samples and lasted_s >= LIMITS.sustain_s - 1e-3:
            return True
    return False


@given(traces(with_failures=False), st.floats(0, 89.9))
def test_what_stays_within_the_declared_need_raises_nothing(readings: list[Reading], normal_pct: float) -> None:
    within = [
        sample(reading.at_s, min(reading.used_pct, normal_pct))
        for reading in readings
        if isinstance(reading, GpuSample)
    ]
    decisions = run(within, normal_pct=normal_pct)
    assert raises(decisions) == []
    assert not any(decision.protect for decision in decisions)


@given(st.floats(0, 94.9), st.floats(0, 94.9), st.integers(1, 20), st.lists(_STEPS_S, min_size=40, max_size=40))
def test_one_jump_is_never_taken_for_a_breach_to_come(
    before_pct: float, after_pct: float, jump_at: int, steps_s: list[float]
) -> None:
    at_s, readings = 0.0, list[Reading]()
    for number, step_s in enumerate(steps_s):
        at_s += step_s
        readings.append(sample(at_s, before_pct if number < jump_at else after_pct))
    assert not any(decision.projected for decision in run(readings))


@given(traces())
def test_calm_is_the_normal_tier_with_the_card_in_sight(readings: list[Reading]) -> None:
    for reading, decision in zip(readings, run(readings), strict=True):
        if decision.is_calm:
            assert decision.tier is Tier.NORMAL
            assert isinstance(reading, GpuSample)
            assert reading.used_pct < LIMITS.warn_pct - LIMITS.rearm_margin_pct
