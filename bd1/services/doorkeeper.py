"""Keeps the card to those who may be on it: ends newcomers that somebody starts outside BD-1. A part of the director.

It alone may act while a switch is under way, and then only on what that switch has not started itself.
"""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from bd1.core.gate import GateCase, why_closed
from bd1.core.modes import gpu_running, is_allowed_together
from bd1.core.settings import NewcomerPolicy, Workload
from bd1.errors import Bd1Error
from bd1.ports import ContainerState
from bd1.services.fleet import Fleet
from bd1.services.hands import Hands, stop_and_verify
from bd1.services.latch import UnsafeLatch
from bd1.services.off_latch import OffLatch

_LOG = logging.getLogger(__name__)
_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Remedy:
    """What was done about somebody else's doing, in a sentence, and whether it worked."""

    text: str
    worked: bool = True


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A newcomer as it was seen running, and the GPU workloads that it came up beside."""

    run: ContainerState
    others: frozenset[str]


class Doorkeeper:
    """Knows whom BD-1 itself has let in, and ends the others."""

    def __init__(self, hands: Hands, fleet: Fleet, latch: UnsafeLatch, off: OffLatch) -> None:
        self._hands = hands
        self._settings = hands.settings
        self._fleet = fleet
        self._latch = latch
        self._off = off
        self._own: set[str] = set()
        self._lock = asyncio.Lock()
        self.is_switching = False
        """Whether a switch is under way: then nothing else may come up on the card."""
        self.turned_away = 0
        """Counts the newcomers met: a gate that was being proved meanwhile has to begin anew."""

    async def let_in(self, workload: Workload) -> None:
        """From now on this workload is BD-1's own. Waits for a newcomer of the same name to be ended first."""
        async with self._lock:
            self._own.add(workload.name)

    def has_ended(self, workload: Workload) -> None:
        """It runs no longer: whoever starts it again is a newcomer."""
        self._own.discard(workload.name)

    def forget_all_but(self, running: Collection[str]) -> None:
        """What does not run any more is nobody's: whoever starts it again is a newcomer."""
        self._own &= set(running)

    def is_own(self, workload: Workload) -> bool:
        """Whether BD-1 has let it in."""
        return workload.name in self._own

    async def turn_away(self, newcomer: Workload) -> Remedy | None:
        """Ends a workload that came up where it may not be; `None` when it may stay.

        It has no time to lose: the newcomer gets no grace, for two at once are what fills a card.
        """
        words: asyncio.Future[str] | None = None
        off = self._off.reason(newcomer)
        is_stopped = off is not None or newcomer.newcomer is not NewcomerPolicy.WARN
        try:
            async with self._lock:
                meeting = await self._meeting(newcomer)
                if meeting is None:
                    return None
                self.turned_away += 1
                words = asyncio.ensure_future(self._words(newcomer, meeting.others))  # the card may be slow to look at
                if is_stopped:
                    await stop_and_verify(self._hands, newcomer, 0.0, _PATIENCE_S, meeting.run)
            reason = await words
        except Bd1Error as trouble:
            return Remedy(f"I could not stop it: {trouble}", worked=False)
        finally:
            if words is not None:
                words.cancel()
        if not is_stopped:
            return Remedy(f"{reason} Its policy is warn, so it stays: stop one of them yourself.", worked=False)
        _LOG.warning("%s was started outside BD-1 and is stopped: %s", newcomer.name, reason)
        if off is not None:
            return Remedy(f"{off} I stopped it.")
        return Remedy(f"{reason} I stopped it. `/gpu mode` brings {newcomer.name} up and makes room first.")

    async def _meeting(self, newcomer: Workload) -> _Meeting | None:
        """What it came up beside; `None` when it may stay, or is gone already."""
        if self.is_own(newcomer):
            return None
        up = {name: state for name, state in (await self._fleet.states()).items() if state and state.running}
        running = frozenset(up)
        if newcomer.name not in running:
            return None
        together = is_allowed_together(self._settings.modes, running, self._settings.workloads)
        if together and not self.is_switching and self._latch.state is None and self._off.get(newcomer.name) is None:
            return None
        return _Meeting(up[newcomer.name], gpu_running(running, self._settings.workloads) - {newcomer.name})

    async def _words(self, newcomer: Workload, others: Collection[str]) -> str:
        """Why the gate would not have let it in."""
        if not others:
            return (
                f"The card is not free. {self._latch.state.reason}" if self._latch.state else "A switch is under way."
            )
        look = await self._hands.card.look_around()
        gpu, card = self._settings.gpu, self._hands.card
        case = GateCase(
            gone=others,
            gone_pids={},
            staying={newcomer.name: newcomer.vram_mib},
            need_mib=0,
            idle_mib=card.idle_mib,
            foreign_mib=card.foreign_idle_mib,
            tolerance_mib=gpu.tolerance_mib,
            ceiling_mib=gpu.ceiling_mib,
            samples=1,
        )
        why = why_closed(case, look) if look else ""
        return why or f"{' and '.join(sorted(others))} runs already."

    async def intruder(self) -> Workload | None:
        """The GPU workload that came last, where more run than any mode has together."""
        try:
            states = await self._fleet.states()
        except Bd1Error:
            return None  # who cannot be seen cannot be stopped; that Docker is away is told elsewhere
        running = {name: state for name, state in states.items() if state and state.running}
        if is_allowed_together(self._settings.modes, running, self._settings.workloads):
            return None
        on_card = sorted(gpu_running(running, self._settings.workloads))
        newest = max(on_card, key=lambda name: (name not in self._own, _started(running[name])))
        return self._settings.workloads[newest]


def _started(state: ContainerState) -> datetime:
    return state.started_at or datetime.min.replace(tzinfo=UTC)
