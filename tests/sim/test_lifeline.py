import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bd1.core.gpu import GpuSample
from bd1.core.settings import RestartPolicy, WorkloadKind
from bd1.core.tools import Tool
from bd1.errors import ContainerRefused
from bd1.ports import (
    ChatChunk,
    ChatTurn,
    Clock,
    ContainerEvent,
    Containers,
    InstalledModel,
    LoadedModel,
    ModelDetails,
    PictureJobs,
    PullProgress,
    Store,
)
from bd1.sim.clock import FakeClock
from bd1.sim.containers import SimContainers, SimProcessTable
from bd1.sim.lifeline import CASCADE_TURNS, Lifeline, is_dead
from bd1.sim.lifeline_ports import (
    LivingChat,
    LivingClock,
    LivingContainers,
    LivingHealth,
    LivingPictures,
    LivingProbe,
    LivingProcesses,
    LivingStore,
)
from bd1.sim.probe import SimProbe
from bd1.sim.store import MemoryStore
from bd1.sim.world import World

NAMES = ("ollama", "comfyui")
LIFE_S = 8.0


class SeenContainers(SimContainers):
    """The containers, with a list of what reached them."""

    def __init__(self, world: World, seen: list[str]) -> None:
        super().__init__(world, NAMES)
        self.seen = seen

    async def start(self, name: str) -> None:
        self.seen.append(f"start {name}")
        await super().start(name)

    async def stop(self, name: str, grace_s: float) -> None:
        self.seen.append(f"stop {name}")
        await super().stop(name, grace_s)

    async def kill(self, name: str) -> None:
        self.seen.append(f"kill {name}")
        await super().kill(name)

    async def events(self) -> AsyncIterator[ContainerEvent]:
        self.seen.append("listen")
        async for event in super().events():
            yield event
            self.seen.append("listen")


class SeenStore(MemoryStore):
    """The store, with a list of what reached it."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self.seen = seen

    async def put(self, collection: str, key: str, value: dict[str, Any]) -> None:
        self.seen.append(f"put {key}")
        await super().put(collection, key, value)

    async def delete(self, collection: str, *keys: str) -> None:
        self.seen += [f"delete {key}" for key in keys]
        await super().delete(collection, *keys)


class SeenClock:
    """A clock, with a list of the sleeps that reached it."""

    def __init__(self, clock: FakeClock, seen: list[str]) -> None:
        self.clock = clock
        self.seen = seen

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def now(self) -> datetime:
        return self.clock.now()

    async def sleep(self, seconds: float) -> None:
        self.seen.append("sleep")
        await self.clock.sleep(seconds)


class SeenChat:
    """A chat model that answers in two words."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.closed = False

    async def chat(
        self,
        model: str,
        turns: Sequence[ChatTurn],
        *,
        num_ctx: int,
        max_tokens: int,
        tools: Sequence[Tool] = (),
        first_s: float | None = None,
    ) -> AsyncIterator[ChatChunk]:
        assert (tools, first_s) == ((), None)
        self.seen.append(f"chat {model} {len(turns)} {num_ctx} {max_tokens}")
        try:
            yield ChatChunk(text="Hello")
            self.seen.append("more")
            yield ChatChunk(text=" there", done=True)
        finally:
            self.closed = True

    async def version(self) -> str:
        return "0.0"

    async def loaded(self) -> tuple[LoadedModel, ...]:
        return (LoadedModel("llama3:8b", 4700, None),)

    async def installed(self) -> tuple[InstalledModel, ...]:
        return (InstalledModel("llama3:8b", 4445),)

    async def details(self, model: str) -> ModelDetails:
        return ModelDetails(abilities=(model,))

    async def pull(self, model: str) -> AsyncIterator[PullProgress]:
        yield PullProgress(model)

    async def load(self, model: str, *, num_ctx: int) -> None:
        self.seen.append(f"load {model} {num_ctx}")

    async def unload(self, model: str) -> None:
        self.seen.append(f"unload {model}")

    async def close(self) -> None:
        self.seen.append("close")


class Pictures:
    async def jobs(self, url: str) -> PictureJobs:
        return PictureJobs(len(url), 0)

    async def interrupt(self, url: str) -> None:
        """Interrupts nothing."""

    async def free(self, url: str) -> None:
        """Frees nothing."""

    async def close(self) -> None:
        """Closes nothing."""


class Health:
    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        return f"{url} {kind.value}"


