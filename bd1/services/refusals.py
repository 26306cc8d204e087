"""Remembers that Discord refused the bot for good, so that a supervisor's restarts do not hammer it.

Discord resets the token of a bot that identifies more than 1000 times a day, and Docker restarts a process that ends at
once every minute. Knows nothing of Discord's library.
"""

import logging
from datetime import datetime

from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_COLLECTION, _KEY = "discord", "refusal"
PAUSE_S = 120.0
"""At most 720 attempts a day."""


class Refusals:
    """The last refusal, on disk."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def remember(self, why: str) -> None:
        """Discord has just refused."""
        await self._store.put(_COLLECTION, _KEY, {"at": self._clock.now().isoformat(), "why": why})

    async def wait_out(self) -> None:
        """Returns once the last refusal is `PAUSE_S` old; the card is watched meanwhile."""
        kept = await self._store.get(_COLLECTION, _KEY)
        if kept is None:
            return
        await self._store.delete(_COLLECTION, _KEY)
        age_s = (self._clock.now() - datetime.fromisoformat(kept["at"])).total_seconds()
        if 0 <= age_s < PAUSE_S:
            left_s = PAUSE_S - age_s
            _LOG.warning("%s I watch the card and try again in %.0f s.", kept["why"], left_s)
            await self._clock.sleep(left_s)
