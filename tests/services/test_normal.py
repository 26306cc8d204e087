"""What is normal in the mode that is on."""

from dataclasses import replace
from pathlib import Path

from bd1.core.tiers import Tier
from bd1.services.normal import Normal
from tests.services.rig import Rig, build_rig, rig_settings

TOLERANCE_MIB, OLLAMA_MIB, COMFYUI_MIB, IDLE_MIB = 256, 12_000, 8_000, 460


def normal_of(rig: Rig) -> Normal:
    return Normal(rig.settings, rig.fleet, rig.card)


async def test_before_docker_was_asked_nothing_is_known(rig: Rig) -> None:
    assert normal_of(rig)() is None


async def test_it_is_the_idle_level_and_what_the_workloads_of_the_mode_declare(rig: Rig) -> None:
    normal = normal_of(rig)
    await rig.switch("chat")
    assert normal() == IDLE_MIB + TOLERANCE_MIB + OLLAMA_MIB
    await rig.switch("image")
    assert normal() == IDLE_MIB + TOLERANCE_MIB + COMFYUI_MIB
    await rig.switch("idle")
    assert normal() == IDLE_MIB + TOLERANCE_MIB


async def test_a_mixture_that_no_mode_has_declares_nothing(rig: Rig) -> None:
    await rig.switch("chat")
    rig.world.machine.start("comfyui")
    await rig.go(rig.fleet.refresh())
    assert normal_of(rig)() is None


async def test_while_docker_is_away_the_mode_is_taken_to_go_on(rig: Rig) -> None:
    normal = normal_of(rig)
    await rig.switch("chat")
    before = normal()
    rig.world.machine.engine_away = True
    await rig.go(rig.fleet.refresh())
    assert rig.fleet.view.name is None
    assert normal() == before


async def test_a_load_within_what_a_large_mode_declares_warns_nobody_and_ends_nobody(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    large = replace(settings.workloads["ollama"], vram_mib=17_500)
    rig = build_rig(replace(settings, workloads=settings.workloads | {"ollama": large}))
    await rig.switch("chat")
    await rig.start_all()
    rig.world.ledger.claim(rig.world.machine.boxes["ollama"].pid or 0, "weights", 17_400, 6144)
    await rig.live(30)
    assert rig.world.used_mib > 17_400
    assert rig.watchdog.tier is Tier.NORMAL
    assert rig.alerts.open_incident("vram") is None
    await rig.stop_all()
