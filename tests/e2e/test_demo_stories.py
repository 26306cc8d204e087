"""An evening of chat and an incident in `bd1 demo`, as people see them: the real process, a real browser."""

import re

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.e2e.demo import SWITCH_MS, DemoProcess, Guest, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER_MS = 60_000
INCIDENT_MS = 90_000
FOOTER = re.compile(r"llama3:8b · \d+ tokens/s · context \d+ of 8192")
STORY = "Please tell me a story"
CODE = "Please write a small Python program"


async def test_an_evening_of_chat_code_a_line_of_three_stop_and_a_held_question(
    browser: Browser, demo: DemoProcess, guest: Guest
) -> None:
    await code_with_its_buttons(guest)
    async with visiting(browser, demo.url) as han, visiting(browser, demo.url) as lando:
        await han.be("Han")
        await lando.be("Lando")
        await a_line_of_three(guest, han, lando)
        await stopped_in_the_middle(guest, han)
        await held_until_chat_is_back(guest, han)


async def code_with_its_buttons(leia: Guest) -> None:
    """It grows with a Stop below it, and ends with what can be done to it and a small line."""
    await leia.say(CODE)
    answer = leia.answer_to(CODE)
    await expect(answer.get_by_role("button", name="Stop")).to_be_visible(timeout=ANSWER_MS)
    await expect(answer).to_contain_text(FOOTER, timeout=ANSWER_MS)
    await expect(answer.locator("pre")).to_contain_text("import pynvml")
    assert await labels(answer) == ["🔁 Regenerate", "🗑️ Delete"]


async def a_line_of_three(leia: Guest, han: Guest, lando: Guest) -> None:
    """Whoever waits is told their place; one of them takes the question back, the others get one answer each."""
    await leia.make_trouble("Slow model")
    await leia.say("Hello there!")
    await expect(leia.answer_to("Hello there!")).to_contain_text("Hello", timeout=ANSWER_MS)
    await han.say("Thanks for all that")
    await expect(leia.answer_to("Thanks for all that")).to_contain_text("1 before you")
    await lando.say("What about me?")
    withdrawn = lando.answer_to("What about me?")
    await expect(withdrawn).to_contain_text("2 before you")
    await withdrawn.get_by_role("button", name="Cancel").click()
    await expect(withdrawn).to_contain_text("⏹️")
    await expect(withdrawn).to_contain_text("Lando")

    await leia.put_right()
    for asked in ("Hello there!", "Thanks for all that"):
        await expect(leia.answer_to(asked)).to_contain_text("tokens/s", timeout=ANSWER_MS)
        await expect(leia.answer_to(asked)).to_have_count(1)
    await expect(withdrawn).not_to_contain_text("tokens/s")


async def stopped_in_the_middle(leia: Guest, han: Guest) -> None:
    """Only whoever asked and operators may; what was said stays, with a mark."""
    await leia.make_trouble("Slow model")
    await han.say(STORY)
    answer = leia.answer_to(STORY)
    await expect(answer).to_contain_text("The card that", timeout=ANSWER_MS)
    await answer.get_by_role("button", name="Stop").click()
    await expect(answer).to_contain_text("⏹️")
    await expect(answer).to_contain_text("Leia")
    await expect(answer).to_contain_text("The card that")
    assert await labels(answer) == ["🔁 Regenerate", "🗑️ Delete"]
    await leia.put_right()


async def held_until_chat_is_back(leia: Guest, han: Guest) -> None:
    """In image mode a question waits with its reason; crew cannot bring chat back by its button, an operator can."""
    await leia.switch_to("image")
    await leia.in_mode("image")
    await han.say("Are you still there?")
    held = han.answer_to("Are you still there?")
    await expect(held).to_contain_text("image mode")
    await expect(held).to_contain_text("Your question is kept")
    await held.get_by_role("button", name="Switch to chat").click()
    await expect(han.last).to_contain_text("Only operators")

    await leia.answer_to("Are you still there?").get_by_role("button", name="Switch to chat").click()
    cut = leia.story.get_by_role("button", name="Cut and switch")
    done = leia.story.get_by_text("-> chat in")
    await expect(cut.or_(done)).to_be_visible(timeout=SWITCH_MS)
    if await cut.is_visible():
        await cut.click()
    await leia.in_mode("chat")
    await expect(held).to_contain_text("tokens/s", timeout=ANSWER_MS)
    await expect(held).to_have_count(1)


async def test_an_incident_is_acknowledged_while_it_lasts_and_ends_with_its_picture(
    browser: Browser, demo: DemoProcess, guest: Guest
) -> None:
    await guest.switch_to("image")
    await guest.visit("gpu-alerts")
    await guest.make_trouble("VRAM leak")
    incident = guest.page.locator("discord-message", has_text="VRAM filling up").last
    await incident.get_by_role("button", name="Acknowledge").click(timeout=INCIDENT_MS)
    await expect(incident).to_contain_text("acknowledged by Leia")
    await expect(incident).to_contain_text("Back to normal", timeout=INCIDENT_MS)
    await expect(incident).to_contain_text("over after")
    assert await labels(incident) == []
    async with visiting(browser, demo.url) as han:
        await han.be("Han")
        await han.visit("gpu-alerts")
        await expect(han.story).to_contain_text("acknowledged by Leia")
        picture = han.story.locator(".picture img")
        await expect(picture).to_be_visible(timeout=INCIDENT_MS)
        await picture.scroll_into_view_if_needed()
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("(picture) => picture.naturalWidth") > 0


async def labels(message: Locator) -> list[str]:
    """What can be pressed below a message."""
    return [label.strip() for label in await message.locator("discord-button").all_inner_texts()]
