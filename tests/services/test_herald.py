"""What is told next, over the feed and the clock, and what of it outlives the process."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bd1.core.incidents import Incident
from bd1.core.notices import Act, Ring
from bd1.core.settings import AlertSettings
from bd1.core.tiers import Tier
from bd1.errors import StoreUnavailable, TooLate
from bd1.services.alerts import Alerts
from bd1.services.herald import Herald, News
from bd1.services.silences import MILD, Silences
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore

NIGHT = AlertSettings(quiet_from="22:00", quiet_to="7:00")


class Life:
    """One life of the feed, on a disk and with a clock that outlive it."""

    def __init__(self, store: MemoryStore, clock: FakeClock, settings: AlertSettings = AlertSettings()) -> None:  # noqa: B008 frozen
        self.clock = clock
        self.alerts = Alerts(store, clock)
        self.silences = Silences(store, clock, self.alerts.changed)
        self.herald = Herald(settings, self.alerts, self.silences, clock)

    async def load(self) -> "Life":
        await self.alerts.load()
        await self.herald.load()
        return self

    def raise_one(self, tier: Tier = Tier.ALERT, key: str = "crate") -> Incident:
        return self.alerts.report(key, tier, "Full", tier.word)

    def tell(self) -> News:
        """Posts whatever there is to post, as the poster does."""
        news = self.herald.news()
        for number, notice in enumerate(news.notices):
            if notice.act is Act.POST:
                self.alerts.posted(notice.incident.id, notice.incident.revision, 100 + number, notice.ring)
            else:
                self.alerts.edited(notice.incident.id, notice.incident.revision)
        for digest in news.digests:
            for member in digest.members:
                self.alerts.gathered(member.id, member.revision, 900, digest.posted_at or self.clock.now())
        return news

    def kept(self, incident: Incident) -> Incident:
        found = self.alerts.find(incident.id)
        assert found is not None
        return found


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_everything_said_and_posted_outlives_the_process(store: MemoryStore, clock: FakeClock) -> None:
    first = Life(store, clock)
    incident = first.raise_one()
    first.tell()
    first.alerts.acknowledge(incident.id, "Leia")
    first.alerts.snooze(incident.id, "Lando", 30)
    first.alerts.silence(incident.id, "Leia")
    first.alerts.edit_refused(incident.id)
    await first.silences.begin(MILD, "Leia", 60)
    await first.alerts.flush()
    second = await Life(store, clock).load()
    assert second.alerts.all() == first.alerts.all()
    assert second.silences.standing == first.silences.standing
    assert second.alerts.may_stand_already(incident.id)


async def test_the_second_ring_comes_after_a_restart_as_it_would_have_come_without(
    store: MemoryStore, clock: FakeClock
) -> None:
    first = Life(store, clock)
    first.raise_one()
    assert [notice.ring for notice in first.tell().notices] == [Ring.FIRST]
    await first.alerts.flush()
    await clock.advance(540)
    second = await Life(store, clock).load()
    assert second.tell() == News()
    second.alerts.changed.clear()
    await clock.run(second.herald.until_news())
    assert [notice.ring for notice in second.tell().notices] == [Ring.UNANSWERED]
    await clock.advance(86_400)
    assert second.tell() == News()


async def test_it_waits_for_news_and_hears_of_it_at_once(store: MemoryStore, clock: FakeClock) -> None:
    life = Life(store, clock)
    life.alerts.changed.clear()
    waiting = asyncio.create_task(life.herald.until_news())
    await clock.settle()
    assert not waiting.done()
    life.raise_one()
    await waiting


async def test_what_nobody_posted_is_not_waited_for(store: MemoryStore, clock: FakeClock) -> None:
    life = Life(store, clock)
    life.raise_one()
    life.alerts.changed.clear()
    await asyncio.wait_for(life.herald.until_news(), 5)


async def test_the_first_to_acknowledge_stays_the_one_who_did(store: MemoryStore, clock: FakeClock) -> None:
    life = Life(store, clock)
    incident = life.raise_one()
    life.alerts.acknowledge(incident.id, "Leia")
    await clock.advance(60)
    again = life.alerts.acknowledge(incident.id, "Lando")
    assert again.acknowledged is not None
    assert (again.acknowledged.by, again.acknowledged.at) == ("Leia", incident.opened_at)
    assert [line.text for line in again.lines] == ["alert", "Leia acknowledged it."]


async def test_nothing_can_be_said_to_what_is_over_or_gone(store: MemoryStore, clock: FakeClock) -> None:
    life = Life(store, clock)
    incident = life.raise_one()
    life.alerts.clear("crate", "Well again.")
    for say in (life.alerts.acknowledge, life.alerts.silence, life.alerts.speak_again):
        with pytest.raises(TooLate, match="over already"):
            say(incident.id, "Leia")
        with pytest.raises(TooLate, match="not kept any more"):
            say("nothing", "Leia")


async def test_the_night_is_one_digest_in_the_morning_that_outlives_a_death_before_it_is_posted(
    store: MemoryStore, clock: FakeClock
) -> None:
    clock.jump_wall(11 * 3600)  # 23:00
    first = Life(store, clock, NIGHT)
    for number in range(3):
        first.raise_one(Tier.WARN, f"night {number}")
    loud = first.raise_one(Tier.ALERT, "loud")
    assert [notice.incident.id for notice in first.tell().notices] == [loud.id]
    clock.jump_wall(8 * 3600)
    (digest,) = first.herald.news().digests
    assert [member.key for member in digest.members] == ["night 0", "night 1", "night 2"]
    await first.alerts.flush()
    second = await Life(store, clock, NIGHT).load()
    (again,) = second.tell().digests
    assert (again.id, again.message_id) == (digest.id, None)
    second.alerts.clear("night 1", "Well again.")
    (later,) = second.tell().digests
    assert (later.id, later.message_id) == (digest.id, 900)
    assert {incident.messages for incident in second.alerts.all() if not incident.is_grave} == {1}


async def test_a_silence_that_the_disk_does_not_take_silences_nobody(
    store: MemoryStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise StoreUnavailable("The disk is full.")

    life = Life(store, clock)
    monkeypatch.setattr(store, "put", full)
    with pytest.raises(StoreUnavailable):
        await life.silences.begin("crate", "Leia", 60)
    assert life.silences.standing == {}


async def test_a_silence_ends_by_itself_and_what_still_goes_on_is_told_then(
    store: MemoryStore, clock: FakeClock
) -> None:
    life = Life(store, clock)
    await life.silences.begin("crate", "Leia", 60)
    over, open_ = life.raise_one(Tier.WARN, "crate"), life.raise_one(Tier.WARN, "other")
    assert [notice.incident.id for notice in life.tell().notices] == [open_.id]
    life.alerts.clear("crate", "Well again.")
    assert life.tell() == News()
    assert not life.kept(over).has_news
    await clock.advance(11 * 60)
    life.raise_one(Tier.WARN, "crate")
    assert life.tell() == News()
    await clock.advance(3600)
    assert life.silences.standing == {}
    assert [notice.incident.key for notice in life.tell().notices] == ["crate"]


async def test_a_disk_that_hangs_keeps_nobody_from_being_told(
    store: MemoryStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bd1.services.alerts._SECURE_S", 0.05)
    never = asyncio.Event()

    async def hangs(*_: Any) -> None:
        await never.wait()

    life = Life(store, clock)
    life.raise_one()
    monkeypatch.setattr(store, "put", hangs)
    await life.alerts.secure()
    monkeypatch.undo()
    assert await life.alerts.flush()
    assert (await Life(store, clock).load()).alerts.all() == life.alerts.all()


async def test_what_an_earlier_version_kept_is_read_as_told_once(store: MemoryStore, clock: FakeClock) -> None:
    life = Life(store, clock)
    life.raise_one()
    life.tell()
    await life.alerts.flush()
    ((key, document),) = await store.items("incidents")
    known = ("id", "key", "title", "severity", "opened_at", "lines", "closed_at", "revision", "posted_revision")
    await store.put("incidents", key, {name: document[name] for name in (*known, "message_id")})
    (incident,) = (await Life(store, clock).load()).alerts.all()
    assert (incident.messages, incident.message_id, incident.posted_at) == (1, 100, incident.opened_at)
    assert replace(incident, pinged_at=None).is_open
