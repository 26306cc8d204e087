import asyncio

import pytest

from bd1.core.gpu import CardIdentity, Fault, GpuSample, ProbeFailure
from bd1.sim.card import RESERVED_MIB, TOTAL_MIB, UUID, CardFault
from bd1.sim.clock import FakeClock
from bd1.sim.probe import SimProbe
from bd1.sim.world import World


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def probe(world: World) -> SimProbe:
    return SimProbe(world, deadline_s=2.0)


async def test_an_idle_card_reads_like_an_rtx_4000_ada(probe: SimProbe, clock: FakeClock) -> None:
    sample = await probe.sample()
    identity = await probe.identity()

    assert sample == GpuSample(clock.monotonic(), TOTAL_MIB, TOTAL_MIB - RESERVED_MIB)
    assert isinstance(identity, CardIdentity)
    assert (identity.uuid, identity.driver, identity.reserved_mib) == (UUID, "595.84", RESERVED_MIB)


async def test_details_and_processes_come_only_when_asked_for(probe: SimProbe, world: World, clock: FakeClock) -> None:
    world.machine.start("comfyui")
    await clock.advance(3.0)
    plain = await probe.sample()
    full = await probe.sample(details=True, processes=True)

    assert isinstance(plain, GpuSample)
    assert isinstance(full, GpuSample)
    assert (plain.details, plain.processes) == (None, None)
    assert full.details is not None
    assert full.processes is not None
    assert [(p.used_mib, p.name) for p in full.processes] == [(2400, "python3")]


async def test_the_card_wakes_under_load_warms_up_and_goes_back_to_sleep(
    probe: SimProbe, world: World, clock: FakeClock
) -> None:
    async def details() -> tuple[int | None, int | None, int | None, int | None, float | None]:
        sample = await probe.sample(details=True)
        assert isinstance(sample, GpuSample)
        assert sample.details is not None
        d = sample.details
        return d.pstate, d.pcie_gen, d.utilisation_pct, d.temperature_c, d.power_w

    asleep = await details()
    world.machine.start("comfyui")
    world.activity.work("comfyui", 60.0)
    await clock.advance(50.0)
    working = await details()
    await clock.advance(240.0)
    resting = await details()

    assert asleep[:3] == resting[:3] == (8, 1, 0)
    assert working[:3] == (0, 4, 97)
    assert asleep[3] is not None
    assert working[3] is not None
    assert resting[3] is not None
    assert working[3] > asleep[3] + 25
    assert abs(resting[3] - asleep[3]) <= 2
    assert working[4] is not None
    assert 100 < working[4] < 130


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (CardFault.LOST, Fault.LOST),
        (CardFault.UNKNOWN, Fault.UNKNOWN),
        (CardFault.MISMATCH, Fault.DRIVER_MISMATCH),
        (CardFault.UNINITIALISED, Fault.UNINITIALISED),
    ],
)
async def test_a_broken_card_fails_every_look_until_it_is_mended(
    probe: SimProbe, world: World, clock: FakeClock, fault: CardFault, shown: Fault
) -> None:
    world.card.fault = fault
    sample, identity = await probe.sample(), await probe.identity()

    assert isinstance(sample, ProbeFailure)
    assert isinstance(identity, ProbeFailure)
    assert (sample.fault, sample.at_s) == (shown, clock.monotonic())
    assert sample.reason.endswith(".")
    world.card.fault = None
    assert isinstance(await probe.sample(), GpuSample)


async def test_a_hanging_driver_is_given_up_at_the_deadline_and_further_looks_do_not_queue(
    probe: SimProbe, world: World, clock: FakeClock
) -> None:
    world.card.fault = CardFault.HANGS
    began_s = clock.monotonic()
    first = asyncio.create_task(probe.sample())
    await clock.settle()
    second = await probe.identity()

    assert isinstance(second, ProbeFailure)
    assert (second.fault, second.at_s) == (Fault.STALLED, began_s)
    failure = await clock.run(asyncio.wait_for(first, None))
    assert isinstance(failure, ProbeFailure)
    assert (failure.fault, failure.at_s) == (Fault.STALLED, began_s + 2.0)
    third = await probe.sample()
    assert isinstance(third, ProbeFailure)
    assert clock.monotonic() == began_s + 2.0


async def test_a_look_that_hung_answers_when_the_driver_is_back(
    probe: SimProbe, world: World, clock: FakeClock
) -> None:
    world.card.fault = CardFault.HANGS
    look = asyncio.create_task(probe.sample())
    await clock.advance(1.0)
    world.card.fault = None
    await clock.advance(0.2)

    assert isinstance(await look, GpuSample)


async def test_a_reloaded_driver_is_away_for_a_while_and_then_another_one(
    probe: SimProbe, world: World, clock: FakeClock
) -> None:
    world.reload_driver()
    away = await probe.sample()
    await clock.advance(3.1)
    back = await probe.identity()

    assert isinstance(away, ProbeFailure)
    assert away.fault is Fault.UNINITIALISED
    assert isinstance(back, CardIdentity)
    assert back.driver == "596.21"
