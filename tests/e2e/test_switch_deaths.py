"""Containers that will not end, and containers that end while they are being started."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.containers.watch import DockerWatch, together_s
from tests.e2e.stack import Scenes, Stack, moment_s, state_of, step

GRACE_S = 1
SIGKILLED = 137
START_TIMEOUT_S = 60
AT_ONCE_S = 1.0
DYING = {"STANDIN_SILENT": 1, "STANDIN_DIE_AFTER_MS": 700}


@asynccontextmanager
async def somebody_who_never_answers() -> AsyncIterator[str]:
    """An address that takes every question and never says a word."""
    silent: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: silent.append(writer), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/system_stats"
    finally:
        server.close()
        for writer in silent:
            writer.close()


async def test_a_deaf_container_is_killed_after_its_grace_and_the_journal_says_so(stack: Stack) -> None:
    stack.settings = {"workloads": {"comfyui": {"stop_grace_s": GRACE_S}}}
    await stack.begin_in(stack.comfyui)
    stack.comfyui.control(ignore_term=1)
    bot = await stack.start()
    shown = await stack.switch("chat")
    assert "ignored the stop and was killed" in await stack.shows(shown, "image -> chat in")
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "done"
    stop = step(entry, "stop comfyui")
    assert stop["note"] == "ignored the stop and was killed"
    assert GRACE_S <= stop["took_s"] <= GRACE_S + 2
    assert (await asyncio.to_thread(state_of, stack.comfyui))["ExitCode"] == SIGKILLED
    assert await stack.on_card() == {"ollama"}


async def check_rolled_back(stack: Stack, watch: DockerWatch) -> None:
    """Asks for image mode, which dies while it starts: chat is back, through the gate."""
    stack.settings |= {"switch": {"gate_interval_s": 0.1}}
    await stack.begin_in(stack.ollama)
    bot = await stack.start()
    mark = watch.position
    shown = await stack.switch("image")
    died = await watch.until(stack.comfyui, "die", since=mark)
    back = await watch.until(stack.ollama, "start", since=mark)
    told = await stack.shows(shown, "I went back to chat mode.")
    assert "comfyui ended while it was starting (exit code 1)" in told
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "rolled back"
    assert step(entry, "health comfyui")["state"] == "failed"
    steps = ["back gate ollama", "back start ollama", "back health ollama"]
    assert [it["key"] for it in entry["steps"]][-3:] == steps
    assert {step(entry, key)["state"] for key in steps} == {"done"}
    failed_s = moment_s(step(entry, "health comfyui")["begun_at"]) + step(entry, "health comfyui")["took_s"]
    assert failed_s - died.at_s <= AT_ONCE_S
    assert back.at_s - died.at_s <= START_TIMEOUT_S / 2
    assert together_s(watch.happenings, stack.ollama, stack.comfyui) == 0
    assert await stack.on_card() == {"ollama"}


async def test_a_container_that_dies_while_it_starts_is_noticed_at_once_and_chat_comes_back(
    scenes: Scenes, watch: DockerWatch
) -> None:
    stack = await scenes.make("dying", comfyui=DYING, workloads={"comfyui": {"start_timeout_s": START_TIMEOUT_S}})
    await check_rolled_back(stack, watch)


async def test_docker_tells_of_the_death_even_where_the_health_address_keeps_everybody_waiting(
    scenes: Scenes, watch: DockerWatch
) -> None:
    async with somebody_who_never_answers() as url:
        pictures = {"start_timeout_s": START_TIMEOUT_S, "health_url": url}
        stack = await scenes.make("dying", comfyui=DYING, workloads={"comfyui": pictures})
        await check_rolled_back(stack, watch)
