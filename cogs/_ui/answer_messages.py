"""The Discord messages of one answer: brings them to what a sheet says, with as few requests as that takes."""

import asyncio
import io
import logging
import secrets
from collections.abc import Sequence

import discord
from discord.utils import MISSING

from cogs._ui.answer_sheet import FILE_NAME, Paper
from cogs._ui.answer_view import answer_buttons
from cogs._ui.edit_budget import ChannelEdits

_LOG = logging.getLogger(__name__)
_NOBODY = discord.AllowedMentions.none()
_ASKER = discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=True)
"""No word of the text rings anybody: only that it is a reply rings whoever is replied to."""


class AnswerMessages:
    """The messages below one question, in order. Nobody is ever mentioned in what they say, and no link is embedded."""

    def __init__(self, question: discord.Message, edits: ChannelEdits, below: int | None = None) -> None:
        """`below` is the message that the first one replies to; `None` for the question itself."""
        self._question = question
        self._below = below or question.id
        self._edits = edits
        self._messages: list[discord.Message] = []
        self._shown: list[Paper] = []
        self._before: list[discord.Message] = []
        """What stood there before all of it was said anew."""
        self._rings = False
        self._nonce = secrets.token_hex(8)
        self._sent = 0

    @property
    def ids(self) -> tuple[int, ...]:
        """The messages there are."""
        return tuple(message.id for message in self._messages)

    @property
    def count(self) -> int:
        """How many messages there are."""
        return len(self._messages)

    def show(self, papers: Sequence[Paper]) -> bool:
        """Whether the messages say just that."""
        return list(papers) == self._shown

    def needs_edit(self, papers: Sequence[Paper]) -> bool:
        """Whether a message that is there has to be changed for it."""
        return any(new != old for new, old in zip(papers, self._shown, strict=False))

    async def bring_to(self, papers: Sequence[Paper]) -> None:
        """Changes and sends what differs; both at once, so that no text is gone for longer than that takes.

        Raises what discord.py raises. What was done before that counts: another try goes on from there.
        """
        work = [self._change(papers), self._send(papers[len(self._messages) :]), self._drop(len(papers))]
        for result in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
        while self._before:
            await _delete(self._before.pop())

    async def bring_to_ringing(self, papers: Sequence[Paper]) -> None:
        """The same in new messages, the first of which rings whoever asked; what stood there is deleted."""
        self._rings = self._below == self._question.id
        self._before += self._messages
        self._messages, self._shown = [], []
        await self.bring_to(papers)

    async def bring_to_afresh(self, papers: Sequence[Paper]) -> None:
        """The same, but the last message is a new one, which marks the channel as unread; the old one is deleted."""
        old = self._messages.pop() if len(self._messages) == len(papers) else None
        if old is not None:
            del self._shown[-1]
        await self.bring_to(papers)
        if old is not None:
            await _delete(old)

    async def _change(self, papers: Sequence[Paper]) -> None:
        for place, (message, new, old) in enumerate(zip(self._messages, papers, self._shown, strict=False)):
            if new != old:
                above = message.reference.message_id if message.reference else None
                await self._edits.edit(_edit(message, new, old, self._question.id, self._allowed(above)))
                self._shown[place] = new

    def _allowed(self, above: int | None) -> discord.AllowedMentions:
        """An edit rings nobody; without the same word in it the mark that it rang would be gone."""
        return _ASKER if self._rings and above == self._question.id else _NOBODY

    async def _drop(self, count: int) -> None:
        while len(self._messages) > count:
            del self._shown[-1]
            await _delete(self._messages.pop())

    async def _send(self, papers: Sequence[Paper]) -> None:
        for paper in papers:
            above = self._messages[-1].id if self._messages else self._below
            message = await self._question.channel.send(
                paper.content,
                reference=discord.MessageReference(
                    message_id=above, channel_id=self._question.channel.id, fail_if_not_exists=False
                ),
                allowed_mentions=self._allowed(above),
                suppress_embeds=True,
                nonce=f"{self._nonce}{self._sent}",  # a second try of a message that did arrive makes no second one
                view=answer_buttons(self._question.id, paper.buttons) or MISSING,
                file=MISSING if paper.file is None else _file(paper.file),
            )
            self._sent += 1
            self._messages.append(message)
            self._shown.append(paper)


async def _delete(message: discord.Message) -> None:
    try:
        await message.delete()
    except discord.NotFound:
        _LOG.debug("a message was gone before it was deleted")


async def _edit(
    message: discord.Message, new: Paper, old: Paper, question_id: int, allowed: discord.AllowedMentions
) -> None:
    await message.edit(
        content=new.content,
        view=MISSING if new.buttons == old.buttons else answer_buttons(question_id, new.buttons),
        attachments=MISSING if new.file is None else [_file(new.file)],
        allowed_mentions=allowed,
        suppress=True,  # what discord.py sends without it takes the mark off again
    )


def _file(text: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), FILE_NAME)
