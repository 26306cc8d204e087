"""How the services hang together: settings and ports to everything that runs. No decision is made here.

It knows no adapter and no simulator: the composition root hands them in as ports.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bd1.core.gpu import Reading
from bd1.core.settings import Settings
from bd1.ports import (
    Chart,
    ChatModel,
    Clock,
    Containers,
    FileReader,
    GpuProbe,
    HealthCheck,
    PictureServer,
    ProcessTable,
    Store,
    XidSource,
)
from bd1.services.admission import Admission
from bd1.services.alerts import Alerts
from bd1.services.card import Card
from bd1.services.chat import Chat
from bd1.services.cursors import Cursors
from bd1.services.director import Director
from bd1.services.facts import Facts
from bd1.services.fleet import Fleet
from bd1.services.hands import Hands
from bd1.services.hardware import Hardware
from bd1.services.herald import Herald
from bd1.services.house import Services
from bd1.services.idle_level import IdleLevel
from bd1.services.ledger import Ledger
from bd1.services.load_times import LoadTimes
from bd1.services.memory import Memory
from bd1.services.models import Models
from bd1.services.normal import Normal
from bd1.services.onlooker import Onlooker
from bd1.services.pictures import Pictures
from bd1.services.planner import Planner
from bd1.services.pulls import Pulls
from bd1.services.recorder import Recorder
from bd1.services.refusals import Refusals
from bd1.services.screens import Screens
from bd1.services.silences import Silences
from bd1.services.staff import Staff
from bd1.services.status import StatusBoard
from bd1.services.watchdog import Beat, Watchdog


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world, real or simulated."""

    probe: GpuProbe
    processes: ProcessTable
    containers: Containers
    chat: ChatModel
    pictures: PictureServer
    health: HealthCheck
    store: Store
    clock: Clock
    xids: XidSource
    chart: Chart


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs."""

    services: Services
    watchdog: Watchdog
    hardware: Hardware
    onlooker: Onlooker
    refusals: Refusals


@dataclass(frozen=True, slots=True)
class _Guard:
    """Whatever looks at the card and acts on it. It needs nothing of the rest."""

    alerts: Alerts
    admission: Admission
    fleet: Fleet
    card: Card
    hardware: Hardware
    hands: Hands
    staff: Staff
    director: Director
    recorder: Recorder
    watchdog: Watchdog


@dataclass(frozen=True, slots=True)
class _Talk:
    """What chat shares with others."""

    board: StatusBoard
    ledger: Ledger
    cursors: Cursors
    planner: Planner
    models: Models


def wire(settings: Settings, ports: Ports, *, files: FileReader, beat: Callable[[Beat], None]) -> House:
    """Wires the services. Starts nothing and touches nothing. `beat` is told that the watchdog ticks."""
    clock, store = ports.clock, ports.store
    guard = _guard(settings, ports, beat)
    alerts, idle_level = guard.alerts, IdleLevel(guard.hands, guard.fleet, store, guard.alerts)
    board = StatusBoard(
        settings=settings,
        card=guard.card,
        watchdog=guard.watchdog,
        director=guard.director,
        containers=ports.containers,
        chat=ports.chat,
        clock=clock,
    )
    journal, recorder = guard.staff.journal, guard.recorder
    ledger, cursors = Ledger(store, clock), Cursors(store, clock)
    planner = Planner(settings.chat, store, ports.chat)
    models = Models(settings, ports.chat, guard.card, guard.director.measures.let_in, clock)
    services = Services(
        settings=settings,
        clock=clock,
        alerts=alerts,
        herald=Herald(settings.alerts, alerts, Silences(store, clock, alerts.changed), clock),
        chat=_chat(settings, ports, guard, _Talk(board, ledger, cursors, planner, models)),
        director=guard.director,
        hardware=guard.hardware,
        journal=journal,
        screens=Screens(store, clock),
        idle_level=idle_level,
        fleet=guard.fleet,
        status=board,
        memory=Memory(settings.chat, store, clock, [ledger, cursors]),
        planner=planner,
        pictures=Pictures(
            settings.watchdog, recorder=recorder, alerts=alerts, journal=journal, chart=ports.chart, clock=clock
        ),
        models=models,
        pulls=Pulls(models, store),
        files=files,
    )
    onlooker = Onlooker(guard.hands, guard.director, idle_level, alerts)
    return House(services, guard.watchdog, guard.hardware, onlooker, Refusals(store, clock))


def _guard(settings: Settings, ports: Ports, beat: Callable[[Beat], None]) -> _Guard:
    clock, admission = ports.clock, Admission()
    alerts = Alerts(ports.store, clock)
    fleet = Fleet(settings, ports.containers, ports.store, clock)
    card = Card(ports.probe, ports.processes, ports.containers, settings.workloads, clock)
    fleet.listen(card.know)
    hardware = Hardware(
        xids=ports.xids, card=card, processes=ports.processes, alerts=alerts, store=ports.store, clock=clock
    )
    hands = Hands(settings, card, ports.containers, ports.chat, ports.pictures, ports.health, admission, clock)
    staff = Staff.of(hands, fleet, alerts, ports.store)
    director = Director(staff)
    hardware.listen(director.forbid)
    recorder = Recorder(settings.watchdog, fleet, clock)

    def seen(reading: Reading) -> None:
        hardware.consider(reading)
        recorder.see(reading)

    normal = Normal(settings, fleet, card)
    watchdog = Watchdog(settings, card, alerts, clock, protect=director.evict, normal=normal, seen=seen, beat=beat)
    hardware.listen(watchdog.spare)
    return _Guard(alerts, admission, fleet, card, hardware, hands, staff, director, recorder, watchdog)


def _chat(settings: Settings, ports: Ports, guard: _Guard, talk: _Talk) -> Chat:
    clock = ports.clock
    return Chat(
        settings.chat,
        ports.chat,
        guard.admission,
        clock,
        ledger=talk.ledger,
        planner=talk.planner,
        load_times=LoadTimes(ports.store),
        models=talk.models,
        cursors=talk.cursors,
        facts=Facts(talk.board, ports.chat, guard.alerts, clock),
    )


async def load(house: House) -> None:
    """Takes back what an earlier run kept. Raises `StoreUnavailable`."""
    await house.services.alerts.load()
    await house.services.herald.load()
    await house.hardware.load()
    await house.services.director.load()
    await house.services.screens.load()
    await house.services.memory.load()
    await house.services.planner.load()
    await house.services.chat.load()
    await house.services.pulls.load()


def runs(house: House) -> dict[str, Coroutine[Any, Any, None]]:
    """What has to run for ever, by name, the watchdog first. It needs nothing of the rest."""
    return {
        "watchdog": house.watchdog.run(),
        "hardware": house.hardware.run(),
        "alerts": house.services.alerts.run(),
        "journal": house.services.journal.run(),
        "screens": house.services.screens.run(),
        "onlooker": house.onlooker.run(),
        "memory": house.services.memory.run(),
    }
