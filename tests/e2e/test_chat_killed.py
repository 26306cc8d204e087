"""`kill -9` in the middle of talking: after the start every question has exactly one answer, or an honest mark."""

import os
import signal
from collections.abc import AsyncIterator, Callable

import pytest

from bd1.adapters.clock import SystemClock
from bd1.sim.discord.events import Event, MessageCreated, MessageEdited
from bd1.sim.discord.model import Message
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.runners import Limits
from bd1.sim.ollama.server import OllamaServer
from tests.e2e.bot import BotProcess
from tests.e2e.conftest import Stack
from tests.e2e.stack import PATIENCE_S
from tests.e2e.talk import BEGUN, DONE, HesitantBrain, answers_to, is_over, offered

RESTARTED = "I was restarted in the middle of this answer"


class Talk:
    """People who talk to a bot that is killed."""

    def __init__(self, stack: Stack, brain: HesitantBrain, ollama: OllamaServer) -> None:
        self.stack = stack
        self.brain = brain
        self.ollama = ollama
        self.questions: dict[str, Message] = {}

    async def start(self, **chat: object) -> BotProcess:
        settings = {"ollama_url": self.ollama.url, "edit_interval_s": 1.0, "max_per_user": 10} | chat
        bot = await self.stack.start(chat=settings)
        await bot.logged("connected to Discord", PATIENCE_S)
        await self.stack.connected()
        return bot

    async def ask(self, name: str, who: str, channel: str) -> None:
        mention = self.stack.discord.bot.mention
        self.questions[name] = await self.stack.discord.person(who).say(channel, f"{mention} tell me of {name}")

    async def until(self, look: Callable[[], object], awaited: str) -> None:
        await self.stack.discord.log.until(lambda: True if look() else None, timeout=PATIENCE_S, awaited=awaited)

    def text(self, name: str) -> str:
        return "\n".join(it.content for it in answers_to(self.stack.discord, self.questions[name]))

    async def until_says(self, name: str, words: str) -> None:
        await self.until(lambda: words in self.text(name), f"{words!r} in the answer to {name}")

    async def until_over(self) -> None:
        discord = self.stack.discord
        for name, question in self.questions.items():
            await self.until(lambda question=question: is_over(discord, question), f"an end of {name}")  # type: ignore[misc]

    def ends(self, name: str) -> int:
        """How many answers or marks a question has."""
        return sum(1 for it in answers_to(self.stack.discord, self.questions[name]) if "delete" in offered(it))


@pytest.fixture
async def talk(stack: Stack) -> AsyncIterator[Talk]:
    """Chat is on, and its model is one that can be made to wait."""
    await stack.begin_in(stack.ollama)
    brain = HesitantBrain()
    ollama = OllamaServer(brain, FreeMemory(), clock=SystemClock(), limits=Limits(parallel=4, num_ctx=8192))
    await ollama.start()
    yield Talk(stack, brain, ollama)
    brain.may_end.set()
    await ollama.close()


async def test_three_stream_three_wait_four_come_meanwhile_and_each_gets_one_answer_or_a_mark(talk: Talk) -> None:
    bot = await talk.start(parallel=3)
    streaming = {"s1": ("Han", "bridge"), "s2": ("Leia", "general"), "s3": ("Leia", "gpu-alerts")}
    waiting = {"w1": ("Han", "bridge"), "w2": ("Leia", "bridge"), "w3": ("Han", "general")}
    missed = {"m1": ("Han", "bridge"), "m2": ("Leia", "general"), "m3": ("Leia", "gpu-alerts"), "m4": ("Han", "bridge")}
    for name, (who, where) in streaming.items():
        await talk.ask(name, who, where)
    for name in streaming:
        await talk.until_says(name, BEGUN)
    for name, (who, where) in waiting.items():
        await talk.ask(name, who, where)
        await talk.until_says(name, "before you")
    await bot.kill()
    for name, (who, where) in missed.items():
        await talk.ask(name, who, where)
    talk.brain.may_end.set()
    again = await talk.start(parallel=3)
    await talk.until_over()
    for name in streaming:
        assert RESTARTED in talk.text(name)
        assert f"{BEGUN} {name}" in talk.text(name)
        assert "retry" in offered(answers_to(talk.stack.discord, talk.questions[name])[-1])
    for name in (*waiting, *missed):
        assert f"{BEGUN} {name}, {DONE} {name}" in talk.text(name)
    assert {name: talk.ends(name) for name in talk.questions} == dict.fromkeys(talk.questions, 1)
    assert talk.brain.asked == dict.fromkeys(talk.questions, 1)
    assert await again.stop(timeout_s=PATIENCE_S) == 0
    before = {name: talk.text(name) for name in talk.questions}
    third = await talk.start(parallel=3)
    await talk.ask("last", "Han", "bridge")
    await talk.until_over()
    assert {name: talk.text(name) for name in before} == before
    assert await third.stop(timeout_s=PATIENCE_S) == 0
    assert "Traceback" not in third.log


@pytest.mark.parametrize("moment", [1, 2, 3])
async def test_killed_between_what_discord_did_and_what_was_booked_nothing_is_said_twice(
    talk: Talk, moment: int
) -> None:
    """The bot dies while Discord still answers its 1st, 2nd, 3rd change of a message: first word, edit, end."""
    bot, seen = await talk.start(), 0
    talk.brain.may_end.set()

    def kill_at_the_moment(event: Event) -> None:
        nonlocal seen
        if isinstance(event, MessageCreated | MessageEdited) and event.message.author_id == talk.stack.discord.bot.id:
            seen += 1
            if seen == moment:
                os.kill(bot.pid, signal.SIGKILL)

    forget = talk.stack.discord.log.listen(kill_at_the_moment)
    for name in ("a", "b"):
        await talk.ask(name, "Han", "bridge")
    await bot.ended(PATIENCE_S)
    forget()
    await talk.start()
    await talk.until_over()
    for name in ("a", "b"):
        assert talk.ends(name) == 1
        assert (DONE in talk.text(name)) or RESTARTED in talk.text(name)
        assert talk.text(name).count(BEGUN) == 1


async def test_held_questions_survive_a_kill_and_are_answered_when_chat_is_back(talk: Talk) -> None:
    talk.brain.may_end.set()
    bot = await talk.start()
    await talk.stack.shows(await talk.stack.switch("image"), "image")
    await talk.stack.told("chat → image")
    await talk.ask("h1", "Han", "bridge")
    await talk.until_says("h1", "image mode")
    await bot.kill()
    again = await talk.start()
    await talk.until_says("h1", "image mode")
    assert talk.brain.asked == {}
    await talk.stack.switch("chat")
    await talk.until_over()
    assert DONE in talk.text("h1")
    assert talk.brain.asked == {"h1": 1}
    assert await again.stop(timeout_s=PATIENCE_S) == 0
