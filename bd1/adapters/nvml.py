"""The real card behind `ports.GpuProbe`: NVML through one door, with a deadline. It judges nothing it sees."""

from collections.abc import Callable
from typing import Final, TypeVar

from bd1.adapters.nvml_door import Door, DoorClosed, DoorStalled
from bd1.adapters.nvml_driver import NvmlDriver
from bd1.adapters.nvml_faults import CLOSED, stalled_reason
from bd1.core.gpu import CardIdentity, Fault, ProbeFailure, Reading
from bd1.ports import Clock

CLOSE_S: Final = 1.0
"""How long `close` waits for a call that hangs."""

T = TypeVar("T")


class NvmlProbe:
    """One NVIDIA card, named by its UUID, or by its index where `uuid` is `None`.

    Nothing is asked of the driver before the first look. A call that hangs costs one thread and is never joined by a
    second: until it returns, each look fails at once with `STALLED`. After any other trouble NVML is initialised anew.
    """

    def __init__(self, index: int, uuid: str | None, deadline_s: float, clock: Clock) -> None:
        self._clock = clock
        self._deadline_s = deadline_s
        self._driver = NvmlDriver(index, uuid, clock)
        self._door = Door("nvml", deadline_s, self._driver.release)

    async def sample(self, *, details: bool = False, processes: bool = False) -> Reading:
        return await self._through(lambda: self._driver.look(details=details, processes=processes))

    async def identity(self) -> CardIdentity | ProbeFailure:
        return await self._through(self._driver.identity)

    async def close(self) -> None:
        await self._door.close(CLOSE_S)

    def sign_outs(self) -> int:
        """How often it has let go of the driver after trouble; from any thread."""
        return self._driver.sign_outs

    async def _through(self, work: Callable[[], T | ProbeFailure]) -> T | ProbeFailure:
        try:
            return await self._door.call(work)
        except DoorStalled:
            return self._failure(Fault.STALLED, stalled_reason(self._deadline_s))
        except DoorClosed:
            return self._failure(Fault.UNINITIALISED, CLOSED)

    def _failure(self, fault: Fault, reason: str) -> ProbeFailure:
        return ProbeFailure(self._clock.monotonic(), fault, reason)
