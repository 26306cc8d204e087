"""The demo's BD-1 is killed, stays away and comes back: on the real stage, without a browser."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bd1 import demo_lives
from bd1.adapters.clock import SystemClock
from bd1.app import House, Ports, build
from bd1.core.settings import Settings
from bd1.demo import _until_the_end
from bd1.demo_lives import DEAD_S, Lives
from bd1.demo_stage import Script, Stage, staged
from bd1.errors import DiscordRefused
from bd1.sim.bench import DOWN
from bd1.sim.discord.events import Exchange, GatewayClosed, GatewayConnected
from bd1.sim.discord.model import Message
from bd1.sim.ollama.brain import ScriptedBrain
from bd1.sim.settings import MODEL

BOUND_S = 30.0


class Supervisor(SystemClock):
    """A clock that tells when BD-1 lies dead, and lets it lie no longer than a test wants."""

    def __init__(self) -> None:
        self.is_waiting = asyncio.Event()
        self.may_start = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == DEAD_S:
            self.is_waiting.set()
            await self.may_start.wait()
        else:
            await super().sleep(seconds)


@dataclass
class Play:
    """A BD-1 that runs on its stage. `taken` is what Discord did for it while it was dead."""

    clock: Supervisor
    stage: Stage
    lives: Lives
    run: "asyncio.Task[None]"
    taken: list[Exchange] = field(default_factory=list)

    def notice(self, exchange: Exchange) -> None:
        if self.lives.is_down and exchange.status < 400:
            self.taken.append(exchange)

    async def dead(self) -> None:
        async with asyncio.timeout(BOUND_S):
            await self.clock.is_waiting.wait()


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Play]:
    clock = Supervisor()
    lives = Lives(clock)
    async with staged(Script(clock, ScriptedBrain(clock), MODEL, tmp_path, 0, ()), lives) as stage:
        ollama = asyncio.create_task(stage.ollama.run())
        made = Play(clock, stage, lives, asyncio.create_task(lives.run(stage)))
        stage.discord.on_exchange.append(made.notice)
        yield made
        for task in (made.run, ollama):
            task.cancel()
        await asyncio.wait([made.run, ollama])


async def test_bd1_killed_in_the_middle_of_a_switch_is_gone_at_once_and_finds_its_way_back(play: Play) -> None:
    discord, world = play.stage.discord, play.stage.world
    first = await discord.event(GatewayConnected, timeout=BOUND_S)
    line = play.lives.line
    line.cut_at(2 - line.counts["containers.start"], "containers.start", after_effect=True)
    await play.dead()
    left = discord.log.position
    assert (play.lives.is_down, play.lives.status(), discord.bot_online) == (True, DOWN, False)
    assert sum(box.running for box in world.machine.boxes.values()) == 2
    play.lives.kill()

    play.clock.may_start.set()
    second = await discord.event(GatewayConnected, timeout=BOUND_S, since=left)
    assert (play.lives.is_down, first.session_id != second.session_id) == (False, True)
    await discord.message(
        "gpu-alerts", where=lambda message: "ended in the middle" in str(message.embeds), timeout=BOUND_S
    )
    assert play.taken == []
    assert not play.run.done()


async def test_bd1_killed_between_switches_comes_back_to_the_mode_it_left(play: Play) -> None:
    discord = play.stage.discord
    await discord.message("gpu-alerts", where=lambda line: "idle → chat" in line.content, timeout=BOUND_S)
    play.clock.may_start.set()
    left = discord.log.position
    play.lives.kill()
    assert play.lives.is_down
    await discord.event(GatewayClosed, timeout=BOUND_S, since=left)
    await discord.event(GatewayConnected, timeout=BOUND_S, since=left)
    assert play.lives.house
    assert (await play.lives.house.services.director.refresh()).name == "chat"
    assert play.lives.house.services.director.job is None
    assert play.taken == []


async def test_who_ends_the_demo_while_bd1_lies_dead_is_obeyed_at_once(play: Play) -> None:
    await play.stage.discord.event(GatewayConnected, timeout=BOUND_S)
    play.lives.kill()
    await play.dead()
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(BOUND_S):
        await play.run
    assert play.lives.is_down


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
async def test_who_ends_the_demo_in_the_moment_in_which_bd1_begins_anew_is_obeyed_too(
    play: Play, monkeypatch: pytest.MonkeyPatch, kind: signal.Signals
) -> None:
    await play.stage.discord.event(GatewayConnected, timeout=BOUND_S)

    def build_and_be_asked(settings: Settings, ports: Ports) -> House:
        os.kill(os.getpid(), kind)
        return build(settings, ports)

    monkeypatch.setattr(demo_lives, "build", build_and_be_asked)
    play.clock.may_start.set()
    play.lives.kill()
    async with asyncio.timeout(BOUND_S):
        await play.run
    assert play.lives.is_down


async def test_a_trouble_that_ends_bd1_for_good_ends_the_demo_with_its_sentence(play: Play) -> None:
    play.stage.discord.faults.token_revoked = True
    with pytest.raises(DiscordRefused, match="does not accept the token"):
        async with asyncio.timeout(BOUND_S):
            await play.run


async def test_what_plays_beside_ends_with_the_play_and_its_trouble_ends_the_play() -> None:
    never = asyncio.Event()
    ended: list[str] = []

    async def wait(name: str) -> None:
        try:
            await never.wait()
        finally:
            ended.append(name)

    async def soon(trouble: Exception | None) -> None:
        if trouble:
            raise trouble

    await _until_the_end(soon(None), wait("Ollama"))
    with pytest.raises(OSError, match="the port is taken"):
        await _until_the_end(wait("BD-1"), soon(None), soon(OSError("the port is taken")))
    assert ended == ["Ollama", "BD-1"]


async def asked(play: Play, text: str) -> Message:
    """Han asks; the end of the answer."""
    discord = play.stage.discord
    question = await discord.person("Han").say("bridge", f"<@{discord.bot.id}> {text}")
    return await discord.message("bridge", where=lambda m: "tokens/s" in m.content, after=question, timeout=2 * BOUND_S)


def is_in_chat(play: Play) -> bool | None:
    """Whether the start mode is on; `None` before that."""
    return (play.lives.house is not None and play.lives.house.services.fleet.view.name == "chat") or None


async def test_how_is_the_card_is_answered_truly_and_says_that_the_model_is_simulated(play: Play) -> None:
    discord = play.stage.discord
    await discord.event(GatewayConnected, timeout=BOUND_S)
    await discord.log.until(lambda: is_in_chat(play), timeout=2 * BOUND_S, awaited="chat mode")
    answer = await asked(play, "how is the card?")
    if "not known just now" in answer.content:  # a starved machine has taken longer than the second it has
        answer = await asked(play, "how is the card?")
    figures = re.search(r"I looked: (\d+) MiB of (\d+) MiB of VRAM are in use", answer.content)
    assert figures, answer.content
    assert play.lives.house
    sample = (await play.lives.house.services.status.now()).sample
    assert sample is not None
    assert int(figures[1]) == pytest.approx(sample.used_mib, abs=1024)  # an answer under way takes its share
    assert int(figures[2]) == sample.total_mib
    assert "the mode is chat" in answer.content
    assert "I am a simulated model" in answer.content
