"""The one message of a switch, when Discord takes it away, lets its token expire, or is away itself."""

from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.events import RequestMade
from bd1.sim.discord.model import Message
from bd1.sim.discord.settings import EDIT_ORIGINAL, ServerSettings
from cogs._ui import switch_message
from tests.cogs.conftest import Home, buttons_of, text_of

SHORT_LIVED = ServerSettings(token_life_s=2.0)


def waiting(settings: Settings) -> Settings:
    """The gate waits for long, and nobody is asked anything."""
    return replace(settings, switch=replace(settings.switch, release_timeout_s=60.0))


@pytest.mark.parametrize("tune", [waiting])
@pytest.mark.parametrize("discord_rules", [SHORT_LIVED])
async def test_a_switch_that_outlives_its_token_goes_on_in_the_channel_with_its_buttons(home: Home) -> None:
    await home.until_mode("chat")
    await home.rig.troubles.set("foreign", on=True)
    first = await home.ask_mode("Leia", "image")
    second = await home.discord.message("bridge", after=first, timeout=10)
    await home.until_told(first, "goes on in a newer message below")
    assert buttons_of(first) == {}
    await home.until_told(second, "**Refused:**")
    assert "Try again" in buttons_of(second)
    await home.rig.troubles.set("foreign", on=False)
    await home.discord.person("Leia").click(second, "Try again")
    await home.until_told(second, "idle -> image in")


@pytest.mark.parametrize("discord_rules", [SHORT_LIVED])
async def test_a_switch_can_be_cancelled_where_it_goes_on(home: Home) -> None:
    await home.until_mode("chat")
    with home.rig.admission.enter("Han"):
        question = await home.ask_mode("Leia", "image")
        await home.discord.person("Leia").click(question, "Let them finish")
        await home.until(lambda: "Cancel" in buttons_of(question), "a way to cancel")
        await home.discord.person("Leia").delete(question)
        second = await home.discord.message("bridge", after=question, timeout=10)
        await home.discord.person("Leia").click(second, "Cancel")
        await home.until_told(second, "**Cancelled:**")


async def test_discord_that_is_away_never_disturbs_the_switch_and_hears_of_its_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switch_message, "_RETRY_S", 0.1)
    await home.until_mode("chat")
    message = await home.ask_mode("Leia", "image")
    home.discord.faults.fail_requests(EDIT_ORIGINAL, times=4, status=403)
    await home.until_told(message, "chat -> image in")
    assert home.rig.fleet.view.name == "image"


async def test_the_plan_that_cannot_be_shown_keeps_nobody_from_a_switch(home: Home) -> None:
    await home.until_mode("chat")
    home.discord.faults.fail_requests(EDIT_ORIGINAL, times=1, status=403)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "chat -> image in")


async def test_the_running_step_counts_its_seconds_while_nothing_else_happens(home: Home) -> None:
    await home.until_mode("chat")
    with home.rig.admission.enter("Han"):
        question = await home.ask_mode("Leia", "image")
        await home.discord.person("Leia").click(question, "Let them finish")
        seen: set[str] = set()

        def three_figures() -> bool:
            seen.update(line for line in text_of(question).split("\n") if line.startswith("⏳ Let work"))
            return len(seen) >= 3

        await home.until(three_figures, "the seconds of the running step to grow")


async def cut_short(home: Home) -> Message:
    """The message of a switch in whose middle BD-1 ended."""
    await home.until_mode("chat")
    await home.rig.troubles.set("foreign", on=True)
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "⏳ Prove that VRAM is back")
    await home.go_away()
    return message


async def is_given_up(home: Home) -> None:
    """Nobody has to show the end of a switch any more, once the bot has had the time to hear what Discord said."""
    await (await home.discord.person("Leia").slash("gpu log", channel="bridge")).response()
    assert home.rig.services.screens.all_open == ()


async def test_a_switch_that_bd1_did_not_live_to_the_end_of_shows_what_came_of_it_in_its_message(home: Home) -> None:
    message = await cut_short(home)
    assert "⏳ Prove that VRAM is back" in text_of(message)
    await home.rig.troubles.set("foreign", on=False)
    await home.come_back()
    await home.until_told(message, "I was interrupted while this went on")
    assert "⏳" not in text_of(message)
    assert buttons_of(message) == {}
    await is_given_up(home)


async def test_a_message_that_shows_the_end_is_left_alone_by_the_next_life(home: Home) -> None:
    await home.until_mode("chat")
    message = await home.ask_mode("Leia", "image")
    await home.until_told(message, "chat -> image in")
    told = text_of(message)
    await home.restart_all()
    await home.until_mode("chat")
    assert text_of(message) == told


async def test_a_message_that_somebody_deleted_is_not_looked_for_for_ever(home: Home) -> None:
    message = await cut_short(home)
    await home.discord.person("Leia").delete(message)
    await home.come_back()
    await home.discord.event(RequestMade, where=lambda made: made.exchange.status == 404, timeout=20)
    await is_given_up(home)
