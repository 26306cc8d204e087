"""Remembers that the card was not free when something was to start on it, until it is. It looks at nothing itself."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bd1.core.tiers import Tier
from bd1.errors import StoreUnavailable
from bd1.ports import Clock, Store
from bd1.services.alerts import Alerts

_LOG = logging.getLogger(__name__)
_COLLECTION, _KEY = "latch", "unsafe"
INCIDENT = "unsafe"


@dataclass(frozen=True, slots=True)
class Unsafe:
    """The card was refused. `reason` says who holds it, in whole sentences."""

    reason: str
    since: datetime


class UnsafeLatch:
    """Set by a refusal of the gate; opened by proof that the card is clean, or by an operator's word."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts) -> None:
        self._store = store
        self._clock = clock
        self._alerts = alerts
        self.state: Unsafe | None = None

    async def load(self) -> None:
        """Takes back what an earlier run latched. Raises `StoreUnavailable`."""
        kept = await self._store.get(_COLLECTION, _KEY)
        if kept and kept.get("reason"):
            self.state = Unsafe(kept["reason"], datetime.fromisoformat(kept["since"]))

    async def set(self, reason: str) -> None:
        """The card was not free."""
        since = self.state.since if self.state else self._clock.now()
        self.state = Unsafe(reason, since)
        self._alerts.report(INCIDENT, Tier.ALERT, "The card is not free: idle, unsafe", reason)
        await self._keep({"reason": reason, "since": since.isoformat()})

    async def open(self, why: str) -> None:
        """The card is clean again, or a person answers for it."""
        if self.state is None:
            return
        self.state = None
        self._alerts.clear(INCIDENT, why)
        await self._keep({})

    async def _keep(self, document: dict[str, str]) -> None:
        try:
            await self._store.put(_COLLECTION, _KEY, document)
        except StoreUnavailable as trouble:
            _LOG.error("whether the card is safe cannot be written down: %s", trouble)
