"""Who asks the bot on the loopback Discord and presses what stands below its answers, and a model told what to say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bd1.ports import ChatChunk, ChatTurn
from bd1.sim.discord.interactions import Invocation
from bd1.sim.discord.model import Message
from tests.cogs.conftest import Home, buttons_of, text_of


class Model:
    """Thinks, says words, waits behind a door, and writes down when it was closed."""

    def __init__(self, home: Home) -> None:
        self.thought = ""
        self.words: tuple[str, ...] = ("Hello", " there.")
        self.reason = "stop"
        self.door: Callable[[], Awaitable[object]] | None = None
        self.closed: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.turns: list[Sequence[ChatTurn]] = []
        home.rig.model.chat = self.chat  # type: ignore[method-assign,assignment]

    async def chat(self, _model: str, turns: Sequence[ChatTurn], **_limits: object) -> AsyncIterator[ChatChunk]:
        self.turns.append(turns)
        try:
            if self.thought:
                yield ChatChunk(thinking=self.thought)
            for word in self.words:
                yield ChatChunk(text=word)
            if self.door:
                await self.door()
            yield ChatChunk(done=True, done_reason=self.reason, tokens_per_s=40.0)
        finally:
            if not self.closed.done():
                self.closed.set_result(asyncio.get_running_loop().time())


async def ask(home: Home, who: str = "Han", text: str = "hello") -> Message:
    return await home.discord.person(who).say("bridge", f"<@{home.discord.bot.id}> {text}")


def answers(home: Home) -> list[Message]:
    return [m for m in home.discord.messages("bridge") if m.author_id == home.discord.bot.id and not m.ephemeral]


async def answered(home: Home, button: str = "Regenerate", count: int = 1) -> Message:
    """Waits until so many answers offer a button; the newest."""

    def found() -> list[Message]:
        return [message for message in answers(home) if button in buttons_of(message)]

    await home.until(lambda: len(found()) >= count, f"{count} answers with {button}")
    return found()[-1]


async def press(home: Home, who: str, message: Message, button: str) -> Invocation:
    return await home.discord.person(who).click(message, button)


async def told_alone(home: Home, who: str, message: Message, button: str) -> str:
    """What somebody alone is told for a press."""
    response = await (await press(home, who, message, button)).response()
    assert response.ephemeral
    return text_of(response)
