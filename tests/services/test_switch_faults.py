"""What a mode switch does when something goes wrong in its middle."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bd1.core.progress import Outcome, StepState
from bd1.core.settings import WorkloadKind
from bd1.errors import Busy, ContainerMissing, ContainerRefused, DockerUnavailable
from bd1.ports import ContainerState
from bd1.services.hands import stop_and_verify
from bd1.sim.card import CardFault
from bd1.sim.containers import SimContainers
from tests.services.rig import Rig, build_rig, rig_settings

STEPS = ["drain", "unload", "stop ollama", "gate comfyui", "start comfyui", "health comfyui"]


def running_step(rig: Rig) -> str | None:
    running = [step.key for step in rig.progress.steps if step.state is StepState.RUNNING]
    return running[0] if running else None


def outcome(rig: Rig) -> Outcome | None:
    return rig.progress.outcome


async def answered_for_ever(rig: Rig) -> None:
    with rig.admission.enter("Han"):
        await asyncio.Event().wait()


async def halt_in(rig: Rig, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begins a switch from chat to image and lets it get stuck in one of its steps."""
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    never = asyncio.Event().wait
    stuck = {
        "unload": (rig.model, "unload"),
        "stop ollama": (rig.containers, "stop"),
        "start comfyui": (rig.containers, "start"),
    }
    if key == "drain":
        rig.tasks.append(asyncio.create_task(answered_for_ever(rig)))
    elif key == "gate comfyui":
        monkeypatch.setattr(rig.world.ledger, "sticks", True)
    elif key == "health comfyui":
        monkeypatch.setattr(rig.world.machine, "is_ready", lambda _name: False)
    else:
        owner, name = stuck[key]
        monkeypatch.setattr(owner, name, lambda *_args: never())
    rig.director.switch("image", "Leia")
    for _ in range(100):
        await rig.live(0.1)
        if running_step(rig) == key:
            return
    raise AssertionError(f"the switch never came to {key}")


