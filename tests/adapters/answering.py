"""A web server for tests: it says at each path what it was told to say, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Says:
    """One answer. A body that is no bytes is sent as JSON; `never` ends nothing, `for_ever` goes on and on."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    never: bool = False
    for_ever: bool = False

    @property
    def sent(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Answering:
    """`says` is by path; a path that is not in it is a 404."""

    url: str
    says: dict[str, Says] = field(default_factory=dict)
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((request.method, request.path, await request.read()))
        says = self.says.get(request.path, Says(status=404))
        if says.never:
            await asyncio.Event().wait()
        if not says.for_ever:
            return web.Response(status=says.status, body=says.sent, headers=says.headers)
        stream = web.StreamResponse(status=says.status)
        await stream.prepare(request)
        while True:
            await stream.write(says.sent)


@asynccontextmanager
async def answering(says: dict[str, Says] | None = None, ssl: Any = None) -> AsyncIterator[Answering]:
    """The server, for as long as the block lasts; with `ssl` (a context) it speaks HTTPS."""
    server = Answering("", says or {})
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl).start()
    server.url = f"{'https' if ssl else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()
