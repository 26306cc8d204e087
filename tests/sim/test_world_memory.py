import asyncio

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bd1.core.gpu import GpuProcess
from bd1.core.settings import RestartPolicy
from bd1.ports import ContainerEvent
from bd1.sim.card import RESERVED_MIB, TOTAL_MIB
from bd1.sim.clock import FakeClock
from bd1.sim.ledger import RELEASE_LAG_S, Leak
from bd1.sim.memory import SimOutOfMemory
from bd1.sim.world import World

LLAMA_MIB = 4700
FLAWS = ("is_deaf", "never_ready", "ignores_start", "ignores_stop", "ignores_kill")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


async def test_an_idle_card_uses_what_the_driver_keeps(world: World) -> None:
    assert world.used_mib == RESERVED_MIB
    assert world.processes() == ()


async def test_a_model_loads_at_the_rate_of_a_fast_disk(world: World, clock: FakeClock) -> None:
    world.machine.start("ollama")
    began_s = clock.monotonic()
    await clock.run(world.ollama_memory.load("llama3:8b", LLAMA_MIB))

    assert clock.monotonic() - began_s == pytest.approx(LLAMA_MIB / 2500, abs=0.1)
    assert world.used_mib == RESERVED_MIB + LLAMA_MIB
    assert world.ollama_memory.loaded() == {"llama3:8b": LLAMA_MIB}
    await clock.run(world.ollama_memory.load("llama3:8b", LLAMA_MIB))
    assert world.used_mib == RESERVED_MIB + LLAMA_MIB