@dataclass
class Life:
    """Every port of one life, with what lies behind them."""

    clock: FakeClock = field(default_factory=FakeClock)
    line: Lifeline = field(default_factory=Lifeline)
    seen: list[str] = field(default_factory=list)
    model: SeenChat = field(default_factory=SeenChat)

    def __post_init__(self) -> None:
        self.world = World(self.clock)
        self.kept = SeenStore(self.seen)
        self.time = LivingClock(SeenClock(self.clock, self.seen), self.line)
        self.probe = LivingProbe(SimProbe(self.world, 1.5), self.line)
        self.processes = LivingProcesses(SimProcessTable(self.world), self.line)
        self.containers = LivingContainers(SeenContainers(self.world, self.seen), self.line)
        self.chat = LivingChat(self.model, self.line)
        self.pictures = LivingPictures(Pictures(), self.line)
        self.health = LivingHealth(Health(), self.line)
        self.store = LivingStore(self.kept, self.line)


CALLS: dict[str, Callable[[Life], Awaitable[object]]] = {
    "clock.sleep": lambda life: life.time.sleep(0.0),
    "probe.sample": lambda life: life.probe.sample(details=True, processes=True),
    "probe.identity": lambda life: life.probe.identity(),
    "probe.close": lambda life: life.probe.close(),
    "containers.version": lambda life: life.containers.version(),
    "containers.inspect": lambda life: life.containers.inspect("ollama"),
    "containers.start": lambda life: life.containers.start("ollama"),
    "containers.stop": lambda life: life.containers.stop("ollama", 1.0),
    "containers.kill": lambda life: life.containers.kill("comfyui"),
    "containers.pause": lambda life: life.containers.pause("ollama"),
    "containers.unpause": lambda life: life.containers.unpause("ollama"),
    "containers.set_restart_policy": lambda life: life.containers.set_restart_policy("ollama", RestartPolicy.ALWAYS),
    "containers.pids": lambda life: life.containers.pids("ollama"),
    "containers.close": lambda life: life.containers.close(),
    "chat.version": lambda life: life.chat.version(),
    "chat.loaded": lambda life: life.chat.loaded(),
    "chat.installed": lambda life: life.chat.installed(),
    "chat.details": lambda life: life.chat.details("llama3:8b"),
    "chat.load": lambda life: life.chat.load("llama3:8b", num_ctx=1024),
    "chat.unload": lambda life: life.chat.unload("llama3:8b"),
    "chat.close": lambda life: life.chat.close(),
    "pictures.jobs": lambda life: life.pictures.jobs("http://comfyui"),
    "pictures.interrupt": lambda life: life.pictures.interrupt("http://comfyui"),
    "pictures.free": lambda life: life.pictures.free("http://comfyui"),
    "pictures.close": lambda life: life.pictures.close(),
    "health.trouble": lambda life: life.health.trouble("http://comfyui", WorkloadKind.COMFYUI),
    "store.get": lambda life: life.store.get("mode", "current"),
    "store.put": lambda life: life.store.put("mode", "current", {"name": "chat"}),
    "store.items": lambda life: life.store.items("mode"),
    "store.delete": lambda life: life.store.delete("mode", "current"),
    "store.close": lambda life: life.store.close(),
}


async def in_full(awaitable: Awaitable[object]) -> object:
    return await awaitable


@pytest.fixture
async def life() -> AsyncIterator[Life]:
    made = Life()
    yield made
    await made.line.kill()


@pytest.mark.parametrize("name", CALLS)
async def test_a_living_call_reaches_the_outside_and_a_dead_one_neither_reaches_it_nor_returns(
    life: Life, name: str
) -> None:
    life.world.machine.start("comfyui")
    await life.clock.run(in_full(CALLS[name](life)))
    assert life.line.counts == {name: 1}

    life.line.cut()
    reached, asked = list(life.seen), list(life.model.seen)
    dead = asyncio.create_task(in_full(CALLS[name](life)))
    await life.clock.advance(60.0)
    assert not dead.done()
    assert (life.seen, life.model.seen, life.line.calls) == (reached, asked, 1)
    dead.cancel()
    await asyncio.wait([dead])
    assert dead.cancelled()


async def test_answers_and_arguments_pass_unchanged(life: Life) -> None:
    sample = await life.probe.sample(processes=True)
    state = await life.containers.inspect("ollama")
    await life.store.put("mode", "current", {"name": "chat"})
    await life.chat.load("llama3:8b", num_ctx=1024)

    assert isinstance(sample, GpuSample)
    assert (sample.processes, sample.details) == ((), None)
    assert (state.name, state.running) == ("ollama", False)
    assert await life.store.items("mode") == (("current", {"name": "chat"}),)
    assert await life.health.trouble("http://x", WorkloadKind.OTHER) == "http://x other"
    assert await life.pictures.jobs("abc") == PictureJobs(3, 0)
    assert life.model.seen == ["load llama3:8b 1024"]


