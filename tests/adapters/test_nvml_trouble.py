"""What the probe says when card or driver fail, and that it comes back by itself."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bd1.adapters.nvml_driver import RETRY_S
from bd1.core.gpu import CardIdentity, Fault, GpuSample, ProbeFailure, Reading
from tests.nvml.card import FakeCard
from tests.nvml.probing import HandClock, Probes

pytest_plugins = ("tests.nvml.fixtures",)

REPOSITORY = Path(__file__).parents[2]

# fault of the pretended card -> what the probe calls it, and a word of advice its sentence must hold
FAULTS = {
    "lost": (Fault.LOST, "host"),
    "reset_required": (Fault.LOST, "guest"),
    "uninit": (Fault.UNINITIALISED, "by itself"),
    "unknown": (Fault.UNKNOWN, "recreate BD-1's container"),
    "mismatch": (Fault.DRIVER_MISMATCH, "reboot the guest"),
    "driver_not_loaded": (Fault.NO_DRIVER, "modprobe nvidia"),
    "no_cards": (Fault.NO_CARD, "passes the card through"),
    "no_permission": (Fault.NO_PERMISSION, "/dev/nvidia"),
    "not_supported:nvmlDeviceGetMemoryInfo,nvmlDeviceGetMemoryInfo_v2": (Fault.OTHER, "memory"),
    "insufficient_size:nvmlDeviceGetMemoryInfo_v2": (Fault.OTHER, "NVML error 7"),
}


def failure(reading: Reading | CardIdentity) -> ProbeFailure:
    assert isinstance(reading, ProbeFailure), reading
    return reading


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_from_the_start_has_its_name_and_a_sentence_to_act_on(
    fake_card: FakeCard, probes: Probes, fault: str
) -> None:
    fake_card.set(fault=fault)
    failed = failure(await probes.make().sample())
    name, advice = FAULTS[fault]
    assert failed.fault is name
    assert advice in failed.reason
    assert failed.reason.endswith(".")


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"no_cards"}))
async def test_a_fault_of_a_card_that_worked_ends_with_its_cause(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock, fault: str
) -> None:
    probe = probes.make()
    before = await probe.sample()
    fake_card.set(fault=fault)
    during = failure(await probe.sample())
    fake_card.set(fault=None)
    hand_clock.at_s += RETRY_S
    after = await probe.sample()
    assert isinstance(before, GpuSample)
    assert during.fault is FAULTS[fault][0]
    assert isinstance(after, GpuSample)


async def test_a_card_that_vanishes_is_not_found_and_then_not_there(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock
) -> None:
    probe = probes.make()
    await probe.sample()
    fake_card.set(fault="no_cards")
    first = failure(await probe.sample())
    hand_clock.at_s += RETRY_S
    second = failure(await probe.sample())
    assert (first.fault, second.fault) == (Fault.CARD_NOT_FOUND, Fault.NO_CARD)


async def test_a_failed_identity_is_told_like_a_failed_sample(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(fault="unknown")
    assert failure(await probes.make().identity()).fault is Fault.UNKNOWN


async def test_a_card_lost_in_the_middle_of_a_look_spoils_the_whole_look(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(fault="lost:nvmlDeviceGetPowerUsage,nvmlDeviceGetGraphicsRunningProcesses_v3")
    assert failure(await probes.make().sample(details=True)).fault is Fault.LOST
    assert failure(await probes.make().sample(processes=True)).fault is Fault.LOST


async def test_a_wrong_uuid_is_named_with_where_to_correct_it(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(uuid="GPU-a")
    failed = failure(await probes.make(uuid="GPU-b").sample())
    assert failed.fault is Fault.CARD_NOT_FOUND
    assert "GPU-b" in failed.reason
    assert "gpu.uuid in config.yaml" in failed.reason


async def test_a_wrong_index_is_named_with_how_many_there_are(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(uuid="GPU-a,GPU-b")
    failed = failure(await probes.make(index=2).sample())
    assert failed.fault is Fault.CARD_NOT_FOUND
    assert "no GPU 2: the driver shows 2" in failed.reason


async def test_a_card_without_memory_is_no_sample(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(total_mib=0, reserved_mib=0)
    assert failure(await probes.make().sample()).fault is Fault.OTHER


async def test_after_trouble_the_driver_is_left_alone_for_a_moment(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock
) -> None:
    fake_card.set(fault="driver_not_loaded", log_calls=1)
    probe = probes.make()
    first = failure(await probe.sample())
    hand_clock.at_s += RETRY_S / 2
    second = failure(await probe.sample())
    assert fake_card.calls() == ["nvmlInitWithFlags"]
    assert (first.reason, first.at_s) != (second.reason, second.at_s)
    assert second.fault is Fault.NO_DRIVER


async def test_each_try_after_trouble_signs_in_anew(fake_card: FakeCard, probes: Probes, hand_clock: HandClock) -> None:
    fake_card.set(fault="driver_not_loaded", log_calls=1)
    probe = probes.make()
    for _ in range(3):
        await probe.sample()
        hand_clock.at_s += RETRY_S
    assert fake_card.calls() == ["nvmlInitWithFlags"] * 3


async def test_a_reloaded_driver_of_another_version_is_found(
    fake_card: FakeCard, probes: Probes, hand_clock: HandClock
) -> None:
    probe = probes.make()
    old = await probe.identity()
    fake_card.set(driver="600.10")
    unknown_there = failure(await probe.sample())
    hand_clock.at_s += RETRY_S
    sample, new = await probe.sample(), await probe.identity()
    assert unknown_there.fault is Fault.UNINITIALISED
    assert isinstance(sample, GpuSample)
    assert isinstance(old, CardIdentity)
    assert isinstance(new, CardIdentity)
    assert (old.driver, new.driver) == ("595.84", "600.10")


async def test_a_closed_probe_says_so(fake_card: FakeCard, probes: Probes) -> None:
    probe = probes.make()
    await probe.sample()
    fake_card.set(log_calls=1)
    await probe.close()
    await probe.close()
    failed = failure(await probe.sample())
    assert failed.fault is Fault.UNINITIALISED
    assert "stopping" in failed.reason
    assert fake_card.calls() == []


async def test_closing_signs_out_of_the_driver(probes: Probes) -> None:
    import pynvml  # noqa: PLC0415 only where a pretended library is loaded

    probe = probes.make()
    await probe.sample()
    signed_in = pynvml.nvmlDeviceGetCount()
    await probe.close()
    assert signed_in == 1
    with pytest.raises(pynvml.NVMLError_Uninitialized):
        pynvml.nvmlDeviceGetCount()


def run_script(script: str, environ: dict[str, str]) -> str:
    """What a Python process of its own prints; it must end by itself within half a minute."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environ,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout


PRINT_A_SAMPLE = """
import asyncio
from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml import NvmlProbe

async def main():
    probe = NvmlProbe(0, None, 10.0, SystemClock())
    print(await probe.sample())
    await probe.close()

asyncio.run(main())
"""


def test_pynvml_finds_the_pretended_library_through_the_environment(fake_card: FakeCard) -> None:
    fake_card.set(total_mib=4242)
    assert "total_mib=4242" in run_script(PRINT_A_SAMPLE, fake_card.environ())


def test_a_machine_without_nvidia_s_library_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "libnvidia-ml.so.1").write_bytes(b"no library")
    told = run_script(PRINT_A_SAMPLE, {"LD_LIBRARY_PATH": str(tmp_path)})
    assert "Fault.NO_DRIVER" in told
    assert "install the NVIDIA driver" in told


async def test_what_no_one_expected_reaches_whoever_asked(probes: Probes) -> None:
    probe = probes.make()
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(probe._through(lambda: 1 // 0), 20)
    assert isinstance(await probe.sample(), GpuSample)
