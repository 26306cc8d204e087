"""What an incident's picture shows: the real watchdog's looks at the simulated card, its modes and what happened."""

from datetime import timedelta
from pathlib import Path

from bd1.core.incidents import Incident, Line
from bd1.core.scene import Scene
from bd1.core.tiers import Tier
from bd1.sim.card import TOTAL_MIB
from tests.services.rig import DOT, Rig, build_outside, build_rig, rig_settings


def peak_mib(scene: Scene) -> int:
    return max(span.high_mib or 0 for run in scene.runs for span in run)


def incident_of(rig: Rig, key: str) -> Incident:
    return next(incident for incident in rig.alerts.all() if incident.key == key)


async def scene_of(rig: Rig, incident: Incident) -> Scene:
    assert await rig.services.pictures.of(incident) == DOT
    return rig.sketches.scenes[-1]


async def leak(rig: Rig, for_s: float = 60.0) -> int:
    """ComfyUI leaks until it is ended; the most that was used."""
    await rig.start_all()
    await rig.switch("image")
    await rig.live(200)
    rig.world.ledger.claim(rig.world.machine.boxes["comfyui"].pid or 0, "leak", TOTAL_MIB, 1024)
    peak = 0
    for _ in range(round(for_s / 0.1)):
        await rig.live(0.1)
        peak = max(peak, rig.world.used_mib)
    return peak


async def test_a_leak_is_shown_with_its_peak_its_modes_and_what_was_told(rig: Rig) -> None:
    peak = await leak(rig)
    incident = incident_of(rig, "vram")
    assert not incident.is_open
    scene = await scene_of(rig, incident)
    assert scene.title == incident.title
    assert abs(peak_mib(scene) - peak) < 200
    assert scene.gaps == ()
    assert scene.bands[0].name == "image"
    assert len(scene.bands) > 1
    assert [mark.word for mark in scene.marks] == ["warn", "alert", "protect"]
    assert scene.events[0].at_s == incident.opened_at.timestamp()
    assert scene.events[-1].text == "Back to normal"
    assert scene.events[-1].severity is Tier.NORMAL
    assert scene.from_s < incident.opened_at.timestamp() - 100


async def test_a_hung_driver_is_shown_as_not_seen(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(60)
    before_s = rig.clock.now().timestamp()
    await rig.go(rig.troubles.set("nvml_hang", on=True))
    await rig.live(30)
    scene = await scene_of(rig, incident_of(rig, "sight"))
    assert scene.to_s == rig.clock.now().timestamp()
    assert abs(scene.gaps[-1].from_s - before_s) <= 1.0
    assert scene.gaps[-1].to_s == scene.to_s
    assert all(run[-1].to_s <= before_s for run in scene.runs)


async def test_of_the_time_before_bd1_was_there_only_the_story_is_shown_and_that_as_not_seen(rig: Rig) -> None:
    opened_s = rig.clock.now().timestamp()
    incident = rig.alerts.report("trouble", Tier.ALERT, "Something", "It happened.")
    await rig.live(30)
    await rig.start_all()
    began_s = rig.clock.now().timestamp()
    await rig.live(20)
    scene = await scene_of(rig, incident)
    assert scene.from_s == opened_s
    (gap,) = scene.gaps
    assert (gap.from_s, gap.to_s) == (opened_s, began_s)
    later = await scene_of(rig, rig.alerts.report("another", Tier.ALERT, "Something", "It happened."))
    assert later.from_s == began_s
    assert later.gaps == ()


async def test_a_switch_in_that_time_is_one_of_the_events(rig: Rig) -> None:
    await rig.start_all()
    await rig.switch("chat")
    await rig.live(30)
    scene = await scene_of(rig, rig.alerts.report("trouble", Tier.ALERT, "Something", "It happened."))
    assert [event.text for event in scene.events] == ["Leia switched to chat", "It happened"]


async def test_an_incident_of_before_a_restart_has_no_picture(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    outside = build_outside(settings)
    before, after = build_rig(settings, outside), build_rig(settings, outside)
    await leak(before, 20)
    incident = incident_of(before, "vram")
    assert await before.services.pictures.of(incident) == DOT
    await before.stop_all()
    await after.start_all()
    await after.live(5)
    assert await after.services.pictures.of(incident) is None
    await after.stop_all()


async def test_an_incident_that_is_too_long_ago_has_none(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(5)
    then = rig.clock.now() - timedelta(hours=3)
    old = Incident("1", "vram", "Full", Tier.ALERT, then, (Line(then, "Full."),), closed_at=then)
    assert await rig.services.pictures.of(old) is None


async def test_a_drawing_that_fails_is_no_picture(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(5)
    rig.sketches.is_broken = True
    assert await rig.services.pictures.of(rig.alerts.report("a", Tier.ALERT, "Something", "It happened.")) is None


async def test_a_clock_that_is_set_leaves_what_was_seen_a_minute_ago_a_minute_ago(rig: Rig) -> None:
    await rig.start_all()
    await rig.live(300)
    for by_s in (3600.0, -7200.0):
        rig.clock.jump_wall(by_s)
        scene = await scene_of(rig, rig.alerts.report(f"after {by_s}", Tier.ALERT, "Something", "It happened."))
        assert scene.gaps == ()
        assert scene.to_s == rig.clock.now().timestamp()
        await rig.live(300)


async def test_a_picture_is_due_once_the_message_stands_when_it_is_worse_and_when_it_is_over(rig: Rig) -> None:
    pictures, alerts = rig.services.pictures, rig.alerts

    def due() -> bool:
        incident = pictures.due()
        if incident is not None:
            pictures.done(incident)
        return incident is not None

    incident = alerts.report("vram", Tier.WARN, "Full", "It is full.")
    alerts.posted(incident.id, 1, 7)
    assert not due()
    alerts.report("vram", Tier.ALERT, "Full", "It is fuller.")
    assert [due(), due()] == [True, False]
    alerts.report("vram", Tier.ALERT, "Full", "It goes on.")
    assert not due()
    alerts.posted(incident.id, 2, 8)
    assert [due(), due()] == [True, False]
    alerts.clear("vram", "It is over.")
    assert [due(), due()] == [True, False]
    unposted = alerts.report("sight", Tier.PROTECT, "Blind", "Nothing is seen.")
    assert not due()
    alerts.posted(unposted.id, 1, 9)
    assert [due(), due()] == [True, False]


async def test_what_an_earlier_run_posted_keeps_its_picture_until_it_is_worse(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    outside = build_outside(settings)
    before = build_rig(settings, outside)
    kept = [before.alerts.report(key, Tier.ALERT, "Full", "It is full.") for key in ("vram", "sight")]
    for incident in kept:
        before.alerts.posted(incident.id, 1, 7)
    await before.alerts.flush()
    await before.live(5)
    after = build_rig(settings, outside)
    await after.alerts.load()
    pictures = after.services.pictures
    assert pictures.due() is None
    after.alerts.clear("sight", "It can be seen.")
    assert pictures.due() is None
    after.alerts.report("vram", Tier.PROTECT, "Full", "It is fuller.")
    worse = pictures.due()
    assert worse is not None
    pictures.done(worse)
    assert pictures.due() is None
