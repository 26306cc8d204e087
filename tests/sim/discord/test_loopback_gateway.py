"""The gateway as discord.py meets it: sessions that survive, refusals that do not pass, and what it withholds."""

import asyncio
import json
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import zstandard
from discord.ext import commands

from bd1.sim.discord import events
from bd1.sim.discord.dispatches import Intent
from bd1.sim.discord.model import Message
from bd1.sim.discord.server import LoopbackDiscord

MakeBot = Callable[..., commands.Bot]
StartBot = Callable[[discord.Client, LoopbackDiscord], Awaitable[asyncio.Task[None]]]
REPOSITORY = Path(__file__).resolve().parents[3]
StartLoopback = Callable[..., Awaitable[LoopbackDiscord]]


def echoing(bot: commands.Bot) -> commands.Bot:
    """Lets a bot answer every mention with what was said."""

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if bot.user in message.mentions:
            await message.channel.send("heard " + message.content.split()[-1])

    return bot


async def heard(server: LoopbackDiscord, word: str) -> Message:
    return await server.message("bridge", where=lambda m: m.content == f"heard {word}")


@pytest.mark.parametrize("code", [None, 4000, 1001])
async def test_nothing_said_while_the_line_is_cut_is_lost(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot, code: int | None
) -> None:
    await start_bot(echoing(make_bot()), loopback)
    leia = loopback.person("leia")
    loopback.faults.drop_socket(code)
    await loopback.event(events.GatewayClosed)
    await leia.say("bridge", f"{loopback.bot.mention} meanwhile")
    resumed = await loopback.event(events.GatewayResumed)
    assert resumed.replayed >= 1
    assert (await heard(loopback, "meanwhile")).author_id == loopback.bot.id
    assert sum(isinstance(event, events.GatewayConnected) for event in loopback.log.since(0)) == 1


