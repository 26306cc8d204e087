"""The hours in which nobody is told of what can wait until morning, in the owner's own time zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another; over midnight where the end comes first. Both the same: none at all."""

    begin: time
    end: time
    zone: tzinfo

    def is_quiet(self, now: datetime) -> bool:
        """Whether `now` (aware) lies within them."""
        clock = now.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def next_end(self, now: datetime) -> datetime:
        """When they next end, seen from `now`."""
        local = now.astimezone(self.zone)
        end = datetime.combine(local.date(), self.end, self.zone)
        if end.astimezone(UTC) <= now:
            end = datetime.combine(local.date() + timedelta(days=1), self.end, self.zone)
        return end.astimezone(UTC)


def time_of_day(text: str) -> time | None:
    """A time of day written as 22:00; `None` when it is none."""
    hours, colon, minutes = text.strip().partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal()) or len(hours) not in {1, 2} or len(minutes) != 2:
        return None
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        return None
