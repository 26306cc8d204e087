"""Incidents: opened, told on, closed, kept on disk until they are posted. Knows nothing of Discord.

Reporting is instant and cannot fail: the watchdog's path never waits for a disk or a network.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bd1.core.tiers import Tier
from bd1.errors import StoreUnavailable
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_COLLECTION = "incidents"
_KEPT_LINES = 12
_KEPT_CLOSED = 50
_KEPT_UNPOSTED = 150
"""Closed incidents that nobody could post yet: Discord may be away for long, or no alert channel be configured."""
_RETRY_S = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, with the wall time it happened at."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One story, one message. `revision` grows with each change; `posted_revision` is what people have seen."""

    id: str
    key: str
    title: str
    severity: Tier
    opened_at: datetime
    lines: tuple[Line, ...]
    closed_at: datetime | None = None
    revision: int = 1
    posted_revision: int = 0
    message_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the story goes on."""
        return self.closed_at is None


class Alerts:
    """The feed of incidents. `changed` is set whenever one has news that nobody has posted."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._incidents: dict[str, Incident] = {}
        self._dirty: set[str] = set()
        self._unsaved = asyncio.Event()
        self._disk_refuses = False
        self.changed = asyncio.Event()

    async def load(self) -> None:
        """Takes back what an earlier run kept. An incident it left open stays open until something closes it."""
        for incident_id, document in await self._store.items(_COLLECTION):
            try:
                incident = _from_document(document)
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("the incident %s is of another version's shape and is left aside", incident_id)
                continue
            self._incidents.setdefault(incident.id, incident)
        self.changed.set()

    async def run(self) -> None:
        """Writes changes to disk as they come, for ever; to a disk that refuses, again and again."""
        while True:
            await self._unsaved.wait()
            self._unsaved.clear()
            while not await self.flush():
                await self._clock.sleep(_RETRY_S)

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses: told once in the log, and nothing is lost."""
        try:
            while self._dirty:
                await self._write(next(iter(self._dirty)))
        except StoreUnavailable as trouble:
            if not self._disk_refuses:
                _LOG.error("incidents are kept in memory only: %s", trouble)
            self._disk_refuses = True
            return False
        self._disk_refuses = False
        return True

    async def _write(self, incident_id: str) -> None:
        self._dirty.discard(incident_id)  # before the write: what changes meanwhile has to be written again
        try:
            if incident := self._incidents.get(incident_id):
                await self._store.put(_COLLECTION, incident_id, _to_document(incident))
            else:
                await self._store.delete(_COLLECTION, incident_id)
        except BaseException:  # cut short as well: the last flush of all must find it
            self._dirty.add(incident_id)
            raise

    def report(self, key: str, severity: Tier, title: str, text: str) -> Incident:
        """Tells something about the open incident `key`, or opens one. The severity never falls while it is open."""
        now = self._clock.now()
        line = Line(now, text)
        if current := self.open_incident(key):
            worse = severity > current.severity
            if not worse and current.lines[-1].text == text:
                return current  # the condition holds on: that is no news
            return self._keep(
                replace(
                    current,
                    title=title if worse else current.title,
                    severity=max(severity, current.severity),
                    lines=(*current.lines, line)[-_KEPT_LINES:],
                    revision=current.revision + 1,
                )
            )
        incident_id = f"{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}"  # sorts by time, fits into a nonce of Discord
        return self._keep(Incident(incident_id, key, title, severity, now, (line,)))

    def clear(self, key: str, text: str) -> None:
        """Ends the open incident `key`, if there is one."""
        if current := self.open_incident(key):
            line = Line(self._clock.now(), text)
            lines = (*current.lines, line)[-_KEPT_LINES:]
            self._keep(replace(current, lines=lines, closed_at=line.at, revision=current.revision + 1))
            self._forget_old()

    def open_incident(self, key: str) -> Incident | None:
        """The incident under this key that goes on."""
        return next((i for i in self._incidents.values() if i.key == key and i.is_open), None)

    def all(self) -> tuple[Incident, ...]:
        """Every incident kept, oldest first."""
        return tuple(sorted(self._incidents.values(), key=lambda incident: incident.opened_at))

    def unposted(self) -> tuple[Incident, ...]:
        """Incidents with news that nobody has posted, oldest first."""
        return tuple(incident for incident in self.all() if incident.revision > incident.posted_revision)

    def posted(self, incident_id: str, revision: int, message_id: int) -> None:
        """`revision` of the incident now stands in this message."""
        if incident := self._incidents.get(incident_id):
            self._keep(replace(incident, posted_revision=revision, message_id=message_id), news=False)

    def _keep(self, incident: Incident, *, news: bool = True) -> Incident:
        self._incidents[incident.id] = incident
        self._dirty.add(incident.id)
        self._unsaved.set()
        if news:
            self.changed.set()
        return incident

    def _forget_old(self) -> None:
        closed = [incident for incident in self.all() if not incident.is_open]
        posted = [incident for incident in closed if incident.revision == incident.posted_revision]
        waiting = [incident for incident in closed if incident.revision > incident.posted_revision]
        for incident in (*posted[:-_KEPT_CLOSED], *waiting[:-_KEPT_UNPOSTED]):
            del self._incidents[incident.id]
            self._dirty.add(incident.id)
            self._unsaved.set()


def _to_document(incident: Incident) -> dict[str, Any]:
    document = asdict(incident)
    document["severity"] = int(incident.severity)
    document["opened_at"] = incident.opened_at.isoformat()
    document["closed_at"] = incident.closed_at.isoformat() if incident.closed_at else None
    document["lines"] = [{"at": line.at.isoformat(), "text": line.text} for line in incident.lines]
    return document


def _from_document(document: Mapping[str, Any]) -> Incident:
    closed = document["closed_at"]
    fields = dict(document) | {
        "severity": Tier(document["severity"]),
        "opened_at": datetime.fromisoformat(document["opened_at"]),
        "closed_at": datetime.fromisoformat(closed) if closed else None,
        "lines": tuple(Line(datetime.fromisoformat(line["at"]), line["text"]) for line in document["lines"]),
    }
    return Incident(**fields)
