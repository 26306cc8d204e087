"""Switches that go wrong in `bd1 demo`, watched and worked with as a person does: the real process, a real browser."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.demo import PHONE, SWITCH_MS, DemoProcess, Guest, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER_MS = 30_000
ONE_LINE_PX = 36
PURPLE = "#9b59b6"
REASON = "The leak is the demo's own, and I watch the host."
WIDTHS = "[innerWidth, document.documentElement.scrollWidth]"
SCROLL_UP = "(scroller) => scroller.scrollBy(0, -90)"


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, demo: DemoProcess) -> AsyncIterator[Guest]:
    """Leia again, at her phone."""
    async with visiting(browser, demo.url, PHONE, is_mobile=True, has_touch=True) as arrived:
        yield arrived
        assert await arrived.page.evaluate(WIDTHS) == [PHONE["width"]] * 2


async def test_a_refused_switch_is_tried_again_from_a_phone_and_goes_through_on_an_operators_word(
    guest: Guest, phone: Guest
) -> None:
    await refused(guest)
    await expect(phone.story).to_contain_text("Refused")
    await tried_again_on(phone)
    await asked_twice_on(phone)
    await overridden(guest)
    await expect(phone.story).to_contain_text("-> image in")
    await guest.in_mode("image")

    override = f"⚠️ override by Leia: {REASON}"
    await logged(guest, "✅ idle → image", override, "⛔ idle → image", "refused in", "⛔ chat → image", "refused in")
    await read_the_alerts_on(phone, override)


async def refused(guest: Guest) -> None:
    """A loaded model leaves its memory behind: the plan, the time-out, who holds the card, what can be done."""
    await guest.say("Hello!")
    await expect(guest.last).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await guest.make_trouble("VRAM does not come back")
    await guest.command("gpu mode", "image")
    await expect(guest.story).to_contain_text(re.compile(r"Stops ollama \(6.030 MiB\), starts comfyui \(8.000 MiB\)"))
    await expect(guest.story).to_contain_text("⏳ Prove that VRAM is back")
    await expect(guest.story).to_contain_text("Refused", timeout=SWITCH_MS)
    await expect(guest.story).to_contain_text("no process on the card explains them")
    await expect(guest.story).to_contain_text("The card is in idle mode now, and unsafe.")
    assert await guest.story.locator("discord-button").all_inner_texts() == ["Try again", "Override…"]
    assert await guest.container("comfyui").get_attribute("data-state") != "running"


async def tried_again_on(phone: Guest) -> None:
    """The same message tells the new try, and then that it was refused as well."""
    await phone.button("Try again").tap()
    await expect(phone.story).to_contain_text("⏳ Prove that VRAM is back")
    await expect(phone.story).to_contain_text("idle → image")
    await expect(phone.story).to_contain_text("Refused", timeout=SWITCH_MS)
    await expect(phone.button("Override…")).to_be_in_viewport(ratio=1)


async def asked_twice_on(phone: Guest) -> None:
    """Form and second question fit on the screen; who does not press there starts nothing."""
    await phone.button("Override…").tap()
    form = phone.page.get_by_role("dialog", name="Override the refusal")
    await expect(form).to_be_in_viewport(ratio=1)
    await form.get_by_role("textbox").fill(REASON)
    await form.get_by_role("button", name="Send").tap()
    await expect(phone.last).to_contain_text("Start image all the same?")
    await expect(phone.last.get_by_role("button", name="Start anyway")).to_be_in_viewport(ratio=1)
    await phone.last.get_by_role("button", name="Dismiss").tap()


async def overridden(guest: Guest) -> None:
    """The reason, the figures, the second word."""
    await guest.button("Override…").click()
    form = guest.page.get_by_role("dialog", name="Override the refusal")
    await form.get_by_role("textbox").fill(REASON)
    await form.get_by_role("button", name="Send").click()
    question = guest.last
    await expect(question).to_contain_text("Start image all the same?")
    await expect(question).to_contain_text(f"Reason: {REASON}")
    await expect(question).to_contain_text("Only you can see this")
    await question.get_by_role("button", name="Start anyway").click()
    await expect(guest.last).to_contain_text("The switch begins.")
    await expect(guest.story).to_contain_text("-> image in", timeout=SWITCH_MS)


async def read_the_alerts_on(phone: Guest, override: str) -> None:
    """One line for the switch, with the reason; and the field below it is not squeezed by having been out of sight."""
    await phone.page.locator("[data-tab=channels]").tap()
    await phone.visit("gpu-alerts")
    line = phone.page.locator("discord-message", has_text=override)
    await expect(line).to_contain_text("idle → image by Leia · done in")
    await expect(phone.story).to_contain_text(f"Leia answers for what is still held: {REASON}")
    field = await phone.page.locator("#say").bounding_box()
    assert field
    assert field["height"] >= ONE_LINE_PX


async def test_a_switch_whose_workload_dies_while_starting_goes_back_and_chat_works_again(guest: Guest) -> None:
    await guest.make_trouble("ComfyUI dies while starting")
    await guest.command("gpu mode", "image")
    await expect(guest.story).to_contain_text("Rolled back", timeout=SWITCH_MS)
    told = await guest.story.inner_text()
    steps = ("❌ Wait until comfyui answers", "✅ Stop comfyui again", "✅ Prove that VRAM", "✅ Start ollama again")
    assert [step for step in steps if step not in told] == []
    assert "comfyui ended while it was starting (exit code 1)" in told
    assert "I went back to chat mode." in told
    await expect(guest.story.locator("discord-embed")).to_have_attribute("color", PURPLE)
    await guest.in_mode("chat")

    await guest.say("Hello again!")
    await expect(guest.last).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await logged(guest, "↩️ chat → image", "rolled back in")
    await guest.visit("gpu-alerts")
    await expect(guest.last).to_contain_text("chat → image by Leia · rolled back in")


async def test_a_switch_waits_for_an_answer_until_it_is_cancelled_and_cuts_it_only_when_told_to(
    browser: Browser, demo: DemoProcess, guest: Guest, phone: Guest
) -> None:
    async with visiting(browser, demo.url) as han:
        await han.be("Han")
        await guest.make_trouble("Slow model")
        await han.say("Please tell me a story")
        await expect(han.last).to_contain_text("The card")
        await waited_and_cancelled_on(phone)

        await guest.command("gpu mode", "image")
        await guest.button("Cut and switch").click()
        answer = han.page.locator("discord-message", has_text="Please tell me a story").last
        await expect(answer).to_contain_text("Leia switched the GPU to image mode, so this answer ends here.")
        await expect(guest.story).to_contain_text("-> image in", timeout=SWITCH_MS)
        await expect(guest.story).to_contain_text("is being answered")
    await logged(guest, "✅ chat → image", "done in", "⚪ chat → image", "Leia cancelled the switch")


async def waited_and_cancelled_on(phone: Guest) -> None:
    """The question becomes the switch, which is seen to its end also where the reader had scrolled up to it."""
    await phone.command("gpu mode", "image")
    await expect(phone.story).to_contain_text("is being answered")
    await phone.page.locator("#scroller").evaluate(SCROLL_UP)
    await phone.button("Let them finish").tap()
    await expect(phone.story).to_contain_text("⏳ Let work under way finish")
    await expect(phone.button("Cancel")).to_be_in_viewport(ratio=1)
    await phone.button("Cancel").tap()
    await expect(phone.story).to_contain_text("Leia cancelled the switch before anything was stopped.")
    await expect(phone.story).to_contain_text("The card is in chat mode now.")


async def logged(guest: Guest, *told: str) -> None:
    """`/gpu log` has all of it, the newest first."""
    await guest.command("gpu log")
    await expect(guest.last).to_contain_text("The last switches")
    rest = " ".join((await guest.last.inner_text()).split())
    for words in told:
        _, found, rest = rest.partition(words)
        assert found, words
