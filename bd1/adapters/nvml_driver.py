"""Signs in to the NVIDIA driver, looks, and signs in anew after trouble. Blocks; belongs to one thread."""

import contextlib
from collections.abc import Callable
from typing import Final, TypeVar

import pynvml

from bd1.adapters.nvml_calls import Session
from bd1.adapters.nvml_faults import Trouble, trouble_of
from bd1.core.gpu import CardIdentity, ProbeFailure, Reading
from bd1.ports import Clock

RETRY_S: Final = 0.9
"""After trouble the driver is left alone this long: just under the watchdog's second, so that each tick tries."""

T = TypeVar("T")


class NvmlDriver:
    """NVML as values: trouble comes back as a `ProbeFailure` and ends the session; a later look starts a new one."""

    def __init__(self, index: int, uuid: str | None, clock: Clock) -> None:
        self._index = index
        self._uuid = uuid
        self._clock = clock
        self._signed_in = False
        self._session: Session | None = None
        self._last: Trouble | None = None
        self._retry_at_s = 0.0
        self.sign_outs = 0
        """How often it has let go of the driver after trouble."""

    def look(self, *, details: bool, processes: bool) -> Reading:
        """One sample."""
        return self._ask(lambda session: session.sample(self._clock, details=details, processes=processes))

    def identity(self) -> CardIdentity | ProbeFailure:
        """Which card and driver this is, asked anew each time."""
        return self._ask(Session.identity)

    def release(self) -> None:
        """Signs out. Harmless when not signed in."""
        self._session = None
        if self._signed_in:
            self._signed_in = False
            # A driver that went away meanwhile has nothing left to sign out of.
            with contextlib.suppress(pynvml.NVMLError):
                pynvml.nvmlShutdown()

    def _ask(self, question: Callable[[Session], T]) -> T | ProbeFailure:
        if self._last is not None and self._clock.monotonic() < self._retry_at_s:
            return self._failure(self._last)
        try:
            answer = question(self._session or self._sign_in())
        except pynvml.NVMLError as error:
            return self._give_up(trouble_of(error.value))
        except Trouble as trouble:
            return self._give_up(trouble)
        self._last = None
        return answer

    def _sign_in(self) -> Session:
        """Initialises NVML. Nothing of an earlier session is kept: the driver may be another one by now."""
        pynvml.nvmlInit()
        self._signed_in = True
        self._session = Session(self._index, self._uuid)
        return self._session

    def _give_up(self, trouble: Trouble) -> ProbeFailure:
        self._retry_at_s = self._clock.monotonic() + RETRY_S
        self._last = trouble
        self.release()
        self.sign_outs += 1
        return self._failure(trouble)

    def _failure(self, trouble: Trouble) -> ProbeFailure:
        return ProbeFailure(self._clock.monotonic(), trouble.fault, str(trouble))
