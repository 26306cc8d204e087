"""What one person posts right after one another in a place of talk is one question: which messages go on from which.

It decides that alone; the conversation itself is joined by `core.talk`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import discord

from bd1.core.answer import Question
from bd1.core.talk import SPLIT_S
from bd1.services.answering import Answer
from cogs._ui.hearing import mentions_my_role
from cogs._ui.painter import Painter

_MOST_PLACES = 500
"""So many places are remembered; in each the last message."""
_ASKER = "Whoever asked"


@dataclass(slots=True, eq=False)
class Asked:
    """One message on its way to an answer. `earlier` is the message before it for which it speaks as well."""

    message: discord.Message
    earlier: "Asked | None" = None
    question: Question | None = None
    """As it was read; `None` before."""
    painter: Painter | None = None
    answer: Answer | None = None
    had_place: bool = False
    """Whether it, or a message that it speaks for, stood in line: then it is not one more question."""
    is_spoken_for: bool = False
    """A later message speaks for this one; it gets no answer of its own."""
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def take_back(self) -> bool:
        """Ends it without a trace; false where it had its end, or a word of its answer can be seen."""
        is_over = bool(self.tasks) and all(task.done() for task in self.tasks)
        if is_over or (self.painter is not None and not self.painter.take_back()):
            return False
        self.is_spoken_for = True
        if self.answer is not None:
            self.answer.stop(_ASKER, is_gone=True)
        return True

    def parts(self) -> "Iterator[Asked]":
        """The messages for which this one speaks, the newest first."""
        part = self.earlier
        while part is not None:
            yield part
            part = part.earlier


class Splits:
    """The last message of each place, while it may be gone on from."""

    def __init__(self) -> None:
        self._last: dict[int, Asked | None] = {}

    def pass_by(self, message: discord.Message) -> None:
        """Somebody said something that is not for BD-1: what comes after it goes on from nothing."""
        if not message.author.bot and message.channel.id in self._last:
            self._last[message.channel.id] = None

    def take(self, asked: Asked, me: discord.ClientUser, *, is_place: bool) -> None:
        """A question came. Where it goes on from the one before, that one is taken back, and this speaks for both."""
        before = self._last.pop(asked.message.channel.id, None)
        self._last[asked.message.channel.id] = asked
        if len(self._last) > _MOST_PLACES:
            del self._last[next(iter(self._last))]
        if is_place and before is not None and _goes_on(asked.message, before.message, me) and before.take_back():
            asked.earlier = before
            asked.had_place = before.had_place or before.answer is not None

    def is_continued(self, message: discord.Message, me: discord.ClientUser) -> bool:
        """Whether a later question, heard already, speaks for this message."""
        last = self._last.get(message.channel.id)
        return last is not None and _goes_on(last.message, message, me)


def _goes_on(message: discord.Message, before: discord.Message, me: discord.ClientUser) -> bool:
    if message.author != before.author or message.id <= before.id:
        return False
    if message.reference is not None or me in message.mentions or mentions_my_role(message):  # it speaks for itself
        return False
    return (message.created_at - before.created_at).total_seconds() <= SPLIT_S
