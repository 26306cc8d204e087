"""The demo's BD-1, one life after the other: whoever kills it sees it start anew on the same machine and data file.

Composition only: what BD-1 makes of its own death is its own affair.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bd1.adapters.chart import ChartProcess
from bd1.adapters.ollama import OllamaChat
from bd1.adapters.store import SqliteStore
from bd1.app import CHART_FOLDER, House, Ports, asked_to_end, build, serve
from bd1.core.gpu import ProbeFailure
from bd1.core.settings import WorkloadKind
from bd1.demo_stage import Stage
from bd1.ports import ChatModel, Clock, PictureServer, Store
from bd1.sim.bench import DOWN, BenchStatus
from bd1.sim.containers import SimContainers, SimHealth, SimProcessTable
from bd1.sim.lifeline import Lifeline, is_dead
from bd1.sim.lifeline_ports import (
    LivingChart,
    LivingChat,
    LivingClock,
    LivingContainers,
    LivingHealth,
    LivingPictures,
    LivingProbe,
    LivingProcesses,
    LivingStore,
    LivingXids,
)
from bd1.sim.pictures import SimPictures
from bd1.sim.probe import SimProbe
from bd1.sim.xids import SimXids

_NOTE = "simulated card"
DEAD_S = 3.0
"""How long a supervisor takes to start it again."""


class Lives:
    """BD-1 on a stage. It is down before its first life and after each death, until the next life begins."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._house: House | None = None
        self.line = Lifeline()
        """What the present life hangs by; of no life while it is down."""

    @property
    def house(self) -> House | None:
        """The BD-1 that lives; `None` while it is down."""
        return None if self.line.is_cut else self._house

    @property
    def is_down(self) -> bool:
        """Whether it is dead now."""
        return self.house is None

    def kill(self) -> None:
        """Ends it at once, wherever it is; it comes back by itself. Nothing happens while it is down."""
        self.line.cut()

    def status(self) -> BenchStatus:
        """What it thinks now."""
        if (house := self.house) is None:
            return DOWN
        services, blind = house.services, isinstance(house.watchdog.latest, ProbeFailure)
        mode = services.fleet.view.name or "unknown"
        tier = "unknown" if blind else house.watchdog.tier.word
        return BenchStatus(mode=mode, tier=tier, switching=services.director.is_switching)

    async def run(self, stage: Stage) -> None:
        """Lives again and again, until SIGTERM or Ctrl-C. Raises the `Bd1Error` that ended a life, if one did."""
        with _silence_of_the_dead(), asked_to_end() as asked:  # also between two lives, and while one begins
            while await self._one_life(stage, asked):
                stage.let_discord_hear()

    async def _one_life(self, stage: Stage, asked: asyncio.Event) -> bool:
        """From start to end; true when it was killed and is to start again, false when the demo is asked to end."""
        async with _outside(stage) as (store, model):
            self.line = line = Lifeline()
            self._house = house = build(stage.settings, _ports(stage, store, model, self._clock, line))
            life = line.spawn(serve(house, stage.discord.token, asked=asked), "BD-1")
            cut = asyncio.create_task(line.until_cut())
            try:
                await asyncio.wait([life, cut], return_when=asyncio.FIRST_COMPLETED)
                if not line.is_cut:
                    life.result()
                    return False
                stage.deafen_discord()
                await line.kill()
            finally:
                self._house = None
                cut.cancel()
                life.cancel()
                await asyncio.wait([life, cut])
        return await self._is_started_again(asked)

    async def _is_started_again(self, asked: asyncio.Event) -> bool:
        """Waits as long as it stays dead; false when the demo is asked to end meanwhile."""
        waits = [asyncio.create_task(self._clock.sleep(DEAD_S)), asyncio.create_task(asked.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return not asked.is_set()
        finally:
            for wait in waits:
                wait.cancel()


@contextmanager
def _silence_of_the_dead() -> Iterator[None]:
    """Who has been killed logs nothing any more, whatever its tasks still do on their way out."""
    handlers = tuple(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(_is_alive)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(_is_alive)


def _is_alive(_record: logging.LogRecord) -> bool:
    return not is_dead()


@asynccontextmanager
async def _outside(stage: Stage) -> "AsyncIterator[tuple[SqliteStore, OllamaChat]]":
    """What a life opens for itself and the kernel closes after it: its data file, its connections to Ollama."""
    chat = stage.settings.chat
    async with SqliteStore(stage.settings.data_dir / "bd1.sqlite3") as store:
        model = OllamaChat(chat.ollama_url, load_stall_s=chat.load_stall_s, stall_s=chat.stall_s)
        try:
            yield store, model
        finally:
            await model.close()


def _ports(stage: Stage, store: Store, model: ChatModel, clock: Clock, line: Lifeline) -> Ports:
    world, workloads = stage.world, stage.settings.workloads.values()
    health = SimHealth(world, {w.health_url: w.container for w in workloads if w.health_url})
    return Ports(
        probe=LivingProbe(SimProbe(world, stage.settings.watchdog.deadline_s), line),
        processes=LivingProcesses(SimProcessTable(world), line),
        containers=LivingContainers(SimContainers(world, [workload.container for workload in workloads]), line),
        chat=LivingChat(model, line),
        pictures=LivingPictures(_pictures(stage), line),
        health=LivingHealth(health, line),
        store=LivingStore(store, line),
        clock=LivingClock(clock, line),
        xids=LivingXids(SimXids(world), line),
        chart=LivingChart(ChartProcess(stage.settings.data_dir / CHART_FOLDER, _NOTE), line),
    )


def _pictures(stage: Stage) -> PictureServer:
    servers = [w for w in stage.settings.workloads.values() if w.kind is WorkloadKind.COMFYUI]
    return SimPictures(stage.world, {w.base_url: w.container for w in servers if w.base_url})
