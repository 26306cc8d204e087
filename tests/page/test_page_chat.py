"""Talking on the page: messages, live edits, slash commands, buttons, and being somebody else."""

import pytest
from playwright.async_api import Page, expect

from bd1.sim.discord.seed import OPERATOR_ROLE_ID
from tests.page.stage import PATIENCE_MS, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCROLL_UP = "() => { document.getElementById('scroller').scrollTop = 0; }"


async def test_enter_sends_and_shift_enter_breaks_the_line(stage: Stage, page: Page) -> None:
    await page.fill("#say", "first")
    await page.press("#say", "Shift+Enter")
    await page.locator("#say").press_sequentially("second")
    await page.press("#say", "Enter")
    await expect(page.locator("discord-message .content")).to_have_text("first\nsecond")
    assert [message.content for message in stage.server.messages("bridge")] == ["first\nsecond"]
    assert await page.input_value("#say") == ""


async def test_a_written_name_is_sent_as_a_mention(stage: Stage, page: Page) -> None:
    await page.fill("#say", "hello @bd-1, and not me@bd-1x")
    await page.press("#say", "Enter")
    await expect(page.locator("discord-mention")).to_contain_text("BD-1")
    assert stage.server.messages("bridge")[0].content == f"hello <@{stage.server.bot.id}>, and not me@bd-1x"


async def test_a_role_is_called_by_its_name(stage: Stage, page: Page) -> None:
    stage.bot_says(f"<@&{OPERATOR_ROLE_ID}>, please look.")
    await expect(page.locator("discord-mention")).to_contain_text("Operator")
    assert stage.complaints == []


async def test_a_streamed_answer_grows_in_place(stage: Stage, page: Page) -> None:
    message = stage.bot_says("One.\n> kept")
    quote = page.locator("discord-message .md-quote")
    await quote.evaluate("(node) => { node.closest('discord-message').mark = node.mark = 'same'; }")
    stage.bot_edits(message, "One.\n> kept\nand **more**")
    await expect(page.locator("discord-message strong")).to_have_text("more")
    assert await quote.evaluate("(node) => [node.mark, node.closest('discord-message').mark]") == ["same", "same"]
    assert await page.locator("discord-message").count() == 1


async def test_the_view_follows_the_end_only_for_a_reader_who_is_there(stage: Stage, page: Page) -> None:
    for number in range(40):
        stage.bot_says(f"line {number}")
    await expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()
    await page.evaluate(SCROLL_UP)
    await expect(page.locator("#jump")).to_be_hidden()
    last = stage.bot_says("the last one")
    await expect(page.locator("#jump")).to_be_visible()
    assert await page.evaluate("document.getElementById('scroller').scrollTop") == 0
    await page.click("#jump")
    await expect(page.get_by_text("the last one")).to_be_in_viewport()
    stage.bot_edits(last, "\n".join(["the last one", *"abcdefghijklmnopqrstuvwxyz"]) + "\n> the end")
    await expect(page.get_by_text("the end")).to_be_in_viewport()


async def test_a_message_elsewhere_is_counted_until_its_channel_is_visited(stage: Stage, page: Page) -> None:
    await stage.server.person("Leia").say("gpu-alerts", "own words are not unread")
    await stage.server.person("Han").say("general", "anybody?")
    row = page.get_by_role("button", name="general")
    await expect(row.locator(".badge")).to_have_text("1")
    await row.click()
    await expect(page.locator("discord-message .content")).to_have_text("anybody?")
    assert await page.locator(".channels .badge").count() == 0


async def test_a_command_is_picked_and_filled_in_by_keyboard_alone(answered: Page) -> None:
    await answered.focus("#say")
    await answered.keyboard.type("/mod")
    await expect(answered.locator("#picker [aria-selected=true]")).to_contain_text("/model")
    await answered.keyboard.press("Tab")
    await expect(answered.locator("#picker [role=option]")).to_have_text(["gemma3:12b", "mistral-small", "qwen3:8b"])
    await answered.keyboard.type("qw")
    await expect(answered.locator("#picker [role=option]")).to_have_text(["qwen3:8b"])
    await answered.keyboard.press("Enter")
    await answered.keyboard.press("Enter")
    await expect(answered.locator("discord-message .content")).to_have_text("Now qwen3:8b, because: none.")
    assert await answered.locator("discord-command").get_attribute("command") == "model"
    assert await answered.evaluate("document.activeElement.id") == "say"


async def test_an_optional_option_is_added_by_its_chip(answered: Page) -> None:
    await answered.fill("#say", "/model")
    await answered.press("#say", "Enter")
    await answered.get_by_role("button", name="+ reason").click()
    await answered.get_by_label("reason, optional").fill("speed")
    await answered.get_by_label("name, required").fill("gemma3:12b")
    await answered.get_by_label("reason, optional").press("Enter")
    await expect(answered.locator("discord-message .content")).to_have_text("Now gemma3:12b, because: speed.")
    assert await answered.locator("#command").is_hidden()


