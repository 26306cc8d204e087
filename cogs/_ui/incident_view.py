"""An incident as one embed, and what can be said to it."""

from datetime import datetime, timedelta

import discord

from bd1.core.incidents import Incident, Word
from bd1.core.tiers import Tier
from cogs._ui.controls import Control, control, controls
from cogs._ui.foreign import footnote, plain, sentence
from cogs._ui.limits import DESCRIPTION, FOOTER, last_lines
from cogs._ui.press_ids import incident_id
from cogs._ui.status_view import COLOURS
from cogs._ui.words import lasted, moment

ICONS = {Tier.NORMAL: "ℹ️", Tier.WARN: "🟡", Tier.ALERT: "🟠", Tier.PROTECT: "🔴"}  # noqa: RUF001 the emoji, not a letter
_TITLE, _LONGEST_TEXT, _LONGEST_LINE, _NAME, _CHOICE = 250, 960, 1000, 40, 100


def incident_embed(incident: Incident) -> discord.Embed:
    """Title, everything that happened with its time, and whether it is over, after how long, who was at it."""
    lines = [f"{moment(line.at, 'T')} {sentence(line.text, _LONGEST_TEXT)}" for line in incident.lines]
    embed = discord.Embed(
        title=f"{icon(incident)} {sentence(incident.title, _TITLE)}",
        description=last_lines(lines, DESCRIPTION, _LONGEST_LINE),
        colour=COLOURS[incident.severity if incident.is_open else Tier.NORMAL],
        timestamp=incident.opened_at,
    )
    return embed.set_footer(text=footnote(" · ".join([*_state(incident), incident.mark]), FOOTER))


def icon(incident: Incident) -> str:
    """How bad it is, or that it is over."""
    return ICONS[incident.severity] if incident.is_open else "✅"


def _state(incident: Incident) -> list[str]:
    """Words for a place where times cannot be drawn."""
    parts = [f"open · {incident.severity.word}"]
    if incident.closed_at is not None:
        parts = [f"over after {lasted(incident.closed_at - incident.opened_at)}"]
    if incident.acknowledged is not None:
        parts.append(f"acknowledged by {footnote(incident.acknowledged.by, _NAME)}")
    return parts


def incident_buttons(incident: Incident, now: datetime, snooze_min: float) -> discord.ui.View | None:
    """What operators can say to it at `now`; nothing once it is over."""
    if not incident.is_open:
        return None
    buttons: list[Control] = []
    if incident.acknowledged is None:
        style = discord.ButtonStyle.primary
        buttons.append(control("Acknowledge", incident_id("ack", incident.id), style))
    if _is_quiet(incident, now):
        buttons.append(control("Speak again", incident_id("speak", incident.id)))
    else:
        buttons.append(control(f"Snooze {lasted(timedelta(minutes=snooze_min))}", incident_id("snooze", incident.id)))
        buttons.append(control("Silence until recovered", incident_id("silence", incident.id)))
    return controls(*buttons)


def _is_quiet(incident: Incident, now: datetime) -> bool:
    words = (incident.snoozed, incident.silenced)
    return any(word is not None and word.holds(now, incident.severity) for word in words)


def incident_choice(incident: Incident, now: datetime) -> str:
    """An incident in the picker, where times cannot be drawn for each reader."""
    ago = lasted(now - incident.opened_at)
    state = incident.severity.word if incident.is_open else "over"
    return footnote(f"{icon(incident)} {incident.mark} {ago} ago, {state}: {incident.title}", _CHOICE)


def no_such_incident(asked: str | None) -> str:
    """The answer for an incident that is not kept."""
    if asked is None:
        return "No incident is kept. That is good news."
    return f"There is no incident {plain(asked, _NAME)} any more. `/gpu incidents` lists those that are kept."


def no_such_kind(kind: str) -> str:
    """The answer for a kind that nothing ever was of."""
    return f"There has been no incident of the kind {plain(kind, _NAME)}. Choose one that is offered while you type."


def silenced_words(kind: str, word: Word | None, *, was_silenced: bool = True) -> str:
    """That a silence has begun, with what it does not hide; or, without a word, that it has ended."""
    name = plain(kind, _CHOICE)
    if word is None:
        return f"🔔 {name} is heard again." if was_silenced else f"{name} was not silenced."
    until = f" until {moment(word.until, 't')}" if word.until is not None else ""
    louder = " Alert and above are heard all the same." if word.tier is Tier.WARN else " Protect is heard all the same."
    return f"🔕 {plain(word.by, _NAME)} silenced {name}{until}.{louder}"
