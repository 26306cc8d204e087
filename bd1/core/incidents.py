"""An incident as a value: what happened, what people said to it, and what of it stands in Discord. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bd1.core.tiers import Tier

KEPT_LINES = 12
MOST_MESSAGES = 3
"""Messages that any one incident may ever cause: its digest, its own ones, each re-post."""

COMES_BACK = timedelta(minutes=10)
"""What happens again so soon after it was over is the same story, not the next message."""
LONGEST_STORY = timedelta(hours=1)
"""A story that began longer ago is not told on: whoever has it happen all day is told so again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, with the wall time it happened at."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said to an incident: who, when, how bad it was then, until when it holds (`None`: its end)."""

    by: str
    at: datetime
    tier: Tier
    until: datetime | None = None

    def holds(self, now: datetime, severity: Tier) -> bool:
        """Whether it still counts: its time is not over, and it is no worse than what was spoken of.

        A clock that was set back behind `at` ends it: nobody is silenced by a clock.
        """
        in_time = self.at <= now and (self.until is None or now < self.until)
        return in_time and severity <= self.tier


@dataclass(frozen=True, slots=True)
class Incident:
    """One story. `revision` grows with each change; `posted_revision` is what people have seen.

    `messages` counts every message it ever caused, a digest included. `message_id` is its own message that stands now,
    posted at `posted_at`; `old_message_ids` are those that have yet to be taken away. `digest_message_id` is the digest
    that tells of it, posted at `digested_at`. `refused_at` is when Discord last refused an edit for its age.
    """

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
    messages: int = 0
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    refused_at: datetime | None = None
    old_message_ids: tuple[int, ...] = ()
    digest_id: str | None = None
    digest_message_id: int | None = None
    digested_at: datetime | None = None
    pinged_at: datetime | None = None
    escalated_at: datetime | None = None
    acknowledged: Word | None = None
    snoozed: Word | None = None
    silenced: Word | None = None

    @property
    def is_open(self) -> bool:
        """Whether the story goes on."""
        return self.closed_at is None

    @property
    def has_news(self) -> bool:
        """Whether something happened that people have not seen."""
        return self.revision > self.posted_revision

    @property
    def is_grave(self) -> bool:
        """Whether it is worth waking somebody."""
        return self.severity >= Tier.ALERT

    @property
    def mark(self) -> str:
        """The short name under which people find it, and BD-1 its messages."""
        return f"#{self.id[-8:]}"

    def comes_back_with(self, severity: Tier, now: datetime) -> bool:
        """Whether something of this severity tells this story on, although it was over.

        Worse is a story of its own, and so is each that made BD-1 act: of those somebody is to hear every time.
        """
        if self.closed_at is None or severity > self.severity or self.severity is Tier.PROTECT:
            return False
        return self.closed_at <= now < min(self.closed_at + COMES_BACK, self.opened_at + LONGEST_STORY)

    def told_again(self, line: Line) -> "Incident":
        """The same, going on once more: who was at it, or wanted to hear no more until it was over, is asked anew."""
        return replace(self.told(line), closed_at=None, acknowledged=None, silenced=None)

    def told(self, line: Line) -> "Incident":
        """The same with one more line."""
        return replace(self, lines=(*self.lines, line)[-KEPT_LINES:], revision=self.revision + 1)
