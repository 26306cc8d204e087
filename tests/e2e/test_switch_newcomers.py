"""Somebody starts a second GPU workload by hand: the two are up together for half a second at most."""

import asyncio
import statistics

import pytest
import requests

from tests.containers.engine import Standin, StandinEngine
from tests.containers.watch import DockerWatch
from tests.e2e.bot import text_of
from tests.e2e.stack import Scenes, Stack, moment_s, state_of
from tests.e2e.victims import is_in_time

LIMIT_S = 0.5
LAG_S = 3
TOLD_LATE_S = 1.0
"""A busy engine tells of an end some time after it; the memory is away for so much less."""
TIMES = 8


def load_model(ollama: Standin) -> None:
    """A model is on the card, as after a question."""
    requests.post(f"{ollama.url}/api/generate", json={"model": "llama3:8b", "stream": False}, timeout=10)


async def come_and_go(stack: Stack, watch: DockerWatch, newcomer: Standin) -> float:
    """Starts a container by hand and waits for its end: for how long it ran, by Docker's own times."""
    mark = watch.position
    await asyncio.to_thread(newcomer.container.start)
    await watch.until(newcomer, "die", since=mark)
    await watch.caught_up(newcomer)
    state = await asyncio.to_thread(state_of, newcomer)
    assert not state["Running"]
    assert len(stack.bots) == 1
    return moment_s(state["FinishedAt"]) - moment_s(state["StartedAt"])


@pytest.mark.parametrize("is_deaf", [0, 1], ids=["polite", "deaf"])
async def test_a_workload_that_is_started_by_hand_beside_chat_is_ended_within_half_a_second(
    scenes: Scenes, standins: StandinEngine, watch: DockerWatch, is_deaf: int
) -> None:
    stack = await scenes.make("chat", comfyui={"STANDIN_IGNORE_TERM": is_deaf, "STANDIN_RAMP_MS": 1})
    await stack.begin_in(stack.ollama)
    await asyncio.to_thread(load_model, stack.ollama)
    bot = await stack.start()
    await stack.connected()
    lasted = [await come_and_go(stack, watch, stack.comfyui) for _ in range(TIMES)]
    figures = (min(lasted), statistics.median(lasted), max(lasted))
    print("up together, s: min {:.3f}, median {:.3f}, max {:.3f}".format(*figures))  # noqa: T201 shown by -rA
    assert await is_in_time(standins, max(lasted), LIMIT_S), lasted
    told = text_of(await stack.told("Two GPU workloads at once"))
    assert "Still on the card: ollama, 4 700 MiB" in told
    assert "I stopped it. `/gpu mode` brings comfyui up and makes room first." in told
    assert await stack.last_words(bot) == []
    assert await stack.on_card() == {"ollama"}
    assert not watch.of(stack.ollama, "die")


async def test_a_workload_that_comes_back_while_its_memory_is_waited_for_is_ended_and_the_switch_goes_on(
    scenes: Scenes, standins: StandinEngine, watch: DockerWatch
) -> None:
    stack = await scenes.make("gate", comfyui={"STANDIN_RAMP_MS": 1}, switch={"gate_interval_s": 0.1})
    stack.card.set(release_lag_ms=1000 * LAG_S)
    await stack.begin_in(stack.comfyui)
    bot = await stack.start()
    mark = watch.position
    shown = await stack.switch("chat")
    first_end = await watch.until(stack.comfyui, "die", since=mark)
    lasted_s = await come_and_go(stack, watch, stack.comfyui)
    await stack.shows(shown, "image -> chat in")
    assert await is_in_time(standins, lasted_s, LIMIT_S), lasted_s
    gone_s = moment_s((await asyncio.to_thread(state_of, stack.comfyui))["FinishedAt"])
    come_s = moment_s((await asyncio.to_thread(state_of, stack.ollama))["StartedAt"])
    assert come_s > gone_s
    assert come_s - first_end.at_s >= LAG_S - TOLD_LATE_S, "the memory was waited for"
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "done"


async def test_a_workload_that_is_started_while_another_one_comes_up_is_ended_and_the_switch_goes_on(
    scenes: Scenes, standins: StandinEngine, watch: DockerWatch
) -> None:
    stack = await scenes.make("health", comfyui={"STANDIN_SILENT": 1, "STANDIN_RAMP_MS": 1})
    await stack.begin_in(stack.ollama)
    bot = await stack.start()
    mark = watch.position
    shown = await stack.switch("image")
    await watch.until(stack.comfyui, "start", since=mark)
    lasted_s = await come_and_go(stack, watch, stack.ollama)
    await asyncio.to_thread(stack.comfyui.control, silent=0)
    await stack.shows(shown, "chat -> image in")
    assert await is_in_time(standins, lasted_s, LIMIT_S), lasted_s
    told = text_of(await stack.told("Two GPU workloads at once"))
    assert "comfyui" in told
    (entry,) = await stack.last_words(bot)
    assert entry["outcome"] == "done"
    assert await stack.on_card() == {"comfyui"}
    assert len(watch.of(stack.comfyui, "start")) == 1
