"""What the bot asks back on the page: several choices at once, forms, and options that may be left out."""

import pytest
from playwright.async_api import Page, expect

from tests.page.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def run(page: Page, command: str) -> None:
    await page.fill("#say", f"/{command}")
    await page.press("#say", "Enter")


async def test_several_choices_are_sent_together(answered: Page) -> None:
    await run(answered, "menu")
    await answered.keyboard.press("Enter")
    await answered.get_by_text("What shall it be?").click()
    for dish in ("Soup", "Cake"):
        await answered.get_by_role("checkbox", name=dish).check()
    await answered.get_by_role("button", name="Send choice").click()
    await expect(answered.locator("discord-message .content").last).to_have_text("You get Soup and Cake.")
    assert await answered.locator("discord-message").count() == 2


async def test_no_choice_at_all_is_refused_in_words(answered: Page) -> None:
    await run(answered, "menu")
    await answered.keyboard.press("Enter")
    await answered.get_by_text("What shall it be?").click()
    await answered.get_by_role("button", name="Send choice").click()
    await expect(answered.locator(".complaint")).to_be_visible()
    assert "Traceback" not in await answered.inner_text(".complaint")


async def test_a_form_is_filled_in_and_its_answer_comes(answered: Page) -> None:
    await run(answered, "menu")
    await answered.keyboard.press("Enter")
    await answered.get_by_role("button", name="Complain").click()
    form = answered.get_by_role("dialog", name="Why?")
    await form.get_by_label("Reason").fill("the soup is cold")
    await form.get_by_role("button", name="Send").click()
    await expect(answered.locator("discord-message .content").last).to_have_text("Because: the soup is cold.")
    assert not await form.is_visible()


async def test_a_form_insists_on_what_is_required_and_may_be_left(stage: Stage, answered: Page) -> None:
    await run(answered, "menu")
    await answered.keyboard.press("Enter")
    await answered.get_by_role("button", name="Complain").click()
    form = answered.get_by_role("dialog", name="Why?")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_label("Reason")).to_be_focused()
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    assert len(stage.server.messages("bridge")) == 1


async def test_an_option_that_may_be_left_out_is_offered_and_not_chosen(answered: Page) -> None:
    await run(answered, "paint")
    await expect(answered.locator("#picker [role=option]")).to_have_text(["red", "blue"])
    assert await answered.locator("#picker [aria-selected=true]").count() == 0
    await answered.keyboard.press("Enter")
    await expect(answered.locator("discord-message .content").last).to_have_text("It is white now.")


async def test_the_arrow_keys_choose_an_option_that_may_be_left_out(answered: Page) -> None:
    await run(answered, "paint")
    await expect(answered.locator("#picker [role=option]")).to_have_count(2)
    await answered.keyboard.press("ArrowUp")
    await expect(answered.locator("#picker [aria-selected=true]")).to_have_text("blue")
    await answered.keyboard.press("Enter")
    await answered.keyboard.press("Enter")
    await expect(answered.locator("discord-message .content").last).to_have_text("It is blue now.")
    assert await answered.locator("#command").is_hidden()


async def test_what_is_written_behind_a_commands_name_goes_into_its_option(answered: Page) -> None:
    await run(answered, "model qw")
    await expect(answered.locator("#picker [aria-selected=true]")).to_have_text("qwen3:8b")
    await answered.keyboard.press("Enter")
    await answered.keyboard.press("Enter")
    await expect(answered.locator("discord-message .content").last).to_have_text("Now qwen3:8b, because: none.")
    assert await answered.input_value("#say") == ""
