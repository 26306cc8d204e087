"""Answers from a simulated Ollama over real connections: silence is told in time, and who goes frees the model."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bd1.adapters.clock import SystemClock
from bd1.adapters.ollama import OllamaChat
from bd1.app import Ports
from bd1.core.settings import ChatSettings
from bd1.sim.discord.events import RequestMade, TypingStarted
from bd1.sim.discord.model import Channel, Message
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.runners import Limits
from bd1.sim.ollama.server import OllamaServer
from tests.cogs.conftest import Home, buttons_of, text_of

WORDS = ("One", " two", " three", " four", " five.")
MUTE, STUCK = 0, 3
STOPPED_WITHIN_S, TOLD_WITHIN_S = 0.3, 10.0


@dataclass
class Brain:
    """Tells `WORDS`, and waits where the last word of the question says: before the first one, or in the middle.

    `closed_s` is when nobody listened any more, for each question that was begun.
    """

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[str] = field(default_factory=list)
    closed: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    closed_s: dict[str, float] = field(default_factory=dict)

    async def answer(self, _model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        name = str(messages[-1]["content"]).split()[-1]
        self.begun.append(name)
        try:
            for number, word in enumerate(WORDS):
                if number == {"mute": MUTE, "stuck": STUCK}.get(name):
                    await self.gate.wait()
                yield word
        finally:
            self.closed_s[name] = time.monotonic()
            self.closed[name].set()


class SlowMemory(FreeMemory):
    """Takes as long to load as a test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.may_load = asyncio.Event()
        self.may_load.set()

    async def load(self, model: str, mib: int) -> None:
        await self.may_load.wait()
        await super().load(model, mib)


@dataclass
class Kitchen:
    """The server, and whoever thinks in it."""

    brain: Brain
    memory: SlowMemory
    server: OllamaServer


@pytest.fixture
async def kitchen() -> AsyncIterator[Kitchen]:
    brain, memory = Brain(), SlowMemory()
    server = OllamaServer(brain, memory, clock=SystemClock(), limits=Limits(parallel=1, num_ctx=8192))
    await server.start()
    yield Kitchen(brain, memory, server)
    brain.gate.set()
    await server.close()


@pytest.fixture
async def wrap(kitchen: Kitchen) -> AsyncIterator[Callable[[Ports], Ports]]:
    """The model is asked over a connection, with the limits that BD-1 is shipped with."""
    chat = ChatSettings(workload="ollama")
    model = OllamaChat(kitchen.server.url, load_stall_s=chat.load_stall_s, stall_s=chat.stall_s)
    yield lambda ports: replace(ports, chat=model)
    await model.close()


async def ask(home: Home, text: str, who: str = "Han", channel: Channel | str = "bridge") -> Message:
    return await home.discord.person(who).say(channel, f"<@{home.discord.bot.id}> {text}")


def answer_to(home: Home, question: Message) -> Message | None:
    """The newest message below a question."""
    found = [m for m in home.discord.messages(question.channel_id) if m.author_id == home.discord.bot.id]
    below = [m for m in found if m.reference and m.reference.message_id == question.id and not m.deleted]
    return below[-1] if below else None


async def shown(home: Home, question: Message, button: str, words: str = "") -> Message:
    """The answer to a question, once it offers a button and says something."""

    def look() -> bool:
        answer = answer_to(home, question)
        return answer is not None and button in buttons_of(answer) and words in text_of(answer)

    await home.until(look, f"{button} and {words!r} below {question.content!r}")
    answer = answer_to(home, question)
    assert answer is not None
    return answer


async def closed(kitchen: Kitchen, name: str) -> float:
    """When the model's connection was closed, on `time.monotonic`."""
    async with asyncio.timeout(20):
        await kitchen.brain.closed[name].wait()
    return kitchen.brain.closed_s[name]


async def is_free(home: Home) -> None:
    """The next question is answered: the slot of a server that has only one is free."""
    question = await ask(home, "and now")
    await shown(home, question, "Regenerate", "five.")


