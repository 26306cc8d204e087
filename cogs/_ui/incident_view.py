"""An incident as one embed."""

import discord

from bd1.core.tiers import Tier
from bd1.services.alerts import Incident
from cogs._ui.foreign import sentence
from cogs._ui.limits import DESCRIPTION, last_lines
from cogs._ui.status_view import COLOURS
from cogs._ui.words import moment

_ICONS = {Tier.NORMAL: "ℹ️", Tier.WARN: "🟡", Tier.ALERT: "🟠", Tier.PROTECT: "🔴"}  # noqa: RUF001 the emoji, not a letter
_TITLE, _LONGEST_TEXT, _LONGEST_LINE = 250, 960, 1000


def incident_embed(incident: Incident) -> discord.Embed:
    """Title, everything that happened with its time, and whether it is over."""
    lines = [f"{moment(line.at, 'T')} {sentence(line.text, _LONGEST_TEXT)}" for line in incident.lines]
    over = incident.closed_at is not None
    embed = discord.Embed(
        title=f"{'✅' if over else _ICONS[incident.severity]} {sentence(incident.title, _TITLE)}",
        description=last_lines(lines, DESCRIPTION, _LONGEST_LINE),
        colour=COLOURS[Tier.NORMAL if over else incident.severity],
        timestamp=incident.opened_at,
    )
    embed.set_footer(text="over" if over else f"open · {incident.severity.word}")
    return embed
