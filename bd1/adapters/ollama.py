"""The chat model server, spoken to through Ollama's own SDK: time limits and our values; it decides nothing.

The SDK is imported at the first call, in a thread: it costs 13 MB and 0.2 s, which the event loop must not stand still
for and a bot whose card never chats need not pay.
"""

import asyncio
import importlib
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bd1.adapters import _ollama_trouble as trouble
from bd1.adapters._ollama_piece import Piece
from bd1.adapters._ollama_trouble import Asked
from bd1.core.gpu import MIB
from bd1.core.tools import Tool, ToolCall, declared
from bd1.ports import ChatChunk, ChatTurn, InstalledModel, LoadedModel, ModelDetails, PullProgress

if TYPE_CHECKING:
    import ollama

    from bd1.adapters._ollama_wire import Wire

F16_BYTES = 2
"""Bytes for each number of the context's cache, unless it is quantised."""

Line = TypeVar("Line")

QUESTION_S = 5.0
"""Limit for everything that Ollama answers from memory (measured: 1 to 36 ms)."""

PULLED = "success"
"""The last word of a download that worked."""

FOR_EVER_YEAR = 2300
"""Ollama writes "never expires" as 292 years from now."""


class OllamaChat:
    """A `ChatModel` at `url`.

    An answer may take as long as it likes while it moves: only silence ends it, `load_stall_s` before the first line
    (the headers come with the first token, so a load and a long prompt are silent), or less where the caller knows that
    nothing has to be loaded, and `stall_s` between lines.
    """

    def __init__(self, url: str, *, load_stall_s: float, stall_s: float) -> None:
        self._url = url.rstrip("/")
        self._load_stall_s = load_stall_s
        self._stall_s = stall_s
        self._wire: Wire | None = None

    async def chat(
        self,
        model: str,
        turns: Sequence[ChatTurn],
        *,
        num_ctx: int,
        max_tokens: int,
        tools: Sequence[Tool] = (),
        first_s: float | None = None,
    ) -> AsyncGenerator[ChatChunk, None]:
        wire = await self._opened()
        messages = [_message(turn) for turn in turns]
        options = {"num_ctx": num_ctx, "num_predict": max_tokens}
        async with (
            aclosing(wire.stream(model, messages, options, [declared(tool) for tool in tools])) as lines,
            aclosing(self._paced(lines, Asked(self._url, model), first_s)) as paced,
        ):
            async for line in paced:
                chunk = ChatChunk(text=line.text, thinking=line.thinking) if isinstance(line, Piece) else _chunk(line)
                if chunk.text or chunk.thinking or chunk.calls or chunk.done:
                    yield chunk
                if chunk.done:
                    return

    async def version(self) -> str:
        async with self._answering(QUESTION_S) as wire:
            return await wire.version()

    async def loaded(self) -> tuple[LoadedModel, ...]:
        async with self._answering(QUESTION_S) as wire:
            return tuple(_loaded(model) for model in await wire.running())

    async def installed(self) -> tuple[InstalledModel, ...]:
        async with self._answering(QUESTION_S) as wire:
            return tuple(_installed(model) for model in await wire.installed())

    async def details(self, model: str) -> ModelDetails:
        async with self._answering(QUESTION_S) as wire:
            return _details(await wire.show(model))

    async def pull(self, model: str) -> AsyncGenerator[PullProgress, None]:
        wire = await self._opened()
        asked, last = Asked(self._url, model), ""
        async with (
            aclosing(wire.pull(model)) as lines,
            aclosing(self._paced(lines, asked)) as paced,
        ):
            async for line in paced:
                last = line.status or last
                yield PullProgress(last, line.completed, line.total)
                if last == PULLED:
                    return

    async def load(self, model: str, *, num_ctx: int) -> None:
        async with self._answering(self._load_stall_s) as wire:
            await wire.load(model, {"num_ctx": num_ctx})

    async def unload(self, model: str) -> None:
        async with self._answering(QUESTION_S) as wire:
            await wire.unload(model)

    async def close(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def _opened(self) -> "Wire":
        if self._wire is None:
            module = await asyncio.to_thread(importlib.import_module, "bd1.adapters._ollama_wire")
            # Another first call may have come back from its thread meanwhile; nothing waits between here and there.
            self._wire = self._wire or module.Wire(self._url)
        return self._wire

    @asynccontextmanager
    async def _answering(self, limit_s: float) -> AsyncIterator["Wire"]:
        wire = await self._opened()
        try:
            async with asyncio.timeout(limit_s):
                yield wire
        except TimeoutError:
            raise trouble.silent(Asked(self._url), limit_s, began=False) from None

    async def _paced(
        self, lines: AsyncGenerator[Line, None], asked: Asked, first_s: float | None = None
    ) -> AsyncGenerator[Line, None]:
        limit_s, began = self._load_stall_s if first_s is None else first_s, False
        while True:
            try:
                async with asyncio.timeout(limit_s):
                    line = await anext(lines)
            except TimeoutError:
                raise trouble.silent(asked, limit_s, began=began) from None
            except StopAsyncIteration:
                raise trouble.unfinished(asked) from None
            limit_s, began = self._stall_s, True
            yield line


def _message(turn: ChatTurn) -> dict[str, Any]:
    """A turn in the SDK's words; the wire encodes images."""
    message: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.images:
        message["images"] = list(turn.images)
    if turn.calls:
        message["tool_calls"] = [{"function": {"name": call.name, "arguments": call.arguments}} for call in turn.calls]
    return message | ({"tool_name": turn.tool} if turn.tool else {})


def _chunk(line: "ollama.ChatResponse") -> ChatChunk:
    message = line.message
    text, thinking = message.content or "", message.thinking or ""
    calls = tuple(ToolCall(call.function.name, call.function.arguments) for call in message.tool_calls or ())
    if not line.done:
        return ChatChunk(text=text, thinking=thinking, calls=calls)
    return ChatChunk(
        text=text,
        thinking=thinking,
        calls=calls,
        done=True,
        done_reason=line.done_reason or None,
        prompt_tokens=line.prompt_eval_count,
        answer_tokens=line.eval_count,
        tokens_per_s=_rate(line.eval_count, line.eval_duration),
    )


def _rate(tokens: int | None, duration_ns: int | None) -> float | None:
    """Tokens a second; `None` below two tokens, for which Ollama reports a made-up microsecond."""
    if not tokens or tokens < 2 or not duration_ns:
        return None
    return tokens / (duration_ns / 1e9)


def _details(shown: "ollama.ShowResponse") -> ModelDetails:
    info: Mapping[str, Any] = shown.modelinfo or {}
    kind = info.get("general.architecture", "")
    context, layers = info.get(f"{kind}.context_length"), info.get(f"{kind}.block_count")
    heads, kv_heads = info.get(f"{kind}.attention.head_count"), info.get(f"{kind}.attention.head_count_kv")
    width = info.get(f"{kind}.attention.key_length")
    if width is None and isinstance(heads, int) and heads > 0:
        width = info.get(f"{kind}.embedding_length", 0) // heads
    if isinstance(kv_heads, list):  # one figure a layer: the sum counts
        layers, kv_heads = 1, sum(kv_heads)
    sizes = [each for each in (layers, kv_heads, width) if isinstance(each, int) and each > 0]
    return ModelDetails(
        abilities=tuple(shown.capabilities or ()),
        context=context if isinstance(context, int) else None,
        cache_bytes=2 * F16_BYTES * math.prod(sizes) if len(sizes) == 3 else None,
    )


def _loaded(model: "ollama.ProcessResponse.Model") -> LoadedModel:
    return LoadedModel(
        name=model.name or model.model or "",
        vram_mib=_mib(model.size_vram),
        expires_at=_expiry(model.expires_at),
        context_length=model.context_length,
    )


def _installed(model: "ollama.ListResponse.Model") -> InstalledModel:
    details = model.details
    return InstalledModel(
        name=model.model or "",
        size_mib=_mib(model.size),
        parameter_size=(details.parameter_size or None) if details else None,
        quantization=(details.quantization_level or None) if details else None,
    )


def _expiry(at: datetime | None) -> datetime | None:
    return None if at is None or at.year >= FOR_EVER_YEAR else at


def _mib(size: int | None) -> int:
    """Bytes in MiB, rounded up: what is there is never shown as nothing."""
    return -(-int(size or 0) // MIB)