async def test_stop_pressed_on_discord_closes_the_connection_within_300_ms(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("chat")
    question = await ask(home, "be stuck")
    message = await shown(home, question, "Stop", "three")
    pressed_s = time.monotonic()
    await home.discord.person("Han").click(message, "Stop")
    assert await closed(kitchen, "stuck") - pressed_s <= STOPPED_WITHIN_S
    await home.until_told(message, "Han stopped this answer.")
    assert message.content.startswith("One two three\n-# ⏹️")
    await is_free(home)


async def take_one(home: Home, message: Message) -> None:
    who = "Leia" if message.author_id == home.discord.bot.id else message.author_id
    await home.discord.person(who).delete(message)


async def take_many(home: Home, message: Message) -> None:
    other = await home.discord.person("Leia").say("bridge", "this too")
    home.discord.world.purge([other, message])


Take = Callable[[Home, Message], Awaitable[None]]
taken = pytest.mark.parametrize("take", [take_one, take_many], ids=["one", "many at once"])
below = pytest.mark.parametrize("is_answer", [False, True], ids=["question", "answer"])


@taken
@below
async def test_who_deletes_the_question_or_the_answer_frees_the_model(
    home: Home, kitchen: Kitchen, take: Take, is_answer: bool
) -> None:
    await home.until_mode("chat")
    question = await ask(home, "be stuck")
    message = await shown(home, question, "Stop", "three")
    await take(home, message if is_answer else question)
    await closed(kitchen, "stuck")
    await is_free(home)
    if not is_answer:
        await home.until_told(message, "Whoever deleted the message stopped this answer.")
        assert "One two three" in message.content
        await home.until(lambda: list(buttons_of(message)) == ["Delete"], "no button that asks what is gone")


@taken
@below
async def test_a_question_in_line_is_taken_back_by_deleting_it_or_its_notice(
    home: Home, kitchen: Kitchen, take: Take, is_answer: bool
) -> None:
    await home.until_mode("chat")
    first = await ask(home, "be stuck")
    await shown(home, first, "Stop", "three")
    question = await ask(home, "be second", "Leia")
    notice = await shown(home, question, "Cancel", "before you")
    await take(home, notice if is_answer else question)
    await home.until(lambda: home.rig.chat.find(question.id) is None, "the second to leave the line")
    if not is_answer:
        await home.until(lambda: notice.deleted, "nothing to stand below what is gone")
    kitchen.brain.gate.set()
    await shown(home, first, "Regenerate", "five.")
    await is_free(home)
    assert kitchen.brain.begun == ["stuck", "now"]


@taken
@below
async def test_a_held_question_is_taken_back_by_deleting_it_or_its_notice(
    home: Home, kitchen: Kitchen, take: Take, is_answer: bool
) -> None:
    await home.until_mode("image")
    question = await ask(home, "be held")
    notice = await shown(home, question, "Cancel", "image mode")
    await take(home, notice if is_answer else question)
    await home.until(lambda: home.rig.chat.find(question.id) is None, "the question to be let go")
    await home.until_mode("chat")
    await is_free(home)
    assert kitchen.brain.begun == ["now"]


async def test_a_question_that_discord_py_does_not_remember_stops_its_answer_too(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("image")
    question = await ask(home, "be stuck")
    await shown(home, question, "Cancel", "image mode")
    await home.restart_bot()
    await shown(home, question, "Cancel", "image mode")
    await home.until_mode("chat")
    await shown(home, question, "Stop", "three")
    await take_one(home, question)
    await closed(kitchen, "stuck")
    await is_free(home)


async def test_a_question_deleted_while_it_is_being_read_is_not_answered(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("chat")
    opener = await home.discord.person("Han").say("general", "let us talk of Chopper")
    thread = home.discord.world.open_thread(opener, "Chopper", opener.author_id)
    before = home.discord.log.position
    home.discord.faults.slow_requests("GET /channels/{channel_id}/messages", delay_s=0.5)
    question = await ask(home, "be deleted", "Han", thread)
    await home.discord.event(TypingStarted, since=before)
    await take_one(home, question)
    reads = "/channels/{channel_id}/messages"
    await home.discord.event(
        RequestMade,
        where=lambda made: (made.exchange.method, made.exchange.route_template) == ("GET", reads),
        since=before,
        timeout=60,
    )
    await is_free(home)  # another question gets its answer meanwhile
    assert kitchen.brain.begun == ["now"]
    assert not [m for m in home.discord.messages(thread) if not m.deleted and m.author_id == home.discord.bot.id]


FAULTS = {
    "404": ({"status": 404}, "ollama pull"),
    "400": ({"status": 400}, "Try again"),
    "500": ({"status": 500}, "Try again"),
    "cut in the middle": ({"cut_after": STUCK}, "Ask again"),
    "error line in the middle": ({"error_after": STUCK}, "Ask again"),
    "clean end in the middle": ({"ends_after": STUCK}, "Ask again"),
    "garbage in the middle": ({"garbage_after": STUCK}, "config.yaml"),
}


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_a_sentence_below_what_had_come_and_retry_answers(
    home: Home, kitchen: Kitchen, fault: dict[str, int], words: str
) -> None:
    await home.until_mode("chat")
    for name, value in fault.items():
        setattr(kitchen.server.faults, name, value)
    asked_s = time.monotonic()
    question = await ask(home, "be brave")
    message = await shown(home, question, "Retry", words)
    assert time.monotonic() - asked_s <= TOLD_WITHIN_S
    assert message.content.startswith("⚠️" if "status" in fault else "One two three")
    kitchen.server.faults.clear()
    await home.discord.person("Han").click(message, "Retry")
    await shown(home, question, "Regenerate", "five.")


async def test_a_server_that_is_down_is_a_sentence_and_retry_answers(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("chat")
    await kitchen.server.go_down()
    question = await ask(home, "be brave")
    message = await shown(home, question, "Retry", "cannot be reached")
    await kitchen.server.come_back()
    await home.discord.person("Han").click(message, "Retry")
    await shown(home, question, "Regenerate", "five.")


async def test_silence_is_told_before_the_first_word_and_in_the_middle_and_goes_with_the_next_one(
    home: Home, kitchen: Kitchen
) -> None:
    await home.until_mode("chat")
    await is_free(home)  # the model is in memory by now
    for name, came in (("mute", ""), ("stuck", "One two three")):
        kitchen.brain.gate.clear()
        question = await ask(home, f"be {name}")
        silent = await shown(home, question, "Stop", "no word from the model for 6 s; I give it 6")
        assert re.search(r"I give it 6\d s, \*Stop\* ends it$", silent.content)
        assert silent.content.startswith(came)
        kitchen.brain.gate.set()
        answer = await shown(home, question, "Regenerate", "One two three four five.")
        assert "no word" not in answer.content


async def test_a_server_that_is_full_is_told_in_words_of_its_own_and_can_be_left(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("chat")
    kitchen.server.faults.status = 503
    first = await ask(home, "be first")
    full = await shown(home, first, "Cancel", "Ollama is busy for somebody else and took no more; I ask again in")
    second = await ask(home, "be second", "Leia", "general")
    await shown(home, second, "Cancel")
    assert "kept" not in full.content
    await home.discord.person("Han").click(full, "Cancel")
    await home.until_told(full, "Han took this question back.")
    kitchen.server.faults.clear()
    await shown(home, second, "Regenerate", "five.")
    assert kitchen.brain.begun == ["second"]


async def test_a_load_that_takes_long_tells_how_long_it_may(home: Home, kitchen: Kitchen) -> None:
    await home.until_mode("chat")
    kitchen.memory.may_load.clear()
    question = await ask(home, "be quick")
    loading = await shown(home, question, "Stop", "I give it 3 min, *Stop* ends it")
    assert "loading llama3:8b (4.7 GB)" in loading.content
    kitchen.memory.may_load.set()
    await shown(home, question, "Regenerate", "five.")
