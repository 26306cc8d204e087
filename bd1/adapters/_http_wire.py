"""One question over HTTP, bounded in time and size; it judges no answer and must not know what it is asked for."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

LIMIT_S = 2.0
LONGEST_BODY = 8 * 1024 * 1024
"""Bytes. ComfyUI's queue repeats the whole graph of every job, 10 to 100 KiB: room for some hundred of them.

To parse as much holds up the event loop for 0.15 s and takes 50 MB for that long (measured); twice that is too much.
"""


class NoAnswer(Exception):
    """No HTTP answer came, or none that could be read to its end; the text says why in a few words."""


class TooLong(NoAnswer):
    """An answer came that is longer than `LONGEST_BODY`; it was not read to its end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it means."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the server says that this is what was asked for."""
        return is_success(self.status)

    def parsed(self) -> Any:
        """The body's JSON. Raises `ValueError` when it is none, or nested deeper than anybody would mean it."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class HttpWire:
    """Asks within `LIMIT_S`. Redirects are answers and are not followed; no proxy comes in between.

    Certificates are not checked: the question is whether a server of ours lives, and homelab ones are self-signed.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str) -> Answer:
        """The whole answer. Raises `NoAnswer`, and of its kinds `TooLong`."""
        async with self._asking("GET", url) as answer:
            return Answer(answer.status, await _whole(answer.content))

    async def status(self, url: str, told: dict[str, Any] | None = None) -> int:
        """Only how it was answered, whatever follows; with `told` it is a POST of that JSON. Raises `NoAnswer`."""
        async with self._asking("GET" if told is None else "POST", url, told) as answer:
            return answer.status

    async def close(self) -> None:
        """Lets go of the connections; a later question opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @asynccontextmanager
    async def _asking(
        self, method: str, url: str, told: dict[str, Any] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._opened().request(method, url, json=told, allow_redirects=False) as answer:
                yield answer
        except TimeoutError:
            raise NoAnswer(f"nothing within {LIMIT_S:g} s") from None
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL, ValueError):
            raise NoAnswer("no connection") from None
        except (aiohttp.ClientError, OSError):
            raise NoAnswer("the connection broke") from None

    def _opened(self) -> aiohttp.ClientSession:
        # A session belongs to the loop it was made in, so it is made at the first question.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, ssl=False),
                timeout=aiohttp.ClientTimeout(total=LIMIT_S),
                # Nothing is unpacked, so that a small answer cannot become a huge one.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
            )
        return self._session


def is_success(status: int) -> bool:
    """Whether an HTTP status says yes."""
    return 200 <= status < 300


def shown(url: str) -> str:
    """An address as people may see it: without the password that it may carry."""
    try:
        name, at, _server = urlsplit(url).netloc.rpartition("@")
    except ValueError:
        return "its address"
    return url.replace(name + at, "", 1)


async def _whole(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > LONGEST_BODY:
            raise TooLong(f"more than {LONGEST_BODY // 2**20} MiB")
    return bytes(body)
