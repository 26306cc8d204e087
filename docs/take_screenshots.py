"""Takes the README's pictures: starts the demo, plays its story in Chromium, and writes PNGs beside this file.

Must not prettify: what is on the pictures is what the demo shows to anybody.
"""

import asyncio
import contextlib
import io
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, FloatRect, Locator, Page, ViewportSize, async_playwright, expect

DOCS = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SWITCH_MS = 30_000
ANSWER_MS = 60_000
INCIDENT_MS = 90_000
MARGIN_PX = 8
SETTLE_MS = 15_000
EMBED_AND_BUTTONS = ".discord-embed-wrapper, discord-button"
STORY = "Please tell me a story"
Colour = Literal["dark", "light"]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


async def main() -> None:
    """Everything, in the order in which the story happens."""
    async with demo() as url, async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        laptop = await look(browser, url, LAPTOP, "light")
        await draw_and_come_back(laptop)
        await talk(laptop)
        han, lando = [await look_as(name, browser, url) for name in ("Han", "Lando")]
        await stand_in_line(laptop, han, lando)
        phone = await look(browser, url, PHONE, "dark")
        await switch_on_a_phone(phone, laptop)
        await hold(laptop, han)
        await leak(laptop, phone)
        await go_back(laptop)
        await refuse_and_override(laptop)
        await command(laptop, "gpu log")
        await expect(newest(laptop)).to_contain_text("The last switches")
        await crop(newest(laptop).locator(EMBED_AND_BUTTONS), laptop, "log")
        await browser.close()


@contextlib.asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """The demo's address, for as long as it runs."""
    command = (sys.executable, "-m", "bd1", "demo", "--port", "0")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=DOCS.parent, stdout=pipe)
    try:
        yield await address(process.stdout)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await process.wait()


async def address(said: asyncio.StreamReader | None) -> str:
    """What the demo prints once it is ready."""
    while said and (line := await said.readline()):
        if found := _ADDRESS.search(line.decode()):
            return found[0]
    sys.exit("The demo did not start.")


async def look(browser: Browser, url: str, viewport: ViewportSize, colour: Colour) -> Page:
    """The page in a profile of its own, without motion, so that no picture catches half a blink."""
    profile = await browser.new_context(viewport=viewport, color_scheme=colour, reduced_motion="reduce")
    page = await profile.new_page()
    page.set_default_timeout(SWITCH_MS)
    await page.goto(url)
    await expect(page.locator(".mode-pill")).to_have_text(re.compile("mode"), timeout=SWITCH_MS)
    return page


async def draw_and_come_back(page: Page) -> None:
    """To pictures and back to chat, so that the chart has something to tell."""
    await in_mode(page, "Chat")
    await switch(page, "image")
    await expect(page.locator(".container", has_text="comfyui").locator("b")).to_have_text(
        "6\u2009600 MiB", timeout=SWITCH_MS
    )
    await switch(page, "chat")


async def talk(page: Page) -> None:
    """The status once a model is loaded, and an answer with code in it, while it grows."""
    await say(page, "Hello, BD-1!")
    await expect(newest(page)).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await command(page, "gpu status")
    await expect(newest(page).locator("discord-embed")).to_contain_text("Driver")
    await say(page, "How do I read the used VRAM in Python?")
    await expect(newest(page)).to_contain_text("total minus free", timeout=ANSWER_MS)
    await picture(page, "demo")
    await expect(newest(page)).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await crop(newest(page), page, "answer", 0)


async def stand_in_line(page: Page, han: Page, lando: Page) -> None:
    """Three ask at once, and the model is slow: two are told their place. Then nobody waits any more."""
    await make_trouble(page, "Slow model")
    await say(page, STORY)
    await expect(answer_to(page, STORY)).to_contain_text("The card", timeout=ANSWER_MS)
    await say(han, "Who won the race?")
    await expect(answer_to(page, "Who won the race?")).to_contain_text("1 before you")
    await say(lando, "Hello, what have we here?")
    await expect(answer_to(page, "Hello, what have we here?")).to_contain_text("2 before you")
    await crop(page.locator(f"discord-message:has-text('{STORY}') ~ discord-message"), page, "line", 0)
    await answer_to(page, STORY).get_by_role("button", name="Stop").click()
    await put_right(page)
    await expect(answer_to(page, "Hello, what have we here?")).to_contain_text("tokens/s", timeout=ANSWER_MS)


async def switch_on_a_phone(phone: Page, laptop: Page) -> None:
    """A switch to pictures: on the phone while it runs, on the laptop once it is through."""
    await command(phone, "gpu mode", "image")
    await expect(newest(phone)).to_contain_text("✅ Stop ollama")
    await picture(phone, "phone")
    await expect(newest(laptop)).to_contain_text("-> image in", timeout=SWITCH_MS)
    await crop(newest(laptop).locator(EMBED_AND_BUTTONS), laptop, "switch")


async def hold(page: Page, han: Page) -> None:
    """A question in image mode waits, until somebody who may brings chat back by its button."""
    await say(han, "Are you still there?")
    held = answer_to(page, "Are you still there?")
    await expect(held).to_contain_text("Your question is kept")
    await crop(held, page, "held", 0)
    await held.get_by_role("button", name="Switch to chat").click()
    await cut_and_wait(page, "chat")
    await expect(held).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await switch(page, "image")


