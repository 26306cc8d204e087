"""The real bot on the loopback Discord, over the simulated machine whose time runs ten times as fast."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bd1.bot import keep_connected
from bd1.sim.discord.server import LoopbackDiscord
from tests.services.rig import Rig, build_rig, rig_settings

_TURN_S, _WORLD_TURN_S = 0.005, 0.05


@dataclass
class Home:
    """A bot at home: its Discord and its machine."""

    discord: LoopbackDiscord
    rig: Rig

    async def until_mode(self, name: str) -> None:
        """Waits until a mode is on and the switch to it has been told."""
        job = self.rig.director.switch(name, "the test")
        async for _ in job.watch():
            pass


@pytest.fixture
def untouched_addresses() -> Iterator[None]:
    """discord.py's addresses are put back after the test."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


async def _pass_time(rig: Rig) -> None:
    while True:
        await rig.clock.advance(_WORLD_TURN_S)
        await asyncio.sleep(_TURN_S)


@pytest.fixture
async def home(
    tmp_path: Path,
    untouched_addresses: None,  # noqa: ARG001 asked for what it does after the test
    monkeypatch: pytest.MonkeyPatch,
    discord_contract: Any,
) -> AsyncIterator[Home]:
    """A connected bot whose every REST body is held against Discord's specification and rules."""
    monkeypatch.setattr(discord.Client, "before_identify_hook", _no_wait)
    async with LoopbackDiscord() as loopback:
        loopback.on_exchange.append(discord_contract)
        settings = rig_settings(tmp_path, loopback.api_base)
        settings = replace(settings, chat=replace(settings.chat, edit_interval_s=0.1))
        rig = build_rig(settings)
        await rig.start_all()
        tasks = [
            asyncio.create_task(_pass_time(rig)),
            asyncio.create_task(keep_connected(rig.services, loopback.token)),
        ]
        await loopback.wait_for(lambda _: bool(loopback.commands()) and loopback.bot_online, timeout=10)
        yield Home(loopback, rig)
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
        await rig.stop_all()
    discord_contract.assert_clean()


async def _no_wait(_client: discord.Client, _shard_id: int | None, *, initial: bool = False) -> None:
    assert initial in {True, False}
