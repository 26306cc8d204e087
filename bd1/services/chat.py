"""Questions to answers: admission by mode, a bounded line, the model's stream as typed updates. No Discord here.

Prompts are never logged.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from bd1.core.answer import Finished, Loading, Text, Thinking, Update, Waiting
from bd1.core.conversation import Said, fit
from bd1.core.settings import ChatSettings
from bd1.errors import Bd1Error, ChatUnavailable
from bd1.ports import ChatChunk, ChatModel, ChatTurn, Clock
from bd1.services.admission import SOMEBODY, Admission, Visit

_LOG = logging.getLogger(__name__)


class Chat:
    """Answers questions, at most `parallel` at once and `max_waiting` in line."""

    def __init__(self, settings: ChatSettings, model: ChatModel, admission: Admission, clock: Clock) -> None:
        self._settings = settings
        self._model = model
        self._admission = admission
        self._clock = clock
        self._slots = asyncio.Semaphore(settings.parallel)
        self._waiting = 0

    async def answer(self, said: Sequence[Said], asker: str = SOMEBODY) -> AsyncIterator[Update]:
        """Streams the answer to the last message of `said` (oldest first). `asker` is who is named as waiting for it.

        Raises `Bd1Error` with a sentence for the asker when there is none, or when it ends in the middle: a mode switch
        may cut it. Closing the iterator early ends the model's work too.
        """
        self._refuse_if_closed()
        if self._waiting >= self._settings.max_waiting:
            raise ChatUnavailable(f"{self._waiting} questions are waiting already. Please ask again in a minute.")
        if self._slots.locked():
            yield Waiting(self._waiting + 1)
        async with self._turn():
            self._refuse_if_closed()
            with self._admission.enter(asker) as visit:
                if loading := await self._loading():
                    yield loading
                async with aclosing(self._stream(said, visit)) as updates:
                    async for update in updates:
                        yield update

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    def _refuse_if_closed(self) -> None:
        if reason := self._admission.closed_because:
            raise ChatUnavailable(reason)

    async def _loading(self) -> Loading | None:
        """Whether the model has to be loaded first. Only a courtesy: trouble here shows up in the answer itself."""
        try:
            if await self._model.loaded():
                return None
            installed = {model.name: model.size_mib for model in await self._model.installed()}
        except Bd1Error:
            return None
        return Loading(self._settings.model, installed.get(self._settings.model))

    async def _stream(self, said: Sequence[Said], visit: Visit) -> AsyncGenerator[Update, None]:
        chat = self._settings
        prompt = fit(chat.persona, said, num_ctx=chat.num_ctx, max_answer_tokens=chat.max_answer_tokens)
        turns = [ChatTurn("system", chat.persona), *(ChatTurn(role, text) for role, text in prompt.turns)]
        thinking = False
        started_s = self._clock.monotonic()
        model = self._model.chat(chat.model, turns, num_ctx=chat.num_ctx, max_tokens=chat.max_answer_tokens)
        async with aclosing(_until_cut(model, visit)) as chunks:
            async for chunk in chunks:
                if chunk.thinking and not thinking:
                    thinking = True
                    yield Thinking(chunk.thinking)
                if chunk.text:
                    yield Text(chunk.text)
                if chunk.done:
                    _log_figures(chunk, self._clock.monotonic() - started_s)
                    yield Finished(chat.model, chunk.tokens_per_s, prompt.left_out, chunk.done_reason == "length")


async def _until_cut(chunks: AsyncIterator[ChatChunk], visit: Visit) -> AsyncGenerator[ChatChunk, None]:
    """The chunks, until the visit is cut: raises `ChatUnavailable` then, in the middle of the model's silence too.

    However it ends, the stream is closed at once: that frees the server's slot.
    """
    cut = asyncio.ensure_future(visit.is_cut.wait())
    try:
        while (chunk := await _next_or_cut(chunks, cut)) is not None:
            yield chunk
        if visit.is_cut.is_set():
            raise ChatUnavailable(visit.reason)
    finally:
        cut.cancel()
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()


async def _next_or_cut(chunks: AsyncIterator[ChatChunk], cut: "asyncio.Future[Any]") -> ChatChunk | None:
    """The next chunk; `None` at the end of the stream, or once `cut` is done."""
    pull = asyncio.ensure_future(_pull(chunks))
    try:
        await asyncio.wait({pull, cut}, return_when=asyncio.FIRST_COMPLETED)
        return None if cut.done() else pull.result()
    finally:
        if not pull.done():
            pull.cancel()
            await asyncio.wait({pull})
        elif not pull.cancelled():
            pull.exception()  # an error that came together with the cut is nobody's any more


async def _pull(chunks: AsyncIterator[ChatChunk]) -> ChatChunk | None:
    return await anext(chunks, None)


def _log_figures(last: ChatChunk, took_s: float) -> None:
    _LOG.info("answered: %s tokens read, %s written, %.1f s", last.prompt_tokens, last.answer_tokens, took_s)
