import asyncio

import pytest

from bd1.sim.clock import FakeClock


async def test_sleepers_wake_in_the_order_of_their_due_times_at_their_own_moment() -> None:
    clock = FakeClock(start_s=0.0)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper(n, s)) for n, s in (("late", 3.0), ("early", 1.0), ("never", 9.0))]
    await clock.advance(5.0)

    assert woken == [("early", 1.0), ("late", 3.0)]
    assert clock.monotonic() == 5.0
    tasks[2].cancel()


async def test_a_task_that_sleeps_again_and_again_wakes_every_time() -> None:
    clock = FakeClock()
    ticks: list[float] = []

    async def ticker() -> None:
        while True:
            await clock.sleep(0.25)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(ticker())
    await clock.advance(10.0)

    assert len(ticks) == 40
    task.cancel()


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.sleep(1.0))
    await clock.settle()
    task.cancel()
    await clock.advance(2.0)

    assert task.cancelled()
    assert clock.next_due_s is None


async def test_the_calendar_moves_with_the_seconds() -> None:
    clock = FakeClock()
    before = clock.now()
    await clock.advance(90.0)

    assert (clock.now() - before).total_seconds() == pytest.approx(90.0)


async def test_a_jump_of_the_wall_clock_moves_the_calendar_and_wakes_nobody() -> None:
    clock = FakeClock()
    before, began_s = clock.now(), clock.monotonic()
    sleeper = asyncio.create_task(clock.sleep(60.0))
    await clock.settle()
    clock.jump_wall(3600.0)
    await clock.settle()
    assert (clock.now() - before).total_seconds() == pytest.approx(3600.0)
    assert (clock.monotonic(), clock.next_due_s, sleeper.done()) == (began_s, began_s + 60.0, False)

    clock.jump_wall(-7200.0)
    await clock.advance(60.0)
    assert (clock.now() - before).total_seconds() == pytest.approx(60.0 - 3600.0)
    assert sleeper.done()


async def test_run_lets_pass_the_time_the_work_needs_and_no_more() -> None:
    clock = FakeClock(start_s=0.0)

    async def work() -> str:
        await clock.sleep(0.1)
        await clock.sleep(7.0)
        return "done"

    assert await clock.run(work()) == "done"
    assert clock.monotonic() == pytest.approx(7.1)


async def test_run_says_so_when_the_work_waits_for_something_else_or_too_long() -> None:
    clock = FakeClock()
    with pytest.raises(TimeoutError, match="not the clock"):
        await clock.run(asyncio.Event().wait())
    with pytest.raises(TimeoutError, match="in the time"):
        await clock.run(clock.sleep(10.0), within_s=5.0)


async def test_run_hands_on_what_the_work_raises() -> None:
    clock = FakeClock()

    async def work() -> None:
        await clock.sleep(1.0)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await clock.run(work())
