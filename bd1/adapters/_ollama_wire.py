"""The SDK's side of the Ollama adapter: connections, and library errors turned into ours; it must not know our ports.

Importing it imports `ollama` and its transport `httpx`, some 13 MB: `bd1.adapters.ollama` does so at the first call.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from typing import Any, cast

import httpx
import ollama

from bd1.adapters import _ollama_trouble as trouble
from bd1.adapters._ollama_transport import AiohttpTransport
from bd1.adapters._ollama_trouble import Asked

CONNECT_S = 5.0
"""How long a connection may take to come about. There is no other limit here: the caller knows what to expect when."""

FALSE_LINE_ENDS = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
ESCAPES = {b"\xc2\x85": rb"\u0085", b"\xe2\x80\xa8": rb"\u2028", b"\xe2\x80\xa9": rb"\u2029"}
"""Characters that httpx takes for line ends though a JSON string may hold them; Ollama sends the first one as it is."""

NOT_IN_ITS_LANGUAGE = (ValueError, TypeError, AttributeError, KeyError)
"""What the SDK raises over text that is not JSON, JSON of another shape, and fields of another type."""


class Wire:
    """One server at `url`. Every method raises the errors of `bd1.errors`; no method has a time limit of its own.

    The environment has no say: neither OLLAMA_HOST nor a proxy nor a redirect can move the requests elsewhere.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        with self._translated(None):
            transport = _WholeLines(AiohttpTransport(is_secure=url.lower().startswith("https:")))
            shared: dict[str, Any] = {
                "transport": transport,
                "trust_env": False,
                "follow_redirects": False,
                "timeout": httpx.Timeout(None, connect=CONNECT_S),
                "headers": {"accept-encoding": "identity"},
            }
            self._client = ollama.AsyncClient(url, **shared)
            self._bare = httpx.AsyncClient(base_url=url, **shared)

    async def stream(
        self,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any],
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> AsyncGenerator[ollama.ChatResponse, None]:
        """The lines of an answer as they come. Closing the generator closes the connection."""
        with self._translated(model):
            lines = await self._client.chat(model, messages=messages, options=options, tools=tools or None, stream=True)
            async with aclosing(cast("AsyncGenerator[ollama.ChatResponse, None]", lines)) as closing:
                async for line in closing:
                    yield line

    async def version(self) -> str:
        with self._translated(None):
            answer = await self._bare.get("/api/version")
            if not answer.is_success:
                raise ollama.ResponseError(answer.text, answer.status_code)
            return str(answer.json()["version"])

    async def running(self) -> Sequence[ollama.ProcessResponse.Model]:
        with self._translated(None):
            return (await self._client.ps()).models

    async def installed(self) -> Sequence[ollama.ListResponse.Model]:
        with self._translated(None):
            return (await self._client.list()).models

    async def show(self, model: str) -> ollama.ShowResponse:
        with self._translated(model):
            return await self._client.show(model)

    async def pull(self, model: str) -> AsyncGenerator[ollama.ProgressResponse, None]:
        """The lines of a download as they come. Closing the generator closes the connection."""
        with self._translated(model):
            lines = await self._client.pull(model, stream=True)
            async with aclosing(cast("AsyncGenerator[ollama.ProgressResponse, None]", lines)) as closing:
                async for line in closing:
                    yield line

    async def load(self, model: str, options: Mapping[str, Any]) -> None:
        with self._translated(model):
            await self._client.generate(model, options=options)

    async def unload(self, model: str) -> None:
        with self._translated(model):
            await self._client.generate(model, keep_alive=0)

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it without types
        await self._bare.aclose()

    @contextmanager
    def _translated(self, model: str | None) -> Iterator[None]:
        asked = Asked(self._url, model)
        try:
            yield
        except ollama.ResponseError as error:
            raise trouble.from_status(asked, error.status_code, error.error) from error
        except (ConnectionError, httpx.ConnectError, httpx.TimeoutException, httpx.UnsupportedProtocol) as error:
            raise trouble.unreachable(asked) from error
        except httpx.TransportError as error:
            raise trouble.broken(asked) from error
        except (httpx.HTTPError, httpx.InvalidURL, *NOT_IN_ITS_LANGUAGE) as error:
            raise trouble.not_ollama(asked, "its answer cannot be read") from error


class _WholeLines(httpx.AsyncBaseTransport):
    """Hides false line ends from httpx, which would cut an answer's line in two and lose the whole answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if "content-encoding" not in answer.headers:
            answer.stream = _Escaped(cast("httpx.AsyncByteStream", answer.stream))
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Escaped(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        held = b""
        async for piece in self._inner:
            text = held + piece
            held = _split_character(text)
            yield FALSE_LINE_ENDS.sub(lambda found: ESCAPES[found[0]], text[: len(text) - len(held)])
        if held:
            yield held

    async def aclose(self) -> None:
        await self._inner.aclose()


def _split_character(text: bytes) -> bytes:
    """The end of `text` that may be the beginning of a false line end."""
    if text.endswith(b"\xe2\x80"):
        return text[-2:]
    return text[-1:] if text.endswith((b"\xc2", b"\xe2")) else b""
