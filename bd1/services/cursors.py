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
_DIRECT = "chat direct"
_FIRST = "first"
_MOST_CHANNELS = 1000
"""Threads come and go; so many places are remembered, those where something was said last."""


class Cursors:
    """The last message of every channel that needs no second look."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._first: datetime | None = None
        self._heard_up_to: dict[int, int] = {}
        self._direct: dict[int, int] = {}
        self._newest: dict[int, int] = {}
        self._pending: defaultdict[int, set[int]] = defaultdict(set)

    async def load(self) -> None:
        """Takes back what earlier runs wrote. Raises `StoreUnavailable`."""
        for key, kept in await self._store.items(_COLLECTION):
            if key == _FIRST:
                self._first = datetime.fromisoformat(kept["at"])
            else:
                self._heard_up_to[int(key)] = int(kept["message_id"])
        self._direct = {int(key): int(kept["channel_id"]) for key, kept in await self._store.items(_DIRECT)}
        if self._first is None:
            self._first = self._clock.now()
            await self._put(_FIRST, {"at": self._first.isoformat()})

    @property
    def first_started(self) -> datetime:
        """When BD-1 ran for the first time; what was said before that is nobody's to answer."""
        return self._first or self._clock.now()

    @property
    def channel_ids(self) -> tuple[int, ...]:
        """The channels in which something was heard, and the direct ones of people who are known."""
        return tuple({**self._heard_up_to, **dict.fromkeys(self._direct.values())})

    def has_met(self, person_id: int) -> bool:
        """Whether it is known where this person writes directly."""
        return person_id in self._direct

    async def meet(self, person_id: int, channel_id: int) -> None:
        """This person writes directly in that channel."""
        if self._direct.get(person_id) != channel_id:
            self._direct[person_id] = channel_id
            await self._put(str(person_id), {"channel_id": channel_id}, _DIRECT)

    async def forget(self, person_id: int) -> int:
        """Where this person writes directly is known no more; how many things that were. Raises `StoreUnavailable`."""
        if self._direct.pop(person_id, None) is None:
            return 0
        await self._store.delete(_DIRECT, str(person_id))
        return 1

    async def purge(self, before: datetime) -> int:
        """Keeps everything: it is but the ids of channels."""
        del before
        return 0

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
        heard = min(pending) - 1 if pending else self._newest.pop(channel_id, 0)
        if not pending:
            del self._pending[channel_id]
        if heard > self.after(channel_id):
            self._heard_up_to[channel_id] = heard
            await self._put(str(channel_id), {"message_id": heard})
            await self._drop_oldest()

    async def _drop_oldest(self) -> None:
        """What was said longest ago is far beyond what is caught up with."""
        if len(self._heard_up_to) <= _MOST_CHANNELS:
            return
        oldest = min(self._heard_up_to, key=self._heard_up_to.__getitem__)
        del self._heard_up_to[oldest]
        try:
            await self._store.delete(_COLLECTION, str(oldest))
        except StoreUnavailable as trouble:
            _LOG.warning("where nobody speaks any more is still kept: %s", trouble)

    async def _put(self, key: str, document: dict[str, object], collection: str = _COLLECTION) -> None:
        try:
            await self._store.put(collection, key, document)
        except StoreUnavailable as trouble:
            _LOG.warning("what was heard is kept in memory only: %s", trouble)
