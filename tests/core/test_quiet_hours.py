"""Quiet hours, over midnight and over the change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.quiet_hours import QuietHours, time_of_day

ZURICH = ZoneInfo("Europe/Zurich")
NIGHT = QuietHours(time(22), time(7), ZURICH)


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(20, False), (21, True), (23, True), (0, True), (5, True), (6, False), (12, False)]
)
def test_over_midnight_in_the_owners_own_zone(hour: int, is_quiet: bool) -> None:
    assert NIGHT.is_quiet(datetime(2026, 1, 1, hour, tzinfo=UTC)) is is_quiet


def test_they_end_at_seven_on_the_clock_also_when_the_clocks_change() -> None:
    before = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert NIGHT.next_end(before) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert NIGHT.next_end(before - timedelta(days=1)) == datetime(2026, 3, 28, 6, tzinfo=UTC)


@given(
    st.times().map(lambda at: at.replace(microsecond=0, second=0)),
    st.times().map(lambda at: at.replace(microsecond=0, second=0)),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 with its zone
    st.sampled_from([ZURICH, UTC, ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kathmandu")]),
)
def test_they_are_over_when_they_are_said_to_end(begin: time, end: time, now: datetime, zone: ZoneInfo) -> None:
    quiet = QuietHours(begin, end, zone)
    ends_at = quiet.next_end(now)
    assert now < ends_at <= now + timedelta(hours=26)
    if begin == end:
        assert not quiet.is_quiet(now)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("22:00", time(22)),
        ("7:05", time(7, 5)),
        ("24:00", None),
        ("22", None),
        ("", None),
        ("7:5", None),
        ("a:bc", None),
    ],
)
def test_a_time_of_day_is_read_or_is_none(text: str, found: time | None) -> None:
    assert time_of_day(text) == found
