"""Every step of a switch is on disk before it is done; what the bot did not see the end of is resolved at its start."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bd1.core.journal import Entry
from bd1.core.progress import Outcome, StepState
from bd1.core.settings import RestartPolicy
from bd1.errors import StoreUnavailable
from bd1.services.journal import COLLECTION, Journal, from_document, to_document
from bd1.sim.store import MemoryStore
from tests.services.rig import Rig, build_rig, rig_settings

KEYS = ("drain", "unload", "stop ollama", "gate comfyui", "start comfyui", "health comfyui", "commit")


async def on_disk(rig: Rig) -> Entry:
    """The newest entry as a new process would read it."""
    documents = dict(await rig.store.items(COLLECTION))
    return from_document(documents[max(documents)])


async def chat_with_a_model(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))


async def test_each_step_is_written_before_it_is_done_and_after_it_was_verified(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat_with_a_model(rig)
    seen: list[tuple[str, StepState | None]] = []

    def spied(name: str) -> Callable[..., Awaitable[None]]:
        act = getattr(rig.containers, name)

        async def call(container: str, *more: Any) -> None:
            step = (await on_disk(rig)).step(f"{name} {container}")
            seen.append((f"{name} {container}", step.state if step else None))
            await act(container, *more)

        return call

    for name in ("start", "stop"):
        monkeypatch.setattr(rig.containers, name, spied(name))
    await rig.switch("image")
    assert seen == [("stop ollama", StepState.RUNNING), ("start comfyui", StepState.RUNNING)]
    entry = await on_disk(rig)
    assert tuple(step.key for step in entry.steps) == KEYS
    assert all(step.state is StepState.DONE and step.took_s is not None for step in entry.steps)
    assert (entry.origin, entry.target, entry.by, entry.outcome) == ("chat", "image", "Leia", Outcome.DONE)
    assert len(entry.samples) >= rig.settings.switch.gate_samples
    assert entry.samples[-1].used_mib == 460
    assert entry.samples[0].holders[0].startswith("ollama")
    assert from_document(to_document(entry)) == entry


async def test_a_switch_to_the_mode_that_is_on_leaves_no_trace(rig: Rig) -> None:
    await rig.switch("chat")
    before = rig.journal.last(10)
    await rig.switch("chat")
    assert rig.journal.last(10) == before


async def test_a_refusal_before_anything_moved_is_written_down_too(rig: Rig) -> None:
    rig.world.machine.boxes["comfyui"].policy = RestartPolicy.ALWAYS
    await rig.switch("image")
    assert rig.journal.last(1)[0].outcome is Outcome.REFUSED
    assert rig.journal.untold() == rig.journal.last(1)


async def test_nothing_is_touched_when_the_book_cannot_be_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await chat_with_a_model(rig)

    async def full(*_: object) -> None:
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(rig.store, "put", full)
    message = await rig.switch("image")
    assert "The disk is full." in message
    assert rig.world.machine.boxes["ollama"].running
    assert rig.progress.outcome is Outcome.FAILED


async def test_a_disk_that_fills_up_in_the_middle_leaves_the_card_idle(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat_with_a_model(rig)
    put = MemoryStore.put

    async def fills_up(store: MemoryStore, collection: str, key: str, value: dict[str, Any]) -> None:
        if collection == COLLECTION and any(step["key"].startswith("start") for step in value["steps"]):
            raise StoreUnavailable("The disk is full.")
        await put(store, collection, key, value)

    monkeypatch.setattr(MemoryStore, "put", fills_up)
    message = await rig.switch("image")
    assert "The disk is full." in message
    assert not any(box.running for box in rig.world.machine.boxes.values() if box.spec.uses_gpu)


async def test_a_cut_switch_is_closed_in_the_book_and_a_stopped_bot_leaves_it_open(rig: Rig) -> None:
    await chat_with_a_model(rig)
    rig.director.switch("image", "Leia")
    await rig.live(1)
    await rig.go(rig.director.evict("the test says so"))
    await rig.journal.flush()
    assert not (await on_disk(rig)).is_open
    rig.director.switch("image", "Leia")
    await rig.live(0.5)
    await rig.go(rig.director.close())
    next_life = Journal(rig.store, rig.clock, asyncio.Event())
    await next_life.load()
    assert len(next_life.interrupted) == 1


async def test_lines_are_told_once_and_a_shape_of_another_version_is_left_aside(rig: Rig) -> None:
    await rig.switch("chat")
    (entry,) = rig.journal.untold()
    assert rig.alerts.changed.is_set()
    rig.journal.told(entry.id)
    assert rig.journal.untold() == ()
    await rig.journal.flush()
    await rig.store.put(COLLECTION, "00000000000000-00000000", {"id": "old"})
    await rig.journal.load()
    assert (await on_disk(rig)).is_told
    assert len(rig.journal.last(10)) == 1


async def test_a_start_resolves_an_open_switch_from_what_runs_tells_it_and_starts_nothing_itself(rig: Rig) -> None:
    started = rig.clock.now()
    entry = Entry("20260101115900-00000000", "chat", "image", "Leia", started, ("ollama",), ("comfyui",))
    await rig.store.put(COLLECTION, entry.id, to_document(entry))
    await rig.start_all()
    await rig.live(5)
    assert rig.journal.interrupted == ()
    (closed,) = rig.journal.last(1)
    assert closed.outcome is Outcome.FAILED
    assert "left idle" in closed.message
    assert "BD-1 ended in the middle of Leia's switch chat -> image, before its first step" in rig.told(
        "interrupted switch"
    )
    assert not any(box.running for box in rig.world.machine.boxes.values())


async def test_until_that_is_done_a_new_switch_is_refused_with_a_sentence(tmp_path: Path) -> None:
    rig = build_rig(rig_settings(tmp_path))
    entry = Entry("20260101115900-00000000", "chat", "image", "Leia", rig.clock.now(), ("ollama",), ("comfyui",))
    await rig.store.put(COLLECTION, entry.id, to_document(entry))
    rig.world.machine.engine_away = True
    await rig.start_all()
    await rig.live(1)
    message = await rig.switch("chat")
    assert "I do not know yet what an interrupted switch left behind" in message
    rig.world.machine.engine_away = False
    await rig.live(60)
    assert await rig.switch("chat")
    assert rig.progress.outcome is Outcome.DONE
    await rig.stop_all()


async def test_the_oldest_switches_are_forgotten(rig: Rig) -> None:
    entry = Entry("0", None, "chat", "Leia", rig.clock.now(), outcome=Outcome.DONE)
    for number in range(230):
        await rig.journal.write(replace(entry, id=f"{number:014d}-00000000"))
    await rig.journal.flush()
    assert len(await rig.store.items(COLLECTION)) == 200
    assert rig.journal.last(1)[0].id.startswith("00000000000229")
