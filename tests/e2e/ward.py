"""Switches that are killed at a boundary of their journal, the bot that comes after, and what must then be true."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass
from typing import Any

import yaml

from tests.containers.watch import DockerWatch, together_s
from tests.e2e.bot import REPO
from tests.e2e.killed import NOBODY, WRITES
from tests.e2e.stack import Environment, Scenes, Stack
from tests.nvml.card import FakeCard

QUICK: dict[str, Any] = {
    "switch": {"gate_interval_s": 0.05, "release_timeout_s": 1},
    "watchdog": {"interval_s": 1.0},
    "workloads": {"ollama": {"stop_grace_s": 1}, "comfyui": {"stop_grace_s": 1}},
}
RUNS_AFTER = {"done": {"comfyui"}, "rolled back": {"ollama"}, "failed": set[str](), "refused": set[str]()}
MODE_OF = {"comfyui": "image", "ollama": "chat"}
Moment = tuple[int, str]
"""The number of a write, and "before" or "after" it."""


@dataclass(frozen=True)
class Story:
    """What becomes of a switch from chat to image that nobody disturbs."""

    name: str
    ends: str
    comfyui: Environment | None = None
    leaked_mib: int = 0


class Mortals:
    """Processes that live one killed bot after another, each one at a time."""

    def __init__(self) -> None:
        self._all: list[Process] = []
        self._idle: asyncio.Queue[Process] = asyncio.Queue()

    async def gather(self, count: int, card: FakeCard) -> None:
        """Starts so many. Of the card only the library matters: each bot has a card of its own."""
        pipe = asyncio.subprocess.PIPE
        for _ in range(count):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.e2e.killed"),
                cwd=REPO,
                env=os.environ | card.environ(),
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            self._all.append(process)
            self._idle.put_nowait(process)

    async def live(self, stack: Stack, moment: Moment, mode: str) -> int:
        """Lets one bot live; its exit code."""
        process = await self._idle.get()
        assert process.stdin
        assert process.stdout
        told = [*moment, mode, str(stack.folder / "config.yaml"), str(stack.card.state)]
        process.stdin.write(f"{json.dumps(told)}\n".encode())
        code = int(await process.stdout.readline())
        self._idle.put_nowait(process)
        return code

    async def end(self) -> None:
        """Ends them, and whoever lives in them."""
        for process in self._all:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


class Ward:
    """One stack after another, each with a switch that is about to be killed."""

    def __init__(self, scenes: Scenes, watch: DockerWatch, mortals: Mortals, at_once: int) -> None:
        self._scenes = scenes
        self._watch = watch
        self._mortals = mortals
        self._places = asyncio.Semaphore(at_once)

    async def writes_of(self, story: Story) -> int:
        """How many writes the journal gets when nobody kills the bot."""
        async with self._places:
            stack = await self._ready(story, "whole")
            assert await self._mortals.live(stack, (0, "after"), "image") == 0
            (entry,) = stack.journal()
            assert entry["outcome"] == story.ends
            await self._clear(stack)
        return int((stack.folder / WRITES).read_text(encoding="utf-8"))

    async def check_all(self, story: Story, cases: list[tuple[Moment, ...]]) -> list[str]:
        """Every case is tried, whatever becomes of the others; all that went wrong is returned."""
        results = await asyncio.gather(*(self.check(story, *each) for each in cases), return_exceptions=True)
        return [f"{story.name}, {each}: {it!r}" for each, it in zip(cases, results, strict=True) if it]

    async def check(self, story: Story, moment: Moment, *more: Moment) -> None:
        """Kills one switch at one moment, starts the bot again and looks. `more` kills that bot, and the next, too."""
        async with self._places:
            stack = await self._ready(story, f"{moment} {more}")
            try:
                assert await self._mortals.live(stack, moment, "image") == -signal.SIGKILL
                await self._watch.caught_up(stack.comfyui)
                killed_at = self._watch.position
                for later in more:
                    assert await self._mortals.live(stack, later, NOBODY) == -signal.SIGKILL
                await self._come_back(stack)
                await self._look(stack, killed_at)
            finally:
                await stack.close()
                await self._clear(stack)

    async def _ready(self, story: Story, name: str) -> Stack:
        stack = await self._scenes.make(f"{story.name} {name}", comfyui=story.comfyui, **QUICK)
        stack.card.set(release_lag_ms=100, leaked_mib=story.leaked_mib)
        (stack.folder / "config.yaml").write_text(yaml.safe_dump(stack.document()), encoding="utf-8")
        await stack.begin_in(stack.ollama)
        return stack

    async def _come_back(self, stack: Stack) -> None:
        """Starts the bot again until the alert channel has heard of the switch, where there was one, and ends it."""
        entries = stack.journal()
        bot = await stack.start()
        for entry in entries:
            await stack.told("chat → image")
            if entry["outcome"] is None:
                await stack.told("A switch was interrupted")
        if not entries:
            await bot.logged("connected to Discord", timeout_s=60)
        await stack.last_words(bot)

    async def _look(self, stack: Stack, killed_at: int) -> None:
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
        assert not started, "a later start of the bot has started something"

    async def _clear(self, stack: Stack) -> None:
        await stack.discord.close()
        for standin in (stack.ollama, stack.comfyui):
            await asyncio.to_thread(standin.container.remove, force=True)
