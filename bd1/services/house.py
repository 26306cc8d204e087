"""Everything the Discord side may call, in one value. Built by the composition root, by the demo and by tests."""

from dataclasses import dataclass

from bd1.core.settings import Settings
from bd1.ports import Clock, FileReader
from bd1.services.alerts import Alerts
from bd1.services.chat import Chat
from bd1.services.director import Director
from bd1.services.fleet import Fleet
from bd1.services.hardware import Hardware
from bd1.services.herald import Herald
from bd1.services.idle_level import IdleLevel
from bd1.services.journal import Journal
from bd1.services.memory import Memory
from bd1.services.models import Models
from bd1.services.pictures import Pictures
from bd1.services.planner import Planner
from bd1.services.pulls import Pulls
from bd1.services.screens import Screens
from bd1.services.status import StatusBoard


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services the cogs use, and the settings they were built from."""

    settings: Settings
    clock: Clock
    alerts: Alerts
    herald: Herald
    chat: Chat
    director: Director
    hardware: Hardware
    journal: Journal
    screens: Screens
    idle_level: IdleLevel
    fleet: Fleet
    status: StatusBoard
    memory: Memory
    planner: Planner
    pictures: Pictures
    models: Models
    pulls: Pulls
    files: FileReader
