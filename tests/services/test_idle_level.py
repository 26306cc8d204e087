"""The idle level: learned on an empty card, kept for each card and driver, raised only so far without a person."""

import pytest

from bd1.errors import SwitchRefused
from bd1.services.idle_level import IdleLevel
from tests.services.rig import Rig

A_WHILE_S = 60.0


async def leave_behind(rig: Rig, mib: int) -> None:
    """So much memory is taken, and nobody explains it."""
    pid = rig.world.machine.boxes["comfyui"].pid or 99
    rig.world.ledger.seize(pid, "lost", mib)
    rig.world.ledger.bury(pid, leaves_mib=mib)


async def test_it_is_learned_while_nothing_of_ours_runs_and_kept(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(5)
    learned = rig.idle_level.baseline
    assert learned is not None
    assert (learned.idle_mib, learned.by) == (460, "BD-1")
    again = IdleLevel(rig.hands, rig.fleet, rig.store, rig.alerts)
    rig.card.baseline = None
    await rig.go(again.observe())
    assert again.baseline == learned


async def test_a_little_more_is_learned_and_a_leak_is_told_but_not_learned(rig: Rig) -> None:
    await rig.start_all()
    await leave_behind(rig, 100)
    await rig.live(A_WHILE_S)
    assert rig.card.idle_mib == 560
    await leave_behind(rig, 900)
    await rig.live(A_WHILE_S)
    assert rig.card.idle_mib == 560
    assert "That is what a leak looks like." in rig.told("idle level")
    await rig.switch("chat")
    assert "have not come back" in rig.progress.message


async def test_a_persons_word_makes_it_the_idle_level(rig: Rig) -> None:
    await rig.start_all()
    await leave_behind(rig, 1000)
    await rig.live(A_WHILE_S)
    assert await rig.go(rig.idle_level.measure()) == 1460
    accepted = await rig.go(rig.idle_level.accept("Leia"))
    assert (accepted.idle_mib, accepted.by) == (1460, "Leia")
    assert rig.alerts.open_incident("idle level") is None
    assert await rig.switch("chat") == "idle -> chat"


async def test_nothing_is_learned_or_accepted_while_something_of_ours_runs(rig: Rig) -> None:
    await rig.switch("image")
    await rig.start_all()
    await rig.live(A_WHILE_S)
    assert rig.idle_level.baseline is None
    assert await rig.go(rig.idle_level.measure()) is None
    with pytest.raises(SwitchRefused, match="/gpu mode idle"):
        await rig.go(rig.idle_level.accept("Leia"))


async def test_memory_on_its_way_back_is_no_leak(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.start_all()
    rig.world.machine.end_now("ollama")
    await rig.live(A_WHILE_S)
    assert rig.told("idle level") == ""
    assert rig.card.idle_mib == 460


async def test_another_driver_has_a_level_of_its_own(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(5)
    before = rig.idle_level.baseline
    rig.world.reload_driver()
    await rig.live(A_WHILE_S)
    after = rig.idle_level.baseline
    assert before is not None
    assert after is not None
    assert after.driver != before.driver


async def test_a_card_that_is_known_not_to_be_free_teaches_nothing(rig: Rig) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.start_all()
    await rig.go(rig.troubles.set("stuck_vram", on=True))
    await rig.switch("image")
    assert rig.progress.message.endswith("The card is in idle mode now, and unsafe.")
    await rig.live(A_WHILE_S)
    assert rig.card.idle_mib == 460
    assert rig.told("idle level") == ""
