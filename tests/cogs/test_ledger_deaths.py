"""BD-1 dies around every write of its book of questions: each still gets one answer or an honest mark, never two."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bd1.app import Ports
from bd1.ports import Store
from bd1.services.ledger import QUESTIONS, THOUGHTS
from bd1.sim.discord.model import Message
from bd1.sim.discord.settings import ServerSettings
from tests.cogs.answering import Model, ask
from tests.cogs.conftest import Home
from tests.e2e.talk import answers_to, is_over, offered

BOOKS = {QUESTIONS, THOUGHTS, "chat heard"}
MARK, WHOLE = "I was restarted in the middle of this answer", "Hello there."
MANY = 10_000


@dataclass
class Doom:
    """When the life on the disk ends: right before, or right after, the write of this number; 0 is never."""

    number: int = 0
    is_after: bool = False
    writes: int = 0
    has_struck: asyncio.Event = field(default_factory=asyncio.Event)
    strike: Callable[[], None] = lambda: None

    def set(self, number: int, *, is_after: bool) -> None:
        self.number, self.is_after, self.writes = number, is_after, 0
        self.has_struck.clear()

    def meets(self, *, is_after: bool) -> bool:
        return (self.writes, is_after) == (self.number, self.is_after)


class MortalStore:
    """A disk as one life has it: once the life is over, no call has an effect and none returns."""

    def __init__(self, store: Store, doom: Doom) -> None:
        self._store = store
        self._doom = doom
        self._is_dead = False

    async def get(self, collection: str, key: str) -> dict[str, Any] | None:
        await self._live_on()
        return await self._store.get(collection, key)

    async def items(self, collection: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        await self._live_on()
        return await self._store.items(collection)

    async def delete(self, collection: str, *keys: str) -> None:
        await self._live_on()
        await self._store.delete(collection, *keys)

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        await self._live_on()
        is_counted = collection in BOOKS
        self._doom.writes += is_counted
        if is_counted and self._doom.meets(is_after=False):
            await self._die()
        await self._store.put(collection, key, value)
        if is_counted and self._doom.meets(is_after=True):
            await self._die()

    async def close(self) -> None:
        """Outlives every life."""

    async def _die(self) -> None:
        self._is_dead = True
        self._doom.strike()
        self._doom.has_struck.set()
        await self._live_on()

    async def _live_on(self) -> None:
        if self._is_dead:
            await asyncio.Event().wait()


@pytest.fixture
def discord_rules() -> ServerSettings:
    """Nobody is held back: many lives write into one channel."""
    return ServerSettings(route_limits={})


@pytest.fixture
def doom() -> Doom:
    return Doom()


@pytest.fixture
def wrap(doom: Doom) -> Callable[[Ports], Ports]:
    """Each life has its own hold on the disk."""
    return lambda ports: replace(ports, store=MortalStore(ports.store, doom))


@dataclass
class Story:
    """One is answered and another one waits in line meanwhile; `questions` are those that were asked so far."""

    home: Home
    model: Model
    questions: list[Message] = field(default_factory=list)

    async def tell(self) -> None:
        """To its end, in which nobody dies."""
        gate = asyncio.Event()
        self.model.door = gate.wait
        for who, button in (("Han", "stop"), ("Leia", "cancel")):
            self.questions.append(await ask(self.home, who))
            await self.until(lambda button=button: button in self.offers(self.questions[-1]), button)  # type: ignore[misc]
        gate.set()
        await self.until_over()

    def offers(self, question: Message) -> set[str]:
        return set().union(*map(offered, answers_to(self.home.discord, question)))

    async def until(self, look: Callable[[], object], awaited: str) -> None:
        await self.home.until(look, awaited)

    async def until_over(self) -> None:
        await self.until(lambda: all(is_over(self.home.discord, it) for it in self.questions), "every end")

    def judge(self) -> None:
        """Each question that was asked has one end: the whole answer, or what had come with a mark."""
        for question in self.questions:
            answers = answers_to(self.home.discord, question)
            text = "\n".join(it.content for it in answers)
            assert [("delete" in offered(it)) for it in answers] == [True]
            assert text.count("Hello") == 1
            assert (WHOLE in text) or (MARK in text)


@dataclass
class SplitStory(Story):
    """One is answered, and another one who waits meanwhile goes on with what they said; then the answers come."""

    parts: list[Message] = field(default_factory=list)

    async def tell(self) -> None:
        gate = asyncio.Event()
        self.model.door = gate.wait
        self.questions.append(await ask(self.home, "Han"))
        await self.until(lambda: "stop" in self.offers(self.questions[0]), "stop")
        for text in ("this is my code:", "print(1)"):
            self.parts.append(await self.home.discord.person("Leia").say("dm", text))
            await self.until(lambda: "cancel" in self.offers(self.parts[-1]), "cancel")
        gate.set()
        await self.until_over()

    async def until_over(self) -> None:
        last = [*self.questions, *self.parts[-1:]]
        await self.until(lambda: all(is_over(self.home.discord, it) for it in last) and self._rest(), "every end")

    def _rest(self) -> bool:
        """Nothing dangles below the first part: it has an end of its own, or nothing at all."""
        discord = self.home.discord
        return all(is_over(discord, it) for it in self.parts[:-1] if answers_to(discord, it))

    def judge(self) -> None:
        """The last part has one end, as any question; the first may only have one where its answer came sooner."""
        super().judge()
        for part in self.parts:
            if part is self.parts[-1] or answers_to(self.home.discord, part):
                told = [(it.content, offered(it)) for it in answers_to(self.home.discord, part)]
                assert sum(answer.content.count("Hello") for answer in answers_to(self.home.discord, part)) == 1, told


async def die(home: Home) -> None:
    """The life is over; nothing that it still asks of Discord has an effect."""
    await home.go_away()
    home.discord.faults.clear()


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", [Story, SplitStory])
async def test_a_death_around_any_write_of_the_book_leaves_one_end_for_each_question(
    home: Home, doom: Doom, kind: type[Story], is_after: bool
) -> None:
    await home.until_mode("chat")
    model = Model(home)
    model.thought = "Hm."
    known = await home.discord.person("Leia").say("dm", "where I write directly is known from now on")
    await home.until(lambda: is_over(home.discord, known), "the answer")
    doom.strike = lambda: home.discord.faults.fail_requests(times=MANY)
    stories: list[Story] = []
    for number in range(1, 100):
        story = kind(home, model)
        stories.append(story)
        doom.set(number, is_after=is_after)
        telling, struck = asyncio.ensure_future(story.tell()), asyncio.ensure_future(doom.has_struck.wait())
        await asyncio.wait({telling, struck}, return_when=asyncio.FIRST_COMPLETED)
        if not struck.done():
            struck.cancel()
            await telling
            break
        telling.cancel()
        await asyncio.wait({telling})
        await die(home)
        model.door = None
        await home.come_back()
        await story.until_over()
        story.judge()
    story.judge()
    assert 8 < number < 40
    await home.restart_all()
    for told in stories:
        told.judge()
