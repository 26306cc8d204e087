"""Takes the README's pictures: starts the demo, plays its story in Chromium, and writes PNGs beside this file.

Must not prettify: what is on the pictures is what the demo shows to anybody.
"""

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

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
Colour = Literal["dark", "light"]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


async def main() -> None:
    """Everything, in the order in which the story happens."""
    async with demo() as url, async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        laptop = await look(browser, url, LAPTOP, "light")
        await draw_and_come_back(laptop)
        await talk(laptop)
        await switch_on_a_phone(await look(browser, url, PHONE, "dark"), laptop)
        await leak(laptop)
        await go_back(laptop)
        await refuse_and_override(laptop)
        await command(laptop, "gpu log")
        await expect(newest(laptop)).to_contain_text("The last switches")
        await crop(newest(laptop), laptop, "log")
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


async def switch_on_a_phone(phone: Page, laptop: Page) -> None:
    """A switch to pictures: on the phone while it runs, on the laptop once it is through."""
    await command(phone, "gpu mode", "image")
    await expect(newest(phone)).to_contain_text("✅ Stop ollama")
    await picture(phone, "phone")
    await expect(newest(laptop)).to_contain_text("-> image in", timeout=SWITCH_MS)
    await crop(newest(laptop), laptop, "switch")
    await phone.context.close()


async def leak(page: Page) -> None:
    """ComfyUI fills the card: the whole story in one message."""
    await visit(page, "gpu-alerts")
    await make_trouble(page, "VRAM leak")
    incident = page.locator("discord-message", has_text="VRAM filling up")
    await expect(incident).to_contain_text("Back to normal", timeout=INCIDENT_MS)
    await crop(incident, page, "alert")
    await put_right(page)
    await visit(page, "bridge")
    await switch(page, "chat")


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
    await crop(newest(page), page, "refused")
    await newest(page).get_by_role("button", name="Override…").click()
    await page.get_by_role("dialog").get_by_role("textbox").fill("It is my own game, and I close it before I draw.")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await newest(page).get_by_role("button", name="Start anyway").click()
    await in_mode(page, "Image")


async def switch(page: Page, mode: str) -> None:
    """A switch to its end; a picture that is just being drawn is cut."""
    await command(page, "gpu mode", mode)
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
    await page.screenshot(path=DOCS / f"{name}.png")


async def crop(message: Locator, page: Page, name: str) -> None:
    """One message's embed, and the buttons below it."""
    await page.mouse.move(0, 0)
    await message.scroll_into_view_if_needed()
    parts = await message.locator(".discord-embed-wrapper, discord-button").all()
    boxes = [box for part in parts if (box := await part.bounding_box())]
    left, top = min(box["x"] for box in boxes) - MARGIN_PX, min(box["y"] for box in boxes) - MARGIN_PX
    right = max(box["x"] + box["width"] for box in boxes) + MARGIN_PX
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN_PX
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    await page.screenshot(path=DOCS / f"{name}.png", clip=clip)


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(f"The pictures are taken in Chromium, but {CHROMIUM} is not there. Install the chromium package.")
    asyncio.run(main())
