"""What is noticed about the containers when events are missed, late or wrong."""

from datetime import UTC, datetime

import pytest

from bd1.core.settings import WorkloadKind
from bd1.errors import ContainerRefused
from bd1.ports import ContainerEvent
from tests.services.rig import Rig


async def test_a_newcomer_that_came_while_docker_told_no_events_is_found_and_stopped(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    await rig.live(1)
    rig.world.machine.engine_away = True
    rig.world.machine.start("comfyui")
    await rig.live(15)
    rig.world.machine.engine_away = False
    await rig.live(30)
    assert not rig.world.machine.boxes["comfyui"].running
    assert rig.world.machine.boxes["ollama"].running
    assert rig.fleet.view.name == "chat"


async def test_a_newcomer_that_came_during_a_switch_is_found_afterwards(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.start_all()
    trouble = rig.hands.health.trouble

    async def somebody_starts_another(url: str, kind: WorkloadKind) -> str | None:
        why_not = await trouble(url, kind)
        if why_not is None and rig.world.machine.boxes["ollama"].running:
            rig.world.machine.start("comfyui")
        return why_not

    monkeypatch.setattr(rig.hands.health, "trouble", somebody_starts_another)
    await rig.switch("chat")
    monkeypatch.undo()
    await rig.live(30)
    assert [name for name in ("ollama", "comfyui") if rig.world.machine.boxes[name].running] == ["ollama"]


async def test_two_that_run_when_bd1_starts_become_one(rig: Rig) -> None:
    rig.world.machine.start("ollama")
    await rig.live(5)
    rig.world.catch_up()
    rig.world.machine.start("comfyui")
    await rig.live(5)
    await rig.start_all()
    await rig.live(20)
    assert [name for name in ("ollama", "comfyui") if rig.world.machine.boxes[name].running] == ["ollama"]
    assert "comfyui" in rig.told("newcomer comfyui")


async def test_a_newcomer_that_cannot_be_stopped_stays_an_open_incident_until_it_is_gone(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    await rig.start_all()

    async def refuse(_name: str, _grace_s: float) -> None:
        raise ContainerRefused("Docker would not stop it: permission denied.")

    monkeypatch.setattr(rig.containers, "stop", refuse)
    rig.world.machine.start("comfyui")
    await rig.live(60)
    incident = rig.alerts.open_incident("newcomer comfyui")
    assert incident is not None
    assert len(incident.lines) == 1
    assert "Only one of them" not in rig.told("newcomer comfyui")
    rig.world.machine.end_now("comfyui")
    await rig.live(15)
    assert rig.alerts.open_incident("newcomer comfyui") is None


async def test_docker_that_goes_away_and_comes_back_is_followed_again(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.start_all()
    rig.world.machine.engine_away = True
    await rig.live(30)
    assert rig.fleet.view.name is None
    assert rig.admission.closed_because is None
    rig.world.machine.engine_away = False
    await rig.live(15)
    assert rig.fleet.view.name == "chat"
    assert rig.fleet.view.by == "Leia"
    rig.world.machine.crash("ollama")
    await rig.live(1)
    assert "ollama ended by itself (exit code 1)" in rig.told("exit ollama")


async def test_a_crash_is_over_once_the_workload_has_run_for_a_while_again(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.crash("comfyui")
    await rig.live(5)
    assert rig.alerts.open_incident("exit comfyui") is not None
    rig.world.machine.start("comfyui")
    await rig.live(300)
    assert rig.alerts.open_incident("exit comfyui") is not None
    await rig.live(400)
    assert rig.alerts.open_incident("exit comfyui") is None


async def test_a_crash_is_over_when_somebody_switches_to_a_mode_without_the_workload(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.crash("comfyui")
    await rig.live(5)
    await rig.switch("chat")
    assert rig.alerts.open_incident("exit comfyui") is None


async def test_a_crash_is_not_put_down_to_a_person(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.crash("comfyui")
    await rig.live(5)
    assert rig.fleet.view.name == "idle"
    assert rig.fleet.view.by == "comfyui, which ended by itself"


async def test_a_stop_by_a_person_is_no_crash_and_is_put_down_to_somebody_outside(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    rig.world.machine.stop("comfyui", 10)
    await rig.live(5)
    assert rig.fleet.view.by == "somebody outside BD-1"
    assert rig.alerts.all() == ()


async def test_a_kill_signal_that_ends_nothing_does_not_excuse_a_later_crash(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    for listener in tuple(rig.world.machine._listeners):
        listener(ContainerEvent("comfyui", "kill", datetime.now(UTC)))
    await rig.live(120)
    rig.world.machine.crash("comfyui")
    await rig.live(1)
    assert "ended by itself" in rig.told("exit comfyui")


async def test_trouble_while_docker_refuses_to_say_what_runs_does_not_end_the_onlooker(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.switch("chat")
    await rig.start_all()

    async def refuse(name: str) -> object:
        raise ContainerRefused(f"Docker would not look at container '{name}': 500 Server Error.")

    monkeypatch.setattr(rig.containers, "inspect", refuse)
    rig.world.machine.start("comfyui")
    await rig.live(30)
    monkeypatch.undo()
    await rig.live(30)
    assert not any(task.done() for task in rig.tasks)
    assert not rig.world.machine.boxes["comfyui"].running
