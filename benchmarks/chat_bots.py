"""The two bots that the benchmark of chat compares, each as a process of its own.

usage: chat_bots.py bd1|plain API_BASE GATEWAY_URL OLLAMA_URL FOLDER. "bd1" is the real one over a simulated machine;
"plain" edits its message every second and waits for each edit, as the usual bots do. Both print "ready".
"""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import ollama
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bd1.adapters.clock import SystemClock
from bd1.adapters.ollama import OllamaChat
from bd1.app import House, Ports, build, serve
from bd1.core.scene import Scene
from bd1.core.settings import Settings, WorkloadKind
from bd1.ports import ContainerEvent
from bd1.sim.containers import SimContainers, SimHealth, SimProcessTable
from bd1.sim.discord.seed import CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID
from bd1.sim.pictures import SimPictures
from bd1.sim.probe import SimProbe
from bd1.sim.settings import demo_settings, health_containers
from bd1.sim.store import MemoryStore
from bd1.sim.world import World
from bd1.sim.xids import SimXids

TOKEN = "loopback-token"  # noqa: S105 opens nothing but the loopback server
MODEL = "llama3:8b"
MANY = 64
EDIT_EVERY_S = 1.0
LIMIT = 2000


class NoChart:
    """Nothing happens here that would have to be drawn."""

    async def draw(self, scene: Scene) -> bytes | None:
        del scene
        return None


class QuietContainers(SimContainers):
    """The simulated machine looks for events ten times a second, as no Docker makes BD-1 do; here none ever come."""

    async def events(self) -> AsyncIterator[ContainerEvent]:
        await asyncio.Event().wait()
        yield  # type: ignore[misc]  # never reached: it makes this a generator


def chat_settings(api_base: str, ollama_url: str, folder: Path) -> Settings:
    """The demo's, for whoever asks at once and as many as there are."""
    settings = demo_settings(
        data_dir=folder,
        api_base=api_base,
        ollama_url=ollama_url,
        guild_id=GUILD_ID,
        alert_channel_id=0,
        chat_channel_ids=(),
        operator_role_ids=(OPERATOR_ROLE_ID,),
        user_role_ids=(CREW_ROLE_ID,),
    )
    home = replace(settings.discord, alert_channel_id=None, message_content=False)
    chat = replace(settings.chat, parallel=MANY, max_waiting=MANY, max_per_user=MANY)
    return replace(settings, discord=home, chat=chat)


def simulated_ports(settings: Settings) -> Ports:
    """A simulated machine, and a real client of the stand-in Ollama."""
    clock, chat, workloads = SystemClock(), settings.chat, settings.workloads
    world = World(clock)
    painters = {w.base_url: w.container for w in workloads.values() if w.kind is WorkloadKind.COMFYUI and w.base_url}
    return Ports(
        probe=SimProbe(world, settings.watchdog.deadline_s),
        processes=SimProcessTable(world),
        containers=QuietContainers(world, [workload.container for workload in workloads.values()]),
        chat=OllamaChat(chat.ollama_url, load_stall_s=chat.load_stall_s, stall_s=chat.stall_s),
        pictures=SimPictures(world, painters),
        health=SimHealth(world, health_containers(workloads)),
        store=MemoryStore(),
        clock=clock,
        xids=SimXids(world),
        chart=NoChart(),
    )


async def say_when_ready(house: House) -> None:
    director = house.services.director
    await director.has_begun.wait()
    if director.job:
        async for _ in director.job.watch():
            pass
    print("ready", flush=True)


def bd1(api_base: str, ollama_url: str, folder: Path) -> Coroutine[Any, Any, None]:
    settings = chat_settings(api_base, ollama_url, folder)
    house = build(settings, simulated_ports(settings))
    return serve(house, TOKEN, say_when_ready(house))


class Plain(discord.Client):
    """The floor: whoever mentions it gets one message, edited every second."""

    def __init__(self, ollama_url: str) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.5)
        self._model = ollama.AsyncClient(ollama_url)

    async def on_ready(self) -> None:
        print("ready", flush=True)

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or self.user not in message.mentions:
            return
        shown: discord.Message | None = None
        text, edited_s = "", 0.0
        async with message.channel.typing():
            said = [{"role": "user", "content": message.content}]
            async for chunk in await self._model.chat(MODEL, said, stream=True, options={"num_ctx": 8192}):
                text += chunk.message.content or ""
                if time.monotonic() - edited_s >= EDIT_EVERY_S and text.strip():
                    shown = await self._show(message, shown, text[-LIMIT:])
                    edited_s = time.monotonic()
        await self._show(message, shown, text[-LIMIT:])

    async def _show(self, question: discord.Message, shown: discord.Message | None, text: str) -> discord.Message:
        return await (question.reply(text) if shown is None else shown.edit(content=text))


def plain(api_base: str, gateway_url: str, ollama_url: str) -> Coroutine[Any, Any, None]:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway_url)
    return Plain(ollama_url).start(TOKEN)


def main() -> None:
    kind, api_base, gateway_url, ollama_url, folder = sys.argv[1:]
    logging.basicConfig(level=logging.ERROR)  # the plain bot is refused thousands of times, and says so each time
    asyncio.run(bd1(api_base, ollama_url, Path(folder)) if kind == "bd1" else plain(api_base, gateway_url, ollama_url))


if __name__ == "__main__":
    main()
