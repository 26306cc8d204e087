"""One question on its way to an answer: it waits, is held, is answered, is stopped. Never logs a prompt.

An answer works in a task of its own, so that it can be ended at any moment, whoever is reading it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from bd1.core.answer import Finished, Loading, Question, Text, Thinking, Update
from bd1.core.conversation import Prompt, Said
from bd1.core.settings import ChatSettings
from bd1.errors import Bd1Error, ChatStopped, ChatUnavailable
from bd1.ports import ChatChunk, ChatModel, Clock
from bd1.services.admission import Admission, Visit
from bd1.services.chat_line import ChatLine
from bd1.services.ledger import Ledger, LedgerState, ending_of
from bd1.services.planner import Planner

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """Everything an answer is made with."""

    settings: ChatSettings
    model: ChatModel
    admission: Admission
    line: ChatLine
    ledger: Ledger
    planner: Planner
    clock: Clock


class _DoorClosed(Exception):
    """The GPU went elsewhere before anything was said: the question is held."""


class Answer:
    """The answer to one question. Made by `Chat.ask`, which has taken a place in line for it.

    `updates` is read once. Whoever shows it tells `posted` and `delivered`, and calls `leave` in the end.
    """

    def __init__(self, question: Question, kitchen: Kitchen) -> None:
        self.question = question
        self.message_ids: tuple[int, ...] = ()
        """The messages that show it, as far as it was told."""
        self._kitchen = kitchen
        self._updates: asyncio.Queue[Update | BaseException] = asyncio.Queue()
        self._standing = kitchen.line.join(question.id, question.asker_id)
        self._text = ""
        self._stopped: ChatStopped | None = None
        self._failed = False
        self._work = asyncio.create_task(self._live(), name="answer")

    async def updates(self) -> AsyncIterator[Update]:
        """What becomes of it, ending with `Finished`.

        Raises `Bd1Error` with a sentence for people when it ends otherwise; the text so far stays valid. Closing the
        iterator early ends the model's work too.
        """
        try:
            while True:
                update = await self._updates.get()
                if isinstance(update, BaseException):
                    raise update
                yield update
                if isinstance(update, Finished):
                    return
        finally:
            await self._end_work()

    def stop(self, by: str) -> None:
        """Ends it wherever it is, for `by`; the model's connection is closed at once. Again does no harm."""
        if self._stopped is None and not self._work.done():
            what = "stopped this answer" if self._text else "took this question back"
            self._stopped = ChatStopped(f"{by} {what}.")
            self._work.cancel()

    async def posted(self, message_ids: tuple[int, ...]) -> None:
        """These messages show it now, all of them in order."""
        if message_ids != self.message_ids:
            self.message_ids = message_ids
            await self._kitchen.ledger.change(self.question.id, message_ids=message_ids)

    async def delivered(self, text: str, thinking: str = "", *, cut: bool) -> None:
        """All there is to see is on Discord, a sentence about trouble included: nothing more will come."""
        del text  # it lives on Discord
        state = LedgerState.MARKED if self._failed else LedgerState.DONE
        await self._kitchen.ledger.end(self.question.id, state, thinking=thinking, cut=cut)

    def leave(self) -> None:
        """Nobody reads it any more: place and slot are free. What has no end in the ledger is left open there."""
        self._work.cancel()
        self._kitchen.line.leave(self._standing)

    async def _end_work(self) -> None:
        self._work.cancel()
        await asyncio.wait({self._work})

    async def _live(self) -> None:
        end: BaseException | None = None
        try:
            await self._carry()
        except asyncio.CancelledError:
            end = self._stopped or ChatUnavailable("This answer was given up.")
        except Exception as trouble:  # noqa: BLE001 the border of the answer's own task: whoever reads it gets the error
            end = trouble
        finally:
            self._kitchen.line.leave(self._standing, measured=end is None)
            self._failed = end is not None
            if end is not None:
                self._updates.put_nowait(end)

    async def _carry(self) -> None:
        await self._kitchen.ledger.change(self.question.id, state=LedgerState.WAITING)
        while True:
            await self._until_turn()
            try:
                return await self._answer()
            except _DoorClosed:
                self._kitchen.line.put_back(self._standing)

    async def _until_turn(self) -> None:
        told: Update | None = None
        while (standing := self._kitchen.line.tell(self._standing)) is not None:
            if standing != told:
                self._updates.put_nowait(standing)
                told = standing
            self._standing.moved.clear()
            await self._standing.moved.wait()

    async def _answer(self) -> None:
        kitchen = self._kitchen
        if kitchen.admission.closed_because:
            raise _DoorClosed
        with kitchen.admission.enter(self.question.asker) as visit:
            await kitchen.ledger.change(self.question.id, state=LedgerState.ANSWERING)
            try:
                await self._unless_cut(visit)
            except Bd1Error as trouble:
                if not self._text and (visit.is_cut.is_set() or kitchen.admission.closed_because):
                    raise _DoorClosed from trouble
                raise

    async def _unless_cut(self, visit: Visit) -> None:
        """The model's answer, until the visit is cut. However it ends, the model's stream is closed by then."""
        reading = asyncio.create_task(self._read(), name="model's answer")
        cut = asyncio.create_task(visit.is_cut.wait())
        try:
            await asyncio.wait({reading, cut}, return_when=asyncio.FIRST_COMPLETED)
            if cut.done():
                raise ChatUnavailable(visit.reason)
            reading.result()
        finally:
            cut.cancel()
            reading.cancel()
            await asyncio.wait({reading})
            if not reading.cancelled():
                reading.exception()  # an error that came together with the cut is nobody's any more

    async def _read(self) -> None:
        if loading := await self._loading():
            self._updates.put_nowait(loading)
        chat, model, asked = self._kitchen.settings, self._model, _with_begun(self.question)
        prompt = self._kitchen.planner.plan(asked)
        turns = self._kitchen.planner.turns(asked, prompt)
        started_s = self._kitchen.clock.monotonic()
        chunks = self._kitchen.model.chat(model, turns, num_ctx=chat.num_ctx, max_tokens=chat.max_answer_tokens)
        async with aclosing(_closing(chunks)) as closing:
            async for chunk in closing:
                self._take(chunk)
                if chunk.done:
                    _log_figures(chunk, self._kitchen.clock.monotonic() - started_s)
                    await self._finish(chunk, prompt)
                    return

    @property
    def _model(self) -> str:
        return self.question.model or self._kitchen.settings.model

    async def _loading(self) -> Loading | None:
        """Whether the model has to be loaded first. Only a courtesy: trouble here shows up in the answer itself."""
        name = self._model
        try:
            if await self._kitchen.model.loaded():
                return None
            installed = {model.name: model.size_mib for model in await self._kitchen.model.installed()}
        except Bd1Error:
            return None
        return Loading(name, installed.get(name))

    def _take(self, chunk: ChatChunk) -> None:
        if chunk.thinking:
            self._updates.put_nowait(Thinking(chunk.thinking))
        if chunk.text:
            self._text += chunk.text
            self._updates.put_nowait(Text(chunk.text))

    async def _finish(self, last: ChatChunk, prompt: Prompt) -> None:
        """From here on the answer is known to be complete, even if its last words are not on Discord yet."""
        await self._kitchen.ledger.change(self.question.id, ending=ending_of(self._text))
        learned = await self._kitchen.planner.learn(self.question, prompt, last.prompt_tokens)
        finished = Finished(
            self._model,
            last.tokens_per_s,
            prompt.left_out + self.question.left_out,
            cut=last.done_reason == "length",
            prompt_tokens=last.prompt_tokens,
            answer_tokens=last.answer_tokens,
            num_ctx=self._kitchen.settings.num_ctx,
            notes=(*self.question.notes, *prompt.notes, *learned),
        )
        self._updates.put_nowait(finished)


def _with_begun(question: Question) -> Question:
    """An answer that is to be continued comes last, as the model's own words: it goes on from there."""
    if not question.begun:
        return question
    return replace(question, said=(*question.said, Said("assistant", question.begun)))


def _closing(chunks: AsyncIterator[ChatChunk]) -> AsyncGenerator[ChatChunk, None]:
    return chunks if isinstance(chunks, AsyncGenerator) else _as_generator(chunks)


async def _as_generator(chunks: AsyncIterator[ChatChunk]) -> AsyncGenerator[ChatChunk, None]:
    async for chunk in chunks:
        yield chunk


def _log_figures(last: ChatChunk, took_s: float) -> None:
    _LOG.info("answered: %s tokens read, %s written, %.1f s", last.prompt_tokens, last.answer_tokens, took_s)
