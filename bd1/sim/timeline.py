"""Time in the simulated machine: appointments in order, with everything that flows moved between them; never sleeps."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from bd1.ports import Clock

Action = Callable[[], None]
Flow = Callable[[float, float], None]
"""Moves something by a stretch of time: (moment at its end, length), both in seconds."""

STEP_S = 0.05
"""Longest stretch while something flows fast; on a fixed grid, so that who looks, and how often, changes nothing."""


class Timeline:
    """The machine's own time in the clock's `monotonic` seconds. It stands until somebody looks, then catches up."""

    def __init__(self, clock: Clock, is_flowing: Callable[[], bool]) -> None:
        self._clock = clock
        self._is_flowing = is_flowing
        self._agenda: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._flows: list[Flow] = []
        self._watchers: list[Action] = []
        self._moving = False
        self.born_s = clock.monotonic()
        self.now_s = self.born_s

    @property
    def next_s(self) -> float:
        """When the next appointment is, infinite when there is none; the present while something flows."""
        if self._is_flowing():
            return self.now_s
        return self._agenda[0][0] if self._agenda else float("inf")

    def calendar(self) -> datetime:
        """The moment `now_s` on the calendar."""
        return self._clock.now() - timedelta(seconds=self._clock.monotonic() - self.now_s)

    def after(self, delay_s: float, action: Action) -> None:
        """Makes an appointment `delay_s` from now."""
        heapq.heappush(self._agenda, (self.now_s + delay_s, next(self._order), action))
        for watcher in self._watchers:
            watcher()

    def watch(self, watcher: Action) -> Action:
        """Calls back with each new appointment; the answer ends that. The callback must do nothing to the machine."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def flow(self, flow: Flow) -> None:
        """From now on `flow` is moved along with time."""
        self._flows.append(flow)
        flow(self.now_s, 0.0)

    def catch_up(self) -> None:
        """Advances to the clock's present."""
        self.advance(self._clock.monotonic())

    def advance(self, now_s: float) -> None:
        """Lives through everything up to `now_s`. Going back, and calls from within an appointment, do nothing."""
        if self._moving:
            return
        self._moving = True
        try:
            while self.now_s < now_s or self._is_due():
                self._move_to(self._next_stop(now_s))
                self._keep_appointments()
        finally:
            self._moving = False

    def _next_stop(self, now_s: float) -> float:
        stops = [now_s]
        if self._agenda:
            stops.append(self._agenda[0][0])
        if self._is_flowing():
            stops.append(self._next_grid_point())
        return max(self.now_s, min(stops))

    def _next_grid_point(self) -> float:
        point_s = self.born_s + (int((self.now_s - self.born_s) / STEP_S) + 1) * STEP_S
        return point_s if point_s > self.now_s else point_s + STEP_S

    def _move_to(self, moment_s: float) -> None:
        stretch_s = moment_s - self.now_s
        self.now_s = moment_s
        for flow in self._flows:
            flow(moment_s, stretch_s)

    def _is_due(self) -> bool:
        return bool(self._agenda) and self._agenda[0][0] <= self.now_s

    def _keep_appointments(self) -> None:
        while self._is_due():
            heapq.heappop(self._agenda)[2]()
