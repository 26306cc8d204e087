"""A breach that is seen coming: when protection does not wait for its threshold, and when it must."""

from dataclasses import replace

import pytest

from bd1.core.tiers import Decision, Tier
from tests.core.tier_traces import LIMITS, failure, looks, raises, run, sample

EVERY_S = 0.1


def rising(from_pct: float, pct_s: float, count: int) -> list[float]:
    return [from_pct + pct_s * EVERY_S * number for number in range(count)]


def first_call(decisions: list[Decision]) -> int | None:
    return next((number for number, decision in enumerate(decisions) if decision.protect), None)


def test_fast_growth_is_met_before_the_threshold_and_said_in_figures() -> None:
    decisions = run(looks(*rising(60, 20, 19), every_s=EVERY_S))
    call = first_call(decisions)
    assert call is not None
    decision = decisions[call]
    assert decision.projected
    assert decision.tier is Tier.PROTECT
    assert decision.slope_mib_s == pytest.approx(20_000)
    assert decision.ceiling_in_s is not None
    assert LIMITS.reaction_s - EVERY_S <= decision.ceiling_in_s < LIMITS.reaction_s


def test_growth_that_leaves_time_enough_is_not_met_yet() -> None:
    decisions = run(looks(*rising(60, 20, 10), every_s=EVERY_S))
    assert first_call(decisions) is None
    assert decisions[-1].ceiling_in_s is not None
    assert decisions[-1].ceiling_in_s > LIMITS.reaction_s


def test_a_difference_of_two_samples_is_no_slope() -> None:
    decisions = run(looks(70, 85, every_s=EVERY_S))
    assert decisions[-1].slope_mib_s is None
    assert first_call(decisions) is None


def test_one_sudden_allocation_is_not_taken_for_growth() -> None:
    decisions = run(looks(*[41] * 5, *[94] * 10, every_s=EVERY_S))
    assert first_call(decisions) is None
    assert {decision.slope_mib_s for decision in decisions[2:]} == {0.0}


def test_growth_in_lumps_is_growth() -> None:
    lumps = [60, 60, 65, 65, 70, 70, 75, 75, 80, 80, 85, 85, 90]
    assert first_call(run(looks(*lumps, every_s=EVERY_S))) is not None


def test_slow_growth_waits_for_the_threshold() -> None:
    slow = rising(94.2, 0.9, 8)
    assert first_call(run(looks(*slow, every_s=EVERY_S))) is None
    assert first_call(run(looks(*rising(94.2, 1.2, 8), every_s=EVERY_S))) is not None


def test_a_load_up_to_what_the_mode_declares_is_expected_however_fast() -> None:
    loading = [*rising(2, 30, 30), 88, 88, 88]
    decisions = run(looks(*loading, every_s=EVERY_S), normal_pct=89)
    assert first_call(decisions) is None
    assert raises(decisions) == []


def test_growth_beyond_what_the_mode_declares_is_met() -> None:
    call = first_call(run(looks(*rising(60, 20, 19), every_s=EVERY_S), normal_pct=70))
    assert call is not None
    assert rising(60, 20, 19)[call] < 84


def test_a_load_that_ends_a_little_beyond_the_declared_need_is_no_breach() -> None:
    loading = [*rising(60, 30, 8), 83, 83, 83, 83]
    assert first_call(run(looks(*loading, every_s=EVERY_S), normal_pct=81)) is None


def test_the_ceiling_can_be_another_than_the_threshold() -> None:
    trace = rising(60, 10, 40)
    early = first_call(run(looks(*trace, every_s=EVERY_S), ceiling_pct=80))
    late = first_call(run(looks(*trace, every_s=EVERY_S)))
    assert early is not None
    assert late is not None
    assert 72.5 < trace[early] <= 73.5
    assert 87.5 < trace[late] <= 88.5


def test_fast_growth_beyond_the_ceiling_is_met_at_once() -> None:
    decisions = run(looks(85, 86, 87, every_s=EVERY_S), ceiling_pct=80)
    assert decisions[-1].projected
    assert decisions[-1].ceiling_in_s == 0


def test_without_a_reaction_time_only_the_threshold_counts() -> None:
    blunt = replace(LIMITS, reaction_s=0.0)
    trace = rising(60, 20, 19)
    call = first_call(run(looks(*trace, every_s=EVERY_S), limits=blunt, ceiling_pct=70))
    assert call is not None
    assert trace[call] >= LIMITS.protect_pct


def test_over_the_threshold_nothing_is_projected_any_more() -> None:
    decision = run(looks(90, 93, 96, every_s=EVERY_S))[-1]
    assert decision.protect
    assert not decision.projected


def test_what_a_failed_look_hides_is_no_growth() -> None:
    decisions = run([sample(0, 60), sample(0.1, 65), failure(0.2), sample(5, 80), sample(5.1, 80), sample(5.2, 80)])
    assert first_call(decisions) is None


def test_a_breach_that_was_met_in_time_is_one_story() -> None:
    met = [*rising(60, 20, 11), *[83] * 40, 84, *[83] * 40]
    decisions = run(looks(*met, every_s=EVERY_S))
    assert raises(decisions) == [Tier.PROTECT]
    assert decisions[-1].tier is Tier.PROTECT


def test_the_tier_of_a_projected_breach_is_left_well_below_where_it_was_called() -> None:
    decisions = run(looks(*rising(60, 20, 11), *[40] * 25, every_s=EVERY_S))
    assert decisions[-1].tier is Tier.NORMAL
    assert raises(decisions) == [Tier.PROTECT]


def test_growth_that_goes_on_after_the_call_does_not_make_the_tier_easier_to_leave() -> None:
    trace = rising(60, 20, 16)
    decisions = run(looks(*trace, *[83] * 40, every_s=EVERY_S))
    assert sum(decision.projected for decision in decisions) > 1
    assert trace[-1] - LIMITS.rearm_margin_pct > 83
    assert decisions[-1].tier is Tier.PROTECT


def test_where_protection_was_once_called_ahead_of_time_is_forgotten_with_its_tier() -> None:
    before = [*rising(60, 20, 11), *[40] * 25]
    decisions = run(looks(*before, *[96] * 3, *[88] * 25, every_s=EVERY_S))
    assert decisions[len(before) - 1].tier is Tier.NORMAL
    assert raises(decisions) == [Tier.PROTECT, Tier.PROTECT]
    assert decisions[-1].tier is Tier.ALERT


def test_growth_of_one_per_cent_a_second_is_just_fast_enough_to_matter() -> None:
    assert run(looks(94, 94.25, 94.5, every_s=0.25))[-1].projected
    assert not run(looks(94, 94.249, 94.498, every_s=0.25))[-1].projected


def test_the_threshold_itself_is_not_ahead_any_more() -> None:
    decision = run(looks(91, 93, 95, every_s=0.25))[-1]
    assert decision.protect
    assert not decision.projected


def test_the_slowest_growth_has_a_time_too() -> None:
    decision = run(looks(50, 50.001, 50.002, every_s=4))[-1]
    assert decision.slope_mib_s == pytest.approx(0.25)
    assert decision.ceiling_in_s == pytest.approx(180_000, rel=0.01)
    assert run(looks(50, 50, 50))[-1].ceiling_in_s is None


def test_a_look_that_says_nothing_new_projects_nothing() -> None:
    rises = looks(*rising(60, 20, 11), every_s=EVERY_S)
    decisions = run([*rises, rises[-1], failure(9)])
    assert [decision.projected for decision in decisions[-3:]] == [True, False, False]
