"""`bd1 demo` as a newcomer meets it: the real process, a real browser, everything on its page."""

import re
import time

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.demo import SWITCH_MS, DemoProcess, Guest

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST_SCREEN_S = 5.0
END_S = 5.0
INCIDENT_MS = 60_000
WATCH_IT_GROW = """() => {
  window.lengths = [];
  const note = () => {
    const last = [...document.querySelectorAll("discord-message .content")].at(-1);
    const length = last?.textContent.length ?? 0;
    if (length !== window.lengths.at(-1)) window.lengths.push(length);
  };
  new MutationObserver(note).observe(document.getElementById("messages"), { childList: true, subtree: true });
}"""


async def test_the_first_screen_is_there_at_once_and_says_what_is_real(browser: Browser, demo: DemoProcess) -> None:
    began_s = time.monotonic()
    guest = await Guest.arrive(browser, demo.url)
    await expect(guest.page.locator(".trouble").first).to_be_visible()
    await expect(guest.page.locator(".container")).to_have_count(4)
    took_s = time.monotonic() - began_s
    assert await guest.page.locator(".channel-name").all_text_contents() == ["bridge", "gpu-alerts", "general", "BD-1"]
    assert "simulated except BD-1" in " ".join((await guest.page.inner_text(".ribbon")).split())
    assert took_s < FIRST_SCREEN_S
    await guest.leave()


async def test_the_status_comes_through_the_picker_and_its_button_reads_again(guest: Guest) -> None:
    await guest.command("gpu status")
    await expect(guest.last.locator("discord-embed")).to_contain_text("RTX 4000 Ada")
    await expect(guest.last.locator("discord-embed")).to_contain_text("unattributed")
    before = await guest.last.inner_text()
    await guest.last.get_by_role("button", name="Refresh").click()
    await expect(guest.last.locator("discord-button")).not_to_have_class(re.compile("is-pending"))
    await expect(guest.last.locator(".complaint")).to_have_count(0)
    assert "Mode" in before


async def test_a_question_in_the_chat_channel_is_answered_while_one_watches(guest: Guest) -> None:
    await guest.page.evaluate(WATCH_IT_GROW)
    await guest.say("Please write a small Python program")
    await expect(guest.last).to_contain_text("tokens/s", timeout=30_000)
    await expect(guest.last.locator("pre")).to_contain_text("import pynvml")
    lengths: list[int] = await guest.page.evaluate("window.lengths")
    assert len([length for length, before in zip(lengths[1:], lengths, strict=False) if length > before]) >= 3


async def test_the_card_goes_to_pictures_and_back_by_keyboard_alone(guest: Guest) -> None:
    await guest.command("gpu mode", "image")
    await expect(guest.last).to_contain_text("✅ Stop ollama")
    await expect(guest.last).to_contain_text("-> image in", timeout=SWITCH_MS)
    assert "✅ Prove that VRAM is back" in await guest.last.inner_text()
    await guest.say("Are you there?")
    await expect(guest.last).to_contain_text("image mode")
    await guest.switch_to("chat")
    await guest.in_mode("chat")


async def test_crew_may_look_but_not_switch_and_a_stranger_may_do_nothing(guest: Guest) -> None:
    await guest.be("Han")
    await guest.command("gpu mode", "image")
    await expect(guest.last).to_contain_text("Only operators")
    await guest.be("Greedo")
    for name in ("gpu status", "gpu mode"):
        await guest.command(name)
        await expect(guest.last).to_contain_text("may not use BD-1")
        await guest.last.get_by_role("button", name="Dismiss").click()
    await guest.say("Let me in!")
    await expect(guest.last).to_contain_text("may not use BD-1")
    assert await guest.page.text_content(".mode-pill") == "Chat mode"


async def test_a_leak_is_told_tier_by_tier_and_ended_before_the_card_is_full(guest: Guest) -> None:
    await guest.page.locator(".step", has_text="/gpu mode image").click()
    await guest.in_mode("image")
    await guest.page.locator(".step", has_text="VRAM leak").click()
    for words in ("VRAM filling up", "VRAM nearly full", "VRAM protection", "Kill comfyui", "Back to normal"):
        await expect(guest.story).to_contain_text(words, timeout=INCIDENT_MS)
    await expect(guest.container("comfyui")).to_have_attribute("data-state", "exited")
    await expect(guest.story).to_contain_text("✅")
    assert await guest.page.text_content("#channel-title") == "gpu-alerts"
    await expect(guest.page.locator("discord-embed")).to_have_count(1)  # what was replaced has been taken away


async def test_a_crash_loop_is_ended_for_good(guest: Guest) -> None:
    await guest.visit("gpu-alerts")
    await guest.switch_to("image")
    await guest.make_trouble("ComfyUI crash loop")
    loop = guest.incident("crash-looping")
    await expect(loop).to_contain_text("keep it down", timeout=INCIDENT_MS)
    await expect(guest.container("comfyui")).to_have_attribute("data-state", "exited")
    assert "restart policy to no" in await loop.inner_text()


@pytest.mark.parametrize("label", ["GPU falls off the bus", "Driver hangs"])
async def test_a_card_that_cannot_be_read_is_said_to_be_so(guest: Guest, label: str) -> None:
    await guest.make_trouble(label)
    await expect(guest.page.locator(".tier-pill")).to_have_text("Unknown")
    await guest.command("gpu status")
    await expect(guest.last).to_contain_text("The card cannot be read")
    await guest.visit("gpu-alerts")
    title = guest.story.locator(".embed-title")
    open_again = re.compile("[^✅] I cannot see the card")  # it may tell an older story on
    await expect(title).to_have_text(open_again, timeout=20_000)
    await guest.put_right()
    await expect(title).to_have_text(re.compile("✅ I cannot see the card"), timeout=20_000)
    await expect(guest.story).to_contain_text("can be read again")


async def test_a_model_that_is_gone_is_told_in_a_sentence(guest: Guest) -> None:
    await guest.make_trouble("Ollama stops answering")
    await guest.say("Hello, anybody?")
    await expect(guest.last).to_contain_text("Ollama")
    told = await guest.last.inner_text()
    assert "Traceback" not in told
    await guest.put_right()
    await guest.say("Hello again!")
    await expect(guest.last).to_contain_text("tokens/s", timeout=30_000)


async def test_a_slow_model_is_waited_for(guest: Guest) -> None:
    await guest.make_trouble("Slow model")
    await guest.page.evaluate(WATCH_IT_GROW)
    await guest.say("Thanks")
    await expect(guest.last).to_contain_text("You are welcome", timeout=30_000)
    await expect(guest.last).to_contain_text("tokens/s", timeout=60_000)
    assert len(await guest.page.evaluate("window.lengths")) > 5


async def test_ctrl_c_ends_the_demo_quickly_and_quietly() -> None:
    process = await DemoProcess.start("--port", "0")
    try:
        await process.ready()
        process.interrupt()
        assert await process.ended(END_S) == 0
        assert "Traceback" not in process.err
    finally:
        await process.kill()


async def test_a_port_that_is_taken_gets_one_sentence(demo: DemoProcess) -> None:
    second = await DemoProcess.start("--port", demo.url.rstrip("/").rpartition(":")[2])
    try:
        code = await second.ended(30.0)
        assert code != 0
        assert "--port" in second.err
        assert "Traceback" not in second.err
    finally:
        await second.kill()
