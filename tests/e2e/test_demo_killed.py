"""`bd1 demo` while somebody kills the BD-1 in it: the real process, a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.demo import SWITCH_MS, DemoProcess, Guest

pytestmark = pytest.mark.asyncio(loop_scope="module")

END_S = 5.0


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[DemoProcess]:
    process = await DemoProcess.start("--port", "0")
    await process.ready()
    yield process
    await process.kill()


async def test_the_page_outlives_a_kill_in_the_middle_of_a_switch_and_reads_how_it_was_sorted_out(
    browser: Browser, demo: DemoProcess
) -> None:
    guest = await Guest.arrive(browser, demo.url)
    await guest.in_mode("chat")
    await guest.command("gpu mode", "image")
    await expect(guest.last).to_contain_text("Stop ollama")
    await guest.make_trouble("Kill BD-1")
    await expect(guest.page.locator(".tier-pill")).to_have_text("BD-1 is down")
    await expect(guest.page.locator("#offline")).to_be_visible()

    await expect(guest.page.locator(".tier-pill")).to_have_text("Normal")
    await expect(guest.page.locator("#offline")).to_be_hidden()
    await expect(guest.page.locator(".trouble[aria-pressed=true]")).to_have_count(0)
    await guest.visit("gpu-alerts")
    told = guest.page.locator("discord-message", has_text="ended in the middle of Leia's switch")
    await expect(told.first).to_be_visible(timeout=SWITCH_MS)
    await guest.visit("bridge")
    await guest.command("gpu status")
    await expect(guest.last.locator("discord-embed")).to_contain_text("RTX 4000 Ada")
    assert guest.complaints == []

    demo.interrupt()
    assert await demo.ended(END_S) == 0
    assert "Traceback" not in demo.err
    assert "Unclosed" not in demo.err


async def test_a_demo_that_is_ended_while_bd1_lies_dead_ends_quietly(browser: Browser, demo: DemoProcess) -> None:
    guest = await Guest.arrive(browser, demo.url)
    await guest.make_trouble("Kill BD-1")
    await expect(guest.page.locator(".tier-pill")).to_have_text("BD-1 is down")
    await guest.page.context.close()
    demo.interrupt()
    assert await demo.ended(END_S) == 0
    assert "Traceback" not in demo.err
