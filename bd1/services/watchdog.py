"""The watchdog: looks at the card for ever, asks `core.tiers` what it means, and calls the director when it must.

It needs neither Discord nor Docker nor Ollama to keep looking, and nothing it calls may hold it up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bd1.core.gpu import GpuSample, ProbeFailure, Reading
from bd1.core.holders import mib_words
from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import Decision, Tier, TierState, step
from bd1.ports import Clock
from bd1.services.alerts import Alerts
from bd1.services.card import Card

_LOG = logging.getLogger(__name__)
VRAM = "vram"
SIGHT = "sight"


@dataclass(frozen=True, slots=True)
class Beat:
    """Proof of life: the watchdog ticked. `monotonic_s` can be compared between processes of one machine."""

    monotonic_s: float
    tick: int
    reading: str


class Watchdog:
    """Samples, decides, alerts, protects.

    Args:
        protect: called with a reason when the card must be relieved; runs in its own task, never twice at once.
        beat: called after each tick, with the heartbeat for the health check.
    """

    def __init__(
        self,
        settings: WatchdogSettings,
        card: Card,
        alerts: Alerts,
        clock: Clock,
        *,
        protect: Callable[[str], Awaitable[None]],
        beat: Callable[[Beat], None],
    ) -> None:
        self._settings = settings
        self._card = card
        self._alerts = alerts
        self._clock = clock
        self._protect = protect
        self._beat = beat
        self._state = TierState()
        self._ticks = 0
        self._protecting: asyncio.Task[None] | None = None

    @property
    def tier(self) -> Tier:
        """The tier now."""
        return self._state.tier

    @property
    def latest(self) -> Reading | None:
        """The newest look at the card; `None` before the first."""
        return self._card.latest

    async def run(self) -> None:
        """Ticks for ever, `interval_s` apart. What a protective action raises ends the run: never a silent death."""
        try:
            while True:
                started_s = self._clock.monotonic()
                await self.tick()
                pause_s = self._settings.interval_s - (self._clock.monotonic() - started_s)
                await self._clock.sleep(max(pause_s, 0.0))
        finally:
            if self._protecting:
                self._protecting.cancel()
                await asyncio.gather(self._protecting, return_exceptions=True)

    async def tick(self) -> None:
        """One look and what follows from it."""
        if self._protecting and self._protecting.done():
            self._protecting.result()
            self._protecting = None
        reading = await self._card.look(details=True)
        before = self._state
        self._state, decision = step(self._settings, before, reading, self._clock.monotonic())
        self._tell(reading, decision)
        if decision.protect and self._protecting is None and isinstance(reading, GpuSample):
            self._protecting = asyncio.create_task(self._relieve(reading), name="protect")
        self._ticks += 1
        word = reading.fault.value if isinstance(reading, ProbeFailure) else "ok"
        self._beat(Beat(self._clock.monotonic(), self._ticks, word))

    async def _relieve(self, sample: GpuSample) -> None:
        await self._protect(
            f"VRAM at {sample.used_pct:.1f} % ({mib_words(sample.used_mib)}), over the protective "
            f"threshold of {self._settings.protect_pct:g} %"
        )

    def _tell(self, reading: Reading, decision: Decision) -> None:
        if isinstance(reading, ProbeFailure):
            if decision.blind:
                self._tell_blind(reading)
            return
        if decision.sees_again:
            self._alerts.clear(SIGHT, "The card can be read again.")
        if decision.came_from is not None:
            self._tell_tier(reading, decision.tier, decision.came_from)
        elif self._is_calm:
            self._alerts.clear(VRAM, f"Back to normal: {_figures(reading)}.")
            self._alerts.clear(SIGHT, "The card can be read again.")

    @property
    def _is_calm(self) -> bool:
        """Whether an incident that is open now is only left over: by an earlier run, or by protection's last word."""
        calm_samples = self._state.below[Tier.WARN - 1]
        return (
            self._state.tier is Tier.NORMAL
            and self._protecting is None
            and calm_samples >= self._settings.sustain_samples
        )

    def _tell_blind(self, failure: ProbeFailure) -> None:
        _LOG.error("card %s: %s", failure.fault.value, failure.reason)
        title = f"I cannot see the card: {failure.fault.value}"
        self._alerts.report(
            SIGHT, Tier.ALERT, title, f"{failure.reason} Until it can be read, nothing is started on it."
        )

    def _tell_tier(self, sample: GpuSample, tier: Tier, came_from: Tier) -> None:
        figures = _figures(sample)
        _LOG.warning("VRAM tier %s -> %s: %s", came_from.word, tier.word, figures)
        if tier is Tier.NORMAL:
            self._alerts.clear(VRAM, f"Back to normal: {figures}.")
        elif tier < came_from:
            if self._alerts.open_incident(VRAM):
                self._alerts.report(VRAM, tier, "", f"Down to {tier.word}: {figures}.")
        else:
            self._alerts.report(VRAM, tier, _TITLES[tier], f"{_TITLES[tier]}: {figures}.")


def _figures(sample: GpuSample) -> str:
    return f"{mib_words(sample.used_mib)} of {mib_words(sample.total_mib)} used ({sample.used_pct:.1f} %)"


_TITLES = {
    Tier.WARN: "VRAM filling up",
    Tier.ALERT: "VRAM nearly full",
    Tier.PROTECT: "VRAM protection",
}
