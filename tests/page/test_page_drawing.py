"""What Discord's messages look like on the page: embeds, controls, files, marks."""

import json

import pytest
from playwright.async_api import Page, expect

from bd1.sim.discord.model import Upload
from tests.page.stage import EMBED, ROW, SELECT, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a34b5f50000000049454e44ae426082"
)


async def test_an_embed_shows_its_parts_in_discord_s_places(stage: Stage, page: Page) -> None:
    stage.bot_says("", embeds=(EMBED,))
    embed = page.locator("discord-embed")
    await expect(embed.locator(".embed-title strong")).to_have_text("full")
    await expect(embed.locator("discord-embed-footer")).to_have_text("watchdog")
    spans = await embed.locator("discord-embed-field").evaluate_all("(all) => all.map((one) => one.className)")
    assert spans == ["span-4", "span-4", "span-4", "span-12"]
    assert await embed.get_attribute("color") == "#f08c45"
    assert await embed.locator("discord-mention").text_content() == "gpu-alerts"


async def test_buttons_and_selects_say_what_they_are(stage: Stage, page: Page) -> None:
    stage.bot_says("Choose", components=(ROW, SELECT))
    await expect(page.get_by_role("button", name="🚀 Go")).to_be_enabled()
    await expect(page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()
    await expect(page.get_by_role("combobox", name="Pick one")).to_be_visible()
    assert await page.get_by_role("link", name="Manual").get_attribute("href") == "https://example.org/"


async def test_a_control_that_nobody_answers_says_so_beneath_its_message(stage: Stage, page: Page) -> None:
    stage.bot_says("Choose", components=(ROW,))
    await page.get_by_role("button", name="🚀 Go").click()
    await expect(page.locator("discord-message .complaint")).to_contain_text("did not respond")
    assert await page.locator("discord-button.is-pending").count() == 0


async def test_pictures_are_shown_and_other_files_are_offered(stage: Stage, page: Page) -> None:
    picture = Upload(filename="falcon.png", data=PIXEL, content_type="image/png")
    stage.bot_says("Done.", uploads=(picture, Upload(filename="log.json", data=b"{}")))
    shown = page.get_by_role("img", name="falcon.png")
    await expect(shown).to_have_js_property("naturalWidth", 1)
    await expect(page.get_by_role("link", name="log.json")).to_be_visible()
    assert await shown.is_visible()
    assert stage.complaints == []


async def test_a_picture_put_into_a_message_later_is_shown_and_replaced(stage: Stage, page: Page) -> None:
    message = stage.bot_says("", embeds=({"title": "VRAM nearly full"},))
    world = stage.server.world
    for name in ("first.png", "second.png"):
        world.edit(message, {"attachments": []}, [Upload(filename=name, data=PIXEL, content_type="image/png")])
        await expect(page.get_by_role("img", name=name)).to_have_js_property("naturalWidth", 1)
    assert await page.get_by_role("img", name="first.png").count() == 0
    await expect(page.get_by_text("VRAM nearly full")).to_be_visible()
    assert stage.complaints == []


async def test_a_picture_from_elsewhere_is_named_and_not_fetched(stage: Stage, page: Page) -> None:
    stage.bot_says("", embeds=({"title": "x", "image": {"url": "https://example.org/spy.png"}},))
    await expect(page.locator(".picture-away")).to_contain_text("https://example.org/spy.png")
    assert stage.complaints == []


async def test_an_edited_message_and_a_thinking_bot_are_marked(stage: Stage, page: Page) -> None:
    message = stage.bot_says("before")
    stage.bot_edits(message, "after")
    stage.bot_says("", flags=128)
    await expect(page.locator(".edited")).to_have_text("(edited)")
    await expect(page.locator(".thinking")).to_have_text("BD-1 is thinking…")
    assert await page.locator("discord-message").count() == 2


async def test_messages_of_one_author_stand_under_one_name(stage: Stage, page: Page) -> None:
    stage.bot_says("a")
    stage.bot_says("b")
    await stage.server.person("Han").say("bridge", "c")
    await expect(page.locator("discord-message")).to_have_count(3)
    grouped = await page.locator("discord-message").evaluate_all("(all) => all.map((one) => one.messageBodyOnly)")
    assert json.dumps(grouped) == "[false, true, false]"
