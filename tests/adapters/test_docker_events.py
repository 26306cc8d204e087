"""Docker's events as they happen, through the engine's own restart, and the end of listening."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import cast

import pytest

from bd1.adapters.docker import DockerContainers
from bd1.core.settings import RestartPolicy
from bd1.ports import ContainerEvent
from tests.containers.engine import Standin, StandinEngine
from tests.containers.own_engine import OwnEngine, require_own_engine

pytest_plugins = ("tests.containers.fixtures",)

LIMIT_S = 30.0


class LogWatch(logging.Handler):
    """Lets a test wait for a log line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self._loop.call_soon_threadsafe(self._changed.set)

    async def seen(self, words: str) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not any(words in line for line in self.lines):
                self._changed.clear()
                await self._changed.wait()
        self.lines.clear()


@pytest.fixture
async def log() -> AsyncIterator[LogWatch]:
    watch, logger = LogWatch(), logging.getLogger("bd1.adapters.docker")
    level = logger.level
    logger.addHandler(watch)
    logger.setLevel(logging.INFO)
    yield watch
    logger.removeHandler(watch)
    logger.setLevel(level)


def listen(containers: DockerContainers) -> AsyncGenerator[ContainerEvent]:
    return cast("AsyncGenerator[ContainerEvent]", containers.events())


async def first(events: AsyncIterator[ContainerEvent], count: int) -> list[ContainerEvent]:
    async with asyncio.timeout(LIMIT_S):
        return [await anext(events) for _ in range(count)]


async def begin(events: AsyncIterator[ContainerEvent], count: int) -> asyncio.Task[list[ContainerEvent]]:
    """Listens from now on: the subscription reaches back to the iterator's first step, so nothing is lost."""
    listening = asyncio.create_task(first(events, count))
    await asyncio.sleep(0)
    return listening


async def test_a_stop_and_what_led_to_it_is_told_in_order(docker_url: str, standins: StandinEngine) -> None:
    standin, other = standins.create("comfyui"), standins.create("comfyui")
    containers = DockerContainers({standin.name}, docker_url)
    async with aclosing(listen(containers)) as events:
        listening = await begin(events, 4)
        other.container.start()
        standin.container.start()
        standin.wait_until_it_answers()
        await containers.stop(standin.name, grace_s=10)
        told = await listening
    await containers.close()
    assert [event.action for event in told] == ["start", "kill", "die", "stop"] or [event.action for event in told] == [
        "start",
        "kill",
        "stop",
        "die",
    ]
    assert {event.container for event in told} == {standin.name}
    assert [event.exit_code for event in told if event.action == "die"] == [0]
    assert told == sorted(told, key=lambda event: event.at)


async def test_a_death_by_itself_a_pause_and_its_end_are_told(docker_url: str, standins: StandinEngine) -> None:
    standin = standins.run("comfyui")
    containers = DockerContainers({standin.name}, docker_url)
    async with aclosing(listen(containers)) as events:
        listening = await begin(events, 3)
        standin.container.pause()
        standin.container.unpause()
        standin.control(die=9)
        told = await listening
    await containers.close()
    assert [(event.action, event.exit_code) for event in told] == [("pause", None), ("unpause", None), ("die", 9)]


async def test_a_change_of_the_restart_policy_is_told(docker_url: str, standins: StandinEngine) -> None:
    standin = standins.create("comfyui")
    containers = DockerContainers({standin.name}, docker_url)
    async with aclosing(listen(containers)) as events:
        listening = await begin(events, 1)
        await containers.set_restart_policy(standin.name, RestartPolicy.ALWAYS)
        assert [event.action for event in await listening] == ["update"]
    await containers.close()


async def test_every_lap_of_a_crash_loop_is_told(docker_url: str, standins: StandinEngine) -> None:
    standin = standins.create("comfyui", restart="always", environment={"STANDIN_DIE_AFTER_MS": 1})
    containers = DockerContainers({standin.name}, docker_url)
    async with aclosing(listen(containers)) as events:
        listening = await begin(events, 6)
        standin.container.start()
        told = await listening
    await containers.close()
    assert [event.action for event in told] == ["start", "die"] * 3


async def test_listening_ends_at_once_though_nothing_happens(docker_url: str, standins: StandinEngine) -> None:
    standin = standins.create("comfyui")
    containers = DockerContainers({standin.name}, docker_url)
    events = listen(containers)
    listening = await begin(events, 1)
    standin.container.start()
    await listening
    waiting = await begin(events, 1)
    readers = [thread for thread in threading.enumerate() if thread.name == "bd1-docker-events"]
    waiting.cancel()
    async with asyncio.timeout(2):
        await asyncio.wait([waiting])
    for reader in readers:
        await asyncio.to_thread(reader.join, 5)
    await containers.close()
    assert waiting.cancelled()
    assert readers
    assert not any(reader.is_alive() for reader in readers)


async def up_to_start(events: AsyncIterator[ContainerEvent]) -> list[str]:
    actions: list[str] = []
    async with asyncio.timeout(LIMIT_S):
        while "start" not in actions:
            actions.append((await anext(events)).action)
    return actions


@pytest.mark.usefixtures("unconnected_sockets")
async def test_events_survive_that_the_engine_is_away_at_first_and_restarts_later(
    tmp_path: Path, log: LogWatch
) -> None:
    require_own_engine()
    engine = OwnEngine(tmp_path)
    containers = DockerContainers({"bd1-test-picture"}, engine.url)
    try:
        async with aclosing(listen(containers)) as events:
            listening = await begin(events, 1)
            await log.seen("events are lost")
            await asyncio.to_thread(engine.start)
            await log.seen("events are back")
            standin = await asyncio.to_thread(run_standin, engine.url)
            assert [event.action for event in await listening] == ["start"]
            again = asyncio.create_task(up_to_start(events))
            await asyncio.to_thread(engine.stop)
            await log.seen("events are lost")
            await asyncio.to_thread(engine.start)
            await log.seen("events are back")
            await containers.start(standin.name)
            # How much of its own end the engine still tells is up to it.
            assert set((await again)[:-1]) <= {"kill", "die", "stop"}
    finally:
        await containers.close()
        await asyncio.to_thread(engine.stop)


def run_standin(url: str) -> Standin:
    """Starts a container that the engine's own end takes along; nothing to remove but the engine's folder."""
    maker = StandinEngine(url)
    try:
        standin = maker.create("comfyui", name="bd1-test-picture")
        standin.container.start()
        return standin
    finally:
        maker.client.close()
