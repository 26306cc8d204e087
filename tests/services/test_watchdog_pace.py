"""How often the watchdog looks, what each look costs, and how soon it tells and acts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bd1.app import Ports
from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure, Reading
from bd1.core.tiers import Tier
from bd1.ports import GpuProbe
from bd1.sim.card import CardFault
from tests.services.rig import Rig, build_rig, rig_settings
from tests.services.watching import watchdog_of

STRANGER_PID = 4


@dataclass
class NotingProbe:
    """The simulated card, with each look written down: when, with details, with processes."""

    inner: GpuProbe
    rig: Rig | None = None
    looks: list[tuple[float, bool, bool]] = field(default_factory=list)

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        if self.rig:
            self.looks.append((self.rig.clock.monotonic(), details, processes))
        return await self.inner.sample(details=details, processes=processes)

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self.inner.identity()

    async def close(self) -> None:
        await self.inner.close()

    def within(self, since_s: float) -> list[tuple[float, bool, bool]]:
        return [look for look in self.looks if look[0] >= since_s]


@dataclass
class Watched:
    rig: Rig
    probe: NotingProbe

    async def noted(self, seconds: float) -> list[tuple[float, bool, bool]]:
        """The looks of the next seconds."""
        since_s = self.rig.clock.monotonic()
        await self.rig.live(seconds)
        return self.probe.within(since_s + 1e-6)

    def take(self, mib: int) -> None:
        self.rig.world.ledger.seize(STRANGER_PID, f"foreign {mib}", mib)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    probes: list[NotingProbe] = []

    def wrap(ports: Ports) -> Ports:
        probes.append(NotingProbe(ports.probe))
        return replace(ports, probe=probes[0])

    rig = build_rig(rig_settings(tmp_path), wrap=wrap)
    probes[0].rig = rig
    rig.tasks.append(asyncio.create_task(rig.watchdog.run()))
    await rig.live(2)
    yield Watched(rig, probes[0])
    await rig.stop_all()


async def test_while_nothing_runs_it_looks_once_a_second_and_at_everything(watched: Watched) -> None:
    looks = await watched.noted(10)
    assert len(looks) == 10
    assert all(details and processes for _, details, processes in looks)


async def test_a_process_on_the_card_makes_it_look_more_often(watched: Watched) -> None:
    watched.take(100)
    await watched.rig.live(2)
    assert 14 <= len(await watched.noted(10)) <= 16


async def test_a_card_that_is_nearly_full_is_looked_at_ten_times_a_second_at_its_memory(watched: Watched) -> None:
    watched.take(15_000)
    await watched.rig.live(2)
    looks = await watched.noted(10)
    assert 98 <= len(looks) <= 101
    assert 9 <= sum(details for _, details, _ in looks) <= 11
    assert 9 <= sum(processes for _, _, processes in looks) <= 11


async def test_who_holds_the_memory_is_asked_right_after_it_has_moved(watched: Watched) -> None:
    watched.take(15_000)
    await watched.rig.live(3.05)
    watched.take(500)
    first, second, third = (await watched.noted(0.3))[:3]
    assert (first[2], second[2], third[2]) == (False, True, False)


async def test_a_look_at_the_memory_alone_does_not_hide_who_holds_it(watched: Watched) -> None:
    watched.take(15_000)
    await watched.rig.live(1.1)
    for _ in range(30):
        await watched.rig.live(0.1)
        latest = watched.rig.card.latest
        assert isinstance(latest, GpuSample)
        assert latest.processes
        assert watched.rig.clock.monotonic() - latest.at_s <= 1.05
    status = await watched.rig.go(watched.rig.board.now())
    assert status.attribution is not None
    assert [holder.mib for holder in status.attribution.holders] == [15_000]


async def test_a_look_that_fails_is_the_latest_whatever_it_was_to_bring(watched: Watched) -> None:
    watched.take(15_000)
    await watched.rig.live(3.05)
    watched.rig.world.card.fault = CardFault.UNKNOWN
    await watched.rig.live(0.1)
    assert isinstance(watched.rig.card.latest, ProbeFailure)


async def test_the_heartbeat_is_told_every_third_second_however_often_it_looks(watched: Watched) -> None:
    watched.take(15_000)
    await watched.rig.live(2)
    before, ticks = len(watched.rig.beats), watched.rig.beats[-1].tick
    await watched.rig.live(30)
    assert len(watched.rig.beats) - before == 10
    assert watched.rig.beats[-1].tick - ticks >= 294


async def test_a_card_that_stalls_is_in_the_heartbeat_at_once(watched: Watched) -> None:
    watched.rig.world.card.fault = CardFault.LOST
    await watched.rig.live(1.01)
    assert watched.rig.beats[-1].reading == "lost"


@pytest.mark.parametrize("held_mib", [0, 9000, 15_000])
@pytest.mark.parametrize("phase_s", [0.0, 0.01, 0.5, 0.99])
async def test_a_driver_that_hangs_is_told_well_within_two_and_a_half_seconds(
    watched: Watched, held_mib: int, phase_s: float
) -> None:
    if held_mib:
        watched.take(held_mib)
    await watched.rig.live(3 + phase_s)
    watched.rig.world.card.fault = CardFault.HANGS
    await watched.rig.live(2.3)
    assert [incident.key for incident in watched.rig.alerts.all()] == ["sight"]


async def test_a_leak_that_began_while_the_driver_hung_is_met_as_soon_as_it_answers(rig: Rig) -> None:
    called_at_s: list[float] = []

    async def protect(_reason: str) -> None:
        called_at_s.append(rig.clock.monotonic())

    watchdog = watchdog_of(rig, protect)
    rig.world.ledger.seize(STRANGER_PID, "model", 12_000)
    rig.tasks.append(asyncio.create_task(watchdog.run()))
    await rig.live(3)
    rig.world.card.fault = CardFault.HANGS
    await rig.live(5)
    rig.world.ledger.claim(STRANGER_PID, "leak", 20_000.0, 4096.0)
    await rig.live(5)
    assert watchdog.tier is Tier.NORMAL
    assert called_at_s == []
    rig.world.card.fault = None
    seen_from_s = rig.clock.monotonic()
    await rig.live(0.2)
    assert called_at_s
    assert called_at_s[0] - seen_from_s <= 0.11


class Helpless:
    """Protection that can do nothing, and at once."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.called_at_s: list[float] = []
        self.watchdog = watchdog_of(rig, self._note)
        rig.tasks.append(asyncio.create_task(self.watchdog.run()))

    async def _note(self, _reason: str) -> None:
        self.called_at_s.append(self.rig.clock.monotonic())


