"""Standing silences: what kind of incident nobody wants to hear of for a while. On disk before they count."""

import asyncio
import logging
from datetime import timedelta

from bd1.core.incidents import Incident, Word
from bd1.core.tiers import Tier
from bd1.ports import Clock, Store
from bd1.services.incident_papers import word_from_document, word_to_document

_LOG = logging.getLogger(__name__)
_COLLECTION = "silences"
MILD = "everything below alert"
"""The silence that speaks of every incident, and hides none that is worth waking somebody."""


class Silences:
    """What is not to be heard of. What has reached protect is never silenced here: BD-1 acts, and people must know."""

    def __init__(self, store: Store, clock: Clock, news: asyncio.Event) -> None:
        """`news` is set whenever what is silenced has changed."""
        self._store = store
        self._clock = clock
        self._news = news
        self._words: dict[str, Word] = {}

    async def load(self) -> None:
        """Takes back what earlier runs kept."""
        for kind, document in await self._store.items(_COLLECTION):
            try:
                word = word_from_document(document)
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("the silence of %s is of another version's shape and is left aside", kind)
                continue
            if word is not None:
                self._words[kind] = word

    @property
    def standing(self) -> dict[str, Word]:
        """What is silenced now, by kind."""
        now = self._clock.now()
        return {kind: word for kind, word in sorted(self._words.items()) if word.holds(now, Tier.NORMAL)}

    def over(self, incident: Incident) -> Word | None:
        """The silence that speaks of this incident: of its kind, else of everything mild. `None`: there is none.

        One that has ended is returned too: it tells for what ended under it, when Discord was away.
        """
        known = [word for kind in (incident.key, MILD) if (word := self._words.get(kind)) is not None]
        at = incident.closed_at or self._clock.now()
        return next((word for word in known if word.holds(at, incident.severity)), None)

    async def begin(self, kind: str, by: str, minutes: float) -> Word:
        """Silences a kind (an incident's key, or `MILD`). Raises `StoreUnavailable`: then nothing is silenced."""
        now = self._clock.now()
        tier = Tier.WARN if kind == MILD else Tier.ALERT
        word = Word(by, now, tier, now + timedelta(minutes=minutes))
        await self._store.put(_COLLECTION, kind, word_to_document(word) or {})
        self._words[kind] = word
        self._news.set()
        _LOG.info("%s silenced %s for %g min", by, kind, minutes)
        return word

    async def end(self, kind: str, by: str) -> bool:
        """Ends a silence; false when there was none. Raises `StoreUnavailable`: then it stands."""
        if kind not in self.standing:
            return False
        await self._store.delete(_COLLECTION, kind)
        del self._words[kind]
        self._news.set()
        _LOG.info("%s ended the silence of %s", by, kind)
        return True
