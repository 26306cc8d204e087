"""The feed of incidents."""

from bd1.core.tiers import Tier
from bd1.services.alerts import Alerts
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore


async def test_one_story_is_one_incident_that_only_gets_worse_until_it_is_closed() -> None:
    alerts = Alerts(MemoryStore(), FakeClock())
    alerts.report("vram", Tier.ALERT, "Nearly full", "90 %")
    alerts.report("vram", Tier.WARN, "Filling", "85 %")
    (incident,) = alerts.all()
    assert (incident.title, incident.severity, len(incident.lines)) == ("Nearly full", Tier.ALERT, 2)
    alerts.clear("vram", "over")
    assert alerts.open_incident("vram") is None


async def test_what_comes_back_soon_after_it_was_over_is_the_same_story_and_asks_anew_who_is_at_it() -> None:
    clock = FakeClock()
    alerts = Alerts(MemoryStore(), clock)
    first = alerts.report("newcomer", Tier.ALERT, "Two at once", "stopped it")
    alerts.acknowledge(first.id, "Leia")
    alerts.silence(first.id, "Leia")
    alerts.clear("newcomer", "over")
    await clock.advance(9 * 60)
    again = alerts.report("newcomer", Tier.WARN, "Two at once", "stopped it")
    assert (again.id, again.is_open, again.severity) == (first.id, True, Tier.ALERT)
    assert (again.acknowledged, again.silenced) == (None, None)
    assert [line.text for line in again.lines][-2:] == ["over", "stopped it"]


async def test_what_is_worse_or_comes_later_or_comes_all_day_is_another_story() -> None:
    clock = FakeClock()
    alerts = Alerts(MemoryStore(), clock)
    ids = {alerts.report("vram", Tier.WARN, "Filling", "82 %").id}
    alerts.clear("vram", "over")
    ids.add(alerts.report("vram", Tier.ALERT, "Nearly full", "91 %").id)
    alerts.clear("vram", "over")
    await clock.advance(10 * 60)
    ids.add(alerts.report("vram", Tier.ALERT, "Nearly full", "91 %").id)
    assert len(ids) == 3
    for _ in range(12):
        alerts.clear("vram", "over")
        await clock.advance(6 * 60)
        ids.add(alerts.report("vram", Tier.ALERT, "Nearly full", "91 %").id)
    assert len(ids) == 4


async def test_what_is_not_posted_yet_survives_a_restart_with_its_true_time() -> None:
    store, clock = MemoryStore(), FakeClock()
    first = Alerts(store, clock)
    incident = first.report("vram", Tier.WARN, "Filling", "82 %")
    await first.flush()
    await clock.advance(3600)
    second = Alerts(store, clock)
    await second.load()
    assert second.unposted() == (incident,)
    assert second.changed.is_set()


async def test_a_posted_revision_is_not_posted_again_but_news_after_it_is() -> None:
    alerts = Alerts(MemoryStore(), FakeClock())
    incident = alerts.report("vram", Tier.WARN, "Filling", "82 %")
    alerts.posted(incident.id, incident.revision, 77)
    assert alerts.unposted() == ()
    alerts.report("vram", Tier.ALERT, "Nearly full", "91 %")
    (news,) = alerts.unposted()
    assert news.message_id == 77


async def test_the_same_thing_said_again_is_no_news() -> None:
    alerts = Alerts(MemoryStore(), FakeClock())
    first = alerts.report("vram", Tier.WARN, "Filling", "A human is needed.")
    assert alerts.report("vram", Tier.WARN, "Filling", "A human is needed.") is first
