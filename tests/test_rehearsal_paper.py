"""The Discord of paper counts as the real one would be told, and loses nothing while it is away."""

import asyncio
from pathlib import Path

from bd1.core.tiers import Tier
from bd1.rehearsal_paper import Paper
from bd1.sim.scenarios.story import DiscordLine
from tests.services.rig import Rig, build_rig, rig_settings


async def posted(rig: Rig, line: DiscordLine) -> Paper:
    paper = Paper(line)
    rig.tasks.append(asyncio.create_task(paper.post(rig.services, rig.clock)))
    await rig.clock.settle()
    return paper


async def test_an_incident_is_one_message_however_often_it_is_edited(tmp_path: Path) -> None:
    rig = build_rig(rig_settings(tmp_path))
    paper = await posted(rig, DiscordLine())
    for used in ("81 %", "82 %", "83 %"):
        rig.alerts.report("vram", Tier.WARN, "VRAM filling up", used)
        await rig.live(5)
    rig.alerts.clear("vram", "Back to normal.")
    await rig.live(5)
    assert list(paper.messages.values()) == [1]
    assert not any(incident.has_news for incident in rig.alerts.all())
    await rig.stop_all()


async def test_what_happens_while_it_is_away_is_posted_once_it_is_back(tmp_path: Path) -> None:
    rig, line = build_rig(rig_settings(tmp_path)), DiscordLine(is_away=True)
    paper = await posted(rig, line)
    rig.alerts.report("vram", Tier.ALERT, "VRAM nearly full", "91 %")
    await rig.live(3600)
    assert paper.posted == 0
    line.is_away = False
    await rig.live(15)
    assert paper.posted == 1
    await rig.stop_all()


async def test_a_flood_is_one_message_that_counts_for_each(tmp_path: Path) -> None:
    rig, line = build_rig(rig_settings(tmp_path)), DiscordLine(is_away=True)
    paper = await posted(rig, line)
    for number in range(8):
        rig.alerts.report(f"xid {number}", Tier.WARN, f"Xid {number}", "A program's mistake.")
    line.is_away = False
    await rig.live(15)
    assert paper.posted == 1
    assert len(paper.messages) == 8
    await rig.stop_all()
