"""The watchdog's brain."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import Decision, Tier, TierState, step

LIMITS = WatchdogSettings()
TOTAL = 1000


def sample(at_s: float, used_pct: float) -> GpuSample:
    return GpuSample(at_s=at_s, total_mib=TOTAL, free_mib=TOTAL - round(TOTAL * used_pct / 100))


def failure(at_s: float, fault: Fault = Fault.UNKNOWN) -> ProbeFailure:
    return ProbeFailure(at_s, fault, "The driver did not answer.")


def run(readings: list[Reading]) -> list[Decision]:
    state, decisions = TierState(), []
    for reading in readings:
        state, decision = step(LIMITS, state, reading, reading.at_s)
        decisions.append(decision)
    return decisions


def test_one_sample_above_the_line_does_not_warn() -> None:
    assert run([sample(0, 50), sample(1, 85), sample(2, 50)])[-1].tier is Tier.NORMAL


def test_two_samples_above_the_line_warn_once() -> None:
    decisions = run([sample(0, 85), sample(1, 85), sample(2, 86)])
    assert [decision.came_from for decision in decisions] == [None, Tier.NORMAL, None]
    assert decisions[-1].tier is Tier.WARN


def test_protect_needs_one_sample_only() -> None:
    (decision,) = run([sample(0, 96)])
    assert decision.tier is Tier.PROTECT
    assert decision.protect


def test_the_same_sample_twice_never_asks_for_action_twice() -> None:
    first, second = run([sample(0, 96), sample(0, 96)])
    assert first.protect
    assert not second.protect


def test_a_tier_is_left_only_well_below_its_threshold() -> None:
    decisions = run([sample(0, 85), sample(1, 85), sample(2, 78), sample(3, 78), sample(4, 74), sample(5, 74)])
    assert [decision.tier for decision in decisions[2:]] == [Tier.WARN, Tier.WARN, Tier.WARN, Tier.NORMAL]


def test_a_short_blindness_is_not_told_and_a_long_one_once() -> None:
    decisions = run([failure(0), failure(2), failure(6), failure(7), sample(8, 10)])
    assert [decision.blind for decision in decisions] == [False, False, True, False, False]
    assert decisions[-1].sees_again


def test_a_stalled_card_is_told_at_once() -> None:
    (decision,) = run([failure(0, Fault.STALLED)])
    assert decision.blind


_READING = st.one_of(st.floats(0, 100), st.none())


@given(st.lists(_READING, max_size=60))
def test_blindness_neither_raises_nor_clears(values: list[float | None]) -> None:
    readings = [failure(at) if value is None else sample(at, value) for at, value in enumerate(values)]
    decisions = run(list(readings))
    for (_, before), (reading, after) in pairwise(zip(readings, decisions, strict=True)):
        if isinstance(reading, ProbeFailure):
            assert after.tier is before.tier
            assert not after.protect


@given(st.lists(st.floats(0, 100), max_size=60))
def test_action_is_asked_for_only_on_a_sample_over_the_protect_threshold(values: list[float]) -> None:
    readings = [sample(at, value) for at, value in enumerate(values)]
    for reading, decision in zip(readings, run(list(readings)), strict=True):
        assert decision.protect == (reading.used_pct >= LIMITS.protect_pct)


@given(st.lists(st.floats(0, 100), max_size=80))
def test_a_tier_raised_twice_was_left_below_the_margin_between(values: list[float]) -> None:
    raised_at: dict[Tier, int] = {}
    decisions = run([sample(at, value) for at, value in enumerate(values)])
    for at, decision in enumerate(decisions):
        if decision.came_from is None or decision.tier < decision.came_from:
            continue
        earlier = raised_at.get(decision.tier)
        if earlier is not None:
            mark = (LIMITS.warn_pct, LIMITS.alert_pct, LIMITS.protect_pct)[decision.tier - 1]
            between = [sample(0, value).used_pct for value in values[earlier + 1 : at]]
            assert any(value < mark - LIMITS.rearm_margin_pct for value in between)
        raised_at[decision.tier] = at
