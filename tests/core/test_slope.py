"""Growth, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.slope import FEWEST, POINTS, SHORTEST_S, Point, fall_mib_s, growth_mib_s, with_sample

_TIMES = st.lists(st.floats(0.08, 3), min_size=FEWEST, max_size=POINTS)


def points(*used_mib: int, every_s: float = 0.1) -> tuple[Point, ...]:
    return tuple(Point(every_s * number, used) for number, used in enumerate(used_mib))


def test_fewer_than_three_points_have_no_slope() -> None:
    assert growth_mib_s(()) is None
    assert growth_mib_s(points(100, 900)) is None


def test_points_that_lie_too_close_together_have_no_slope() -> None:
    assert growth_mib_s(points(100, 106, 112, 118, every_s=0.01)) is None
    close_to_the_last = (*points(100, 100, 100, 100), Point(0.305, 106))
    assert growth_mib_s(close_to_the_last) == 0
    late = tuple(Point(1000.0 + at_s, used) for at_s, used in points(100, 106, 112, every_s=0.01))
    assert growth_mib_s(late) is None
    assert growth_mib_s(points(100, 106, 112, every_s=SHORTEST_S / 2)) is not None


@given(_TIMES, st.integers(-40, 40))
def test_steady_growth_is_measured_exactly_whatever_the_pace(steps_s: list[float], mib_s: int) -> None:
    at_s, trace = 0.0, list[Point]()
    for step_s in steps_s:
        at_s += step_s
        trace.append(Point(at_s, round(1_000_000 + 1000 * mib_s * at_s)))
    assert growth_mib_s(tuple(trace)) == pytest.approx(1000 * mib_s, abs=50)


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(1, POINTS - 1))
def test_one_jump_up_is_no_growth(before: int, after: int, jump_at: int) -> None:
    levels = [before] * jump_at + [max(before, after)] * (POINTS - jump_at)
    assert growth_mib_s(points(*levels)) == 0


def test_two_jumps_are_growth() -> None:
    assert growth_mib_s(points(0, 500, 500, 1000, 1000)) == pytest.approx(1667, abs=1)


def test_growth_that_has_just_begun_is_seen_after_two_steps() -> None:
    assert growth_mib_s(points(0, 0, 0, 400, 800)) == pytest.approx(4000)


def test_the_way_up_to_the_floor_is_no_growth() -> None:
    assert growth_mib_s(points(0, 4000, 8000, 12_000), floor_mib=12_000) == 0
    assert growth_mib_s(points(11_000, 11_500, 12_100, 12_700, 13_300), floor_mib=12_000) == pytest.approx(6000)


def test_a_fall_is_judged_by_the_last_step() -> None:
    assert fall_mib_s(points(900, 800)) == pytest.approx(1000)
    assert fall_mib_s(points(900, 100, 200)) == 0
    assert fall_mib_s(points(900)) == 0
    assert fall_mib_s(()) == 0


def test_only_the_newest_points_are_kept() -> None:
    trace: tuple[Point, ...] = ()
    for number in range(20):
        trace = with_sample(trace, float(number), number)
    assert trace == tuple(Point(float(number), number) for number in range(20 - POINTS, 20))
