"""How long each model took to come into memory the last times, over restarts. It measures nothing itself."""

import logging
from statistics import median

from bd1.errors import StoreUnavailable
from bd1.ports import Store

_LOG = logging.getLogger(__name__)
_COLLECTION = "chat load times"
_KEPT = 5


class LoadTimes:
    """The last load times of every model, in seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._took_s: dict[str, list[float]] = {}

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        for model, kept in await self._store.items(_COLLECTION):
            self._took_s[model] = [float(seconds) for seconds in kept["seconds"]]

    def usual_s(self, model: str) -> float | None:
        """What is usual for a model; `None` when it was never seen loading."""
        took_s = self._took_s.get(model)
        return median(took_s) if took_s else None

    async def add(self, model: str, took_s: float) -> None:
        """One more load has ended."""
        self._took_s[model] = [*self._took_s.get(model, []), round(took_s, 1)][-_KEPT:]
        try:
            await self._store.put(_COLLECTION, model, {"seconds": self._took_s[model]})
        except StoreUnavailable as trouble:
            _LOG.warning("a load time is kept in memory only: %s", trouble)
