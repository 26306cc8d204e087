"""The lines of JSON that Ollama streams: what came together is read together; it must not know our ports.

An answer is a line for each token. Nearly all of them are nothing but a piece of text, which the SDK's types would take
ten times as long to say: those are read as they are, all others by the SDK.
"""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, cast

import httpx
import ollama

from bd1.adapters._ollama_piece import Piece

_PLAIN = {"role", "content", "thinking"}


async def lines_of(answer: httpx.Response) -> AsyncIterator[Sequence[bytes]]:
    """The lines as they come, those that are there together at once.

    Only a line feed ends one: a string may hold characters that are taken for a line's end elsewhere.
    """
    is_packed = "content-encoding" in answer.headers
    pieces = answer.aiter_bytes() if is_packed else cast("httpx.AsyncByteStream", answer.stream)
    held = b""
    async for piece in pieces:
        *lines, held = (held + piece).split(b"\n")
        if lines:
            yield lines
    if held:
        yield (held,)


def joined(lines: Sequence[bytes]) -> Iterator[Piece | ollama.ChatResponse]:
    """What the lines say, pieces of one kind that follow one another as one.

    Raises `ollama.ResponseError` for a line that tells of an error, and what the SDK raises over one that it cannot
    read; what came before was said by then.
    """
    said = Piece()
    for line in lines:
        piece = _piece(line)
        if piece is not None and not (said.text and piece.thinking) and not (said.thinking and piece.text):
            said = Piece(said.text + piece.text, said.thinking + piece.thinking)
            continue
        if said != Piece():
            yield said
        said = piece or Piece()
        if piece is None:
            yield ollama.ChatResponse(**checked(line))
    if said != Piece():
        yield said


def checked(line: bytes) -> dict[str, Any]:
    """The line, unless it tells of an error."""
    part: dict[str, Any] = _parsed(line)
    if error := part.get("error"):
        raise ollama.ResponseError(error)
    return part


def _piece(line: bytes) -> Piece | None:
    """The line, if it is nothing but a piece of an answer that goes on."""
    try:
        part = _parsed(line)
    except ValueError:
        return None
    match part:
        case {"done": False, "message": {"content": str(text)} as message} if message.keys() <= _PLAIN:
            thinking = message.get("thinking", "")
            return Piece(text, thinking) if isinstance(thinking, str) and not part.get("error") else None
    return None


def _parsed(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", "replace"))
