"""A part that is wrong or away at the start: what still works works, and the rest says so."""

import os
from pathlib import Path

from tests.e2e.bot import text_of, until_text
from tests.e2e.conftest import Stack


async def test_a_wrong_token_ends_it_with_a_sentence(stack: Stack) -> None:
    bot = await stack.start(token="not-the-token")  # noqa: S106 it is none
    assert await bot.ended() == 1
    assert bot.lines[-1].startswith("Discord does not accept the token in BD1_DISCORD_TOKEN.")
    assert "Traceback" not in bot.log


async def test_no_token_ends_it_with_a_sentence(stack: Stack) -> None:
    bot = await stack.start(token=None)
    assert await bot.ended() == 1
    assert "There is no bot token in the environment variable BD1_DISCORD_TOKEN." in bot.log


async def test_an_intent_that_is_not_switched_on_ends_it_with_a_sentence(stack: Stack) -> None:
    bot = await stack.start(discord={"message_content": True})
    assert await bot.ended() == 1
    assert "Discord refuses the Message Content intent." in bot.lines[-1]
    assert "Traceback" not in bot.log


async def test_without_docker_the_card_is_watched_and_the_rest_says_so(stack: Stack, tmp_path: Path) -> None:
    bot = await stack.start(docker_url=f"unix://{tmp_path}/nothing.sock")
    await bot.logged("connected to Discord")
    han, leia = stack.discord.person("Han"), stack.discord.person("Leia")
    status = text_of(await (await han.slash("gpu status", channel="bridge")).response())
    assert "🔴 **Docker**" in status
    assert "🟢 **NVML**" in status
    refused = await (await leia.slash("gpu mode", channel="bridge", mode="image")).response()
    assert "Docker" in await until_text(stack.discord, refused, "Failed:")
    stack.card.claim(os.getpid(), 18000)
    alert = await stack.discord.message("gpu-alerts", timeout=10)
    assert "VRAM" in text_of(alert)
    assert await bot.stop() == 0


async def test_without_nvml_nothing_is_started_and_chat_with_what_runs_goes_on(stack: Stack) -> None:
    stack.card.set(fault="driver_not_loaded")
    stack.ollama.container.start()
    stack.ollama.wait_until_it_answers()
    bot = await stack.start()
    await bot.logged("connected to Discord")
    han, leia = stack.discord.person("Han"), stack.discord.person("Leia")
    assert "🔴 **NVML**" in text_of(await (await han.slash("gpu status", channel="bridge")).response())
    await han.say("bridge", f"{stack.discord.bot.mention} Hello there")
    answer = await stack.discord.message("bridge", where=lambda m: "Hello there" in m.content, timeout=60)
    assert answer.reference
    refused = await (await leia.slash("gpu mode", channel="bridge", mode="image")).response()
    await until_text(stack.discord, refused, "cannot be read")
    assert not await stack.running(stack.comfyui)


async def test_without_ollama_a_question_gets_a_sentence(stack: Stack) -> None:
    stack.ollama.container.start()
    stack.ollama.wait_until_it_answers()
    stack.ollama.control(silent=1)
    bot = await stack.start(chat={"ollama_url": "http://127.0.0.1:9"})
    await bot.logged("connected to Discord")
    await stack.discord.person("Han").say("bridge", f"{stack.discord.bot.mention} Hello there")
    answer = await stack.discord.message("bridge", timeout=10)
    assert "Ollama" in answer.content
    status = text_of(await (await stack.discord.person("Han").slash("gpu status", channel="bridge")).response())
    assert "🔴 **Ollama**" in status
