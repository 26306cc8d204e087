"""Relieving the card before it is full: one offender, one rung at a time, each measured. Run by the director only."""

import asyncio
import logging
from collections.abc import Callable

from bd1.core.gpu import GpuSample
from bd1.core.holders import mib_words
from bd1.core.ladder import (
    Rung,
    is_in_danger,
    is_over_ceiling,
    next_rung,
    pick_offender,
    rungs,
    slope_mib_s,
    time_left_s,
)
from bd1.core.settings import Workload, WorkloadKind
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error
from bd1.services.alerts import Alerts
from bd1.services.fleet import Fleet
from bd1.services.hands import Hands, kill_and_verify, stop_and_verify
from bd1.services.watchdog import VRAM

_LOG = logging.getLogger(__name__)
_SETTLE_S = 2.5
"""How long a rung may take to show in `total - free`: releases of 0.5 to 1.5 s are normal on real cards."""
_HELD_S = 1.0
"""How long one that is paused is held: what it was asked for before may still come back, while it takes no more."""
_ASK_S = 1.0
_SHORT_GRACE_S = 2.0
_POLL_S = 0.1
_FRESH_S = 0.02
_FRESH_WITHIN_S = 0.5
_PATIENCE_S = 2.0
"""How long Docker may take to say what runs, or to kill, while the card is filling."""

Tell = Callable[[str], None]


