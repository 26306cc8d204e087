"""The whole stack: loopback Discord, real Docker with pretended services, pretended NVML, the real process."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bd1.sim.discord.server import LoopbackDiscord
from tests.containers.engine import StandinEngine
from tests.containers.own_engine import OwnEngine, require_own_engine
from tests.containers.watch import DockerWatch
from tests.e2e.demo import DemoProcess, Guest, visiting
from tests.e2e.stack import Scenes, Stack
from tests.page.browser import chromium

__all__ = ["Stack"]


@pytest.fixture
async def discord(discord_contract: Any) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord whose every exchange is held against Discord's contract."""
    async with LoopbackDiscord() as server:
        server.on_exchange.append(discord_contract)
        yield server
    if discord_contract.seen:
        discord_contract.assert_clean()


@pytest.fixture
async def stack(tmp_path: Path, standins: StandinEngine, discord: LoopbackDiscord) -> AsyncIterator[Stack]:
    """Two containers that are not started yet, a card that nobody uses, and a Discord that waits for a bot."""
    made = Stack.of(tmp_path, discord, standins)
    yield made
    await made.close()


@pytest.fixture
async def scenes(tmp_path: Path, standins: StandinEngine) -> AsyncIterator[Scenes]:
    """Makes as many such stacks as a test wants."""
    made = Scenes(tmp_path, standins)
    yield made
    await made.close()


@pytest.fixture
async def watch(standins: StandinEngine) -> AsyncIterator[DockerWatch]:
    """What Docker tells of this test's containers."""
    async with DockerWatch(standins) as made:
        yield made


@pytest.fixture
async def own() -> AsyncIterator[OwnEngine]:
    """An engine that this test may stop. Its folder has a short name: the engine's own sockets lie deep in it."""
    require_own_engine()
    with tempfile.TemporaryDirectory(prefix="bd1-") as folder:
        engine = OwnEngine(Path(folder))
        try:
            await asyncio.to_thread(engine.start)
            yield engine
        finally:
            await asyncio.to_thread(engine.stop)


@pytest.fixture
async def maker(own: OwnEngine) -> AsyncIterator[StandinEngine]:
    """Makes containers on it."""
    made = StandinEngine(own.url)
    await asyncio.to_thread(made.build_image)
    yield made
    await asyncio.to_thread(made.remove_all)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[DemoProcess]:
    """One demo for a module; nothing of it is real but BD-1."""
    process = await DemoProcess.start("--port", "0")
    await process.ready()
    yield process
    await process.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for a module."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def guest(browser: Browser, demo: DemoProcess) -> AsyncIterator[Guest]:
    """Leia, an operator, at the demo's page, with the card in chat mode and no trouble on."""
    async with visiting(browser, demo.url) as arrived:
        await arrived.settle()
        yield arrived
