"""What is remembered about talking: over a restart, per place and person, erased when asked and when too old."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bd1.core.settings import ChatSettings, ModelChoice
from bd1.services.memory import EVERYWHERE, Memory, Persona
from bd1.sim.clock import FakeClock
from bd1.sim.store import MemoryStore

BRIDGE, THREAD, HAN, LEIA = 10, 11, 2, 3
SETTINGS = ChatSettings(workload="ollama", persona="configured", model="llama3:8b", retention_days=30)


class Kept:
    """A keeper that remembers what was asked of it."""

    def __init__(self) -> None:
        self.forgotten: list[int] = []
        self.purged: list[datetime] = []

    async def forget(self, person_id: int) -> int:
        self.forgotten.append(person_id)
        return 2

    async def purge(self, before: datetime) -> int:
        self.purged.append(before)
        return 0


def memory(store: MemoryStore, *keepers: Kept, choice: ModelChoice = ModelChoice.PERSON) -> Memory:
    return Memory(replace(SETTINGS, model_choice=choice), store, FakeClock(), keepers)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def test_the_nearest_place_says_who_the_bot_is(store: MemoryStore) -> None:
    kept = memory(store)
    assert kept.persona(THREAD, BRIDGE) == Persona("configured", None)
    await kept.set_persona(EVERYWHERE, "everywhere")
    assert kept.persona(THREAD, BRIDGE) == Persona("everywhere", EVERYWHERE)
    await kept.set_persona(BRIDGE, "of the bridge")
    assert kept.persona(THREAD, BRIDGE) == Persona("of the bridge", BRIDGE)
    await kept.set_persona(BRIDGE, "")
    assert kept.persona(THREAD, BRIDGE).text == "everywhere"


async def test_the_model_is_the_channels_or_the_persons_as_configured_whatever_was_chosen_before(
    store: MemoryStore,
) -> None:
    kept = memory(store, choice=ModelChoice.CHANNEL)
    assert kept.model((BRIDGE,), HAN) == "llama3:8b"
    await kept.choose_for_channel(BRIDGE, "qwen3:4b")
    await kept.choose_for_person(HAN, "llava:7b")
    assert (kept.model((THREAD, BRIDGE), HAN), kept.model((THREAD,), HAN)) == ("qwen3:4b", "llama3:8b")
    by_person = memory(store)
    await by_person.load()
    assert (by_person.model((BRIDGE,), HAN), by_person.model((BRIDGE,), LEIA)) == ("llava:7b", "llama3:8b")
    await kept.choose_for_channel(BRIDGE, None)
    assert kept.model((BRIDGE,), LEIA) == "llama3:8b"


async def test_everything_outlives_a_restart(store: MemoryStore) -> None:
    before = memory(store)
    await before.reset(BRIDGE, 77)
    await before.set_persona(BRIDGE, "of the bridge")
    await before.choose_for_person(HAN, "llava:7b")
    after = memory(store)
    await after.load()
    assert (after.begun(BRIDGE), after.begun(THREAD)) == (77, 0)
    assert after.persona(BRIDGE).text == "of the bridge"
    assert after.model((), HAN) == "llava:7b"


async def test_whoever_asks_is_forgotten_and_nobody_else(store: MemoryStore) -> None:
    keeper = Kept()
    kept = memory(store, keeper)
    await kept.choose_for_person(HAN, "llava:7b")
    await kept.choose_for_person(LEIA, "llava:7b")
    assert await kept.forget(HAN) == 3
    assert keeper.forgotten == [HAN]
    again = memory(store)
    await again.load()
    assert (again.model((), HAN), again.model((), LEIA)) == ("llama3:8b", "llava:7b")


async def test_once_a_day_what_is_too_old_is_erased(store: MemoryStore) -> None:
    clock, keeper = FakeClock(), Kept()
    began = clock.now()
    running = asyncio.create_task(Memory(SETTINGS, store, clock, (keeper,)).run())
    await clock.advance(2 * 86_400 + 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [round((at - began) / timedelta(days=1)) for at in keeper.purged] == [-30, -29, -28]