class Relief:
    """One protective action after the other. While nothing helps, it is tried again and again but told only once."""

    def __init__(self, hands: Hands, alerts: Alerts, fleet: Fleet) -> None:
        self._hands = hands
        self._alerts = alerts
        self._fleet = fleet
        self._helpless_in: str | None = None

    async def relieve(self, reason: str) -> None:
        """Brings the card out of danger, if anybody BD-1 may touch can be made to let go."""
        lines: list[str] = []
        is_repeated = self._helpless_in is not None and self._helpless_in == self._incident_id
        tell = lines.append if is_repeated else self._tell
        helped = await Protection(self._hands, self._fleet.view.name, tell).relieve(reason)
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
    """One protective action. `mode` is the mode that is on, `None` when that is not known."""

    def __init__(self, hands: Hands, mode: str | None, tell: Tell) -> None:
        self._hands = hands
        self._mode = hands.settings.modes.get(mode or "")
        self._tell = tell
        self._seen_at_s = float("-inf")
        self._slope = 0.0
        self._held_mib = 0

    async def relieve(self, reason: str) -> bool:
        """Climbs the ladder until the card is out of danger.

        Measures before each rung, so that a card that recovered meanwhile is left alone. Returns false when nobody
        BD-1 may touch holds the card, or nothing helped: a human is needed.
        """
        before = await self._fresh()
        if before is None or not self._is_in_danger(before):
            return True
        offender = await self._offender(before, reason)
        if offender is None:
            self._tell(
                "Nobody I may touch holds this VRAM: a human is needed. Look at who holds it with `/gpu status`."
            )
            return False
        helped = await self._climb_all(offender)
        if not helped:
            self._tell(f"Nothing I did to {offender.name} brought the VRAM back: a human is needed.")
        return helped

    async def _climb_all(self, offender: Workload) -> bool:
        """Whether one of the rungs brought the card out of danger, or it got out by itself."""
        left = rungs(offender)
        is_paused = False
        while True:
            before = await self._fresh()
            if before is not None and not self._is_in_danger(before):
                await self._let_go_on(offender, is_paused=is_paused)
                return True
            rung = next_rung(left, self._time_left_s(before), self._hands.settings.watchdog.reaction_s)
            if before is None or rung is None:
                return False  # what cannot be seen is not acted on: the watchdog calls again once it can be
            rung, after, has_acted = await self._climb(rung, offender, before)
            is_paused = has_acted and rung is Rung.PAUSE
            if has_acted and rung in {Rung.STOP, Rung.KILL}:  # it has ended: what is missing now is not its doing
                return not self._is_full(after)
            left = left[left.index(rung) + 1 :]

    async def _climb(self, rung: Rung, offender: Workload, before: GpuSample) -> tuple[Rung, GpuSample, bool]:
        """The step it came to, the card after it, and whether it could be taken."""
        try:
            rung = await self._act(rung, offender)
        except Bd1Error as trouble:
            self._tell(f"I tried to {rung.value} {offender.name}: {trouble}")
            return rung, before, False
        after = await self._settled(rung, before)
        freed = before.used_mib - after.used_mib
        line = f"{rung.value} {offender.name}: {mib_words(before.used_mib)} -> {mib_words(after.used_mib)}"
        _LOG.warning("protection: %s (%d MiB came back)", line, freed)
        self._tell(f"{line[0].upper()}{line[1:]}.")
        return rung, after, True

    async def _act(self, rung: Rung, offender: Workload) -> Rung:
        """Takes the step; answers the one it came to. Should the card pass the ceiling meanwhile, that is a kill."""
        if rung is Rung.KILL:
            await self._kill(offender)
            return rung
        acting = asyncio.create_task(self._be_mild(rung, offender))
        try:
            while not await self._is_done(acting, _POLL_S):
                sample = await self._sample()
                if sample is not None and is_over_ceiling(self._hands.settings.gpu, sample):
                    self._tell(f"The ceiling is passed, so {offender.name} is killed at once.")
                    await self._kill(offender)
                    acting.cancel()
                    await asyncio.gather(acting, return_exceptions=True)
                    return Rung.KILL
            await acting
        finally:
            acting.cancel()
        return rung

    async def _be_mild(self, rung: Rung, offender: Workload) -> None:
        if rung is Rung.ASK:
            await self._ask(offender)
        elif rung is Rung.PAUSE:
            await self._hands.containers.pause(offender.container)
        else:
            await stop_and_verify(self._hands, offender, _SHORT_GRACE_S, _PATIENCE_S)

    async def _ask(self, offender: Workload) -> None:
        asking = asyncio.create_task(self._ask_to_free(offender))
        try:
            if await self._is_done(asking, _ASK_S):
                await asking
            else:
                self._tell(f"{offender.name} did not answer the request to unload in time.")
        finally:
            asking.cancel()

    async def _ask_to_free(self, offender: Workload) -> None:
        if offender.kind is WorkloadKind.OLLAMA:
            for model in await self._hands.chat.loaded():
                await self._hands.chat.unload(model.name)
        elif offender.base_url is not None:
            await self._hands.pictures.interrupt(offender.base_url)
            await self._hands.pictures.free(offender.base_url)

    async def _kill(self, offender: Workload) -> None:
        """Kills it. While Docker keeps that waiting, the workload itself is asked too: it may be all that answers."""
        killing = asyncio.create_task(kill_and_verify(self._hands, offender, _PATIENCE_S))
        try:
            if not await self._is_done(killing, _PATIENCE_S) or killing.exception():
                await self._ask_as_well(offender)
            await killing
        finally:
            killing.cancel()

    async def _ask_as_well(self, offender: Workload) -> None:
        try:
            if Rung.ASK in rungs(offender):
                await self._ask(offender)
        except Bd1Error as trouble:
            self._tell(f"I tried to {Rung.ASK.value} {offender.name}: {trouble}")

    async def _is_done(self, task: asyncio.Task[object], within_s: float) -> bool:
        patience = asyncio.ensure_future(self._hands.clock.sleep(within_s))
        try:
            await asyncio.wait({task, patience}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            patience.cancel()
        return task.done()

    async def _let_go_on(self, offender: Workload, *, is_paused: bool) -> None:
        """What was only held still goes on, now that the card has recovered without its end."""
        if not is_paused:
            return
        try:
            await self._hands.containers.unpause(offender.container)
        except Bd1Error as trouble:
            self._tell(f"{offender.name} is still paused, for I could not let it go on: {trouble}")
        else:
            self._tell(f"The VRAM came back meanwhile, so {offender.name} goes on.")

    async def _settled(self, rung: Rung, before: GpuSample) -> GpuSample:
        """The card once the step has shown its effect, after `_SETTLE_S` seconds at the latest.

        An offender that still lives and goes on filling the card is not waited for; the memory of one that is dead
        lags, and all of it is waited for. A pause frees nothing by itself.
        """
        clock = self._hands.clock
        is_dead = rung in {Rung.STOP, Rung.KILL}
        deadline_s = clock.monotonic() + (_HELD_S if rung is Rung.PAUSE else _SETTLE_S)
        newest = await self._fresh() or before
        while clock.monotonic() < deadline_s and not self._has_shown(before, newest, is_dead=is_dead):
            await clock.sleep(_POLL_S)
            newest = await self._fresh() or newest
        return newest

    def _has_shown(self, before: GpuSample, newest: GpuSample, *, is_dead: bool) -> bool:
        gpu = self._hands.settings.gpu
        freed_mib = before.used_mib - newest.used_mib
        if is_dead:
            return freed_mib >= self._held_mib - gpu.tolerance_mib and not self._is_full(newest)
        is_worse = -freed_mib > gpu.tolerance_mib or is_over_ceiling(gpu, newest)
        return is_worse or not self._is_full(newest)

    async def _offender(self, sample: GpuSample, reason: str) -> Workload | None:
        card, workloads = self._hands.card, self._hands.settings.workloads
        newest = await card.attribution(sample)
        recent = [old for old in card.recent if old.processes is not None][:1]
        before = [old for old in card.listed if card.knows(old)][:1]  # nobody is asked now about who is gone
        history = [*[await card.attribution(old) for old in (*before, *recent)], newest]
        is_named = any(holder.workload for holder in newest.holders)
        running = frozenset() if is_named else await self._running()
        found = pick_offender(history, workloads, running, self._mode.workloads if self._mode else ())
        if found is None:
            return None
        _LOG.warning("protection begins: %s; it is taken from %s, which %s", reason, found.name, found.why)
        self._tell(f"{reason}. I take it from {found.name}, which {found.why}.")
        holder = newest.of(found.name)
        self._held_mib = (holder.mib if holder else None) or 0
        return workloads[found.name]

    async def _running(self) -> frozenset[str]:
        names = self._hands.settings.workloads
        found = await asyncio.gather(*(self._runs(workload) for workload in names.values()))
        return frozenset(name for name, runs in zip(names, found, strict=True) if runs)

    async def _runs(self, workload: Workload) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return (await self._hands.containers.inspect(workload.container)).running
        except (Bd1Error, TimeoutError):
            return False  # Docker is away or the container is: the processes on the card still name the offender

    async def _fresh(self) -> GpuSample | None:
        """A sample newer than any that was acted on; `None` when the card cannot be seen."""
        clock = self._hands.clock
        deadline_s = clock.monotonic() + _FRESH_WITHIN_S
        while (sample := await self._sample()) is not None:
            if sample.at_s > self._seen_at_s:
                self._seen_at_s = sample.at_s
                self._slope = max(self._slope, slope_mib_s(self._hands.card.recent))
                return sample
            if clock.monotonic() >= deadline_s:
                break
            await clock.sleep(_FRESH_S)
        return None

    async def _sample(self) -> GpuSample | None:
        reading = await self._hands.card.look()
        return reading if isinstance(reading, GpuSample) else None

    def _time_left_s(self, sample: GpuSample | None) -> float:
        """As of the fastest growth that was seen: one who is held still grows again once he is let go."""
        return float("inf") if sample is None else time_left_s(self._hands.settings.gpu, sample, self._slope)

    def _is_in_danger(self, sample: GpuSample) -> bool:
        slope = slope_mib_s(self._hands.card.recent)
        return is_in_danger(self._hands.settings.gpu, self._hands.settings.watchdog, sample, slope)

    def _is_full(self, sample: GpuSample) -> bool:
        return sample.used_pct >= self._hands.settings.watchdog.protect_pct
