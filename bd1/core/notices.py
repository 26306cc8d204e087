"""What is to be told in Discord next of each incident, and what is held back for how long. Pure.

Every rule of who is rung, how often and when lives here. Posting, and keeping what was posted, do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bd1.core.incidents import MOST_MESSAGES, Incident, Word
from bd1.core.quiet_hours import QuietHours

OLD = timedelta(minutes=55)
"""A message of this age is no longer edited freely: Discord counts edits of messages older than an hour (30046)."""
OLD_PACE = timedelta(minutes=10)
"""How seldom an old message is edited while its incident goes on, and how long a refusal of Discord is heeded."""


class Act(StrEnum):
    """What is done next.

    `POST` is a message of its own, which replaces the one that stands. `GATHER` tells it in a digest. `SETTLE` means
    that nobody is told, now or later.
    """

    HOLD = "hold"
    EDIT = "edit"
    POST = "post"
    GATHER = "gather"
    SETTLE = "settle"


class Ring(StrEnum):
    """Why operators are rung. The first ring and one more are all that an incident ever gets."""

    FIRST = "first"
    UNANSWERED = "unanswered"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Notice:
    """The next step for one incident. `again_at`: when to ask anew if nothing happens; `None`: not before news."""

    incident: Incident
    act: Act
    ring: Ring | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What the owner wants. `escalate_after` of `None`: nobody is rung again because nobody answered."""

    escalate_after: timedelta | None = timedelta(minutes=10)
    quiet_hours: QuietHours | None = None
    digest_after: int = 5
    digest_window: timedelta = timedelta(minutes=10)

    def is_quiet(self, at: datetime) -> bool:
        """Whether `at` lies within the quiet hours."""
        return self.quiet_hours is not None and self.quiet_hours.is_quiet(at)


Silencer = Callable[[Incident], Word | None]
"""The standing silence that speaks of an incident, if one does."""


def plan(incidents: Sequence[Incident], now: datetime, rules: NoticeRules, silencer: Silencer) -> tuple[Notice, ...]:
    """One notice for each incident, in the order given; in a flood the milder ones are gathered."""
    notices = [decide(incident, now, rules, silencer(incident)) for incident in incidents]
    gathered = _gathered(notices, rules)
    return tuple(replace(notice, act=Act.GATHER) if notice.incident.id in gathered else notice for notice in notices)


def decide(incident: Incident, now: datetime, rules: NoticeRules, standing: Word | None = None) -> Notice:
    """The next step for one incident, seen alone.

    While it is snoozed or silenced nobody is rung and nothing is posted, unless it has become worse than what was
    spoken of. A message that stands is kept true all the same, for an edit rings nobody.
    """
    is_hushed, until = _hush(incident, incident.closed_at or now, standing)
    if incident.messages == 0:
        return _first(incident, now, rules, is_hushed=is_hushed, until=until)
    ring_at = until if incident.is_open else None
    if incident.is_open and incident.is_grave and not is_hushed and incident.messages < MOST_MESSAGES:
        ring, ring_at = _ring(incident, now, rules)
        if ring is not None:
            return Notice(incident, Act.POST, ring)
    if incident.is_open and is_hushed and incident.message_id is None and incident.digested_at is None:
        return Notice(incident, Act.HOLD, again_at=until)  # somebody deleted it, and wants to hear no more for a while
    return _told_before(incident, now, ring_at, may_post=_may_post(incident, rules, is_hushed=is_hushed))


def _hush(incident: Incident, at: datetime, standing: Word | None) -> tuple[bool, datetime | None]:
    """Whether it is to be kept quiet, and until when (`None`: until it is over)."""
    words = (incident.snoozed, incident.silenced, standing)
    ends = [word.until for word in words if word is not None and word.holds(at, incident.severity)]
    timed = [end for end in ends if end is not None]
    return bool(ends), max(timed) if timed and len(timed) == len(ends) else None


