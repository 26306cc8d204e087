"""What a card in quarantine means for the whole of BD-1: switches are refused, chat is held, looks go on."""

from pathlib import Path

import pytest

from bd1.core.gpu import GpuSample, Reading
from bd1.core.pace import SPARED_S
from bd1.services.hardware import QUARANTINE
from bd1.services.quarantine import HEALTHY_SAMPLES
from tests.services.rig import Rig, build_outside, build_rig, rig_settings


async def xid(rig: Rig, code: int) -> None:
    rig.world.card.raise_xid(code)
    await rig.clock.settle()


async def test_a_grave_xid_holds_chat_and_refuses_switches_until_it_is_lifted(rig: Rig) -> None:
    await rig.start_all()
    await rig.switch("chat")
    assert rig.admission.closed_because is None
    await xid(rig, 119)
    assert "Xid 119" in (rig.admission.closed_because or "")
    message = await rig.switch("image")
    assert "Xid 119" in message
    assert not rig.world.machine.boxes["comfyui"].running
    await rig.go(rig.hardware.lift("Leia"))
    assert rig.admission.closed_because is None
    await rig.switch("image")
    assert rig.world.machine.boxes["comfyui"].running


async def test_the_switch_it_breaks_into_starts_nothing_more(rig: Rig) -> None:
    await rig.start_all()
    job = rig.director.switch("image", "Leia")
    await xid(rig, 79)
    await rig.live(60)
    assert job.is_over
    assert not rig.world.machine.boxes["comfyui"].running


async def test_a_card_off_the_bus_comes_back_by_itself_after_the_machine_was_started_again(rig: Rig) -> None:
    await rig.start_all()
    await rig.go(rig.troubles.set("xid_79", on=True))
    await rig.live(120)
    assert rig.hardware.quarantine
    assert rig.beats[-1].reading == "lost"
    await rig.go(rig.troubles.set("xid_79", on=False))
    await rig.live(HEALTHY_SAMPLES * SPARED_S + 5)
    assert rig.hardware.quarantine is None
    assert [story.is_open for story in rig.alerts.all() if story.key == QUARANTINE] == [False]


async def test_the_next_bd1_refuses_from_its_first_moment_on(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    outside = build_outside(settings)
    rig = build_rig(settings, outside)
    await rig.start_all()
    await xid(rig, 79)
    await rig.live(2)
    await rig.stop_all()
    following = build_rig(settings, outside)
    await following.start_all()
    assert "off the bus" in (following.admission.closed_because or "")
    assert "off the bus" in await following.switch("image")
    await following.stop_all()


async def test_a_condition_of_the_card_reaches_people_through_the_running_watchdog(rig: Rig) -> None:
    await rig.start_all()
    rig.world.card.show(temperature_c=94)
    await rig.live(15)
    assert "The GPU is at 94 °C" in rig.told("heat")


async def test_a_card_in_quarantine_is_looked_at_each_ten_seconds_and_its_memory_alone(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.start_all()
    await rig.switch("chat")
    await xid(rig, 79)
    await rig.live(2)
    looks: list[tuple[float, bool, bool]] = []
    look = rig.card.look

    async def noted(*, details: bool = False, processes: bool = True) -> Reading:
        looks.append((rig.clock.monotonic(), details, processes))
        return await look(details=details, processes=processes)

    monkeypatch.setattr(rig.card, "look", noted)
    await rig.live(100)
    assert 9 <= len(looks) <= 11
    assert not [1 for _, details, processes in looks if details or processes]
    assert rig.beats[-1].monotonic_s >= rig.clock.monotonic() - SPARED_S - 1


async def test_what_still_runs_on_a_card_in_quarantine_is_watched_as_ever_once_it_may_fill_it(rig: Rig) -> None:
    await rig.start_all()
    await rig.switch("image")
    await xid(rig, 119)
    pid = rig.world.machine.boxes["comfyui"].pid or 0
    rig.world.ledger.claim(pid, "leak", 20475, 250.0)
    await rig.live(120)
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.world.used_mib < 2000
    assert "kill comfyui" in rig.told("vram").lower()


async def test_a_card_that_was_released_is_looked_at_in_full_at_once(rig: Rig) -> None:
    await rig.start_all()
    await xid(rig, 119)
    await rig.live(15)
    await rig.go(rig.hardware.lift("Leia"))
    await rig.live(0.2)
    latest = rig.watchdog.latest
    assert isinstance(latest, GpuSample)
    assert rig.clock.monotonic() - latest.at_s < 0.5
