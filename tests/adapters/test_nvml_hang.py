"""A driver call that hangs costs one answer and one thread: never the event loop, never the process."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bd1.adapters.nvml import NvmlProbe
from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from tests.nvml.card import FakeCard
from tests.nvml.probing import HandClock, Probes

pytest_plugins = ("tests.nvml.fixtures",)

REPOSITORY = Path(__file__).parents[2]
DEADLINE_S = 0.4
BOUND_S = 20.0


async def hung_probe(fake_card: FakeCard, probes: Probes, deadline_s: float = DEADLINE_S) -> NvmlProbe:
    """A probe that has worked, on a card whose next memory call hangs."""
    probe = probes.make(deadline_s=deadline_s)
    while not isinstance(await probe.sample(), GpuSample):
        pass
    fake_card.set(hang=1, log_calls=1)
    return probe


def is_stalled(reading: Reading) -> bool:
    return isinstance(reading, ProbeFailure) and reading.fault is Fault.STALLED


async def until(condition: Callable[[], bool]) -> None:
    """Turns the loop until something has happened elsewhere."""
    async with asyncio.timeout(BOUND_S):
        while not condition():  # noqa: ASYNC110 it happens in C, which sets no event
            await asyncio.sleep(0)


async def sample_again(probe: NvmlProbe) -> GpuSample:
    """Samples until the card answers."""
    async with asyncio.timeout(BOUND_S):
        while not isinstance(reading := await probe.sample(), GpuSample):  # noqa: ASYNC110 each turn is a look
            await asyncio.sleep(0)
    return reading


async def test_a_hang_is_told_as_a_stall_with_what_to_do(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes)
    reading = await asyncio.wait_for(probe.sample(), BOUND_S)
    assert isinstance(reading, ProbeFailure)
    assert reading.fault is Fault.STALLED
    assert f"{DEADLINE_S:g} s" in reading.reason
    assert "restart the guest" in reading.reason


async def test_the_event_loop_keeps_turning_during_a_hang(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes)
    look = asyncio.create_task(probe.sample())
    turns = 0
    while not look.done():
        await asyncio.sleep(0)
        turns += 1
    assert is_stalled(look.result())
    assert turns > 100


async def test_no_second_call_is_made_behind_one_that_hangs(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes)
    readings = await asyncio.wait_for(asyncio.gather(*(probe.sample() for _ in range(5))), BOUND_S)
    readings += [await asyncio.wait_for(probe.sample(details=True), BOUND_S) for _ in range(5)]
    identity = await probe.identity()
    assert all(is_stalled(reading) for reading in readings)
    assert isinstance(identity, ProbeFailure)
    assert fake_card.calls() == ["nvmlDeviceGetMemoryInfo_v2"]


async def test_while_a_call_hangs_the_next_look_fails_at_once(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes)
    await probe.sample()
    look = asyncio.create_task(probe.sample())
    await asyncio.sleep(0)  # one turn of the loop is all it gets
    assert look.done()
    assert is_stalled(look.result())


async def test_when_the_old_call_returns_its_answer_is_dropped_and_the_next_look_is_fresh(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock
) -> None:
    probe = await hung_probe(fake_card, probes)
    stalled = await probe.sample()
    fake_card.set(hang=None, leaked_mib=1000)
    threads_call = fake_card.calls().count("nvmlDeviceGetMemoryInfo_v2")
    fresh = await sample_again(probe)
    assert is_stalled(stalled)
    assert threads_call == 1
    assert fake_card.calls().count("nvmlDeviceGetMemoryInfo_v2") == 2
    assert (fresh.used_mib, fresh.at_s) == (1460, hand_clock.at_s)


async def test_a_look_given_up_by_its_asker_does_not_block_the_next(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes, deadline_s=BOUND_S)
    look = asyncio.create_task(probe.sample())
    await until(lambda: bool(fake_card.calls()))
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    fake_card.set(hang=None)
    assert isinstance(await asyncio.wait_for(probe.sample(), BOUND_S), GpuSample)


@pytest.mark.usefixtures("fake_card")
async def test_a_busy_event_loop_is_not_taken_for_a_stalled_driver() -> None:
    """The answer was in before the deadline; that the loop looked late is not the driver's fault."""
    read = threading.Event()

    class TellingClock(HandClock):
        def monotonic(self) -> float:
            read.set()  # called behind the door right after the memory call
            return super().monotonic()

    probe = NvmlProbe(0, None, 1.0, TellingClock())
    loop = asyncio.get_running_loop()
    await sample_again(probe)
    read.clear()
    look = asyncio.create_task(probe.sample())
    started_s = loop.time()
    await asyncio.sleep(0)
    assert read.wait(BOUND_S)
    while loop.time() < started_s + 1.5:  # holds the loop up beyond the deadline
        read.wait(0.1)
        read.clear()
    reading = await look
    await probe.close()
    assert isinstance(reading, GpuSample)


async def test_closing_leaves_a_hung_call_behind(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes)
    await probe.sample()
    await asyncio.wait_for(probe.close(), BOUND_S)
    assert not is_stalled(await probe.sample())


async def test_closing_waits_a_bounded_time_for_a_call_under_way(fake_card: FakeCard, probes: Probes) -> None:
    probe = await hung_probe(fake_card, probes, deadline_s=600.0)
    look = asyncio.create_task(probe.sample())
    await until(lambda: bool(fake_card.calls()))
    await asyncio.wait_for(probe.close(), BOUND_S)
    still_under_way = not look.done()
    fake_card.set(hang=None)
    late = await asyncio.wait_for(look, BOUND_S)
    assert still_under_way
    assert isinstance(late, GpuSample)


async def test_a_look_that_waits_for_its_turn_when_the_probe_closes_is_refused(
    fake_card: FakeCard, probes: Probes
) -> None:
    probe = await hung_probe(fake_card, probes, deadline_s=600.0)
    looks = [asyncio.create_task(probe.sample()) for _ in range(2)]
    await until(lambda: bool(fake_card.calls()))
    await probe.close()
    fake_card.set(hang=None)
    first, second = await asyncio.wait_for(asyncio.gather(*looks), BOUND_S)
    assert isinstance(first, GpuSample)
    assert isinstance(second, ProbeFailure)
    assert second.fault is Fault.UNINITIALISED


END_WHILE_HUNG = """
import asyncio
from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml import NvmlProbe

async def main():
    probe = NvmlProbe(0, None, 0.2, SystemClock())
    print((await probe.sample()).fault)
    await probe.close()

asyncio.run(main())
"""


def test_the_process_ends_while_a_call_still_hangs(fake_card: FakeCard) -> None:
    fake_card.set(hang=1)
    done = subprocess.run(
        [sys.executable, "-c", END_WHILE_HUNG],
        env=os.environ | fake_card.environ(),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=BOUND_S,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stalled\n", "")
