"""One subscription to Docker's events: a daemon thread reads the stream, the event loop waits for what it brings."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol, Self

from bd1.adapters._daemon_call import post


class Stream(Protocol):
    """The SDK's event stream: `close` from another thread ends an iteration that blocks."""

    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def close(self) -> None: ...


class EventFeed:
    """Reads from construction until `close`. Must be made inside a running loop."""

    def __init__(self, subscribe: Callable[[], Stream]) -> None:
        self._subscribe = subscribe
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._arrived: asyncio.Queue[dict[str, Any] | Exception] = asyncio.Queue()
        self._guard = threading.Lock()
        self._stream: Stream | None = None
        self._closed = False
        threading.Thread(target=self._read, name="bd1-docker-events", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def opened(self, timeout_s: float) -> None:
        """Returns once Docker has accepted the subscription; raises what it raised, or `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            await self._opened

    async def next(self) -> dict[str, Any]:
        """The next event as Docker words it; `EOFError` when the engine ended the stream."""
        item = await self._arrived.get()
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        """Ends the subscription at once, though the thread may be blocked reading it."""
        self._opened.cancel()
        with self._guard:
            self._closed = True
            stream, self._stream = self._stream, None
        if stream is not None:
            _hang_up(stream)

    def _read(self) -> None:
        try:
            stream = self._subscribe()
            if not self._keep(stream):
                return
            post(self._loop, self._tell_opened, None)
            for event in stream:
                post(self._loop, self._arrived.put_nowait, event)
            post(self._loop, self._arrived.put_nowait, EOFError("the engine ended the event stream"))
        except Exception as error:  # noqa: BLE001 the border of the thread: whoever waits gets the error
            post(self._loop, self._tell_opened, error)
            post(self._loop, self._arrived.put_nowait, error)

    def _keep(self, stream: Stream) -> bool:
        """Keeps the stream for `close`; hangs up when that has already been called."""
        with self._guard:
            if not self._closed:
                self._stream = stream
                return True
        _hang_up(stream)
        return False

    def _tell_opened(self, error: Exception | None) -> None:
        if self._opened.done():
            return
        if error is None:
            self._opened.set_result(None)
        else:
            self._opened.set_exception(error)


def _hang_up(stream: Stream) -> None:
    # The SDK reaches for the socket through the response: an AttributeError means that it is already closed.
    with suppress(OSError, AttributeError):
        stream.close()
