"""What is wrong with the card besides its memory, on the simulated machine: told, counted, latched and lifted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bd1.core.gpu import GpuSample
from bd1.core.incidents import Incident
from bd1.core.tiers import Tier
from bd1.core.xid import explain
from bd1.errors import StoreUnavailable
from bd1.services.hardware import QUARANTINE, QUIET_S, xid_key
from bd1.services.quarantine import HEALTHY_S
from bd1.sim.card import CardFault
from bd1.sim.store import MemoryStore
from tests.services.rig import Outside, Rig, build_outside, build_rig, rig_settings

DEMO = Path("unused")


class FullDisk(MemoryStore):
    """A disk that can be full."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = False

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        if self.is_full:
            raise StoreUnavailable("The disk is full.")
        await super().put(collection, key, value)


class Lab:
    """One machine, and the BD-1s that watch its card one after the other: nothing of them but the hardware's part."""

    def __init__(self) -> None:
        self.disk = FullDisk()
        settings = rig_settings(DEMO)
        self.outside: Outside = replace(build_outside(settings), store=self.disk)
        self._settings = settings
        self._tasks: list[asyncio.Task[Any]] = []
        self.rig: Rig = build_rig(settings, self.outside)
        self.heard: list[str | None] = []

    async def start(self) -> None:
        """BD-1 begins, on what its predecessor left on disk."""
        self.rig = rig = build_rig(self._settings, self.outside)
        await rig.alerts.load()
        rig.hardware.listen(self.heard.append)
        await rig.hardware.load()
        self._tasks = [asyncio.create_task(work) for work in (rig.hardware.run(), rig.alerts.run(), self._look())]
        await rig.clock.settle()

    async def _look(self) -> None:
        while True:
            self.rig.hardware.consider(await self.rig.card.look(details=True))
            await self.rig.clock.sleep(1.0)

    async def stop(self) -> None:
        """BD-1 is killed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def reboot(self) -> None:
        """The machine is started again, and BD-1 with it."""
        await self.stop()
        self.outside.world.boots += 1
        self.outside.world.card.fault = None
        await self.start()

    async def xid(self, code: int, detail: int | None = None) -> None:
        self.outside.world.card.raise_xid(code, detail)
        await self.rig.clock.settle()

    async def live(self, seconds: float) -> None:
        await self.rig.live(seconds)

    def incident(self, key: str) -> Incident:
        """The only incident there ever was under this key."""
        (found,) = [incident for incident in self.rig.alerts.all() if incident.key == key]
        return found

    @property
    def keys(self) -> list[str]:
        return [incident.key for incident in self.rig.alerts.all()]


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    made = Lab()
    await made.start()
    yield made
    await made.stop()


async def test_a_condition_is_one_incident_that_ends_when_it_is_over(lab: Lab) -> None:
    card = lab.outside.world.card
    card.show(temperature_c=93)
    await lab.live(60)
    hot = lab.incident("heat")
    assert (hot.severity, hot.title, len(hot.lines)) == (Tier.ALERT, "The card is overheating", 1)
    assert hot.is_open
    card.show_itself()
    await lab.live(90)
    assert not lab.incident("heat").is_open
    assert lab.keys == ["heat"]


async def test_several_things_that_are_wrong_are_told_apart(lab: Lab) -> None:
    lab.outside.world.card.show(pstate=0, pcie_width=4, throttle=("hardware slowdown", "power brake"))
    await lab.live(60)
    assert sorted(lab.keys) == ["pcie link", "power"]


async def test_a_condition_that_was_open_when_bd1_ended_is_closed_by_the_next(lab: Lab) -> None:
    card = lab.outside.world.card
    card.show(temperature_c=93)
    await lab.live(20)
    await lab.stop()
    card.show_itself()
    await lab.start()
    await lab.live(30)
    assert lab.incident("heat").is_open
    await lab.live(60)
    assert not lab.incident("heat").is_open


async def test_a_condition_that_still_holds_after_a_restart_stays_one_incident(lab: Lab) -> None:
    lab.outside.world.card.show(temperature_c=93)
    await lab.live(20)
    await lab.restart()
    await lab.live(300)
    assert lab.incident("heat").is_open
    assert len(lab.incident("heat").lines) == 1


async def test_a_card_that_cannot_be_read_is_no_condition_and_ends_none(lab: Lab) -> None:
    card = lab.outside.world.card
    card.show(temperature_c=93)
    await lab.live(20)
    card.show_itself()
    card.fault = CardFault.UNKNOWN
    await lab.live(600)
    assert lab.keys == ["heat"]
    assert lab.incident("heat").is_open


@pytest.mark.parametrize("code", [13, 31, 43, 45, 63, 92])
async def test_everyday_xids_are_recorded_and_told_to_nobody_at_once(lab: Lab, code: int) -> None:
    for _ in range(30):
        await lab.xid(code)
    assert lab.keys == []
    told = lab.rig.hardware.take_summary()
    assert told is not None
    assert f"Xid {code} 30 times" in told
    assert lab.rig.hardware.take_summary() is None


@pytest.mark.parametrize(("code", "tier"), [(48, Tier.ALERT), (61, Tier.ALERT), (94, Tier.WARN), (777, Tier.WARN)])
async def test_a_serious_xid_is_an_incident_with_its_sentence(lab: Lab, code: int, tier: Tier) -> None:
    await lab.xid(code)
    incident = lab.incident(xid_key(code))
    assert (incident.severity, incident.title) == (tier, explain(code).title)
    assert [line.text for line in incident.lines] == [explain(code).sentence]
    assert lab.rig.hardware.quarantine is None


async def test_a_repeated_xid_counts_up_in_its_incident(lab: Lab) -> None:
    for _ in range(60):
        await lab.xid(94)
        await lab.live(1)
    texts = [line.text for line in lab.incident(xid_key(94)).lines]
    assert texts == [explain(94).sentence, *(f"Xid 94 has come {count} times now." for count in (2, 5, 10, 20, 50))]


async def test_a_storm_of_xids_is_few_words(lab: Lab) -> None:
    for _ in range(5000):
        lab.outside.world.card.raise_xid(94)
    await lab.rig.clock.settle()
    assert len(lab.incident(xid_key(94)).lines) == 12
    assert lab.incident(xid_key(94)).lines[-1].text == "Xid 94 has come 5000 times now."


async def test_an_xid_that_does_not_come_again_is_over_after_an_hour(lab: Lab) -> None:
    await lab.xid(94)
    await lab.live(QUIET_S - 10)
    assert lab.incident(xid_key(94)).is_open
    await lab.live(20)
    assert not lab.incident(xid_key(94)).is_open


async def test_an_xid_of_before_a_restart_is_over_after_an_hour_too(lab: Lab) -> None:
    await lab.xid(94)
    await lab.live(5)
    await lab.restart()
    await lab.live(QUIET_S + 10)
    assert not lab.incident(xid_key(94)).is_open


GRAVE = [(79, None), (62, None), (95, None), (119, None), (120, None), (158, None), (154, 1), (154, 2), (154, 4)]


@pytest.mark.parametrize(("code", "detail"), GRAVE)
async def test_a_grave_xid_puts_the_card_in_quarantine_at_once(lab: Lab, code: int, detail: int | None) -> None:
    await lab.xid(code, detail)
    reason = lab.rig.hardware.quarantine
    assert reason is not None
    assert explain(code, detail).sentence in reason
    assert "nothing is started on it, and chat waits" in reason
    assert lab.heard == [reason]
    assert (lab.incident(QUARANTINE).severity, lab.incident(QUARANTINE).lines[0].text) == (Tier.PROTECT, reason)


@pytest.mark.parametrize("detail", [None, 0, 3, 9])
async def test_an_advice_without_a_reset_puts_nothing_in_quarantine(lab: Lab, detail: int | None) -> None:
    await lab.xid(154, detail)
    assert lab.rig.hardware.quarantine is None


async def test_what_comes_in_a_quarantine_belongs_to_its_story_and_the_worst_is_the_reason(lab: Lab) -> None:
    for code, detail in ((119, None), (119, None), (48, None), (154, 1), (79, None), (154, 2), (120, None)):
        await lab.xid(code, detail)
    incident = lab.incident(QUARANTINE)
    texts = [line.text for line in incident.lines]
    assert lab.keys == [QUARANTINE]
    assert incident.title == explain(119).title
    assert "Xid 119 has come 2 times now." in texts
    assert explain(48).sentence in texts
    assert "off the bus" in (lab.rig.hardware.quarantine or "")
    assert len(lab.heard) == 2


async def test_a_quarantine_outlives_bd1(lab: Lab) -> None:
    await lab.xid(79)
    reason = lab.rig.hardware.quarantine
    await lab.restart()
    assert lab.rig.hardware.quarantine == reason
    assert lab.heard == [reason, reason]
    await lab.live(3600)
    assert lab.rig.hardware.quarantine == reason
    assert lab.incident(QUARANTINE).is_open


async def test_a_card_that_reads_well_in_between_is_not_proved_to_be_well(lab: Lab) -> None:
    await lab.xid(119)
    await lab.live(4 * 3600)
    assert lab.rig.hardware.quarantine


async def test_a_restart_of_the_machine_lifts_it_once_the_card_has_been_read_well(lab: Lab) -> None:
    await lab.xid(79)
    lab.outside.world.card.fault = CardFault.LOST
    await lab.live(60)
    await lab.reboot()
    await lab.live(HEALTHY_S - 1)
    assert lab.rig.hardware.quarantine
    await lab.live(2)
    assert lab.rig.hardware.quarantine is None
    assert not lab.incident(QUARANTINE).is_open
    assert "the machine has been started again" in lab.incident(QUARANTINE).lines[-1].text
    assert lab.heard[-1] is None
    await lab.restart()
    assert lab.rig.hardware.quarantine is None


async def test_a_card_that_is_still_lost_after_a_restart_of_the_guest_stays_in_quarantine(lab: Lab) -> None:
    await lab.xid(79)
    await lab.reboot()
    lab.outside.world.card.fault = CardFault.LOST
    await lab.live(3600)
    assert lab.rig.hardware.quarantine


async def test_a_card_that_fails_every_few_seconds_is_not_read_well(lab: Lab) -> None:
    await lab.xid(79)
    await lab.reboot()
    for _ in range(20):
        await lab.live(HEALTHY_S - 3)
        lab.outside.world.card.fault = CardFault.UNKNOWN
        await lab.live(2)
        lab.outside.world.card.fault = None
    assert lab.rig.hardware.quarantine


async def test_another_grave_xid_after_the_restart_keeps_it_up(lab: Lab) -> None:
    await lab.xid(119)
    await lab.reboot()
    await lab.live(HEALTHY_S - 2)
    await lab.xid(119)
    await lab.live(3600)
    assert lab.rig.hardware.quarantine


async def test_another_driver_lifts_it_too(lab: Lab) -> None:
    await lab.live(2)
    await lab.xid(119)
    lab.outside.world.reload_driver()
    await lab.live(60)
    assert lab.rig.hardware.quarantine is None
    assert "the driver is another one now (596.21)" in lab.incident(QUARANTINE).lines[-1].text


async def test_a_grave_xid_under_the_new_driver_is_not_lifted_by_that_driver(lab: Lab) -> None:
    await lab.live(2)
    await lab.xid(79)
    lab.outside.world.reload_driver()
    await lab.live(6)
    await lab.xid(119)
    await lab.live(3600)
    assert "Xid 119" in (lab.rig.hardware.quarantine or "")


async def test_an_operator_lifts_it_by_name_and_for_good(lab: Lab) -> None:
    await lab.xid(109)
    await lab.rig.go(lab.rig.hardware.lift("Leia"))
    assert lab.rig.hardware.quarantine is None
    assert lab.heard[-1] is None
    assert lab.incident(QUARANTINE).lines[-1].text == "Leia lifted the quarantine."
    await lab.restart()
    assert lab.rig.hardware.quarantine is None


async def test_lifting_what_is_not_there_tells_nobody(lab: Lab) -> None:
    await lab.rig.go(lab.rig.hardware.lift("Leia"))
    assert lab.heard == []
    assert lab.keys == []


async def test_the_next_quarantine_is_a_new_story(lab: Lab) -> None:
    await lab.xid(109)
    await lab.rig.go(lab.rig.hardware.lift("Leia"))
    await lab.xid(109)
    stories = [incident for incident in lab.rig.alerts.all() if incident.key == QUARANTINE]
    assert [story.is_open for story in stories] == [False, True]
    assert stories[1].lines[0].text == lab.rig.hardware.quarantine


async def test_a_full_disk_does_not_keep_it_from_holding_and_it_is_written_later(lab: Lab) -> None:
    lab.disk.is_full = True
    await lab.xid(79)
    await lab.live(5)
    assert lab.rig.hardware.quarantine
    assert not await lab.rig.hardware.flush()
    lab.disk.is_full = False
    await lab.live(40)
    await lab.restart()
    assert lab.rig.hardware.quarantine


async def test_the_last_flush_of_all_writes_what_was_cut_short(lab: Lab) -> None:
    lab.disk.is_full = True
    await lab.xid(79)
    await lab.stop()
    lab.disk.is_full = False
    assert await lab.rig.hardware.flush()
    await lab.start()
    assert lab.rig.hardware.quarantine


async def test_a_quarantine_whose_incident_was_lost_is_told_again(lab: Lab) -> None:
    await lab.xid(79)
    await lab.live(1)
    await lab.stop()
    for key, _ in await lab.disk.items("incidents"):
        await lab.disk.delete("incidents", key)
    await lab.start()
    assert lab.incident(QUARANTINE).lines[0].text == lab.rig.hardware.quarantine


async def test_an_incident_whose_quarantine_was_lifted_before_the_end_is_closed(lab: Lab) -> None:
    await lab.xid(79)
    await lab.live(1)
    await lab.stop()
    await lab.disk.put("latch", "quarantine", {})
    await lab.start()
    assert not lab.incident(QUARANTINE).is_open


async def test_a_look_without_details_is_left_aside(lab: Lab) -> None:
    await lab.stop()
    reading = await lab.rig.card.look()
    assert isinstance(reading, GpuSample)
    lab.rig.hardware.consider(reading)
    assert lab.keys == []
