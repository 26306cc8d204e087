"""SIGTERM and Ctrl-C end the bot within five seconds, whatever it is doing."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.conftest import Stack

CLEAN, PROMISED_S = 0, 5.0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_bot_ends(stack: Stack, how: signal.Signals) -> None:
    bot = await stack.start()
    await bot.logged("connected to Discord")
    assert await bot.stop(how, PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log


async def test_a_bot_in_the_middle_of_an_answer_ends(stack: Stack) -> None:
    bot = await stack.start(switch={"release_timeout_s": 10, "start_mode": "chat"})
    await bot.logged("idle -> chat")
    await bot.logged("connected to Discord")
    question = f"{stack.discord.bot.mention} " + "word " * 300
    await stack.discord.person("Han").say("bridge", question)
    await stack.discord.message("bridge", where=lambda m: "word word" in m.content, timeout=60)
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log


async def test_a_bot_in_the_middle_of_a_switch_ends_and_the_next_one_knows_where_it_stands(stack: Stack) -> None:
    stack.card.set(leaked_mib=3000)
    bot = await stack.start(switch={"release_timeout_s": 60})
    await bot.logged("connected to Discord")
    await stack.discord.wait_for(lambda _: bool(stack.discord.commands()))
    asked = await stack.discord.person("Leia").slash("gpu mode", channel="bridge", mode="image")
    await asked.response()
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log
    again = await stack.start()
    await again.logged("connected to Discord")
    status = await (await stack.discord.person("Han").slash("gpu mode", channel="bridge")).response()
    assert "idle" in str(status.embeds)
    assert await again.stop(timeout_s=PROMISED_S) == CLEAN


async def test_a_bot_whose_driver_hangs_ends(stack: Stack) -> None:
    bot = await stack.start()
    await bot.logged("connected to Discord")
    stack.card.set(hang=1)
    await bot.logged("card stalled")
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log


async def test_a_bot_that_cannot_reach_discord_ends(stack: Stack) -> None:
    stack.discord.faults.refuse_handshake(times=1000)
    bot = await stack.start()
    await bot.logged("trying Discord again")
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log


async def test_a_bot_that_is_just_starting_ends(stack: Stack) -> None:
    bot = await stack.start()
    await bot.logged("logging in")
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log


async def test_a_bot_whose_docker_never_answers_ends(stack: Stack, tmp_path: Path) -> None:
    silent: list[asyncio.StreamWriter] = []
    server = await asyncio.start_unix_server(lambda _, writer: silent.append(writer), tmp_path / "silent.sock")
    async with server:
        bot = await stack.start(docker_url=f"unix://{tmp_path}/silent.sock")
        await bot.logged("connected to Discord")
        assert silent
        assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
        for writer in silent:
            writer.close()
    assert "Traceback" not in bot.log


async def test_a_bot_in_the_middle_of_a_protective_action_ends(stack: Stack) -> None:
    bot = await stack.start(switch={"release_timeout_s": 10, "start_mode": "image"})
    await bot.logged("idle -> image")
    await bot.logged("connected to Discord")
    stack.comfyui.control(ignore_term=1)
    stack.comfyui.control(spike_mib=17000)
    await bot.logged("-> protect")
    assert await bot.stop(timeout_s=PROMISED_S) == CLEAN
    assert "Traceback" not in bot.log
