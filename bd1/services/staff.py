"""Everyone a switch works with, in one value. It holds no state and decides nothing."""

from dataclasses import dataclass, field

from bd1.core.modes import Plan
from bd1.core.progress import Forecast
from bd1.ports import Store
from bd1.services.alerts import Alerts
from bd1.services.doorkeeper import Doorkeeper
from bd1.services.exits import ExitBook
from bd1.services.fleet import Fleet
from bd1.services.forecast import foresee
from bd1.services.gatekeeper import Gatekeeper
from bd1.services.hands import Hands
from bd1.services.journal import Journal
from bd1.services.latch import UnsafeLatch
from bd1.services.off_latch import OffLatch


@dataclass(slots=True)
class Veto:
    """Why nothing at all may be started on the card, in whole sentences; `None` while it may."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Everyone a switch works with."""

    hands: Hands
    fleet: Fleet
    alerts: Alerts
    journal: Journal
    latch: UnsafeLatch
    door: Doorkeeper
    gatekeeper: Gatekeeper
    off: OffLatch
    exits: ExitBook
    veto: Veto = field(default_factory=Veto)

    @classmethod
    def of(cls, hands: Hands, fleet: Fleet, alerts: Alerts, store: Store) -> "Staff":
        """Everyone, made for these hands."""
        latch = UnsafeLatch(store, hands.clock, alerts)
        journal = Journal(store, hands.clock, alerts.changed)
        off = OffLatch(store, hands.clock)
        door = Doorkeeper(hands, fleet, latch, off)
        exits = ExitBook(hands.settings.watchdog, store, hands.clock)
        return cls(hands, fleet, alerts, journal, latch, door, Gatekeeper(hands), off, exits)

    async def foresee(self, ahead: Plan) -> Forecast:
        """What this plan will do."""
        return await foresee(self.hands, ahead)
