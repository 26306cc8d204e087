"""From a message to its answer on Discord: each in a task of its own, so that nothing else waits for it."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, Protocol, cast

import discord

from bd1.core.answer import Question
from bd1.errors import Bd1Error, ChatUnavailable
from bd1.services.house import Services
from cogs._ui.edit_budget import EditBudgets
from cogs._ui.painter import Painter
from cogs._ui.turns import read_question, said_text

_LOG = logging.getLogger(__name__)
_UNEXPECTED = "⚠️ Something went wrong that I did not expect. It is in my log; please ask again."
_GONE = "The question is gone, so I cannot answer it again."

Channel = discord.abc.Messageable
How = Literal["retry", "regenerate", "continue"]


class _Home(Protocol):
    asking: "Asking"


async def ask_again(client: discord.Client, channel: Channel, question_id: int, how: How) -> None:
    """Answers the question of this message once more; returns once it has its place in line.

    "continue" goes on where the last answer ended. Raises `ChatUnavailable` with a sentence when it cannot be asked.
    """
    await cast("_Home", client).asking.again(channel, question_id, how)


class Asking:
    """All answers under way of one bot. It ends with the bot: what has no end by then is left open in the ledger."""

    def __init__(self, client: discord.Client, services: Services, edits: EditBudgets) -> None:
        self._client = client
        self._services = services
        self._edits = edits
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, message: discord.Message) -> None:
        """Answers a message; trouble is told below it."""
        self._spawn(self._answer(message), message)

    async def again(self, channel: Channel, question_id: int, how: How) -> None:
        """See `ask_again`."""
        try:
            message = await channel.fetch_message(question_id)
        except discord.NotFound:
            raise ChatUnavailable(_GONE) from None
        with self._painter(message) as painter:
            me = self._me()
            begun = await self._begun(channel, question_id, me) if how == "continue" else ""
            question = await read_question(message, self._services, me)
            self._begin_question(painter, message, replace(question, begun=begun), again=True)

    @contextmanager
    def _painter(self, message: discord.Message) -> Iterator[Painter]:
        """Whoever paints the answer: shows at once that the question was heard, and no more if it cannot be asked."""
        painter = Painter(message, self._edits, self._services.settings.chat)
        painter.begin()
        try:
            yield painter
        except BaseException:
            painter.give_up()
            raise

    def _me(self) -> discord.ClientUser:
        if self._client.user is None:
            raise ChatUnavailable("I am not connected to Discord yet. Please ask again in a moment.")
        return self._client.user

    async def close(self) -> None:
        """The bot is closed: answers under way end with it, before the connections they use."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._edits.close()

    def _spawn(self, work: Coroutine[Any, Any, None], message: discord.Message) -> None:
        task = asyncio.create_task(self._at_the_border(work, message), name="answer")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _at_the_border(self, work: Coroutine[Any, Any, None], message: discord.Message) -> None:
        try:
            await work
        except Bd1Error as trouble:
            await message.reply(f"⚠️ {trouble}")
        except discord.HTTPException as trouble:
            _LOG.warning("an answer could not be posted: %s", trouble.text)
        except Exception:  # noqa: BLE001 the border of one message's task: told, logged, and the next message is answered
            _LOG.exception("a message could not be answered")
            await message.channel.send(_UNEXPECTED)

    async def _answer(self, message: discord.Message) -> None:
        with self._painter(message) as painter:
            question = await read_question(message, self._services, self._me())
            self._begin_question(painter, message, question, again=False)

    def _begin_question(self, painter: Painter, message: discord.Message, question: Question, *, again: bool) -> None:
        answer = self._services.chat.ask(question, again=again)

        async def paint() -> None:
            try:
                await painter.paint(answer)
            finally:
                self._services.chat.leave(answer)

        self._spawn(paint(), message)

    async def _begun(self, channel: Channel, question_id: int, me: discord.ClientUser) -> str:
        entry = await self._services.chat.entry(question_id)
        parts = [await channel.fetch_message(message_id) for message_id in entry.message_ids] if entry else []
        return "".join(said_text(part, me) for part in parts)
