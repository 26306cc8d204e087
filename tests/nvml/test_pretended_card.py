"""The pretended card itself: claims live and die with their processes, and Xids arrive."""

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pynvml
import pytest

from bd1.core.gpu import MIB
from tests.nvml.card import FakeCard

pytest_plugins = ("tests.nvml.fixtures",)


@pytest.fixture
def handle(fake_card: FakeCard) -> Iterator[Any]:
    """NVML initialised on the pretended card, through the real pynvml."""
    assert fake_card.library.exists()
    pynvml.nvmlInit()
    yield pynvml.nvmlDeviceGetHandleByIndex(0)
    pynvml.nvmlShutdown()


@pytest.fixture
def dead_pid() -> int:
    """A PID whose process has ended and was reaped."""
    with subprocess.Popen(["true"]) as process:
        return process.pid


def used_mib(handle: Any) -> int:
    return int(pynvml.nvmlDeviceGetMemoryInfo(handle, pynvml.nvmlMemory_v2).used) // MIB


def pids(handle: Any) -> set[int]:
    return {process.pid for process in pynvml.nvmlDeviceGetComputeRunningProcesses_v3(handle)}


def test_both_versions_of_the_memory_call_agree_on_what_is_free(fake_card: FakeCard, handle: Any) -> None:
    fake_card.set(leaked_mib=40)
    old, new = pynvml.nvmlDeviceGetMemoryInfo(handle), pynvml.nvmlDeviceGetMemoryInfo(handle, pynvml.nvmlMemory_v2)
    assert (old.free, old.used) == (new.free, new.used + new.reserved)
    assert new.used == 40 * MIB


def test_a_claim_counts_while_its_process_lives(fake_card: FakeCard, handle: Any) -> None:
    fake_card.claim(os.getpid(), 700)
    held = (used_mib(handle), pids(handle))
    fake_card.release(os.getpid())
    assert held == (700, {os.getpid()})
    assert (used_mib(handle), pids(handle)) == (0, set())


def test_many_processes_are_all_listed(fake_card: FakeCard, handle: Any) -> None:
    with (
        subprocess.Popen(["cat"], stdin=subprocess.PIPE) as one,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE) as two,
    ):
        everyone = {os.getpid(), one.pid, two.pid}
        for pid in everyone:
            fake_card.claim(pid, 10)
        listed = pids(handle)
    assert listed == everyone


def test_a_process_that_waits_to_be_reaped_holds_nothing(fake_card: FakeCard, handle: Any) -> None:
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        fake_card.claim(process.pid, 700)
        held = (used_mib(handle), pids(handle))
    assert held == (0, set())


def test_memory_comes_back_later_than_the_process_leaves_the_list(
    fake_card: FakeCard, handle: Any, dead_pid: int
) -> None:
    fake_card.set(release_lag_ms=3_600_000)
    fake_card.claim(dead_pid, 700)
    at_first = (used_mib(handle), pids(handle))
    os.utime(fake_card.state / "dead" / str(dead_pid), times=(0, 0))  # as if long ago
    assert at_first == (700, set())
    assert used_mib(handle) == 0


def test_a_dead_process_leaves_behind_what_it_leaked(fake_card: FakeCard, handle: Any, dead_pid: int) -> None:
    fake_card.claim(dead_pid, 700, leak=50)
    leaked = used_mib(handle)
    fake_card.release(dead_pid)
    assert leaked == 50
    assert used_mib(handle) == 0


def test_a_claim_that_is_still_being_written_is_no_claim(fake_card: FakeCard, handle: Any) -> None:
    (fake_card.state / "claims" / f"{os.getpid()}.new").write_text("mib=700\n")
    (fake_card.state / "claims" / f".{os.getpid()}").write_text("mib=700\n")
    assert used_mib(handle) == 0


def test_a_card_can_never_be_fuller_than_full(fake_card: FakeCard, handle: Any) -> None:
    fake_card.claim(os.getpid(), 999_999)
    assert pynvml.nvmlDeviceGetMemoryInfo(handle).free == 0


def test_a_handle_of_before_the_last_shutdown_is_refused(handle: Any) -> None:
    pynvml.nvmlShutdown()
    pynvml.nvmlInit()
    with pytest.raises(pynvml.NVMLError_InvalidArgument):
        pynvml.nvmlDeviceGetPowerUsage(handle)


def test_an_xid_reaches_whoever_registered_before_it(fake_card: FakeCard, handle: Any) -> None:
    fake_card.xid(13)
    events = pynvml.nvmlEventSetCreate()
    pynvml.nvmlDeviceRegisterEvents(handle, pynvml.nvmlEventTypeXidCriticalError, events)
    fake_card.xid(79)
    fake_card.xid(154)
    told = [pynvml.nvmlEventSetWait_v2(events, 1000).eventData for _ in range(2)]
    with pytest.raises(pynvml.NVMLError_Timeout):
        pynvml.nvmlEventSetWait_v2(events, 10)
    pynvml.nvmlEventSetFree(events)
    assert told == [79, 154]


def test_waiting_for_an_event_ends_when_the_card_is_lost(fake_card: FakeCard, handle: Any) -> None:
    events = pynvml.nvmlEventSetCreate()
    pynvml.nvmlDeviceRegisterEvents(handle, pynvml.nvmlEventTypeXidCriticalError, events)
    fake_card.set(fault="lost:nvmlEventSetWait_v2")
    with pytest.raises(pynvml.NVMLError_GpuIsLost):
        pynvml.nvmlEventSetWait_v2(events, 600_000)
    pynvml.nvmlEventSetFree(events)


def test_limits_are_told_in_degrees_and_as_distances(fake_card: FakeCard, handle: Any) -> None:
    fake_card.set(temperature=41, slowdown_temperature=92, shutdown_temperature=95)
    kinds = (pynvml.NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT, pynvml.NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT)
    distances = [told.value.siVal for told in pynvml.nvmlDeviceGetFieldValues(handle, kinds)]
    assert pynvml.nvmlDeviceGetTemperatureThreshold(handle, pynvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN) == 92
    assert (pynvml.nvmlDeviceGetMarginTemperature(handle), distances) == (49, [-2, -5])


def test_a_field_that_the_card_does_not_have_says_so_in_its_own_place(handle: Any) -> None:
    (told,) = pynvml.nvmlDeviceGetFieldValues(handle, [pynvml.NVML_FI_DEV_MEMORY_TEMP])
    assert told.nvmlReturn == pynvml.NVML_ERROR_NOT_SUPPORTED


def test_memory_errors_are_counted_where_ecc_is_on(fake_card: FakeCard, handle: Any) -> None:
    kinds = (pynvml.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, pynvml.NVML_VOLATILE_ECC)
    with pytest.raises(pynvml.NVMLError_NotSupported):
        pynvml.nvmlDeviceGetTotalEccErrors(handle, *kinds)
    fake_card.set(ecc=1, ecc_uncorrected=4)
    assert pynvml.nvmlDeviceGetEccMode(handle) == [1, 1]
    assert pynvml.nvmlDeviceGetTotalEccErrors(handle, *kinds) == 4


def test_the_version_of_nvml_is_told(fake_card: FakeCard, handle: Any) -> None:
    assert handle
    fake_card.set(nvml="13.1")
    assert pynvml.nvmlSystemGetNVMLVersion() == "13.1"
