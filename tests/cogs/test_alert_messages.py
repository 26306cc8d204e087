"""Incidents in the alert channel of the loopback Discord."""

from bd1.core.tiers import Tier
from tests.cogs.conftest import Home, text_of


async def test_a_leak_is_one_message_edited_from_warning_to_all_clear(home: Home) -> None:
    await home.until_mode("image")
    await home.rig.troubles.set("leak", on=True)
    message = await home.discord.message("gpu-alerts", timeout=20)
    await home.discord.log.until(lambda: "✅" in text_of(message) or None, timeout=20, awaited="the all-clear")
    assert "Stop comfyui" in text_of(message)
    assert len(home.discord.messages("gpu-alerts")) == 1


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
