"""Talking to BD-1: mentions, replies, direct messages, chat channels."""

import discord
from discord.ext import commands

from cogs._ui.asking import Asking


class Chat(commands.Cog):
    """Answers whoever talks to the bot."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def cog_unload(self) -> None:
        """The bot is closed: answers under way end with it."""
        await self._asking.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        self._asking.catch_up()

    @commands.Cog.listener()
    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """A server that was away, or that came after the bot was ready: nobody has looked there yet."""
        if self._asking.is_ready:
            self._asking.catch_up()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        await self._asking.hear(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._asking.forget(event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in event.message_ids:
            self._asking.forget(message_id)
