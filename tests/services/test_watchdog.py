"""The watchdog on the simulated machine."""

import asyncio

import pytest

from bd1.core.gpu import GpuSample
from bd1.core.tiers import Tier
from bd1.errors import DockerUnavailable
from bd1.ports import ContainerState
from tests.services.rig import Rig


async def test_it_ticks_once_a_second_and_says_so_every_third(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(10)
    assert [beat.tick for beat in rig.beats] == [1, 4, 7, 10]
    assert {beat.reading for beat in rig.beats} == {"ok"}


async def test_a_hanging_driver_is_told_within_two_and_a_half_seconds_and_once(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(2)
    await rig.go(rig.troubles.set("nvml_hang", on=True))
    await rig.live(2.5)
    (incident,) = rig.alerts.all()
    assert incident.key == "sight"
    assert incident.severity is Tier.ALERT
    await rig.live(60)
    assert rig.alerts.all() == (incident,)


async def test_it_keeps_ticking_while_blind_and_tells_when_it_sees_again(rig: Rig) -> None:
    await rig.start_all()
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    await rig.live(10)
    assert rig.beats[-1].reading == "lost"
    await rig.go(rig.troubles.reset())
    await rig.live(5)
    assert rig.beats[-1].reading == "ok"
    assert not rig.alerts.all()[0].is_open


async def test_it_needs_neither_docker_nor_ollama(rig: Rig) -> None:
    rig.world.machine.engine_away = True
    await rig.start_all()
    await rig.live(20)
    assert rig.beats[-1].reading == "ok"
    assert rig.beats[-1].tick > 15


async def test_a_sudden_allocation_ends_the_one_who_made_it(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.ledger.seize(rig.world.machine.boxes["comfyui"].pid or 0, "picture", 9000)
    await rig.go(rig.troubles.set("spike", on=True))
    await rig.live(10)
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.watchdog.tier is Tier.NORMAL


async def test_vram_that_nobody_bd1_may_touch_holds_calls_for_a_human_once(rig: Rig) -> None:
    await rig.start_all()
    rig.world.ledger.seize(4, "foreign", 19500)
    await rig.live(30)
    assert rig.told("vram").count("a human is needed") == 1
    assert rig.beats[-1].tick > 25


async def test_memory_that_lags_behind_its_dead_owner_is_waited_for_before_anyone_is_blamed(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await rig.go(rig.troubles.set("leak", on=True))
    await rig.live(90)
    story = rig.told("vram")
    assert story.count("Kill comfyui") == 1
    assert "human" not in story
    assert "mib" not in story


async def test_who_is_new_on_the_card_is_known_before_the_card_is_in_danger(rig: Rig) -> None:
    await rig.start_all()
    await rig.switch("image")
    await rig.live(5)
    rig.world.machine.engine_away = True  # whom it had to ask now, it would never know
    sample = rig.watchdog.latest
    assert isinstance(sample, GpuSample)
    assert rig.card.knows(sample)
    found = await rig.card.attribution(sample)
    assert [holder.workload for holder in found.holders] == ["comfyui"]


async def test_who_cannot_be_named_is_asked_about_again_and_not_at_every_look(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.world.machine.start("comfyui")
    asked: list[str] = []

    async def away(name: str) -> ContainerState:
        asked.append(name)
        raise DockerUnavailable("Docker does not answer.")

    monkeypatch.setattr(rig.containers, "inspect", away)
    monkeypatch.setattr(rig.containers, "pids", away)
    rig.tasks.append(asyncio.create_task(rig.watchdog.run()))
    await rig.live(10)
    monkeypatch.undo()
    assert 2 <= asked.count("comfyui") / 2 <= 11
    await rig.live(2)
    assert isinstance(rig.watchdog.latest, GpuSample)
    assert rig.card.knows(rig.watchdog.latest)
