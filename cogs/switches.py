"""Messages of switches that nobody brings to their end any more: BD-1 did not live, or this bot is another one."""

import asyncio
import logging

import discord
from discord.ext import commands

from bd1.services.house import Services
from bd1.services.screens import Screen
from cogs._ui.switch_view import ended_embed
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
_RETRY_S = 5.0


class Switches(commands.Cog):
    """Shows in them how it ended, as soon as that is known."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._task: asyncio.Task[None] | None = None

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._end_all(), name="ends of switches")

    async def cog_unload(self) -> None:
        """The bot is closed; the next one goes on."""
        if self._task is not None:
            self._task.cancel()

    async def _end_all(self) -> None:
        while left := self._services.screens.all_open:
            for screen in left:
                await self._end(screen)
            await asyncio.sleep(_RETRY_S)

    async def _end(self, screen: Screen) -> None:
        """Nothing yet of a switch that is under way, or that nobody knows the end of."""
        entry = self._services.journal.entry(screen.switch_id)
        if entry is not None and entry.is_open:
            return
        try:
            if entry is not None:
                channel = self._bot.get_partial_messageable(screen.channel_id)
                await channel.get_partial_message(screen.message_id).edit(embed=ended_embed(entry), view=None)
        except (discord.NotFound, discord.Forbidden) as trouble:
            _LOG.info("the message of a switch cannot show its end: %s", trouble)
        except UNREACHABLE as trouble:
            _LOG.warning("the end of a switch could not be shown, and is tried again: %s", trouble)
            return
        self._services.screens.close(screen.message_id)
