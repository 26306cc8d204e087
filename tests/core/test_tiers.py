"""The watchdog's brain: when a tier is entered and left, and what blindness does to it."""

from dataclasses import replace

import pytest

from bd1.core.gpu import Fault, Reading
from bd1.core.tiers import Tier
from tests.core.tier_traces import LIMITS, failure, looks, raises, run, sample, tiers

NORMAL, WARN, ALERT, PROTECT = Tier


def test_a_card_that_is_above_the_line_for_a_moment_does_not_warn() -> None:
    assert raises(run(looks(50, 85, 85, 50, 50))) == []


def test_two_seconds_above_the_line_warn_once() -> None:
    decisions = run(looks(85, 85, 86, 86))
    assert [decision.came_from for decision in decisions] == [None, None, NORMAL, None]
    assert decisions[-1].tier is WARN


def test_many_samples_in_a_short_time_are_not_enough_to_warn() -> None:
    decisions = run(looks(*[85] * 21, every_s=0.1))
    assert raises(decisions[:-1]) == []
    assert raises(decisions) == [WARN]


def test_one_sample_is_not_enough_to_warn_however_rare_samples_are() -> None:
    assert tiers(run(looks(50, 85, 85, every_s=30))) == [NORMAL, NORMAL, WARN]


def test_the_line_itself_is_above_the_line() -> None:
    assert raises(run(looks(80, 80, 80))) == [WARN]
    assert raises(run(looks(79.9, 79.9, 79.9))) == []


def test_alert_is_sustained_as_well() -> None:
    assert tiers(run(looks(92, 92, 92))) == [NORMAL, NORMAL, ALERT]


def test_protect_needs_one_sample_only() -> None:
    (decision,) = run([sample(0, 96)])
    assert decision.tier is PROTECT
    assert decision.protect
    assert not decision.projected


def test_the_same_sample_twice_never_asks_for_action_twice() -> None:
    first, second, older = run([sample(1, 96), sample(1, 96), sample(0, 96)])
    assert first.protect
    assert not second.protect
    assert not older.protect
    assert older.tier is PROTECT


def test_a_sample_seen_before_does_not_count_towards_a_tier() -> None:
    assert raises(run([sample(0, 85), sample(2, 85), sample(2, 85)], limits=replace(LIMITS, sustain_samples=3))) == []


def test_a_tier_is_left_only_well_below_its_threshold_and_after_a_while() -> None:
    decisions = run(looks(85, 85, 85, 78, 78, 78, 75, 75, 74, 74, 74))
    assert tiers(decisions)[2:] == [WARN] * 8 + [NORMAL]


def test_a_dip_below_the_margin_does_not_begin_the_story_anew() -> None:
    decisions = run(looks(85, 85, 85, *[74, 85] * 10, every_s=1))
    assert raises(decisions) == [WARN]


def test_a_card_that_is_emptied_leaves_all_tiers_at_once() -> None:
    assert tiers(run(looks(96, 96, 30, 30, 30))) == [PROTECT, PROTECT, PROTECT, PROTECT, NORMAL]


def test_a_card_that_is_emptied_a_little_leaves_only_the_tiers_above() -> None:
    assert tiers(run(looks(96, 88, 88, 88, 88)))[-1] is ALERT
    assert tiers(run(looks(96, 83, 83, 83, 83)))[-1] is WARN


def test_calm_is_said_only_after_a_while_well_below_the_first_line() -> None:
    assert [decision.is_calm for decision in run(looks(30, 30, 30, 76, 30))] == [False, False, True, False, False]
    assert not run(looks(30, 30, 30, None))[-1].is_calm


def test_nothing_is_raised_while_the_memory_is_on_its_way_back() -> None:
    falling = [88 - 0.2 * number for number in range(35)]
    assert raises(run(looks(*falling, every_s=0.1))) == []
    assert raises(run(looks(*falling, 81, 81, every_s=0.1))) == [WARN]


def test_what_stops_falling_too_early_is_raised_at_the_next_sample() -> None:
    first, second, third = run(looks(99, 97, 97, every_s=0.1))
    assert first.protect
    assert not second.protect
    assert third.protect


def test_a_slow_fall_suppresses_nothing() -> None:
    assert run(looks(96.9, 96.8, 96.7, every_s=1))[-1].protect
    assert run(looks(97, 96.751, every_s=0.25))[-1].protect
    assert not run(looks(97, 96.75, every_s=0.25))[-1].protect


def test_what_the_mode_declares_is_not_warned_of() -> None:
    assert raises(run(looks(*[85] * 30), normal_pct=85)) == []
    assert raises(run(looks(*[85.001] * 30), normal_pct=85)) == [WARN]


@pytest.mark.parametrize(("used_pct", "tier"), [(90, ALERT), (96, PROTECT)])
def test_alert_and_protect_hold_whatever_the_mode_declares(used_pct: float, tier: Tier) -> None:
    assert raises(run(looks(*[used_pct] * 5), normal_pct=97)) == [tier]


def test_a_mode_that_declares_little_is_warned_at_the_usual_line() -> None:
    assert raises(run(looks(*[79] * 5), normal_pct=40)) == []
    assert raises(run(looks(*[80] * 5), normal_pct=40)) == [WARN]


def test_a_short_blindness_is_not_told_and_a_long_one_once() -> None:
    readings = [*looks(*[None] * 8), *looks(10, 10, 10, 10, from_s=8)]
    decisions = run(readings)
    assert [number for number, decision in enumerate(decisions) if decision.blind] == [5]
    assert [number for number, decision in enumerate(decisions) if decision.sees_again] == [10]


def test_a_second_blindness_is_told_again() -> None:
    decisions = run(looks(*[*[None] * 7, 10, 10, 10] * 3))
    assert sum(decision.blind for decision in decisions) == 3
    assert sum(decision.sees_again for decision in decisions) == 3


@pytest.mark.parametrize("fault", [Fault.STALLED, Fault.LOST])
def test_a_card_that_hangs_or_is_lost_is_told_at_once(fault: Fault) -> None:
    (decision,) = run([failure(0, fault)])
    assert decision.blind


def test_a_card_that_flickers_is_one_blindness() -> None:
    decisions = run(looks(*[None, 10] * 20, 10, 10, 10))
    assert sum(decision.blind for decision in decisions) == 1
    assert [number for number, decision in enumerate(decisions) if decision.sees_again] == [len(decisions) - 2]


def test_each_look_that_fails_begins_the_wait_for_sight_anew() -> None:
    decisions = run(looks(*[None] * 6, 10, 10, None, 10, 10, 10))
    assert [number for number, decision in enumerate(decisions) if decision.sees_again] == [11]


def test_one_look_that_fails_now_and_then_is_never_told() -> None:
    assert not any(decision.blind for decision in run(looks(*[None, *[10] * 9] * 20)))


def test_time_that_nobody_saw_does_not_count_towards_a_tier() -> None:
    blind_between: list[Reading] = [
        sample(0, 85),
        failure(1),
        failure(9),
        sample(10, 85),
        sample(11, 85),
        sample(12, 85),
    ]
    assert tiers(run(blind_between)) == [NORMAL] * 5 + [WARN]
    emptied: list[Reading] = [*looks(85, 85, 85), sample(3, 50), failure(4), failure(9), sample(10, 50), sample(12, 50)]
    assert tiers(run(emptied))[-2:] == [WARN, NORMAL]


def test_a_full_card_is_protected_by_the_first_look_after_blindness() -> None:
    assert run([*looks(50, None, None, None), sample(4, 96)])[-1].protect
