"""`kill -9` between a post's arrival in Discord and its answer: the incident stands exactly once afterwards."""

import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bd1.sim.discord.events import Exchange
from bd1.sim.discord.model import Message
from bd1.sim.discord.seed import ALERTS_ID, OPERATOR_ROLE_ID
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings
from tests.e2e.bot import BotProcess
from tests.e2e.stack import ALERTS, PATIENCE_S, Stack


@pytest.fixture
async def discord(discord_contract: Any) -> AsyncIterator[LoopbackDiscord]:
    """A Discord that knows no nonce again, as after a longer death."""
    async with LoopbackDiscord(settings=ServerSettings(nonce_memory_s=0.0)) as server:
        server.on_exchange.append(discord_contract)
        yield server
    discord_contract.assert_clean()


class Killer:
    """Kills the bot when a post into the alert channel has arrived and before its answer is on the way."""

    def __init__(self) -> None:
        self.bot: BotProcess | None = None
        self.posts = 0

    def __call__(self, exchange: Exchange) -> None:
        is_post = exchange.method == "POST" and exchange.path.endswith(f"/channels/{ALERTS_ID}/messages")
        self.posts += is_post
        if is_post and self.bot is not None:
            os.kill(self.bot.pid, signal.SIGKILL)
            self.bot = None


def standing(stack: Stack) -> list[Message]:
    return [message for message in stack.discord.messages(ALERTS) if message.embeds and not message.deleted]


async def killed_in_mid_post(stack: Stack, killer: Killer, mib: int) -> Message:
    """What stands in the channel after the first post of a bot that did not live to hear of its arrival."""
    stack.discord.on_exchange.append(killer)
    bot = await stack.start()
    await stack.connected()
    killer.bot = bot
    stack.card.claim(os.getpid(), mib)
    assert await bot.ended(PATIENCE_S) == -signal.SIGKILL
    (message,) = standing(stack)
    return message


async def end_of_story(stack: Stack, message: Message) -> dict[str, Any]:
    """It is over, and stands in this message alone; the incident as it is kept."""
    stack.card.claim(os.getpid(), 1000)
    await stack.shows(message, "Back to normal")
    look = lambda: True if standing(stack) == [message] else None  # noqa: E731
    await stack.discord.log.until(look, timeout=PATIENCE_S, awaited="that it stands once")
    assert await stack.bots[-1].stop(timeout_s=PATIENCE_S) == 0
    assert not any("Traceback" in bot.log for bot in stack.bots)
    (kept,) = [incident for incident in stack.kept("incidents") if incident["key"] == "vram"]
    assert (kept["message_id"], kept["old_message_ids"]) == (message.id, [])
    return kept


async def test_an_alert_whose_post_was_cut_short_by_a_kill_stands_and_rings_once(stack: Stack) -> None:
    killer = Killer()
    message = await killed_in_mid_post(stack, killer, 18000)
    await stack.start()
    kept = await end_of_story(stack, message)
    assert (killer.posts, kept["messages"], kept["escalated_at"]) == (1, 1, None)
    assert message.mention_roles == (OPERATOR_ROLE_ID,)


async def test_a_warning_whose_post_was_cut_short_still_rings_when_it_becomes_an_alert(stack: Stack) -> None:
    killer = Killer()
    quiet = await killed_in_mid_post(stack, killer, 16500)
    await stack.start()
    stack.card.claim(os.getpid(), 18400)
    louder = await stack.told("VRAM nearly full")
    kept = await end_of_story(stack, louder)
    assert (killer.posts, kept["messages"]) == (2, 2)
    assert (quiet.mention_roles, louder.mention_roles) == ((), (OPERATOR_ROLE_ID,))
    assert quiet.deleted
