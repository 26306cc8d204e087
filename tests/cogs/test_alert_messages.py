"""Incidents in the alert channel of the loopback Discord."""

import re

import pytest

from bd1.core.tiers import Tier
from bd1.sim.discord.settings import SEND
from cogs import alerts
from tests.cogs.conftest import Home, end_of, text_of

SWITCHED = re.compile(r"<t:\d+:T> ✅ \*\*(\w+) → (\w+)\*\* by (\w+) · done in [\d.]+ s: .*start [\d.]+")


async def test_a_leak_is_one_message_edited_from_warning_to_all_clear(home: Home) -> None:
    await home.until_mode("image")
    await home.rig.troubles.set("leak", on=True)
    message = await home.discord.message("gpu-alerts", where=lambda found: bool(found.embeds), timeout=20)
    await home.until_told(message, "✅")
    assert "Kill comfyui" in text_of(message)
    assert [found for found in home.discord.messages("gpu-alerts") if found.embeds] == [message]


async def test_what_happened_before_the_connection_is_posted_once(home: Home) -> None:
    home.discord.faults.drop_socket()
    home.rig.alerts.report("vram", Tier.WARN, "VRAM is getting full", "82 %")
    message = await home.discord.message("gpu-alerts", timeout=10)
    assert "VRAM is getting full" in text_of(message)


async def test_a_deleted_message_is_posted_again_with_the_news(home: Home) -> None:
    home.rig.alerts.report("vram", Tier.WARN, "VRAM is getting full", "82 %")
    first = await home.discord.message("gpu-alerts", timeout=10)
    await home.discord.person("Leia").delete(first)
    home.rig.alerts.report("vram", Tier.ALERT, "VRAM is nearly full", "92 %")
    second = await home.discord.message("gpu-alerts", after=first, timeout=10)
    assert "92 %" in text_of(second)


async def test_everybody_can_read_one_line_of_each_switch(home: Home) -> None:
    await home.until_mode("chat")
    await home.ask_mode("Leia", "image")
    line = await home.discord.message("gpu-alerts", where=lambda found: "Leia" in found.content, timeout=20)
    told = SWITCHED.fullmatch(text_of(line).strip())
    assert told
    assert told.groups() == ("chat", "image", "Leia")


async def test_a_refusal_leaves_a_line_with_its_sentence_and_an_end_of_it_one_more(home: Home) -> None:
    await home.until_mode("chat")
    await home.rig.troubles.set("foreign", on=True)
    await home.ask_mode("Leia", "image")
    line = await home.discord.message("gpu-alerts", where=lambda found: "⛔" in found.content, timeout=20)
    assert "refused in" in line.content
    assert "supertuxkart" in line.content


async def test_switches_made_while_discord_was_away_are_told_afterwards_in_order_and_once(home: Home) -> None:
    home.rig.alerts.report("first", Tier.WARN, "Something came up", "as it does")
    await home.discord.message("gpu-alerts", timeout=10)
    await end_of(home.bot)
    await home.until_mode("chat")
    await home.rig.clock.sleep(1.0)
    home.rig.alerts.report("second", Tier.WARN, "Something else came up", "as it does")
    await home.rig.clock.sleep(1.0)
    await home.until_mode("idle")
    await home.restart_bot()
    await home.discord.message("gpu-alerts", where=lambda found: "chat → idle" in found.content, timeout=20)
    first, *told = [text_of(message) for message in home.discord.messages("gpu-alerts")]
    assert "Something came up" in first
    assert ["→ chat" in told[0], "Something else" in told[1], "chat → idle" in told[2]] == [True] * 3
    await home.restart_bot()
    home.rig.alerts.report("third", Tier.ALERT, "Something worse came up", "as it does")
    await home.discord.message("gpu-alerts", where=lambda found: "worse" in text_of(found), timeout=20)
    assert len(home.discord.messages("gpu-alerts")) == 5


async def test_a_line_that_discord_refuses_at_first_is_posted_later_and_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "_RETRY_S", 0.1)
    home.discord.faults.fail_requests(SEND, times=1, status=403)
    await home.ask_mode("Leia", "chat")
    await home.discord.message("gpu-alerts", timeout=25)
    assert len(home.discord.messages("gpu-alerts")) == 1
