"""`bd1 demo`: the real bot over a simulated machine, Discord and Ollama, in one process. The composition root of that.

Nothing but loopback is opened, and everything simulated says so.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bd1.adapters.clock import SystemClock
from bd1.adapters.ollama import OllamaChat
from bd1.adapters.store import SqliteStore
from bd1.app import House, Ports, build, serve
from bd1.core.gpu import ProbeFailure
from bd1.core.settings import Settings, Workload, WorkloadKind
from bd1.errors import DemoUnavailable
from bd1.ports import Clock
from bd1.sim.bench import BenchLimits, BenchStatus, Fact, mount_bench
from bd1.sim.containers import SimContainers, SimHealth, SimProcessTable
from bd1.sim.discord.seed import ALERTS_ID, BRIDGE_ID, CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.ollama.brain import Brain, ScriptedBrain
from bd1.sim.ollama.models import DEFAULT_MODELS
from bd1.sim.ollama.server import OllamaServer
from bd1.sim.ollama.smol import FILE_NAME, SMOL_MODEL, SmolBrain
from bd1.sim.pictures import SimPictures
from bd1.sim.probe import SimProbe
from bd1.sim.settings import MODEL, demo_settings
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

_MESSAGE_CONTENT = 1 << 15
_SLOW_TOKENS_PER_S = 2.0
_OLLAMA = "ollama"
_MODELS = Path("data/models")


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


async def demo(port: int, *, llm: bool = False) -> None:
    """Runs the demo until SIGTERM or Ctrl-C.

    Args:
        port: of the web page on 127.0.0.1; 0 for any free one.
        llm: whether a small real model answers instead of the script.

    Raises `DemoUnavailable` when the port is taken or the model is not there.
    """
    clock = SystemClock()
    facts = _facts(llm=llm)
    with tempfile.TemporaryDirectory(prefix="bd1-demo-") as folder:
        async with _brain(clock, llm=llm) as (brain, model):
            script = Script(clock, brain, model, Path(folder), port, facts)
            async with _stage(script) as (stage, link):
                await _perform(script, stage, link)


async def _perform(script: Script, stage: Stage, link: "_Link") -> None:
    chat = stage.settings.chat
    async with SqliteStore(stage.settings.data_dir / "bd1.sqlite3") as store:
        model = OllamaChat(chat.ollama_url, load_stall_s=chat.load_stall_s, stall_s=chat.stall_s)
        try:
            house = link.house = build(stage.settings, _ports(stage, model, store, script.clock))
            await serve(house, stage.discord.token, stage.ollama.run(), _announce(stage, house, script.facts))
        finally:
            await model.close()


def _ports(stage: Stage, model: OllamaChat, store: SqliteStore, clock: Clock) -> Ports:
    workloads = stage.settings.workloads.values()
    return Ports(
        probe=SimProbe(stage.world, stage.settings.watchdog.deadline_s),
        processes=SimProcessTable(stage.world),
        containers=SimContainers(stage.world, [workload.container for workload in workloads]),
        chat=model,
        pictures=SimPictures(stage.world, {w.base_url: w.container for w in workloads if draws(w) and w.base_url}),
        health=SimHealth(stage.world, {w.health_url: w.container for w in workloads if w.health_url}),
        store=store,
        clock=clock,
    )


def draws(workload: Workload) -> bool:
    """Whether this is a picture server."""
    return workload.kind is WorkloadKind.COMFYUI


class _Link:
    """What the bench shows of BD-1. The bench is mounted before BD-1 is built, so it is told later."""

    house: House | None = None

    def status(self) -> BenchStatus:
        """What BD-1 thinks now."""
        if self.house is None:
            return BenchStatus(mode="unknown", tier="unknown", switching=False)
        services, blind = self.house.services, isinstance(self.house.watchdog.latest, ProbeFailure)
        mode = services.fleet.view.name or "unknown"
        tier = "unknown" if blind else self.house.watchdog.tier.word
        return BenchStatus(mode=mode, tier=tier, switching=services.director.is_switching)


@asynccontextmanager
async def _stage(script: Script) -> AsyncIterator[tuple[Stage, _Link]]:
    """Starts everything simulated."""
    world, link = World(script.clock, draws=True), _Link()
    models = (*DEFAULT_MODELS, SMOL_MODEL)
    brain = WorkingBrain(script.brain, partial(world.activity.work, _OLLAMA))
    ollama = StagedOllama(OllamaServer(brain, world.ollama_memory, models, clock=script.clock))
    discord = LoopbackDiscord(settings=ServerSettings(privileged_intents=_MESSAGE_CONTENT))
    troubles = Troubles(world, on_ollama_down=ollama.break_down, on_slow_model=ollama.slow_down)
    mount_bench(discord.app, world, troubles, link.status, script.facts, limits=BenchLimits())
    try:
        await discord.start(script.port)
    except OSError as trouble:
        await discord.close()
        raise DemoUnavailable(
            f"Port {script.port} cannot be used ({trouble.strerror}). Choose another one with --port, or 0 for any."
        ) from trouble
    await ollama.server.start()
    world.on_container(_OLLAMA, ollama.container_is)
    ollama.container_is(up=False)
    settings = demo_settings(
        data_dir=script.folder,
        api_base=discord.api_base,
        ollama_url=ollama.server.url,
        guild_id=GUILD_ID,
        alert_channel_id=ALERTS_ID,
        chat_channel_ids=(BRIDGE_ID,),
        operator_role_ids=(OPERATOR_ROLE_ID,),
        user_role_ids=(CREW_ROLE_ID,),
        model=script.model,
    )
    try:
        yield Stage(world, discord, ollama, settings), link
    finally:
        await discord.close()
        await ollama.server.close()


@asynccontextmanager
async def _brain(clock: Clock, *, llm: bool) -> AsyncIterator[tuple[Brain, str]]:
    """Who answers, and under which model's name."""
    if not llm:
        yield ScriptedBrain(clock), MODEL
        return
    brain = SmolBrain(_MODELS / FILE_NAME)
    if lacking := brain.missing():
        raise DemoUnavailable(lacking)
    try:
        yield brain, SMOL_MODEL.name
    finally:
        brain.close()


