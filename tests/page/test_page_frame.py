"""The page as a whole: nothing from outside, usable by keyboard and by ear, and at home on a phone."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.page.stage import EMBED, PHONE, ROW, SELECT, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = "[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
VIEWS = ("channels", "chat", "bench")
NAMELESS = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(withShadow);
  const withShadow = (node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])];
  const needs = "button, a[href], input, select, textarea, [role=button], [role=combobox], [role=img]";
  const words = (node) => [
    node.getAttribute("aria-label"), node.textContent, node.title, node.getRootNode().host?.textContent,
    ...[...(node.labels ?? [])].map((label) => label.textContent),
    ...[...node.querySelectorAll("img")].map((picture) => picture.alt),
  ];
  const isNameless = (node) => node.matches(needs) && !words(node).some((word) => word?.trim());
  return all(document).filter(isNameless).map((node) => node.outerHTML);
}"""
PICTURES_WITHOUT_ALT = "document.querySelectorAll('img:not([alt])').length"
DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
FAINT_TEXTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const over = (top, under) => [0, 1, 2].map((at) => (top[at] * top[3] + under[at] * (255 - top[3])) / 255);
  const ground = (node) => {
    const own = rgba(getComputedStyle(node).backgroundColor);
    const parent = node.parentElement ?? node.getRootNode().host;
    return own[3] === 255 ? own : over(own, parent ? ground(parent) : [255, 255, 255]);
  };
  const contrast = (node) => {
    const [less, more] = [light(rgba(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  };
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const isRead = (node) => node.checkVisibility() && !node.closest(".md-spoiler, svg, .unseen, .trouble-state");
  const texts = [...document.querySelectorAll("body *")].filter((node) => hasText(node) && isRead(node));
  return texts.filter((node) => contrast(node) < 4.5).map((node) => [contrast(node), node.className, node.textContent]);
}"""


def furnish(stage: Stage) -> None:
    """A message of each kind."""
    stage.bot_says(
        "**Hello**, `code`, https://example.org\n```py\nlong = 'line ' * 40 + 'line line line line line line'\n```"
    )
    stage.bot_says("", embeds=(EMBED,), components=(ROW, SELECT))
    stage.bot_says("-# a " + "verylongwordwithoutanybreak" * 12)


async def test_the_page_runs_without_a_complaint_and_asks_nobody_else(stage: Stage) -> None:
    furnish(stage)
    page = await stage.look()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    await page.reload()
    await expect(page.locator(".trouble").first).to_be_visible()
    await page.click("#facts-open")
    await expect(page.get_by_role("dialog")).to_contain_text("The very program.")
    assert asked == {f"127.0.0.1:{stage.server.port}"}
    assert stage.complaints == []


@pytest.mark.parametrize("view", VIEWS)
async def test_a_phone_never_scrolls_sideways(stage: Stage, view: str) -> None:
    furnish(stage)
    page = await stage.look(PHONE, has_touch=True)
    await page.click(f"[data-tab={view}]")
    assert await page.evaluate(WIDTHS) == [PHONE["width"]] * 3
    assert await page.locator(f"[data-tab={view}]").get_attribute("aria-pressed") == "true"
    if view == "chat":
        inner = await page.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(scroller)")
        assert inner == 0


async def test_on_a_phone_a_chosen_channel_turns_to_the_chat(stage: Stage) -> None:
    page = await stage.look(PHONE)
    await page.click("[data-tab=channels]")
    await page.get_by_role("button", name="general").click()
    await expect(page.locator("#channel-title")).to_be_visible()
    assert await page.text_content("#channel-title") == "general"


@pytest.mark.parametrize("colour", ["dark", "light"])
async def test_every_control_has_a_name_and_every_text_can_be_read(stage: Stage, colour: str) -> None:
    furnish(stage)
    page = await stage.look(color_scheme=colour)
    await expect(page.locator(".trouble").first).to_be_visible()
    await expect(page.locator("discord-embed")).to_be_visible()
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(PICTURES_WITHOUT_ALT) == 0
    assert await page.evaluate(DOUBLE_IDS) == []
    assert await page.evaluate(FAINT_TEXTS) == []


async def test_the_theme_follows_the_system_until_it_is_chosen(stage: Stage) -> None:
    page = await stage.look(color_scheme="light")
    assert await page.evaluate("document.documentElement.dataset.theme") == "light"
    await page.click("#theme")
    await page.reload()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_the_first_press_of_tab_offers_the_way_to_the_message_field(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the message field")).to_be_focused()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "say"


async def test_the_arrow_keys_walk_through_the_messages(stage: Stage, page: Page) -> None:
    for text in ("one", "two", "three"):
        stage.bot_says(text)
    await expect(page.locator("discord-message")).to_have_count(3)
    await page.focus("#scroller")
    for key in ("ArrowUp", "ArrowUp"):
        await page.keyboard.press(key)
    await expect(page.locator("discord-message").nth(1)).to_be_focused()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('aria-label')") == "Reply to this message"


async def test_new_messages_are_told_to_screen_readers_once_they_stand_still(stage: Stage, page: Page) -> None:
    message = stage.bot_says("I am")
    stage.bot_edits(message, "I am **done**")
    await expect(page.locator("#announcer")).to_contain_text("BD-1: I am done")
    assert await page.locator("#announcer").get_attribute("aria-live") == "polite"


async def test_who_wants_no_motion_gets_none(stage: Stage) -> None:
    stage.bot_says("", flags=128)
    page = await stage.look(reduced_motion="reduce")
    await expect(page.locator(".thinking")).to_be_visible()
    assert await page.evaluate("document.getAnimations().length") == 0
