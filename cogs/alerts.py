"""Posts into the alert channel: each incident as a message edited as its story goes on, each switch as one line.

What is told when, and whom it rings, is decided elsewhere; here it is made into messages that stand exactly once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

import discord
from discord.ext import commands

from bd1.core.incidents import Incident
from bd1.core.journal import Entry
from bd1.core.notices import Act, Notice, Ring
from bd1.services.herald import Digest
from bd1.services.house import Services
from cogs._ui.found import standing_line, standing_message
from cogs._ui.incident_post import digest_shown, incident_shown
from cogs._ui.log_view import audit_line, ended_at
from cogs._ui.picture import picture_file
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
Post = Callable[[discord.PartialMessageable], Awaitable[None]]
_PACE_S = 1.0
_RETRY_S = 10.0
_NONCE_LASTS = timedelta(minutes=1)
"""For so long Discord surely knows a nonce again."""
_TOO_OLD_TO_EDIT = 30046


class Alerts(commands.Cog):
    """The poster. `run` is a task of whoever starts the bot; what is not posted yet waits in the services."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._ready = asyncio.Event()
        self._told = asyncio.Event()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        self._ready.set()

    @property
    def was_ready(self) -> bool:
        """Whether this bot has ever been connected."""
        return self._ready.is_set()

    @property
    def _me(self) -> int:
        return self._bot.user.id if self._bot.user else 0

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
            self._told.set()
            if told:
                await self._services.herald.until_news()
                await self._pause()
            else:
                await asyncio.sleep(_RETRY_S)

    async def _pause(self) -> None:
        """Waits a moment, so that bursts become one edit. What rings somebody waits for nothing."""
        changed = self._services.alerts.changed
        with suppress(TimeoutError):
            async with asyncio.timeout(_PACE_S):
                while not any(notice.ring for notice in self._services.herald.news().notices):
                    changed.clear()
                    await changed.wait()

    async def illustrate(self) -> None:
        """Puts pictures into what `run` has posted, for ever. Drawing takes seconds, and no message waits for it."""
        channel_id, pictures = self._services.settings.discord.alert_channel_id, self._services.pictures
        while True:
            await self._told.wait()
            self._told.clear()
            while channel_id is not None and (incident := pictures.due()) is not None:
                if await self._put_picture(incident, self._bot.get_partial_messageable(channel_id)):
                    pictures.done(incident)
                await asyncio.sleep(_PACE_S)

    async def _put_picture(self, incident: Incident, channel: discord.PartialMessageable) -> bool:
        """Draws it and puts it into its message as it stands; false when that is to be tried again, after a while."""
        png = await self._services.pictures.of(incident)
        if png is None or incident.message_id is None:
            return True
        try:
            await channel.get_partial_message(incident.message_id).edit(attachments=[picture_file(png)])
        except discord.NotFound:
            _LOG.info("the message of incident %s was deleted before it had its picture", incident.id)
        except discord.DiscordServerError as trouble:
            return await self._later(trouble)
        except discord.HTTPException as refusal:
            _LOG.warning("the alert channel does not take a picture (may I attach files there?): %s", refusal)
        except UNREACHABLE as trouble:
            return await self._later(trouble)
        return True

    @staticmethod
    async def _later(trouble: Exception) -> bool:
        _LOG.warning("a picture could not be posted, I try again in %g s: %s", _RETRY_S, trouble)
        await asyncio.sleep(_RETRY_S)
        return False

    async def _post_all(self, channel_id: int) -> bool:
        """Whether everything was told. What Discord refuses keeps nothing else from being told."""
        channel = self._bot.get_partial_messageable(channel_id)
        refused = False
        for post in self._news():
            try:
                await post(channel)
            except discord.HTTPException as trouble:
                refused = True
                _LOG.warning("the alert channel did not take a message, I try again in %g s: %s", _RETRY_S, trouble)
            except UNREACHABLE as trouble:
                _LOG.warning("the alert channel could not be told, I try again in %g s: %s", _RETRY_S, trouble)
                return False
        return not refused

    def _news(self) -> list[Post]:
        """Everything that nobody has posted, in the order in which it happened; what is replaced is swept up last."""
        news, journal = self._services.herald.news(), self._services.journal
        stories: list[tuple[datetime, Post]]
        stories = [(it.incident.lines[-1].at, partial(self._tell_incident, it)) for it in news.notices]
        stories += [(it.members[-1].lines[-1].at, partial(self._tell_digest, it)) for it in news.digests]
        stories += [(ended_at(entry), partial(self._tell_switch, entry)) for entry in journal.untold()]
        return [*(post for _, post in sorted(stories, key=itemgetter(0))), self._sweep]

    async def _tell_incident(self, notice: Notice, channel: discord.PartialMessageable) -> None:
        if notice.act is Act.POST:
            await self._post_incident(notice, channel)
        else:
            await self._edit_incident(notice, channel)

    async def _post_incident(self, notice: Notice, channel: discord.PartialMessageable) -> None:
        """A message of its own. One that an earlier life posted, and did not live to note, is taken as it stands."""
        incident, alerts = notice.incident, self._services.alerts
        await alerts.secure()
        if alerts.may_stand_already(incident.id):
            known = {incident.message_id, incident.digest_message_id, *incident.old_message_ids}
            if (found := await standing_message(channel, self._me, incident.mark, known)) is not None:
                has_rung = notice.ring or Ring.FIRST if found.content else None
                alerts.posted(incident.id, incident.posted_revision, found.id, has_rung)
                return
        alerts.tries(incident.id)
        shown = incident_shown(incident, self._services.settings, self._services.clock.now(), notice.ring, nonce=True)
        message = await channel.send(**shown.for_send())
        alerts.posted(incident.id, incident.revision, message.id, notice.ring)

    async def _edit_incident(self, notice: Notice, channel: discord.PartialMessageable) -> None:
        incident, alerts = notice.incident, self._services.alerts
        if incident.message_id is None:
            return
        shown = incident_shown(incident, self._services.settings, self._services.clock.now())
        try:
            await channel.get_partial_message(incident.message_id).edit(**shown.for_edit())
        except discord.NotFound:
            _LOG.info("the message of incident %s was deleted", incident.id)
            alerts.message_gone(incident.id)
        except discord.HTTPException as refusal:
            if refusal.code != _TOO_OLD_TO_EDIT:
                raise
            alerts.edit_refused(incident.id)
        else:
            alerts.edited(incident.id, incident.revision)

    async def _tell_digest(self, digest: Digest, channel: discord.PartialMessageable) -> None:
        alerts, posted_at = self._services.alerts, digest.posted_at or self._services.clock.now()
        await alerts.secure()
        message_id = await self._stand_digest(digest, channel)
        for member in digest.members:
            if member.posted_at is not None:
                continue  # it has a message of its own by now
            if message_id is None:
                alerts.settle(member.id)
            else:
                alerts.gathered(member.id, member.revision, message_id, posted_at)

    async def _stand_digest(self, digest: Digest, channel: discord.PartialMessageable) -> int | None:
        """The message that shows the digest now; `None` when somebody deleted it."""
        shown, message_id = digest_shown(digest), digest.message_id
        if message_id is None:
            found = await standing_message(channel, self._me, digest.mark, frozenset())
            if found is None:
                return (await channel.send(**shown.for_send())).id
            message_id = found.id
        try:
            await channel.get_partial_message(message_id).edit(**shown.for_edit())
        except discord.NotFound:
            return None
        return message_id

    async def _tell_switch(self, entry: Entry, channel: discord.PartialMessageable) -> None:
        line = audit_line(entry)
        is_fresh = self._services.clock.now() - ended_at(entry) < _NONCE_LASTS
        if is_fresh or await standing_line(channel, self._me, line) is None:
            await channel.send(line, nonce=entry.id, suppress_embeds=True)
        self._services.journal.told(entry.id)

    async def _sweep(self, channel: discord.PartialMessageable) -> None:
        """Takes away the messages that newer ones have replaced."""
        alerts = self._services.alerts
        for incident in alerts.all():
            for message_id in incident.old_message_ids:
                try:
                    await channel.get_partial_message(message_id).delete()
                except discord.NotFound:
                    _LOG.debug("message %d was gone already", message_id)
                alerts.taken_away(incident.id, message_id)
