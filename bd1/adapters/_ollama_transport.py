"""How the Ollama SDK's requests travel: through aiohttp, whose parser is written in C; it must not know Ollama.

An answer is a line of JSON for each token. httpx's own transport takes half a millisecond for each of them, more than
everything else that BD-1 does with it; this one takes a tenth. What goes wrong is told in httpx's words.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx

IS_OVER = "is_over"
"""The answer's extension with an event that is set once the end of its body is here, read or not."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Asks by a session of its own, made with the first request. `is_secure` is whether addresses are https."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=limits.get("connect"), sock_read=limits.get("read"))
        with _in_httpx_words():
            answer = await self._opened().request(
                request.method,
                str(request.url),
                headers=list(request.headers.multi_items()),
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=timeout,
            )
        is_over = asyncio.Event()
        answer.content.on_eof(is_over.set)
        return httpx.Response(
            answer.status,
            headers=list(answer.raw_headers),
            stream=_Body(answer),
            request=request,
            extensions={IS_OVER: is_over},
        )

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(ssl=self._is_secure, limit=0)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False, trust_env=False)
        return self._session


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_httpx_words():
            async for piece in self._answer.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        """Gives the connection back; one whose answer was not read to its end is closed at once."""
        self._answer.release()


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except aiohttp.ServerTimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise httpx.RemoteProtocolError(str(error) or type(error).__name__) from error
