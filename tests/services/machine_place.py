"""The world of one story about BD-1, the same for all its lives: what is wrong in it, and how it is put right."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bd1.core.settings import Mode, RestartPolicy, Settings
from bd1.sim.chat import SimChat
from bd1.sim.ledger import RELEASE_LAG_S, Leak
from bd1.sim.world import World
from tests.services.machine_life import Life
from tests.services.machine_outside import QuickClock, Tripwire, WatchedContainers, WatchedStore
from tests.services.machine_referee import Referee
from tests.services.machine_truth import Truth
from tests.services.rig import Outside, rig_settings


def machine_settings(start_mode: str | None) -> Settings:
    """The demo's, less patient, and with a mode that has two workloads on the card together."""
    settings = rig_settings(Path())
    hasty = {name: replace(workload, start_timeout_s=15.0) for name, workload in settings.workloads.items()}
    speech = replace(hasty["anythingllm"], vram_mib=3000)
    voice = Mode(name="voice", description="Talk with the language model", workloads=("ollama", "anythingllm"))
    chat = replace(settings.modes["chat"], workloads=("ollama", "open-webui"))
    return replace(
        settings,
        workloads=hasty | {"anythingllm": speech},
        modes=settings.modes | {"chat": chat, "voice": voice},
        switch=replace(settings.switch, start_mode=start_mode, release_timeout_s=8.0, drain_s=4.0, choice_s=12.0),
    )


class Place:
    """The world of one example, the same for all its lives."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = QuickClock()
        self.world = World(self.clock)
        self.wire = Tripwire()
        self.referee = Referee(settings, self.world)
        names = [workload.container for workload in settings.workloads.values()]
        self.engine = WatchedContainers(self.world, names, self.referee, self.wire)
        self.disk = WatchedStore(self.clock, self.referee, self.wire)
        self.model = SimChat(self.world)
        self.outside = Outside(self.clock, self.world, self.engine, self.model, self.disk)
        self.life: Life | None = None
        self.truth = Truth(self)
        self.foreign: list[int] = []
        self.answers_may_end = asyncio.Event()
        self.answers_may_end.set()
        self.model.hold = self.answers_may_end.wait
        self.referee.open_entries = self.disk.open_entries
        self.referee.disk_refuses = lambda: self.disk.refuses
        self.referee.disk_s = lambda: self.disk.lately_s
        self.referee.engine_s = lambda: self.engine.lately_s
        self.referee.lies = lambda: bool(self.engine.lies)
        self.referee.why_unable = self.why_unable
        self.referee.is_forbidden_for = lambda s, name: self.life is not None and self.life.is_forbidden_for(s, name)
        self.referee.is_busy = lambda: self.life is not None and self.life.is_busy

    def why_unable(self) -> str | None:
        """Why BD-1 cannot part two workloads that are up together now; `None` when it can."""
        if self.life is None:
            return "BD-1 is dead"
        if not self.is_docker_honest:
            return "Docker is not to be trusted"
        if any(box.ignores_stop or box.ignores_kill for box in self.world.machine.boxes.values() if box.running):
            return "nobody can end it"
        return None

    @property
    def is_docker_honest(self) -> bool:
        """Whether Docker is there, tells what is so, and does at once what it is told."""
        engine = self.engine
        return not (
            self.world.machine.engine_away or engine.lies or engine.fails or engine.fails_before or engine.lag_s
        )

    def heal(self) -> None:
        """Nothing is wrong any more; who was stopped stays stopped, and what is full stays full."""
        self.heal_docker()
        self.heal_card()
        self.disk.heal()
        self.answers_may_end.set()
        for box in self.world.machine.boxes.values():
            box.is_deaf = box.ignores_kill = box.ignores_stop = box.ignores_start = box.never_ready = False
            box.dies_starting_after_s = box.crashes_after_s = box.refusal = None
            if box.spec.uses_gpu:
                box.policy = RestartPolicy.NO

    def heal_docker(self) -> None:
        """The engine is there, quick and honest."""
        self.world.catch_up()
        self.world.machine.engine_away = False
        self.engine.heal()

    def heal_card(self) -> None:
        """The card can be read, and nothing sticks to it that is not ours."""
        self.world.catch_up()
        self.world.card.fault = None
        self.world.ledger.sticks = False
        self.world.ledger.release_lag_s = RELEASE_LAG_S
        for leak in Leak:
            self.world.ledger.recover(leak)
        while self.foreign:
            self.world.end_intrusion(self.foreign.pop())

    def happen(self, what: str, act: Callable[["Place"], None]) -> None:
        """Lets this happen, and keeps it for the story."""
        self.referee.tell(what)
        act(self)

    def disarm(self) -> None:
        """No death and nobody's hand that was arranged comes any more."""
        self.wire.take_down()
        if self.life is not None:
            self.life.line._ends.clear()

    async def be_born(self) -> None:
        """A life begins."""
        self.referee.tell("BD-1 is born")
        self.life = Life(self)
        await self.clock.settle()

    async def die(self) -> None:
        """The life ends, if there is one."""
        life, self.life = self.life, None
        if life is not None:
            self.referee.tell("BD-1 dies")
            await life.line.kill()

    async def live(self, seconds: float, each_s: float = 0.05) -> None:
        """Lets time pass, and looks all the time how things stand. Raises `Foul`."""
        end_s = self.clock.monotonic() + seconds
        await self.look()
        while (left_s := end_s - self.clock.monotonic()) > 1e-6:
            await self.clock.advance(min(each_s, left_s))
            await self.look()

    async def be_quiet(self, within_s: float = 120.0, quiet_s: float = 1.0) -> None:
        """Puts everything right and lets time pass until BD-1 has lived without doing anything for so long."""
        self.heal()
        end_s, so_far_s = self.clock.monotonic() + within_s, 0.0
        while so_far_s < quiet_s and self.clock.monotonic() < end_s:
            if self.life is None:  # a death that had been arranged may still come
                await self.be_born()
            if self.life is not None and self.life.forbidden and not self.life.is_busy:
                self.life.allow_everything()
            await self.live(1.0, each_s=0.25 if so_far_s else 0.05)
            so_far_s = so_far_s + 1.0 if self.life is not None and self.life.is_free else 0.0

    async def look(self) -> None:
        """How things stand now."""
        await self.clock.settle()
        if self.life is not None and self.life.line.is_cut:
            await self.die()
        self.referee.sample()
        if self.life is not None:
            self.life.look()
        self.truth.sample()
        self.referee.raise_foul()
