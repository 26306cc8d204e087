"""Remembers that the card must be given no new work until it has been reset, over restarts of BD-1. It tells nobody.

It is lifted by an operator, or by itself when the machine has been started again, or runs another driver, and the card
is read well for a while after that. Nothing else proves a reset: a card in trouble often reads well in between.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from bd1.core.gpu import GpuSample, Reading
from bd1.core.streak import NONE
from bd1.core.xid import Xid, explain, is_worse
from bd1.errors import StoreUnavailable
from bd1.ports import Clock, ProcessTable, Store, XidEvent
from bd1.services.card import Card

_LOG = logging.getLogger(__name__)
_COLLECTION, _KEY = "latch", "quarantine"
_RETRY_S = 30.0
HEALTHY_SAMPLES = 5
HEALTHY_S = 10.0
"""How long the card has to be read well after the change, without a failed look and without a grave Xid."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Why, since when, and what the machine was then. `boot_id` and `driver` are `None` where they were not known."""

    code: int
    detail: int | None
    since: datetime
    boot_id: str | None
    driver: str | None

    @property
    def xid(self) -> Xid:
        """The Xid behind it, in words."""
        return explain(self.code, self.detail)

    @property
    def reason(self) -> str:
        """Why nothing is started and nobody is answered, as told to people."""
        return (
            f"The card is in quarantine. {self.xid.sentence} Until then nothing is started on it, and chat waits. An "
            "operator who knows that it is well can lift that with `/gpu rearm card`."
        )


class QuarantineLatch:
    """Set by a grave Xid. It holds at once; the disk follows."""

    def __init__(self, card: Card, processes: ProcessTable, store: Store, clock: Clock) -> None:
        self._card = card
        self._processes = processes
        self._store = store
        self._clock = clock
        self._healthy = NONE
        self._last_at_s: float | None = None
        self._unsaved = asyncio.Event()
        self._disk_refuses = False
        self.state: Quarantined | None = None

    async def load(self) -> None:
        """Takes back what an earlier run latched. Raises `StoreUnavailable`."""
        kept = await self._store.get(_COLLECTION, _KEY)
        if kept and kept.get("code") is not None:
            since = datetime.fromisoformat(kept["since"])
            self.state = Quarantined(kept["code"], kept.get("detail"), since, kept.get("boot_id"), kept.get("driver"))

    async def run(self) -> None:
        """Writes changes to disk as they come, for ever; to a disk that refuses, again and again."""
        while True:
            await self._unsaved.wait()
            while not await self.flush():
                await self._clock.sleep(_RETRY_S)

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses, which is told once in the log."""
        while self._unsaved.is_set():
            self._unsaved.clear()
            try:
                await self._store.put(_COLLECTION, _KEY, self._document())
            except StoreUnavailable as trouble:
                self._unsaved.set()
                if not self._disk_refuses:
                    _LOG.error("whether the card is in quarantine cannot be written down: %s", trouble)
                self._disk_refuses = True
                return False
            except BaseException:  # cut short as well: the last flush of all must find it
                self._unsaved.set()
                raise
        self._disk_refuses = False
        return True

    def set(self, event: XidEvent) -> None:
        """A grave Xid. The one that asks for most is kept, and the proof of health begins anew."""
        self._healthy = NONE
        identity = self._card.identity
        boot_id, driver = self._processes.boot_id(), identity.driver if identity else None
        latched, known = Quarantined(event.code, event.detail, event.at, boot_id, driver), self.state
        if known is None or self._change(known) is not None or is_worse(latched.xid, known.xid):
            self._now(latched)

    def lift(self) -> None:
        """Whoever calls answers for the card."""
        self._now(None)

    def see(self, reading: Reading) -> str | None:
        """Takes a look into account. The reason when that lifts it, half a sentence; else `None`."""
        if self.state is None:
            return None
        if not isinstance(reading, GpuSample):
            self._healthy = NONE
            return None
        change = self._change(self.state)
        stretch_s = 0.0 if self._last_at_s is None else reading.at_s - self._last_at_s
        self._last_at_s = reading.at_s
        self._healthy = self._healthy.then(change is not None, stretch_s)
        if change is None or not self._healthy.lasts(HEALTHY_SAMPLES, HEALTHY_S):
            return None
        self._now(None)
        return change

    def _change(self, since: Quarantined) -> str | None:
        """What has changed since that may have reset the card."""
        boot_id, identity = self._processes.boot_id(), self._card.identity
        if boot_id is not None and since.boot_id is not None and boot_id != since.boot_id:
            return "the machine has been started again"
        if identity is not None and since.driver is not None and identity.driver != since.driver:
            return f"the driver is another one now ({identity.driver})"
        return None

    def _now(self, state: Quarantined | None) -> None:
        self.state = state
        self._healthy = NONE
        self._unsaved.set()

    def _document(self) -> dict[str, object]:
        if self.state is None:
            return {}
        state = self.state
        return {
            "code": state.code,
            "detail": state.detail,
            "since": state.since.isoformat(),
            "boot_id": state.boot_id,
            "driver": state.driver,
        }
