"""The chat service on a real connection to a simulated Ollama: faults are told, words are kept, Stop is quick."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bd1.adapters.clock import SystemClock
from bd1.adapters.ollama import OllamaChat
from bd1.app import build
from bd1.core.answer import Crowded, Finished, Text, Update
from bd1.errors import Bd1Error, ChatStopped
from bd1.services.answering import Answer
from bd1.services.chat import Chat
from bd1.sim.ollama.memory import FreeMemory
from bd1.sim.ollama.server import OllamaServer
from tests.services.rig import build_outside, question, rig_settings

WORDS = tuple(f"word{number} " for number in range(20))
CAME = 7
PATIENCE_S = 20.0


@dataclass
class Teller:
    """Tells `WORDS`; with a gate it waits there after some. `closed` is set when nobody listens any more."""

    gate: asyncio.Event | None = None
    words: tuple[str, ...] = WORDS
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def answer(self, _model: str, _messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        self.begun += 1
        try:
            for number, word in enumerate(self.words):
                if self.gate is not None and number == CAME:
                    await self.gate.wait()
                yield word
        finally:
            self.closed.set()


@dataclass
class Place:
    """A chat service, its server and the server's brain."""

    chat: Chat
    server: OllamaServer
    teller: Teller

    async def read(self, came: list[Update], on: Callable[[Answer], None] | None = None) -> None:
        """Asks, and reads to the end, whatever that is; `on` is called after each update."""
        answer = self.chat.ask(question())
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for update in answer.updates():
                    came += [update]
                    if on:
                        on(answer)
        finally:
            self.chat.leave(answer)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Everything real but the machine; the limits for silence are short."""
    teller = Teller()
    server = OllamaServer(teller, FreeMemory(), clock=SystemClock())
    await server.start()
    model = OllamaChat(server.url, load_stall_s=1.0, stall_s=1.0)
    settings = rig_settings(tmp_path)
    settings = replace(settings, chat=replace(settings.chat, load_stall_s=1.0, stall_s=1.0))
    outside = build_outside(settings)
    outside.world.machine.start("ollama")  # whoever looks what runs finds that chat is possible
    ports = outside.ports(settings)
    house = build(settings, replace(ports, chat=model, clock=SystemClock()), lambda _beat: None)
    yield Place(house.services.chat, server, teller)
    await model.close()
    await server.close()


def text(came: Sequence[Update]) -> str:
    return "".join(update.text for update in came if isinstance(update, Text))


BEFORE = {
    "500": ({"status": 500}, "read its log"),
    "404": ({"status": 404}, "ollama pull"),
    "400": ({"status": 400}, "read its log"),
    "hang before headers": ({"hangs": True}, "restart it"),
}
MIDDLE = {
    "stall": ({"stalls_after": CAME}, "went silent"),
    "cut": ({"cut_after": CAME}, "Ask again"),
    "error line": ({"error_after": CAME}, "Ollama reloads it"),
    "clean end without the last line": ({"ends_after": CAME}, "Ask again"),
    "garbage": ({"garbage_after": CAME}, "config.yaml"),
}


@pytest.mark.parametrize(("fault", "words"), [*BEFORE.values(), *MIDDLE.values()], ids=[*BEFORE, *MIDDLE])
async def test_each_fault_is_a_sentence_that_says_what_to_do_and_every_word_that_came_is_kept(
    place: Place, fault: dict[str, Any], words: str
) -> None:
    for name, value in fault.items():
        setattr(place.server.faults, name, value)
    came: list[Update] = []
    with pytest.raises(Bd1Error, match=words):
        await place.read(came)
    assert text(came) == "".join(WORDS[:CAME] if any("after" in name for name in fault) else ())
    place.server.faults.clear()
    came.clear()
    await place.read(came)
    assert isinstance(came[-1], Finished)


async def test_a_server_that_is_down_is_a_sentence(place: Place) -> None:
    await place.server.go_down()
    with pytest.raises(Bd1Error, match="cannot be reached"):
        await place.read([])


async def test_an_empty_answer_is_a_sentence(place: Place) -> None:
    place.teller.words = ()
    with pytest.raises(Bd1Error, match="nothing to say"):
        await place.read([])


async def test_a_full_server_is_told_at_once_asked_again_and_answers_once(place: Place) -> None:
    place.server.faults.status = 503
    came: list[Update] = []

    def mend(_answer: Answer) -> None:
        if isinstance(came[-1], Crowded):
            place.server.faults.clear()

    await place.read(came, mend)
    assert any(isinstance(update, Crowded) for update in came)
    assert text(came) == "".join(WORDS)
    assert place.teller.begun == 1


async def test_stop_closes_the_connection_and_frees_the_slot_within_300_ms(place: Place) -> None:
    place.teller.gate = asyncio.Event()
    came: list[Update] = []
    stopped_s: list[float] = []

    def stop(answer: Answer) -> None:
        if text(came) == "".join(WORDS[:CAME]):
            stopped_s.append(time.monotonic())
            answer.stop("Han")

    with pytest.raises(ChatStopped, match="Han stopped this answer"):
        await place.read(came, stop)
    async with asyncio.timeout(PATIENCE_S):
        await place.teller.closed.wait()
    assert time.monotonic() - stopped_s[0] < 0.3
    assert text(came) == "".join(WORDS[:CAME])
    place.teller.gate = None
    again: list[Update] = []
    await place.read(again)
    assert text(again) == "".join(WORDS)
