"""What is done when BD-1 comes back: ends what an earlier run left open, and hears what was said meanwhile.

What stands on Discord is the truth. A question that was answered is booked so, half an answer is marked, and only what
shows no word of an answer is asked anew. It looks back a bounded time and a bounded number of messages.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta

import discord

from bd1.errors import ChatUnavailable
from bd1.services.house import Services
from bd1.services.ledger import LedgerEntry, LedgerState, ending_of
from cogs._ui.answer_view import answer_buttons
from cogs._ui.foreign import sentence
from cogs._ui.places import Readable, places, readable
from cogs._ui.press_ids import ANSWER
from cogs._ui.readable_text import said_text

_LOG = logging.getLogger(__name__)
_CUT = "-# ⚠️ I was restarted in the middle of this answer. What had come stands above; press Retry for a whole one."
_PROMISES = ("-# ⏳", "-# 💭", "-# 📄")
"""How a line begins that says what will come; it does not come any more."""
_TOO_LATE = "⚠️ I was restarted before I came to this question, and that is long ago. Press Retry to ask again."
_LONGEST, _SENTENCE = 2000, 1500
_LOOKED_AT = 100
_OVER = {"retry", "regenerate", "delete"}
_NOT_BEGUN = {"cancel"}
_NOBODY = discord.AllowedMentions.none()

GoOn = Callable[[discord.Message, LedgerEntry], Awaitable[None]]


class LeftOpen:
    """Questions without an end. `go_on` asks one anew of which nothing was said yet."""

    def __init__(self, client: discord.Client, services: Services, go_on: GoOn) -> None:
        self._client = client
        self._services = services
        self._go_on = go_on

    async def end_all(self) -> None:
        """One after the other, the oldest first. What Discord does not let it end is left for the next time."""
        for entry in await self._services.chat.left_open():
            try:
                await self._end(entry)
            except discord.HTTPException as trouble:
                _LOG.warning("a question left open cannot be ended now: %s", trouble.text)

    async def _end(self, entry: LedgerEntry) -> None:
        channel = await readable(self._client, entry.channel_id)
        try:
            question = await channel.fetch_message(entry.question_id) if channel else None
        except (discord.NotFound, discord.Forbidden):
            question = None
        answers = await self._answers(channel, entry) if channel else []
        if question is None:
            for message in answers:
                await _take_leave(message, entry)
            await self._close(entry, answers, complete=False)
            return
        if answers and _stand(answers[-1]) & _OVER:
            await self._close(entry, answers, complete="retry" not in _stand(answers[-1]))
        elif self._is_whole(entry, answers):
            await answers[-1].edit(view=answer_buttons(entry.question_id, ("regenerate", "delete")))
            await self._close(entry, answers, complete=True)
        elif self._says_anything(answers):
            await self._mark(entry, question, answers)
        else:
            await self._ask_anew(entry, question, answers)

    async def _answers(self, channel: Readable, entry: LedgerEntry) -> list[discord.Message]:
        """My messages below the question, in order, also those that were posted and not booked any more."""
        me, wanted = self._client.user, {entry.question_id, *entry.begun_ids, *entry.message_ids}
        found: dict[int, discord.Message] = {}
        after = discord.Object(max(wanted))
        booked = [await _fetched(channel, message_id) for message_id in entry.message_ids]
        later = [message async for message in channel.history(limit=_LOOKED_AT, after=after, oldest_first=True)]
        for message in (*(it for it in booked if it), *later):
            above = message.reference.message_id if message.reference else None
            if message.author != me or message.id in entry.earlier_ids:
                continue
            if message.id in wanted or above in wanted:
                wanted.add(message.id)
                found[message.id] = message
        return [found[message_id] for message_id in sorted(found)]

    def _is_whole(self, entry: LedgerEntry, answers: Sequence[discord.Message]) -> bool:
        if not entry.ending or not answers:
            return False
        text = "".join(self._text(message) for message in answers)
        return ending_of(text) == entry.ending or any(message.attachments for message in answers)

    def _says_anything(self, answers: Iterable[discord.Message]) -> bool:
        return any(self._text(message) for message in answers if not _stand(message) & _NOT_BEGUN)

    def _text(self, message: discord.Message) -> str:
        return said_text(message, message.author)

    async def _mark(self, entry: LedgerEntry, question: discord.Message, answers: list[discord.Message]) -> None:
        last, view = answers[-1], answer_buttons(entry.question_id, ("retry", "delete"))
        lines = [line for line in last.content.split("\n") if not line.startswith(_PROMISES)]
        content = "\n".join([*lines, _CUT])
        if len(content.encode("utf-16-le")) // 2 <= _LONGEST:
            await last.edit(content=content, view=view, allowed_mentions=_NOBODY)
        else:
            await last.edit(view=None)
            answers = [*answers, await _reply(question, _CUT, entry)]
        await self._close(entry, answers, complete=False)

    async def _ask_anew(self, entry: LedgerEntry, question: discord.Message, notices: list[discord.Message]) -> None:
        for notice in notices:
            await notice.delete()
        if self._services.clock.now() - entry.asked_at > self._patience(entry):
            await self._close(entry, [await _reply(question, _TOO_LATE, entry)], complete=False)
            return
        try:
            await self._go_on(question, entry)
        except ChatUnavailable as refusal:
            await self._close(
                entry, [await _reply(question, f"⚠️ {sentence(str(refusal), _SENTENCE)}", entry)], complete=False
            )

    def _patience(self, entry: LedgerEntry) -> timedelta:
        chat = self._services.settings.chat
        is_held = entry.state is LedgerState.HELD
        return timedelta(seconds=max(chat.hold_s, chat.catch_up_s) if is_held else chat.catch_up_s)

    async def _close(self, entry: LedgerEntry, answers: Iterable[discord.Message], *, complete: bool) -> None:
        ids = tuple(message.id for message in answers)
        await self._services.chat.close_left_open(entry.question_id, ids, complete=complete)


async def hear_missed(
    client: discord.Client, services: Services, hear: Callable[[discord.Message], Awaitable[None]]
) -> None:
    """Hears what was said while nobody listened and has no answer yet, the oldest first in each channel."""
    chat, settings = services.chat, services.settings.chat
    since = max(chat.cursors.first_started, services.clock.now() - timedelta(seconds=settings.catch_up_s))
    for channel in await places(client, services, since):
        after = max(discord.utils.time_snowflake(since), chat.cursors.after(channel.id))
        try:
            messages = [message async for message in channel.history(limit=settings.catch_up_messages)]
        except discord.HTTPException as trouble:
            _LOG.info("a channel cannot be looked through: %s", trouble.text)
            continue
        answered = {it.reference.message_id for it in messages if it.author == client.user and it.reference}
        for message in reversed(messages):
            if message.id > after and message.id not in answered and not chat.knows(message.id):
                await _with_member(message)
                await hear(message)


async def _with_member(message: discord.Message) -> None:
    """Messages of the past come without their author's roles."""
    if message.guild is not None and isinstance(message.author, discord.User) and not message.author.bot:
        try:
            message.author = await message.guild.fetch_member(message.author.id)
        except discord.HTTPException:
            _LOG.debug("an author is no member any more")


async def _fetched(channel: Readable, message_id: int) -> discord.Message | None:
    try:
        return await channel.fetch_message(message_id)
    except discord.NotFound:
        return None


async def _take_leave(message: discord.Message, entry: LedgerEntry) -> None:
    """Whose question is gone: what can be read stays, and nothing more will come."""
    if said_text(message, message.author):
        await message.edit(view=answer_buttons(entry.question_id, ("delete",)))
    else:
        await message.delete()


async def _reply(question: discord.Message, text: str, entry: LedgerEntry) -> discord.Message:
    view = answer_buttons(entry.question_id, ("retry", "delete"))
    if view is None:
        return await question.reply(text, allowed_mentions=_NOBODY)
    return await question.reply(text, allowed_mentions=_NOBODY, view=view)


def _stand(message: discord.Message) -> set[str]:
    """What the buttons below a message offer: that tells how far the answer was."""
    buttons = (item for row in message.components if isinstance(row, discord.ActionRow) for item in row.children)
    pressed = (ANSWER.fullmatch(getattr(button, "custom_id", None) or "") for button in buttons)
    return {found["how"] for found in pressed if found}
