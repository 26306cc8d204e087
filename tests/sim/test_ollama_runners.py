"""How the simulated Ollama keeps, shares, reloads and lets go of models, on a clock moved by hand."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bd1.sim.clock import FakeClock
from bd1.sim.ollama.models import DEFAULT_MODELS, SimModel
from bd1.sim.ollama.runners import FOR_EVER, Limits, QueueFull, Runner, Runners

LLAMA, CODER, QWEN, LLAVA = DEFAULT_MODELS


@dataclass
class SlowMemory:
    """Loads in `load_s`; holds `room` models at most; remembers what happened in order."""

    clock: FakeClock
    load_s: float = 0.0
    room: int = 99
    held: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    async def load(self, model: str, mib: int) -> None:
        if len(self.held) >= self.room:
            raise MemoryError(mib)
        await self.clock.sleep(self.load_s)
        self.held.append(model)
        self.log.append(f"+{model}")

    async def unload(self, model: str) -> None:
        self.held.remove(model)
        self.log.append(f"-{model}")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def memory(clock: FakeClock) -> SlowMemory:
    return SlowMemory(clock)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def runners(memory: SlowMemory, clock: FakeClock, limits: Limits) -> Runners:
    return Runners(memory, clock, limits)


async def touch(
    runners: Runners, model: SimModel, *, num_ctx: int | None = None, keep_alive_s: float | None = None
) -> Runner:
    async with runners.use(model, num_ctx, keep_alive_s) as runner:
        return runner


def hold(runners: Runners, model: SimModel) -> Callable[[], Awaitable[None]]:
    """Uses the model until the answer is called."""
    release = asyncio.Event()

    async def use() -> None:
        async with runners.use(model, None, None):
            await release.wait()

    task = asyncio.create_task(use())

    async def end() -> None:
        release.set()
        await task

    return end


def names(runners: Runners) -> list[str]:
    return [runner.model.name for runner in runners.listed()]


async def test_a_model_stays_five_minutes_after_its_last_use(
    runners: Runners, clock: FakeClock, memory: SlowMemory
) -> None:
    await touch(runners, LLAMA)
    await clock.advance(299)
    await touch(runners, LLAMA)
    await clock.advance(299)
    assert names(runners) == [LLAMA.name]
    await clock.advance(2)
    assert (names(runners), memory.held) == ([], [])


async def test_a_keep_alive_stays_until_another_one_is_sent(runners: Runners, clock: FakeClock) -> None:
    await touch(runners, LLAMA, keep_alive_s=30)
    await touch(runners, LLAMA)
    assert runners.listed()[0].expires_s == clock.monotonic() + 30
    await touch(runners, LLAMA, keep_alive_s=FOR_EVER)
    await clock.advance(10**9)
    assert (names(runners), math.isinf(runners.listed()[0].expires_s)) == ([LLAMA.name], True)


async def test_keep_alive_zero_lets_the_model_go_right_after_the_answer(runners: Runners, memory: SlowMemory) -> None:
    runner = await touch(runners, LLAMA, keep_alive_s=0)
    assert (runner.vram_mib > 4445, names(runners)) == (True, [])
    await runners.forget_all()
    assert memory.log == ["+llama3:8b", "-llama3:8b"]


async def test_names_with_the_same_weights_share_a_runner_under_the_first_name(
    runners: Runners, memory: SlowMemory
) -> None:
    one, other = (
        SimModel(
            name=name,
            weights="w",
            size=1,
            family="f",
            parameter_size="1",
            parameter_count=1,
            quantization="Q",
            trained_ctx=8192,
            layers=1,
            embedding=1,
            heads=1,
            kv_heads=1,
        )
        for name in ("one", "other")
    )
    assert await touch(runners, one) is await touch(runners, other)
    assert (names(runners), memory.held) == (["one"], ["one"])
    runners.unload(other)
    assert names(runners) == []


async def test_another_context_length_reloads_and_is_cut_to_what_the_model_was_trained_for(
    runners: Runners, memory: SlowMemory
) -> None:
    small = await touch(runners, LLAMA, num_ctx=1024)
    large = await touch(runners, LLAMA, num_ctx=65536)
    assert (small.num_ctx, large.num_ctx) == (1024, 8192)
    assert memory.log == ["+llama3:8b", "-llama3:8b", "+llama3:8b"]
    assert await touch(runners, LLAMA, num_ctx=8192) is large


async def test_a_reload_waits_for_the_answer_that_runs(runners: Runners, memory: SlowMemory, clock: FakeClock) -> None:
    end = hold(runners, LLAMA)
    await clock.settle()
    reload = asyncio.create_task(touch(runners, LLAMA, num_ctx=1024))
    await clock.settle()
    assert (reload.done(), memory.log) == (False, ["+llama3:8b"])
    await end()
    assert (await reload).num_ctx == 1024


async def test_an_unload_waits_for_the_answer_that_runs_and_is_listed_as_expired(
    runners: Runners, clock: FakeClock
) -> None:
    end = hold(runners, LLAMA)
    await clock.settle()
    runners.unload(LLAMA)
    await clock.advance(1)
    assert [runner.expires_s < clock.monotonic() for runner in runners.listed()] == [True]
    await end()
    assert names(runners) == []


async def test_the_one_nearest_its_end_makes_room_for_a_fourth(runners: Runners) -> None:
    await touch(runners, LLAMA, keep_alive_s=100)
    await touch(runners, CODER, keep_alive_s=50)
    await touch(runners, QWEN, keep_alive_s=200)
    await touch(runners, LLAVA)
    assert names(runners) == [LLAVA.name, QWEN.name, LLAMA.name]


async def test_a_full_card_evicts_the_idle_before_it_refuses(runners: Runners, memory: SlowMemory) -> None:
    memory.room = 1
    await touch(runners, LLAMA)
    await touch(runners, QWEN)
    assert memory.held == [QWEN.name]
    memory.room = 0
    with pytest.raises(MemoryError):
        await touch(runners, LLAMA)
    assert (names(runners), memory.held) == ([], [])


async def test_more_waiting_loads_than_the_queue_holds_are_refused(
    runners: Runners, memory: SlowMemory, clock: FakeClock, limits: Limits
) -> None:
    limits.max_queue, memory.load_s = 1, 5.0
    waiting = [asyncio.create_task(touch(runners, model)) for model in (LLAMA, CODER)]
    await clock.settle()
    with pytest.raises(QueueFull):
        await touch(runners, QWEN)
    await clock.advance(10)
    assert [task.result().model.name for task in waiting] == [LLAMA.name, CODER.name]


async def test_a_load_goes_on_when_the_one_who_asked_has_gone_and_then_expires(
    runners: Runners, memory: SlowMemory, clock: FakeClock
) -> None:
    memory.load_s = 5.0
    gone = asyncio.create_task(touch(runners, LLAMA))
    await clock.advance(1)
    gone.cancel()
    await clock.advance(5)
    assert (gone.cancelled(), names(runners)) == (True, [LLAMA.name])
    await clock.advance(301)
    assert (names(runners), memory.held) == ([], [])


async def test_a_runner_that_died_is_listed_until_the_next_request_loads_it_again(
    runners: Runners, memory: SlowMemory
) -> None:
    dead = await touch(runners, LLAMA)
    dead.dead = True
    assert names(runners) == [LLAMA.name]
    assert await touch(runners, LLAMA) is not dead
    assert memory.log == ["+llama3:8b", "-llama3:8b", "+llama3:8b"]


async def test_when_the_server_ends_nothing_is_left_in_memory(
    runners: Runners, memory: SlowMemory, clock: FakeClock
) -> None:
    await touch(runners, LLAMA)
    end = hold(runners, QWEN)
    await clock.settle()
    await runners.forget_all()
    assert (names(runners), memory.held) == ([], [])
    await end()
    assert (names(runners), memory.held) == ([], [])
