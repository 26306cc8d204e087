"""One gateway socket: frames in and out, in order, through a compressor. Must not know what they say."""

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import WSMessage, web

from bd1.sim.discord.compression import Compressor
from bd1.sim.discord.limits import Bucket
from bd1.sim.discord.sessions import Session

LARGEST_PAYLOAD = 4096


class Close(Exception):
    """The connection must end with this close code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Connection:
    """One socket. Sending never waits: a writer task empties the queue in order, through the compressor."""

    def __init__(self, request: web.Request, compress: Compressor, limit: Bucket) -> None:
        self.socket = web.WebSocketResponse(timeout=1.0, max_msg_size=1 << 20)
        self.session: Session | None = None
        self.limit = limit
        self.close_code: int | None = None
        self.ended_here = False
        self._request = request
        self._compress = compress
        self._queue: asyncio.Queue[str | Close] = asyncio.Queue()

    def send_text(self, payload: str) -> None:
        """Queues a payload that is JSON already."""
        self._queue.put_nowait(payload)

    def send(self, op: int, data: Any) -> None:
        """Queues a payload that is no event."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def end(self, code: int | None) -> None:
        """Closes after what is queued; without a code the line is cut at once."""
        self.close_code, self.ended_here = code, True
        if code is not None:
            self._queue.put_nowait(Close(code))
        elif self._request.transport is not None:
            self._request.transport.abort()

    async def write(self) -> None:
        """Sends what is queued until the connection ends."""
        with contextlib.suppress(ConnectionError):
            while not isinstance(item := await self._queue.get(), Close):
                frame = self._compress.frame(item)
                await (self.socket.send_str(frame) if isinstance(frame, str) else self.socket.send_bytes(frame))
            await self.socket.close(code=item.code)

    async def receive(self, timeout_s: float) -> WSMessage:
        """The next frame. Raises `Close(4009)` for a client that has gone quiet."""
        try:
            return await self.socket.receive(timeout=timeout_s)
        except TimeoutError:
            raise Close(4009) from None


def read(frame: WSMessage) -> tuple[int, Any]:
    """A frame's opcode and data. Raises `Close(4002)` for what cannot be read."""
    if len(frame.data) > LARGEST_PAYLOAD:
        raise Close(4002)
    try:
        payload = json.loads(frame.data)
        return int(payload["op"]), payload.get("d")
    except (ValueError, TypeError, KeyError):
        raise Close(4002) from None
