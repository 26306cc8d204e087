"""What the machine that puts the director through anything has found, each told once more by itself."""

from collections.abc import AsyncIterator

import pytest

from bd1.core.progress import Outcome, Patience, Progress
from tests.services.machine_life import Life
from tests.services.machine_place import Place, machine_settings
from tests.services.machine_troubles import TROUBLES


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A card that nobody uses, and a BD-1."""
    made = Place(machine_settings(None))
    await made.be_born()
    await made.live(1.0)
    yield made
    await made.die()


def life(place: Place) -> Life:
    assert place.life
    return place.life


async def want(place: Place, mode: str, patience: Patience = Patience.WAIT) -> None:
    await life(place).within(lambda: life(place).want(mode, "Leia", patience))


async def be_in(place: Place, mode: str) -> None:
    await want(place, mode)
    await place.be_quiet()
    assert place.referee.mode == mode


def end_of(place: Place) -> Progress:
    """How the last switch ended."""
    progress = life(place).jobs[-1].progress
    assert progress.outcome
    return progress


def happen(place: Place, what: str) -> None:
    place.happen(what, TROUBLES[what])


async def until_written(place: Place, key: str) -> None:
    """Lives until this step is begun on disk."""
    for _ in range(400):
        await place.live(0.05)
        if any(step["key"] == key for entry in place.disk.open_entries() for step in entry["steps"]):
            return
    raise AssertionError(f"{key} was never begun")


async def test_a_refusal_that_stops_nothing_is_latched_until_the_card_is_clean_beside_the_mode_that_stays(
    place: Place,
) -> None:
    await be_in(place, "chat")
    happen(place, "a stranger takes 12000 MiB")
    await want(place, "voice")
    await place.live(15.0)
    assert end_of(place).outcome is Outcome.REFUSED
    assert place.referee.mode == "chat"
    assert life(place).rig.director.unsafe
    happen(place, "a stranger leaves")
    await place.live(10.0)
    assert life(place).rig.director.unsafe is None
    assert place.truth.at_rest() == []


async def test_a_proof_that_took_long_to_write_down_is_made_anew(place: Place) -> None:
    await be_in(place, "idle")
    happen(place, "the disk is slow")
    await want(place, "image")
    await until_written(place, "start comfyui")
    happen(place, "a stranger takes 3000 MiB")
    await place.live(20.0)
    assert end_of(place).outcome is Outcome.REFUSED
    assert "supertuxkart" in end_of(place).message
    assert place.world.machine.boxes["comfyui"].starts == 0


async def test_a_card_that_changes_while_docker_takes_its_time_is_looked_at_again(place: Place) -> None:
    await be_in(place, "idle")
    happen(place, "docker takes 1.0 s")
    await want(place, "image")
    await until_written(place, "gate comfyui")
    await place.live(0.9)  # the looks are taken, Docker is being asked
    happen(place, "a stranger takes 3000 MiB")
    await place.live(40.0)
    assert end_of(place).outcome is Outcome.REFUSED
    assert place.world.machine.boxes["comfyui"].starts == 0


async def test_a_newcomer_ended_between_the_proof_and_the_start_makes_the_proof_void(place: Place) -> None:
    await be_in(place, "idle")
    happen(place, "memory comes back after 5.0 s")
    await want(place, "chat")
    await until_written(place, "start ollama")
    happen(place, "comfyui is started by hand")
    await place.live(3.0)
    assert place.referee.on_card <= {"ollama"}
    await place.live(20.0)
    assert place.referee.mode == "chat"


async def test_what_is_taken_back_is_written_down_first(place: Place) -> None:
    await be_in(place, "chat")
    happen(place, "comfyui never ready")
    await want(place, "image")
    await until_written(place, "back stop comfyui")
    await place.live(30.0)
    assert end_of(place).outcome is Outcome.ROLLED_BACK
    keys = [step.key for step in end_of(place).steps]
    assert keys[-4:] == ["back stop comfyui", "back gate ollama", "back start ollama", "back health ollama"]


async def test_what_is_taken_back_when_bd1_dies_is_waited_for_and_then_told_as_it_is(place: Place) -> None:
    await be_in(place, "chat")
    happen(place, "comfyui never ready")
    happen(place, "comfyui is deaf")
    await want(place, "image")
    await until_written(place, "back stop comfyui")
    await place.live(0.2)
    await place.die()
    place.world.machine.boxes["comfyui"].never_ready = False  # it could answer now, but it is being ended
    await place.be_born()
    await place.live(40.0)
    entry = life(place).rig.journal.last(1)[0]
    assert entry.outcome is Outcome.FAILED
    assert "Nothing runs on the card" in entry.message
    assert place.referee.mode == "idle"


async def test_a_full_disk_does_not_keep_what_is_half_started_on_the_card(place: Place) -> None:
    await be_in(place, "chat")
    happen(place, "comfyui never ready")
    await want(place, "image")
    await until_written(place, "health comfyui")
    happen(place, "the disk is full")
    await place.live(30.0)
    assert not place.world.machine.boxes["comfyui"].running
    assert end_of(place).outcome is Outcome.FAILED


async def test_a_newcomer_is_met_at_once_though_the_disk_is_slow(place: Place) -> None:
    await be_in(place, "chat")
    happen(place, "the disk is slow")
    happen(place, "ollama crashes")
    await place.live(0.2)  # the mode that follows is being written down
    happen(place, "ollama is started by hand")
    await place.live(0.2)
    happen(place, "comfyui is started by hand")
    await place.live(3.0)
    assert place.referee.on_card == {"ollama"}


async def test_a_newcomer_is_met_again_at_once_though_the_card_hangs(place: Place) -> None:
    await be_in(place, "chat")
    happen(place, "the card is hangs")
    for _ in range(4):
        happen(place, "comfyui is started by hand")
        await place.live(0.35)
    assert place.referee.on_card == {"ollama"}


async def test_a_way_back_that_comes_to_nothing_is_not_called_one(place: Place) -> None:
    await be_in(place, "voice")
    happen(place, "comfyui dies while it starts")
    await want(place, "image")
    await until_written(place, "back health anythingllm")
    happen(place, "ollama is killed by hand")
    await place.live(20.0)
    assert end_of(place).outcome is Outcome.FAILED
    assert (
        "I could not go back to voice mode either: No mode has anythingllm alone on the card." in end_of(place).message
    )


async def test_what_was_started_before_the_gate_said_no_is_taken_back(place: Place) -> None:
    await be_in(place, "idle")
    await want(place, "voice")
    await until_written(place, "health ollama")
    happen(place, "a stranger takes 12000 MiB")
    await place.live(30.0)
    assert end_of(place).outcome is Outcome.REFUSED
    assert "The card is in idle mode now" in end_of(place).message
    assert place.referee.on_card == set()
