"""A whole BD-1 on the simulated machine, in fake time: everything real but the outside world."""

import asyncio
import base64
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from bd1.app import Ports, build
from bd1.core.answer import Question, Update
from bd1.core.conversation import Said
from bd1.core.progress import Progress
from bd1.core.scene import Scene
from bd1.core.settings import Settings, WorkloadKind
from bd1.services.admission import Admission
from bd1.services.alerts import Alerts
from bd1.services.card import Card
from bd1.services.chat import Chat
from bd1.services.director import Director
from bd1.services.fleet import Fleet
from bd1.services.hands import Hands
from bd1.services.hardware import Hardware
from bd1.services.house import Services
from bd1.services.idle_level import IdleLevel
from bd1.services.journal import Journal
from bd1.services.onlooker import Onlooker
from bd1.services.status import StatusBoard
from bd1.services.watchdog import Beat, Watchdog
from bd1.sim.chat import SimChat
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimContainers, SimHealth, SimProcessTable
from bd1.sim.discord.seed import ALERTS_ID, BRIDGE_ID, CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID
from bd1.sim.pictures import SimPictures
from bd1.sim.probe import SimProbe
from bd1.sim.settings import demo_settings
from bd1.sim.store import MemoryStore
from bd1.sim.troubles import Troubles
from bd1.sim.world import World
from bd1.sim.xids import SimXids

T = TypeVar("T")
_IDS = itertools.count(1)
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
"""The smallest picture there is."""


class Sketches:
    """A chart that draws nothing, at once: it keeps the scenes it was given and answers with a picture of one dot."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.is_broken = False
        self.hold: Callable[[], Awaitable[object]] | None = None

    async def draw(self, scene: Scene) -> bytes | None:
        self.scenes.append(scene)
        is_broken = self.is_broken
        if self.hold:
            await self.hold()
        return None if is_broken else DOT


def question(text: str = "How is the card?", asker: str = "Han", asker_id: int = 1, **more: Any) -> Question:
    """A question of its own each time."""
    fields: dict[str, Any] = {"id": next(_IDS), "channel_id": 1, "said": (Said("user", text, asker),)}
    return Question(**fields | {"asker": asker, "asker_id": asker_id, "may_look": True} | more)


@dataclass
class Rig:
    """One BD-1 with its world, and the clock that moves both."""

    settings: Settings
    clock: FakeClock
    world: World
    troubles: Troubles
    model: SimChat
    containers: SimContainers
    alerts: Alerts
    admission: Admission
    card: Card
    fleet: Fleet
    director: Director
    journal: Journal
    idle_level: IdleLevel
    hands: Hands
    store: MemoryStore
    watchdog: Watchdog
    onlooker: Onlooker
    chat: Chat
    board: StatusBoard
    beats: list[Beat]
    hardware: Hardware
    sketches: Sketches
    services: Services
    """What a bot is built from."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def go(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` to its end in fake time."""
        return await self.clock.run(work)

    async def live(self, seconds: float) -> None:
        """Lets time pass."""
        await self.clock.advance(seconds)

    async def start_all(self) -> None:
        """Takes back what was kept, and starts the watchdog and the onlooker, as the running bot has them."""
        await self.hardware.load()
        await self.director.load()
        await self.services.screens.load()
        await self.services.memory.load()
        await self.services.planner.load()
        await self.chat.load()
        await self.services.pulls.load()
        runs = (self.watchdog.run(), self.hardware.run(), self.onlooker.run())
        self.tasks += [asyncio.create_task(run) for run in runs]
        await self.clock.settle()

    async def stop_all(self) -> None:
        """Ends what `start_all` started, and a switch under way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.director.close()
        await self.services.pulls.close()
        await self.services.screens.flush()

    async def switch(self, target: str) -> str:
        """Switches, waits for the end and returns the message."""
        job = self.director.switch(target, "Leia")

        async def end() -> str:
            async for progress in job.watch():
                if progress.outcome:
                    return progress.message
            raise AssertionError("a switch ended without an outcome")

        return await self.go(end())

    async def ask(self, asked: Question | None = None, into: list[Update] | None = None) -> list[Update]:
        """Asks and reads the answer to its end, as whoever shows it does; `into` has what came before trouble too."""
        came: list[Update] = [] if into is None else into
        answer = self.chat.ask(asked or question())
        try:
            async for update in answer.updates():
                came += [update]  # one by one: what came before the trouble is what a person has read
            await answer.delivered("", cut=False)
        finally:
            self.chat.leave(answer)
        return came

    @property
    def progress(self) -> Progress:
        """How the last switch stands."""
        assert self.director.job
        return self.director.job.progress

    def told(self, key: str) -> str:
        """Everything told under an incident key, in one text."""
        return "\n".join(line.text for incident in self.alerts.all() if incident.key == key for line in incident.lines)


def rig_settings(folder: Path, api_base: str = "http://127.0.0.1:1/api/v10") -> Settings:
    """The demo's settings, with the people and channels of the loopback Discord; no mode is brought up at the start."""
    settings = demo_settings(
        data_dir=folder,
        api_base=api_base,
        ollama_url="http://127.0.0.1:1",
        guild_id=GUILD_ID,
        alert_channel_id=ALERTS_ID,
        chat_channel_ids=(BRIDGE_ID,),
        operator_role_ids=(OPERATOR_ROLE_ID,),
        user_role_ids=(CREW_ROLE_ID,),
    )
    quiet = replace(settings.discord, message_content=False)
    return replace(settings, discord=quiet, switch=replace(settings.switch, start_mode=None))


