"""What the benchmark of switches plays on: two containers of a real engine, a pretended card, and BD-1 but for Discord.

It brings everything into its place; it measures nothing and prints nothing.
"""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pynvml

from bd1.app import House, Ports, build, real_ports
from bd1.core.gpu import MIB
from bd1.core.settings import (
    ChatSettings,
    DiscordSettings,
    GpuSettings,
    Mode,
    Settings,
    SwitchSettings,
    WatchdogSettings,
    Workload,
    WorkloadKind,
)
from benchmarks.switch_ears import Ears, SlowStart
from tests.containers.engine import Standin, StandinEngine
from tests.nvml.card import FakeCard

HELD_MIB = {"chat": 4700, "image": 2400}
"""What each mode holds on the card until its container ends."""
MODEL = "llama3:8b"
MODEL_MIB = 700
"""The model that is asked to unload before the stop. It goes early, so it must not be what is waited for."""
REFEREE_S = 0.005
WORKLOADS = {"chat": "ollama", "image": "comfyui"}


async def until(is_so: Callable[[], Awaitable[bool]], pause_s: float) -> None:
    """Asks every so many seconds, and returns when it is so."""
    while not await is_so():  # noqa: ASYNC110 what is asked lies outside and sets no event
        await asyncio.sleep(pause_s)


class Referee:
    """Looks at the card every few milliseconds from a thread of its own, whoever is at work.

    The pretended card counts its release lag from the first look that finds a process dead: with the referee that is
    the moment of its death for every way of switching alike. `idle_mib` is what it saw when it was made; `back_s` is
    when the card last came back to that.
    """

    def __init__(self) -> None:
        pynvml.nvmlInit()
        self._card = pynvml.nvmlDeviceGetHandleByIndex(0)
        self._is_over = threading.Event()
        self.idle_mib = self.used_mib = self._look_mib()
        self.back_s = 0.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the block runs."""
        thread = threading.Thread(target=self._watch, name="referee", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()
            pynvml.nvmlShutdown()

    def _watch(self) -> None:
        while not self._is_over.wait(REFEREE_S):
            used_mib = self._look_mib()
            if used_mib <= self.idle_mib < self.used_mib:
                self.back_s = time.monotonic()
            self.used_mib = used_mib

    def _look_mib(self) -> int:
        memory = pynvml.nvmlDeviceGetMemoryInfo(self._card, pynvml.nvmlMemory_v2)
        return int(memory.total - memory.free) // MIB

    async def until_idle(self) -> None:
        """Returns once the card is back at its idle level."""
        await until(self._is_idle, REFEREE_S)

    async def _is_idle(self) -> bool:
        return self.used_mib <= self.idle_mib

    async def until_held(self, mib: int) -> None:
        """Returns once this much is held beyond idle."""

        async def is_held() -> bool:
            return self.used_mib >= self.idle_mib + mib

        await until(is_held, REFEREE_S)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a way of switching can touch."""

    settings: Settings
    card: FakeCard
    bare: Ports
    """The ports without ears."""
    house: House
    ears: Ears
    referee: Referee
    slow: SlowStart

    def workload(self, mode: str) -> Workload:
        """The one workload of this mode."""
        return self.settings.workloads[WORKLOADS[mode]]

    async def settle(self, mode: str) -> None:
        """Has the mode's container hold its memory, and lets everything come to rest."""
        self._forget_the_dead()
        if mode == "chat":
            await self._load_model()
        await self.referee.until_held(HELD_MIB[mode])
        self.ears.is_deaf = False
        await self.house.services.director.refresh()
        await asyncio.sleep(0.2)

    async def _load_model(self) -> None:
        url, name = self.settings.chat.ollama_url, self.workload("chat").container
        async with aiohttp.ClientSession() as http, http.post(f"{url}/api/generate", json={"model": MODEL}) as answer:
            await answer.read()
        if pid := (await self.bare.containers.inspect(name)).pid:
            self.card.claim(pid, HELD_MIB["chat"])

    def _forget_the_dead(self) -> None:
        """Each claim costs the pretended card a look at a file; those of earlier runs would make looks dearer."""
        for claim in (self.card.state / "claims").iterdir():
            if claim.name.isdigit() and not Path("/proc", claim.name).exists():
                claim.unlink(missing_ok=True)
                (self.card.state / "dead" / claim.name).unlink(missing_ok=True)


def _settings(standins: dict[str, Standin], data_dir: Path) -> Settings:
    chat, image = standins["chat"], standins["image"]
    ollama = Workload(
        name="ollama",
        container=chat.name,
        kind=WorkloadKind.OLLAMA,
        vram_mib=12000,
        health_url=f"{chat.url}/api/version",
    )
    comfyui = Workload(
        name="comfyui",
        container=image.name,
        kind=WorkloadKind.COMFYUI,
        vram_mib=8000,
        health_url=f"{image.url}/system_stats",
    )
    return Settings(
        discord=DiscordSettings(),
        gpu=GpuSettings(),
        workloads={"ollama": ollama, "comfyui": comfyui},
        modes={mode: Mode(name=mode, workloads=(name,)) for mode, name in WORKLOADS.items()},
        watchdog=WatchdogSettings(),
        switch=SwitchSettings(),
        chat=ChatSettings(workload="ollama", ollama_url=chat.url, model=MODEL),
        data_dir=data_dir,
    )


@asynccontextmanager
async def _running(house: House) -> AsyncIterator[None]:
    """Everything of `bd1 run` but Discord."""
    services = house.services
    await services.alerts.load()
    await services.director.load()
    parts = (house.watchdog.run(), services.alerts.run(), services.journal.run(), house.onlooker.run())
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


@asynccontextmanager
async def open_stage(folder: Path, engine: StandinEngine) -> AsyncIterator[Stage]:
    """The stage in chat mode, the house at work, nothing learned yet; gone when the block ends."""
    card = FakeCard(folder / "card")
    os.environ.update(card.environ())
    card.load()
    standins = {
        "chat": engine.create("ollama", state=card.state, environment={"STANDIN_MODELS": f"{MODEL}={MODEL_MIB}"}),
        "image": engine.create("comfyui", state=card.state, environment={"STANDIN_BASE_MIB": HELD_MIB["image"]}),
    }
    settings = _settings(standins, folder / "data")
    async with real_ports(settings) as quick:
        slow = SlowStart()
        ports = slow.over(quick)
        ears, referee = Ears(), Referee()
        house = build(settings, ears.over(ports))
        with referee.watching():
            async with _running(house):
                await asyncio.sleep(1.0)  # the idle level is learned from an empty card
                standins["chat"].container.start()
                standins["chat"].wait_until_it_answers()
                yield Stage(settings, card, ports, house, ears, referee, slow)