async def test_a_command_that_lacks_something_says_so_and_is_not_sent(stage: Stage, answered: Page) -> None:
    await answered.fill("#say", "/model")
    await answered.press("#say", "Enter")
    await expect(answered.locator("#picker [role=option]").first).to_be_visible()
    await answered.click("#send")
    await expect(answered.locator("#hint")).to_contain_text("name is required")
    assert await answered.get_by_label("name, required").get_attribute("aria-invalid") == "true"
    assert stage.server.messages("bridge") == []


async def test_escape_leaves_the_picker_and_then_the_command(answered: Page) -> None:
    await answered.focus("#say")
    await answered.keyboard.type("/")
    await answered.keyboard.press("Escape")
    assert await answered.locator("#picker").is_hidden()
    await answered.keyboard.type("mod")
    await answered.keyboard.press("Enter")
    await expect(answered.locator("#picker [role=option]").first).to_be_visible()
    await answered.keyboard.press("Escape")
    await answered.keyboard.press("Escape")
    assert await answered.locator("#command").is_hidden()
    assert await answered.evaluate("document.activeElement.id") == "say"


async def test_a_pressed_button_changes_the_message_and_keeps_the_focus(answered: Page) -> None:
    await answered.fill("#say", "/status")
    await answered.press("#say", "Enter")
    await answered.keyboard.press("Enter")
    await expect(answered.locator(".ephemeral-note")).to_contain_text("Only you can see this")
    button = answered.get_by_role("button", name="Count")
    await button.focus()
    await button.press("Enter")
    await expect(answered.get_by_role("button", name="Count: 1")).to_be_focused()
    await answered.get_by_role("button", name="Dismiss").click()
    assert await answered.locator("discord-message").count() == 0


async def test_a_bot_that_is_away_is_said_to_be_away(page: Page) -> None:
    await expect(page.locator("#offline")).to_be_visible()
    assert await page.locator(".presence.is-online").count() == 0


async def test_one_person_does_not_see_what_is_for_another(stage: Stage, page: Page) -> None:
    leia = stage.server.person("Leia")
    stage.bot_says("between us", only_for=leia.id, flags=64)
    await expect(page.locator("discord-message.is-ephemeral")).to_have_count(1)
    await page.get_by_label("Greedo").check(force=True)
    await expect(page.locator("discord-message")).to_have_count(0)
    await page.fill("#say", "my turn")
    await page.press("#say", "Enter")
    await expect(page.locator("discord-message .content")).to_have_text("my turn")
    assert stage.server.messages("bridge")[-1].author_id == stage.server.person("Greedo").id


async def test_a_refusal_is_told_and_what_was_written_is_kept(stage: Stage, page: Page) -> None:
    await page.get_by_label("Greedo").check(force=True)
    await page.get_by_role("button", name="gpu-alerts").click()
    await page.fill("#say", "let me in")
    await page.press("#say", "Enter")
    await expect(page.locator("#notice")).to_contain_text("permission")
    assert await page.input_value("#say") == "let me in"
    assert stage.server.messages("gpu-alerts") == []


async def test_one_replies_to_a_message_and_jumps_back_to_it(stage: Stage, page: Page) -> None:
    stage.bot_says("**Which** way?")
    await page.hover("discord-message")
    await page.get_by_role("button", name="Reply to this message").click()
    await expect(page.locator("#replying")).to_contain_text("Replying to BD-1")
    await page.keyboard.type("That way.")
    await page.keyboard.press("Enter")
    preview = page.locator("discord-reply button")
    await expect(preview).to_have_text("Which way?")
    await preview.click()
    await expect(page.locator("discord-message").first).to_be_focused()
    sent = stage.server.messages("bridge")[-1]
    assert sent.reference is not None
    assert sent.reference.message_id == stage.server.messages("bridge")[0].id


async def test_own_messages_can_be_deleted_and_those_of_others_offer_no_such_button(stage: Stage, page: Page) -> None:
    await stage.server.person("Leia").say("bridge", "oops")
    stage.bot_says("mine")
    await page.hover("discord-message >> nth=1")
    await expect(page.get_by_role("button", name="Delete this message")).to_be_hidden()
    await page.hover("discord-message >> nth=0")
    await page.get_by_role("button", name="Delete this message").click()
    await expect(page.locator("discord-message")).to_have_count(1, timeout=PATIENCE_MS)
    assert [message.content for message in stage.server.messages("bridge") if not message.deleted] == ["mine"]


async def test_the_page_finds_its_way_back_after_a_lost_connection(stage: Stage, page: Page) -> None:
    stage.bot_says("before")
    await expect(page.locator("discord-message")).to_have_count(1)
    stage.server._page.close()
    await expect(page.locator("#reconnecting")).to_be_visible()
    stage.bot_says("meanwhile")
    await expect(page.locator("discord-message .content")).to_have_text(["before", "meanwhile"])
    assert await page.locator("#reconnecting").is_hidden()


async def test_a_channel_opens_at_its_end(stage: Stage, page: Page) -> None:
    for number in range(40):
        stage.bot_says(f"line {number}\n> quoted")
    for name in ("general", "bridge", "gpu-alerts", "bridge"):
        await page.get_by_role("button", name=name, exact=False).first.click()
    await expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()
    assert await page.text_content("#channel-title") == "bridge"
