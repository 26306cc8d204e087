"""The watchdog: looks at the card for ever, asks `core.tiers` what it means, and calls the director when it must.

It needs neither Discord nor Docker nor Ollama to keep looking, and nothing it calls may hold it up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bd1.core.gpu import GpuSample, ProbeFailure, Reading
from bd1.core.holders import mib_words
from bd1.core.pace import EARLY_S, SPARED_S, Asked, Wanted, is_at_rest, is_spared, next_look_s
from bd1.core.settings import Settings
from bd1.core.tiers import Decision, Tier, TierState, step
from bd1.ports import Clock
from bd1.services.alerts import Alerts
from bd1.services.card import Card
from bd1.services.waiting import first_of

_LOG = logging.getLogger(__name__)
VRAM = "vram"
SIGHT = "sight"
_BEAT_S = 3.0
"""How often the heartbeat is told at most: it goes to a disk, and looks may come ten times a second."""

_AGAIN_S = 1.0
"""How long after an action that has not helped the next is called for, as long as it grows no worse; and how long
after a question to Docker that was left without an answer it is asked again."""

_MEMORY_ONLY = Wanted(processes=False, details=False)


@dataclass(frozen=True, slots=True)
class Beat:
    """Proof of life: the watchdog ticked. `monotonic_s` can be compared between processes of one machine.

    `tick` counts the looks; `reading` is `ok` or the word for what is wrong with the card.
    """

    monotonic_s: float
    tick: int
    reading: str


class Watchdog:
    """Samples, decides, alerts, protects.

    Args:
        protect: called with a reason when the card must be relieved; runs in its own task, never twice at once.
        normal: tells the used VRAM in MiB up to which the mode that is on may load; `None` when that is not known.
        seen: is shown every look, once it was judged; it must neither wait nor raise.
        beat: called about once a second, and when the reading's word changes, with the heartbeat for the health check.
    """

    def __init__(
        self,
        settings: Settings,
        card: Card,
        alerts: Alerts,
        clock: Clock,
        *,
        protect: Callable[[str], Awaitable[None]],
        normal: Callable[[], int | None],
        seen: Callable[[Reading], None],
        beat: Callable[[Beat], None],
    ) -> None:
        self._gpu = settings.gpu
        self._limits = settings.watchdog
        self._card = card
        self._alerts = alerts
        self._clock = clock
        self._protect = protect
        self._normal = normal
        self._seen = seen
        self._beat = beat
        self._state = TierState()
        self._asked = Asked()
        self._ticks = 0
        self._last_beat: Beat | None = None
        self._protecting: asyncio.Task[None] | None = None
        self._tried: _Tried | None = None
        self._meeting: asyncio.Task[object] | None = None
        self._meet_next_s = float("-inf")
        self._in_quarantine = False
        self._is_released = asyncio.Event()

    @property
    def tier(self) -> Tier:
        """The tier now."""
        return self._state.tier

    @property
    def latest(self) -> Reading | None:
        """The newest look that told who holds the memory, or failed; `None` before the first."""
        return self._card.latest

    async def run(self) -> None:
        """Ticks for ever, as fast as `core.pace` says. What protection raises ends the run: never a silent death."""
        try:
            while True:
                started_s = self._clock.monotonic()
                reading = await self.tick()
                pause_s = self._next_look_s(reading) - (self._clock.monotonic() - started_s)
                await first_of(self._clock, max(pause_s, 0.0), self._is_released)
        finally:
            tasks = [task for task in (self._protecting, self._meeting) if task]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def tick(self) -> Reading:
        """One look and what follows from it; answers the look."""
        self._take_back_protection()
        now_s = self._clock.monotonic()
        wanted = _MEMORY_ONLY if self._in_quarantine else self._asked.wants(now_s)
        reading = await self._card.look(details=wanted.details, processes=wanted.processes)
        self._asked = self._asked.then(wanted, reading, now_s)
        self._state, decision = step(
            self._limits,
            self._state,
            reading,
            self._clock.monotonic(),
            normal_mib=self._normal(),
            ceiling_mib=self._gpu.ceiling_mib,
        )
        self._tell(reading, decision)
        if isinstance(reading, GpuSample):
            self._act(reading, decision)
            self._meet(reading)
        self._seen(reading)
        self._prove_life(reading)
        return reading

    def spare(self, quarantine: str | None) -> None:
        """From now on the card is in quarantine, for this reason, and is looked at gently; `None`: it is no more."""
        self._in_quarantine = quarantine is not None
        if quarantine is None:
            self._is_released.set()

    def _next_look_s(self, reading: Reading) -> float:
        self._is_released.clear()
        if self._in_quarantine and is_spared(self._limits, reading):
            return max(SPARED_S, self._limits.interval_s)
        return next_look_s(
            self._limits, reading, is_at_rest=isinstance(reading, GpuSample) and self._is_at_rest(reading)
        )

    def _is_at_rest(self, sample: GpuSample) -> bool:
        listed = self._card.latest
        processes = listed.processes if isinstance(listed, GpuSample) else None
        return is_at_rest(sample, processes, idle_mib=self._card.idle_mib, tolerance_mib=self._gpu.tolerance_mib)

    def _prove_life(self, reading: Reading) -> None:
        self._ticks += 1
        word = reading.fault.value if isinstance(reading, ProbeFailure) else "ok"
        beat, last = Beat(self._clock.monotonic(), self._ticks, word), self._last_beat
        if last is None or last.reading != word or beat.monotonic_s - last.monotonic_s >= _BEAT_S - EARLY_S:
            self._last_beat = beat
            self._beat(beat)

    def _take_back_protection(self) -> None:
        if self._protecting and self._protecting.done():
            self._protecting.result()
            self._protecting = None
            self._tried = _Tried(self._clock.monotonic(), self._asked.seen_mib or 0)

    def _act(self, sample: GpuSample, decision: Decision) -> None:
        """Calls for protection, unless it is under way or has just done what it can."""
        if not decision.protect:
            self._tried = None
        elif self._protecting is None and self._may_try(sample):
            relief = self._relieve(self._reason(sample, decision))
            self._protecting = asyncio.create_task(relief, name="protect")

    def _meet(self, sample: GpuSample) -> None:
        """Finds out who is new on the card while there is time: once it fills up, nobody has to be asked.

        Beside the looks, for Docker may be slow to answer. What is not known even then is asked about again.
        """
        if self._meeting and self._meeting.done():
            self._meeting.result()
            self._meeting = None
        is_due = self._clock.monotonic() >= self._meet_next_s
        if self._meeting is None and is_due and not self._card.knows(sample):
            self._meet_next_s = self._clock.monotonic() + _AGAIN_S
            self._meeting = asyncio.create_task(self._card.attribution(sample), name="who is on the card")

    def _may_try(self, sample: GpuSample) -> bool:
        last = self._tried
        if last is None or sample.used_mib > last.left_mib + self._gpu.tolerance_mib:
            return True
        return self._clock.monotonic() - last.at_s >= _AGAIN_S

    async def _relieve(self, reason: str) -> None:
        await self._protect(reason)

    def _reason(self, sample: GpuSample, decision: Decision) -> str:
        level = f"VRAM at {sample.used_pct:.1f} % ({mib_words(sample.used_mib)})"
        if decision.projected:
            return f"{level} and growing: {_outlook(decision)}"
        return f"{level}, over the protective threshold of {self._limits.protect_pct:g} %"

    def _tell(self, reading: Reading, decision: Decision) -> None:
        if isinstance(reading, ProbeFailure):
            if decision.blind:
                self._tell_blind(reading)
            return
        if decision.sees_again:
            self._alerts.clear(SIGHT, _SEEN_AGAIN)
        if decision.came_from is not None:
            self._tell_tier(reading, decision, decision.came_from)
        elif decision.is_calm and self._protecting is None:
            self._close_leftovers(reading)

    def _close_leftovers(self, sample: GpuSample) -> None:
        """Ends what an earlier run left open, or protection's last word opened."""
        if self._alerts.open_incident(VRAM):
            self._alerts.clear(VRAM, f"Back to normal: {_figures(sample)}.")
        self._alerts.clear(SIGHT, _SEEN_AGAIN)

    def _tell_blind(self, failure: ProbeFailure) -> None:
        _LOG.error("card %s: %s", failure.fault.value, failure.reason)
        title = f"I cannot see the card: {failure.fault.value}"
        self._alerts.report(
            SIGHT, Tier.ALERT, title, f"{failure.reason} Until it can be read, nothing is started on it."
        )

    def _tell_tier(self, sample: GpuSample, decision: Decision, came_from: Tier) -> None:
        tier, figures = decision.tier, _figures(sample)
        if decision.projected:
            figures = f"{figures}; {_outlook(decision)}"
        _LOG.warning("VRAM tier %s -> %s: %s", came_from.word, tier.word, figures)
        if tier is Tier.NORMAL:
            self._alerts.clear(VRAM, f"Back to normal: {figures}.")
        elif tier < came_from:
            if self._alerts.open_incident(VRAM):
                self._alerts.report(VRAM, tier, "", f"Down to {tier.word}: {figures}.")
        else:
            self._alerts.report(VRAM, tier, _TITLES[tier], f"{_TITLES[tier]}: {figures}.")


@dataclass(frozen=True, slots=True)
class _Tried:
    """The last protective action: when it ended, and what was used then."""

    at_s: float
    left_mib: int


def _figures(sample: GpuSample) -> str:
    return f"{mib_words(sample.used_mib)} of {mib_words(sample.total_mib)} used ({sample.used_pct:.1f} %)"


def _outlook(decision: Decision) -> str:
    """Why protection does not wait: `at +4 100 MiB/s the ceiling is 0.6 s away`."""
    rate = mib_words(10 * round((decision.slope_mib_s or 0.0) / 10))
    left_s = decision.ceiling_in_s or 0.0
    away = f"{left_s:.1f} s away" if left_s >= _SHORTEST_S else "reached"
    return f"at +{rate}/s the ceiling is {away}"


_SEEN_AGAIN = "The card can be read again."
_SHORTEST_S = 0.05
"""Less than this is told as no time at all."""

_TITLES = {
    Tier.WARN: "VRAM filling up",
    Tier.ALERT: "VRAM nearly full",
    Tier.PROTECT: "VRAM protection",
}
