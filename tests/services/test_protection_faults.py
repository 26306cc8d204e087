"""What protecting the card does when the parts it leans on are broken, and how its story ends."""

import asyncio

import pytest

from bd1.core.tiers import Tier
from bd1.errors import StoreUnavailable
from bd1.sim.store import MemoryStore
from tests.services.rig import Rig


class FullDisk(MemoryStore):
    """A store on a disk that is full: it can be read and not written."""

    async def put(self, _collection: str, _key: str, _value: object) -> None:
        raise StoreUnavailable("The data file cannot be written: database or disk is full.")

    async def delete(self, _collection: str, *_keys: str) -> None:
        raise StoreUnavailable("The data file cannot be written: database or disk is full.")


def fill(rig: Rig, name: str, mib: int = 19500) -> None:
    """Lets a running container fill the card."""
    rig.world.ledger.seize(rig.world.machine.boxes[name].pid or 0, "hog", mib)


async def test_a_full_disk_neither_ends_the_watchdog_nor_keeps_it_from_acting(rig: Rig) -> None:
    await rig.switch("image")
    rig.fleet._store = rig.alerts._disk._store = FullDisk()
    await rig.start_all()
    rig.tasks.append(asyncio.create_task(rig.alerts.run()))
    fill(rig, "comfyui")
    await rig.live(20)
    assert not any(task.done() for task in rig.tasks)
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.beats[-1].tick > 15


async def test_what_could_not_be_written_is_written_once_the_disk_has_room_again(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    disk = rig.alerts._disk._store
    rig.alerts._disk._store = FullDisk()
    task = asyncio.create_task(rig.alerts.run())
    rig.tasks.append(task)
    rig.alerts.report("vram", Tier.WARN, "VRAM filling up", "82 %")
    await rig.live(300)
    assert caplog.text.count("disk is full") == 1
    rig.alerts._disk._store = disk
    await rig.live(60)
    assert [document["key"] for _, document in await disk.items("incidents")] == ["vram"]


async def test_what_protection_did_is_put_down_to_bd1(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    fill(rig, "comfyui")
    await rig.live(20)
    assert rig.fleet.view.name == "idle"
    assert rig.fleet.view.by == "BD-1, to protect the card"


async def test_two_evictions_at_once_end_one_workload_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.switch("image")
    fill(rig, "comfyui")
    asked: list[str] = []
    kill = rig.containers.kill

    async def count(name: str) -> None:
        asked.append(name)
        await kill(name)

    monkeypatch.setattr(rig.containers, "kill", count)

    async def both() -> None:
        await asyncio.gather(rig.director.evict("one"), rig.director.evict("two"))

    await rig.go(both())
    assert asked == ["comfyui"]
    assert "making room" not in (rig.admission.closed_because or "")


async def test_helplessness_is_told_once_and_help_that_comes_late_is_told_too(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await rig.live(2)
    await rig.go(rig.board.now())
    rig.world.machine.engine_away = True
    fill(rig, "comfyui")
    await rig.live(60)
    (incident,) = (incident for incident in rig.alerts.all() if incident.key == "vram")
    assert len(incident.lines) < 8
    assert rig.told("vram").count("a human is needed") == 1
    rig.world.machine.engine_away = False
    await rig.live(20)
    assert "Kill comfyui" in rig.told("vram")
    assert rig.alerts.open_incident("vram") is None


async def test_a_second_emergency_after_a_hopeless_one_is_told_anew(rig: Rig) -> None:
    await rig.start_all()
    for _ in range(2):
        rig.world.ledger.seize(4, "foreign", 19500)
        await rig.live(10)
        rig.world.ledger.bury(4)
        await rig.live(10)
    assert rig.told("vram").count("a human is needed") == 2


async def test_an_incident_of_an_earlier_run_is_closed_when_the_card_is_fine(rig: Rig) -> None:
    rig.alerts.report("vram", Tier.PROTECT, "VRAM protection", "VRAM at 96 %.")
    rig.alerts.report("sight", Tier.ALERT, "I cannot see the card: lost", "It fell off the bus.")
    await rig.start_all()
    await rig.live(5)
    assert rig.alerts.open_incident("vram") is None
    assert rig.alerts.open_incident("sight") is None
    assert "Back to normal" in rig.told("vram")


async def test_an_incident_of_an_earlier_run_stays_open_while_the_card_cannot_be_read(rig: Rig) -> None:
    rig.alerts.report("vram", Tier.PROTECT, "VRAM protection", "VRAM at 96 %.")
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    await rig.start_all()
    await rig.live(10)
    assert rig.alerts.open_incident("vram") is not None


async def test_a_last_word_after_the_all_clear_does_not_leave_an_incident_open(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("image")
    kill = rig.containers.kill

    async def slow_to_answer(name: str) -> None:
        await kill(name)
        await rig.clock.sleep(6)

    monkeypatch.setattr(rig.containers, "kill", slow_to_answer)
    await rig.start_all()
    fill(rig, "comfyui")
    await rig.live(60)
    assert "Kill comfyui" in rig.told("vram")
    assert rig.alerts.open_incident("vram") is None


async def test_nobody_new_is_answered_while_room_is_made(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    fill(rig, "ollama", 15000)
    door = asyncio.Event()
    unload = rig.model.unload

    async def slow(model: str) -> None:
        await door.wait()
        await unload(model)

    monkeypatch.setattr(rig.model, "unload", slow)
    evicting = asyncio.create_task(rig.director.evict("the test says so"))
    await rig.live(0.2)
    await rig.director.refresh()
    assert "making room" in (rig.admission.closed_because or "")
    door.set()
    await rig.live(30)
    assert evicting.done()
    assert "making room" not in (rig.admission.closed_because or "")


async def test_incidents_that_nobody_posts_do_not_grow_without_end(rig: Rig) -> None:
    for number in range(400):
        rig.alerts.report("vram", Tier.WARN, "VRAM filling up", f"round {number}")
        rig.alerts.clear("vram", "over")
        await rig.live(600)  # else it would be the same story, coming back
    await rig.alerts.flush()
    kept = rig.alerts.all()
    assert len(kept) <= 200
    assert kept[-1].lines[0].text == "round 399"
    assert len(await rig.alerts._disk._store.items("incidents")) == len(kept)


async def test_a_kept_incident_that_cannot_be_read_any_more_does_not_keep_bd1_from_starting(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.alerts._disk._store.put("incidents", "old", {"id": "old", "shape": "of another version"})
    rig.alerts.report("vram", Tier.WARN, "VRAM filling up", "82 %")
    await rig.alerts.flush()
    await rig.alerts.load()
    assert [incident.key for incident in rig.alerts.all()] == ["vram"]
    assert "old" in caplog.text


async def test_a_newcomer_on_the_card_is_known_while_docker_is_away_and_ollama_is_asked_instead(rig: Rig) -> None:
    for name in ("ollama", "open-webui", "anythingllm"):
        rig.world.machine.start(name)
    await rig.live(10)
    await rig.start_all()
    await rig.live(10)
    rig.world.machine.engine_away = True
    await rig.live(1)
    runner = rig.world.machine.spawn_child("ollama")
    rig.world.ledger.claim(runner, "large", 19_300, 2500)
    await rig.live(15)
    assert "I take it from ollama" in rig.told("vram")
    assert rig.world.used_mib < 1000
    assert rig.world.machine.boxes["ollama"].running
