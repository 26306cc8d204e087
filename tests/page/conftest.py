"""The demo's page in a real browser: on a loopback Discord, with a bench, and a scripted bot that answers."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest_asyncio
import yarl
from playwright.async_api import Browser, Page

from bd1.sim.bench import BenchStatus, Fact, mount_bench
from bd1.sim.clock import FakeClock
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.troubles import Troubles
from bd1.sim.world import World
from tests.page.browser import chromium
from tests.page.stage import ScriptedBot, Stage


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all of them."""
    async with chromium() as started:
        yield started


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
