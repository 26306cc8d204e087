"""The real clock behind the port."""

from datetime import UTC, datetime

from bd1.adapters.clock import SystemClock


def test_the_time_for_people_names_its_zone() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.utcoffset() is not None
    assert before <= now <= datetime.now(UTC)


async def test_monotonic_time_passes_at_least_as_long_as_was_slept() -> None:
    clock = SystemClock()
    start_s = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - start_s >= 0.01