async def test_what_the_outside_raises_is_raised(life: Life) -> None:
    with pytest.raises(ContainerRefused):
        await life.containers.kill("ollama")
    assert life.line.calls == 1


async def test_a_stream_is_handed_on_to_its_end_and_closing_it_closes_what_is_behind(life: Life) -> None:
    turns = [ChatTurn("user", "Hello!")]
    words = [chunk.text async for chunk in life.chat.chat("m", turns, num_ctx=8, max_tokens=4)]
    assert (words, life.model.closed) == (["Hello", " there"], True)
    assert life.model.seen == ["chat m 1 8 4", "more"]

    life.model.closed = False
    stream = life.chat.chat("m", turns, num_ctx=8, max_tokens=4)
    assert isinstance(stream, AsyncGenerator)
    await anext(stream)
    assert not life.model.closed
    await stream.aclose()
    assert life.model.closed


async def test_a_stream_falls_silent_at_the_cut_and_asks_for_nothing_more(life: Life) -> None:
    heard: asyncio.Queue[ContainerEvent] = asyncio.Queue()

    async def listen() -> None:
        async for event in life.containers.events():
            await heard.put(event)

    listener = life.line.spawn(listen())
    await life.clock.settle()
    life.world.machine.start("ollama")
    await life.clock.advance(1.0)
    life.line.cut()
    life.world.machine.crash("ollama")
    await life.clock.advance(60.0)
    assert heard.get_nowait().action == "start"
    assert heard.empty()
    assert (life.seen, listener.done()) == (["listen", "listen"], False)


async def test_after_the_end_the_clock_stands_still_and_nobody_is_known(life: Life) -> None:
    life.world.machine.start("comfyui")
    pid = life.world.machine.boxes["comfyui"].pid
    assert pid
    await life.clock.advance(5.0)
    alive = (life.time.monotonic(), life.time.now(), life.processes.name(pid), life.processes.container_id(pid))
    life.line.cut()
    await life.clock.advance(60.0)

    assert alive[2:] == ("python3", life.world.machine.boxes["comfyui"].id)
    assert (life.time.monotonic(), life.time.now()) == alive[:2]
    assert (life.processes.name(pid), life.processes.container_id(pid)) == (None, None)


@pytest.mark.parametrize("after_effect", [False, True])
async def test_it_cuts_itself_before_or_after_the_effect_of_a_call(life: Life, after_effect: bool) -> None:
    await life.store.put("mode", "zero", {})
    life.line.cut_at(2, "store.put", after_effect=after_effect)
    writer = asyncio.create_task(put_three(life.store))
    await asyncio.wait_for(life.line.until_cut(), 5)
    await life.clock.settle()

    assert life.seen == ["put zero", "put one", *(["put two"] if after_effect else [])]
    assert not writer.done()
    assert life.line.counts["store.put"] == 3


async def put_three(store: Store) -> None:
    for key in ("one", "two", "three"):
        await store.get("mode", key)
        await store.put("mode", key, {})


async def test_a_call_on_its_way_at_the_cut_goes_on_outside_and_never_returns(life: Life) -> None:
    await life.containers.start("comfyui")
    stop = asyncio.create_task(life.containers.stop("comfyui", 10.0))
    await life.clock.settle()
    life.line.cut()
    await life.clock.advance(60.0)

    assert not life.world.machine.boxes["comfyui"].running
    assert not stop.done()


async def test_a_call_that_fails_after_the_cut_does_not_return_either(life: Life) -> None:
    life.line.cut_at(1, after_effect=True)
    kill = asyncio.create_task(life.containers.kill("ollama"))
    await life.clock.settle()
    assert (life.seen, kill.done()) == (["kill ollama"], False)


async def test_a_kill_ends_every_task_of_the_life_and_no_other(life: Life) -> None:
    never = asyncio.Event()
    begun: list[asyncio.Task[Any]] = []

    async def parent() -> None:
        begun.append(asyncio.create_task(child()))
        await asyncio.wait([begun[-1]])

    async def child() -> None:
        begun.append(asyncio.create_task(never.wait()))
        try:
            await never.wait()
        finally:
            await life.store.put("mode", "too late", {})

    stranger = asyncio.create_task(never.wait())
    caller = asyncio.create_task(life.time.sleep(60.0))
    begun.append(life.line.spawn(parent(), "parent"))
    await life.clock.settle()
    await asyncio.wait_for(life.line.kill(), 5)

    assert len(begun) == 3
    assert all(task.cancelled() for task in begun)
    assert caller.cancelled()
    assert not stranger.done()
    assert (life.seen, life.line.is_cut) == (["sleep"], True)
    stranger.cancel()


