"""What the probe reads off a healthy or half-supported card, through the real pynvml."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.adapters.nvml import NvmlProbe
from bd1.adapters.nvml_calls import throttle_words
from bd1.core.gpu import CardIdentity, GpuDetails, GpuProcess, GpuSample, ProbeFailure
from tests.nvml.card import FakeCard
from tests.nvml.probing import HandClock, Probes

pytest_plugins = ("tests.nvml.fixtures",)

BUSY = {
    "util": 97,
    "temperature": 71,
    "power_mw": 129500,
    "power_limit_mw": 130000,
    "pstate": 2,
    "pcie_gen": 3,
    "pcie_gen_max": 4,
    "pcie_width": 8,
    "pcie_width_max": 16,
    "throttle": 0x4,
    "slowdown_temperature": 88,
    "shutdown_temperature": 93,
    "pcie_replay": 12,
    "ecc": 1,
    "ecc_uncorrected": 3,
}
BUSY_DETAILS = GpuDetails(
    utilisation_pct=97,
    temperature_c=71,
    power_w=129.5,
    power_limit_w=130.0,
    pstate=2,
    pcie_gen=3,
    pcie_gen_max=4,
    pcie_width=8,
    pcie_width_max=16,
    throttle=("power cap",),
    slowdown_c=88,
    shutdown_c=93,
    pcie_replay=12,
    ecc_uncorrected=3,
)
CALL_OF = {
    "utilisation_pct": "nvmlDeviceGetUtilizationRates",
    "temperature_c": "nvmlDeviceGetTemperatureV,nvmlDeviceGetTemperature",
    "power_w": "nvmlDeviceGetPowerUsage",
    "power_limit_w": "nvmlDeviceGetEnforcedPowerLimit",
    "pstate": "nvmlDeviceGetPerformanceState",
    "pcie_gen": "nvmlDeviceGetCurrPcieLinkGeneration",
    "pcie_gen_max": "nvmlDeviceGetMaxPcieLinkGeneration",
    "pcie_width": "nvmlDeviceGetCurrPcieLinkWidth",
    "pcie_width_max": "nvmlDeviceGetMaxPcieLinkWidth",
    "throttle": "nvmlDeviceGetCurrentClocksEventReasons,nvmlDeviceGetCurrentClocksThrottleReasons",
    "pcie_replay": "nvmlDeviceGetPcieReplayCounter",
    "ecc_uncorrected": "nvmlDeviceGetTotalEccErrors",
}
LIMITS = ("slowdown_c", "shutdown_c")
"""One call of NVML tells both."""


@pytest.fixture
def other_pid() -> Iterator[int]:
    """The PID of a process that lives as long as the test."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        yield process.pid


async def look(probe: NvmlProbe, *, details: bool = False, processes: bool = False) -> GpuSample:
    reading = await probe.sample(details=details, processes=processes)
    assert isinstance(reading, GpuSample), reading
    return reading


