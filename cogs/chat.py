"""Talking to BD-1: mentions, replies, direct messages, chat channels."""

import asyncio
import logging

import discord
from discord.ext import commands

from bd1.core.access import may_use
from bd1.core.conversation import Said
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, as_person
from cogs._ui.painter import Painter

_LOG = logging.getLogger(__name__)
_NO_DMS = "I do not answer direct messages. Please mention me in a channel of the server."
_NO_TEXT = "I cannot read this message: Discord shows me only messages that mention me. Please mention me in it."
_UNEXPECTED = "Something went wrong that I did not expect. It is in my log; please ask again."
_MARK = "-# "


class Chat(commands.Cog):
    """Answers whoever talks to the bot. A conversation is a reply chain, or a direct-message channel."""

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
        if message.author.bot or not self._is_for_me(message):
            return
        answer = asyncio.create_task(self._answer(message), name="answer")
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _answer(self, message: discord.Message) -> None:
        try:
            if refusal := self._refusal(message):
                await message.reply(refusal)
                return
            updates = self._services.chat.answer(await self._conversation(message), message.author.display_name)
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

    def _refusal(self, message: discord.Message) -> str | None:
        guild_id = message.guild.id if message.guild else None
        if not may_use(self._services.settings.discord, as_person(message.author, guild_id)):
            return NOT_FOR_YOU if message.guild else _NO_DMS
        return None if self._text(message) else _NO_TEXT

    def _text(self, message: discord.Message) -> str:
        me = self._bot.user
        text = message.content
        if me:
            text = text.replace(f"<@{me.id}>", "").replace(f"<@!{me.id}>", "")
        if message.author == me:
            text = "\n".join(line for line in text.split("\n") if not line.startswith(_MARK))
        return text.strip()

    async def _conversation(self, question: discord.Message) -> list[Said]:
        """What was said up to the question, oldest first; parts of one answer are joined."""
        messages = await (self._channel_history(question) if question.guild is None else self._reply_chain(question))
        said: list[Said] = []
        for message in messages:
            text = self._text(message)
            role = "assistant" if message.author == self._bot.user else "user"
            if said and role == "assistant" == said[-1].role:
                said[-1] = Said("assistant", f"{said[-1].text}\n{text}")
            elif text:
                said.append(Said("assistant" if role == "assistant" else "user", text, message.author.display_name))
        return said

    async def _reply_chain(self, question: discord.Message) -> list[discord.Message]:
        chain = [question]
        while len(chain) < self._services.settings.chat.history_messages:
            above = await self._replied_to(chain[-1])
            if above is None:
                break
            chain.append(above)
        return chain[::-1]

    async def _replied_to(self, message: discord.Message) -> discord.Message | None:
        reference = message.reference
        if reference is None or reference.message_id is None or reference.channel_id != message.channel.id:
            return None
        known = reference.cached_message or reference.resolved
        if isinstance(known, discord.Message):
            return known
        if isinstance(known, discord.DeletedReferencedMessage):
            return None
        try:
            return await message.channel.fetch_message(reference.message_id)
        except discord.HTTPException:
            return None  # deleted or not to be seen: the conversation begins below it

    async def _channel_history(self, question: discord.Message) -> list[discord.Message]:
        limit = self._services.settings.chat.history_messages - 1
        earlier = [message async for message in question.channel.history(limit=limit, before=question)]
        return [*reversed(earlier), question]
