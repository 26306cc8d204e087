"""The pictures of incidents in the alert channel of the loopback Discord: after the message, and as things stand."""

import asyncio
from pathlib import Path

import pytest

from bd1.adapters.chart import ChartProcess
from bd1.core.tiers import Tier
from bd1.sim.discord.model import Message
from bd1.sim.discord.permissions import Overwrite, OverwriteKind, Permission
from bd1.sim.discord.seed import ALERTS_ID, GUILD_ID
from cogs import alerts
from tests.cogs.conftest import Home, text_of
from tests.services.rig import DOT


def picture_in(home: Home, message: Message) -> bytes | None:
    """The bytes of the one picture a message carries."""
    if not message.attachments:
        return None
    (attachment,) = message.attachments
    assert (attachment.filename, attachment.content_type) == ("vram.png", "image/png")
    assert attachment.description
    return home.discord.world.files[attachment.id]


async def alert_of(home: Home, tier: Tier = Tier.ALERT, key: str = "story") -> Message:
    home.rig.alerts.report(key, tier, f"Trouble with {key}", f"It is {tier.word} by now.")
    return await home.discord.message(
        "gpu-alerts", where=lambda found: f"Trouble with {key}" in text_of(found), timeout=20
    )


async def test_the_message_stands_before_its_picture_is_drawn_and_keeps_no_other_one_waiting(home: Home) -> None:
    drawn = asyncio.Event()
    home.rig.sketches.hold = drawn.wait
    message = await alert_of(home)
    await alert_of(home, key="another")
    assert picture_in(home, message) is None
    drawn.set()
    await home.until(lambda: picture_in(home, message) == DOT, "a picture")
    assert "It is alert by now." in text_of(message)


async def test_it_gets_a_new_picture_when_it_is_worse_and_a_last_one_when_it_is_over(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "_PACE_S", 0.05)
    scenes = home.rig.sketches.scenes
    message = await alert_of(home)
    await home.until(lambda: len(scenes) == 1 and message.attachments, "a picture")
    first = message.attachments[0].id
    home.rig.alerts.report("story", Tier.PROTECT, "Worse", "It is worse.")
    await home.until(lambda: message.attachments[0].id != first, "another picture")
    second = message.attachments[0].id
    home.rig.alerts.report("story", Tier.ALERT, "", "No better, no worse.")
    await home.until_told(message, "No better, no worse.")
    assert message.attachments[0].id == second
    home.rig.alerts.clear("story", "All is well.")
    await home.until(lambda: message.attachments[0].id != second, "the last picture")
    assert picture_in(home, message) == DOT
    assert scenes[-1].events[-1].text == "All is well"
    assert [found for found in home.discord.messages("gpu-alerts") if found.embeds] == [message]


async def test_a_bot_that_comes_again_leaves_the_pictures_that_are_there(home: Home) -> None:
    message = await alert_of(home)
    second = await alert_of(home, key="another")
    await home.until(lambda: message.attachments and second.attachments, "pictures")
    (kept,) = message.attachments
    await home.restart_bot()
    third = await alert_of(home, key="one more")
    await home.until(lambda: picture_in(home, third) == DOT, "a picture of the next one")
    assert message.attachments == [kept]


async def test_a_warning_has_no_picture_until_it_is_more_than_that(home: Home) -> None:
    message = await alert_of(home, Tier.WARN)
    await home.until_told(message, "It is warn by now.")
    assert home.rig.services.pictures.due() is None
    home.rig.alerts.report("story", Tier.ALERT, "Trouble with story", "It is an alert.")
    await home.until(lambda: any(one.attachments for one in home.discord.messages("gpu-alerts")), "a picture")


async def test_an_alert_whose_picture_cannot_be_drawn_is_told_all_the_same(home: Home) -> None:
    sketches, tried = home.rig.sketches, asyncio.Event()
    sketches.is_broken = True

    async def note() -> None:
        tried.set()

    sketches.hold = note
    message = await alert_of(home)
    await asyncio.wait_for(tried.wait(), 20)
    sketches.is_broken = False
    home.rig.alerts.clear("story", "All is well.")
    await home.until(lambda: picture_in(home, message) == DOT, "the last picture")
    await home.until_told(message, "All is well.")


async def test_where_no_files_may_be_attached_the_alert_is_told_and_the_log_says_why(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    channel = home.discord.world.channels[ALERTS_ID]
    deny = Overwrite(
        target_id=home.discord.world.bot_id,
        kind=OverwriteKind.MEMBER,
        allow=Permission(0),
        deny=Permission.ATTACH_FILES,
    )
    channel.overwrites = (*channel.overwrites, deny)
    message = await alert_of(home)
    home.rig.alerts.clear("story", "All is well.")
    await home.until_told(message, "All is well.")
    await home.until(lambda: "may I attach files there?" in caplog.text, "a word in the log")
    assert message.attachments == []


async def shown(home: Home, incident: str) -> Message:
    """The answer to somebody who asks for an incident."""
    return await (
        await home.discord.person("Han").slash("gpu incident", channel="bridge", incident=incident)
    ).response()


async def test_whoever_asks_for_an_incident_reads_it_at_once_and_sees_its_picture_soon(home: Home) -> None:
    drawn = asyncio.Event()
    home.rig.sketches.hold = drawn.wait
    incident = home.rig.alerts.report("story", Tier.WARN, "Trouble with story", "It is warn by now.")
    answer = await shown(home, incident.id)
    assert "It is warn by now." in text_of(answer)
    assert answer.attachments == []
    drawn.set()
    await home.until(lambda: picture_in(home, answer) == DOT, "a picture")
    assert "It is warn by now." in text_of(answer)


async def test_an_incident_too_old_to_be_drawn_leads_to_the_message_that_keeps_its_picture(home: Home) -> None:
    message = await alert_of(home)
    await home.until(lambda: picture_in(home, message) == DOT, "a picture")
    home.rig.alerts.clear("story", "All is well.")
    await home.until_told(message, "All is well.")
    incident = home.rig.alerts.all()[0]
    home.rig.sketches.is_broken = True
    answer = await shown(home, incident.id)
    address = f"https://discord.com/channels/{GUILD_ID}/{ALERTS_ID}/{message.id}"
    await home.until_told(answer, f"Its last picture is in its message: {address}")
    assert answer.attachments == []


async def test_the_real_drawing_arrives_whole(home: Home, tmp_path: Path) -> None:
    home.rig.services.pictures._chart = ChartProcess(tmp_path / "chart", "simulated card", limit_s=100)
    message = await alert_of(home)
    await home.discord.log.until(lambda: message.attachments or None, timeout=90, awaited="a picture")
    png = picture_in(home, message)
    assert png is not None
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert 20_000 < len(png) < 200_000
