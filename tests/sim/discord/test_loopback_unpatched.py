"""discord.py with nothing assigned at all: the network under it leads home, and to nowhere else."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from discord.gateway import DiscordWebSocket
from discord.http import INTERNAL_API_VERSION, Route

from bd1.sim.discord.model import Upload
from bd1.sim.discord.server import LoopbackDiscord

HOSTS = ("discord.com", "gateway.discord.gg", "cdn.discordapp.com")


class HomeResolver(AbstractResolver):
    """Sends Discord's names to this machine and refuses all others; remembers who was asked for."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in HOSTS:
            raise OSError(f"{host} is not to be contacted (port {port})")
        home: ResolveResult = {
            "hostname": host,
            "host": "127.0.0.1",
            "port": self._port,
            "family": family,
            "proto": 0,
            "flags": socket.AI_NUMERICHOST,
        }
        return [home]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def throw_away_certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A key and a self-signed certificate for Discord's names."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command is needed to make a throw-away certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "1", "-subj", "/CN=discord.com"]
    subprocess.run([*command, "-addext", f"subjectAltName={names}"], check=True, capture_output=True)
    return key, certificate


async def test_an_untouched_client_runs_over_tls_and_contacts_nobody_else(
    throw_away_certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", f"https://discord.com/api/v{INTERNAL_API_VERSION}")  # whatever ran before
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("wss://gateway.discord.gg/"))
    key, certificate = throw_away_certificate
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=certificate)
    server = LoopbackDiscord()
    await server.start(tls=serving)
    resolver = HomeResolver(server.port)
    connector = aiohttp.TCPConnector(resolver=resolver, ssl=trusting)
    client = discord.Client(
        intents=discord.Intents(guilds=True, guild_messages=True), connector=connector, guild_ready_timeout=0.05
    )

    @client.event
    async def on_message(message: discord.Message) -> None:
        if client.user in message.mentions:
            assert await message.attachments[0].read() == b"plans"
            await message.reply("received")

    try:
        await client.login(server.token)
        running = asyncio.create_task(client.connect())
        await asyncio.wait_for(client.wait_until_ready(), 10)
        plans = Upload(filename="plans.bin", data=b"plans")
        await server.person("leia").say("bridge", f"{server.bot.mention} take these", files=[plans])
        answer = await server.message("bridge")
        await client.close()
        await running
    finally:
        await server.close()
    assert answer.content == "received"
    assert set(resolver.asked) == set(HOSTS)
    assert discord.http.Route.BASE == "https://discord.com/api/v10"
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == "wss://gateway.discord.gg/"
