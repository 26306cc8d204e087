"""Watches what happens to the containers, whoever does it: newcomers beside a workload, crashes, crash loops.

It only notices and tells; what has to be done about it the director does.
"""

import asyncio
import logging
from collections import deque

from bd1.core.settings import Settings, Workload
from bd1.core.tiers import Tier
from bd1.ports import Clock, ContainerEvent, Containers
from bd1.services.alerts import Alerts
from bd1.services.director import Director, exit_key

_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 10.0


class Onlooker:
    """Follows Docker's events, and looks now and then for what an event stream may have missed."""

    def __init__(
        self, settings: Settings, containers: Containers, director: Director, alerts: Alerts, clock: Clock
    ) -> None:
        self._settings = settings
        self._containers = containers
        self._director = director
        self._alerts = alerts
        self._clock = clock
        self._by_container = {workload.container: workload for workload in settings.workloads.values()}
        self._told_to_end: set[str] = set()
        self._exits: dict[str, deque[float]] = {}

    async def run(self) -> None:
        """For ever."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow(), name="container events")
                group.create_task(self._look_now_and_then(), name="mode refresh")
        finally:
            await self._director.close()

    async def _look_now_and_then(self) -> None:
        await self._director.begin()
        while True:
            await self._clock.sleep(_LOOK_EVERY_S)
            await self._director.refresh()

    async def _follow(self) -> None:
        async for event in self._containers.events():
            if workload := self._by_container.get(event.container):
                await self._on_event(workload, event)

    async def _on_event(self, workload: Workload, event: ContainerEvent) -> None:
        if event.action == "kill":
            self._told_to_end.add(
                workload.name
            )  # somebody's stop or kill, ours included: the exit after it is no crash
        elif event.action == "start":
            self._told_to_end.discard(workload.name)
            await self._on_start(workload)
        elif event.action == "die":
            await self._on_exit(workload, event)
        if event.action in {"start", "die"}:
            await self._director.refresh()

    async def _on_start(self, newcomer: Workload) -> None:
        if not newcomer.uses_gpu or self._director.is_at_work:
            return
        done = await self._director.turn_away(newcomer)
        if done is None:
            return
        key = f"newcomer {newcomer.name}"
        text = f"{newcomer.name} was started outside BD-1 while another GPU workload was on the card. {done}"
        self._alerts.report(key, Tier.ALERT, "Two GPU workloads at once", text)
        self._alerts.clear(key, "Only one of them is on the card.")

    async def _on_exit(self, workload: Workload, event: ContainerEvent) -> None:
        if workload.name in self._told_to_end:
            self._told_to_end.discard(workload.name)
            return
        count = self._count(workload)
        code = "" if event.exit_code is None else f" (exit code {event.exit_code})"
        _LOG.warning("%s ended by itself%s, %d times lately", workload.name, code, count)
        if not workload.uses_gpu or self._director.is_at_work:
            return
        key = exit_key(workload.name)
        self._alerts.report(
            key, Tier.WARN, f"{workload.name} ended by itself", f"{workload.name} ended by itself{code}, exit {count}."
        )
        if count >= self._settings.watchdog.crash_exits:
            self._exits.pop(workload.name)
            await self._end_crash_loop(workload, count)

    def _count(self, workload: Workload) -> int:
        now_s = self._clock.monotonic()
        exits = self._exits.setdefault(workload.name, deque())
        exits.append(now_s)
        while now_s - exits[0] > self._settings.watchdog.crash_window_s:
            exits.popleft()
        return len(exits)

    async def _end_crash_loop(self, workload: Workload, count: int) -> None:
        done = await self._director.hold_down(workload)
        minutes = self._settings.watchdog.crash_window_s / 60
        text = f"{count} exits within {minutes:g} minutes: each restart may leave VRAM behind. {done}"
        self._alerts.report(exit_key(workload.name), Tier.PROTECT, f"{workload.name} is crash-looping", text)