async def test_protection_that_does_not_help_is_called_again_once_a_second(rig: Rig) -> None:
    helpless = Helpless(rig)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 19_400)
    await rig.live(10)
    assert 9 <= len(helpless.called_at_s) <= 11


async def test_protection_that_does_not_help_is_called_at_once_when_it_grows_worse(rig: Rig) -> None:
    helpless = Helpless(rig)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 19_100)
    await rig.live(3.05)
    calls = len(helpless.called_at_s)
    rig.world.ledger.seize(STRANGER_PID, "more", 600)
    await rig.live(0.1)
    assert len(helpless.called_at_s) == calls + 1


async def test_a_new_breach_right_after_the_last_is_met_at_once(rig: Rig) -> None:
    helpless = Helpless(rig)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 19_400)
    await rig.live(3.05)
    rig.world.ledger.release_lag_s = (0.0, 0.0)
    rig.world.ledger.release(STRANGER_PID, "foreign")
    await rig.live(0.15)
    calls = len(helpless.called_at_s)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 19_200)
    await rig.live(0.75)
    assert len(helpless.called_at_s) == calls + 1


async def test_what_protection_raises_ends_the_watchdog_even_while_the_card_cannot_be_read(rig: Rig) -> None:
    async def broken(_reason: str) -> None:
        raise KeyError("a bug")

    watchdog = watchdog_of(rig, broken)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 19_400)
    await rig.go(watchdog.tick())
    rig.world.card.fault = CardFault.LOST
    with pytest.raises(KeyError):
        await rig.go(watchdog.tick())


async def test_every_look_is_shown_on_whether_it_worked_or_not(rig: Rig) -> None:
    shown: list[Reading] = []
    rig.watchdog._seen = shown.append
    looks = [await rig.go(rig.watchdog.tick())]
    rig.world.card.fault = CardFault.LOST
    looks.append(await rig.go(rig.watchdog.tick()))
    assert shown == looks
    assert isinstance(shown[1], ProbeFailure)
