"""A switch whose start fails goes back, through the same gate; one that may still be cancelled can be cancelled."""

import asyncio

import pytest

from bd1.core.progress import Outcome, Override
from bd1.errors import SwitchRefused, TooLate
from tests.services.rig import Rig


def up(rig: Rig) -> list[str]:
    rig.world.catch_up()
    return [name for name in ("ollama", "comfyui") if rig.world.machine.boxes[name].running]


def box_dies_starting(rig: Rig, name: str) -> None:
    rig.world.machine.boxes[name].crashes_after_s = 0.5


async def chat_with_a_model(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))


async def test_a_workload_that_dies_while_starting_brings_the_old_mode_back_through_the_gate(rig: Rig) -> None:
    await chat_with_a_model(rig)
    box_dies_starting(rig, "comfyui")
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.ROLLED_BACK
    assert "comfyui ended while it was starting (exit code 1)" in message
    assert "I went back to chat mode." in message
    assert message.endswith("The card is in chat mode now.")
    assert up(rig) == ["ollama"]
    keys = [step.key for step in rig.progress.steps]
    assert keys[-3:] == ["back gate ollama", "back start ollama", "back health ollama"]
    assert "commit" not in keys


async def test_one_that_never_answers_is_stopped_and_the_old_mode_comes_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat_with_a_model(rig)
    ready = rig.world.machine.is_ready
    monkeypatch.setattr(rig.world.machine, "is_ready", lambda name: name != "comfyui" and ready(name))
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.ROLLED_BACK
    assert "comfyui runs, but after 120 s it still cannot work" in message
    assert up(rig) == ["ollama"]


async def test_when_the_way_back_is_shut_as_well_the_card_is_left_idle_and_called_unsafe(rig: Rig) -> None:
    await chat_with_a_model(rig)
    box = rig.world.machine.boxes["comfyui"]
    box.crashes_after_s, box.leaves_mib = 1.5, 2000
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.FAILED
    assert "I could not go back to chat mode either" in message
    assert "have not come back" in message
    assert up(rig) == []
    assert rig.director.unsafe is not None
    assert (await rig.director.refresh()).unsafe is not None


async def test_when_the_old_mode_does_not_start_again_either_the_card_is_left_idle(rig: Rig) -> None:
    await chat_with_a_model(rig)
    box_dies_starting(rig, "comfyui")
    box_dies_starting(rig, "ollama")
    message = await rig.switch("image")
    assert rig.progress.outcome is Outcome.FAILED
    assert message.endswith("The card is in idle mode now.")
    assert up(rig) == []
    assert rig.director.unsafe is None


async def test_from_an_empty_card_there_is_nothing_to_go_back_to(rig: Rig) -> None:
    box_dies_starting(rig, "comfyui")
    await rig.switch("image")
    assert rig.progress.outcome is Outcome.FAILED
    assert up(rig) == []


