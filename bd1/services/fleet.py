"""What really runs: the configured containers as Docker tells, and the mode that follows from it. Starts nothing."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bd1.core.modes import derive
from bd1.core.settings import Settings
from bd1.errors import Bd1Error, ContainerMissing, StoreUnavailable
from bd1.ports import Clock, Containers, ContainerState, Store

_LOG = logging.getLogger(__name__)
_COLLECTION, _KEY = "mode", "current"
OUTSIDE = "somebody outside BD-1"
_AT_FIRST = "what was found at the first start"


@dataclass(frozen=True, slots=True)
class ModeView:
    """The mode that is on. `name` is `None` when no mode fits what runs, or when Docker cannot be asked."""

    name: str | None
    running: frozenset[str]
    since: datetime | None = None
    by: str | None = None
    trouble: str | None = None
    """Why the mode is not known, a sentence; `None` when it is."""
    docker_is_away: bool = False
    """Whether Docker could not tell what runs."""
    unsafe: str | None = None
    """Why the card is known not to be free although it should be, in whole sentences; `None` when it is not."""


class Fleet:
    """Asks Docker what runs and keeps who set the mode, and since when.

    A disk that refuses is told in the log; what is kept is then good until the process ends.
    """

    def __init__(self, settings: Settings, containers: Containers, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._containers = containers
        self._store = store
        self._clock = clock
        self._kept: dict[str, str] | None = None
        self._asked = 0
        self._answered = 0
        self._unsafe: str | None = None
        self._listeners: list[Callable[[Mapping[str, ContainerState | None]], None]] = []
        self.view = ModeView(None, frozenset(), trouble="Docker has not been asked yet.")

    def listen(self, hear: Callable[[Mapping[str, ContainerState | None]], None]) -> None:
        """Calls back with each answer of `states`. It must not wait."""
        self._listeners.append(hear)

    async def states(self) -> dict[str, ContainerState | None]:
        """Every configured workload's container, `None` where there is none. Raises `DockerUnavailable`."""
        names = list(self._settings.workloads)
        found = await asyncio.gather(*(self._state(name) for name in names))
        states = dict(zip(names, found, strict=True))
        for hear in self._listeners:
            hear(states)
        return states

    async def _state(self, name: str) -> ContainerState | None:
        try:
            return await self._containers.inspect(self._settings.workloads[name].container)
        except ContainerMissing:
            return None

    async def running(self) -> frozenset[str]:
        """The workloads whose containers run. Raises `DockerUnavailable`."""
        return frozenset(name for name, state in (await self.states()).items() if state and state.running)

    async def refresh(self, *, in_transit: bool = False, by: str = OUTSIDE) -> ModeView:
        """Looks again and derives the mode; trouble with Docker is a view with `trouble`, not an exception.

        A mode that is new is put down to `by`. One that is met in the middle of BD-1's own work (`in_transit`) is
        nobody's doing yet and is not written down. An answer that took long never hides a newer one.
        """
        turn = self._next_turn()
        try:
            running = await self.running()
        except Bd1Error as trouble:
            found = ModeView(None, frozenset(), trouble=str(trouble), docker_is_away=True)
        else:
            if turn < self._answered:
                return self.view
            found = await self._derived(running, None if in_transit else by)
        if turn >= self._answered:
            self._answered, self.view = turn, replace(found, unsafe=self._unsafe)
        return self.view

    def mark_unsafe(self, reason: str | None) -> None:
        """From now on the view says that the card is not free, and why; `None` takes that back."""
        self._unsafe = reason
        self.view = replace(self.view, unsafe=reason)

    def _next_turn(self) -> int:
        self._asked += 1
        return self._asked

    async def _derived(self, running: frozenset[str], by: str | None) -> ModeView:
        kept = await self._recall()
        name = derive(self._settings.modes, running, self._settings.workloads, kept.get("name"))
        if name is None:
            return ModeView(None, running, trouble=self._mixture(running))
        if name != kept.get("name"):
            if by is None:
                return ModeView(name, running)
            kept = await self._keep(name, by if kept else _AT_FIRST)
        return ModeView(name, running, datetime.fromisoformat(kept["since"]), kept["by"])

    def _mixture(self, running: frozenset[str]) -> str:
        on_card = sorted(name for name in running if self._settings.workloads[name].uses_gpu)
        if not on_card:
            return "Nothing runs on the card, and no mode means that."
        together = "together" if len(on_card) > 1 else "alone"
        return f"No mode has {' and '.join(on_card)} {together} on the card."

    async def commit(self, name: str, by: str) -> ModeView:
        """Writes down that `by` brought this mode about, now; then looks whether it is so."""
        self._answered = self._next_turn()  # what was asked before this moment is out of date
        await self._keep(name, by)
        return await self.refresh(by=by)

    async def _recall(self) -> dict[str, str]:
        if self._kept is None:
            try:
                self._kept = await self._store.get(_COLLECTION, _KEY) or {}
            except StoreUnavailable as trouble:
                _LOG.error("who set the mode cannot be read: %s", trouble)
                return {}
        return self._kept

    async def _keep(self, name: str, by: str) -> dict[str, str]:
        kept = self._kept = {"name": name, "since": self._clock.now().isoformat(), "by": by}
        _LOG.info("mode is %s, by %s", name, by)
        try:
            await self._store.put(_COLLECTION, _KEY, kept)
        except StoreUnavailable as trouble:
            _LOG.error("who set the mode cannot be written down: %s", trouble)
        return kept
