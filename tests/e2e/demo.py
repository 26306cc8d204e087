"""`bd1 demo` as its own process, and a guest in front of its page."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

REPO = Path(__file__).parents[2]
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
START_S = 30.0
PATIENCE_MS = 10_000
SWITCH_MS = 30_000
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


class DemoProcess:
    """A running demo. `err` is what it has said on stderr. Its files lie in `folder`, which goes with it."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self.url = ""
        self.err = ""
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, *arguments: str) -> "DemoProcess":
        """Starts it without waiting for anything."""
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "bd1", "demo", *arguments)
        folder = Path(tempfile.mkdtemp(prefix="bd1-test-"))
        environment = os.environ | {"TMPDIR": str(folder)}
        process = await asyncio.create_subprocess_exec(*command, cwd=REPO, env=environment, stdout=pipe, stderr=pipe)
        return cls(process, folder)

    async def _listen(self) -> None:
        assert self._process.stderr
        self.err = (await self._process.stderr.read()).decode()

    async def ready(self) -> None:
        """Waits for the address on stdout."""
        assert self._process.stdout
        async with asyncio.timeout(START_S):
            while not self.url:
                line = (await self._process.stdout.readline()).decode()
                assert line, "the demo ended before it told its address"
                found = _ADDRESS.search(line)
                self.url = found[0] if found else ""

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def ended(self, timeout_s: float) -> int:
        """Waits for its end; its exit code."""
        async with asyncio.timeout(timeout_s):
            code = await self._process.wait()
            await self._listener
        return code

    async def kill(self) -> None:
        """Whatever happened, it is gone afterwards."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._listener
        shutil.rmtree(self._folder)


@dataclass
class Guest:
    """Somebody in front of the page, as whom they chose to be. What the page complains of is kept."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def arrive(cls, browser: Browser, url: str, viewport: ViewportSize = LAPTOP, **context: Any) -> "Guest":
        """Opens the page in a fresh profile."""
        profile = await browser.new_context(viewport=viewport, **context)
        page = await profile.new_page()
        page.set_default_timeout(PATIENCE_MS)
        guest = cls(page)
        page.on("console", guest._hear)
        page.on("pageerror", lambda error: guest.complaints.append(str(error)))
        await page.goto(url)
        await expect(page.locator("#channel-title")).to_have_text("bridge")
        return guest

    async def leave(self) -> None:
        """Closes the page, which must have complained of nothing."""
        await self.page.context.close()
        assert self.complaints == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    @property
    def last(self) -> Locator:
        """The newest message of the channel on show."""
        return self.page.locator("discord-message").last

    @property
    def story(self) -> Locator:
        """The newest message with an embed: an incident or a switch, whatever lines came after it."""
        return self.page.locator("discord-message", has=self.page.locator("discord-embed")).last

    def incident(self, words: str) -> Locator:
        """The newest message that tells these words; an incident may tell an older story on, above others."""
        return self.page.locator("discord-message", has_text=words).last

    def answer_to(self, question: str) -> Locator:
        """Every message that answers the one with these words: one, unless something is wrong."""
        quoted = self.page.locator(".reply-preview", has_text=question)
        return self.page.locator("discord-message", has=quoted)

    def container(self, name: str) -> Locator:
        """A row of the bench."""
        return self.page.locator(".container", has=self.page.get_by_text(name, exact=True))

    async def be(self, name: str) -> None:
        """From now on somebody else."""
        await self.page.get_by_role("radio", name=name).check(force=True)
        await expect(self.page.get_by_role("radio", name=name)).to_be_checked()

    async def visit(self, channel: str) -> None:
        """Another channel."""
        await self.page.locator(".channel", has_text=channel).first.click()
        await expect(self.page.locator("#channel-title")).to_have_text(channel)

    async def say(self, text: str) -> None:
        """A message, sent and there."""
        await self.page.fill("#say", text)
        await self.page.press("#say", "Enter")
        await expect(self.page.locator("discord-message .content", has_text=text).last).to_be_visible()

    async def command(self, name: str, value: str = "") -> None:
        """A slash command through the picker, by keyboard alone; `value` is typed into its option and picked."""
        await self.page.focus("#say")
        await self.page.keyboard.type(f"/{name}")
        await expect(self.page.locator("#picker [aria-selected=true]")).to_contain_text(f"/{name}")
        await self.page.keyboard.press("Enter")
        if value:
            await self.page.keyboard.type(value)
            await expect(self.page.locator("#picker [aria-selected=true]")).to_contain_text(value)
            await self.page.keyboard.press("Enter")
        await self.page.keyboard.press("Enter")

    def button(self, label: str) -> Locator:
        """A button of the newest switch."""
        return self.story.get_by_role("button", name=label)

    async def switch_to(self, mode: str) -> None:
        """A mode switch, waited for; a picture that happens to be under way is cut."""
        asked = self.page.locator("discord-message", has=self.page.locator("discord-command[command='gpu mode']"))
        answer = asked.nth(await asked.count())
        await self.command("gpu mode", mode)
        cut, done = answer.get_by_role("button", name="Cut and switch"), answer.get_by_text(f"-> {mode} in")
        await expect(cut.or_(done)).to_be_visible(timeout=SWITCH_MS)
        if await cut.is_visible():
            await cut.click()
        await expect(done).to_be_visible(timeout=SWITCH_MS)

    async def settle(self) -> None:
        """Ends all trouble and brings the card into chat mode, whatever was before."""
        await self.put_right()
        await expect(self.page.locator(".tier-pill")).to_have_text("Normal")
        await expect(self.page.locator(".mode-pill")).not_to_have_text("Switching…", timeout=SWITCH_MS)
        if await self.page.text_content(".mode-pill") != "Chat mode":
            await self.switch_to("chat")
        await self.in_mode("chat")

    async def in_mode(self, mode: str) -> None:
        """Waits until the bench shows this mode."""
        await expect(self.page.locator(".mode-pill")).to_have_text(f"{mode.title()} mode", timeout=SWITCH_MS)

    async def make_trouble(self, label: str) -> None:
        """Turns a switch of the bench on."""
        switch = self.page.locator(".trouble", has_text=label)
        await switch.click()
        await expect(switch).to_have_attribute("aria-pressed", "true")

    async def put_right(self) -> None:
        """Presses the button that ends all trouble, and sees that it did."""
        await self.page.get_by_role("button", name="Put everything right").click()
        await expect(self.page.locator(".trouble[aria-pressed=true]")).to_have_count(0)


@contextlib.asynccontextmanager
async def visiting(browser: Browser, url: str, viewport: ViewportSize = LAPTOP, **context: Any) -> AsyncIterator[Guest]:
    """Somebody else at the same demo, who leaves again."""
    guest = await Guest.arrive(browser, url, viewport, **context)
    try:
        yield guest
    finally:
        await guest.leave()
