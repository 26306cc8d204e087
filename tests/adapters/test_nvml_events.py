"""Xids from the driver to whoever listens, through the real pynvml: in trouble, beside a hang, and at the end."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bd1.adapters import nvml_events
from bd1.adapters.nvml_driver import RETRY_S
from bd1.adapters.nvml_events import NvmlXids
from bd1.core.gpu import CardIdentity, Fault, GpuSample, ProbeFailure
from bd1.ports import XidEvent
from tests.nvml.card import FakeCard
from tests.nvml.probing import HandClock, Probes

pytest_plugins = ("tests.nvml.fixtures",)

REPOSITORY = Path(__file__).parents[2]
BOUND_S = 30.0
WAIT = "nvmlEventSetWait_v2"


async def until(condition: Callable[[], bool]) -> None:
    """Turns the loop until something has happened elsewhere."""
    async with asyncio.timeout(BOUND_S):
        while not condition():  # noqa: ASYNC110 it happens in another thread, which sets no event
            await asyncio.sleep(0)


def ears() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "nvml-events"]


class Listener:
    """Collects what is heard, in a task of its own."""

    def __init__(self, fake_card: FakeCard, source: NvmlXids) -> None:
        self.heard: list[XidEvent] = []
        self._card = fake_card
        self._events = cast("AsyncGenerator[XidEvent]", source.xids())
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self._events:
            self.heard.append(event)

    async def is_waiting(self, times: int = 1) -> None:
        """Returns when the driver has been waited for so many times since the calls are logged."""
        await until(lambda: self._card.calls().count(WAIT) >= times or self.task.done())

    async def hears(self, count: int) -> list[int]:
        await until(lambda: len(self.heard) >= count or self.task.done())
        return [event.code for event in self.heard]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def listening(fake_card: FakeCard, **options: Any) -> AsyncIterator[Listener]:
    """Somebody who listens already, and tries again soon after trouble."""
    fake_card.set(log_calls=1)
    listener = Listener(fake_card, NvmlXids(0, None, HandClock(), first_pause_s=0.05, **options))
    try:
        await listener.is_waiting()
        yield listener
    finally:
        fake_card.set(hang_events=None, fault=None)
        await listener.stop()
        await until(lambda: not ears())


async def test_an_xid_arrives_with_its_code_and_its_time(fake_card: FakeCard) -> None:
    async with listening(fake_card) as listener:
        fake_card.xid(31)
        fake_card.xid(79)
        assert await listener.hears(2) == [31, 79]
        assert {(event.at, event.detail) for event in listener.heard} == {(HandClock().now(), None)}


async def test_what_the_driver_advises_comes_with_xid_154(fake_card: FakeCard) -> None:
    fake_card.set(recovery_action=2)
    async with listening(fake_card) as listener:
        fake_card.xid(154)
        await listener.hears(1)
        assert listener.heard[0].detail == 2


@pytest.mark.parametrize("answer", ["not_supported", "function_not_found", "lost"])
async def test_an_advice_that_cannot_be_asked_for_is_unknown(fake_card: FakeCard, answer: str) -> None:
    fake_card.set(fault=f"{answer}:nvmlDeviceGetFieldValues")
    async with listening(fake_card) as listener:
        fake_card.xid(154)
        await listener.hears(1)
        assert listener.heard[0].detail is None


async def test_what_happened_before_is_not_told(fake_card: FakeCard) -> None:
    fake_card.xid(13)
    async with listening(fake_card) as listener:
        fake_card.xid(43)
        assert await listener.hears(1) == [43]


async def test_an_xid_is_heard_while_a_look_at_the_card_hangs(fake_card: FakeCard, probes: Probes) -> None:
    async with listening(fake_card) as listener:
        fake_card.set(hang=1)
        look = asyncio.create_task(probes.make(deadline_s=0.2).sample())
        fake_card.xid(79)
        assert await listener.hears(1) == [79]
        reading = await look
        fake_card.set(hang=None)
    assert isinstance(reading, ProbeFailure)
    assert reading.fault is Fault.STALLED


@pytest.mark.parametrize("fault", ["lost", "unknown", "uninit", "driver_not_loaded", "no_cards", "mismatch"])
async def test_after_trouble_it_listens_again_by_itself(fake_card: FakeCard, fault: str) -> None:
    async with listening(fake_card) as listener:
        fake_card.set(fault=f"{fault}:{WAIT}" if fault == "lost" else fault)
        calls = len(fake_card.calls())
        await until(lambda: len(fake_card.calls()) > calls + 3)
        fake_card.set(fault=None)
        await listener.is_waiting(fake_card.calls().count(WAIT) + 2)
        fake_card.xid(94)
        assert await listener.hears(1) == [94]


async def test_trouble_is_logged_once_and_its_end_too(fake_card: FakeCard, caplog: pytest.LogCaptureFixture) -> None:
    fake_card.set(fault="driver_not_loaded", log_calls=1)
    caplog.set_level(logging.INFO, logger=nvml_events.__name__)
    listener = Listener(fake_card, NvmlXids(0, None, HandClock(), first_pause_s=0.01))
    await until(lambda: fake_card.calls().count("nvmlInitWithFlags") >= 3)
    fake_card.set(fault=None)
    await until(lambda: "again" in caplog.text)
    await listener.is_waiting(2)
    await listener.stop()
    messages = [record.getMessage() for record in caplog.records if record.name == nvml_events.__name__]
    assert messages[0].startswith("Xids cannot be heard, I try again: The NVIDIA driver is not loaded")
    assert messages[1:] == ["Xids can be heard again"]


async def test_a_card_that_reports_no_xids_says_where_to_look_instead(
    fake_card: FakeCard, caplog: pytest.LogCaptureFixture
) -> None:
    fake_card.set(fault="not_supported:nvmlDeviceRegisterEvents", log_calls=1)
    listener = Listener(fake_card, NvmlXids(0, None, HandClock()))
    await until(lambda: "dmesg" in caplog.text)
    await listener.stop()
    assert "does not report Xids" in caplog.text


async def test_the_probe_can_begin_anew_with_a_reloaded_driver_while_somebody_listens(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock
) -> None:
    probe = probes.make()
    await probe.sample()
    async with listening(fake_card, sign_outs=probe.sign_outs) as listener:
        fake_card.set(driver="600.10")

        async def identity() -> CardIdentity:
            while not isinstance(known := await probe.identity(), CardIdentity):
                hand_clock.at_s += RETRY_S
            return known

        known = await asyncio.wait_for(identity(), BOUND_S)
        assert known.driver == "600.10"
        await listener.is_waiting(fake_card.calls().count(WAIT) + 2)
        fake_card.xid(43)
        assert await listener.hears(1) == [43]


async def test_it_lets_go_of_the_driver_after_the_probe_has_and_comes_back(fake_card: FakeCard) -> None:
    """The probe's trouble may be none that a wait for events meets; NVML is only begun anew when nobody holds it."""
    sign_outs = [0]
    async with listening(fake_card, sign_outs=lambda: sign_outs[0]) as listener:
        before = fake_card.calls().count("nvmlInitWithFlags")
        sign_outs[0] += 1
        await until(lambda: fake_card.calls().count("nvmlInitWithFlags") > before)
        await listener.is_waiting(fake_card.calls().count(WAIT) + 1)
        fake_card.xid(62)
        assert await listener.hears(1) == [62]


