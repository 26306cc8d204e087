"""`bd1 demo`: the real bot over a simulated machine, Discord and Ollama, in one process. The composition root of that.

Nothing but loopback is opened, and everything simulated says so.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bd1.adapters.clock import SystemClock
from bd1.demo_lives import Lives
from bd1.demo_stage import Script, Stage, staged
from bd1.errors import DemoUnavailable
from bd1.ports import Clock
from bd1.sim.bench import Fact
from bd1.sim.ollama.brain import Brain, ScriptedBrain
from bd1.sim.ollama.smol import FILE_NAME, SMOL_MODEL, SmolBrain
from bd1.sim.settings import MODEL

_MODELS = Path("data/models")


async def demo(port: int, *, llm: bool = False) -> None:
    """Runs the demo until SIGTERM or Ctrl-C.

    Args:
        port: of the web page on 127.0.0.1; 0 for any free one.
        llm: whether a small real model answers instead of the script.

    Raises `DemoUnavailable` when the port is taken or the model is not there.
    """
    clock = SystemClock()
    facts = _facts(llm=llm)
    with tempfile.TemporaryDirectory(prefix="bd1-demo-") as folder:
        async with _brain(clock, llm=llm) as (brain, model):
            script = Script(clock, brain, model, Path(folder), port, facts)
            lives = Lives(clock)
            async with staged(script, lives) as stage:
                await _until_the_end(lives.run(stage), stage.ollama.run(), _announce(stage, lives, facts))


async def _until_the_end(play: Coroutine[Any, Any, None], *beside: Coroutine[Any, Any, None]) -> None:
    """Runs the play to its end and the others beside it; what goes wrong in one of them ends all and is raised."""
    tasks = [asyncio.create_task(work) for work in (play, *beside)]
    try:
        while not tasks[0].done():
            left = [task for task in tasks if not task.done()]
            done, _ = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _brain(clock: Clock, *, llm: bool) -> AsyncIterator[tuple[Brain, str]]:
    """Who answers, and under which model's name."""
    if not llm:
        yield ScriptedBrain(clock), MODEL
        return
    brain = SmolBrain(_MODELS / FILE_NAME)
    if lacking := brain.missing():
        raise DemoUnavailable(lacking)
    try:
        yield brain, SMOL_MODEL.name
    finally:
        brain.close()


async def _announce(stage: Stage, lives: Lives, facts: tuple[Fact, ...]) -> None:
    """Prints the address once a question would be answered, and which part is real."""
    sys.stdout.write("BD-1 is starting and brings up chat mode; a few seconds ...\n")
    sys.stdout.flush()
    await stage.discord.wait_for(lambda _event: bool(stage.discord.commands()) and stage.discord.bot_online, timeout=60)
    if lives.house:
        director = lives.house.services.director
        await director.has_begun.wait()
        if director.job:
            async for _ in director.job.watch():
                pass
    width = max(len(fact.part) for fact in facts)
    rows = [f"  {fact.part:<{width}}  {fact.kind:<9}  {fact.detail}" for fact in facts]
    lines = ["", f"BD-1 is ready: {stage.discord.page_url}", "", *rows, "", "Ctrl-C ends it.", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def _facts(*, llm: bool) -> tuple[Fact, ...]:
    brain = (
        "a real HTTP server speaking Ollama's API, with SmolLM2-135M behind it"
        if llm
        else "a real HTTP server speaking Ollama's API; its answers come from a script"
    )
    return (
        Fact("BD-1", "real", "bot, director, watchdog, alerts and chat, as they run at home"),
        Fact("discord.py, ollama client", "real", "unmodified, over HTTP and a WebSocket on loopback"),
        Fact("Discord", "simulated", "a loopback server with Discord's rules, limits and errors"),
        Fact("GPU", "simulated", "the numbers of an RTX 4000 Ada: 20475 MiB, 460 of them the driver's"),
        Fact("Containers", "simulated", "ollama, open-webui, anythingllm, comfyui with Docker's rules"),
        Fact("Ollama", "simulated", brain),
        Fact("A kill of BD-1", "simulated", "it is cut off from everything, and built anew in the same process"),
    )
