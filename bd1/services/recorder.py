"""Remembers the last hours of the card for the pictures: every look of the watchdog, and which mode was on.

It is called by the watchdog, so it neither waits nor raises; it draws nothing and keeps nothing on disk.
"""

from bd1.core.gpu import GpuSample, Reading
from bd1.core.settings import WatchdogSettings
from bd1.core.timeline import Timeline
from bd1.ports import Clock
from bd1.services.fleet import Fleet

_SET_S = 1.0
"""A wall clock that differs by more from the time that passed has been set."""

_PATIENCE_S = 5.0


class Recorder:
    """Keeps the timeline. It stays under a mebibyte, however fast the card is looked at."""

    def __init__(self, limits: WatchdogSettings, fleet: Fleet, clock: Clock) -> None:
        patience_s = max(_PATIENCE_S, 2 * limits.interval_s + limits.deadline_s)
        self._fleet = fleet
        self._clock = clock
        self._offset_s: float | None = None
        self._timeline = Timeline(patience_s)
        self.total_mib: int | None = None
        """What the card has in all; `None` before it was first seen."""

    @property
    def timeline(self) -> Timeline:
        """What is remembered, on the wall clock of now."""
        self._notice_a_clock_that_was_set()
        return self._timeline

    def see(self, reading: Reading) -> None:
        """Takes down a look that has just been taken."""
        self._notice_a_clock_that_was_set()
        now_s, view = self._clock.now().timestamp(), self._fleet.view
        used_mib = None
        if isinstance(reading, GpuSample):
            used_mib, self.total_mib = reading.used_mib, reading.total_mib
        self._timeline = self._timeline.with_look(now_s, used_mib).with_mode(now_s, view.name)

    def _notice_a_clock_that_was_set(self) -> None:
        offset_s = self._clock.now().timestamp() - self._clock.monotonic()
        if self._offset_s is not None and abs(offset_s - self._offset_s) > _SET_S:
            self._timeline = self._timeline.shifted(offset_s - self._offset_s)
        elif self._offset_s is not None:
            return
        self._offset_s = offset_s