def _first(incident: Incident, now: datetime, rules: NoticeRules, *, is_hushed: bool, until: datetime | None) -> Notice:
    """Nobody has been told of it yet."""
    if is_hushed:
        return Notice(incident, Act.HOLD, again_at=until) if incident.is_open else Notice(incident, Act.SETTLE)
    if incident.is_grave:
        return Notice(incident, Act.POST, Ring.FIRST if incident.is_open else None)
    if rules.quiet_hours is not None and rules.is_quiet(now):
        return Notice(incident, Act.HOLD, again_at=rules.quiet_hours.next_end(now))
    return Notice(incident, Act.POST if incident.digest_id is None else Act.GATHER)


def _ring(incident: Incident, now: datetime, rules: NoticeRules) -> tuple[Ring | None, datetime | None]:
    """Why operators are to be rung now; else when they may have to be (`None`: not before news)."""
    if incident.pinged_at is None:
        return Ring.FIRST, None
    if incident.escalated_at is not None or incident.acknowledged is not None:
        return None, None
    spoken = [word for word in (incident.snoozed, incident.silenced) if word and word.at >= incident.pinged_at]
    if any(incident.severity > word.tier for word in spoken):
        return Ring.WORSE, None
    if (wait := rules.escalate_after) is None:
        return None, None
    due_at = max([incident.pinged_at + wait, *(word.until for word in spoken if word.until is not None)])
    clock_was_set_back = now < incident.pinged_at - wait
    return (Ring.UNANSWERED, None) if now >= due_at or clock_was_set_back else (None, due_at)


def _may_post(incident: Incident, rules: NoticeRules, *, is_hushed: bool) -> bool:
    """Whether a message may be spent on being read, with one kept for each ring that may still come."""
    if not incident.is_open:
        return incident.messages < MOST_MESSAGES
    second = incident.escalated_at is None and incident.acknowledged is None and rules.escalate_after is not None
    rings_left = (incident.pinged_at is None) + second
    return not is_hushed and incident.messages + rings_left < MOST_MESSAGES


def _told_before(incident: Incident, now: datetime, again_at: datetime | None, *, may_post: bool) -> Notice:
    """It has been told of; is there anything more?"""
    if not incident.has_news:
        return Notice(incident, Act.HOLD, again_at=again_at)
    if incident.message_id is None:
        return _without_message(incident, now, may_post=may_post)
    is_refused = _recent(incident.refused_at, now)
    is_old = is_refused or incident.posted_at is None or now - incident.posted_at >= OLD
    if not is_old or not (incident.is_open or is_refused):
        return Notice(incident, Act.EDIT)
    if may_post:
        return Notice(incident, Act.POST)
    paused = [at + OLD_PACE for at in (incident.refused_at, incident.edited_at) if at is not None and _recent(at, now)]
    if not paused:
        return Notice(incident, Act.EDIT)
    return Notice(incident, Act.HOLD, again_at=min(max(paused), again_at or max(paused)))


def _recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now < at + OLD_PACE


def _without_message(incident: Incident, now: datetime, *, may_post: bool) -> Notice:
    """Its message is a digest, or somebody deleted it: then it is posted anew while it goes on."""
    if incident.digested_at is not None and incident.posted_at is None:
        return Notice(incident, Act.SETTLE if now - incident.digested_at >= OLD else Act.GATHER)
    return Notice(incident, Act.POST if incident.is_open and may_post else Act.SETTLE)


def _gathered(notices: Sequence[Notice], rules: NoticeRules) -> frozenset[str]:
    """The incidents, by id, that are told together: in a flood, after quiet hours, after Discord was away."""
    waiting = [n.incident for n in notices if n.act is Act.POST and n.incident.messages == 0 and n.ring is None]
    waiting = [incident for incident in waiting if not incident.is_grave]
    overnight = [incident for incident in waiting if rules.is_quiet(incident.opened_at)]
    if len(waiting) > rules.digest_after:
        return frozenset(incident.id for incident in waiting)
    opened = [notice.incident.opened_at for notice in notices]
    together = [i for i in waiting if _neighbours(i.opened_at, opened, rules) > rules.digest_after]
    return frozenset(incident.id for incident in (*together, *(overnight if len(overnight) > 1 else ())))


def _neighbours(at: datetime, opened: Sequence[datetime], rules: NoticeRules) -> int:
    """How many incidents opened within the window that ends at `at`, this one included."""
    return sum(at - rules.digest_window < other <= at for other in opened)
