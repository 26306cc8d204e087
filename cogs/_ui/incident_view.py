"""An incident as one embed, and what can be said to it."""

from datetime import datetime, timedelta

import discord

from bd1.core.incidents import Incident
from bd1.core.tiers import Tier
from cogs._ui.controls import Control, control, controls
from cogs._ui.foreign import footnote, sentence
from cogs._ui.limits import DESCRIPTION, FOOTER, last_lines
from cogs._ui.press_ids import incident_id
from cogs._ui.status_view import COLOURS
from cogs._ui.words import lasted, moment

ICONS = {Tier.NORMAL: "ℹ️", Tier.WARN: "🟡", Tier.ALERT: "🟠", Tier.PROTECT: "🔴"}  # noqa: RUF001 the emoji, not a letter
_TITLE, _LONGEST_TEXT, _LONGEST_LINE, _NAME = 250, 960, 1000, 40


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
