"""Gateway compression: one stream a connection, flushed after every payload so that each can be read at once."""

import zlib
from typing import Protocol

try:
    import zstandard
except ImportError:  # optional: a client that has it too asks for zstd, every other for zlib
    zstandard = None  # type: ignore[assignment]


class Compressor(Protocol):
    """Turns a payload into a frame; the frames of a connection belong together."""

    def frame(self, payload: str) -> bytes | str: ...


class Plain:
    """No compression: text frames."""

    def frame(self, payload: str) -> bytes | str:
        return payload


class ZlibStream:
    """zlib-stream: every frame ends in 00 00 FF FF."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj()

    def frame(self, payload: str) -> bytes | str:
        return self._deflate.compress(payload.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """zstd-stream: a block is flushed for every payload."""

    def __init__(self) -> None:
        self._compress = zstandard.ZstdCompressor().compressobj()

    def frame(self, payload: str) -> bytes | str:
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return self._compress.compress(payload.encode()) + self._compress.flush(block)


def compressor(asked: str | None) -> Compressor | None:
    """What a client asked for by `compress=`; `None` when this server cannot speak it."""
    if asked is None:
        return Plain()
    if asked == "zlib-stream":
        return ZlibStream()
    return ZstdStream() if asked == "zstd-stream" and zstandard is not None else None
