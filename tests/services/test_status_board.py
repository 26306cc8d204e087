"""The picture behind `/gpu status`."""

from bd1.core.gpu import Fault
from tests.services.rig import Rig


async def test_it_names_who_holds_the_card_the_mode_and_the_loaded_model(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.start_all()
    await rig.live(2)
    status = await rig.go(rig.board.now())
    assert status.sample is not None
    assert status.attribution is not None
    assert status.attribution.holders[0].workload == "ollama"
    assert status.mode.name == "chat"
    assert status.mode.by == "Leia"
    assert status.models is not None
    assert status.models[0].name == "llama3:8b"
    assert [(part.part, part.ok) for part in status.parts] == [("NVML", True), ("Docker", True), ("Ollama", True)]


async def test_with_everything_away_it_still_answers_and_says_so(rig: Rig) -> None:
    rig.world.machine.engine_away = True
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    await rig.start_all()
    await rig.live(2)
    status = await rig.go(rig.board.now())
    assert status.sample is None
    assert status.failure is not None
    assert status.failure.fault is Fault.LOST
    assert status.models is None
    assert [part.ok for part in status.parts] == [False, False, False]


async def test_ollama_that_is_not_part_of_the_mode_is_no_fault(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    status = await rig.go(rig.board.now())
    assert status.parts[-1].ok is None
    assert status.parts[-1].words == "not running in this mode"


async def test_what_no_process_explains_is_shown_as_unattributed(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    await rig.switch("idle")
    await rig.start_all()
    await rig.live(2)
    status = await rig.go(rig.board.now())
    assert status.attribution is not None
    assert status.attribution.holders == ()
    assert (status.attribution.unattributed_mib or 0) > 4000
