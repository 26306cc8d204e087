"""How long something has held."""

from bd1.core.streak import NONE, Streak


def held(*stretches_s: float) -> Streak:
    streak = NONE
    for stretch_s in stretches_s:
        streak = streak.then(holds=True, stretch_s=stretch_s)
    return streak


def test_the_time_before_the_first_sample_does_not_count() -> None:
    assert held(30.0) == Streak(1, 0.0)
    assert held(30.0, 1.0) == Streak(2, 1.0)


def test_both_samples_and_seconds_are_needed() -> None:
    assert held(0, 2).lasts(2, 2.0)
    assert not held(0, 2).lasts(3, 2.0)
    assert not held(0, 1, 0.9).lasts(2, 2.0)
    assert held(0).lasts(1, 0.0)
    assert not NONE.lasts(1, 0.0)


def test_twenty_tenths_are_two_seconds() -> None:
    assert held(*[0.1] * 21).lasts(2, 2.0)
    assert not held(*[0.1] * 20).lasts(2, 2.0)


def test_one_sample_to_the_contrary_ends_it() -> None:
    assert held(0, 1, 1).then(holds=False, stretch_s=1) == NONE


def test_a_millionth_of_a_second_is_forgiven_and_no_more() -> None:
    assert Streak(2, 2.0 - 1e-6).lasts(2, 2.0)
    assert not Streak(2, 2.0 - 2e-6).lasts(2, 2.0)