@dataclass
class Outside:
    """What lies outside one BD-1 and outlives it: its clock, its machine, its engine and its disk."""

    clock: FakeClock
    world: World
    containers: SimContainers
    model: SimChat
    store: MemoryStore
    chart: Sketches = field(default_factory=Sketches)

    def ports(self, settings: Settings) -> Ports:
        """The outside as a BD-1 with these settings sees it."""
        world, workloads = self.world, settings.workloads.values()
        painters = [w for w in workloads if w.kind is WorkloadKind.COMFYUI and w.base_url]
        return Ports(
            probe=SimProbe(world, settings.watchdog.deadline_s),
            processes=SimProcessTable(world),
            containers=self.containers,
            chat=self.model,
            pictures=SimPictures(world, {w.base_url: w.container for w in painters if w.base_url}),
            health=SimHealth(world, {w.health_url: w.container for w in workloads if w.health_url}),
            store=self.store,
            clock=self.clock,
            xids=SimXids(world),
            chart=self.chart,
        )


def build_outside(settings: Settings) -> Outside:
    """A machine with every container stopped, and an empty disk."""
    clock = FakeClock()
    world = World(clock)
    containers = SimContainers(world, [workload.container for workload in settings.workloads.values()])
    return Outside(clock, world, containers, SimChat(world), MemoryStore())


def build_rig(settings: Settings, outside: Outside | None = None, wrap: Callable[[Ports], Ports] | None = None) -> Rig:
    """A BD-1; with every container stopped unless an `outside` is given. `wrap` puts something before each port."""
    outside = outside or build_outside(settings)
    ports = outside.ports(settings)
    ports = wrap(ports) if wrap else ports
    beats: list[Beat] = []
    house = build(settings, ports, beats.append)
    services, director = house.services, house.services.director
    hands = director._hands
    return Rig(
        settings=settings,
        clock=outside.clock,
        world=outside.world,
        troubles=Troubles(outside.world),
        model=outside.model,
        containers=outside.containers,
        alerts=services.alerts,
        admission=hands.admission,
        card=hands.card,
        fleet=services.fleet,
        director=director,
        journal=services.journal,
        idle_level=services.idle_level,
        hands=hands,
        store=outside.store,
        sketches=outside.chart,
        watchdog=house.watchdog,
        onlooker=house.onlooker,
        chat=services.chat,
        board=services.status,
        beats=beats,
        hardware=house.hardware,
        services=services,
    )
