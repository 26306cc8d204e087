"""What the one pair of eyes remembers: since when somebody is on the card, and what the card shows when it is idle."""

from dataclasses import replace
from datetime import UTC, datetime

from bd1.core.baseline import BD1, FALLBACK_MIB, Baseline
from bd1.core.holders import Holder
from tests.services.rig import Rig

STRANGER_PID = 4
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def holder_of(rig: Rig, pid: int) -> Holder | None:
    look = await rig.go(rig.card.look_around())
    assert look is not None
    return next((holder for holder in look.attribution.holders if pid in holder.pids), None)


async def learned(rig: Rig, idle_mib: int, foreign_mib: int) -> Baseline:
    """A baseline of the card that is there."""
    await rig.go(rig.card.look())
    identity = rig.card.identity
    assert identity is not None
    return Baseline(identity.uuid, identity.driver, idle_mib, idle_mib, foreign_mib, NOON, BD1)


async def test_a_holder_is_as_old_as_the_first_look_that_showed_it(rig: Rig) -> None:
    rig.world.ledger.seize(STRANGER_PID, "foreign", 900)
    first_seen = rig.clock.now()
    assert await holder_of(rig, STRANGER_PID)
    await rig.live(30)
    holder = await holder_of(rig, STRANGER_PID)
    assert holder is not None
    assert holder.since == first_seen


async def test_who_left_and_came_back_is_as_old_as_the_second_time(rig: Rig) -> None:
    rig.world.ledger.seize(STRANGER_PID, "foreign", 900)
    await holder_of(rig, STRANGER_PID)
    rig.world.ledger.release(STRANGER_PID, "foreign")
    await rig.live(30)
    assert await holder_of(rig, STRANGER_PID) is None
    rig.world.ledger.seize(STRANGER_PID, "foreign", 900)
    back_since = rig.clock.now()
    holder = await holder_of(rig, STRANGER_PID)
    assert holder is not None
    assert holder.since == back_since


async def test_a_look_that_fails_does_not_make_anybody_younger(rig: Rig) -> None:
    rig.world.ledger.seize(STRANGER_PID, "foreign", 900)
    first_seen = rig.clock.now()
    await holder_of(rig, STRANGER_PID)
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    await rig.go(rig.card.look())
    await rig.go(rig.troubles.reset())
    rig.world.ledger.seize(STRANGER_PID, "foreign", 900)
    await rig.live(10)
    holder = await holder_of(rig, STRANGER_PID)
    assert holder is not None
    assert holder.since == first_seen


async def test_without_a_learned_level_the_drivers_own_part_is_the_idle_level(rig: Rig) -> None:
    assert (rig.card.idle_mib, rig.card.foreign_idle_mib) == (FALLBACK_MIB, 0)
    await rig.go(rig.card.look())
    assert rig.card.identity is not None
    assert (rig.card.idle_mib, rig.card.foreign_idle_mib) == (rig.card.identity.reserved_mib, 0)


async def test_a_learned_level_counts_for_its_own_card_and_driver_only(rig: Rig) -> None:
    baseline = await learned(rig, 620, 90)
    rig.card.baseline = baseline
    assert (rig.card.idle_mib, rig.card.foreign_idle_mib) == (620, 90)
    rig.card.baseline = replace(baseline, driver="600.00")
    assert rig.card.foreign_idle_mib == 0
    assert rig.card.identity is not None
    assert rig.card.idle_mib == rig.card.identity.reserved_mib


async def test_what_strangers_held_of_the_idle_level_is_not_counted_twice(rig: Rig) -> None:
    baseline = await learned(rig, 0, 0)
    assert rig.card.identity is not None
    drivers_mib = rig.card.identity.reserved_mib or 0
    rig.card.baseline = replace(baseline, idle_mib=drivers_mib + 300, foreign_mib=300)
    rig.world.ledger.seize(STRANGER_PID, "foreign", 300)
    look = await rig.go(rig.card.look_around())
    assert look is not None
    assert look.attribution.unattributed_mib == look.sample.used_mib - drivers_mib - 300


async def test_who_held_how_much_half_a_minute_ago_is_remembered_over_looks_that_fail(rig: Rig) -> None:
    for second in range(40):
        await rig.go(rig.troubles.set("gpu_lost", on=10 <= second < 20))
        await rig.go(rig.card.look())
        await rig.live(1)
    ages_s = [rig.clock.monotonic() - sample.at_s for sample in rig.card.listed]
    assert ages_s == sorted(ages_s, reverse=True)
    assert 29 <= ages_s[0] <= 41
    assert len(ages_s) <= 30
