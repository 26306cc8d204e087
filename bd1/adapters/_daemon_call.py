"""Runs one blocking call off the event loop, in a thread that can keep neither the loop nor the process waiting."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(call: Callable[[], T], *, name: str, timeout_s: float) -> T:
    """What `call` returns or raises; `TimeoutError` after `timeout_s` seconds.

    The thread is a daemon and one of its own: `concurrent.futures` joins its threads when the process exits, so one
    hanging call would keep the process alive. A call that is given up on goes on by itself and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            value = call()
        except BaseException as error:  # noqa: BLE001 the border of the thread: whoever awaits gets the error
            post(loop, _fail, outcome, error)
        else:
            post(loop, _succeed, outcome, value)

    threading.Thread(target=run, name=name, daemon=True).start()
    async with asyncio.timeout(timeout_s):
        return await outcome


def post(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *args: object) -> None:
    """Has the loop run `callback(*args)`; from any thread, and quietly nothing once the loop is closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, *args)


def _succeed(outcome: asyncio.Future[T], value: T) -> None:
    if not outcome.done():
        outcome.set_result(value)


def _fail(outcome: asyncio.Future[T], error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)
