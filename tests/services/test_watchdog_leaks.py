"""How full the card gets before protection is called, and how soon: leaks of all speeds, and one large allocation.

Who protects here kills at once; the simulated engine takes a tenth of a second for that, and the memory of the dead
comes back half a second to one and a half later.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bd1.core.tiers import Tier
from bd1.sim.card import TOTAL_MIB
from bd1.sim.machine import KILL_S
from tests.services.rig import Rig
from tests.services.watching import watchdog_of

VICTIM = "comfyui"
STEP_S = 0.02
LONGEST_LAG_S = 1.5
CHAT_MIB = 12_716
"""What is normal in a mode that declares 12 GB."""


@dataclass
class Call:
    """A call for protection: how long after the trouble began, how full the card was, and the reason."""

    after_s: float
    used_pct: float
    reason: str


class Guarded:
    """A machine with one process on the card, and a watchdog that has that process killed."""

    def __init__(self, rig: Rig, normal_mib: int | None) -> None:
        self.rig = rig
        self.calls: list[Call] = []
        self.peak_pct = 0.0
        self._began_s = 0.0
        self.watchdog = watchdog_of(rig, self._kill, normal_mib)

    async def begin(self, used_pct: float, phase_s: float = 0.0) -> int:
        """The victim's PID, once it holds so much and the watchdog has watched that for a while."""
        machine = self.rig.world.machine
        machine.start(VICTIM)
        await self.rig.live(5)
        pid = machine.boxes[VICTIM].pid or 0
        self.rig.world.ledger.seize(pid, "model", TOTAL_MIB * used_pct / 100 - self.rig.world.used_mib)
        self.rig.tasks.append(asyncio.create_task(self.watchdog.run()))
        await self.rig.live(5 + phase_s)
        return pid

    async def live_through(self, trouble: Callable[[], object], at_most_s: float) -> None:
        """Lets the trouble happen and lives on until the victim's memory is back, or the time is over."""
        self._began_s = self.rig.clock.monotonic()
        trouble()
        while self._victim_lives and self._age_s < at_most_s:
            await self.rig.live(STEP_S)
            self.peak_pct = max(self.peak_pct, 100 * self.rig.world.used_mib / TOTAL_MIB)
        await self.rig.live(LONGEST_LAG_S)

    @property
    def _victim_lives(self) -> bool:
        return self.rig.world.machine.boxes[VICTIM].running

    @property
    def _age_s(self) -> float:
        return self.rig.clock.monotonic() - self._began_s

    async def _kill(self, reason: str) -> None:
        self.calls.append(Call(self._age_s, 100 * self.rig.world.used_mib / TOTAL_MIB, reason))
        self.rig.world.machine.kill(VICTIM)
        await self.rig.clock.sleep(KILL_S + 0.01)  # protection returns once it has seen the death, not with it
        self.rig.world.catch_up()


@pytest.mark.parametrize(("normal_mib", "phase_s"), [(None, 0.0), (None, 0.11), (CHAT_MIB, 0.03)])
@pytest.mark.parametrize(
    ("gib_s", "called_pct", "peak_pct", "after_s"),
    [
        (0.05, 95.1, 95.1, 140.5),
        (0.25, 94.5, 94.7, 28.0),
        (1.0, 92.0, 92.5, 6.6),
        (2.0, 89.0, 90.0, 3.0),
        (4.0, 83.0, 85.0, 1.2),
    ],
)
async def test_a_leak_is_met_before_the_card_is_full(
    rig: Rig,
    gib_s: float,
    called_pct: float,
    peak_pct: float,
    after_s: float,
    phase_s: float,
    normal_mib: int | None,
) -> None:
    guarded = Guarded(rig, normal_mib)
    pid = await guarded.begin(60, phase_s)
    await guarded.live_through(lambda: rig.world.ledger.claim(pid, "leak", TOTAL_MIB, gib_s * 1024), 200)
    (call,) = guarded.calls
    assert call.after_s <= after_s
    assert call.used_pct <= called_pct
    assert guarded.peak_pct <= peak_pct


async def test_a_leak_that_leaves_no_time_is_told_in_figures(rig: Rig) -> None:
    guarded = Guarded(rig, None)
    pid = await guarded.begin(60)
    await guarded.live_through(lambda: rig.world.ledger.claim(pid, "leak", TOTAL_MIB, 4096), 5)
    assert guarded.calls[0].reason == (
        "VRAM at 80.6 % (16\N{NARROW NO-BREAK SPACE}502 MiB) and growing: "
        "at +4\N{NARROW NO-BREAK SPACE}100 MiB/s the ceiling is 0.7 s away"
    )
    assert "the ceiling is 0.7 s away." in rig.told("vram")
    assert rig.watchdog.tier is Tier.NORMAL
    assert guarded.watchdog.tier is Tier.PROTECT


@pytest.mark.parametrize("mib", [7300, 9220])
@pytest.mark.parametrize("phase_s", [0.0, 0.05, 0.12, 0.16])
async def test_a_sudden_allocation_past_all_tiers_is_met_by_the_next_look(rig: Rig, mib: int, phase_s: float) -> None:
    guarded = Guarded(rig, None)
    pid = await guarded.begin(60, phase_s)
    await guarded.live_through(lambda: rig.world.ledger.seize(pid, "tensor", mib), 5)
    (call,) = guarded.calls
    assert call.after_s <= 0.18
    assert call.after_s + KILL_S <= 0.3


async def test_a_sudden_allocation_that_leaves_room_is_warned_of_and_kills_nobody(rig: Rig) -> None:
    guarded = Guarded(rig, None)
    pid = await guarded.begin(41)
    await guarded.live_through(lambda: rig.world.ledger.seize(pid, "tensor", 9220), 20)
    assert guarded.calls == []
    assert guarded.watchdog.tier is Tier.WARN


@pytest.mark.parametrize("phase_s", [0.0, 0.05, 0.12])
async def test_a_declared_load_of_12_gb_at_6_gib_a_second_raises_nothing(rig: Rig, phase_s: float) -> None:
    guarded = Guarded(rig, CHAT_MIB)
    pid = await guarded.begin(14.0, phase_s)
    target_mib = CHAT_MIB - rig.world.used_mib
    await guarded.live_through(lambda: rig.world.ledger.claim(pid, "model", 2400 + target_mib, 6144), 20)
    assert guarded.peak_pct > 60
    assert guarded.calls == []
    assert rig.alerts.all() == ()


async def test_a_declared_load_of_most_of_the_card_raises_nothing_either(rig: Rig) -> None:
    guarded = Guarded(rig, 18_400)
    pid = await guarded.begin(14.0)
    await guarded.live_through(lambda: rig.world.ledger.claim(pid, "weights", 15_500, 6144), 20)
    assert guarded.peak_pct > 89
    assert guarded.calls == []
    assert rig.alerts.all() == ()


async def test_a_leak_behind_a_declared_load_is_met_too(rig: Rig) -> None:
    guarded = Guarded(rig, CHAT_MIB)
    pid = await guarded.begin(14.0)
    await guarded.live_through(lambda: rig.world.ledger.claim(pid, "leak", TOTAL_MIB, 4096), 20)
    (call,) = guarded.calls
    assert "the ceiling is" in call.reason
    assert guarded.peak_pct <= 85