async def test_an_xid_that_waits_is_told_before_it_lets_go(fake_card: FakeCard) -> None:
    sign_outs = [0]
    async with listening(fake_card, sign_outs=lambda: sign_outs[0]) as listener:
        fake_card.xid(79)
        fake_card.xid(154)
        sign_outs[0] += 1
        assert await listener.hears(2) == [79, 154]


async def test_the_end_signs_out_of_the_driver(fake_card: FakeCard) -> None:
    import pynvml  # noqa: PLC0415 only where a pretended library is loaded

    async with listening(fake_card):
        assert pynvml.nvmlDeviceGetCount() == 1
    with pytest.raises(pynvml.NVMLError_Uninitialized):
        pynvml.nvmlDeviceGetCount()


async def test_the_end_comes_at_once_while_it_pauses_after_trouble(fake_card: FakeCard) -> None:
    fake_card.set(fault="driver_not_loaded", log_calls=1)
    listener = Listener(fake_card, NvmlXids(0, None, HandClock(), first_pause_s=600.0))
    await until(lambda: bool(fake_card.calls()))
    await asyncio.wait_for(listener.stop(), nvml_events.CLOSE_S)
    await until(lambda: not ears())


async def test_a_thread_that_hangs_in_the_driver_is_left_behind(fake_card: FakeCard) -> None:
    async with listening(fake_card) as listener:
        calls = fake_card.calls().count(WAIT)  # before: one that hangs logs no more
        fake_card.set(hang_events=1)
        fake_card.xid(79)  # not told: the wait hangs
        await listener.is_waiting(calls + 1)
        await asyncio.wait_for(listener.stop(), BOUND_S)
        assert ears()
        assert not listener.heard


async def test_what_no_one_expected_reaches_whoever_listens(fake_card: FakeCard) -> None:
    assert fake_card.state.exists()

    def broken() -> int:
        raise ZeroDivisionError

    listener = Listener(fake_card, NvmlXids(0, None, HandClock(), broken))
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(listener.task, BOUND_S)


async def test_a_look_works_beside_it(fake_card: FakeCard, probes: Probes) -> None:
    async with listening(fake_card):
        assert isinstance(await probes.make().sample(details=True, processes=True), GpuSample)


END_WHILE_HUNG = """
import asyncio
from pathlib import Path
from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml_events import NvmlXids

async def listen():
    async for event in NvmlXids(0, None, SystemClock()).xids():
        print(event.code, flush=True)
        heard.set()

async def main():
    global heard
    heard = asyncio.Event()
    task = asyncio.create_task(listen())
    print("listening", flush=True)
    await heard.wait()
    input()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    print("ended", flush=True)

asyncio.run(main())
"""


def test_the_process_ends_while_the_wait_hangs(fake_card: FakeCard) -> None:
    fake_card.set(log_calls=1)
    with subprocess.Popen(
        [sys.executable, "-c", END_WHILE_HUNG],
        env=os.environ | fake_card.environ(),
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        while WAIT not in fake_card.calls():
            assert process.poll() is None
        fake_card.xid(43)
        assert process.stdout.readline() == "43\n"
        fake_card.set(hang_events=1)
        told, _ = process.communicate("\n", timeout=BOUND_S)
    assert (process.returncode, told) == (0, "ended\n")