async def test_a_gone_process_leaves_the_list_at_once_and_its_memory_comes_back_later(
    world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    await clock.run(world.ollama_memory.load("llama3:8b", LLAMA_MIB))
    await world.ollama_memory.unload("llama3:8b")
    await world.ollama_memory.unload("llama3:8b")

    assert world.processes() == ()
    assert world.used_mib == RESERVED_MIB + LLAMA_MIB
    await clock.advance(0.49)
    assert world.used_mib == RESERVED_MIB + LLAMA_MIB
    await clock.advance(1.02)
    assert world.used_mib == RESERVED_MIB


@pytest.mark.parametrize("lag_s", [0.0, 1.0, 5.0, 30.0])
async def test_memory_comes_back_as_late_as_it_is_told_to(world: World, clock: FakeClock, lag_s: float) -> None:
    world.ledger.release_lag_s = (lag_s, lag_s)
    world.machine.start("comfyui")
    await clock.advance(5.0)
    world.catch_up()
    world.machine.crash("comfyui")
    at_once = world.used_mib
    await clock.advance(lag_s - 0.01 if lag_s else 0.0)
    before = world.used_mib
    await clock.advance(0.02)
    assert (at_once, before) == ((RESERVED_MIB + 2400,) * 2 if lag_s else (RESERVED_MIB,) * 2)
    assert world.used_mib == RESERVED_MIB


async def test_memory_on_its_way_waits_no_longer_than_the_new_lag(world: World, clock: FakeClock) -> None:
    world.ledger.release_lag_s = (30.0, 30.0)
    world.machine.start("comfyui")
    await clock.advance(5.0)
    world.catch_up()
    world.machine.crash("comfyui")
    world.ledger.release_lag_s = (0.5, 1.5)
    await clock.advance(1.5)
    assert world.used_mib == RESERVED_MIB


async def test_a_process_in_no_container_is_seen_by_its_name_until_it_ends(world: World, clock: FakeClock) -> None:
    pid = world.intrude("supertuxkart", 3000)
    assert world.processes() == (GpuProcess(pid, 3000, "supertuxkart"),)
    assert (world.container_of(pid), world.process_name(pid)) == (None, "supertuxkart")

    world.end_intrusion(pid)
    world.end_intrusion(pid)
    assert (world.processes(), world.process_name(pid)) == ((), None)
    await clock.advance(1.5)
    assert world.used_mib == RESERVED_MIB


async def test_a_model_that_does_not_fit_is_refused_and_takes_nothing(world: World) -> None:
    with pytest.raises(SimOutOfMemory, match="does not run"):
        await world.ollama_memory.load("llama3:8b", LLAMA_MIB)
    world.machine.start("ollama")
    with pytest.raises(SimOutOfMemory, match="20015 MiB free"):
        await world.ollama_memory.load("huge", 20016)
    assert world.used_mib == RESERVED_MIB


async def test_a_load_ends_in_an_error_when_its_container_dies_or_the_card_fills_meanwhile(
    world: World, clock: FakeClock
) -> None:
    world.machine.start("ollama")
    load = asyncio.create_task(world.ollama_memory.load("llama3:8b", LLAMA_MIB))
    await clock.advance(1.0)
    world.machine.kill("ollama")
    await clock.advance(1.0)
    with pytest.raises(SimOutOfMemory, match="ended"):
        await load

    world.machine.start("ollama")
    world.machine.start("comfyui")
    pid = world.machine.boxes["comfyui"].pid
    assert pid is not None
    load = asyncio.create_task(world.ollama_memory.load("big", 15000))
    await clock.settle()
    world.ledger.seize(pid, "spike", 9000)
    await clock.advance(10.0)
    with pytest.raises(SimOutOfMemory, match="full"):
        await load
    assert world.ollama_memory.loaded() == {}


async def test_a_load_that_is_given_up_gives_its_memory_back(world: World, clock: FakeClock) -> None:
    world.machine.start("ollama")
    load = asyncio.create_task(world.ollama_memory.load("llama3:8b", LLAMA_MIB))
    await clock.advance(1.0)
    load.cancel()
    await clock.advance(2.0)

    assert world.used_mib == RESERVED_MIB


async def test_a_model_loads_while_comfyui_draws_and_each_is_seen_apart(clock: FakeClock) -> None:
    world = World(clock, draws=True)
    world.machine.start("comfyui")
    world.machine.start("ollama")
    await clock.run(world.ollama_memory.load("llama3:8b", LLAMA_MIB))
    await clock.advance(15.0)
    world.catch_up()

    assert {p.name: p.used_mib for p in world.processes()} == {"python3": 6600, "ollama": LLAMA_MIB}
    assert (world.vram_of("comfyui"), world.vram_of("ollama"), world.vram_of("open-webui")) == (6600, LLAMA_MIB, 0)


async def test_who_looks_and_how_often_changes_nothing() -> None:
    async def story(looks_every_s: float) -> tuple[int, ...]:
        clock = FakeClock()
        world = World(clock, seed=7, draws=True)
        world.machine.start("comfyui")
        seen = []
        for second in range(40):
            for _ in range(round(1 / looks_every_s)):
                await clock.advance(looks_every_s)
                world.catch_up()
            seen.append(world.used_mib)
            if second == 30:
                world.machine.crash("comfyui")
        return tuple(seen)

    assert await story(1.0) == await story(0.25) == await story(0.125)


async def test_a_day_nobody_looks_at_is_caught_up_with_at_once(world: World, clock: FakeClock) -> None:
    world.machine.start("comfyui")
    await clock.advance(86400.0)
    assert world.used_mib == RESERVED_MIB + 2400


class MemoryAccounts(RuleBasedStateMachine):
    """Whatever is done in whatever order, every MiB has its place and every container its story."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(FakeClock(), draws=True)
        self.events: dict[str, list[str]] = {name: [] for name in self.world.machine.boxes}
        self.moments: list[ContainerEvent] = []
        self.world.machine.listen(self._note)

    def _note(self, event: ContainerEvent) -> None:
        self.events[event.container].append(event.action)
        self.moments.append(event)

    name = st.sampled_from(("ollama", "open-webui", "anythingllm", "comfyui"))

    @rule(seconds=st.floats(min_value=0.001, max_value=30.0))
    def time_passes(self, seconds: float) -> None:
        self.world.advance(self.world.now_s + seconds)

    @rule(name=name)
    def start(self, name: str) -> None:
        self.world.machine.start(name)

    @rule(name=name, grace_s=st.sampled_from((0.0, 0.5, 10.0)))
    def stop(self, name: str, grace_s: float) -> None:
        self.world.machine.stop(name, grace_s)

    @rule(name=name)
    def kill(self, name: str) -> None:
        self.world.machine.kill(name)

    @rule(name=name, leaves_mib=st.sampled_from((0, 800)))
    def crash(self, name: str, leaves_mib: int) -> None:
        self.world.machine.boxes[name].leaves_mib = leaves_mib
        self.world.machine.crash(name)

    @rule(name=name, policy=st.sampled_from(list(RestartPolicy)))
    def change_policy(self, name: str, policy: RestartPolicy) -> None:
        self.world.machine.boxes[name].policy = policy

    @rule(name=name, mib=st.integers(1, 12000), at_once=st.booleans())
    def take(self, name: str, mib: int, at_once: bool) -> None:
        pid = self.world.machine.boxes[name].pid
        if pid is None:
            return
        if at_once:
            self.world.ledger.seize(pid, "spike", mib)
        else:
            self.world.ledger.claim(pid, "leak", mib, 350.0)

    @rule(name=name, flaw=st.sampled_from(FLAWS), on=st.booleans())
    def spoil(self, name: str, flaw: str, on: bool) -> None:
        setattr(self.world.machine.boxes[name], flaw, on)

    @rule(name=name, after_s=st.sampled_from((None, 0.5, 1.5)))
    def doom_starts(self, name: str, after_s: float | None) -> None:
        self.world.machine.boxes[name].dies_starting_after_s = after_s

    @rule(longest_s=st.sampled_from((0.0, 1.5, 8.0, 30.0)))
    def change_the_release_lag(self, longest_s: float) -> None:
        self.world.ledger.release_lag_s = (longest_s / 2, longest_s)

    @rule(sticks=st.booleans())
    def stick(self, sticks: bool) -> None:
        self.world.ledger.sticks = sticks

    @rule(leak=st.sampled_from(list(Leak)))
    def recover(self, leak: Leak) -> None:
        self.world.ledger.recover(leak)

    @invariant()
    def every_mib_is_accounted_for(self) -> None:
        ledger = self.world.ledger
        held = ledger.by_pid()
        parts = (sum(held.values()), ledger.lagging_mib, ledger.leaked_mib)
        assert min(parts, default=0) >= 0
        assert ledger.used_mib == RESERVED_MIB + sum(parts)
        assert RESERVED_MIB <= ledger.used_mib <= TOTAL_MIB
        assert ledger.used_mib + ledger.free_mib == TOTAL_MIB

    @invariant()
    def only_living_processes_hold_memory(self) -> None:
        alive = {pid for box in self.world.machine.boxes.values() for pid in box.pids()}
        assert set(self.world.ledger.by_pid()) <= alive

    @invariant()
    def starts_and_deaths_take_turns_and_nothing_happens_before_what_came_before(self) -> None:
        for name, actions in self.events.items():
            lives = [action for action in actions if action in {"start", "die"}]
            assert lives[::2] == ["start"] * len(lives[::2])
            assert lives[1::2] == ["die"] * len(lives[1::2])
            assert self.world.machine.boxes[name].running == (len(lives) % 2 == 1)
        assert self.moments == sorted(self.moments, key=lambda event: event.at)

    def teardown(self) -> None:
        self.world.ledger.release_lag_s = RELEASE_LAG_S
        for name in self.events:
            for flaw in FLAWS:
                setattr(self.world.machine.boxes[name], flaw, False)
            self.world.machine.stop(name, 1.0)
        self.world.advance(self.world.now_s + 10.0)
        assert self.world.ledger.used_mib == RESERVED_MIB + self.world.ledger.leaked_mib


MemoryAccounts.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


TestMemoryAccounts = MemoryAccounts.TestCase
