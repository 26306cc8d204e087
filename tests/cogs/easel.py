"""A painter at work on the loopback Discord, with an answer that says what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from discord import Client
from discord import Message as Asked

from bd1.core.answer import Finished, Text, Update
from bd1.core.settings import ChatSettings
from bd1.errors import ChatStopped
from bd1.sim.discord.model import Message
from bd1.sim.discord.server import LoopbackDiscord
from cogs._ui.edit_budget import EditBudgets
from cogs._ui.painter import Painter

FINISHED = Finished("llama3:8b", 40.0, 0, cut=False, prompt_tokens=100, answer_tokens=20, num_ctx=8192)


class FakeAnswer:
    """An answer under way, by hand."""

    def __init__(self) -> None:
        self._updates: asyncio.Queue[Update | Exception] = asyncio.Queue()
        self.message_ids: tuple[int, ...] = ()
        self.is_posted = asyncio.Event()
        self.end: asyncio.Future[tuple[str, str, bool]] = asyncio.get_running_loop().create_future()

    def tell(self, *updates: Update | Exception) -> None:
        for update in updates:
            self._updates.put_nowait(update)

    def say(self, text: str) -> None:
        self.tell(Text(text))

    def whole(self, text: str, finished: Finished = FINISHED) -> None:
        self.tell(Text(text), finished)

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            update = await self._updates.get()
            if isinstance(update, Exception):
                raise update
            yield update
            if isinstance(update, Finished):
                return

    def stop(self, by: str) -> None:
        self.tell(ChatStopped(f"{by} stopped this answer."))

    async def posted(self, message_ids: tuple[int, ...]) -> None:
        self.message_ids = message_ids
        self.is_posted.set()

    async def delivered(self, text: str, thinking: str = "", *, cut: bool) -> None:
        self.end.set_result((text, thinking, cut))

    async def ended(self) -> tuple[str, str, bool]:
        """Waits until all of it is on Discord."""
        async with asyncio.timeout(30):
            return await self.end


@dataclass
class Easel:
    """The loopback Discord, a bare client on it, and its painters. `waiting` are the next questions' answers."""

    discord: LoopbackDiscord
    client: Client
    edits: EditBudgets
    settings: ChatSettings = field(default_factory=lambda: ChatSettings(workload="ollama", edit_interval_s=0.5))
    waiting: list[FakeAnswer] = field(default_factory=list)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    painters: list[Painter] = field(default_factory=list)

    def tune(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    async def ask(self, channel: str = "bridge", who: str = "Han") -> FakeAnswer:
        """Somebody asks; the answer that is painted below it."""
        answer = FakeAnswer()
        self.waiting.append(answer)
        count = len(self.tasks)
        await self.discord.person(who).say(channel, f"<@{self.discord.bot.id}> hello")
        await self.until(lambda: len(self.tasks) > count, "a painter")
        return answer

    def paint(self, message: Asked) -> None:
        painter = Painter(message, self.edits, self.settings)
        self.painters.append(painter)
        self.tasks.append(asyncio.create_task(painter.paint(self.waiting.pop(0))))

    def answers(self, channel: str = "bridge") -> list[Message]:
        """What the bot said, as it stands."""
        return [m for m in self.discord.messages(channel) if m.author_id == self.discord.bot.id and not m.deleted]

    def texts(self, channel: str = "bridge") -> list[str]:
        return [message.content for message in self.answers(channel)]

    async def until(self, look: Any, awaited: str) -> None:
        await self.discord.log.until(lambda: True if look() else None, timeout=20, awaited=awaited)

    async def until_text(self, text: str, channel: str = "bridge") -> Message:
        """Waits until a message holds this text."""
        await self.until(lambda: any(text in told for told in self.texts(channel)), text)
        return next(m for m in self.answers(channel) if text in m.content)