async def test_events_that_a_dead_line_swallowed_are_replayed(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    await start_bot(echoing(make_bot()), loopback)
    loopback.faults.silent_gateway = True
    await loopback.person("leia").say("bridge", f"{loopback.bot.mention} swallowed")
    loopback.faults.clear()
    loopback.faults.drop_socket(4000)
    assert (await heard(loopback, "swallowed")).edits == 0


async def test_op_7_leads_to_a_resume(loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot) -> None:
    await start_bot(echoing(make_bot()), loopback)
    loopback.faults.ask_to_reconnect()
    resumed = await loopback.event(events.GatewayResumed)
    await loopback.person("leia").say("bridge", f"{loopback.bot.mention} again")
    assert await heard(loopback, "again")
    assert resumed.session_id == (await loopback.event(events.GatewayConnected)).session_id


@pytest.mark.parametrize("resumable", [True, False])
async def test_op_9_leads_to_a_resume_only_when_it_says_so(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot, resumable: bool
) -> None:
    await start_bot(echoing(make_bot()), loopback)
    mark = loopback.log.position
    loopback.faults.invalidate_session(resumable=resumable)
    kind: type[events.Event] = events.GatewayResumed if resumable else events.GatewayConnected
    await loopback.event(kind, since=mark)
    await loopback.person("leia").say("bridge", f"{loopback.bot.mention} back")
    assert await heard(loopback, "back")


async def test_a_refused_handshake_is_a_503_once(loopback: LoopbackDiscord) -> None:
    loopback.faults.refuse_handshake(times=1)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(loopback.gateway_url)
        async with session.ws_connect(loopback.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10


async def test_a_handshake_refused_during_reconnection_is_tried_again(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _self: 0.0)
    await start_bot(echoing(make_bot()), loopback)
    loopback.faults.refuse_handshake(times=2)
    loopback.faults.drop_socket()
    await loopback.event(events.GatewayResumed)
    refused = [event for event in loopback.log.since(0) if isinstance(event, events.GatewayRefused)]
    assert len(refused) == 2


async def test_privileged_intents_need_to_be_switched_on(
    start_loopback: StartLoopback, make_bot: MakeBot, start_bot: StartBot
) -> None:
    loopback = await start_loopback()
    bot = make_bot(intents=discord.Intents(guilds=True, message_content=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(bot.start(loopback.token), 5)
    await bot.close()
    allowing = await start_loopback(privileged_intents=int(Intent.MESSAGE_CONTENT))
    await start_bot(make_bot(intents=discord.Intents(guilds=True, message_content=True)), allowing)
    assert allowing.bot_online


async def test_intents_can_be_denied_on_demand(loopback: LoopbackDiscord, make_bot: MakeBot) -> None:
    loopback.faults.denied_intents = int(Intent.GUILD_MESSAGES)
    bot = make_bot()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(bot.start(loopback.token), 5)
    await bot.close()


@pytest.mark.usefixtures("loopback")
async def test_a_wrong_token_cannot_log_in(make_bot: MakeBot) -> None:
    bot = make_bot()
    with pytest.raises(discord.LoginFailure):
        await bot.start("wrong")
    await bot.close()


async def test_members_come_in_chunks_with_the_members_intent(
    start_loopback: StartLoopback, make_bot: MakeBot, start_bot: StartBot
) -> None:
    loopback = await start_loopback(privileged_intents=int(Intent.GUILD_MEMBERS))
    bot = make_bot(intents=discord.Intents(guilds=True, members=True))
    await start_bot(bot, loopback)
    guild = bot.guilds[0]
    assert {member.display_name for member in guild.members} == {"Leia", "Han", "Lando", "Greedo", "BD-1"}


async def test_content_is_withheld_unless_it_is_meant_for_the_bot(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    seen: asyncio.Queue[discord.Message] = asyncio.Queue()
    bot.add_listener(seen.put, "on_message")
    await start_bot(bot, loopback)
    leia = loopback.person("leia")
    own = await bot.get_partial_messageable(loopback.channel("bridge").id).send("own")
    stored = loopback.world.message(own.channel.id, own.id)
    await leia.say("bridge", "a secret")
    await leia.say("bridge", f"{loopback.bot.mention} not a secret")
    await leia.say("bridge", "an answer", reply_to=stored)
    await leia.say("dm", "between us")
    contents = [(await asyncio.wait_for(seen.get(), 5)).content for _ in range(5)]
    assert contents == ["own", "", f"{loopback.bot.mention} not a secret", "an answer", "between us"]


Frames = Callable[[Any], str]


@asynccontextmanager
async def socket_to(server: LoopbackDiscord, query: str = "") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + "?v=10&encoding=json" + query) as socket,
    ):
        yield socket


async def close_code_after(server: LoopbackDiscord, *payloads: Any, query: str = "") -> int | None:
    async with socket_to(server, query) as socket:
        for payload in payloads:
            await socket.send_str(payload if isinstance(payload, str) else json.dumps(payload))
        while (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
            pass
        return socket.close_code


def identify(server: LoopbackDiscord, **more: Any) -> dict[str, Any]:
    return {"op": 2, "d": {"token": server.token, "intents": 513, "properties": {}, **more}}


async def test_the_gateway_closes_with_discords_codes(loopback: LoopbackDiscord) -> None:
    good = identify(loopback)
    cases: list[tuple[int, list[Any], str]] = [
        (4001, [good, {"op": 99}], ""),
        (4002, ["not json"], ""),
        (4002, [{"op": 3, "d": "x" * 5000}], ""),
        (4003, [{"op": 3, "d": {}}], ""),
        (4004, [{"op": 2, "d": {"token": "wrong", "intents": 513}}], ""),
        (4005, [good, good], ""),
        (4008, [{"op": 1, "d": None}] * 121, ""),
        (4013, [identify(loopback, intents=1 << 40)], ""),
        (4014, [identify(loopback, intents=1 << 15)], ""),
    ]
    for code, payloads, query in cases:
        assert await close_code_after(loopback, *payloads, query=query) == code
    assert await close_code_after(loopback, query="&compress=lzma") == 4002


async def test_an_unknown_session_is_told_to_identify(loopback: LoopbackDiscord) -> None:
    async with socket_to(loopback) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": loopback.token, "session_id": "gone", "seq": 3}})
        assert (await socket.receive_json(timeout=5))["op"] == 9


async def test_a_silent_client_is_disconnected(start_loopback: StartLoopback) -> None:
    loopback = await start_loopback(heartbeat_interval_s=0.02)
    assert await close_code_after(loopback) == 4009


def zlib_reader() -> Frames:
    inflate = zlib.decompressobj()

    def read(frame: bytes) -> str:
        assert frame.endswith(b"\x00\x00\xff\xff")
        return inflate.decompress(frame).decode()

    return read


def zstd_reader() -> Frames:
    inflate = zstandard.ZstdDecompressor().decompressobj()
    return lambda frame: inflate.decompress(frame).decode()


@pytest.mark.parametrize(("name", "reader"), [("zlib-stream", zlib_reader), ("zstd-stream", zstd_reader)])
async def test_a_compressed_stream_reads_the_same(
    loopback: LoopbackDiscord, name: str, reader: Callable[[], Frames]
) -> None:
    read = reader()
    async with socket_to(loopback, f"&compress={name}") as socket:
        hello = json.loads(read(await socket.receive_bytes(timeout=5)))
        await socket.send_json(identify(loopback))
        ready = json.loads(read(await socket.receive_bytes(timeout=5)))
        guild = json.loads(read(await socket.receive_bytes(timeout=5)))
    assert hello["op"] == 10
    assert [ready["t"], guild["t"]] == ["READY", "GUILD_CREATE"]
    assert [ready["s"], guild["s"]] == [1, 2]


WITHOUT_ZSTD = """
import asyncio, sys, warnings
warnings.simplefilter("ignore")
sys.modules.update(dict.fromkeys(("zstandard", "compression.zstd", "zstd")))
import discord, yarl
from bd1.sim.discord.server import LoopbackDiscord

async def main():
    async with LoopbackDiscord() as server:
        discord.http.Route.BASE = server.api_base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
        client = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)

        @client.event
        async def on_ready():
            print(discord.utils._ActiveDecompressionContext.COMPRESSION_TYPE, client.guilds[0].name)
            await client.close()

        await client.start(server.token)

asyncio.run(main())
"""


async def test_discord_py_without_zstd_talks_zlib() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WITHOUT_ZSTD, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert said.decode().strip() == "zlib-stream Alliance Fleet"


async def test_discord_py_with_zstd_talks_zstd(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    await start_bot(echoing(make_bot()), loopback)
    assert discord.utils._ActiveDecompressionContext.COMPRESSION_TYPE == "zstd-stream"
    await loopback.person("leia").say("bridge", f"{loopback.bot.mention} squeezed")
    assert await heard(loopback, "squeezed")


async def test_a_sharded_client_finds_its_way(loopback: LoopbackDiscord, start_bot: StartBot) -> None:
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
    await start_bot(client, loopback)
    assert client.shard_count == 1
    assert len(client.guilds) == 1


async def test_a_bot_comes_back_after_discord_was_gone(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _self: 0.01)
    await start_bot(echoing(make_bot()), loopback)
    port = loopback.port
    await loopback.close()
    assert not loopback.bot_online
    await loopback.start(port)
    await loopback.event(events.GatewayResumed)
    await loopback.person("leia").say("bridge", f"{loopback.bot.mention} returned")
    assert await heard(loopback, "returned")


async def test_sessions_nobody_comes_back_for_are_forgotten(loopback: LoopbackDiscord) -> None:
    for _ in range(20):
        assert await close_code_after(loopback, identify(loopback), {"op": 99}) == 4001
    assert len(loopback._gateway._sessions) < 20
