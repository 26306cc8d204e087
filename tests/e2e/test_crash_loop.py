"""The second incident: ComfyUI crashes, is started again, and leaves VRAM behind each time. It ends harmlessly."""

import asyncio
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.containers.engine import StandinEngine
from tests.containers.own_engine import OwnEngine
from tests.containers.watch import DockerWatch
from tests.e2e.bot import text_of
from tests.e2e.stack import Scenes, Stack
from tests.e2e.victims import TOTAL_MIB

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("unconnected_sockets")]

MOST_CRASHES = 3
MOST_PCT = 90
BY_DOCKER, BY_HAND = "unless-stopped", "no"


def policy_of(stack: Stack) -> str:
    stack.comfyui.container.reload()
    return str(stack.comfyui.container.attrs["HostConfig"]["RestartPolicy"]["Name"])


async def set_policy(stack: Stack, name: str) -> None:
    policy: Any = {"Name": name}
    await asyncio.to_thread(stack.comfyui.container.update, restart_policy=policy)


class Loop:
    """One ComfyUI that crashes whenever it runs, and whoever starts it again."""

    def __init__(self, stack: Stack, watch: DockerWatch, restarts: str, leaves_mib: int) -> None:
        self.stack = stack
        self.crashes = 0
        self._watch = watch
        self._restarts = restarts
        self._leaves_mib = leaves_mib

    async def crash(self) -> None:
        """It crashes and leaves VRAM behind."""
        mark = self._watch.position
        await asyncio.to_thread(self.stack.comfyui.control, die=1, leaves_mib=self._leaves_mib)
        await self._watch.until(self.stack.comfyui, "die", since=mark)
        self.crashes += 1

    async def live(self) -> None:
        """Crashes until it is latched off."""
        stack = self.stack
        stack.card.set(log_used=1, release_lag_ms=400)
        await stack.begin_in(stack.comfyui)
        if self._restarts == BY_DOCKER:
            await self._crash_before_bd1_starts()
        bot = await stack.start()
        await stack.connected()
        if self._restarts == BY_DOCKER:
            await bot.logged("comfyui ended by itself once while nobody was told", timeout_s=60)
            await stack.told("Its restart policy was unless-stopped, and I set it to no.")
        while self.crashes < MOST_CRASHES and not stack.kept("off"):
            if not await stack.running(stack.comfyui):
                await stack.begin_in(stack.comfyui)
            await self.crash()
            await bot.logged(f"{self.crashes} times lately", timeout_s=60)
        told = text_of(await stack.told("comfyui is crash-looping"))
        assert "keep it down until an operator allows it: `/gpu rearm comfyui`" in told

    async def _crash_before_bd1_starts(self) -> None:
        """Docker starts it again, as in the story."""
        await set_policy(self.stack, BY_DOCKER)
        mark = self._watch.position
        await self.crash()
        await self._watch.until(self.stack.comfyui, "start", since=mark)
        await asyncio.to_thread(self.stack.comfyui.wait_until_it_answers)

    def check(self) -> None:
        """How it went."""
        peak_mib = max(used_mib for _, used_mib in self.stack.card.seen())
        peak_pct = 100 * peak_mib / TOTAL_MIB
        restarts = "Docker, then a person" if self._restarts == BY_DOCKER else "a person"
        figures = f"latched off after {self.crashes} crashes, peak {peak_pct:.1f} %"
        print(f"{self._leaves_mib} MiB left per crash, restarted by {restarts}: {figures}")  # noqa: T201 shown by -rA
        assert self.crashes <= MOST_CRASHES
        assert peak_pct < MOST_PCT
        assert policy_of(self.stack) == "no"


async def check_that_it_stays_off(stack: Stack, watch: DockerWatch) -> None:
    """Nobody starts it: not by hand, not with a switch."""
    mark = watch.position
    await asyncio.to_thread(stack.comfyui.container.start)
    await watch.until(stack.comfyui, "die", since=mark)
    await stack.shows(await stack.switch("image"), "comfyui is latched off since")
    assert await stack.on_card() == set()


async def test_a_crash_loop_is_latched_off_and_the_latch_outlives_a_kill_of_the_bot_and_a_restart_of_docker(
    tmp_path: Path, own: OwnEngine, maker: StandinEngine
) -> None:
    """300, 800 and 2000 MiB left per crash; under `unless-stopped` from before BD-1 starts, and by a person's hand.

    BD-1 takes the policy away as soon as it sees it, so from then on a person starts the container again. The crash of
    before counts, for Docker keeps it. All six loops run side by side on an engine of their own.
    """
    scenes = Scenes(tmp_path, maker)
    try:
        async with DockerWatch(maker) as watch:
            loops = [
                Loop(await scenes.make(f"{restarts} {leaves_mib}", docker_url=own.url), watch, restarts, leaves_mib)
                for restarts, leaves_mib in product((BY_DOCKER, BY_HAND), (300, 800, 2000))
            ]
            await asyncio.gather(*(loop.live() for loop in loops))
            await asyncio.gather(*(check_that_it_stays_off(loop.stack, watch) for loop in loops))
            for loop in loops:
                loop.check()
            for loop in loops:
                await loop.stack.bots[0].kill()
        await asyncio.to_thread(own.stop)
        await asyncio.to_thread(own.start)
        async with DockerWatch(maker) as watch:
            for loop in loops[::2]:
                await loop.stack.start()
            await asyncio.gather(*(check_that_it_stays_off(loop.stack, watch) for loop in loops[::2]))
        for loop in loops[::2]:
            await loop.stack.last_words(loop.stack.bots[-1])
            (off,) = loop.stack.kept("off")
            assert len(off["ends"]) <= MOST_CRASHES
    finally:
        await scenes.close()


async def test_two_crashes_then_kill_9_of_the_bot_then_a_third_crash_latch_it_off(
    scenes: Scenes, watch: DockerWatch
) -> None:
    """The third comes while no bot runs; the next bot finds it in what Docker keeps."""
    loop = Loop(await scenes.make("forgetful"), watch, BY_HAND, 100)
    stack = loop.stack
    await stack.begin_in(stack.comfyui)
    bot = await stack.start()
    await stack.connected()
    for count in (1, 2):
        await loop.crash()
        await bot.logged(f"{count} times lately", timeout_s=60)
        await stack.begin_in(stack.comfyui)
    await bot.kill()
    await loop.crash()
    following = await stack.start()
    await following.logged("comfyui ended by itself once while nobody was told", timeout_s=60)
    told = text_of(await stack.told("comfyui is crash-looping"))
    assert "ended by itself 3 times within 10 minutes" in told
    assert "exit code 1" in told
    await check_that_it_stays_off(stack, watch)
    await stack.last_words(following)
