"""The plan of a prompt, and what the model's own count teaches."""

from typing import Any

import pytest

from bd1.core.answer import Question
from bd1.core.conversation import Said
from bd1.core.settings import ChatSettings
from bd1.errors import StoreUnavailable
from bd1.ports import LoadedModel
from bd1.services.planner import Planner
from bd1.sim.chat import SimChat
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore
from bd1.sim.world import World

SETTINGS = ChatSettings(workload="ollama", persona="Be brief.", model="llama3:8b", num_ctx=4096, max_answer_tokens=512)


class Server(SimChat):
    """A server that tells what it gave the model."""

    def __init__(self) -> None:
        super().__init__(World(FakeClock()))
        self.context: int | None = 4096

    async def loaded(self) -> tuple[LoadedModel, ...]:
        return (LoadedModel("llama3:8b", 4700, None, self.context),)


def question(*texts: str, persona: str | None = None, pictures: tuple[bytes, ...] = ()) -> Question:
    said = tuple(Said("user" if number % 2 == 0 else "assistant", text, "Han") for number, text in enumerate(texts))
    return Question(id=1, channel_id=2, asker_id=3, asker="Han", said=said, persona=persona, pictures=pictures)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def planner(server: Server) -> Planner:
    return Planner(SETTINGS, MemoryStore(), server)


def test_the_persona_comes_first_and_pictures_go_with_the_question(planner: Planner) -> None:
    asked = question("one", "two", "what is it?", persona="You see.", pictures=(b"jpeg",))
    turns = planner.turns(asked, planner.plan(asked))
    assert [(turn.role, turn.content) for turn in turns] == [
        ("system", "You see."),
        ("user", "one"),
        ("assistant", "two"),
        ("user", "what is it?"),
    ]
    assert [turn.images for turn in turns] == [(), (), (), (b"jpeg",)]


async def test_a_model_that_counts_more_is_sent_less_next_time_and_after_a_restart(server: Server) -> None:
    store = MemoryStore()
    planner = Planner(SETTINGS, store, server)
    asked = question(*["word " * 300] * 9)
    prompt = planner.plan(asked)
    assert await planner.learn(asked, prompt, prompt.tokens * 2) == ()
    assert planner.plan(asked).left_out > prompt.left_out
    again = Planner(SETTINGS, store, server)
    await again.load()
    assert again.plan(asked) == planner.plan(asked)


async def test_a_disk_that_is_full_costs_what_was_learned_and_not_the_answer(server: Server) -> None:
    class Full(MemoryStore):
        async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
            raise StoreUnavailable(f"{collection}/{key} cannot be written: {value}.")

    planner = Planner(SETTINGS, Full(), server)
    asked = question("word " * 400)
    prompt = planner.plan(asked)
    assert await planner.learn(asked, prompt, prompt.tokens * 2) == ()
    assert planner.factor("llama3:8b") > 1


async def test_that_the_model_read_less_than_it_was_sent_is_told(planner: Planner, server: Server) -> None:
    asked = question("word " * 2000)
    prompt = planner.plan(asked)
    server.context = 2048
    (note,) = await planner.learn(asked, prompt, 2040)
    assert "read only 2040 of about" in note
    assert "its context of 2048 tokens is smaller than chat.num_ctx (4096)" in note
    server.context = None
    (note,) = await planner.learn(asked, prompt, 240)
    assert "its context is smaller" in note
    assert planner.factor("llama3:8b") == 1.0


async def test_a_smaller_context_that_was_large_enough_is_no_trouble(planner: Planner, server: Server) -> None:
    server.context = 2048
    asked = question("hello")
    assert await planner.learn(asked, planner.plan(asked), 20) == ()
    asked = question("word " * 300)
    assert await planner.learn(asked, planner.plan(asked), 400) == ()
