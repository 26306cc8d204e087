"""What the picture of an incident shows, as plain values: which minutes, and which events in how many words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bd1.core.tiers import Tier
from bd1.core.timeline import Band, Span, Stretch

MOST_EVENTS = 6
LONGEST_TEXT = 33
"""More events, or longer ones, cannot be read on a phone."""

_LEAD_S = (120.0, 900.0)
_TAIL_S = (20.0, 120.0)
_TAIL_SHARE = 0.25
_LONGEST_S = 7000.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in a few words."""

    at_s: float
    text: str
    severity: Tier


@dataclass(frozen=True, slots=True)
class Mark:
    """A level that means something."""

    word: str
    mib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything the picture shows. Times are wall time in seconds since 1970; `zone_s` is added to show them.

    `runs` are drawn as lines and `gaps` as not seen. `events` are numbered in their order.
    """

    title: str
    from_s: float
    to_s: float
    zone: str
    zone_s: float
    total_mib: int
    runs: tuple[tuple[Span, ...], ...]
    gaps: tuple[Stretch, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    events: tuple[Event, ...]


def minutes_around(opened_s: float, closed_s: float | None, now_s: float) -> Stretch:
    """Which time to show: what led to it, all of it, and a little of what came after.

    `closed_s` is `None` while the story goes on. A short story gets a short lead, so that it is not lost.
    """
    end_s = now_s if closed_s is None else min(closed_s, now_s)
    lasted_s = max(end_s - opened_s, 0.0)
    to_s = end_s if closed_s is None else min(end_s + _between(_TAIL_SHARE * lasted_s, _TAIL_S), now_s)
    from_s = max(opened_s - _between(lasted_s, _LEAD_S), to_s - _LONGEST_S)
    return Stretch(min(from_s, to_s - _LEAD_S[0]), to_s)


def chosen(story: Sequence[Event], beside: Sequence[Event], shown: Stretch) -> tuple[Event, ...]:
    """Of a story in that time how it began and how it ended, oldest first, each in few words.

    Where there is room, the newest of what happened `beside` it.
    """
    inside, others = (sorted(_within(events, shown), key=_when) for events in (story, beside))
    if len(inside) > MOST_EVENTS:
        inside = [*inside[:2], *inside[2 - MOST_EVENTS :]]
    room = MOST_EVENTS - len(inside)
    told = sorted((*inside, *others[len(others) - min(room, len(others)) :]), key=_when)
    return tuple(Event(event.at_s, headline(event.text), event.severity) for event in told)


def _within(events: Sequence[Event], shown: Stretch) -> list[Event]:
    return [event for event in events if shown.from_s <= event.at_s <= shown.to_s]


def _when(event: Event) -> float:
    return event.at_s


def headline(text: str, longest: int = LONGEST_TEXT) -> str:
    """The beginning of a text that says what it is about, on one line and without Discord's marks."""
    plain = " ".join(re.sub(r"[*_`~|]|<[^>]*>", "", text).split())
    first = re.split(r"(?<=[\w)%])[:;,.]\s", f"{plain} ", maxsplit=1)[0].strip().rstrip(".")
    if len(first) <= longest:
        return first
    cut = first[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def _between(seconds: float, limits: tuple[float, float]) -> float:
    return min(max(seconds, limits[0]), limits[1])
