"""Watches what happens to the containers, whoever does it: newcomers beside a workload, crashes, crash loops.

It only notices and tells; what has to be done about it the director does.
"""

import asyncio
import logging

from bd1.core.ratchet import why_off
from bd1.core.settings import Workload
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error
from bd1.ports import ContainerEvent
from bd1.services.alerts import Alerts
from bd1.services.director import Director
from bd1.services.doorkeeper import Remedy
from bd1.services.fleet import OUTSIDE
from bd1.services.floor import floor_after_death
from bd1.services.hands import Hands, look_at
from bd1.services.idle_level import IdleLevel
from bd1.services.measures import exit_key

_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 10.0
_HASTE_S = 2.0
"""While the card is latched as unsafe, whether it is clean again is looked at more often."""
_SIGNAL_S = 60.0
"""How much longer than its grace a container may take to end of a signal; an exit after that has another cause."""


class Onlooker:
    """Follows Docker's events, and looks now and then for what an event stream may have missed."""

    def __init__(self, hands: Hands, director: Director, idle_level: IdleLevel, alerts: Alerts) -> None:
        self._hands = hands
        self._settings = settings = hands.settings
        self._containers = hands.containers
        self._director = director
        self._idle_level = idle_level
        self._alerts = alerts
        self._clock = hands.clock
        self._by_container = {workload.container: workload for workload in settings.workloads.values()}
        self._told_to_end: dict[str, float] = {}
        self._exits = director.exits
        self._latching: set[str] = set()
        self._last_exit_s: dict[str, float] = {}
        self._has_changed = asyncio.Event()
        self._cause = OUTSIDE

    async def run(self) -> None:
        """For ever."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow(group), name="container events")
                group.create_task(self._keep_up(), name="mode after events")
                group.create_task(self._look_now_and_then(), name="mode refresh")
                group.create_task(self._exits.run(), name="ends to disk")
        finally:
            await self._exits.flush()
            await self._director.close()

    async def _look_now_and_then(self) -> None:
        await self._idle_level.observe(is_safe=self._director.unsafe is None)
        while True:
            await self._look_after_all()  # before anything is started: it may have to stay off
            await self._director.begin()
            await self._part_intruders()
            await self._director.check_latch()
            await self._clock.sleep(_HASTE_S if self._director.unsafe else _LOOK_EVERY_S)
            view = await self._director.refresh()
            self._close_old_exits(view.running)
            if not (self._director.is_at_work or self._director.is_switching):
                await self._idle_level.observe(is_safe=self._director.unsafe is None)

    async def _follow(self, group: asyncio.TaskGroup) -> None:
        """Hears each event at once: a slow disk or a deaf container must not hide who comes next."""
        async for event in self._containers.events():
            if workload := self._by_container.get(event.container):
                self._director.hear(event)
                self._on_event(workload, event, group)

    def _on_event(self, workload: Workload, event: ContainerEvent, group: asyncio.TaskGroup) -> None:
        if event.action == "kill":  # somebody's stop or kill, ours included: the exit after it is no crash
            self._told_to_end[workload.name] = self._clock.monotonic()
        elif event.action == "start":
            self._told_to_end.pop(workload.name, None)
            group.create_task(self._meet(workload), name=f"meeting {workload.name}")
        elif event.action == "update" and workload.uses_gpu:
            group.create_task(self._check_policy(workload), name=f"restart policy of {workload.name}")
        elif event.action == "die":
            if not self._director.is_at_work:
                self._director.door.has_ended(workload)
            if self._was_told_to_end(workload):
                self._exits.note(workload.name, event.at)
            else:
                self._cause = f"{workload.name}, which ended by itself"
                self._on_crash(workload, event, group)
            self._has_changed.set()

    async def _meet(self, workload: Workload) -> None:
        if workload.uses_gpu:
            await self._turn_away(workload)
            await self._check_policy(workload)
        self._has_changed.set()

    async def _check_policy(self, workload: Workload) -> None:
        try:
            done = await self._director.measures.mend_policy(workload)
        except Bd1Error:
            return  # what is not known neither raises nor clears
        key = f"policy {workload.name}"
        if done is not None:
            why = "With it Docker restarts what crashes, and each restart may leave VRAM behind."
            mend = "" if done.worked else f" Put it back yourself: `docker update --restart=no {workload.container}`."
            title = f"{workload.name}: forbidden restart policy"
            self._alerts.report(key, Tier.WARN, title, f"{done.text} {why}{mend}")
        if done is None or done.worked:
            self._alerts.clear(key, "Its restart policy is one that is allowed.")

    async def _look_after_all(self) -> None:
        """Finds what the events did not tell: Docker was away, or BD-1 was."""
        for workload in self._by_container.values():
            if workload.uses_gpu and not (self._director.is_at_work or self._director.is_switching):
                await self._check_policy(workload)
                await self._catch_up(workload)

    async def _catch_up(self, workload: Workload) -> None:
        try:
            state = await look_at(self._hands, workload, 0.0)
        except Bd1Error:
            return  # that Docker is away is told elsewhere
        if state is None or workload.name in self._told_to_end or self._director.measures.is_off(workload):
            return
        if count := self._exits.catch_up(workload.name, state):
            times = "once" if count == 1 else f"{count} times"
            _LOG.warning("%s ended by itself %s while nobody was told", workload.name, times)
            text = f"{workload.name} ended by itself {times} while I was not told."
            if why := self._tell_exit(workload, text):
                await self._latch_off(workload, why)

    async def _keep_up(self) -> None:
        """Derives the mode anew after what happened; several changes at once are one."""
        while True:
            await self._has_changed.wait()
            self._has_changed.clear()
            cause, self._cause = self._cause, OUTSIDE
            await self._director.refresh(by=cause)

    async def _part_intruders(self) -> None:
        """Finds what the events did not tell: Docker was away, or BD-1 was at work when it came."""
        intruder = await self._director.measures.intruder()
        for workload in self._by_container.values():
            if (
                workload is intruder
                or self._director.measures.is_off(workload)
                or self._alerts.open_incident(_newcomer_key(workload))
            ):
                await self._turn_away(workload)

    async def _turn_away(self, newcomer: Workload) -> None:
        done = await self._director.door.turn_away(newcomer)
        key = _newcomer_key(newcomer)
        if done is not None:
            self._alerts.report(key, Tier.ALERT, *self._words(newcomer, done))
        if done is None or done.worked:
            self._alerts.clear(key, "Only one of them is on the card.")

    def _words(self, newcomer: Workload, done: Remedy) -> tuple[str, str]:
        """The title and the text for one that was turned away."""
        if self._director.measures.is_off(newcomer):
            title = f"{newcomer.name} is latched off and was started"
            return title, f"{newcomer.name} was started outside BD-1. {done.text}"
        text = f"{newcomer.name} was started outside BD-1 while another GPU workload was on the card. {done.text}"
        return "Two GPU workloads at once", text

    def _was_told_to_end(self, workload: Workload) -> bool:
        told_s = self._told_to_end.pop(workload.name, None)
        return told_s is not None and self._clock.monotonic() - told_s <= workload.stop_grace_s + _SIGNAL_S

    def _on_crash(self, workload: Workload, event: ContainerEvent, group: asyncio.TaskGroup) -> None:
        """Tells of the end, and has the crash loop or the ratchet of a GPU workload ended."""
        state = self._exits.count(workload.name, event.at, event.exit_code)
        count, code = len(state.exits), "" if event.exit_code is None else f" (exit code {event.exit_code})"
        _LOG.warning("%s ended by itself%s, %d times lately", workload.name, code, count)
        if not workload.uses_gpu or self._director.is_at_work:
            return  # a switch notices for itself who dies in it
        if why := self._tell_exit(workload, f"{workload.name} ended by itself{code}, exit {count}."):
            group.create_task(self._latch_off(workload, why), name=f"holding down {workload.name}")
        else:
            group.create_task(self._look_at_floor(workload), name=f"what {workload.name} left behind")

    def _tell_exit(self, workload: Workload, text: str) -> str | None:
        """Tells of an unplanned end; why the workload has to stay off, if it has."""
        self._last_exit_s[workload.name] = self._clock.monotonic()
        self._alerts.report(exit_key(workload.name), Tier.WARN, f"{workload.name} ended by itself", text)
        return why_off(self._settings.watchdog, self._exits.of(workload.name))

    async def _look_at_floor(self, workload: Workload) -> None:
        """Finds out what the death left behind; one that is followed by another is judged with that one."""
        exit_s = self._last_exit_s[workload.name]
        floor_mib = await floor_after_death(self._hands)
        if floor_mib is None or self._last_exit_s[workload.name] != exit_s:
            return
        state = self._exits.settle(workload.name, floor_mib, self._hands.card.idle_mib)
        if why := why_off(self._settings.watchdog, state):
            await self._latch_off(workload, why)

    async def _latch_off(self, workload: Workload, why: str) -> None:
        if workload.name in self._latching or self._director.measures.is_off(workload):
            return
        self._latching.add(workload.name)
        try:
            done = await self._director.measures.latch_off(workload, why, self._exits.of(workload.name))
            self._exits.begin_anew(workload.name)
        finally:
            self._latching.discard(workload.name)
        text = f"Each restart may leave VRAM behind. {done.text}"
        self._alerts.report(exit_key(workload.name), Tier.PROTECT, f"{workload.name} is crash-looping", text)

    def _close_old_exits(self, running: frozenset[str]) -> None:
        window_s = self._settings.watchdog.crash_window_s
        for name in running:
            incident = self._alerts.open_incident(exit_key(name))
            last_s = self._last_exit_s.setdefault(name, self._clock.monotonic())  # an earlier run's exit: as of now
            if incident and self._clock.monotonic() - last_s >= window_s:
                self._alerts.clear(incident.key, f"{name} has not ended again for {window_s / 60:g} minutes.")


def _newcomer_key(workload: Workload) -> str:
    return f"newcomer {workload.name}"
