"""From a leak to its end with everything that BD-1 has: who is ended, how soon, and how full the card gets."""

from dataclasses import dataclass

import pytest

from bd1.sim.card import TOTAL_MIB
from bd1.sim.machine import KILL_S
from tests.services.rig import Rig

VICTIM = "comfyui"
STEP_S = 0.02


@dataclass
class Outcome:
    """How full the card got, and when protection was called and the victim dead, in seconds since the trouble began."""

    peak_pct: float
    called_s: float
    dead_s: float


async def filled(rig: Rig, to_pct: float) -> int:
    """ComfyUI in its mode with so much of the card in use, watched for a while; answers its PID."""
    await rig.switch("image")
    pid = rig.world.machine.boxes[VICTIM].pid or 0
    rig.world.ledger.seize(pid, "model", TOTAL_MIB * to_pct / 100 - rig.world.used_mib)
    await rig.start_all()
    await rig.live(5)
    return pid


async def watched(rig: Rig, at_most_s: float) -> Outcome:
    """Lives on until the victim is dead."""
    began_s, called_s, peak_mib = rig.clock.monotonic(), float("inf"), 0
    while rig.world.machine.boxes[VICTIM].running and rig.clock.monotonic() - began_s < at_most_s:
        await rig.live(STEP_S)
        peak_mib = max(peak_mib, rig.world.used_mib)
        if "protective threshold" in rig.told("vram") or "the ceiling is" in rig.told("vram"):
            called_s = min(called_s, rig.clock.monotonic() - began_s)
    dead_s = rig.clock.monotonic() - began_s
    await rig.live(5)
    return Outcome(100 * peak_mib / TOTAL_MIB, called_s, dead_s)


@pytest.mark.parametrize(("gib_s", "peak_pct"), [(0.05, 95.3), (0.25, 95.0), (1.0, 93.0), (2.0, 90.5), (4.0, 86.5)])
async def test_a_leak_is_ended_as_soon_as_it_is_called_one_and_nobody_else_is(
    rig: Rig, gib_s: float, peak_pct: float
) -> None:
    pid = await filled(rig, 60)
    bystanders = [name for name, box in rig.world.machine.boxes.items() if box.running and name != VICTIM]
    rig.world.ledger.claim(pid, "leak", TOTAL_MIB, gib_s * 1024)
    outcome = await watched(rig, 200)
    assert outcome.peak_pct <= peak_pct
    assert outcome.dead_s - outcome.called_s <= 0.1 + KILL_S
    assert not rig.world.machine.boxes[VICTIM].running
    assert all(rig.world.machine.boxes[name].running for name in bystanders)
    assert rig.alerts.open_incident("vram") is None


async def test_one_allocation_by_a_container_that_ignores_everything_is_answered_by_its_death(rig: Rig) -> None:
    pid = await filled(rig, 60)
    rig.world.machine.boxes[VICTIM].is_deaf = True
    rig.world.ledger.seize(pid, "tensor", 7300)
    outcome = await watched(rig, 5)
    assert outcome.dead_s <= 0.32
    assert rig.told("vram").count("Kill comfyui") == 1
