"""Xids as the NVIDIA driver reports them, behind `ports.XidSource`. It judges none of them.

It has its own thread and its own session with the driver: a look at the card that hangs hides no Xid, and that is when
they come. All sessions of one process are one to NVML, though: it is initialised anew only after everybody has let go.
So this lets go too when the probe has, once nothing more is to be heard.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import pynvml

from bd1.adapters._daemon_call import post
from bd1.adapters.nvml_calls import field_value, find_card
from bd1.adapters.nvml_faults import Trouble, trouble_of
from bd1.ports import Clock, XidEvent

_LOG = logging.getLogger(__name__)
WAIT_MS: Final = 500
"""How long the driver is waited for at a time: an end is noticed that soon."""

BREATH_S: Final = 0.01
"""Between two waits: neither a storm of Xids nor a driver that comes back from waiting at once may fill a core."""

CLOSE_S: Final = 1.0
"""How long the end waits for the thread; one that hangs in the driver is left behind."""

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
"""Between two tries to listen again, doubling."""

_ACTION_CHANGED: Final = 154
_NO_EVENTS: Final = "This GPU does not report Xids: look for them with `dmesg` in the guest."


class NvmlXids:
    """The Xids of one card, named by its UUID, or by its index where `uuid` is `None`.

    `sign_outs` counts how often the probe has let go of the driver. Nothing is asked of the driver before `xids`.
    """

    def __init__(
        self,
        index: int,
        uuid: str | None,
        clock: Clock,
        sign_outs: Callable[[], int] = lambda: 0,
        *,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._find = lambda: find_card(index, uuid)
        self._clock = clock
        self._sign_outs = sign_outs
        self._first_pause_s = first_pause_s

    async def xids(self) -> AsyncIterator[XidEvent]:
        ear = _Ear(self._find, self._clock, self._sign_outs, self._first_pause_s)
        try:
            while True:
                yield await ear.next()
        finally:
            await ear.close()


class _Ear:
    """The thread that listens, from construction until `close`. Must be made inside a running loop."""

    def __init__(
        self, find: Callable[[], Any], clock: Clock, sign_outs: Callable[[], int], first_pause_s: float
    ) -> None:
        self._find = find
        self._clock = clock
        self._sign_outs = sign_outs
        self._first_pause_s = self._pause_s = first_pause_s
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[XidEvent | Exception] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._closed = threading.Event()
        self._trouble = ""
        threading.Thread(target=self._serve, name="nvml-events", daemon=True).start()

    async def next(self) -> XidEvent:
        """The next Xid. Raises what nobody expected in the thread."""
        heard = await self._heard.get()
        if isinstance(heard, Exception):
            raise heard
        return heard

    async def close(self) -> None:
        """Asks the thread to let go of the driver, and waits a bounded time until it has."""
        self._closed.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await self._gone.wait()

    def _serve(self) -> None:
        try:
            while not self._closed.is_set():
                self._try_to_listen()
                self._closed.wait(self._pause_s)
                self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        except Exception as surprise:  # noqa: BLE001 the border of the thread: whoever waits gets it
            post(self._loop, self._heard.put_nowait, surprise)
        post(self._loop, self._gone.set)

    def _try_to_listen(self) -> None:
        try:
            with _signed_in(), _registered(self._find()) as (card, events):
                self._listen(card, events)
        except (pynvml.NVMLError, Trouble) as error:
            self._complain(_reason(error))

    def _listen(self, card: Any, events: Any) -> None:
        """Until the end, until trouble, or until the probe has let go of the driver."""
        sign_outs = self._sign_outs()
        while not self._closed.wait(BREATH_S):
            is_to_let_go = self._sign_outs() != sign_outs  # seen before the wait: what came until then is still heard
            try:
                told = pynvml.nvmlEventSetWait_v2(events, WAIT_MS)
            except pynvml.NVMLError_Timeout:
                self._all_is_well()
                if is_to_let_go:
                    return
            else:
                self._hear(card, int(told.eventData))

    def _hear(self, card: Any, code: int) -> None:
        event = XidEvent(self._clock.now(), code, _recovery_action(card) if code == _ACTION_CHANGED else None)
        post(self._loop, self._heard.put_nowait, event)

    def _complain(self, reason: str) -> None:
        if reason != self._trouble:
            _LOG.warning("Xids cannot be heard, I try again: %s", reason)
        self._trouble = reason

    def _all_is_well(self) -> None:
        if self._trouble:
            _LOG.info("Xids can be heard again")
        self._trouble = ""
        self._pause_s = self._first_pause_s


@contextmanager
def _signed_in() -> Iterator[None]:
    pynvml.nvmlInit()
    try:
        yield
    finally:
        with suppress(pynvml.NVMLError):  # a driver that went away has nothing left to sign out of
            pynvml.nvmlShutdown()


@contextmanager
def _registered(card: Any) -> Iterator[tuple[Any, Any]]:
    events = pynvml.nvmlEventSetCreate()
    try:
        pynvml.nvmlDeviceRegisterEvents(card, pynvml.nvmlEventTypeXidCriticalError, events)
        yield card, events
    finally:
        with suppress(pynvml.NVMLError):
            pynvml.nvmlEventSetFree(events)


def _recovery_action(card: Any) -> int | None:
    try:
        return field_value(card, pynvml.NVML_FI_DEV_GET_GPU_RECOVERY_ACTION)
    except pynvml.NVMLError:
        return None


def _reason(error: Exception) -> str:
    code = getattr(error, "value", None)
    if code == pynvml.NVML_ERROR_NOT_SUPPORTED:
        return _NO_EVENTS
    return str(trouble_of(code)) if code is not None else str(error)
