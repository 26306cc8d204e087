"""The demo's stage: the simulated machine, Discord and Ollama, put together and listening on loopback.

Knows nothing of the BD-1 that plays on it, except that it can be killed.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from bd1.core.settings import Settings
from bd1.errors import DemoUnavailable
from bd1.ports import Clock
from bd1.sim.bench import BenchLimits, BenchStatus, Fact, mount_bench
from bd1.sim.discord.seed import ALERTS_ID, BRIDGE_ID, CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.ollama.brain import Brain
from bd1.sim.ollama.models import DEFAULT_MODELS
from bd1.sim.ollama.server import OllamaServer
from bd1.sim.ollama.smol import SMOL_MODEL
from bd1.sim.settings import demo_settings
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

_MESSAGE_CONTENT = 1 << 15
_SLOW_TOKENS_PER_S = 2.0
_OLLAMA = "ollama"
_START_TIMEOUT_S = 15.0
"""Shorter than on a real machine: who plays with a container that never answers waits for that to be noticed."""

_ALL_OF_THEM = 1_000_000


class Player(Protocol):
    """The BD-1 that plays: it tells what it thinks, and it may be killed."""

    @property
    def is_down(self) -> bool:
        """Whether it is dead now."""
        ...

    def kill(self) -> None:
        """Ends it at once, wherever it is; it comes back by itself."""
        ...

    def status(self) -> BenchStatus:
        """What it thinks now."""
        ...


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be played: who answers under which model's name, where files go, which port the page has."""

    clock: Clock
    brain: Brain
    model: str
    folder: Path
    port: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything simulated, ready and listening."""

    world: World
    discord: LoopbackDiscord
    ollama: "StagedOllama"
    settings: Settings

    def deafen_discord(self) -> None:
        """From now on Discord takes nothing more from the bot: its line is dead, and so are its requests."""
        faults = self.discord.faults
        faults.refuse_handshake(_ALL_OF_THEM)
        faults.fail_requests(times=_ALL_OF_THEM, status=503)
        faults.drop_socket()

    def let_discord_hear(self) -> None:
        """A bot may connect again."""
        self.discord.faults.clear()


class StagedOllama:
    """The simulated Ollama server, up exactly while its container is up and nobody has broken it."""

    def __init__(self, server: OllamaServer) -> None:
        self.server = server
        self._container_up = False
        self._broken = False
        self._changed = asyncio.Event()

    def container_is(self, up: bool) -> None:
        """The container has started, or has died."""
        self._container_up = up
        self._changed.set()

    async def break_down(self, broken: bool) -> None:
        """The trouble button: the server goes away although its container runs."""
        self._broken = broken
        self._changed.set()

    async def slow_down(self, slow: bool) -> None:
        """The trouble button: a word at a time."""
        self.server.faults.tokens_per_s = _SLOW_TOKENS_PER_S if slow else None

    async def run(self) -> None:
        """Follows container and button, for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._container_up and not self._broken:
                await self.server.come_back()
            else:
                await self.server.go_down()


class WorkingBrain:
    """A brain whose answers show as work on the simulated card."""

    def __init__(self, brain: Brain, work: Callable[[float], None]) -> None:
        self._brain = brain
        self._work = work

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        """The brain's own tokens; each keeps the card busy for a second."""
        async with aclosing(self._brain.answer(model, messages)) as tokens:
            async for token in tokens:
                self._work(1.0)
                yield token


@asynccontextmanager
async def staged(script: Script, player: Player) -> AsyncIterator[Stage]:
    """Starts everything simulated, with a bench to look at it and the player. Raises `DemoUnavailable`."""
    world = World(script.clock, draws=True)
    models = (*DEFAULT_MODELS, SMOL_MODEL)
    brain = WorkingBrain(script.brain, partial(world.activity.work, _OLLAMA))
    ollama = StagedOllama(OllamaServer(brain, world.ollama_memory, models, clock=script.clock))
    discord = LoopbackDiscord(settings=ServerSettings(privileged_intents=_MESSAGE_CONTENT))
    troubles = Troubles(world, on_ollama_down=ollama.break_down, on_slow_model=ollama.slow_down, bd1=player)
    mount_bench(discord.app, world, troubles, player.status, script.facts, limits=BenchLimits())
    await _listen(discord, script.port)
    await ollama.server.start()
    world.on_container(_OLLAMA, ollama.container_is)
    ollama.container_is(up=False)
    try:
        yield Stage(world, discord, ollama, _settings(script, discord.api_base, ollama.server.url))
    finally:
        await discord.close()
        await ollama.server.close()


async def _listen(discord: LoopbackDiscord, port: int) -> None:
    try:
        await discord.start(port)
    except OSError as trouble:
        await discord.close()
        raise DemoUnavailable(
            f"Port {port} cannot be used ({trouble.strerror}). Choose another one with --port, or 0 for any."
        ) from trouble


def _settings(script: Script, api_base: str, ollama_url: str) -> Settings:
    settings = demo_settings(
        data_dir=script.folder,
        api_base=api_base,
        ollama_url=ollama_url,
        guild_id=GUILD_ID,
        alert_channel_id=ALERTS_ID,
        chat_channel_ids=(BRIDGE_ID,),
        operator_role_ids=(OPERATOR_ROLE_ID,),
        user_role_ids=(CREW_ROLE_ID,),
        model=script.model,
    )
    quick = {name: replace(w, start_timeout_s=_START_TIMEOUT_S) for name, w in settings.workloads.items()}
    return replace(settings, workloads=quick)
