"""What keeps the bot connected, and what ends it for good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest

from bd1.bot import keep_connected
from bd1.errors import DiscordRefused
from bd1.sim.discord.events import GatewayConnected, GatewayResumed
from bd1.sim.discord.server import LoopbackDiscord
from tests.services.rig import build_rig, rig_settings


@asynccontextmanager
async def connecting(folder: Path, server: LoopbackDiscord) -> AsyncIterator["asyncio.Task[None]"]:
    rig = build_rig(rig_settings(folder, server.api_base))
    task = asyncio.create_task(keep_connected(rig.services, server.token))
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await rig.stop_all()


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
@pytest.mark.usefixtures("untouched_addresses")
async def test_a_close_code_that_trying_again_cannot_mend_is_final(code: int, tmp_path: Path) -> None:
    async with LoopbackDiscord() as server, connecting(tmp_path, server) as task:
        await server.wait_for(lambda _: server.bot_online, timeout=10)
        server.faults.drop_socket(code)
        with pytest.raises(DiscordRefused, match=str(code) if code != 4014 else "Message Content intent"):
            await asyncio.wait_for(task, 10)


@pytest.mark.parametrize("code", [None, 4000, 4008, 4009])
@pytest.mark.usefixtures("untouched_addresses")
async def test_any_other_close_is_followed_by_a_resumed_or_new_session(
    code: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_client: discord.Client, _shard_id: int | None, *, initial: bool = False) -> None:
        assert initial in {True, False}

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    async with LoopbackDiscord() as server, connecting(tmp_path, server) as task:
        await server.wait_for(lambda _: server.bot_online, timeout=10)
        mark = server.log.position
        server.faults.drop_socket(code)
        back = await server.wait_for(lambda e: isinstance(e, GatewayConnected | GatewayResumed), since=mark, timeout=20)
        assert back
        assert not task.done()


@pytest.mark.usefixtures("untouched_addresses")
async def test_a_token_that_is_revoked_is_final(tmp_path: Path) -> None:
    async with LoopbackDiscord() as server:
        server.faults.token_revoked = True
        async with connecting(tmp_path, server) as task:
            with pytest.raises(DiscordRefused, match="does not accept the token"):
                await asyncio.wait_for(task, 10)
