"""The web page's backend: static files under a strict policy, and the socket people's actions come in by.

Must not act by itself: whatever a person does goes through `Person`, as in the tests.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bd1.sim.discord.page_socket import PageSocket, PageView

WEB = Path(__file__).parent / "web"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Page:
    """Serves the page and one socket for each browser."""

    def __init__(self, view: PageView) -> None:
        self.port = 0
        self._view = view
        self._sockets: set[web.WebSocketResponse] = set()
        self._closing: set[asyncio.Task[bool]] = set()

    def mount(self, app: web.Application) -> None:
        """Adds the assets and the socket; the index is left to whoever owns "/"."""
        app.router.add_get("/assets/{name:.+}", self._asset)
        app.router.add_get("/ui/socket", self._socket)

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return self._file(request, "index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, request.match_info["name"])

    def _file(self, request: web.Request, name: str) -> web.StreamResponse:
        if not self._from_here(request):
            return web.Response(status=403, text="This page is only served to this machine.")
        path = (WEB / name).resolve()
        if not path.is_relative_to(WEB.resolve()) or not path.is_file():
            return web.Response(status=404, text="There is no such file.", headers=dict(HEADERS))
        return web.FileResponse(path, headers=dict(HEADERS))

    def _from_here(self, request: web.Request) -> bool:
        """Whether a browser on this machine asks, for this very address: other sites and re-bound names are not."""
        if not _is_here(f"//{request.host}", self.port):
            return False
        origin = request.headers.get("Origin")
        return origin is None or _is_here(origin, self.port)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._from_here(request):
            return web.Response(status=403, text="This page is only served to this machine.")
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=64 * 1024)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await PageSocket(socket, self._view).serve()
        finally:
            self._sockets.discard(socket)
        return socket

    def close(self) -> None:
        """Ends every socket."""
        for socket in tuple(self._sockets):
            task = asyncio.create_task(socket.close(code=1001))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


def _is_here(address: str, port: int) -> bool:
    try:
        parts = urlsplit(address)
        named, at = parts.hostname, parts.port
    except ValueError:
        return False
    return named in _LOOPBACK_NAMES and at == port
