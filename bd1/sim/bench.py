"""The bench's routes: a socket that shows the simulated machine and takes its troubles, for browsers on this host only.

Must not touch BD-1: what it thinks comes in through a callback, and what people press changes the world alone.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from bd1.sim.bench_state import DOWN, BenchLimits, BenchStatus, Json, state, used_mib
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

__all__ = ["DOWN", "BenchLimits", "BenchStatus", "Fact", "mount_bench"]

INTERVAL_S = 0.25
HISTORY_S = 120.0
MESSAGE_LIMIT = 4096
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NOT_FROM_HERE = "The bench is only served to a browser on this machine."


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether one part of the demo is the real thing."""

    part: str
    kind: Literal["real", "simulated"]
    detail: str


def mount_bench(
    app: web.Application,
    world: World,
    troubles: Troubles,
    status: Callable[[], BenchStatus],
    facts: Sequence[Fact],
    *,
    limits: BenchLimits | None = None,
) -> None:
    """Adds the bench to an application before its start. While that runs, the world keeps up with its clock."""
    bench = _Bench(world, troubles, status, limits or BenchLimits())

    async def tell_facts(request: web.Request) -> web.Response:
        if not _is_from_here(request):
            return web.Response(status=403, text=NOT_FROM_HERE)
        return web.json_response([asdict(fact) for fact in facts])

    app.router.add_get("/bench/socket", bench.socket)
    app.router.add_get("/bench/facts", tell_facts)
    app.cleanup_ctx.append(bench.lifetime)
    app.on_shutdown.append(bench.close)


class _Refused(Exception):
    """A message that is not obeyed; the text says why and what to do."""


class _Bench:
    def __init__(
        self, world: World, troubles: Troubles, status: Callable[[], BenchStatus], limits: BenchLimits
    ) -> None:
        self._world = world
        self._troubles = troubles
        self._status = status
        self._limits = limits
        self._points: deque[tuple[float, int | None]] = deque(maxlen=int(HISTORY_S / INTERVAL_S))
        self._sockets: set[web.WebSocketResponse] = set()

    async def lifetime(self, _app: web.Application) -> AsyncIterator[None]:
        """Records the chart while the application runs, also while nobody watches."""
        recorder = asyncio.create_task(self._record())
        yield
        await _end(recorder)

    async def close(self, _app: web.Application) -> None:
        """Sends every browser away."""
        for socket in tuple(self._sockets):
            await socket.close(code=1001)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serves one browser until it goes away."""
        if not _is_from_here(request):
            return web.Response(status=403, text=NOT_FROM_HERE)
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=MESSAGE_LIMIT)
        await socket.prepare(request)
        self._sockets.add(socket)
        sender = asyncio.create_task(_until_gone(self._send(socket)))
        try:
            await _until_gone(self._receive(socket))
        finally:
            self._sockets.discard(socket)
            await _end(sender)
        return socket

    async def _record(self) -> None:
        while True:
            mib = used_mib(self._world)
            self._points.append((round(self._world.age_s, 3), mib))
            await self._world.clock.sleep(INTERVAL_S)

    async def _send(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"op": "history", "points": list(self._points)})
        while True:
            await socket.send_json(self._state())
            await self._world.clock.sleep(INTERVAL_S)

    def _state(self) -> Json:
        return state(self._world, self._troubles, self._status(), self._limits)

    async def _receive(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            try:
                await self._obey(_message(frame.data))
            except _Refused as refusal:
                await socket.send_json({"op": "error", "text": str(refusal)})
            await socket.send_json(self._state())

    async def _obey(self, message: Json) -> None:
        try:
            if message.get("op") == "reset":
                await self._troubles.reset()
            elif message.get("op") == "trouble":
                await self._trouble(message.get("id"), message.get("on"))
            else:
                raise _Refused('The bench knows the operations "trouble" and "reset"; send one of them as "op".')
        except OSError as problem:
            raise _Refused(f"That could not be done: {problem or 'it took too long'}. Press reset.") from problem

    async def _trouble(self, trouble_id: object, on: object) -> None:
        if not isinstance(trouble_id, str) or trouble_id not in self._troubles.by_id:
            raise _Refused(f'There is no such trouble; "id" must be one of {", ".join(self._troubles.by_id)}.')
        if not isinstance(on, bool):
            raise _Refused('"on" must be true or false.')
        await self._troubles.set(trouble_id, on)


def _message(data: str | bytes) -> Json:
    try:
        message = json.loads(data) if isinstance(data, str) else None
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise _Refused("That is no JSON object; send one as text.")
    return message


async def _until_gone(work: Coroutine[Any, Any, None]) -> None:
    """Runs one direction of a socket; a browser that has gone away in the middle of it is no trouble."""
    try:
        await work
    except ConnectionResetError:
        return


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


def _is_from_here(request: web.Request) -> bool:
    """Whether a page of this very server asks: neither other sites nor re-bound names may make trouble."""
    if _host(f"//{request.host}") not in LOOPBACK:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("//")[2] == request.host


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
