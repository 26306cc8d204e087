"""The one pair of eyes on the card: every look goes through here, one at a time, and is joined to its holders.

It must not decide anything, and it never acts.
"""

import asyncio

from bd1.core.gate import Look
from bd1.core.gpu import CardIdentity, GpuSample, Reading
from bd1.core.holders import Attribution, Owner, attribute
from bd1.core.settings import Workload
from bd1.errors import Bd1Error
from bd1.ports import Containers, GpuProbe, ProcessTable

_FALLBACK_IDLE_MIB = 512
"""What a card without a user shows where the driver does not tell its reserved part (460 MiB measured on an Ada)."""


class Card:
    """Looks at the card and knows who is on it.

    Two callers never reach the driver at once, so a call that hangs is never followed by a second one.
    """

    def __init__(
        self, probe: GpuProbe, processes: ProcessTable, containers: Containers, workloads: dict[str, Workload]
    ) -> None:
        self._probe = probe
        self._processes = processes
        self._containers = containers
        self._workloads = workloads
        self._lock = asyncio.Lock()
        self._by_container: dict[str, str] = {}
        self._owners: dict[int, Owner] = {}
        self.identity: CardIdentity | None = None
        self.latest: Reading | None = None
        self.latest_full: GpuSample | None = None
        """The last sample that carried details; for display only, with its own age."""

    @property
    def idle_mib(self) -> int:
        """`total - free` of the card when nobody uses it."""
        reserved = self.identity.reserved_mib if self.identity else None
        return _FALLBACK_IDLE_MIB if reserved is None else reserved

    async def look(self, *, details: bool = False) -> Reading:
        """One fresh look, with processes. A failed look is a value, not an exception."""
        async with self._lock:
            if self.identity is None:
                identity = await self._probe.identity()
                self.identity = identity if isinstance(identity, CardIdentity) else None
            reading = await self._probe.sample(details=details, processes=True)
            self.latest = reading
        if isinstance(reading, GpuSample):
            if reading.details is not None:
                self.latest_full = reading
        else:
            self.identity = None  # after a failure the driver may be another one
        return reading

    async def look_around(self) -> Look | None:
        """One fresh look with its holders; `None` when the card or its processes cannot be seen."""
        reading = await self.look()
        if not isinstance(reading, GpuSample) or reading.processes is None:
            return None
        return Look(reading, await self.attribution(reading))

    async def attribution(self, sample: GpuSample) -> Attribution:
        """Who holds what in this sample. A process that cannot be placed is shown as an orphan, never hidden."""
        processes = sample.processes or ()
        pids = {process.pid for process in processes}
        self._owners = {pid: owner for pid, owner in self._owners.items() if pid in pids}
        unknown = pids - self._owners.keys()
        if unknown:
            self._owners |= await self._place(unknown)
        return attribute(processes, self._owners, sample.used_mib, self.idle_mib)

    async def _place(self, pids: set[int]) -> dict[int, Owner]:
        ids = {pid: self._processes.container_id(pid) for pid in pids}
        if any(found is None or found not in self._by_container for found in ids.values()):
            await self._learn_containers()
        owners = {pid: self._owner(pid, found) for pid, found in ids.items()}
        lost = {pid for pid, owner in owners.items() if owner.workload is None}
        return owners | (await self._ask_docker(lost) if lost else {})

    def _owner(self, pid: int, container_id: str | None) -> Owner:
        workload = self._by_container.get(container_id or "")
        return Owner(workload, container_id, self._processes.name(pid))

    async def _learn_containers(self) -> None:
        for workload in self._workloads.values():
            try:
                state = await self._containers.inspect(workload.container)
            except Bd1Error:
                continue  # a container that is away owns nothing; Docker's health is told elsewhere
            self._by_container[state.id] = workload.name

    async def _ask_docker(self, pids: set[int]) -> dict[int, Owner]:
        found: dict[int, Owner] = {}
        for workload in self._workloads.values():
            if not workload.uses_gpu:
                continue
            try:
                inside = await self._containers.pids(workload.container)
            except Bd1Error:
                continue
            found |= {pid: Owner(workload.name, None, self._processes.name(pid)) for pid in pids & inside}
        return found
