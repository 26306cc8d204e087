"""Where somebody may have talked to BD-1 while it was away. A bounded number of places, the newest ones."""

import logging
from collections.abc import Sequence
from datetime import datetime
from math import inf

import discord

from bd1.services.house import Services

_LOG = logging.getLogger(__name__)
_MOST_PLACES, _MOST_DIRECT = 50, 50
_MOST_MET = 10
"""Direct channels looked up for the first time at one go: Discord dislikes many of these."""

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread | discord.DMChannel
_AtHome = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


async def places(client: discord.Client, services: Services, since: datetime) -> Sequence[Readable]:
    """Channels and threads at home where something was said since then, and direct messages.

    Discord lists no direct messages to a bot: those count in which somebody wrote before, and those of people who asked
    somewhere else. While a server is unavailable they wait: who may ask is read off its roles.
    """
    after = discord.utils.time_snowflake(since)
    guilds = [guild for guild in client.guilds if guild.id in services.settings.discord.guild_ids]
    at_home = [place for guild in guilds for place in await _at_home(guild)]
    spoken_in = [place for place in at_home if (place.last_message_id or 0) > after and _may_read(place)]
    spoken_in.sort(key=lambda place: place.last_message_id or 0)
    if any(guild.unavailable for guild in guilds):
        return spoken_in[-_MOST_PLACES:]
    return [*spoken_in[-_MOST_PLACES:], *await _direct(client, services, {place.id for place in at_home})]


async def readable(client: discord.Client, channel_id: int) -> Readable | None:
    """A channel that can be read; `None` when there is none of this id any more."""
    try:
        channel = client.get_channel(channel_id) or await client.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden):
        return None
    return channel if isinstance(channel, Readable) else None


async def _at_home(guild: discord.Guild) -> Sequence[_AtHome]:
    """Discord is asked for the threads: the gateway tells of those that it thinks matter."""
    threads: Sequence[discord.Thread] = guild.threads
    try:
        threads = await guild.active_threads()
    except discord.HTTPException as trouble:
        _LOG.info("the threads of a server cannot be listed: %s", trouble.text)
    return [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *threads]


def _may_read(place: _AtHome) -> bool:
    if isinstance(place, discord.Thread) and place.parent is None:
        return False
    may = place.permissions_for(place.guild.me)
    return may.read_messages and may.read_message_history


async def _direct(client: discord.Client, services: Services, known: set[int]) -> list[Readable]:
    cursors = services.chat.cursors
    if services.settings.discord.allow_dms:
        await _meet(client, services)
    ids = sorted((it for it in cursors.channel_ids if it not in known), key=lambda it: cursors.after(it) or inf)
    found = [await readable(client, channel_id) for channel_id in ids[-_MOST_DIRECT:]]
    return [channel for channel in found if channel is not None]


async def _meet(client: discord.Client, services: Services) -> None:
    """Looks up the direct channel of those who asked something elsewhere, once for each of them."""
    cursors = services.chat.cursors
    strangers = [person for person in await services.chat.askers() if not cursors.has_met(person)]
    for person_id in strangers[:_MOST_MET]:
        try:
            channel = await client.create_dm(discord.Object(person_id))
        except discord.HTTPException as trouble:
            _LOG.debug("a direct channel cannot be looked up: %s", trouble.text)
            continue
        await cursors.meet(person_id, channel.id)
