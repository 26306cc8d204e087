"""An answer on its way over HTTP: lines of a stream or one object, and the faults that strike in it."""

import math
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bd1.ports import Clock
from bd1.sim.ollama.brain import BrainFailed
from bd1.sim.ollama.faults import Faults
from bd1.sim.ollama.generation import Generation, Piece
from bd1.sim.ollama.refusals import JSON_TYPE, Refusal, encode

RUNNER_DIED = "an error was encountered while running the model: unexpected EOF"
FOR_EVER_DAYS = 106_751
"""The longest duration Go knows, 292 years: what the real server adds to now for "never"."""

Shape = Callable[[Piece], dict[str, Any]]
"""How a piece looks: a `message` for /api/chat, a `response` for /api/generate."""


def chat_shape(piece: Piece) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": piece.text}
    if piece.thinking:
        message["thinking"] = piece.thinking
    if piece.tool_calls:
        message["tool_calls"] = piece.tool_calls
    return {"message": message}


def generate_shape(piece: Piece) -> dict[str, Any]:
    return {"response": piece.text, **({"thinking": piece.thinking} if piece.thinking else {})}


def moment(at: datetime) -> str:
    """A time as Go writes it: UTC, and no zeros at the end of the fraction."""
    text = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
    return f"{text}Z"


def later(clock: Clock, at_s: float) -> datetime:
    """The calendar's date for a moment on the clock's `monotonic`; infinity is 292 years from now."""
    if math.isinf(at_s):
        return clock.now() + timedelta(days=FOR_EVER_DAYS)
    return clock.now() + timedelta(seconds=at_s - clock.monotonic())


def as_json(value: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.Response(status=status, body=encode(value), headers={"Content-Type": JSON_TYPE})


class Reply:
    """Writes one answer. `context` is what /api/generate adds to its last line."""

    def __init__(self, model: str, shape: Shape, clock: Clock, context: Mapping[str, Any]) -> None:
        self._model = model
        self._shape = shape
        self._clock = clock
        self._context = context

    def empty(self, done_reason: str) -> web.Response:
        """Nothing was generated: the model was loaded or unloaded."""
        return as_json({**self._line(Piece()), "done": True, "done_reason": done_reason})

    async def whole(self, generation: Generation) -> web.Response:
        """The answer as one object."""
        sum_of = Piece()
        try:
            async with aclosing(generation.pieces()) as pieces:
                async for piece in pieces:
                    sum_of.text += piece.text
                    sum_of.thinking += piece.thinking
                    sum_of.tool_calls += piece.tool_calls
        except BrainFailed as failure:
            raise Refusal(500, str(failure)) from failure
        return as_json(self._last(generation, sum_of))

    async def stream(self, request: web.Request, generation: Generation, faults: Faults) -> web.StreamResponse:
        """The answer line by line. The headers go out with the first one, as in the real server.

        Raises `ConnectionResetError` after the fault that cuts the connection.
        """
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        sent = 0
        async with aclosing(self._lines(generation)) as lines:
            async for line in lines:
                await response.prepare(request)
                if await _strike(request, response, faults, sent):
                    generation.lose_runner()
                    break
                await response.write(encode(line) + b"\n")
                sent += 1
        return response

    async def _lines(self, generation: Generation) -> AsyncGenerator[dict[str, Any], None]:
        try:
            async with aclosing(generation.pieces()) as pieces:
                async for piece in pieces:
                    if piece != Piece():
                        yield {**self._line(piece), "done": False}
            yield self._last(generation, Piece())
        except BrainFailed as failure:
            yield {"error": str(failure)}

    def _line(self, piece: Piece) -> dict[str, Any]:
        return {"model": self._model, "created_at": moment(self._clock.now()), **self._shape(piece)}

    def _last(self, generation: Generation, piece: Piece) -> dict[str, Any]:
        figures = generation.figures.fields()
        return {
            **self._line(piece),
            "done": True,
            "done_reason": figures.pop("done_reason"),
            **self._context,
            **figures,
        }


async def _strike(request: web.Request, response: web.StreamResponse, faults: Faults, sent: int) -> bool:
    """Lets the faults due before line number `sent` strike; whether they have ended the stream."""
    if faults.stalls_after == sent:
        await faults.until_cleared()
    if faults.cut_after == sent:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError
    if faults.garbage_after == sent:
        await response.write(b"<<< not JSON >>>\n")
    if faults.error_after == sent:
        await response.write(encode({"error": RUNNER_DIED}) + b"\n")
    return sent in {faults.error_after, faults.ends_after}
