"""A gateway that drops, invalidates or refuses loses no command."""

import pytest

from bd1.sim.discord.events import GatewayConnected, GatewayResumed
from bd1.sim.discord.server import LoopbackDiscord
from tests.e2e.bot import text_of
from tests.e2e.conftest import Stack


async def test_what_is_said_while_the_socket_is_down_is_answered_after_the_resume(stack: Stack) -> None:
    bot = await stack.start(switch={"release_timeout_s": 10, "start_mode": "chat"})
    await bot.logged("idle -> chat")
    await bot.logged("connected to Discord")
    mark = stack.discord.log.position
    stack.discord.faults.drop_socket()
    asked = await stack.discord.person("Han").slash("gpu status", channel="bridge")
    said = await stack.discord.person("Han").say("bridge", f"{stack.discord.bot.mention} still there?")
    assert "Mode" in text_of(await asked.response())
    answer = await stack.discord.message("bridge", after=said, where=lambda m: "still there?" in m.content, timeout=60)
    assert answer.reference
    assert await stack.discord.event(GatewayResumed, since=mark)


@pytest.mark.parametrize("fault", ["reconnect", "invalid"])
async def test_after_a_reconnect_or_a_lost_session_commands_work_again(stack: Stack, fault: str) -> None:
    bot = await stack.start()
    await bot.logged("connected to Discord")
    mark = stack.discord.log.position
    if fault == "reconnect":
        stack.discord.faults.ask_to_reconnect()
        await stack.discord.event(GatewayResumed, since=mark, timeout=60)
    else:
        stack.discord.faults.invalidate_session(resumable=False)
        await stack.discord.event(GatewayConnected, since=mark, timeout=60)
    asked = await stack.discord.person("Han").slash("gpu status", channel="bridge")
    assert "Mode" in text_of(await asked.response())


async def test_a_first_handshake_that_fails_is_tried_again(stack: Stack) -> None:
    stack.discord.faults.refuse_handshake(times=2)
    bot = await stack.start()
    await bot.logged("trying Discord again")
    await bot.logged("connected to Discord", timeout_s=60)
    assert "Traceback" not in bot.log


async def test_a_discord_that_comes_up_later_is_found(stack: Stack) -> None:
    port = stack.discord.port
    await stack.discord.close()
    bot = await stack.start()
    await bot.logged("trying Discord again")
    later = LoopbackDiscord()
    await later.start(port)
    try:
        await bot.logged("connected to Discord", timeout_s=60)
        assert await bot.stop() == 0
    finally:
        await later.close()
