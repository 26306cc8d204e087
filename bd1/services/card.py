"""The one pair of eyes on the card: every look goes through here, one at a time, and is joined to its holders.

It knows since when it has seen each process there, and what the card shows when nothing of ours runs.

It must not decide anything, and it never acts.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bd1.core.baseline import FALLBACK_MIB, Baseline
from bd1.core.gate import Look
from bd1.core.gpu import CardIdentity, GpuSample, Reading
from bd1.core.holders import Attribution, Owner, attribute
from bd1.core.settings import Workload
from bd1.errors import Bd1Error, ContainerMissing
from bd1.ports import Clock, Containers, ContainerState, GpuProbe, ProcessTable

T = TypeVar("T")
_RECENT = 10
_LISTED = 30
_LISTED_EACH_S = 1.0
_PATIENCE_S = 2.0
"""How long Docker may take to say who somebody is; the card may be filling meanwhile."""


class Card:
    """Looks at the card and knows who is on it.

    Two callers never reach the driver at once, so a call that hangs is never followed by a second one.
    """

    def __init__(
        self,
        probe: GpuProbe,
        processes: ProcessTable,
        containers: Containers,
        workloads: dict[str, Workload],
        clock: Clock,
    ) -> None:
        self._probe = probe
        self._processes = processes
        self._containers = containers
        self._workloads = workloads
        self._clock = clock
        self._lock = asyncio.Lock()
        self._by_container: dict[str, str] = {}
        self._owners: dict[int, Owner] = {}
        self._since: dict[int, datetime] = {}
        self.baseline: Baseline | None = None
        """The idle level as it was learned; used only for the card and driver it was learned on."""
        self.identity: CardIdentity | None = None
        """The card and driver as last seen; `None` before the first look that worked."""
        self._is_known = False
        self.latest: Reading | None = None
        """The newest look that failed or asked who holds the memory; what is used is about a second old at most."""
        self.recent: deque[GpuSample] = deque(maxlen=_RECENT)
        """The newest samples, oldest first, without a gap: empty after a look that failed."""
        self.listed: deque[GpuSample] = deque(maxlen=_LISTED)
        """Who held how much: a sample of each second of the last half minute, oldest first. Failed looks are gaps."""
        self.latest_full: GpuSample | None = None
        """The last sample that carried details; for display only, with its own age."""

    @property
    def idle_mib(self) -> int:
        """`total - free` of the card when nothing of ours runs: as learned, else what the driver keeps for itself."""
        if self.baseline is not None and self.baseline.is_of(self.identity):
            return self.baseline.idle_mib
        reserved = self.identity.reserved_mib if self.identity else None
        return FALLBACK_MIB if reserved is None else reserved

    @property
    def foreign_idle_mib(self) -> int:
        """What processes that are not ours hold of `idle_mib`; 0 where it was not learned."""
        if self.baseline is not None and self.baseline.is_of(self.identity):
            return self.baseline.foreign_mib
        return 0

    def know(self, states: Mapping[str, ContainerState | None]) -> None:
        """Takes over whose containers are whose, by workload, so that processes can be placed while Docker is away."""
        self._by_container |= {state.id: name for name, state in states.items() if state}

    async def look(self, *, details: bool = False, processes: bool = True) -> Reading:
        """One fresh look. A failed look is a value, not an exception.

        Without `processes` it is the cheapest there is, and `latest` stays the last that tells who holds the memory.
        """
        async with self._lock:
            if not self._is_known:
                identity = await self._probe.identity()
                if isinstance(identity, CardIdentity):
                    self.identity, self._is_known = identity, True
            reading = await self._probe.sample(details=details, processes=processes)
            if processes or not isinstance(reading, GpuSample):
                self.latest = reading
        if isinstance(reading, GpuSample):
            self._remember(reading)
        else:
            self.recent.clear()
            self._is_known = False  # after a failure the driver may be another one
        return reading

    def _remember(self, sample: GpuSample) -> None:
        if not self.recent or sample.at_s > self.recent[-1].at_s:
            self.recent.append(sample)
        if sample.details is not None:
            self.latest_full = sample
        if sample.processes is not None:
            now = self._clock.now()
            self._since = {process.pid: self._since.get(process.pid, now) for process in sample.processes}
            if not self.listed or sample.at_s - self.listed[-1].at_s >= _LISTED_EACH_S:
                self.listed.append(sample)

    async def look_around(self) -> Look | None:
        """One fresh look with its holders; `None` when the card or its processes cannot be seen."""
        reading = await self.look()
        if not isinstance(reading, GpuSample) or reading.processes is None:
            return None
        return Look(reading, await self.attribution(reading))

    async def attribution(self, sample: GpuSample) -> Attribution:
        """Who holds what in this sample. A process that cannot be placed is shown as an orphan, never hidden.

        Waits a few seconds for Docker at most; whom it could not name is asked about again the next time.
        """
        processes = sample.processes or ()
        pids = _pids(sample)
        owners = {pid: owner for pid, owner in self._owners.items() if pid in pids}
        if unknown := pids - owners.keys():
            found, is_sure = await self._place(unknown)
            owners |= found
            self._owners |= {pid: owner for pid, owner in found.items() if is_sure or owner.workload}
        remembered = pids.union(*map(_pids, self.listed))
        self._owners = {pid: owner for pid, owner in self._owners.items() if pid in remembered}
        dated = {pid: replace(owner, since=self._since.get(pid)) for pid, owner in owners.items()}
        drivers_mib = self.idle_mib - self.foreign_idle_mib
        return attribute(processes, dated, sample.used_mib, drivers_mib)

    def knows(self, sample: GpuSample) -> bool:
        """Whether it is known who everybody in this sample is, so that nobody has to be asked."""
        return _pids(sample) <= self._owners.keys()

    async def _place(self, pids: frozenset[int]) -> tuple[dict[int, Owner], bool]:
        """The owners, and whether Docker answered every question that was asked for it."""
        ids = {pid: self._processes.container_id(pid) for pid in pids}
        is_sure = True
        if any(found is None or found not in self._by_container for found in ids.values()):
            is_sure = await self._learn_containers()
        owners = {pid: self._owner(pid, found) for pid, found in ids.items()}
        lost = frozenset(pid for pid, owner in owners.items() if owner.workload is None)
        if not lost:
            return owners, True
        found_inside, all_told = await self._ask_docker(lost)
        return owners | found_inside, is_sure and all_told

    def _owner(self, pid: int, container_id: str | None) -> Owner:
        workload = self._by_container.get(container_id or "")
        return Owner(workload, container_id, self._processes.name(pid))

    async def _learn_containers(self) -> bool:
        states = await _of_each(self._workloads.values(), self._containers.inspect)
        self.know(states)
        return None not in states.values()

    async def _ask_docker(self, pids: frozenset[int]) -> tuple[dict[int, Owner], bool]:
        on_card = [workload for workload in self._workloads.values() if workload.uses_gpu]
        inside = await _of_each(on_card, self._containers.pids)
        found = {
            pid: Owner(name, None, self._processes.name(pid))
            for name, its_pids in inside.items()
            for pid in pids & (its_pids or frozenset())
        }
        return found, None not in inside.values()


def _pids(sample: GpuSample) -> frozenset[int]:
    return frozenset(process.pid for process in sample.processes or ())


async def _of_each(workloads: Iterable[Workload], question: Callable[[str], Awaitable[T]]) -> dict[str, T | None]:
    """Docker's answer for each workload's container, all asked at once.

    `None` where Docker does not say it in time; a container that does not exist is left out, it owns nothing.
    """
    found: dict[str, T | None] = {}

    async def ask(workload: Workload) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                found[workload.name] = await question(workload.container)
        except ContainerMissing:
            return
        except (Bd1Error, TimeoutError):
            found[workload.name] = None  # Docker's health is told elsewhere

    await asyncio.gather(*(ask(workload) for workload in workloads))
    return found