async def test_a_task_of_a_cut_life_ends_by_one_cancellation_whatever_it_wants_to_tidy_up(life: Life) -> None:
    async def tidy() -> None:
        try:
            await life.time.sleep(60.0)
        finally:
            await life.store.put("mode", "too late", {})

    task = asyncio.create_task(tidy())
    await life.clock.settle()
    life.line.cut()
    task.cancel()
    await asyncio.wait_for(asyncio.wait([task]), 5)
    assert (task.cancelled(), life.seen) == (True, ["sleep"])


async def test_a_task_that_will_not_hear_of_its_end_is_told_again(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bd1.sim.lifeline.AGAIN_S", 0.01)

    async def deaf() -> None:
        for _ in range(2):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue
        await asyncio.Event().wait()

    task = life.line.spawn(deaf())
    await life.clock.settle()
    await asyncio.wait_for(life.line.kill(), 10)
    assert task.cancelled()


async def test_a_task_knows_that_it_is_dead_and_nobody_else_is(life: Life) -> None:
    told: list[bool] = []

    async def ask() -> None:
        told.append(is_dead())
        try:
            await asyncio.Event().wait()
        finally:
            told.append(is_dead())

    life.line.spawn(ask())
    await life.clock.settle()
    await life.line.kill()
    assert (told, is_dead()) == ([False, True], False)


async def test_a_dying_task_is_told_once_so_that_it_can_let_go_of_what_it_holds(life: Life) -> None:
    held = asyncio.Event()
    let_go: list[str] = []

    async def hold() -> None:
        try:
            await held.wait()
        finally:
            for _ in range(CASCADE_TURNS * 2):
                await asyncio.sleep(0)
            let_go.append("sockets")

    async def parent() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(hold())

    task = life.line.spawn(parent())
    await life.clock.settle()
    await life.line.kill()
    assert (task.cancelled(), let_go) == (True, ["sockets"])


class LittleBd1:
    """Writes down what it will do, does it, and tidies up behind itself, whatever happens."""

    def __init__(self, containers: Containers, store: Store, clock: Clock) -> None:
        self.containers = containers
        self.store = store
        self.clock = clock

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.follow())
                group.create_task(self.switch_to_and_fro())
        finally:
            await self.store.put("journal", "end", {})
            await self.containers.kill("comfyui")

    async def follow(self) -> None:
        async for event in self.containers.events():
            await self.store.put("events", event.container, {"action": event.action})

    async def switch_to_and_fro(self) -> None:
        for old, new in (NAMES, NAMES[::-1]) * 2:
            await self.store.put("journal", new, {"open": True})
            try:
                await self.containers.stop(old, 10.0)
                await self.clock.sleep(0.2)
                await self.containers.start(new)
                await self.clock.sleep(0.5)
            finally:
                await self.store.delete("journal", new)


async def whole_life(life: Life) -> "asyncio.Task[None]":
    life.world.machine.start(NAMES[0])
    task = life.line.spawn(LittleBd1(life.containers, life.store, life.time).run())
    await life.clock.advance(LIFE_S)
    return task


async def everything(life: Life) -> tuple[object, ...]:
    documents = [await life.kept.items(collection) for collection in ("journal", "events")]
    boxes = [(box.running, box.starts, box.policy) for box in life.world.machine.boxes.values()]
    return (*life.seen, *documents, *boxes)


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_life_cut_at_any_call_has_done_what_it_did_until_then_and_never_does_anything_again(
    life: Life, after_effect: bool
) -> None:
    await whole_life(life)
    uncut = list(life.seen)
    assert len(uncut) > 30
    for number in range(1, len(uncut) + 1):
        short = Life()
        short.line.cut_at(number, after_effect=after_effect)
        task = await whole_life(short)
        await short.clock.advance(15.0)
        at_the_cut = await everything(short)
        assert short.seen == uncut[: len(short.seen)]
        assert len(short.seen) >= number if after_effect else len(short.seen) == number - 1

        await asyncio.wait_for(short.line.kill(), 5)
        await short.clock.advance(60.0)
        assert task.done()
        assert await everything(short) == at_the_cut
