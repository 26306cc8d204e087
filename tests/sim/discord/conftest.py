"""A loopback Discord for each test, and unmodified discord.py bots that live on it."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
import yarl

from bd1.sim.discord.seed import Seed
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop on Python 3.11
    import discord
    from discord.ext import commands

MODEST = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, guild_typing=True)
"""Everything BD-1 needs: no privileged intent."""

StartLoopback = Callable[..., Awaitable[LoopbackDiscord]]


class Astromech(commands.Bot):
    """A bot that is ready at once and does not wait before it identifies again; otherwise discord.py as it comes."""

    def __init__(self, intents: discord.Intents = MODEST, **more: Any) -> None:
        super().__init__("!", intents=intents, guild_ready_timeout=0.05, **more)
        self.syncs_to: discord.Object | None = None
        self.errors: list[BaseException] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait the 5 s that Discord wants between two identifications."""

    async def setup_hook(self) -> None:
        if self.syncs_to is not None:
            await self.tree.sync(guild=self.syncs_to)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        raise AssertionError(f"the bot failed in {event_method}")


@pytest.fixture
def addresses() -> Iterator[Callable[[LoopbackDiscord], None]]:
    """Points discord.py at a server, and back at Discord when the test is over."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY

    def point_at(server: LoopbackDiscord) -> None:
        route.BASE, socket.DEFAULT_GATEWAY = server.api_base, yarl.URL(server.gateway_url)

    yield point_at
    route.BASE, socket.DEFAULT_GATEWAY = before


@pytest.fixture
async def start_loopback(addresses: Callable[[LoopbackDiscord], None]) -> AsyncIterator[StartLoopback]:
    """Starts a loopback Discord with settings of one's own."""
    async with AsyncExitStack() as stack:

        async def start(seed: Seed | None = None, **settings: Any) -> LoopbackDiscord:
            server = await stack.enter_async_context(LoopbackDiscord(seed, ServerSettings(**settings)))
            addresses(server)
            return server

        yield start


@pytest.fixture
async def loopback(start_loopback: StartLoopback) -> LoopbackDiscord:
    """A loopback Discord with Discord's own settings."""
    return await start_loopback()


@pytest.fixture
def make_bot() -> Callable[..., Astromech]:
    """Makes a bot that has not been started."""
    return Astromech


@pytest.fixture
async def start_bot() -> AsyncIterator[Callable[..., Awaitable["asyncio.Task[None]"]]]:
    """Starts a bot on a loopback Discord and returns once it is ready; ends it with the test."""
    started: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def start(bot: discord.Client, server: LoopbackDiscord) -> "asyncio.Task[None]":
        if isinstance(bot, Astromech) and bot.tree.get_commands(guild=discord.Object(server.seed.guild_id)):
            bot.syncs_to = discord.Object(server.seed.guild_id)
        await bot.login(server.token)
        task = asyncio.create_task(bot.connect())
        started.append((bot, task))
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise AssertionError(f"the bot did not get ready: {task}")
        return task

    yield start
    for bot, task in started:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def rest(loopback: LoopbackDiscord) -> AsyncIterator[Callable[..., Awaitable[tuple[int, Any, Any]]]]:
    """Calls the API by hand: `(status, json, headers)` of a request with the bot's token."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, path: str, *, authorised: bool = True, **more: Any) -> tuple[int, Any, Any]:
            token = loopback.token if authorised else "wrong"
            headers = {"Authorization": f"Bot {token}", **more.pop("headers", {})}
            async with session.request(method, loopback.api_base + path, headers=headers, **more) as response:
                body = await response.json() if response.content_type == "application/json" else None
                return response.status, body, response.headers

        yield call