async def _announce(stage: Stage, house: House, facts: tuple[Fact, ...]) -> None:
    """Prints the address once a question would be answered, and which part is real."""
    sys.stdout.write("BD-1 is starting and brings up chat mode; a few seconds ...\n")
    sys.stdout.flush()
    await stage.discord.wait_for(lambda _event: bool(stage.discord.commands()) and stage.discord.bot_online, timeout=60)
    if job := house.services.director.job:
        async for _ in job.watch():
            pass
    width = max(len(fact.part) for fact in facts)
    rows = [f"  {fact.part:<{width}}  {fact.kind:<9}  {fact.detail}" for fact in facts]
    lines = ["", f"BD-1 is ready: {stage.discord.page_url}", "", *rows, "", "Ctrl-C ends it.", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def _facts(*, llm: bool) -> tuple[Fact, ...]:
    brain = (
        "a real HTTP server speaking Ollama's API, with SmolLM2-135M behind it"
        if llm
        else "a real HTTP server speaking Ollama's API; its answers come from a script"
    )
    return (
        Fact("BD-1", "real", "bot, director, watchdog, alerts and chat, as they run at home"),
        Fact("discord.py, ollama client", "real", "unmodified, over HTTP and a WebSocket on loopback"),
        Fact("Discord", "simulated", "a loopback server with Discord's rules, limits and errors"),
        Fact("GPU", "simulated", "the numbers of an RTX 4000 Ada: 20475 MiB, 460 of them the driver's"),
        Fact("Containers", "simulated", "ollama, open-webui, anythingllm, comfyui with Docker's rules"),
        Fact("Ollama", "simulated", brain),
    )
