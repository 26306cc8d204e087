"""Up to which message each channel was heard, over restarts: whoever comes back knows what was said meanwhile.

A cursor never passes a message that is heard and not yet booked, so nothing is lost between the two.
"""

import logging
from collections import defaultdict
from datetime import datetime

from bd1.errors import StoreUnavailable
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_COLLECTION = "chat heard"
_FIRST = "first"


class Cursors:
    """The last message of every channel that needs no second look."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._first: datetime | None = None
        self._heard_up_to: dict[int, int] = {}
        self._newest: dict[int, int] = {}
        self._pending: defaultdict[int, set[int]] = defaultdict(set)

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        for key, kept in await self._store.items(_COLLECTION):
            if key == _FIRST:
                self._first = datetime.fromisoformat(kept["at"])
            else:
                self._heard_up_to[int(key)] = int(kept["message_id"])
        if self._first is None:
            self._first = self._clock.now()
            await self._put(_FIRST, {"at": self._first.isoformat()})

    @property
    def first_started(self) -> datetime:
        """When BD-1 ran for the first time; what was said before that is nobody's to answer."""
        return self._first or self._clock.now()

    @property
    def channel_ids(self) -> tuple[int, ...]:
        """The channels in which something was heard."""
        return tuple(self._heard_up_to)

    def after(self, channel_id: int) -> int:
        """The message after which this channel has to be looked at again; 0 where nothing was heard yet."""
        return self._heard_up_to.get(channel_id, 0)

    def hear(self, channel_id: int, message_id: int) -> None:
        """A message is being dealt with; the cursor stays before it until it is `settled`."""
        self._pending[channel_id].add(message_id)
        self._newest[channel_id] = max(message_id, self._newest.get(channel_id, 0))

    async def settle(self, channel_id: int, message_id: int) -> None:
        """A message needs no second look: it is booked, or was refused with a sentence."""
        pending = self._pending[channel_id]
        pending.discard(message_id)
        heard = min(pending) - 1 if pending else self._newest.get(channel_id, 0)
        if heard > self.after(channel_id):
            self._heard_up_to[channel_id] = heard
            await self._put(str(channel_id), {"message_id": heard})

    async def _put(self, key: str, document: dict[str, object]) -> None:
        try:
            await self._store.put(_COLLECTION, key, document)
        except StoreUnavailable as trouble:
            _LOG.warning("what was heard is kept in memory only: %s", trouble)
