"""Posts into the alert channel: each incident as a message edited as its story goes on, each switch as one line."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from operator import itemgetter

import discord
from discord.ext import commands

from bd1.core.journal import Entry
from bd1.services.alerts import Incident
from bd1.services.house import Services
from cogs._ui.incident_view import incident_embed
from cogs._ui.log_view import audit_line, ended_at
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
Post = Callable[[discord.PartialMessageable], Awaitable[None]]
_PACE_S = 1.0
_RETRY_S = 10.0


class Alerts(commands.Cog):
    """The poster. `run` is a task of whoever starts the bot; what is not posted yet waits in the service."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._ready = asyncio.Event()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        self._ready.set()

    @property
    def was_ready(self) -> bool:
        """Whether this bot has ever been connected."""
        return self._ready.is_set()

    async def run(self) -> None:
        """Posts news for ever, once the bot is ready. Bursts become one edit."""
        channel_id = self._services.settings.discord.alert_channel_id
        if channel_id is None:
            _LOG.warning("no alert channel is configured: incidents are only logged")
            await asyncio.Event().wait()
            return
        await self._ready.wait()
        changed = self._services.alerts.changed
        while True:
            changed.clear()
            told = await self._post_all(channel_id)
            if told:
                await changed.wait()
            await asyncio.sleep(_PACE_S if told else _RETRY_S)

    async def _post_all(self, channel_id: int) -> bool:
        channel = self._bot.get_partial_messageable(channel_id)
        try:
            for post in self._news():
                await post(channel)
        except UNREACHABLE as trouble:
            _LOG.warning("the alert channel could not be told, I try again in %g s: %s", _RETRY_S, trouble)
            return False
        return True

    def _news(self) -> list[Post]:
        """Everything that nobody has posted, in the order in which it happened."""
        alerts, journal = self._services.alerts, self._services.journal
        stories: list[tuple[datetime, Post]]
        stories = [(story.lines[-1].at, partial(self._tell_incident, story)) for story in alerts.unposted()]
        stories += [(ended_at(entry), partial(self._tell_switch, entry)) for entry in journal.untold()]
        return [post for _, post in sorted(stories, key=itemgetter(0))]

    async def _tell_incident(self, incident: Incident, channel: discord.PartialMessageable) -> None:
        message_id = await self._post(channel, incident)
        self._services.alerts.posted(incident.id, incident.revision, message_id)

    async def _tell_switch(self, entry: Entry, channel: discord.PartialMessageable) -> None:
        await channel.send(audit_line(entry), nonce=entry.id, suppress_embeds=True)
        self._services.journal.told(entry.id)

    @staticmethod
    async def _post(channel: discord.PartialMessageable, incident: Incident) -> int:
        embed = incident_embed(incident)
        if incident.message_id is not None:
            try:
                await channel.get_partial_message(incident.message_id).edit(embed=embed)
            except discord.NotFound:
                _LOG.info("the message of incident %s was deleted, it is posted again", incident.id)
            else:
                return incident.message_id
            return (await channel.send(embed=embed)).id
        # the same nonce twice within minutes is one message, so a post that was cut in its middle is not doubled
        return (await channel.send(embed=embed, nonce=incident.id)).id
