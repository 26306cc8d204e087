"""The demo's page in a real browser: on a loopback Discord, with a bench, and a scripted bot that answers."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
import pytest_asyncio
import yarl
from playwright.async_api import Browser, Page, async_playwright

from bd1.sim.bench import BenchStatus, Fact, mount_bench
from bd1.sim.clock import FakeClock
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.troubles import Troubles
from bd1.sim.world import World
from tests.page.stage import ScriptedBot, Stage

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where Chromium is. Absent: skips loudly, or fails where BD1_REQUIRE names browser."""
    if not CHROMIUM.exists():
        why = f"{CHROMIUM} is not installed; these tests look at the page in it"
        if "browser" in os.environ.get("BD1_REQUIRE", "").split(","):
            pytest.fail(f"BD1_REQUIRE asks for browser, but {why}")
        pytest.skip(why)
    return CHROMIUM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as player:
        started = await player.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """A page to look at. Nobody answers on it: see `start_bot`."""
    server, world = LoopbackDiscord(), World(FakeClock())
    facts = [Fact("BD-1", "real", "The very program."), Fact("The card", "simulated", "Numbers only.")]
    mount_bench(server.app, world, Troubles(world), lambda: BenchStatus("chat", "normal", switching=False), facts)
    async with server:
        found = Stage(server, world, browser)
        async with found.stack:
            yield found


@pytest_asyncio.fixture(loop_scope="session")
async def bot(stage: Stage) -> AsyncIterator[ScriptedBot]:
    """The scripted bot, connected and with its commands told."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = stage.server.api_base, yarl.URL(stage.server.gateway_url)
    started = ScriptedBot(discord.Object(stage.server.seed.guild_id))
    await started.login(stage.server.token)
    connection = asyncio.create_task(started.connect())
    await asyncio.wait_for(started.wait_until_ready(), timeout=10)
    yield started
    await started.close()
    await asyncio.gather(connection, return_exceptions=True)
    route.BASE, socket.DEFAULT_GATEWAY = before


@pytest_asyncio.fixture(loop_scope="session")
async def answered(bot: ScriptedBot, stage: Stage) -> Page:
    """The page on a laptop, as Leia, with the scripted bot there to answer."""
    assert bot.is_ready()
    return await stage.look()


@pytest_asyncio.fixture(loop_scope="session")
async def page(stage: Stage) -> Page:
    """The page on a laptop, as Leia."""
    return await stage.look()
