"""When a workload that keeps ending by itself has to stay off."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.ratchet import RISE_MIB, Exit, Past, Ratchet, caught_up, ended, heard, is_known, missed, settled, why_off
from bd1.core.settings import WatchdogSettings

LIMITS = WatchdogSettings()
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
IDLE_MIB = 460


def after(*at_s: float) -> Ratchet:
    state = Ratchet()
    for second in at_s:
        state = ended(LIMITS, state, Exit(second, BEGAN + timedelta(seconds=second), 1))
    return state


def with_floors(*floors_mib: int) -> Ratchet:
    state = Ratchet()
    for floor_mib in floors_mib:
        state = settled(state, floor_mib, IDLE_MIB)
    return state


@given(st.lists(st.floats(0, 5000), max_size=12).map(sorted))
def test_only_so_many_ends_within_the_window_speak_against_it(at_s: list[float]) -> None:
    state = after(*at_s)
    near = [second for second in at_s if at_s[-1] - second <= LIMITS.crash_window_s]
    assert len(state.exits) == len(near)
    assert (why_off(LIMITS, state) is not None) == (len(near) >= LIMITS.crash_exits)


def test_three_ends_within_ten_minutes_are_too_many() -> None:
    assert why_off(LIMITS, after(0, 300)) is None
    assert why_off(LIMITS, after(0, 300, 600)) == "ended by itself 3 times within 10 minutes"
    assert why_off(LIMITS, after(0, 300, 601)) is None


@given(st.lists(st.integers(IDLE_MIB - RISE_MIB + 1, IDLE_MIB + RISE_MIB - 1), max_size=20))
def test_floors_that_only_waver_never_speak_against_it(floors_mib: list[int]) -> None:
    assert why_off(LIMITS, with_floors(*floors_mib)) is None


@given(st.lists(st.integers(0, 20000), max_size=20))
def test_what_is_kept_of_the_floors_always_rises(floors_mib: list[int]) -> None:
    kept = with_floors(*floors_mib).floors_mib
    assert all(later >= earlier + RISE_MIB for earlier, later in pairwise(kept))


def test_a_floor_that_rose_twice_is_enough_however_long_that_took() -> None:
    assert why_off(LIMITS, with_floors(IDLE_MIB + RISE_MIB)) is None
    state = with_floors(IDLE_MIB + RISE_MIB, IDLE_MIB + 2 * RISE_MIB)
    assert why_off(LIMITS, state) == "left more VRAM behind at each of 2 ends"
    assert state.floors_mib == (IDLE_MIB, IDLE_MIB + RISE_MIB, IDLE_MIB + 2 * RISE_MIB)


def test_a_rise_that_is_a_mebibyte_short_is_none() -> None:
    assert why_off(LIMITS, with_floors(IDLE_MIB + RISE_MIB - 1, IDLE_MIB + 2 * RISE_MIB - 1)) is None


def test_a_floor_that_fell_back_begins_the_row_anew() -> None:
    assert why_off(LIMITS, with_floors(800, 460, 800)) is None
    assert why_off(LIMITS, with_floors(800, 460, 800, 1100)) is not None


def at(second: float) -> datetime:
    return BEGAN + timedelta(seconds=second)


def past(ended_s: float, code: int | None, restarts: int = 0) -> Past:
    """What Docker keeps; without a code it runs again."""
    return Past(code is None, at(ended_s), code, restarts)


@pytest.mark.parametrize(
    ("known", "found", "count"),
    [
        (after(), past(50, 1), 1),
        (after(), past(50, None, restarts=4), 4),
        (after(), past(50, 1, restarts=2), 3),
        (after(), past(50, None), 0),  # somebody started it again, and nobody knows why it had ended
        (after(10), past(10, 1), 0),
        (after(10), past(10, None, restarts=1), 0),
        (after(10), past(50, 1), 1),
        (after(10), past(50, None, restarts=2), 1),
        (after(10, 20), past(50, 1, restarts=3), 2),
        (after(), past(50, 0), 0),
        (after(), past(50, 137), 0),
        (after(), past(50, 143, restarts=2), 2),
    ],
)
def test_ends_that_nobody_was_told_of_are_those_that_docker_keeps(known: Ratchet, found: Past, count: int) -> None:
    assert missed(LIMITS, known, found, at(60)) == count
    assert missed(LIMITS, caught_up(known, found), found, at(60)) == 0


def test_ends_of_long_ago_and_containers_that_never_ended_count_for_nothing() -> None:
    assert missed(LIMITS, after(), past(50, 1), at(650)) == 1
    assert missed(LIMITS, after(), past(50, 1), at(651)) == 0
    assert missed(LIMITS, after(), Past(True, None, None, 0), at(60)) == 0


@given(st.integers(0, 5), st.integers(0, 5))
def test_dockers_restarts_after_ends_that_were_told_of_are_no_new_ends(told: int, more: int) -> None:
    known = after(*range(told))
    assert missed(LIMITS, known, past(50, None, restarts=told + more), at(60)) == more


def test_what_is_kept_is_the_row_of_rises_and_the_level_before_them() -> None:
    assert with_floors(500).floors_mib == (IDLE_MIB,)
    assert with_floors(800, 810).floors_mib == (IDLE_MIB, 800)
    assert with_floors(800, 800 - RISE_MIB + 1).floors_mib == (IDLE_MIB, 800)
    assert with_floors(800, 800 - RISE_MIB).floors_mib == (800 - RISE_MIB,)


def test_the_newest_end_that_was_told_of_is_kept_with_how_often_docker_may_have_restarted_it() -> None:
    state = heard(after(10), at(20))
    assert (state.ended_at, state.restarts) == (at(20), 2)
    assert after(10).ended_at == at(10)
    assert is_known(state, at(20))
    assert not is_known(state, at(21))


@pytest.mark.parametrize(
    ("found", "ended_at", "restarts"),
    [
        (past(50, 1, restarts=2), at(50), 3),  # Docker may start it again for the last one
        (past(50, None, restarts=2), at(50), 2),
        (Past(False, None, None, 0), at(10), 0),
        (Past(True, None, None, 4), at(10), 4),
    ],
)
def test_what_docker_keeps_is_known_from_then_on(found: Past, ended_at: datetime, restarts: int) -> None:
    state = caught_up(after(10), found)
    assert (state.ended_at, state.restarts) == (ended_at, restarts)
