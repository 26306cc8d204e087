"""Everything that a bot asks of Discord, held together: many channels, and Discord's limit for the whole bot."""

import asyncio
from dataclasses import replace
from math import inf

import pytest

from bd1.core.edits import Need
from bd1.sim.discord.events import ChannelCreated, RequestMade
from bd1.sim.discord.model import Channel
from bd1.sim.discord.seed import GUILD_ID
from bd1.sim.discord.settings import EDIT, Limit, ServerSettings
from cogs._ui.request_budget import RequestBudget
from tests.cogs.conftest import Home
from tests.cogs.easel import Easel, FakeAnswer

FEW, DECKS = 16, 8
"""So many requests in a second stand for Discord's fifty, and so many channels for as many people."""
HELD_S = 1.5
TYPING = "POST /channels/{channel_id}/typing"


def open_decks(easel: Easel) -> list[str]:
    """More channels than there are."""
    for number in range(DECKS):
        channel = Channel(id=GUILD_ID + 500 + number, name=f"deck-{number}", guild_id=GUILD_ID, position=10 + number)
        easel.discord.world.channels[channel.id] = channel
        easel.discord.log.record(ChannelCreated(channel))
    return [f"deck-{number}" for number in range(DECKS)]


def statuses(easel: Easel) -> list[int]:
    return [event.exchange.status for event in easel.discord.log.since(0) if isinstance(event, RequestMade)]


async def _stream(answer: FakeAnswer, seconds: float) -> str:
    words = [f"w{number} " for number in range(int(seconds * 20))]
    for word in words:
        answer.say(word)
        await asyncio.sleep(0.05)  # the model's pace, not a wait for anything
    answer.whole("")
    await answer.ended()
    return "".join(words).rstrip()


@pytest.mark.parametrize("discord_rules", [ServerSettings(global_limit=Limit(FEW, 1.0))])
async def test_many_channels_at_once_never_ask_more_than_the_bot_may_and_end_together_whole(easel: Easel) -> None:
    easel.edits.requests.requests = replace(easel.edits.requests.requests, limit=FEW)
    decks = open_decks(easel)
    answers = [await easel.ask(deck) for deck in decks]
    texts = await asyncio.gather(*(_stream(answer, 3) for answer in answers))
    assert set(statuses(easel)) <= {200, 204}
    for deck, text in zip(decks, texts, strict=True):
        (message,) = easel.answers(deck)
        assert message.content.startswith(f"{text}\n")
        assert message.edits >= 1


async def test_a_refusal_of_everything_holds_everything_back_as_long_as_it_says(easel: Easel) -> None:
    loop = asyncio.get_running_loop()
    first, second = await easel.ask(), await easel.ask("general")
    first.say("One")
    second.say("Two")
    await easel.until_text("One")
    await easel.until_text("Two", "general")
    easel.discord.faults.limit_requests(EDIT, retry_after_s=HELD_S, scope="global")
    first.say(" more")
    await easel.discord.event(RequestMade, where=lambda event: event.exchange.status == 429)
    async with asyncio.timeout(10):
        while easel.edits.requests.requests.closed_until < loop.time():  # noqa: ASYNC110 no event tells what a client has read
            await asyncio.sleep(0)
    refused_s, mark = loop.time(), easel.discord.log.position
    second.say(" more")
    first.whole(".")
    await easel.until(
        lambda: [event for event in easel.discord.log.since(mark) if isinstance(event, RequestMade)], "the next request"
    )
    assert loop.time() - refused_s >= HELD_S - 0.1
    second.whole(".")
    await asyncio.gather(first.ended(), second.ended())
    assert statuses(easel).count(429) == 1
    assert easel.texts()[0].startswith("One more.")
    assert easel.texts("general")[0].startswith("Two more.")


async def test_what_somebody_asks_by_a_command_is_answered_while_everything_else_is_held_back(home: Home) -> None:
    home.discord.faults.limit_requests(TYPING, retry_after_s=600.0, scope="global")
    han = home.discord.person("Han")
    await han.say("bridge", f"<@{home.discord.bot.id}> hello")
    await home.discord.event(RequestMade, where=lambda event: event.exchange.status == 429)
    assert await (await han.slash("gpu status", channel="bridge")).response()


async def test_a_request_that_is_given_up_in_the_middle_is_not_on_its_way_for_ever(easel: Easel) -> None:
    easel.discord.faults.slow_requests(TYPING, delay_s=600.0)
    first, second = await asyncio.gather(easel.ask(), easel.ask("general"))
    assert easel.edits.requests.requests.on_their_way >= 1
    first.whole("Done.")
    second.whole("Done.")
    await asyncio.gather(*easel.tasks)
    signs = [task for task in asyncio.all_tasks() if task.get_name() == "typing sign"]
    await asyncio.gather(*signs, return_exceptions=True)
    assert easel.edits.requests.requests.on_their_way == 0


async def test_whoever_wants_the_same_goes_in_the_order_in_which_they_came() -> None:
    budget = RequestBudget()
    called: list[str] = []

    def second() -> None:
        called.append("second")

    def third() -> None:
        called.append("third")

    assert budget.turn_in(Need.LIVE, called.clear) == 0.0
    assert budget.turn_in(Need.LIVE, second) == inf
    assert budget.turn_in(Need.LIVE, third) == inf
    assert budget.turn_in(Need.FINAL, lambda: None) == 0.0
    budget.go(called.clear)
    assert called == ["second"]
    assert budget.turn_in(Need.LIVE, third) == inf
    budget.leave(second)
    assert called == ["second", "third"]
    assert budget.turn_in(Need.LIVE, third) == 0.0


async def test_whoever_wants_something_else_now_has_its_old_place_no_longer() -> None:
    budget = RequestBudget()
    called: list[str] = []
    assert budget.turn_in(Need.NOTICE, called.clear) == 0.0
    assert budget.turn_in(Need.NOTICE, lambda: called.append("next")) == inf
    assert budget.turn_in(Need.LIVE, called.clear) == 0.0
    assert called == ["next"]
