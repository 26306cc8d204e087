"""A loopback Discord whose every exchange is checked, and an unmodified discord.py bot on it."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import yarl

from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings
from tests.contract.checker import ContractChecker
from tests.contract.specification import Specification

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop on Python 3.11
    import discord
    from discord.ext import commands


class Quick(commands.Bot):
    """A bot with no privileged intent that waits for nobody before it is ready; otherwise discord.py as it comes."""

    def __init__(self) -> None:
        super().__init__("!", intents=discord.Intents(guilds=True, messages=True), guild_ready_timeout=0.05)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait the 5 s that Discord wants between two identifications."""

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        raise AssertionError(f"the bot failed in {event_method}")


@pytest.fixture
async def checked(
    discord_contract: ContractChecker, discord_specification: Specification, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord without narrow limits, known to discord.py, with `discord_contract` looking on."""
    assert discord_specification
    async with LoopbackDiscord(settings=ServerSettings(route_limits={})) as server:
        server.on_exchange.append(discord_contract)
        monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


@pytest.fixture
def quick() -> Quick:
    """A bot that has not been started: give it commands and listeners first."""
    return Quick()


@pytest.fixture
async def start(checked: LoopbackDiscord, quick: Quick) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Starts the bot, syncs its commands to the guild and returns once it is ready; ends it with the test."""
    tasks: list[asyncio.Task[None]] = []

    async def go() -> None:
        await quick.login(checked.token)
        await quick.tree.sync(guild=discord.Object(checked.seed.guild_id))
        tasks.append(asyncio.create_task(quick.connect()))
        await asyncio.wait_for(quick.wait_until_ready(), 10)

    yield go
    await quick.close()
    await asyncio.gather(*tasks, return_exceptions=True)