async def test_used_is_total_minus_free(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.claim(os.getpid(), 4000)
    sample = await look(probes.make())
    assert (sample.total_mib, sample.free_mib, sample.used_mib) == (20475, 20475 - 460 - 4000, 4460)


async def test_a_sample_is_dated_by_the_clock(hand_clock: HandClock, probes: Probes) -> None:
    hand_clock.at_s = 77.25
    sample = await look(probes.make())
    assert sample.at_s == 77.25


async def test_an_old_driver_gives_the_same_figures(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.claim(os.getpid(), 4000)
    newest = await look(probes.make(), details=True)
    new_calls = "nvmlDeviceGetMemoryInfo_v2,nvmlDeviceGetTemperatureV,nvmlDeviceGetCurrentClocksEventReasons"
    fake_card.set(fault=f"function_not_found:{new_calls}")
    old = probes.make()
    identity = await old.identity()
    assert await look(old, details=True) == newest
    assert isinstance(identity, CardIdentity)
    assert identity.reserved_mib is None


async def test_only_what_was_asked_for_is_read(fake_card: FakeCard, probes: Probes) -> None:
    probe = probes.make()
    await look(probe)
    fake_card.set(log_calls=1)
    sample = await look(probe)
    assert (sample.processes, sample.details) == (None, None)
    assert fake_card.calls() == ["nvmlDeviceGetMemoryInfo_v2"]


async def test_every_detail_arrives_in_its_unit(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(**BUSY)
    sample = await look(probes.make(), details=True)
    assert sample.details == BUSY_DETAILS


@pytest.mark.parametrize("field", sorted({field.name for field in fields(GpuDetails)} - {*LIMITS}))
@pytest.mark.parametrize("answer", ["not_supported", "no_permission", "unknown"])
async def test_a_detail_the_card_does_not_give_is_none_and_no_other(
    fake_card: FakeCard, probes: Probes, field: str, answer: str
) -> None:
    fake_card.set(**BUSY, fault=f"{answer}:{CALL_OF[field]}")
    sample = await look(probes.make(), details=True)
    assert sample.details == replace(BUSY_DETAILS, **{field: None})


async def test_limits_the_driver_tells_only_as_distances_are_the_same(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(**BUSY, fault="not_supported:nvmlDeviceGetTemperatureThreshold")
    sample = await look(probes.make(), details=True)
    assert sample.details == BUSY_DETAILS


async def test_a_card_that_tells_no_limits_has_none(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(**BUSY, fault="not_supported:nvmlDeviceGetTemperatureThreshold,nvmlDeviceGetFieldValues")
    sample = await look(probes.make(), details=True)
    assert sample.details == replace(BUSY_DETAILS, slowdown_c=None, shutdown_c=None)


async def test_what_cannot_change_is_asked_once(fake_card: FakeCard, probes: Probes) -> None:
    probe = probes.make()
    await look(probe, details=True)
    fake_card.set(log_calls=1)
    await look(probe, details=True)
    asked = set(fake_card.calls())
    assert "nvmlDeviceGetPcieReplayCounter" in asked
    assert not {call for call in asked if "Threshold" in call or "Margin" in call or "Ecc" in call or "Max" in call}


async def test_errors_of_a_memory_that_is_not_checked_are_unknown_and_not_none_at_all(
    fake_card: FakeCard, probes: Probes
) -> None:
    fake_card.set(**BUSY | {"ecc": 0})
    sample = await look(probes.make(), details=True)
    assert sample.details == replace(BUSY_DETAILS, ecc_uncorrected=None)


async def test_pcie_throughput_is_never_read(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(log_calls=1)
    probe = probes.make()
    await probe.identity()
    await look(probe, details=True, processes=True)
    assert "nvmlDeviceGetPowerUsage" in fake_card.calls()
    assert "nvmlDeviceGetPcieThroughput" not in fake_card.calls()


async def test_processes_of_both_lists_are_one_list(fake_card: FakeCard, probes: Probes, other_pid: int) -> None:
    fake_card.claim(os.getpid(), 4000)
    fake_card.claim(other_pid, 12, type="G")
    sample = await look(probes.make(), processes=True)
    assert set(sample.processes or ()) == {GpuProcess(os.getpid(), 4000), GpuProcess(other_pid, 12)}


@pytest.mark.parametrize(("compute", "graphics", "held"), [(300, 500, 500), (500, 300, 500), (None, 20, 20)])
async def test_a_process_in_both_lists_is_told_once_with_the_larger_figure(
    fake_card: FakeCard, probes: Probes, compute: int | None, graphics: int, held: int
) -> None:
    fake_card.claim(os.getpid(), compute, type="CG", graphics_mib=graphics)
    sample = await look(probes.make(), processes=True)
    assert sample.processes == (GpuProcess(os.getpid(), held),)


async def test_a_process_without_a_figure_is_told_without_one(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.claim(os.getpid(), None, type="CG")
    sample = await look(probes.make(), processes=True)
    assert sample.processes == (GpuProcess(os.getpid(), None),)


async def test_an_idle_card_has_no_processes_rather_than_unknown_ones(fake_card: FakeCard, probes: Probes) -> None:
    sample = await look(probes.make(), processes=True)
    assert sample.processes == ()
    assert fake_card.calls() == []


@pytest.mark.parametrize(
    "fault",
    [
        "not_supported:nvmlDeviceGetComputeRunningProcesses_v3",
        "no_permission:nvmlDeviceGetComputeRunningProcesses_v3",
        "insufficient_size:nvmlDeviceGetGraphicsRunningProcesses_v3",
        "function_not_found:nvmlDeviceGetGraphicsRunningProcesses_v3",
    ],
)
async def test_a_list_that_cannot_be_read_makes_the_processes_unknown(
    fake_card: FakeCard, probes: Probes, fault: str
) -> None:
    fake_card.claim(os.getpid(), 100)
    fake_card.set(fault=fault)
    sample = await look(probes.make(), processes=True)
    assert sample.processes is None


async def test_a_card_without_graphics_contexts_still_lists_the_others(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.claim(os.getpid(), 100)
    fake_card.set(fault="not_supported:nvmlDeviceGetGraphicsRunningProcesses_v3")
    sample = await look(probes.make(), processes=True)
    assert sample.processes == (GpuProcess(os.getpid(), 100),)


async def test_the_identity_names_card_and_driver(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(uuid="GPU-a", name="RTX", driver="600.1", total_mib=1000, reserved_mib=10, persistence=0)
    identity = await probes.make().identity()
    assert identity == CardIdentity(0, "GPU-a", "RTX", 1000, "600.1", persistence=False, reserved_mib=10)


async def test_persistence_that_cannot_be_read_is_unknown(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(fault="not_supported:nvmlDeviceGetPersistenceMode")
    identity = await probes.make().identity()
    assert isinstance(identity, CardIdentity)
    assert identity.persistence is None


async def test_the_uuid_wins_over_the_index(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(uuid="GPU-a,GPU-b,GPU-c")
    fake_card.claim(os.getpid(), 321, gpu=2)
    probe = probes.make(index=0, uuid="GPU-c")
    identity = await probe.identity()
    sample = await look(probe)
    assert isinstance(identity, CardIdentity)
    assert (identity.index, identity.uuid, sample.used_mib) == (2, "GPU-c", 460 + 321)


async def test_without_a_uuid_the_index_chooses(fake_card: FakeCard, probes: Probes) -> None:
    fake_card.set(uuid="GPU-a,GPU-b")
    identity = await probes.make(index=1).identity()
    assert isinstance(identity, CardIdentity)
    assert identity.uuid == "GPU-b"


async def test_looks_at_the_same_time_are_all_answered(fake_card: FakeCard, probes: Probes) -> None:
    probe = probes.make()
    await look(probe)
    fake_card.set(log_calls=1)
    readings = await asyncio.gather(*(probe.sample() for _ in range(5)))
    assert not [reading for reading in readings if isinstance(reading, ProbeFailure)]
    assert len(fake_card.calls()) == 5


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0, ()),
        (0x1, ()),
        (0x4 | 0x40, ("power cap", "heat (hardware)")),
        (0x8 | 0x80 | 0x1, ("hardware slowdown", "power brake")),
        (1 << 40, ("reason 0x10000000000",)),
        (None, None),
    ],
)
def test_throttle_bits_become_words(bits: int | None, words: tuple[str, ...] | None) -> None:
    assert throttle_words(bits) == words


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_every_throttle_bit_but_idle_gets_a_word_of_its_own(bits: int) -> None:
    words = throttle_words(bits)
    assert words is not None
    assert len(set(words)) == (bits & ~1).bit_count()
