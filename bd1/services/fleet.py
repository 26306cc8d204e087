"""What really runs: the configured containers as Docker tells, and the mode that follows from it. Starts nothing."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from bd1.core.modes import derive
from bd1.core.settings import Settings
from bd1.errors import ContainerMissing, DockerUnavailable
from bd1.ports import Clock, Containers, ContainerState, Store

_LOG = logging.getLogger(__name__)
_COLLECTION, _KEY = "mode", "current"


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


class Fleet:
    """Asks Docker what runs and keeps who set the mode, and since when."""

    def __init__(self, settings: Settings, containers: Containers, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._containers = containers
        self._store = store
        self._clock = clock
        self.view = ModeView(None, frozenset(), trouble="Docker has not been asked yet.")

    async def states(self) -> dict[str, ContainerState | None]:
        """Every configured workload's container, `None` where there is none. Raises `DockerUnavailable`."""
        names = list(self._settings.workloads)
        found = await asyncio.gather(*(self._state(name) for name in names))
        return dict(zip(names, found, strict=True))

    async def _state(self, name: str) -> ContainerState | None:
        try:
            return await self._containers.inspect(self._settings.workloads[name].container)
        except ContainerMissing:
            return None

    async def running(self) -> frozenset[str]:
        """The workloads whose containers run. Raises `DockerUnavailable`."""
        return frozenset(name for name, state in (await self.states()).items() if state and state.running)

    async def refresh(self, *, in_transit: bool = False) -> ModeView:
        """Looks again and derives the mode; Docker away is a view with `trouble`, not an exception.

        A mode that is met in the middle of a switch (`in_transit`) is nobody's doing yet and is not written down.
        """
        try:
            running = await self.running()
        except DockerUnavailable as trouble:
            self.view = ModeView(None, frozenset(), trouble=str(trouble), docker_is_away=True)
            return self.view
        kept = await self._store.get(_COLLECTION, _KEY) or {}
        name = derive(self._settings.modes, running, self._settings.workloads, kept.get("name"))
        if name is None:
            self.view = ModeView(None, running, trouble=self._mixture(running))
            return self.view
        if name != kept.get("name"):
            if in_transit:
                self.view = ModeView(name, running)
                return self.view
            kept = await self._keep(name, "somebody outside BD-1" if kept else "what was found at the first start")
        self.view = ModeView(name, running, datetime.fromisoformat(kept["since"]), kept["by"])
        return self.view

    def _mixture(self, running: frozenset[str]) -> str:
        on_card = sorted(name for name in running if self._settings.workloads[name].uses_gpu)
        return f"No mode has {' and '.join(on_card)} together on the card."

    async def commit(self, name: str, by: str) -> ModeView:
        """Writes down that `by` brought this mode about, now; then looks whether it is so."""
        await self._keep(name, by)
        return await self.refresh()

    async def _keep(self, name: str, by: str) -> dict[str, str]:
        kept = {"name": name, "since": self._clock.now().isoformat(), "by": by}
        await self._store.put(_COLLECTION, _KEY, kept)
        _LOG.info("mode is %s, by %s", name, by)
        return kept
