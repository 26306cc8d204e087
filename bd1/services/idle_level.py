"""What the card shows when nothing of ours runs: learned, kept, and changed by a person's word. Starts nothing."""

import logging
from datetime import datetime

from bd1.core.baseline import Baseline, accept, learn, level_of
from bd1.core.gate import Look
from bd1.core.holders import mib_words
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error, StoreUnavailable, SwitchRefused
from bd1.ports import Store
from bd1.services.alerts import Alerts
from bd1.services.fleet import Fleet
from bd1.services.hands import Hands

_LOG = logging.getLogger(__name__)
_COLLECTION = "idle_level"
_INCIDENT = "idle level"
_TIMES_TO_TELL = 3
"""Memory can come back late; only what stays away for several observations is worth a word."""


class IdleLevel:
    """One level for each card and driver version. The card itself is told, so that everything else uses it."""

    def __init__(self, hands: Hands, fleet: Fleet, store: Store, alerts: Alerts) -> None:
        self._hands = hands
        self._card = hands.card
        self._fleet = fleet
        self._store = store
        self._alerts = alerts
        self._known: dict[str, Baseline] | None = None
        self._times_above = 0

    @property
    def baseline(self) -> Baseline | None:
        """What is known of the present card under its present driver."""
        found = self._card.baseline
        return found if found is not None and found.is_of(self._card.identity) else None

    async def measure(self) -> int | None:
        """The card's `total - free` in MiB now; `None` when something of ours runs, or it cannot be read for sure."""
        level = level_of(await self._looks())
        return level.idle_mib if level else None

    async def observe(self, *, is_safe: bool = True) -> None:
        """Learns, if nothing of ours runs. Tells people when the card holds more than it may learn.

        A card that is known not to be free (`is_safe` false) teaches nothing; what was learned of it is still recalled.
        """
        looks = await self._looks()
        await self._recall()
        identity = self._card.identity
        if not looks or identity is None or not is_safe:
            return
        lesson = learn(
            self.baseline,
            uuid=identity.uuid,
            driver=identity.driver,
            reserved_mib=identity.reserved_mib,
            seen=looks,
            step_mib=self._hands.settings.gpu.idle_step_mib,
            at=self._hands.clock.now(),
        )
        if lesson.baseline is not self.baseline:
            await self._keep(lesson.baseline)
        self._tell(lesson.above_mib)

    async def accept(self, by: str) -> Baseline:
        """Takes the person's word that what the card shows now is its idle level.

        Raises `SwitchRefused` with a sentence when something of ours runs, or the card cannot be measured.
        """
        looks, identity = await self._looks(), self._card.identity
        found = identity and accept(
            uuid=identity.uuid,
            driver=identity.driver,
            reserved_mib=identity.reserved_mib,
            seen=looks,
            at=self._hands.clock.now(),
            by=by,
        )
        if not found:
            raise SwitchRefused(
                "The idle level can only be measured while nothing of ours is on the card and it is quiet. "
                "Switch with `/gpu mode idle` first."
            )
        await self._keep(found)
        self._alerts.clear(_INCIDENT, f"{by} said that {mib_words(found.idle_mib)} are its idle level.")
        return found

    async def _looks(self) -> list[Look | None]:
        """A few looks in a row while none of our workloads runs; none at all otherwise."""
        try:
            running = await self._fleet.running()
        except Bd1Error:
            return []
        workloads, switch = self._hands.settings.workloads, self._hands.settings.switch
        if any(workloads[name].uses_gpu for name in running):
            return []
        looks = [await self._card.look_around()]
        for _ in range(max(switch.gate_samples, 2) - 1):
            await self._hands.clock.sleep(switch.gate_interval_s)
            looks.append(await self._card.look_around())
        return looks

    def _tell(self, above_mib: int | None) -> None:
        if above_mib is None:
            return
        is_above = above_mib > self._hands.settings.gpu.tolerance_mib
        self._times_above = self._times_above + 1 if is_above else 0
        if self._times_above >= _TIMES_TO_TELL:
            self._alerts.report(
                _INCIDENT,
                Tier.WARN,
                "The idle card holds more than it should",
                f"Nothing of ours runs, and still {mib_words(above_mib)} more are held than I may learn by myself. "
                "That is what a leak looks like. If it is none, an operator can say so with `/gpu baseline`.",
            )
        elif above_mib == 0:
            self._alerts.clear(_INCIDENT, "It is back at its idle level.")

    async def _recall(self) -> None:
        if self._known is None:
            self._known = await self._load()
        identity = self._card.identity
        if identity is not None and self.baseline is None:
            self._card.baseline = self._known.get(_key(identity.uuid, identity.driver))

    async def _load(self) -> dict[str, Baseline]:
        try:
            kept = await self._store.items(_COLLECTION)
        except StoreUnavailable as trouble:
            _LOG.error("the learned idle level cannot be read: %s", trouble)
            return {}
        known = {}
        for key, document in kept:
            try:
                known[key] = Baseline(**(document | {"learned_at": datetime.fromisoformat(document["learned_at"])}))
            except (KeyError, TypeError, ValueError):
                _LOG.warning("the idle level of %s is of another version's shape and is learned anew", key)
        return known

    async def _keep(self, baseline: Baseline) -> None:
        key = _key(baseline.uuid, baseline.driver)
        self._known = (self._known or {}) | {key: baseline}
        self._card.baseline = baseline
        _LOG.info("the card's idle level is %d MiB, by %s", baseline.idle_mib, baseline.by)
        document = {
            "uuid": baseline.uuid,
            "driver": baseline.driver,
            "idle_mib": baseline.idle_mib,
            "anchor_mib": baseline.anchor_mib,
            "foreign_mib": baseline.foreign_mib,
            "learned_at": baseline.learned_at.isoformat(),
            "by": baseline.by,
        }
        try:
            await self._store.put(_COLLECTION, key, document)
        except StoreUnavailable as trouble:
            _LOG.error("the learned idle level cannot be written down: %s", trouble)


def _key(uuid: str, driver: str) -> str:
    return f"{uuid} {driver}"
