"""Paints a growing answer into Discord messages.

The pump (model) and the painter (edits) run apart: a slow edit never stalls the model, and what came meanwhile goes out
with the next edit.
"""

import asyncio
import logging

import discord

from bd1.core.answer import Finished, Held, Loading, Text, Thinking, Update, Waiting
from bd1.core.stream import closed, split
from bd1.errors import Bd1Error
from bd1.services.answering import Answer

_LOG = logging.getLogger(__name__)
_MIB_PER_GB = 1000 * 1000 * 1000 / (1024 * 1024)


class Painter:
    """One answer to one question, as one or more messages. Painted at most every `interval_s` seconds."""

    def __init__(self, question: discord.Message, interval_s: float) -> None:
        self._question = question
        self._interval_s = interval_s
        self._text = ""
        self._notice = ""
        self._news = asyncio.Event()
        self._messages: list[discord.Message] = []
        self._shown: list[str] = []
        self._thinking = ""
        self._cut = False

    async def paint(self, answer: Answer) -> None:
        """Shows the answer until it is complete; trouble is told below what has come so far, which is kept."""
        pump = asyncio.create_task(self._pump(answer), name="chat pump")
        typing = asyncio.create_task(self._type(), name="typing sign")
        try:
            while not pump.done():
                await self._next_news(pump)
                if await self._draw(answer):
                    typing.cancel()
                    await asyncio.wait({pump}, timeout=self._interval_s)
            pump.result()
            await self._draw(answer)
            await answer.delivered(self._text, self._thinking, cut=self._cut)
        finally:
            for task in (pump, typing):
                task.cancel()
            await asyncio.gather(pump, typing, return_exceptions=True)

    async def _next_news(self, pump: asyncio.Task[None]) -> None:
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait({news, pump}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        self._news.clear()

    async def _type(self) -> None:
        """The typing sign from the first moment until something can be read."""
        try:
            async with self._question.channel.typing():
                await asyncio.Event().wait()
        except discord.HTTPException as trouble:
            _LOG.debug("no typing sign: %s", trouble.text)

    async def _pump(self, answer: Answer) -> None:
        try:
            async for update in answer.updates():
                self._take(update)
                self._news.set()
        except Bd1Error as trouble:
            self._notice = f"-# ⚠️ {trouble}" if self._text else str(trouble)

    def _take(self, update: Update) -> None:
        match update:
            case Text(text):
                self._text += text
                self._notice = ""
            case Waiting(ahead, eta_s):
                eta = "" if eta_s is None else f", about {eta_s:.0f} s"
                self._notice = f"-# ⏳ {ahead} before you{eta}; I answer as soon as it is your turn."
            case Held(reason):
                self._notice = f"-# ⏸️ {reason} I keep your question and answer it then."
            case Loading(model, size_mib, usual_s):
                size = "" if size_mib is None else f" ({size_mib / _MIB_PER_GB:.1f} GB)"
                usual = "" if usual_s is None else f", usually {usual_s:.0f} s"
                self._notice = f"-# ⏳ Loading {model}{size} into VRAM{usual}."
            case Thinking(text):
                self._thinking += text
                self._notice = "-# 💭 Thinking."
            case Finished():
                self._cut = update.cut
                self._notice = _footer(update)

    async def _draw(self, answer: Answer) -> bool:
        """Brings the messages up to date; true when Discord was asked for anything."""
        whole = f"{closed(self._text)}\n{self._notice}" if self._text and self._notice else self._text or self._notice
        asked = False
        for place, part in enumerate(part.shown for part in split(whole) if part.shown):
            asked |= await self._put(place, part)
        await answer.posted(tuple(message.id for message in self._messages))
        return asked

    async def _put(self, place: int, part: str) -> bool:
        if place < len(self._shown) and self._shown[place] == part:
            return False
        if place < len(self._messages):
            await self._messages[place].edit(content=part)
            self._shown[place] = part
        else:
            above = self._messages[-1] if self._messages else self._question
            reference = above.to_reference(fail_if_not_exists=False)
            self._messages.append(await self._question.channel.send(part, reference=reference, suppress_embeds=True))
            self._shown.append(part)
        return True


def _footer(finished: Finished) -> str:
    parts = [finished.model]
    if finished.tokens_per_s is not None:
        parts.append(f"{finished.tokens_per_s:.0f} tokens/s")
    if finished.left_out:
        parts.append(f"⚠️ the {finished.left_out} oldest messages did not fit into the context")
    if finished.cut:
        parts.append("⚠️ cut at the length limit")
    return f"-# {' · '.join(parts)}"
