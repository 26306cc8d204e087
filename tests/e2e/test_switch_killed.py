"""`kill -9` of the bot at every boundary of a switch's journal: the next start finds out what is true, and says so."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bd1.sim.discord.server import LoopbackDiscord
from tests.containers.engine import StandinEngine
from tests.containers.watch import DockerWatch, together_s
from tests.e2e.bot import REPO
from tests.e2e.killed import NOBODY
from tests.e2e.stack import Environment, Stack

pytestmark = pytest.mark.timeout(300)

AT_ONCE = 8
QUICK: dict[str, Any] = {
    "switch": {"gate_interval_s": 0.05, "release_timeout_s": 1},
    "watchdog": {"interval_s": 1.0},
    "workloads": {"ollama": {"stop_grace_s": 1}, "comfyui": {"stop_grace_s": 1}},
}
RUNS_AFTER = {"done": {"comfyui"}, "rolled back": {"ollama"}, "failed": set[str](), "refused": set[str]()}
AT_THE_GATE, AT_THE_COMMIT = 8, 14
"""Writes of the smooth story: the gate has been begun, the commit has been begun."""
MODE_OF = {"comfyui": "image", "ollama": "chat"}


@dataclass(frozen=True)
class Story:
    """What becomes of a switch from chat to image that nobody disturbs."""

    name: str
    ends: str
    comfyui: Environment | None = None
    leaked_mib: int = 0


SMOOTH = Story("smooth", "done")
ROLLED_BACK = Story("rolled back", "rolled back", comfyui={"STANDIN_DIE_AFTER_MS": 1})
REFUSED = Story("refused", "refused", leaked_mib=3000)


class Ward:
    """One stack after another, each with a switch that is about to be killed."""

    def __init__(self, folder: Path, engine: StandinEngine, watch: DockerWatch) -> None:
        self._folder = folder
        self._engine = engine
        self._watch = watch
        self._places = asyncio.Semaphore(AT_ONCE)

    async def writes_of(self, story: Story) -> int:
        """How many writes the journal gets when nobody kills the bot."""
        async with LoopbackDiscord() as discord:
            stack = await self._ready(discord, story, f"whole {story.name}")
            code, said = await self.switch(stack, 0, "after")
            (entry,) = stack.journal()
            assert (code, entry["outcome"]) == (0, story.ends)
            await self._clear(stack)
        return int(said)

    async def check(self, story: Story, number: int, when: str, *more: tuple[int, str]) -> None:
        """Kills one switch at one moment, starts the bot again and looks. `more` kills that bot, and the next, too."""
        async with self._places, LoopbackDiscord() as discord:
            stack = await self._ready(discord, story, f"{story.name} {when} {number} {more}")
            try:
                assert (await self.switch(stack, number, when))[0] == -signal.SIGKILL
                await self._watch.caught_up(stack.comfyui)
                killed_at = self._watch.position
                for next_number, next_when in more:
                    assert (await self.switch(stack, next_number, next_when, NOBODY))[0] == -signal.SIGKILL
                await self._come_back(stack)
                await self._check(stack, killed_at)
            finally:
                await stack.close()
                await self._clear(stack)

    async def check_all(self, story: Story, moments: list[tuple[int, str]]) -> None:
        """Every moment is tried, whatever becomes of the others; all that went wrong is told."""
        results = await asyncio.gather(*(self.check(story, *at) for at in moments), return_exceptions=True)
        wrong = [f"{when} write {number}: {it!r}" for (number, when), it in zip(moments, results, strict=True) if it]
        assert not wrong, "\n".join(wrong)

    async def _ready(self, discord: LoopbackDiscord, story: Story, name: str) -> Stack:
        folder = self._folder / name
        folder.mkdir()
        stack = Stack.of(folder, discord, self._engine, comfyui=story.comfyui, **QUICK)
        stack.card.set(release_lag_ms=100, leaked_mib=story.leaked_mib)
        (folder / "config.yaml").write_text(yaml.safe_dump(stack.document()), encoding="utf-8")
        await stack.begin_in(stack.ollama)
        return stack

    async def switch(self, stack: Stack, number: int, when: str, mode: str = "image") -> tuple[int, str]:
        """Runs the mortal bot to its end: its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.e2e.killed", str(number), when, mode, str(stack.folder / "config.yaml")),
            cwd=REPO,
            env=os.environ | stack.card.environ(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def _come_back(self, stack: Stack) -> None:
        """Starts the bot again until the alert channel has heard of the switch, where there was one, and ends it."""
        entries = stack.journal()
        bot = await stack.start()
        for entry in entries:
            await stack.told("chat → image")
            if entry["outcome"] is None:
                await stack.told("A switch was interrupted")
        if not entries:
            await bot.logged("connected to Discord", timeout_s=30)
        assert await bot.stop() == 0
        assert "Traceback" not in bot.log

    async def _check(self, stack: Stack, killed_at: int) -> None:
        runs = await stack.on_card()
        assert len(runs) <= 1
        for entry in stack.journal():
            assert entry["outcome"] is not None, "the entry is left open"
            assert entry["is_told"]
            assert runs == RUNS_AFTER[entry["outcome"]], entry["message"]
        if not stack.journal():
            assert runs == {"ollama"}
        (mode,) = stack.kept("mode")
        assert mode["name"] == (MODE_OF[next(iter(runs))] if runs else "idle")
        await self._watch.caught_up(stack.comfyui)
        assert together_s(self._watch.happenings, stack.ollama, stack.comfyui) == 0
        started = [it for one in (stack.ollama, stack.comfyui) for it in self._watch.of(one, "start", since=killed_at)]
        assert not started, "the next start of the bot has started something"

    async def _clear(self, stack: Stack) -> None:
        for standin in (stack.ollama, stack.comfyui):
            await asyncio.to_thread(standin.container.remove, force=True)


@pytest.fixture
def ward(tmp_path: Path, standins: StandinEngine, watch: DockerWatch) -> Ward:
    return Ward(tmp_path, standins, watch)


async def test_whenever_the_bot_is_killed_in_a_switch_the_next_start_tells_what_is_true(ward: Ward) -> None:
    writes = await ward.writes_of(SMOOTH)
    await ward.check_all(SMOOTH, [(number, when) for number in range(1, writes + 1) for when in ("before", "after")])


@pytest.mark.parametrize("story", [ROLLED_BACK, REFUSED], ids=lambda story: story.name)
async def test_so_it_is_when_the_switch_would_not_have_come_to_its_end(ward: Ward, story: Story) -> None:
    writes = await ward.writes_of(story)
    await ward.check_all(story, [(number, "after") for number in range(1, writes + 1)])


async def test_a_bot_that_is_killed_while_it_finds_out_is_no_worse(ward: Ward) -> None:
    kills = [((1, "before"),), ((1, "before"), (1, "after")), ((1, "after"),)]
    cases = [(number, more) for number in (AT_THE_GATE, AT_THE_COMMIT) for more in kills]
    await asyncio.gather(*(ward.check(SMOOTH, number, "after", *more) for number, more in cases))
