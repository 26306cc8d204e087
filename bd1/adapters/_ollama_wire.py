"""The SDK's side of the Ollama adapter: connections, and library errors turned into ours; it must not know our ports.

Importing it imports `ollama` and its transport `httpx`, some 13 MB: `bd1.adapters.ollama` does so at the first call.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import httpx
import ollama

from bd1.adapters import _ollama_lines as ndjson
from bd1.adapters import _ollama_trouble as trouble
from bd1.adapters._ollama_piece import Piece
from bd1.adapters._ollama_transport import IS_OVER, AiohttpTransport
from bd1.adapters._ollama_trouble import Asked

CONNECT_S = 5.0
"""How long a connection may take to come about. There is no other limit here: the caller knows what to expect when."""

GATHER_S = 0.2
"""Once there is text to read, what comes within this time is told together: a wake-up for each token costs more than
everything that is done with it, and nobody sees the difference. The end of an answer is never waited for."""

NOT_IN_ITS_LANGUAGE = (ValueError, TypeError, AttributeError, KeyError)
"""What the SDK raises over text that is not JSON, JSON of another shape, and fields of another type."""


class Wire:
    """One server at `url`. Every method raises the errors of `bd1.errors`; no method has a time limit of its own.

    The environment has no say: neither OLLAMA_HOST nor a proxy nor a redirect can move the requests elsewhere.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        with self._translated(None):
            shared: dict[str, Any] = {
                "transport": AiohttpTransport(is_secure=url.lower().startswith("https:")),
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
    ) -> AsyncGenerator[Piece | ollama.ChatResponse, None]:
        """An answer as it comes. Closing the generator closes the connection."""
        body = {
            "model": model,
            "messages": [_message(message) for message in messages],
            "tools": [ollama.Tool.model_validate(tool).model_dump(exclude_none=True) for tool in tools],
            "options": options,
            "stream": True,
        }
        with self._translated(model):
            async with self._streamed("/api/chat", body) as answer:
                has_text = False
                async for lines in ndjson.lines_of(answer):
                    for said in ndjson.joined(lines):
                        has_text = has_text or bool(isinstance(said, Piece) and said.text.strip())
                        yield said
                    if has_text:
                        await _gather(answer.extensions[IS_OVER])

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
            async with self._streamed("/api/pull", {"model": model, "stream": True}) as answer:
                async for lines in ndjson.lines_of(answer):
                    for line in lines:
                        yield ollama.ProgressResponse(**ndjson.checked(line))

    async def load(self, model: str, options: Mapping[str, Any]) -> None:
        with self._translated(model):
            await self._client.generate(model, options=options)

    async def unload(self, model: str) -> None:
        with self._translated(model):
            await self._client.generate(model, keep_alive=0)

    async def close(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it without types
        await self._bare.aclose()

    @asynccontextmanager
    async def _streamed(self, path: str, body: Mapping[str, Any]) -> AsyncIterator[httpx.Response]:
        async with self._bare.stream("POST", path, json=body) as answer:
            if not answer.is_success:
                await answer.aread()
                raise ollama.ResponseError(answer.text, answer.status_code)
            yield answer

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


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in message.items() if value}
    if "images" in said:
        said["images"] = [ollama.Image(value=image) for image in said["images"]]
    return ollama.Message.model_validate(said).model_dump(exclude_none=True)


async def _gather(is_over: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(GATHER_S):
            await is_over.wait()
