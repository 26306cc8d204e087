"""Which messages are meant for BD-1, and which of those it may not or cannot answer."""

import discord

from bd1.core.access import may_chat
from bd1.services.house import Services
from cogs._ui.asker import person_anywhere, refusal_of
from cogs._ui.readable_text import said_text

NO_DMS = "I do not answer direct messages. Please mention me in a channel of the server."
_NO_TEXT = "I cannot read this message: Discord shows me only messages that mention me. Please mention me in it."
_ROLE = (
    "You mentioned my role, not me, and Discord shows me only messages that mention me. Please pick me "
    "from the list, not the role."
)
_MOST_THREADS = 500


def is_for_me(message: discord.Message, services: Services, me: discord.ClientUser) -> bool:
    """Whether somebody talks to BD-1: a mention of it or its role, a reply, a direct message, or a chat channel."""
    settings = services.settings.discord
    if message.author.bot or message.type not in {discord.MessageType.default, discord.MessageType.reply}:
        return False
    if message.guild is None or me in message.mentions or mentions_my_role(message):
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
    person = await person_anywhere(client, message.author, guild_id, settings)
    if not may_chat(settings, person):
        return refusal_of(person)
    if me is None:
        return None
    if message.guild is None or me in message.mentions or settings.message_content:
        return None  # whether there is anything to answer shows in the conversation: a bare mention asks about that
    if said_text(message, me) or message.attachments:
        return None
    return _ROLE if mentions_my_role(message) else _NO_TEXT


def mentions_my_role(message: discord.Message) -> bool:
    """Discord gives a bot a role of the bot's name, which stands beside it in the list of whom to mention."""
    return message.guild is not None and message.guild.self_role in message.role_mentions


class OwnThreads:
    """Threads that were opened on an answer of BD-1's: there nobody has to mention it. Each is looked up once."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings.discord
        self._known: dict[int, bool] = {}

    async def hold(self, message: discord.Message, me: discord.ClientUser) -> bool:
        """Whether a message stands in one, and can be read."""
        thread = message.channel
        if not (self._settings.message_content and isinstance(thread, discord.Thread)) or message.author.bot:
            return False
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return False
        if thread.id not in self._known:
            try:
                self._known[thread.id] = await _is_on_answer(thread, me)
            except discord.HTTPException:
                return False  # the next message asks again
            if len(self._known) > _MOST_THREADS:
                del self._known[next(iter(self._known))]
        return self._known[thread.id]


async def _is_on_answer(thread: discord.Thread, me: discord.ClientUser) -> bool:
    """An answer is a reply; below an incident or what a command showed people talk to each other."""
    if not isinstance(thread.parent, discord.TextChannel):
        return False
    try:
        starter = thread.starter_message or await thread.parent.fetch_message(thread.id)
    except (discord.NotFound, discord.Forbidden):
        return False
    return starter.author == me and starter.type is discord.MessageType.reply
