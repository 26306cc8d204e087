"""What is to be told in Discord next, and when to ask again: the rules, over the feed, at this time of day.

Knows nothing of Discord: whoever posts asks here what to do, and tells the feed what came of it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bd1.core.incidents import Incident
from bd1.core.notices import OLD, Act, Notice, NoticeRules, plan
from bd1.core.quiet_hours import QuietHours, time_of_day
from bd1.core.settings import AlertSettings
from bd1.ports import Clock
from bd1.services.alerts import Alerts
from bd1.services.silences import Silences

_LONGEST_WAIT_S = 300.0
"""The wall clock may be set meanwhile."""
_SHORTEST_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Digest:
    """Several incidents told in one message; `message_id` of `None`: that is not posted yet."""

    id: str
    members: tuple[Incident, ...]
    message_id: int | None
    posted_at: datetime | None

    @property
    def mark(self) -> str:
        """The short name under which BD-1 finds its message."""
        return f"#{self.id[-8:]}"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be posted or edited now, oldest first."""

    notices: tuple[Notice, ...] = ()
    digests: tuple[Digest, ...] = ()


class Herald:
    """Asks the rules. `silences` are what operators do not want to hear of."""

    def __init__(self, settings: AlertSettings, alerts: Alerts, silences: Silences, clock: Clock) -> None:
        self._rules = rules_of(settings)
        self._alerts = alerts
        self._clock = clock
        self.silences = silences

    async def load(self) -> None:
        """Takes back what is silenced."""
        await self.silences.load()

    def news(self) -> News:
        """What is to be told now. Settles what nobody is to be told of, and gathers what is told together."""
        now, notices = self._clock.now(), self._plan()
        for notice in notices:
            if notice.act is Act.SETTLE and notice.incident.has_news:
                self._alerts.settle(notice.incident.id)
        return News(
            tuple(notice for notice in notices if notice.act in {Act.POST, Act.EDIT}),
            self._digests([notice.incident for notice in notices if notice.act is Act.GATHER], now),
        )

    def _plan(self) -> tuple[Notice, ...]:
        return plan(self._alerts.all(), self._clock.now(), self._rules, self.silences.over)

    def _digests(self, gathered: Sequence[Incident], now: datetime) -> tuple[Digest, ...]:
        newcomers = [incident for incident in gathered if incident.digest_id is None]
        if newcomers:
            digest_id = self._current_digest(now) or self._alerts.new_id()
            for incident in newcomers:
                self._alerts.gather(incident.id, digest_id)
        ids = {incident.id for incident in gathered}
        due = {incident.digest_id for incident in self._alerts.all() if incident.id in ids and incident.digest_id}
        return tuple(self._digest(digest_id) for digest_id in sorted(due))

    def _current_digest(self, now: datetime) -> str | None:
        """The digest that may still be added to."""
        known = [each for each in self._alerts.all() if each.digest_id is not None]
        old = {each.digest_id for each in known if each.digested_at is not None and now - each.digested_at >= OLD}
        return max((each.digest_id for each in known if each.digest_id and each.digest_id not in old), default=None)

    def _digest(self, digest_id: str) -> Digest:
        members = tuple(incident for incident in self._alerts.all() if incident.digest_id == digest_id)
        told = next((member for member in members if member.digest_message_id is not None), None)
        if told is None:
            return Digest(digest_id, members, None, None)
        return Digest(digest_id, members, told.digest_message_id, told.digested_at)

    def is_quiet(self) -> bool:
        """Whether these are quiet hours."""
        return self._rules.is_quiet(self._clock.now())

    async def until_news(self) -> None:
        """Returns when something has changed, or when it is time to ask again: at once, if there is more to tell."""
        notices = self._plan()
        if any(notice.act in {Act.POST, Act.EDIT, Act.GATHER} for notice in notices):
            return
        again_at = min((notice.again_at for notice in notices if notice.again_at is not None), default=None)
        if again_at is None:
            await self._alerts.changed.wait()
            return
        wait_s = (again_at - self._clock.now()).total_seconds()
        sleep = asyncio.ensure_future(self._clock.sleep(min(max(wait_s, _SHORTEST_WAIT_S), _LONGEST_WAIT_S)))
        change = asyncio.ensure_future(self._alerts.changed.wait())
        try:
            await asyncio.wait([sleep, change], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleep, change):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(sleep, change, return_exceptions=True)


def rules_of(settings: AlertSettings) -> NoticeRules:
    """The owner's wishes as rules."""
    begin, end = time_of_day(settings.quiet_from or ""), time_of_day(settings.quiet_to or "")
    quiet = None if begin is None or end is None else QuietHours(begin, end, ZoneInfo(settings.time_zone))
    return NoticeRules(
        escalate_after=timedelta(minutes=settings.escalate_after_min) or None,
        quiet_hours=quiet,
        digest_after=settings.digest_after,
        digest_window=timedelta(minutes=settings.digest_window_min),
    )
