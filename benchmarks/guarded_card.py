"""BD-1 around the pretended card, for benchmarks: real driver calls, real clock, a process for a container."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bd1.adapters.clock import SystemClock
from bd1.adapters.nvml import NvmlProbe
from bd1.adapters.procfs import ProcFs
from bd1.app import Ports
from bd1.core.gpu import Reading
from bd1.core.settings import RestartPolicy, Settings
from bd1.ports import ContainerState
from bd1.services.watchdog import Watchdog
from bd1.sim.containers import SimContainers
from tests.nvml.card import FakeCard
from tests.services.rig import Outside, Rig, build_outside, build_rig, rig_settings

HOG = "comfyui"


class HogContainers(SimContainers):
    """One container that runs, and it is one real process. All others are the simulated machine's, and stopped."""

    def __init__(self, outside: Outside, settings: Settings) -> None:
        super().__init__(outside.world, [workload.container for workload in settings.workloads.values()])
        self._process: subprocess.Popen[bytes] | None = None
        self.asked_to_kill_s = 0.0
        self.dead_s = 0.0

    def run_hog(self) -> int:
        """Starts the process anew; answers its PID."""
        self._process = subprocess.Popen(["sleep", "600"])
        return self._process.pid

    async def inspect(self, name: str) -> ContainerState:
        if name != HOG or self._process is None:
            return await super().inspect(name)
        is_running = self._process.poll() is None
        status = "running" if is_running else "exited"
        return ContainerState(HOG, "a" * 64, is_running, status, RestartPolicy.NO, self._process.pid)

    async def kill(self, name: str) -> None:
        self.asked_to_kill_s = time.monotonic()
        self.end(name)

    def end(self, name: str = HOG) -> None:
        """Kills it and waits for its death, as the engine does."""
        if name == HOG and self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self.dead_s = time.monotonic()

    async def pids(self, name: str) -> frozenset[int]:
        runs = name == HOG and self._process is not None and self._process.poll() is None
        return frozenset({self._process.pid} if runs and self._process else ())


class Guarded:
    """A card, the container that fills it, and everything that guards it; notes when it looked and when it decided."""

    def __init__(self, card: FakeCard, hog: HogContainers, rig: Rig, clock: SystemClock) -> None:
        self.card = card
        self.hog = hog
        self.rig = rig
        self.settled = asyncio.Event()
        self.looks_at_s: list[float] = []
        self.decided_s = 0.0
        self._evict = rig.director.evict
        self._consider = rig.hardware.consider
        self.watchdog = Watchdog(
            rig.settings,
            rig.card,
            rig.alerts,
            clock,
            protect=self._protect,
            normal=lambda: None,
            seen=self._seen,
            beat=rig.beats.append,
        )

    async def _protect(self, reason: str) -> None:
        self.decided_s = time.monotonic()
        self.settled.clear()
        await self._evict(reason)
        self.settled.set()

    def _seen(self, reading: Reading) -> None:
        self.looks_at_s.append(time.monotonic())
        self._consider(reading)


@asynccontextmanager
async def guarded(card: FakeCard) -> AsyncIterator[Guarded]:
    """BD-1 as `bd1 run` has it but for Discord, Docker and the disk; this process must see the card."""
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        settings = rig_settings(Path(folder))
        settings = replace(settings, gpu=replace(settings.gpu, uuid=None))
        outside = build_outside(settings)
        hog = HogContainers(outside, settings)
        probe = NvmlProbe(0, None, settings.watchdog.deadline_s, clock)

        def real(ports: Ports) -> Ports:
            return replace(ports, probe=probe, processes=ProcFs(), containers=hog, clock=clock)

        try:
            yield Guarded(card, hog, build_rig(settings, outside, real), clock)
        finally:
            hog.end()
            await probe.close()
