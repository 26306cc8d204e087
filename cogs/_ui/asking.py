"""From a message to its answer on Discord: each in a task of its own, so that nothing else waits for it."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, Protocol, cast

import aiohttp
import discord

from bd1.core.answer import Question
from bd1.errors import Bd1Error, ChatUnavailable, LineFull
from bd1.services.answering import Answer
from bd1.services.house import Services
from bd1.services.ledger import LedgerEntry
from cogs._ui.answer_view import answer_buttons
from cogs._ui.asker import may_look_at_card
from cogs._ui.begun import begun_text
from cogs._ui.catching_up import LeftOpen, hear_missed
from cogs._ui.edit_budget import EditBudgets
from cogs._ui.foreign import sentence
from cogs._ui.hearing import OwnThreads, is_for_me, why_not
from cogs._ui.painter import Painter
from cogs._ui.splits import Asked, Splits
from cogs._ui.turns import is_place_of_talk, read_question

_LOG = logging.getLogger(__name__)
_UNEXPECTED = "⚠️ Something went wrong that I did not expect. It is in my log; please ask again."
_REMEMBERED = 500
"""Messages that a catching-up may meet once more."""
_GONE = "The question is gone, so I cannot answer it again."
_SENTENCE = 1500
_TAKER = "Whoever deleted the message"

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
        self._catching_up: asyncio.Task[None] | None = None
        self._is_behind = False
        self._heard: deque[int] = deque(maxlen=_REMEMBERED)
        self._gone: deque[int] = deque(maxlen=_REMEMBERED)
        self._splits = Splits()
        self._threads = OwnThreads(services)

    @property
    def is_ready(self) -> bool:
        """Whether the bot is connected and has looked for its servers."""
        return self._client.is_ready()

    async def hear(self, message: discord.Message) -> None:
        """Answers a message that is meant for BD-1, or says below it why not. The same message is heard once."""
        me = self._client.user
        if me is None:
            return
        if not (is_for_me(message, self._services, me) or await self._threads.hold(message, me)):
            self._splits.pass_by(message)
            return
        if message.id in self._heard:
            return
        self._heard.append(message.id)
        self._services.chat.cursors.hear(message.channel.id, message.id)
        asked = Asked(message)
        self._splits.take(asked, me, is_place=is_place_of_talk(message.channel, self._services))
        self._spawn(self._answer(asked), asked)

    def forget(self, message_id: int) -> None:
        """A message was deleted: whoever deletes a question or its answer wants no more of it."""
        self._gone.append(message_id)
        if answer := self._services.chat.shown_in(message_id):
            answer.stop(_TAKER, is_gone=message_id == answer.question.id)

    async def again(self, channel: Channel, question_id: int, how: How) -> None:
        """See `ask_again`."""
        before = await self._services.chat.entry(question_id)
        try:
            message = await channel.fetch_message(question_id)
        except discord.NotFound:
            raise ChatUnavailable(_GONE) from None
        begun_ids = (*before.begun_ids, *before.message_ids) if before and how == "continue" else ()
        await self._begin(Asked(message), begun_ids, before)

    async def go_on(self, message: discord.Message, entry: LedgerEntry) -> None:
        """Asks a question anew that was left open before anything was said. Raises `Bd1Error`.

        One for which a later message speaks that was heard meanwhile has its end.
        """
        me, asked = self._me(), Asked(message, had_place=True)
        if self._splits.is_continued(message, me):
            await self._services.chat.close_left_open(entry.question_id, (), complete=False)
            return
        self._splits.take(asked, me, is_place=False)
        await self._begin(asked, entry.begun_ids)

    @contextmanager
    def _painter(self, message: discord.Message, below: int | None) -> Iterator[Painter]:
        """Whoever paints the answer: shows at once that the question was heard, and no more if it cannot be asked."""
        painter = Painter(message, self._edits, self._services.settings.chat, below)
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

    def catch_up(self) -> None:
        """Ends what was left open, and hears what was said meanwhile; in a task of its own, one at a time.

        Asked while it does so, it looks once more afterwards.
        """
        self._is_behind = True
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._catch_up_wholly(), name="catching up")

    async def _catch_up_wholly(self) -> None:
        while self._is_behind:
            self._is_behind = False
            await self._catch_up()

    async def _catch_up(self) -> None:
        """What cannot be done now is done when the bot is connected anew."""
        try:
            await LeftOpen(self._client, self._services, self.go_on).end_all()
            await hear_missed(self._client, self._services, self.hear)
        except (discord.DiscordException, OSError, aiohttp.ClientError, TimeoutError, Bd1Error) as trouble:
            _LOG.warning("what happened meanwhile could not be looked at: %s", trouble)
        except Exception:  # noqa: BLE001 the border of this task: the bot talks on, and the next connection tries again
            _LOG.exception("what happened meanwhile could not be looked at")

    async def close(self) -> None:
        """The bot is closed: answers under way end with it, before the connections they use."""
        tasks = [*self._tasks, *([self._catching_up] if self._catching_up else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._edits.close()

    def _spawn(self, work: Coroutine[Any, Any, None], asked: Asked) -> None:
        task = asyncio.create_task(self._at_the_border(work, asked.message), name="answer")
        asked.tasks.append(task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _at_the_border(self, work: Coroutine[Any, Any, None], message: discord.Message) -> None:
        try:
            await work
        except Bd1Error as trouble:
            await _refuse(message, trouble)
        except discord.HTTPException as trouble:
            _LOG.warning("an answer could not be posted: %s", trouble.text)
        except Exception:  # noqa: BLE001 the border of one message's task: told, logged, and the next message is answered
            _LOG.exception("a message could not be answered")
            await message.channel.send(_UNEXPECTED)

    async def _answer(self, asked: Asked) -> None:
        message = asked.message
        try:
            await self._begin_or_refuse(asked)
        except discord.HTTPException as trouble:
            _LOG.warning("a question could not be answered, nor refused: %s", trouble.text)
        await self._services.chat.cursors.settle(message.channel.id, message.id)
        if message.guild is None:
            await self._services.chat.cursors.meet(message.author.id, message.channel.id)

    async def _begin_or_refuse(self, asked: Asked) -> None:
        try:
            if refusal := await why_not(self._client, asked.message, self._services):
                await _refuse(asked.message, refusal)
            else:
                await self._begin(asked)
        except LineFull as trouble:  # nothing is wrong with it: it is booked, and can be asked again
            told = await _refuse(asked.message, trouble, ("retry", "delete"))
            if asked.question is not None:
                await self._services.chat.set_aside(asked.question, (told.id,))
        except Bd1Error as trouble:
            if not asked.is_spoken_for:
                await _refuse(asked.message, trouble)

    async def _begin(self, asked: Asked, begun_ids: tuple[int, ...] = (), before: LedgerEntry | None = None) -> None:
        """Takes a place in line, and paints the answer in a task of its own."""
        me, message = self._me(), asked.message
        with self._painter(message, begun_ids[-1] if begun_ids else None) as painter:
            asked.painter = painter
            may_look = await may_look_at_card(self._client, message, self._services.settings.discord)
            question = replace(await read_question(message, self._services, me), may_look=may_look)
            begun = await begun_text(message.channel, begun_ids, me)
            await self._end_parts(asked, question)
            if asked.is_spoken_for:  # while it was being read
                painter.give_up()
                return
            question = asked.question = replace(question, begun=begun)
            answer = self._services.chat.ask(question, before=before, had_place=asked.had_place)
            asked.answer = answer
            if message.id in self._gone:  # while it was being read
                answer.stop(_TAKER, is_gone=True)
        self._spawn(self._paint(painter, answer), asked)
        await answer.booked.wait()

    async def _end_parts(self, asked: Asked, question: Question) -> None:
        """What this one speaks for has its end in the ledger before this one is booked: neither is asked twice."""
        for part in asked.parts():
            if part.tasks:
                await asyncio.wait(part.tasks)
            await self._services.chat.set_aside(replace(question, id=part.message.id))

    async def _paint(self, painter: Painter, answer: Answer) -> None:
        try:
            await painter.paint(answer)
        finally:
            self._services.chat.leave(answer)


async def _refuse(message: discord.Message, why: object, buttons: tuple[str, ...] = ()) -> discord.Message:
    """Says below a message, in a sentence, why it gets no answer."""
    text, view = f"⚠️ {sentence(str(why), _SENTENCE)}", answer_buttons(message.id, buttons)
    return await (message.reply(text) if view is None else message.reply(text, view=view))
