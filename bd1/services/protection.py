"""Relieving the card before it is full: one victim, one rung at a time, each measured. Run by the director only."""

import asyncio
import logging
from collections.abc import Callable

from bd1.core.gpu import GpuSample
from bd1.core.holders import mib_words
from bd1.core.ladder import Rung, pick_victim, rungs
from bd1.core.settings import Workload
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error
from bd1.services.alerts import Alerts
from bd1.services.hands import Hands, kill_and_verify, stop_and_verify
from bd1.services.watchdog import VRAM

_LOG = logging.getLogger(__name__)
_SETTLE_S = 2.5
"""How long a rung may take to show in `total - free`: releases of 0.5 to 1.5 s are normal on real cards."""
_UNLOAD_S = 1.0
_SHORT_GRACE_S = 2.0
_POLL_S = 0.1
_PATIENCE_S = 2.0
"""How long Docker may take to say what runs, while the card is filling."""

Tell = Callable[[str], None]


class Relief:
    """One protective action after the other. While nothing helps, it is tried again and again but told only once."""

    def __init__(self, hands: Hands, alerts: Alerts) -> None:
        self._hands = hands
        self._alerts = alerts
        self._helpless_in: str | None = None

    async def relieve(self, reason: str) -> None:
        """Brings the card below the protective threshold, if anybody BD-1 may touch can be made to let go."""
        lines: list[str] = []
        is_repeated = self._helpless_in is not None and self._helpless_in == self._incident_id
        helped = await Protection(self._hands, lines.append if is_repeated else self._tell).relieve(reason)
        for line in lines if helped else ():
            self._tell(line)
        self._helpless_in = None if helped else self._incident_id

    @property
    def _incident_id(self) -> str | None:
        incident = self._alerts.open_incident(VRAM)
        return incident.id if incident else None

    def _tell(self, text: str) -> None:
        self._alerts.report(VRAM, Tier.PROTECT, "VRAM protection", text)


class Protection:
    """One protective action."""

    def __init__(self, hands: Hands, tell: Tell) -> None:
        self._hands = hands
        self._tell = tell

    async def relieve(self, reason: str) -> bool:
        """Climbs the ladder until the card is below the protective threshold again.

        Measures before each rung, so that a card that recovered meanwhile is left alone. Returns false when nobody
        BD-1 may touch holds the card, or nothing helped: a human is needed.
        """
        before = await self._sample()
        if before is None or not self._is_over(before):
            return True
        victim = await self._victim(before)
        if victim is None:
            self._tell(
                "Nobody I may touch holds this VRAM: a human is needed. Look at who holds it with `/gpu status`."
            )
            return False
        self._tell(f"{reason}. I take it from {victim.name}, which holds most.")
        for rung in rungs(victim):
            before = await self._sample() or before
            if not self._is_over(before):
                return True
            if rung is Rung.KILL and victim.name not in await self._running():
                break  # the stop has ended it: what is missing now is not its doing
            if await self._climb(rung, victim, before):
                return True
        self._tell(f"Nothing I did to {victim.name} brought the VRAM back: a human is needed.")
        return False

    async def _climb(self, rung: Rung, victim: Workload, before: GpuSample) -> bool:
        try:
            await self._act(rung, victim)
        except Bd1Error as trouble:
            self._tell(f"I tried to {rung.value} {victim.name}: {trouble}")
            return False
        after = await self._settled(before, may_worsen=rung is not Rung.UNLOAD)
        freed = before.used_mib - after.used_mib
        line = f"{rung.value} {victim.name}: {mib_words(before.used_mib)} -> {mib_words(after.used_mib)}"
        _LOG.warning("protection: %s (%d MiB came back)", line, freed)
        self._tell(f"{line[0].upper()}{line[1:]}.")
        return not self._is_over(after)

    async def _act(self, rung: Rung, victim: Workload) -> None:
        if rung is Rung.UNLOAD:
            await self._unload()
        elif rung is Rung.STOP:
            await stop_and_verify(self._hands, victim, _SHORT_GRACE_S, _PATIENCE_S)
        else:
            await kill_and_verify(self._hands, victim, _PATIENCE_S)

    async def _unload(self) -> None:
        try:
            async with asyncio.timeout(_UNLOAD_S):
                for model in await self._hands.chat.loaded():
                    await self._hands.chat.unload(model.name)
        except TimeoutError:
            self._tell("Ollama did not answer the request to unload in time.")

    async def _settled(self, before: GpuSample, *, may_worsen: bool) -> GpuSample:
        """The card once it is below the threshold, or after `_SETTLE_S` seconds.

        An offender that still lives and goes on filling the card is not waited for; one that is dead leaves more
        behind than was measured before its end, and its memory lags.
        """
        clock = self._hands.clock
        deadline_s = clock.monotonic() + _SETTLE_S
        newest = before
        while clock.monotonic() < deadline_s:
            newest = await self._sample() or newest
            worse = newest.used_mib > before.used_mib + self._hands.settings.gpu.tolerance_mib
            if not self._is_over(newest) or (worse and not may_worsen):
                break
            await clock.sleep(_POLL_S)
        return newest

    async def _victim(self, sample: GpuSample) -> Workload | None:
        attribution = await self._hands.card.attribution(sample)
        workloads = self._hands.settings.workloads
        name = pick_victim(attribution, workloads, await self._running())
        return workloads[name] if name else None

    async def _running(self) -> frozenset[str]:
        names = self._hands.settings.workloads
        found = await asyncio.gather(*(self._runs(workload) for workload in names.values()))
        return frozenset(name for name, runs in zip(names, found, strict=True) if runs)

    async def _runs(self, workload: Workload) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return (await self._hands.containers.inspect(workload.container)).running
        except (Bd1Error, TimeoutError):
            return False  # Docker is away or the container is: the processes on the card still name the victim

    async def _sample(self) -> GpuSample | None:
        reading = await self._hands.card.look()
        return reading if isinstance(reading, GpuSample) else None

    def _is_over(self, sample: GpuSample) -> bool:
        return sample.used_pct >= self._hands.settings.watchdog.protect_pct
