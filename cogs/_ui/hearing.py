"""Which messages are meant for BD-1, and which of those it may not or cannot answer."""

import discord

from bd1.core.access import may_chat
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, person_anywhere
from cogs._ui.channel_reader import said_text

NO_DMS = "I do not answer direct messages. Please mention me in a channel of the server."
_NO_TEXT = "I cannot read this message: Discord shows me only messages that mention me. Please mention me in it."


def is_for_me(message: discord.Message, services: Services, me: discord.ClientUser) -> bool:
    """Whether somebody talks to BD-1: a mention, a reply to it, a direct message, or anything in a chat channel."""
    settings = services.settings.discord
    if message.author.bot or message.type not in {discord.MessageType.default, discord.MessageType.reply}:
        return False
    if message.guild is None or me in message.mentions:
        return True
    places = {message.channel.id, message.channel.parent_id if isinstance(message.channel, discord.Thread) else None}
    if settings.message_content and not places.isdisjoint(settings.chat_channel_ids):
        return True
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author == me


async def why_not(client: discord.Client, message: discord.Message, services: Services) -> str | None:
    """Why there will be no answer, a sentence for its author; `None` when there will be one."""
    settings, guild_id, me = services.settings.discord, message.guild.id if message.guild else None, client.user
    if message.guild is None and not settings.allow_dms:
        return NO_DMS
    if not may_chat(settings, await person_anywhere(client, message.author, guild_id, settings)):
        return NOT_FOR_YOU
    if me is None:
        return None
    if message.guild is None or me in message.mentions or settings.message_content:
        return None  # whether there is anything to answer shows in the conversation: a bare mention asks about that
    return None if said_text(message, me) or message.attachments else _NO_TEXT