async def leak(page: Page, phone: Page) -> None:
    """ComfyUI fills the card: the whole story in one message, with an operator at it and the picture that ends it."""
    await visit(page, "gpu-alerts")
    await make_trouble(page, "VRAM leak")
    incident = page.locator("discord-message", has_text="VRAM filling up")
    await incident.get_by_role("button", name="Acknowledge").click(timeout=INCIDENT_MS)
    await phone.locator("[data-tab=channels]").click()
    await visit(phone, "gpu-alerts")
    chart = phone.locator("discord-message .picture img").last
    await expect(chart).to_be_visible(timeout=INCIDENT_MS)
    await expect(incident).to_contain_text("over after", timeout=INCIDENT_MS)
    await settle(phone, chart)
    await crop(incident, page, "alert", 0)
    await chart.evaluate("(chart) => chart.scrollIntoView({ block: 'start' })")
    await expect(chart).to_be_in_viewport(ratio=0.9)
    await picture(phone, "alert-phone")
    await phone.context.close()
    await put_right(page)
    await visit(page, "bridge")
    await switch(page, "chat")


async def settle(page: Page, chart: Locator) -> None:
    """Waits until the picture is not drawn anew any more: once it is worse, and once it is over."""
    before = None
    while (now := await chart.get_attribute("src")) != before:
        before = now
        await page.wait_for_timeout(SETTLE_MS)


async def go_back(page: Page) -> None:
    """ComfyUI dies while it starts."""
    await make_trouble(page, "ComfyUI dies while starting")
    await command(page, "gpu mode", "image")
    await expect(newest(page)).to_contain_text("Rolled back", timeout=SWITCH_MS)
    await put_right(page)


async def refuse_and_override(page: Page) -> None:
    """Somebody plays on the card: the refusal, and an operator who answers for it."""
    await make_trouble(page, "A game on the same card")
    await command(page, "gpu mode", "image")
    await expect(newest(page)).to_contain_text("Refused", timeout=SWITCH_MS)
    await crop(newest(page).locator(EMBED_AND_BUTTONS), page, "refused")
    await newest(page).get_by_role("button", name="Override…").click()
    await page.get_by_role("dialog").get_by_role("textbox").fill("It is my own game, and I close it before I draw.")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await newest(page).get_by_role("button", name="Start anyway").click()
    await in_mode(page, "Image")


async def switch(page: Page, mode: str) -> None:
    """A switch to its end; a picture that is just being drawn is cut."""
    await command(page, "gpu mode", mode)
    await cut_and_wait(page, mode)


async def cut_and_wait(page: Page, mode: str) -> None:
    """The switch that the newest message tells, to its end."""
    cut, done = newest(page).get_by_role("button", name="Cut and switch"), newest(page).get_by_text(f"-> {mode} in")
    await expect(cut.or_(done)).to_be_visible(timeout=SWITCH_MS)
    if await cut.is_visible():
        await cut.click()
    await expect(done).to_be_visible(timeout=SWITCH_MS)


async def visit(page: Page, channel: str) -> None:
    """Another channel."""
    await page.locator(".channel", has_text=channel).click()
    await expect(page.locator("#channel-title")).to_have_text(channel)


async def make_trouble(page: Page, label: str) -> None:
    """A switch of the bench, on."""
    await page.locator(".trouble", has_text=label).click()


async def put_right(page: Page) -> None:
    """All of them off."""
    await page.get_by_role("button", name="Put everything right").click()


async def in_mode(page: Page, mode: str) -> None:
    """Waits until the bench shows this mode."""
    await expect(page.locator(".mode-pill")).to_have_text(f"{mode} mode", timeout=SWITCH_MS)


async def look_as(name: str, browser: Browser, url: str) -> Page:
    """The page of somebody else."""
    page = await look(browser, url, LAPTOP, "light")
    await page.get_by_role("radio", name=name).check(force=True)
    await expect(page.get_by_role("radio", name=name)).to_be_checked()
    return page


def answer_to(page: Page, question: str) -> Locator:
    """The message that answers the one with these words."""
    return page.locator("discord-message", has=page.locator(".reply-preview", has_text=question)).last


def newest(page: Page) -> Locator:
    """The last message of the channel on show."""
    return page.locator("discord-message").last


async def say(page: Page, text: str) -> None:
    """A message, sent."""
    await page.fill("#say", text)
    await page.press("#say", "Enter")


async def command(page: Page, name: str, value: str = "") -> None:
    """A slash command through the picker; `value` is typed into its option and picked."""
    await page.focus("#say")
    await page.keyboard.type(f"/{name}")
    await page.keyboard.press("Enter")
    if value:
        await page.keyboard.type(value)
        await expect(page.locator("#picker [aria-selected=true]")).to_contain_text(value)
        await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")


async def picture(page: Page, name: str) -> None:
    """The whole window, with nothing pointed at."""
    await page.mouse.move(0, 0)
    keep(await page.screenshot(), name)


async def crop(parts: Locator, page: Page, name: str, margin_px: int = MARGIN_PX) -> None:
    """All that is seen of these, and a margin around; whole messages have their own."""
    await page.mouse.move(0, 0)
    await parts.last.scroll_into_view_if_needed()
    boxes = [box for part in await parts.all() if (box := await part.bounding_box())]
    left, top = min(box["x"] for box in boxes) - margin_px, min(box["y"] for box in boxes) - margin_px
    right = max(box["x"] + box["width"] for box in boxes) + margin_px
    bottom = max(box["y"] + box["height"] for box in boxes) + margin_px
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    keep(await page.screenshot(clip=clip), name)


def keep(png: bytes, name: str) -> None:
    """Writes a picture in 256 colours, which nobody misses and which take a third of the room."""
    with Image.open(io.BytesIO(png)) as shot:
        few = shot.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(f"The pictures are taken in Chromium, but {CHROMIUM} is not there. Install the chromium package.")
    asyncio.run(main())
