"""Incidents: opened, told on, closed, kept on disk until they are posted. Knows nothing of Discord.

Reporting is instant and cannot fail: the watchdog's path never waits for a disk or a network.
"""

import asyncio
import logging
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bd1.core.incidents import Incident, Line, Word
from bd1.core.notices import Ring
from bd1.core.tiers import Tier
from bd1.errors import TooLate
from bd1.ports import Clock, Store
from bd1.services.incident_papers import from_document, to_document
from bd1.services.write_behind import WriteBehind

_LOG = logging.getLogger(__name__)
_COLLECTION = "incidents"
_KEPT_CLOSED = 50
_KEPT_UNPOSTED = 150
"""Closed incidents that nobody could post yet: Discord may be away for long, or no alert channel be configured."""
_SECURE_S = 2.0
"""How long a post waits for the disk. A disk that hangs keeps nobody from being told."""


class Alerts:
    """The feed of incidents. `changed` is set whenever one has news that nobody has posted."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._incidents: dict[str, Incident] = {}
        self._disk = WriteBehind(store, clock, collection=_COLLECTION, what="incidents", document=self._document)
        self._never_tried: set[str] = set()
        self.changed = asyncio.Event()

    async def load(self) -> None:
        """Takes back what an earlier run kept. An incident it left open stays open until something closes it."""
        for incident_id, document in await self._store.items(_COLLECTION):
            try:
                incident = from_document(document)
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("the incident %s is of another version's shape and is left aside", incident_id)
                continue
            self._incidents.setdefault(incident.id, incident)
        self.changed.set()

    async def run(self) -> None:
        """Writes changes to disk as they come, for ever; to a disk that refuses, again and again."""
        await self._disk.run()

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses: told once in the log, and nothing is lost."""
        return await self._disk.flush()

    async def secure(self) -> None:
        """Returns once all is on disk: of a post that is cut short the next life knows. Soon, whatever hangs."""
        try:
            async with asyncio.timeout(_SECURE_S):
                await self.flush()
        except TimeoutError:
            _LOG.warning("the disk is slow: an incident is posted before it is written down")

    def _document(self, incident_id: str) -> dict[str, Any] | None:
        incident = self._incidents.get(incident_id)
        return None if incident is None else to_document(incident)

    def report(self, key: str, severity: Tier, title: str, text: str) -> Incident:
        """Tells something about the open incident `key`, one that has just been over, or a new one.

        The severity never falls while it is open.
        """
        now = self._clock.now()
        line = Line(now, text)
        if current := self.open_incident(key):
            if severity <= current.severity and current.lines[-1].text == text:
                return current  # the condition holds on: that is no news
            title = title if severity > current.severity else current.title
            return self._keep(replace(current.told(line), title=title, severity=max(severity, current.severity)))
        if (last := self._last(key)) and last.comes_back_with(severity, now):
            return self._keep(last.told_again(line))
        incident_id = self.new_id()
        self._never_tried.add(incident_id)
        return self._keep(Incident(incident_id, key, title, severity, now, (line,)))

    def new_id(self) -> str:
        """An id that sorts by time and, with two characters more, fits into a nonce of Discord."""
        return f"{self._clock.now():%Y%m%d%H%M%S}-{secrets.token_hex(4)}"

    def clear(self, key: str, text: str) -> None:
        """Ends the open incident `key`, if there is one."""
        if current := self.open_incident(key):
            line = Line(self._clock.now(), text)
            self._keep(replace(current.told(line), closed_at=line.at))
            self._forget_old()

    def open_incident(self, key: str) -> Incident | None:
        """The incident under this key that goes on."""
        return next((i for i in self._incidents.values() if i.key == key and i.is_open), None)

    def _last(self, key: str) -> Incident | None:
        """The newest incident under this key."""
        return max((i for i in self._incidents.values() if i.key == key), key=lambda i: i.opened_at, default=None)

    def all(self) -> tuple[Incident, ...]:
        """Every incident kept, oldest first."""
        return tuple(sorted(self._incidents.values(), key=lambda incident: incident.opened_at))

    def unposted(self) -> tuple[Incident, ...]:
        """Incidents with news that nobody has posted, oldest first."""
        return tuple(incident for incident in self.all() if incident.revision > incident.posted_revision)

    def find(self, incident_id: str) -> Incident | None:
        """The incident with this id; `None` for one that is not kept any more."""
        return self._incidents.get(incident_id)

    def acknowledge(self, incident_id: str, by: str) -> Incident:
        """Somebody is at it: nobody is rung again because nobody answered. The first one stays the one who did it.

        Raises `TooLate` when there is nothing to acknowledge any more, as do `snooze` and `silence`.
        """
        incident = self._going_on(incident_id)
        if incident.acknowledged is not None:
            return incident
        return self._spoken(incident, f"{by} acknowledged it.", acknowledged=self._word(incident, by))

    def snooze(self, incident_id: str, by: str, minutes: float) -> Incident:
        """Nobody is rung by it for a while, unless it gets worse than it is now; then it comes up again."""
        incident = self._going_on(incident_id)
        word = self._word(incident, by, self._clock.now() + timedelta(minutes=minutes))
        return self._spoken(incident, f"{by} snoozed it for {minutes:g} min.", snoozed=word)

    def silence(self, incident_id: str, by: str) -> Incident:
        """Nobody is rung by it until it is over, unless it gets worse than it is now."""
        incident = self._going_on(incident_id)
        text = f"{by} silenced it until it is over."
        return self._spoken(incident, text, silenced=self._word(incident, by), snoozed=None)

    def speak_again(self, incident_id: str, by: str) -> Incident:
        """Takes back a snooze or a silence. Raises `TooLate`."""
        incident = self._going_on(incident_id)
        return self._spoken(incident, f"{by} wants to hear of it again.", silenced=None, snoozed=None)

    def _going_on(self, incident_id: str) -> Incident:
        incident = self.find(incident_id)
        if incident is None:
            raise TooLate("This incident is not kept any more. `/gpu incidents` shows those that are.")
        if not incident.is_open:
            raise TooLate("This is over already.")
        return incident

    def _word(self, incident: Incident, by: str, until: datetime | None = None) -> Word:
        return Word(by, self._clock.now(), incident.severity, until)

    def _spoken(self, incident: Incident, text: str, **words: Any) -> Incident:
        return self._keep(replace(incident.told(Line(self._clock.now(), text)), **words))

    def may_stand_already(self, incident_id: str) -> bool:
        """Whether its next message may have been posted by somebody who did not live to write that down."""
        return incident_id not in self._never_tried

    def tries(self, incident_id: str) -> None:
        """From here on its next message may stand in Discord, whatever becomes of the attempt."""
        self._never_tried.discard(incident_id)

    def posted(self, incident_id: str, revision: int, message_id: int, ring: Ring | None = None) -> None:
        """`revision` of the incident now stands in this new message; the one before it is to be taken away."""
        incident, now = self._incidents.get(incident_id), self._clock.now()
        if incident is None:
            return
        old = () if incident.message_id is None else (incident.message_id,)
        self._never_tried.add(incident_id)
        self._stands(
            incident,
            revision,
            message_id=message_id,
            messages=incident.messages + 1,
            posted_at=now,
            old_message_ids=(*incident.old_message_ids, *old),
            pinged_at=now if ring is Ring.FIRST else incident.pinged_at,
            escalated_at=now if ring in {Ring.UNANSWERED, Ring.WORSE} else incident.escalated_at,
        )

    def edited(self, incident_id: str, revision: int) -> None:
        """`revision` of the incident now stands in the message that stood before."""
        if incident := self._incidents.get(incident_id):
            self._stands(incident, revision)

    def _stands(self, incident: Incident, revision: int, **changes: Any) -> None:
        seen = max(revision, incident.posted_revision)
        changed = replace(incident, posted_revision=seen, edited_at=self._clock.now(), refused_at=None, **changes)
        self._keep(changed, news=False)

    def settle(self, incident_id: str) -> None:
        """Nobody is to be told more of it than they were."""
        if incident := self._incidents.get(incident_id):
            self._keep(replace(incident, posted_revision=incident.revision), news=False)

    def gather(self, incident_id: str, digest_id: str) -> None:
        """It is to be told in this digest."""
        if incident := self._incidents.get(incident_id):
            self._keep(replace(incident, digest_id=digest_id), news=False)

    def gathered(self, incident_id: str, revision: int, message_id: int, digested_at: datetime) -> None:
        """`revision` of the incident now stands in this digest."""
        if incident := self._incidents.get(incident_id):
            told = max(incident.messages, 1)
            self._stands(incident, revision, messages=told, digest_message_id=message_id, digested_at=digested_at)

    def edit_refused(self, incident_id: str) -> None:
        """Discord does not let its message be edited for now, for its age."""
        if incident := self._incidents.get(incident_id):
            self._keep(replace(incident, refused_at=self._clock.now()), news=False)

    def message_gone(self, incident_id: str) -> None:
        """Somebody deleted its message."""
        if incident := self._incidents.get(incident_id):
            self._keep(replace(incident, message_id=None), news=False)

    def taken_away(self, incident_id: str, message_id: int) -> None:
        """One of its old messages is gone."""
        if incident := self._incidents.get(incident_id):
            left = tuple(old for old in incident.old_message_ids if old != message_id)
            self._keep(replace(incident, old_message_ids=left), news=False)

    def _keep(self, incident: Incident, *, news: bool = True) -> Incident:
        self._incidents[incident.id] = incident
        self._disk.changed(incident.id)
        if news:
            self.changed.set()
        return incident

    def _forget_old(self) -> None:
        closed = [incident for incident in self.all() if not incident.is_open]
        posted = [incident for incident in closed if incident.revision == incident.posted_revision]
        waiting = [incident for incident in closed if incident.revision > incident.posted_revision]
        for incident in (*posted[:-_KEPT_CLOSED], *waiting[:-_KEPT_UNPOSTED]):
            del self._incidents[incident.id]
            self._never_tried.discard(incident.id)
            self._disk.changed(incident.id)
