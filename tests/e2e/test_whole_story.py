"""A day in the life of BD-1, with real parts: Docker, nvidia-ml-py, discord.py, the ollama client, the process."""

from bd1.sim.discord.seed import OPERATOR_ROLE_ID
from tests.e2e.bot import text_of, until_text
from tests.e2e.conftest import Stack


async def test_status_modes_chat_alerts_and_protection_with_real_parts(stack: Stack) -> None:
    bot = await stack.start(
        switch={"release_timeout_s": 10, "start_mode": "chat"},
        watchdog={"reaction_s": 0},  # tier by tier: a large allocation may else look like growth that leaves no time
    )
    await bot.logged("idle -> chat")
    await bot.logged("connected to Discord")
    leia, han = stack.discord.person("Leia"), stack.discord.person("Han")

    await han.say("bridge", f"{stack.discord.bot.mention} Hello there general")
    answer = await stack.discord.message("bridge", where=lambda m: "llama3:8b ·" in m.content, timeout=60)
    assert "Hello there general" in answer.content

    status = text_of(await (await han.slash("gpu status", channel="bridge")).response())
    assert "**ollama** 4 700 MiB" in status
    assert "**chat**" in status
    assert "unattributed 0 MiB" in status

    switch = await (await leia.slash("gpu mode", channel="bridge", mode="image")).response()
    told = await until_text(stack.discord, switch, "chat -> image in")
    assert "✅ Prove that VRAM is back" in told
    assert not await stack.running(stack.ollama)
    assert await stack.running(stack.comfyui)

    held = await han.say("bridge", f"{stack.discord.bot.mention} are you there?")
    refusal = await stack.discord.message("bridge", after=held, where=lambda m: "image mode" in m.content)
    assert "/gpu mode chat" in refusal.content

    stack.comfyui.control(spike_mib=14500)
    alert = await stack.discord.message("gpu-alerts", where=lambda m: bool(m.embeds), timeout=10)
    await until_text(stack.discord, alert, "VRAM filling up")
    stack.comfyui.control(spike_mib=1300)
    alert = await stack.told("VRAM nearly full")  # a new message: an edit rings nobody
    assert alert.mention_roles == (OPERATOR_ROLE_ID,)
    stack.comfyui.control(leak_mib_s=1500)
    story = await until_text(stack.discord, alert, "Back to normal")
    assert "Kill comfyui" in story
    assert not await stack.running(stack.comfyui)
    lines = [text_of(message) for message in stack.discord.messages("gpu-alerts") if not message.embeds]
    assert ["idle → chat" in lines[0], "chat → image** by Leia · done in" in lines[1]] == [True, True]
    assert len(lines) == 2

    back = await (await leia.slash("gpu mode", channel="bridge", mode="chat")).response()
    await until_text(stack.discord, back, "-> chat in")
    assert await stack.running(stack.ollama)
    assert bot.heartbeat()["reading"] == "ok"
    assert await bot.stop() == 0
    assert "Traceback" not in bot.log