async def test_a_death_while_starting_is_noticed_by_the_event_and_not_by_the_next_look(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bd1.services.readiness._POLL_S", 60.0)
    await rig.start_all()
    box_dies_starting(rig, "comfyui")
    job = rig.director.switch("image", "Leia")
    await rig.live(5)
    assert job.progress.outcome is Outcome.FAILED


async def test_whoever_is_entitled_cancels_before_anything_is_stopped(rig: Rig) -> None:
    await chat_with_a_model(rig)
    with rig.admission.enter("Han"):
        job = rig.director.switch("image", "Leia")
        await rig.live(2)
        assert job.progress.is_cancellable
        rig.director.cancel(job.id, "Lando")
        await rig.live(2)
    assert job.progress.outcome is Outcome.CANCELLED
    assert "Lando cancelled the switch before anything was stopped." in job.progress.message
    assert up(rig) == ["ollama"]
    assert rig.admission.closed_because is None
    with pytest.raises(TooLate, match="over already"):
        rig.director.cancel(job.id, "Lando")


async def test_after_the_first_stop_it_is_too_late_to_cancel(rig: Rig) -> None:
    await chat_with_a_model(rig)
    job = rig.director.switch("image", "Leia")
    seen: list[str] = []

    async def watch() -> None:
        async for progress in job.watch():
            if any(step.key == "stop ollama" and step.started_s is not None for step in progress.steps):
                try:
                    rig.director.cancel(job.id, "Leia")
                except TooLate as late:
                    seen.append(str(late))

    watching = asyncio.create_task(watch())
    await rig.live(30)
    await watching
    assert job.progress.outcome is Outcome.DONE
    assert seen[0].startswith("Something has been stopped already")


async def test_a_button_of_another_switch_does_nothing_to_this_one(rig: Rig) -> None:
    rig.director.switch("chat", "Leia")
    with pytest.raises(TooLate, match="over already"):
        rig.director.cancel("20260101120000-00000000", "Leia")
    await rig.live(30)
    assert rig.progress.outcome is Outcome.DONE


async def refused_with_stuck_memory(rig: Rig) -> None:
    await chat_with_a_model(rig)
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    await rig.switch("image")
    assert rig.progress.outcome is Outcome.REFUSED


async def test_a_refusal_is_latched_told_once_and_opened_when_the_card_is_clean(rig: Rig) -> None:
    await rig.start_all()
    await refused_with_stuck_memory(rig)
    assert rig.progress.is_overridable
    unsafe = rig.director.unsafe
    assert unsafe is not None
    assert "have not come back" in unsafe.reason
    assert rig.fleet.view.unsafe == unsafe.reason
    await rig.go(rig.troubles.set("stuck_vram", on=False))
    await rig.live(8)
    assert rig.director.unsafe is None
    assert rig.fleet.view.unsafe is None
    assert rig.told("unsafe").endswith("The card is clean again.")


async def test_a_workload_started_by_hand_on_an_unsafe_card_is_ended(rig: Rig) -> None:
    await rig.start_all()
    await refused_with_stuck_memory(rig)
    rig.world.machine.start("comfyui")
    await rig.live(2)
    assert up(rig) == []
    assert "The card is not free." in rig.told("newcomer comfyui")


async def test_an_operators_word_opens_the_gate_and_is_written_down(rig: Rig) -> None:
    await refused_with_stuck_memory(rig)
    job = rig.director.switch("image", "Leia", override=Override("Leia", "4.7 GB are a known driver bug"))
    await rig.live(30)
    assert job.progress.outcome is Outcome.DONE
    assert up(rig) == ["comfyui"]
    assert rig.director.unsafe is None
    assert rig.journal.last(1)[0].override == "Leia: 4.7 GB are a known driver bug"


async def test_no_word_takes_the_card_above_its_ceiling(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.go(rig.troubles.set("leak", on=True))
    await rig.live(25)
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    await rig.switch("image")
    assert not rig.progress.is_overridable
    job = rig.director.switch("image", "Leia", override=Override("Leia", "I want it all the same"))
    await rig.live(40)
    assert job.progress.outcome is Outcome.REFUSED
    assert "the ceiling is" in job.progress.message
    assert up(rig) == []


async def test_a_holder_of_ours_can_be_killed_but_not_the_mode_that_is_on(rig: Rig) -> None:
    await rig.switch("image")
    kept = await rig.go(rig.director.kill_holder("comfyui", "Leia"))
    assert not kept.worked
    assert "belongs to image mode" in kept.text
    assert up(rig) == ["comfyui"]
    await rig.go(rig.hands.containers.stop("comfyui", 10))
    await rig.go(rig.director.refresh())
    gone = await rig.go(rig.director.kill_holder("comfyui", "Leia"))
    assert "does not run any more" in gone.text


async def test_a_preview_tells_who_goes_who_comes_and_who_is_interrupted(rig: Rig) -> None:
    await chat_with_a_model(rig)
    await rig.live(5)
    await rig.go(rig.card.look())
    with rig.admission.enter("Han"):
        forecast = await rig.go(rig.director.preview("image"))
    assert [(share.name, share.mib) for share in forecast.stops] == [("ollama", 4700)]
    assert [(share.name, share.mib) for share in forecast.starts] == [("comfyui", 8000)]
    assert forecast.at_work == ("Han is being answered",)
    assert (forecast.idle_mib, forecast.need_mib) == (460, 8000)
    with pytest.raises(SwitchRefused, match="no mode called"):
        await rig.go(rig.director.preview("imaeg"))


async def test_pictures_under_way_are_counted_and_waited_for(rig: Rig) -> None:
    await rig.switch("image")
    rig.world.activity.queue(3)
    await rig.live(0.5)
    assert (await rig.go(rig.director.preview("chat"))).at_work == ("comfyui draws 1 picture, 2 more wait",)
    job = rig.director.switch("chat", "Leia")
    await rig.live(11)
    assert "comfyui draws" in (job.progress.question or "")
    await rig.live(60)
    assert job.progress.outcome is Outcome.DONE


async def test_a_jump_of_the_wall_clock_changes_nothing(rig: Rig) -> None:
    await chat_with_a_model(rig)
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    job = rig.director.switch("image", "Leia")
    await rig.live(3)
    rig.clock.jump_wall(-7200)
    await rig.live(3)
    rig.clock.jump_wall(86_400)
    assert not job.is_over
    await rig.go(rig.troubles.set("stuck_vram", on=False))
    await rig.live(10)
    assert job.progress.outcome is Outcome.DONE
    assert (rig.journal.last(1)[0].took_s or 0) < 30
