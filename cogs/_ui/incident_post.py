"""An incident, or a digest of several, as the arguments of a message: for a post, for an edit, for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bd1.core.incidents import Incident
from bd1.core.notices import Ring
from bd1.core.settings import Settings
from bd1.services.herald import Digest
from cogs._ui.digest_view import digest_embed
from cogs._ui.foreign import sentence
from cogs._ui.incident_view import incident_buttons, incident_embed
from cogs._ui.words import lasted

_TITLE = 250


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows. `for_send`, `for_edit` and `for_answer` are what discord.py's calls take."""

    embed: discord.Embed
    view: discord.ui.View | None = None
    content: str | None = None
    roles: Sequence[int] = ()
    """Whom the content rings, and nobody else."""
    nonce: str | None = None

    def for_send(self) -> dict[str, Any]:
        """For `send` in a channel."""
        roles: list[discord.abc.Snowflake] = [discord.Object(role) for role in self.roles]
        rung = discord.AllowedMentions(everyone=False, users=False, roles=roles or False, replied_user=False)
        more = {"view": self.view, "content": self.content, "nonce": self.nonce}
        return {"embed": self.embed, "allowed_mentions": rung} | {k: v for k, v in more.items() if v is not None}

    def for_edit(self) -> dict[str, Any]:
        """For `edit`: what is not there any more goes. The content stays as it is: an edit rings nobody."""
        return {"embed": self.embed, "view": self.view}


def incident_shown(
    incident: Incident, settings: Settings, now: datetime, ring: Ring | None = None, *, nonce: bool = False
) -> Shown:
    """An incident as it stands at `now`. `ring` says why operators are rung by it, if they are.

    With `nonce`, Discord takes the same post only once within minutes.
    """
    return Shown(
        incident_embed(incident),
        incident_buttons(incident, now, settings.alerts.snooze_min),
        None if ring is None else ring_words(incident, settings, now, ring),
        settings.discord.operator_role_ids if ring is not None else (),
        f"{incident.id}-{incident.messages}" if nonce else None,
    )


def digest_shown(digest: Digest) -> Shown:
    """Several incidents in one message."""
    return Shown(digest_embed(digest), nonce=digest.id)


def ring_words(incident: Incident, settings: Settings, now: datetime, ring: Ring) -> str:
    """The line that rings: the roles, and why."""
    roles = " ".join(f"<@&{role}>" for role in settings.discord.operator_role_ids)
    title = sentence(incident.title, _TITLE)
    if ring is Ring.UNANSWERED and incident.pinged_at is not None:
        waited = lasted(now - incident.pinged_at)
        return f"{roles} Nobody has answered for {waited}: {title}".strip()
    if ring is Ring.WORSE:
        return f"{roles} It has become worse: {title}".strip()
    return f"{roles} {title}".strip()