@pytest.mark.parametrize("key", STEPS)
async def test_an_eviction_cuts_a_switch_in_any_step_and_says_why(
    rig: Rig, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await halt_in(rig, key, monkeypatch)
    monkeypatch.undo()
    await rig.go(rig.director.evict("the test says so"))
    assert not rig.director.is_switching
    assert outcome(rig) is Outcome.FAILED
    assert "The card had to be protected" in rig.progress.message
    runs = rig.world.machine.boxes["ollama"].running
    assert (rig.admission.closed_because is None) is runs
    assert "being switched" not in (rig.admission.closed_because or "")


@pytest.mark.parametrize("key", STEPS)
async def test_ending_bd1_in_any_step_ends_the_switch_and_chat_is_not_left_waiting_for_it(
    rig: Rig, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await halt_in(rig, key, monkeypatch)
    await rig.go(rig.director.close())
    assert not rig.director.is_switching
    assert "BD-1 is being stopped" in rig.progress.message
    assert "being switched" not in (rig.admission.closed_because or "")


async def test_a_switch_that_is_cut_before_its_first_step_has_an_end(rig: Rig) -> None:
    job = rig.director.switch("chat", "Leia")
    await rig.director.evict("the test says so")
    assert job.is_over
    assert not rig.director.is_switching
    assert await rig.switch("chat")
    assert outcome(rig) is Outcome.DONE


async def test_a_switch_asked_for_while_the_card_is_being_protected_is_refused_with_a_reason(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("image")
    door = asyncio.Event()
    look = rig.card.look

    async def slow_look() -> object:
        await door.wait()
        return await look()

    monkeypatch.setattr(rig.card, "look", slow_look)
    evicting = asyncio.create_task(rig.director.evict("the test says so"))
    await rig.clock.settle()
    with pytest.raises(Busy, match="making room"):
        rig.director.switch("chat", "Han")
    assert "making room" in (rig.admission.closed_because or "")
    door.set()
    monkeypatch.undo()
    await rig.live(5)
    assert evicting.done()
    assert await rig.switch("chat") == "image -> chat"


async def test_docker_that_goes_away_after_the_stop_fails_the_switch_and_the_next_one_mends_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")

    async def gone(_name: str) -> None:
        rig.world.machine.engine_away = True
        raise DockerUnavailable("Docker did not answer in time.")

    monkeypatch.setattr(rig.containers, "start", gone)
    message = await rig.switch("image")
    assert outcome(rig) is Outcome.FAILED
    assert "Docker did not answer in time." in message
    assert rig.alerts.open_incident("switch") is not None
    monkeypatch.undo()
    rig.world.machine.engine_away = False
    await rig.switch("image")
    assert outcome(rig) is Outcome.DONE
    assert rig.alerts.open_incident("switch") is None


async def test_a_container_that_vanishes_while_it_is_started_is_not_called_left_behind(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def vanish(name: str) -> None:
        inspect = rig.containers.inspect

        async def look(asked: str) -> object:
            if asked == name:
                raise ContainerMissing(f"There is no container named {name}.")
            return await inspect(asked)

        monkeypatch.setattr(rig.containers, "inspect", look)
        raise ContainerMissing(f"There is no container named {name}.")

    monkeypatch.setattr(rig.containers, "start", vanish)
    message = await rig.switch("image")
    assert "no container named comfyui" in message
    assert rig.alerts.open_incident("switch") is None


async def test_a_mode_whose_container_does_not_exist_is_refused_before_anything_stops(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    workloads = dict(settings.workloads)
    workloads["comfyui"] = replace(workloads["comfyui"], container="comfyui-next")
    rig = build_rig(replace(settings, workloads=workloads))
    await rig.switch("chat")
    message = await rig.switch("image")
    assert "no container named comfyui-next" in message
    assert rig.world.machine.boxes["ollama"].running
    assert (await rig.go(rig.board.now())).mode.name == "chat"
    await rig.stop_all()


async def test_a_step_that_fails_in_a_way_nobody_expected_ends_the_switch_with_a_sentence(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_url: str, _kind: WorkloadKind) -> str | None:
        raise KeyError("status")

    monkeypatch.setattr(rig.hands.health, "trouble", broken)
    message = await rig.switch("image")
    assert outcome(rig) is Outcome.FAILED
    assert "did not expect" in message
    assert "KeyError" not in message
    assert "KeyError" in caplog.text
    assert not rig.world.machine.boxes["comfyui"].running
    monkeypatch.undo()
    await rig.switch("image")
    assert outcome(rig) is Outcome.DONE


async def test_docker_that_answers_with_an_error_of_its_own_neither_hangs_the_switch_nor_ends_bd1(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(name: str) -> object:
        raise ContainerRefused(f"Docker would not look at container '{name}': 500 Server Error.")

    await rig.start_all()
    monkeypatch.setattr(rig.containers, "inspect", refuse)
    message = await rig.switch("image")
    assert "500 Server Error" in message
    await rig.live(30)
    assert not any(task.done() for task in rig.tasks)
    status = await rig.go(rig.board.now())
    assert status.mode.name is None
    assert "500 Server Error" in (status.mode.trouble or "")


async def test_a_container_that_ends_just_before_it_is_killed_counts_as_ended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("image")
    kill = rig.containers.kill

    async def deaf(_name: str, _grace_s: float) -> None:
        """Answers at once, like an engine that lost the signal."""

    async def too_late(name: str) -> None:
        rig.world.machine.end_now(name)
        await kill(name)

    monkeypatch.setattr(rig.containers, "stop", deaf)
    monkeypatch.setattr(rig.containers, "kill", too_late)
    await rig.go(stop_and_verify(rig.hands, rig.settings.workloads["comfyui"]))
    assert not rig.world.machine.boxes["comfyui"].running


async def test_a_deaf_container_is_killed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.switch("chat")

    async def deaf(_name: str, _grace_s: float) -> None:
        """Answers at once, like an engine that lost the signal."""

    monkeypatch.setattr(rig.containers, "stop", deaf)
    assert await rig.switch("image") == "chat -> image"


async def test_one_that_survives_its_kill_fails_the_switch_with_what_to_do(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")

    async def nothing(*_args: object) -> None:
        """The engine says yes and does nothing."""

    monkeypatch.setattr(rig.containers, "stop", nothing)
    monkeypatch.setattr(rig.containers, "kill", nothing)
    message = await rig.switch("image")
    assert outcome(rig) is Outcome.FAILED
    assert "still runs after it was killed" in message
    assert "docker top ollama" in message
    assert not rig.world.machine.boxes["comfyui"].running


async def test_a_gpu_workload_somebody_starts_during_the_switch_is_named_at_the_gate(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("idle")
    states = rig.fleet.states

    async def states_then_somebody_starts_one() -> object:
        seen = await states()
        rig.world.machine.start("comfyui")
        return seen

    monkeypatch.setattr(rig.fleet, "states", states_then_somebody_starts_one)
    message = await rig.switch("chat")
    assert outcome(rig) is Outcome.REFUSED
    assert "comfyui" in message
    assert "no process on the card explains" not in message


async def test_a_gpu_workload_somebody_starts_while_a_web_page_comes_up_is_found_by_the_gate(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("idle")
    healthy = rig.hands.health.trouble

    async def somebody_starts_one(url: str, kind: WorkloadKind) -> str | None:
        why_not = await healthy(url, kind)
        if why_not is None:
            rig.world.machine.start("comfyui")
        return why_not

    monkeypatch.setattr(rig.hands.health, "trouble", somebody_starts_one)
    message = await rig.switch("chat")
    assert outcome(rig) is Outcome.REFUSED
    assert "comfyui" in message
    assert not rig.world.machine.boxes["ollama"].running


async def test_what_a_failed_switch_leaves_is_put_down_to_that_switch(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    await rig.start_all()
    await rig.switch("image")
    assert rig.fleet.view.name == "idle"
    assert "Leia" in (rig.fleet.view.by or "")
    assert "outside" not in (rig.fleet.view.by or "")


async def test_an_unload_that_is_refused_does_not_keep_the_container_from_being_stopped(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    monkeypatch.setattr(rig.world.machine, "is_ready", lambda name: name != "ollama")
    assert await rig.switch("image") == "chat -> image"
    assert rig.settings.workloads["ollama"].kind is WorkloadKind.OLLAMA


async def test_nothing_running_where_no_mode_means_that_is_told_in_a_whole_sentence(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    modes = {name: mode for name, mode in settings.modes.items() if name != "idle"}
    rig = build_rig(replace(settings, modes=modes))
    view = await rig.go(rig.fleet.refresh())
    assert view.trouble == "Nothing runs on the card, and no mode means that."
    rig.world.machine.start("comfyui")
    rig.world.machine.start("ollama")
    view = await rig.go(rig.fleet.refresh())
    assert view.trouble == "No mode has comfyui and ollama together on the card."


async def test_one_workload_that_no_mode_has_alone_is_told_in_a_whole_sentence(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    modes = {name: mode for name, mode in settings.modes.items() if name != "image"}
    rig = build_rig(replace(settings, modes=modes))
    rig.world.machine.start("comfyui")
    view = await rig.go(rig.fleet.refresh())
    assert view.trouble == "No mode has comfyui alone on the card."


async def test_the_start_mode_is_brought_up_where_no_mode_means_an_empty_card(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    modes = {name: mode for name, mode in settings.modes.items() if name != "idle"}
    rig = build_rig(replace(settings, modes=modes, switch=replace(settings.switch, start_mode="chat")))
    await rig.start_all()
    await rig.live(30)
    assert rig.fleet.view.name == "chat"
    await rig.stop_all()


async def test_somebody_who_is_faster_than_the_start_mode_does_not_end_bd1(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    rig = build_rig(replace(settings, switch=replace(settings.switch, start_mode="chat")))
    rig.director.switch("image", "Leia")
    await rig.start_all()
    await rig.live(30)
    assert not any(task.done() for task in rig.tasks)
    assert rig.fleet.view.name == "image"
    await rig.stop_all()


async def test_a_look_that_took_long_does_not_hide_what_a_switch_brought_about_meanwhile(rig: Rig) -> None:
    await rig.switch("idle")
    door = asyncio.Event()
    slow = SlowOnce(rig.containers, door)
    rig.fleet._containers = slow
    late = asyncio.create_task(rig.director.refresh())
    await rig.clock.settle()
    await rig.switch("image")
    door.set()
    await rig.live(1)
    await late
    assert rig.fleet.view.name == "image"
    assert rig.fleet.view.by == "Leia"
    assert (await rig.director.refresh()).by == "Leia"


class SlowOnce(SimContainers):
    """The engine, whose first answer is seen at once and told much later."""

    def __init__(self, inner: SimContainers, door: asyncio.Event) -> None:
        super().__init__(inner._world, inner._names)
        self._door: asyncio.Event | None = door

    async def inspect(self, name: str) -> ContainerState:
        seen = await super().inspect(name)
        if name == "comfyui" and self._door is not None:
            door, self._door = self._door, None
            await door.wait()
        return seen


async def test_a_card_that_cannot_be_read_ends_a_switch_before_anything_is_stopped(rig: Rig) -> None:
    await rig.switch("chat")
    rig.world.card.fault = CardFault.HANGS
    message = await rig.switch("image")
    assert message.startswith("The card cannot be read, so I could start nothing on it.")
    assert "I have stopped nothing." in message
    assert rig.world.machine.boxes["ollama"].running
    assert rig.director.unsafe is None
    assert rig.fleet.view.name == "chat"


async def test_to_empty_a_card_that_cannot_be_read_is_still_possible(rig: Rig) -> None:
    await rig.switch("chat")
    rig.world.card.fault = CardFault.LOST
    await rig.switch("idle")
    assert not rig.world.machine.boxes["ollama"].running


async def test_one_look_that_fails_does_not_end_a_switch(rig: Rig) -> None:
    await rig.switch("chat")
    rig.world.card.fault = CardFault.UNKNOWN
    rig.world.timeline.after(0.1, lambda: setattr(rig.world.card, "fault", None))
    assert await rig.switch("image") == "chat -> image"
