"""One picture of everything for people: the card, who holds it, the mode, the models, and how each part is."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure
from bd1.core.holders import Attribution
from bd1.core.settings import Settings
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error
from bd1.ports import ChatModel, Clock, Containers, LoadedModel
from bd1.services.card import Card
from bd1.services.director import Director
from bd1.services.fleet import ModeView
from bd1.services.watchdog import Watchdog

T = TypeVar("T")
_PATIENCE_S = 2.0
_FRESH_S = 0.5


@dataclass(frozen=True, slots=True)
class PartHealth:
    """How one part is, in words. `ok` is `None` where it does not matter now (Ollama in image mode)."""

    part: str
    ok: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Status:
    """What `/gpu status` shows. `sample` and what hangs on it are `None` while the card cannot be read."""

    sample: GpuSample | None
    failure: ProbeFailure | None
    identity: CardIdentity | None
    attribution: Attribution | None
    age_s: float | None
    tier: Tier
    mode: ModeView
    switching_to: str | None
    models: tuple[LoadedModel, ...] | None
    parts: tuple[PartHealth, ...]
    limits: tuple[float, float, float]
    ceiling_mib: int
    idle_mib: int


class StatusBoard:
    """Gathers a `Status`. Every part is asked at once, and none for longer than two seconds, or less if so asked."""

    def __init__(
        self,
        *,
        settings: Settings,
        card: Card,
        watchdog: Watchdog,
        director: Director,
        containers: Containers,
        chat: ChatModel,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._card = card
        self._watchdog = watchdog
        self._director = director
        self._containers = containers
        self._chat = chat
        self._clock = clock
        self._asked: set[asyncio.Task[Any]] = set()

    async def now(self, patience_s: float = _PATIENCE_S) -> Status:
        """The picture now. Never raises for a part that is away; an older sample is shown with its age.

        No part is waited for longer than `patience_s`.
        """
        mode, docker, (models, ollama), _ = await asyncio.gather(
            self._mode(patience_s), self._docker(patience_s), self._models(patience_s), self._look()
        )
        reading = self._card.latest
        sample = reading if isinstance(reading, GpuSample) else None
        failure = reading if isinstance(reading, ProbeFailure) else None
        if ollama.ok is False and self._settings.chat.workload not in mode.running and not mode.docker_is_away:
            ollama = PartHealth("Ollama", None, "not running in this mode")
        limits = self._settings.watchdog
        return Status(
            sample=sample,
            failure=failure,
            identity=self._card.identity,
            attribution=await self._card.attribution(sample) if sample and sample.processes is not None else None,
            age_s=self._clock.monotonic() - reading.at_s if reading else None,
            tier=self._watchdog.tier,
            mode=mode,
            switching_to=self._switching_to(),
            models=models,
            parts=(self._nvml(failure), docker, ollama),
            limits=(limits.warn_pct, limits.alert_pct, limits.protect_pct),
            ceiling_mib=self._settings.gpu.ceiling_mib,
            idle_mib=self._card.idle_mib,
        )

    async def _look(self) -> None:
        """A fresh look, if the card gives one soon. It is not cut short: nothing may follow a call that hangs."""
        await self._ask(self._card.look(details=True), _FRESH_S)

    async def _mode(self, patience_s: float) -> ModeView:
        """What runs, if Docker tells it soon; a question that takes longer still counts once it is answered."""
        view = await self._ask(self._director.refresh(), patience_s)
        return view or ModeView(None, frozenset(), trouble=f"Docker {_silent(patience_s)}.", docker_is_away=True)

    async def _ask(self, question: Coroutine[Any, Any, T], patience_s: float) -> T | None:
        task = asyncio.create_task(question)
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        await asyncio.wait({task}, timeout=patience_s)
        return task.result() if task.done() else None

    def _switching_to(self) -> str | None:
        job = self._director.job
        return job.progress.target if job and not job.is_over else None

    def _nvml(self, failure: ProbeFailure | None) -> PartHealth:
        if self._card.latest is None:
            return PartHealth("NVML", None, "not asked yet")
        if failure:
            return PartHealth("NVML", ok=False, words=f"{failure.fault.value}: {failure.reason}")
        return PartHealth("NVML", ok=True, words="answers")

    async def _docker(self, patience_s: float) -> PartHealth:
        try:
            async with asyncio.timeout(patience_s):
                return PartHealth("Docker", ok=True, words=f"answers, version {await self._containers.version()}")
        except TimeoutError:
            return PartHealth("Docker", ok=False, words=_silent(patience_s))
        except Bd1Error as trouble:
            return PartHealth("Docker", ok=False, words=str(trouble))

    async def _models(self, patience_s: float) -> tuple[tuple[LoadedModel, ...] | None, PartHealth]:
        try:
            async with asyncio.timeout(patience_s):
                return await self._chat.loaded(), PartHealth("Ollama", ok=True, words="answers")
        except TimeoutError:
            return None, PartHealth("Ollama", ok=False, words=_silent(patience_s))
        except Bd1Error as trouble:
            return None, PartHealth("Ollama", ok=False, words=str(trouble))


def _silent(waited_s: float) -> str:
    return f"does not answer within {waited_s:g} s"
