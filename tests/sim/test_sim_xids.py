"""What the simulated driver reports by itself, and readings that are made to look wrong."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import pytest

from bd1.core.gpu import GpuDetails, GpuSample
from bd1.ports import XidEvent
from bd1.sim.card import CardFault
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimProcessTable
from bd1.sim.probe import SimProbe
from bd1.sim.world import World
from bd1.sim.xids import SimXids


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


class Listener:
    """Collects what is heard until it is stopped."""

    def __init__(self, world: World) -> None:
        self.heard: list[XidEvent] = []
        self._events = cast("AsyncGenerator[XidEvent]", SimXids(world).xids())
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self._events:
            self.heard.append(event)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_an_xid_reaches_everyone_who_listens_with_its_time(world: World, clock: FakeClock) -> None:
    world.card.raise_xid(13)
    listeners = [Listener(world), Listener(world)]
    await clock.settle()
    await clock.advance(5.0)
    world.card.raise_xid(79)
    world.card.raise_xid(154, 2)
    await clock.settle()
    for listener in listeners:
        assert listener.heard == [XidEvent(clock.now(), 79), XidEvent(clock.now(), 154, 2)]
        await listener.stop()
    world.card.raise_xid(31)
    assert [len(listener.heard) for listener in listeners] == [2, 2]


@pytest.mark.parametrize("fault", CardFault)
async def test_a_driver_that_is_away_reports_nothing(world: World, clock: FakeClock, fault: CardFault) -> None:
    listener = Listener(world)
    await clock.settle()
    world.card.fault = fault
    world.card.raise_xid(79)
    await clock.settle()
    assert bool(listener.heard) == (fault in {CardFault.HANGS, CardFault.LOST})
    await listener.stop()


async def test_readings_can_be_made_to_look_wrong_and_right_again(world: World) -> None:
    async def details() -> GpuDetails:
        sample = await SimProbe(world, deadline_s=2.0).sample(details=True)
        assert isinstance(sample, GpuSample)
        assert sample.details is not None
        return sample.details

    own = await details()
    world.card.show(temperature_c=93, pcie_replay=None)
    world.card.show(throttle=("heat (hardware)",))
    shown = await details()
    world.card.show_itself()
    assert (own.temperature_c, own.slowdown_c, own.shutdown_c, own.pcie_replay) == (37, 92, 95, 0)
    assert (shown.temperature_c, shown.pcie_replay, shown.throttle) == (93, None, ("heat (hardware)",))
    assert await details() == own


async def test_another_start_of_the_machine_has_another_name(world: World) -> None:
    first = SimProcessTable(world).boot_id()
    world.boots += 1
    assert SimProcessTable(world).boot_id() != first
