"""The loop that moves time instead of waiting for it."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from bd1.sim.loop import LoopClock, SkippingLoop

T = TypeVar("T")


def lived(work: Coroutine[Any, Any, T], loop: SkippingLoop) -> T:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work)


def test_a_day_is_over_at_once_and_everybody_woke_at_his_own_moment() -> None:
    loop = SkippingLoop()
    clock = LoopClock(loop)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))

    async def day() -> float:
        began_s = clock.monotonic()
        await asyncio.gather(sleeper("late", 86_400), sleeper("early", 0.25), sleeper("at noon", 43_200))
        return clock.monotonic() - began_s

    cpu_s = time.process_time()
    assert lived(day(), loop) == pytest.approx(86_400)
    assert [name for name, _ in woken] == ["early", "at noon", "late"]
    assert woken[1][1] - woken[0][1] == pytest.approx(43_199.75)
    assert time.process_time() - cpu_s < 5


def test_a_timeout_goes_by_the_same_time() -> None:
    loop = SkippingLoop()

    async def patience() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await asyncio.Event().wait()
        return loop.time()

    assert lived(patience(), loop) == pytest.approx(1600)


def test_a_leap_makes_late_what_was_due_meanwhile() -> None:
    loop = SkippingLoop()
    clock = LoopClock(loop)

    async def suspended() -> float:
        nap = asyncio.create_task(clock.sleep(1))
        await asyncio.sleep(0)
        loop.leap(3600)
        await nap
        return clock.monotonic() - 1000

    assert lived(suspended(), loop) == pytest.approx(3600)


def test_the_wall_clock_may_jump_and_nobody_sleeps_the_longer() -> None:
    loop = SkippingLoop()
    clock = LoopClock(loop)

    async def jump() -> tuple[float, float]:
        before, began_s = clock.now(), clock.monotonic()
        clock.jump_wall(-7200)
        await clock.sleep(10)
        return (clock.now() - before).total_seconds(), clock.monotonic() - began_s

    assert lived(jump(), loop) == pytest.approx((-7190, 10))


def test_who_waits_for_what_cannot_come_is_told_so() -> None:
    loop = SkippingLoop()
    with pytest.raises(RuntimeError, match="cannot come"):
        loop.run_until_complete(asyncio.Event().wait())
    loop.close()


def test_when_it_was_that_the_wall_clock_showed_a_time_is_known_after_a_jump_too() -> None:
    loop = SkippingLoop()
    clock = LoopClock(loop)

    async def jumps() -> list[float]:
        shown = [clock.now()]
        for seconds in (7200, -10_800):
            await clock.sleep(20)
            clock.jump_wall(seconds)
            await clock.sleep(5)
            shown.append(clock.now())
        return [clock.moment_s(now) - 1000 for now in shown]

    assert lived(jumps(), loop) == pytest.approx([0, 25, 50])
