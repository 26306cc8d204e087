"""Talking to BD-1: mentions, replies, direct messages, chat channels."""

import discord
from discord.ext import commands

from bd1.core.access import may_chat
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, person_anywhere
from cogs._ui.asking import Asking
from cogs._ui.turns import said_text

_NO_DMS = "I do not answer direct messages. Please mention me in a channel of the server."
_NO_TEXT = "I cannot read this message: Discord shows me only messages that mention me. Please mention me in it."


class Chat(commands.Cog):
    """Answers whoever talks to the bot."""

    def __init__(self, bot: commands.Bot, services: Services, asking: Asking) -> None:
        self._bot = bot
        self._services = services
        self._asking = asking

    async def cog_unload(self) -> None:
        """The bot is closed: answers under way end with it."""
        await self._asking.close()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        me = self._bot.user
        if me is None or message.author.bot or not self._is_for_me(message):
            return
        if refusal := await self._refusal(message, me):
            await message.reply(f"⚠️ {refusal}")
        else:
            self._asking.begin(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._gone(event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in event.message_ids:
            self._gone(message_id)

    def _gone(self, message_id: int) -> None:
        """Whoever deletes the question or the answer wants no more of it."""
        if answer := self._services.chat.shown_in(message_id):
            answer.stop("Whoever deleted the message")

    def _is_for_me(self, message: discord.Message) -> bool:
        settings, me = self._services.settings.discord, self._bot.user
        if message.guild is None or (me and me in message.mentions):
            return True
        if settings.message_content and message.channel.id in settings.chat_channel_ids:
            return True
        replied = message.reference.resolved if message.reference else None
        return isinstance(replied, discord.Message) and replied.author == me

    async def _refusal(self, message: discord.Message, me: discord.ClientUser) -> str | None:
        settings, guild_id = self._services.settings.discord, message.guild.id if message.guild else None
        if message.guild is None and not settings.allow_dms:
            return _NO_DMS
        if not may_chat(settings, await person_anywhere(self._bot, message.author, guild_id, settings)):
            return NOT_FOR_YOU
        return None if said_text(message, me) or message.attachments else _NO_TEXT
