"""Which messages show a switch that have not shown its end yet, over restarts. It knows nothing of Discord's calls."""

import logging
from dataclasses import asdict, dataclass
from typing import Any

from bd1.ports import Clock, Store
from bd1.services.write_behind import WriteBehind

_LOG = logging.getLogger(__name__)
_COLLECTION = "screens"


@dataclass(frozen=True, slots=True)
class Screen:
    """A message, and the switch that it shows."""

    message_id: int
    channel_id: int
    switch_id: str


class Screens:
    """Whoever shows a switch opens a screen and closes it with the end; what is left open was cut short."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._open: dict[str, Screen] = {}
        self._disk = WriteBehind(
            store, clock, collection=_COLLECTION, what="messages of switches", document=self._document
        )

    async def load(self) -> None:
        """Takes back what an earlier run left open. Raises `StoreUnavailable`."""
        for key, document in await self._store.items(_COLLECTION):
            try:
                self._open.setdefault(key, Screen(**document))
            except TypeError:
                _LOG.warning("the message %s of a switch is of another version's shape and is left aside", key)

    async def run(self) -> None:
        """Writes changes to disk as they come, for ever; to a disk that refuses, again and again."""
        await self._disk.run()

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses, which is told once in the log."""
        return await self._disk.flush()

    @property
    def all_open(self) -> tuple[Screen, ...]:
        """Those that have not shown the end, oldest first."""
        return tuple(sorted(self._open.values(), key=lambda screen: screen.message_id))

    def open(self, screen: Screen) -> None:
        """This message shows this switch now."""
        key = str(screen.message_id)
        if self._open.get(key) != screen:
            self._open[key] = screen
            self._disk.changed(key)

    def close(self, message_id: int) -> None:
        """This message shows the end, or cannot show anything any more."""
        if self._open.pop(str(message_id), None) is not None:
            self._disk.changed(str(message_id))

    def _document(self, key: str) -> dict[str, Any] | None:
        screen = self._open.get(key)
        return None if screen is None else asdict(screen)
