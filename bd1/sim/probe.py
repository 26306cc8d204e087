"""The simulated card behind the `GpuProbe` port, with the ways a real driver fails; touches no real driver."""

from bd1.core.gpu import CardIdentity, Fault, GpuSample, ProbeFailure, Reading
from bd1.sim.card import CardFault
from bd1.sim.world import World

LOOK_S = 0.1
"""How often a call that hangs looks whether it still does."""

FAILURES = {
    CardFault.LOST: (
        Fault.LOST,
        "The card has fallen off the bus; only a restart of the machine brings it back.",
    ),
    CardFault.UNKNOWN: (
        Fault.UNKNOWN,
        "The driver answers with an unknown error (999); a container that lost its access must be created anew.",
    ),
    CardFault.MISMATCH: (
        Fault.DRIVER_MISMATCH,
        "The driver's library and kernel module differ in version; restart the machine to finish the update.",
    ),
    CardFault.UNINITIALISED: (
        Fault.UNINITIALISED,
        "The driver is being reloaded; the next looks will tell whether it is back.",
    ),
}


class SimProbe:
    """`GpuProbe` over the simulated card. A call into a hanging driver is given up after `deadline_s`.

    While such a call hangs, further ones fail at once: a driver that hangs must not collect waiting callers.
    """

    def __init__(self, world: World, deadline_s: float) -> None:
        self._world = world
        self._deadline_s = deadline_s
        self._stuck = False

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        failure = await self._failure()
        if failure is not None:
            return failure
        ledger = self._world.ledger
        return GpuSample(
            at_s=self._world.now_s,
            total_mib=ledger.total_mib,
            free_mib=ledger.free_mib,
            processes=self._world.processes() if processes else None,
            details=self._world.card.details() if details else None,
        )

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self._failure() or self._world.card.identity()

    async def close(self) -> None:
        """Has nothing to let go of."""

    async def _failure(self) -> ProbeFailure | None:
        self._world.catch_up()
        if self._hangs and not self._stuck:
            self._stuck = True
            await self._wait_out()
        self._stuck = self._hangs
        fault = self._world.card.fault
        if fault is None:
            return None
        if fault is CardFault.HANGS:
            return self._failed(Fault.STALLED, f"The driver has not answered within {self._deadline_s:g} s.")
        return self._failed(*FAILURES[fault])

    async def _wait_out(self) -> None:
        deadline_s = self._world.clock.monotonic() + self._deadline_s
        while self._hangs and (left_s := deadline_s - self._world.clock.monotonic()) > 0:
            await self._world.clock.sleep(min(left_s, LOOK_S))
            self._world.catch_up()

    @property
    def _hangs(self) -> bool:
        return self._world.card.fault is CardFault.HANGS

    def _failed(self, fault: Fault, reason: str) -> ProbeFailure:
        return ProbeFailure(self._world.clock.monotonic(), fault, reason)
