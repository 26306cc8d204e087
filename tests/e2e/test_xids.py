"""Xids through the real pynvml, the real process and Discord: heard beside a driver that hangs, kept over a kill -9."""

import asyncio

from tests.e2e.bot import BotProcess, text_of
from tests.e2e.conftest import Stack

POSTED_S = 10.0


async def listening(stack: Stack) -> BotProcess:
    """A bot that is connected and waits for events of the driver."""
    stack.card.set(log_calls=1)
    bot = await stack.start()
    await bot.logged("connected to Discord")
    async with asyncio.timeout(POSTED_S):
        while "nvmlEventSetWait_v2" not in await asyncio.to_thread(stack.card.calls):  # noqa: ASYNC110 told in a file
            await asyncio.sleep(0)
    stack.card.set(log_calls=None)
    return bot


async def test_an_xid_is_posted_while_the_driver_hangs_and_the_quarantine_outlives_a_kill(stack: Stack) -> None:
    bot = await listening(stack)
    stack.card.set(hang=1)
    await bot.logged("card stalled")
    stack.card.xid(13)
    stack.card.xid(79)
    told = text_of(await stack.told("Xid 79", POSTED_S))
    assert "the GPU has fallen off the bus" in told
    assert "On the host: shut the guest down, switch the host off and on again" in told
    await bot.kill()
    stack.card.set(hang=None)
    again = await listening(stack)
    assert await again.stop() == 0
    assert "Traceback" not in bot.log + again.log
    assert [kept.get("code") for kept in stack.kept("latch")] == [79]
    open_incidents = [kept["key"] for kept in stack.kept("incidents") if kept["closed_at"] is None]
    assert "quarantine" in open_incidents
    assert not [kept for kept in stack.kept("incidents") if "Xid 13" in kept["title"]]


async def test_a_reloaded_driver_is_listened_to_again(stack: Stack) -> None:
    bot = await listening(stack)
    stack.card.set(driver="600.10")
    await bot.logged("Xids can be heard again")
    stack.card.xid(94)
    assert "On the guest: restart that program" in text_of(await stack.told("Xid 94", POSTED_S))
    assert await bot.stop() == 0
