"""Docker's engine is restarted in the middle of switches: each ends as the truth is, and no two were ever up."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.containers.engine import Standin, StandinEngine
from tests.containers.own_engine import OwnEngine
from tests.containers.watch import DockerWatch, together_s
from tests.e2e.stack import Scenes, Stack, moment_s, state_of

pytestmark = pytest.mark.usefixtures("unconnected_sockets")

PATIENT: dict[str, Any] = {
    "switch": {"release_timeout_s": 60, "gate_interval_s": 0.1},
    "workloads": {"comfyui": {"stop_grace_s": 30}},
}


@dataclass
class Switch:
    """A switch that gets stuck in a step, and what may become of it once the engine has been away."""

    stack: Stack
    mode: str
    stuck_in: str
    outcomes: set[str]

    async def get_stuck(self) -> None:
        """Asks for it and waits until it is in its step."""
        await self.stack.start()
        await self.stack.shows(await self.stack.switch(self.mode), self.stuck_in)

    async def check(self) -> None:
        """Waits for its end; the journal, the mode and the containers say the same."""
        stack = self.stack
        await stack.told(f"→ {self.mode}")
        (entry,) = await stack.last_words(stack.bots[0])
        assert entry["outcome"] in self.outcomes, entry["message"]
        mode = entry["target"] if entry["outcome"] == "done" else entry["origin"]
        assert stack.kept("mode")[0]["name"] == mode
        up, down = (stack.ollama, stack.comfyui) if mode == "chat" else (stack.comfyui, stack.ollama)
        assert (await stack.running(up), await stack.running(down)) == (True, False)
        assert await came_after(up, down)


async def came_after(newcomer: Standin, gone: Standin) -> bool:
    """Whether one was started only after the other had ended, by Docker's own times."""
    come, went = await asyncio.gather(asyncio.to_thread(state_of, newcomer), asyncio.to_thread(state_of, gone))
    return moment_s(come["StartedAt"]) >= moment_s(went["FinishedAt"])


async def three_switches(scenes: Scenes, url: str) -> tuple[Switch, Switch, Switch]:
    """At the stop, at the gate, and while starting."""
    stop = await scenes.make("stop", docker_url=url, comfyui={"STANDIN_IGNORE_TERM": 1}, **PATIENT)
    gate = await scenes.make("gate", docker_url=url, **PATIENT)
    gate.card.set(leaked_mib=3000)
    start = await scenes.make("start", docker_url=url, comfyui={"STANDIN_SILENT": 1}, **PATIENT)
    await asyncio.gather(stop.begin_in(stop.comfyui), gate.begin_in(gate.comfyui), start.begin_in(start.ollama))
    return (
        # What the engine ends by itself frees the way; then it may be gone before, or only after, the next start.
        Switch(stop, "chat", "⏳ Stop comfyui", {"done", "rolled back"}),
        Switch(gate, "chat", "⏳ Prove that VRAM is back", {"done"}),
        Switch(start, "image", "⏳ Wait until comfyui answers", {"rolled back"}),
    )


async def test_an_engine_that_restarts_at_the_stop_at_the_gate_and_while_starting_leaves_the_truth(
    tmp_path: Path, own: OwnEngine, maker: StandinEngine
) -> None:
    scenes = Scenes(tmp_path, maker)
    try:
        switches = await three_switches(scenes, own.url)
        at_stop, at_gate, _ = (switch.stack for switch in switches)
        async with DockerWatch(maker) as watch:
            await asyncio.gather(*(switch.get_stuck() for switch in switches))
            await watch.until(at_stop.comfyui, "kill")
            for switch in switches:
                assert together_s(watch.happenings, switch.stack.ollama, switch.stack.comfyui) == 0
        at_stop.comfyui.control(ignore_term=0)  # only the engine's own end is heard
        await asyncio.to_thread(own.stop)
        at_gate.card.set(leaked_mib=None)
        await asyncio.to_thread(own.start)
        await asyncio.gather(*(switch.check() for switch in switches))
    finally:
        await scenes.close()
