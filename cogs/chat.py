"""Talking to BD-1: mentions, replies, direct messages, chat channels."""

import asyncio
import logging

import discord
from discord.ext import commands

from bd1.core.access import may_use
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, as_person
from cogs._ui.painter import Painter
from cogs._ui.turns import read_question, said_text

_LOG = logging.getLogger(__name__)
_NO_DMS = "I do not answer direct messages. Please mention me in a channel of the server."
_NO_TEXT = "I cannot read this message: Discord shows me only messages that mention me. Please mention me in it."
_UNEXPECTED = "Something went wrong that I did not expect. It is in my log; please ask again."


class Chat(commands.Cog):
    """Answers whoever talks to the bot."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._answers: set[asyncio.Task[None]] = set()

    async def cog_unload(self) -> None:
        """The bot is closed: answers under way end with it, before the connections they use."""
        for answer in self._answers:
            answer.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        me = self._bot.user
        if me is None or message.author.bot or not self._is_for_me(message):
            return
        answer = asyncio.create_task(self._answer(message, me), name="answer")
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _answer(self, message: discord.Message, me: discord.ClientUser) -> None:
        try:
            if refusal := self._refusal(message, me):
                await message.reply(refusal)
                return
            question = await read_question(message, self._services, me)
            updates = self._services.chat.answer(question.said, question.asker)
            await Painter(message, self._services.settings.chat.edit_interval_s).paint(updates)
        except discord.HTTPException as trouble:
            _LOG.warning("an answer could not be posted: %s", trouble.text)
        except Exception:  # noqa: BLE001 the border of one message's task: told, logged, and the next message is answered
            _LOG.exception("a message could not be answered")
            await message.channel.send(_UNEXPECTED)

    def _is_for_me(self, message: discord.Message) -> bool:
        settings, me = self._services.settings.discord, self._bot.user
        if message.guild is None or (me and me in message.mentions):
            return True
        if settings.message_content and message.channel.id in settings.chat_channel_ids:
            return True
        replied = message.reference.resolved if message.reference else None
        return isinstance(replied, discord.Message) and replied.author == me

    def _refusal(self, message: discord.Message, me: discord.ClientUser) -> str | None:
        guild_id = message.guild.id if message.guild else None
        if not may_use(self._services.settings.discord, as_person(message.author, guild_id)):
            return NOT_FOR_YOU if message.guild else _NO_DMS
        return None if said_text(message, me) or message.attachments else _NO_TEXT
