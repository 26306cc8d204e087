"""Tells what else is wrong with the card: conditions of its readings, and what the driver reports by itself (Xids).

It starts, stops and refuses nothing. Whoever does asks it for `quarantine`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bd1.core.condition_rules import Condition
from bd1.core.conditions import Change, ConditionsState, blinded, consider
from bd1.core.gpu import GpuSample, Reading
from bd1.core.tiers import Tier
from bd1.core.xid import Xid, explain, is_milestone, summary
from bd1.ports import Clock, ProcessTable, Store, XidEvent, XidSource
from bd1.services.alerts import Alerts
from bd1.services.card import Card
from bd1.services.quarantine import HEALTHY_S, Quarantined, QuarantineLatch

_LOG = logging.getLogger(__name__)
QUARANTINE = "quarantine"
"""The incident that tells of every grave Xid; each of the others has one of its own."""

QUIET_S = 3600.0
"""An Xid that has not come again for so long is over."""


_XID = "xid "


def xid_key(code: int) -> str:
    """The incident under which an Xid is told that leaves the card usable."""
    return f"{_XID}{code}"


@dataclass(slots=True)
class _Story:
    """An open incident of Xids: how often each came, by its title, and when the last one did."""

    last_s: float
    counts: Counter[str] = field(default_factory=Counter)


class Hardware:
    """Turns conditions and Xids into incidents, one key each, and latches the quarantine.

    `xids` is followed by `run`; looks come through `consider`, from whoever takes them.
    """

    def __init__(
        self, *, xids: XidSource, card: Card, processes: ProcessTable, alerts: Alerts, store: Store, clock: Clock
    ) -> None:
        self._xids = xids
        self._alerts = alerts
        self._clock = clock
        self._latch = QuarantineLatch(card, processes, store, clock)
        self._conditions = ConditionsState()
        self._left_over = {condition.value for condition in Condition}
        self._stories: dict[str, _Story] = {}
        self._recorded: Counter[int] = Counter()
        self._listeners: list[Callable[[str | None], None]] = []

    @property
    def quarantine(self) -> str | None:
        """Why the card must not be given work, in whole sentences for people; `None` when it may."""
        return self._latch.state.reason if self._latch.state else None

    @property
    def quarantined(self) -> Quarantined | None:
        """The quarantine with its Xid and since when."""
        return self._latch.state

    def listen(self, hear: Callable[[str | None], None]) -> None:
        """Calls back with `quarantine` at each change, also when an earlier run's is taken back. It must not wait."""
        self._listeners.append(hear)

    async def load(self) -> None:
        """Takes back what an earlier run left: to be called after `Alerts.load`. Raises `StoreUnavailable`."""
        await self._latch.load()
        now_s = self._clock.monotonic()
        keys = [incident.key for incident in self._alerts.all() if incident.is_open]
        self._stories |= {key: _Story(now_s) for key in keys if key.startswith(_XID)}
        if (held := self._latch.state) is None:
            self._alerts.clear(QUARANTINE, "The quarantine was lifted.")
            return
        if QUARANTINE not in keys:
            self._alerts.report(QUARANTINE, Tier.PROTECT, held.xid.title, held.reason)
        self._announce()

    async def run(self) -> None:
        """Follows the driver's Xids, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._latch.run(), name="quarantine to disk")
            async for event in self._xids.xids():
                self._on_xid(event)

    async def flush(self) -> bool:
        """Writes the quarantine if it is not on disk yet; false when the disk refuses."""
        return await self._latch.flush()

    def consider(self, reading: Reading) -> None:
        """Takes a look into account: each one with details, and each that failed; others in a quarantine only."""
        if not isinstance(reading, GpuSample):
            self._conditions = blinded(self._conditions)
            self._latch.see(reading)
            return
        if reading.details is not None:
            self._conditions, changes = consider(self._conditions, reading)
            for change in changes:
                self._tell(change)
            self._close_left_over()
            self._close_old_stories()
        elif self.quarantine is None:
            return
        if change_since := self._latch.see(reading):
            self._lifted(f"Since then {change_since}, and the card has been read well for {HEALTHY_S:g} s.")

    async def lift(self, by: str) -> None:
        """An operator answers for the card: the quarantine is over. Nothing happens when there is none."""
        if self.quarantine is None:
            return
        self._latch.lift()
        self._lifted(f"{by} lifted the quarantine.")
        await self._latch.flush()

    def take_summary(self) -> str | None:
        """A sentence on the Xids that were only recorded since it was last asked; `None` when there were none."""
        told = summary(self._recorded)
        self._recorded.clear()
        return told

    def _tell(self, change: Change) -> None:
        _LOG.warning("%s: %s", change.condition.value, change.text)
        if change.tier is Tier.NORMAL:
            self._alerts.clear(change.condition.value, change.text)
        else:
            self._alerts.report(change.condition.value, change.tier, change.title, change.text)

    def _close_left_over(self) -> None:
        """Ends what an earlier run left open, once it is known to be over. After that the rules end it themselves."""
        if self._left_over:
            for condition in self._conditions.at_rest & self._left_over:
                self._alerts.clear(condition, "It is over; I do not know since when.")
                self._left_over.discard(condition)

    def _close_old_stories(self) -> None:
        now_s = self._clock.monotonic()
        over = [key for key, story in self._stories.items() if now_s - story.last_s >= QUIET_S]
        for key in set(over) - {QUARANTINE}:  # that one ends when it is lifted
            del self._stories[key]
            self._alerts.clear(key, f"It has not come again for {QUIET_S / 60:g} minutes.")

    def _on_xid(self, event: XidEvent) -> None:
        xid = explain(event.code, event.detail)
        if xid.is_quiet:
            self._record(xid)
            return
        if xid.quarantines:
            self._set_quarantine(event)
        self._tell_xid(xid)

    def _record(self, xid: Xid) -> None:
        self._recorded[xid.code] += 1
        if is_milestone(self._recorded[xid.code]):
            _LOG.info("%s (%d times)", xid.title, self._recorded[xid.code])

    def _set_quarantine(self, event: XidEvent) -> None:
        before = self.quarantine
        self._latch.set(event)
        if self.quarantine != before:
            self._announce()

    def _tell_xid(self, xid: Xid) -> None:
        """Opens its incident, or counts it up there; what comes in a quarantine belongs to its story."""
        key = QUARANTINE if self.quarantine is not None else xid_key(xid.code)
        story = self._stories.setdefault(key, _Story(0.0))
        story.last_s = self._clock.monotonic()
        story.counts[xid.title] += 1
        count = story.counts[xid.title]
        if is_milestone(count):
            text = self._first_words(xid) if count == 1 else f"Xid {xid.code} has come {count} times now."
            _LOG.error("%s", xid.sentence if count == 1 else text)
            self._alerts.report(key, xid.severity, xid.title, text)

    def _first_words(self, xid: Xid) -> str:
        if xid.quarantines and self._latch.state and self._latch.state.xid == xid:
            return self._latch.state.reason
        return xid.sentence

    def _lifted(self, why: str) -> None:
        _LOG.warning("the card is out of quarantine: %s", why)
        self._stories.pop(QUARANTINE, None)
        self._alerts.clear(QUARANTINE, why)
        self._announce()

    def _announce(self) -> None:
        for hear in self._listeners:
            hear(self.quarantine)
