"""The journal for people: `/gpu log` as one embed, and the one line that each switch leaves in the alert channel."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bd1.core.journal import Entry
from bd1.core.progress import Outcome
from cogs._ui.foreign import plain, sentence
from cogs._ui.limits import DESCRIPTION, first_lines
from cogs._ui.phases import MARKS, times
from cogs._ui.words import moment, seconds

_NAME, _SENTENCE, _REASON, _WHOLE = 48, 260, 220, 1100
"""Characters for a name, for how it ended, for an override (by whom: why), and for all that is told of one switch."""
_FIGURES, _SHORTEST = 150, 60
"""Characters that the head and the figures of a switch usually take, and the least that is left for its sentence."""
_COLOUR = 0x5865F2
_NONE = "No switch has been written down yet."


def log_embed(entries: Sequence[Entry]) -> discord.Embed:
    """The last switches and refusals with their figures, the newest first."""
    most = min(max(DESCRIPTION // max(len(entries), 1) - _FIGURES, _SHORTEST), _SENTENCE)
    told = first_lines([_entry(entry, most) for entry in entries], DESCRIPTION, _WHOLE)
    return discord.Embed(title="The last switches", description=told or _NONE, colour=_COLOUR)


def _entry(entry: Entry, most: int) -> str:
    head = f"{MARKS[entry.outcome]} **{_way(entry)}** · {moment(entry.started_at)} · {plain(entry.by, _NAME)}"
    return "\n-# ".join([head, _end(entry, most), *_override(entry)])


def audit_line(entry: Entry) -> str:
    """When, what, by whom, and how it ended, in one line."""
    head = f"{moment(ended_at(entry), 'T')} {MARKS[entry.outcome]} **{_way(entry)}** by {plain(entry.by, _NAME)}"
    return " · ".join([head, _end(entry, _SENTENCE), *_override(entry)])


def ended_at(entry: Entry) -> datetime:
    """When the switch ended, wall time; when it began, while that is not known."""
    return entry.started_at + timedelta(seconds=entry.took_s or 0.0)


def _way(entry: Entry) -> str:
    return f"{plain(entry.origin or 'unknown', _NAME)} → {plain(entry.target, _NAME)}"


def _end(entry: Entry, most: int) -> str:
    """How it ended: its figures, and the sentence that goes with any end but a good one."""
    if entry.outcome is None:
        return "under way"
    took = "" if entry.took_s is None else f" in {seconds(entry.took_s)}"
    spent = times((step.key, step.took_s) for step in entry.steps)
    told = f"{entry.outcome.value}{took}" + (f": {spent}" if spent else "")
    if entry.outcome is Outcome.DONE or not entry.message:
        return told
    return f"{told} · {sentence(entry.message, most)}"


def _override(entry: Entry) -> list[str]:
    return [f"⚠️ override by {sentence(entry.override, _REASON)}"] if entry.override else []
