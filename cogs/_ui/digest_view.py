"""Several incidents in one embed: a digest, and the list of `/gpu incidents`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import discord

from bd1.core.incidents import Incident, Word
from bd1.core.tiers import Tier
from bd1.services.herald import Digest
from cogs._ui.foreign import plain, sentence
from cogs._ui.incident_view import icon
from cogs._ui.limits import DESCRIPTION, first_lines
from cogs._ui.status_view import COLOURS
from cogs._ui.words import lasted, moment

_TITLE, _NAME, _ENTRY = 120, 40, 400
_COLOUR = 0x5865F2
_NONE = "No incident is kept. That is good news."


def digest_embed(digest: Digest) -> discord.Embed:
    """What happened, oldest first, each with its time and whether it is over."""
    worst = max((member.severity for member in digest.members if member.is_open), default=Tier.NORMAL)
    embed = discord.Embed(
        title=f"🗞️ {len(digest.members)} incidents in one message",
        description=first_lines([_entry(member) for member in digest.members], DESCRIPTION, _ENTRY),
        colour=COLOURS[worst],
    )
    return embed.set_footer(text=f"digest · each one: /gpu incident · {digest.mark}")


def incidents_embed(incidents: Sequence[Incident], silences: Mapping[str, Word], now: datetime) -> discord.Embed:
    """The incidents that are kept, in the order given, and what is silenced now."""
    told = first_lines([_entry(incident, now) for incident in incidents], DESCRIPTION - _ENTRY, _ENTRY)
    quiet = [_silence(kind, word) for kind, word in silences.items()]
    shown = "\n".join(part for part in (told or _NONE, first_lines(quiet, _ENTRY - 1, _ENTRY - 1)) if part)
    return discord.Embed(title="Incidents", description=shown, colour=_COLOUR)


def silences_embed(silences: Mapping[str, Word]) -> discord.Embed:
    """What is silenced now, by whom and until when."""
    lines = [_silence(kind, word) for kind, word in silences.items()]
    shown = first_lines(lines, DESCRIPTION, _ENTRY) or "Nothing is silenced."
    return discord.Embed(title="Silences", description=shown, colour=_COLOUR)


def _silence(kind: str, word: Word) -> str:
    until = f" until {moment(word.until, 't')}" if word.until is not None else ""
    return f"🔕 **{plain(kind, _NAME)}**{until} · {plain(word.by, _NAME)}"


def _entry(incident: Incident, now: datetime | None = None) -> str:
    head = f"{icon(incident)} **{sentence(incident.title, _TITLE)}** · {moment(incident.opened_at, 'f')}"
    return f"{head}\n-# {' · '.join([*_state(incident, now), incident.mark])}"


def _state(incident: Incident, now: datetime | None) -> list[str]:
    parts = [f"open · {incident.severity.word}"]
    if incident.closed_at is not None:
        parts = [f"{incident.severity.word}, over after {lasted(incident.closed_at - incident.opened_at)}"]
    if incident.acknowledged is not None:
        parts.append(f"acknowledged by {plain(incident.acknowledged.by, _NAME)}")
    if now is not None and incident.is_open:
        parts += _kept_quiet(incident, now)
    if now is not None and not incident.messages:
        parts.append("not posted")
    return parts


def _kept_quiet(incident: Incident, now: datetime) -> list[str]:
    found = []
    if (snoozed := incident.snoozed) is not None and snoozed.until and snoozed.holds(now, incident.severity):
        found.append(f"snoozed until {moment(snoozed.until, 't')} by {plain(snoozed.by, _NAME)}")
    if (silenced := incident.silenced) is not None and silenced.holds(now, incident.severity):
        found.append(f"silenced by {plain(silenced.by, _NAME)}")
    return found
