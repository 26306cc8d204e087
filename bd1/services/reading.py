"""One request to the model: what of its stream is thinking, what is text, and what is told while nothing comes.

It knows neither lines nor doors; whoever has the turn uses it. Prompts are never logged.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from bd1.core.answer import Crowded, Finished, Loading, Question, Recalled, Silent, Text, Thinking, Update
from bd1.core.conversation import Prompt, Said
from bd1.core.settings import ChatSettings
from bd1.core.thinking import Parted, Parting
from bd1.errors import Bd1Error, ChatBusy, ChatRefused, ModelMissing, ToolsRefused
from bd1.ports import ChatChunk, ChatModel, Clock
from bd1.services.facts import Facts
from bd1.services.inquiry import Inquiry
from bd1.services.load_times import LoadTimes
from bd1.services.models import Models
from bd1.services.planner import Planner
from bd1.services.waiting import within

_LOG = logging.getLogger(__name__)
_LOOK_S = 1.0
"""So long the question whether the model is in memory may hold up the answer."""
_SILENT_S = 6.0
"""After this long without a word it is told that nothing comes."""
_LOADED_AT_ONCE_S = 0.5
"""A model that is there sooner was in memory after all, under another name."""
_READ_PER_S = 100.0
"""Tokens of a prompt that a slow server reads in a second, at least; it says nothing meanwhile."""
_BUSY_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to ask the model."""

    settings: ChatSettings
    model: ChatModel
    planner: Planner
    models: Models
    facts: Facts
    load_times: LoadTimes
    clock: Clock
    unannounced: set[str] = field(default_factory=set)
    """Models that were found to think first without saying so."""


async def begin_inquiry(reading: Reading, question: Question) -> Inquiry:
    """What the model may ask for in its answer to this question: nothing, unless owner, asker and model allow it."""
    model = question.model or reading.settings.model
    is_allowed = reading.settings.tools and question.may_look and not question.begun
    if is_allowed:
        is_allowed = await within(reading.clock, _LOOK_S, reading.models.can_ask(model), False)
    return Inquiry(reading.facts, reading.planner.room_tokens(model), is_allowed=is_allowed)


class Reader:
    """Reads one answer; `tell` gets every update of it. Cancelled, it has closed the model's stream when it ends."""

    def __init__(self, question: Question, reading: Reading, tell: Callable[[Update], None]) -> None:
        self._question = _with_begun(question)
        self._reading = reading
        self._tell = tell
        self._loading: Loading | None = None
        self._first_s = reading.settings.load_stall_s
        """How long the model may take for its first word, as far as is known."""
        self._began_s = self._last_s = reading.clock.monotonic()
        self._has_spoken = False
        self.text = ""
        """What was told of the answer so far."""
        self._joint = ""
        """What parts what the model says next from what it said before it asked for facts."""
        self._kept = 0
        """Where that begins in the text."""
        self._part_anew()

    async def read(self) -> Finished:
        """The answer's figures, once all of it was told. Raises `Bd1Error`; what came before was told."""
        silence = asyncio.create_task(self._watch_silence(), name="silence of the model")
        try:
            inquiry = await begin_inquiry(self._reading, self._question)
            while (finished := await self._ask_patiently(inquiry)) is None:
                self._part_anew()
        except ModelMissing as trouble:
            raise self._told_of_choice(trouble) from trouble
        else:
            return finished
        finally:
            silence.cancel()
            self._take(self._parting.end(was_cut=True))

    async def _ask_patiently(self, inquiry: Inquiry) -> Finished | None:
        for pause_s in _BUSY_PAUSES_S:
            try:
                return await self._ask(inquiry)
            except ToolsRefused:
                if not inquiry.tools:
                    raise
                inquiry.close()
            except ChatBusy:
                self._tell(Crowded(pause_s))
                self._last_s = self._reading.clock.monotonic() + pause_s  # until then nothing comes, and that was told
                await self._reading.clock.sleep(pause_s)
        return await self._ask(inquiry)

    async def _ask(self, inquiry: Inquiry) -> Finished | None:
        """One request; `None` when the model asked for facts instead of coming to an end: then it is to go on."""
        reading, chat, said = self._reading, self._reading.settings, len(self.text)
        inquiry.forget()
        self._has_spoken = False
        self._loading, is_ready = await within(reading.clock, _LOOK_S, self._look(), (None, False))
        if self._loading:
            self._tell(self._loading)
            await reading.models.make_room(self._model)
        prompt = reading.planner.plan(self._question, inquiry.tokens)
        turns = [*reading.planner.turns(self._question, prompt), *inquiry.turns]
        self._began_s = reading.clock.monotonic()
        self._first_s = self._patience_s(prompt) if is_ready else chat.load_stall_s
        limits = {"num_ctx": chat.num_ctx, "max_tokens": chat.max_answer_tokens}
        chunks = reading.model.chat(self._model, turns, tools=inquiry.tools, first_s=self._first_s, **limits)
        async with aclosing(_closing(chunks)) as closing:
            async for chunk in closing:
                await self._hear(chunk)
                inquiry.hear(chunk.calls)
                if chunk.done and await inquiry.answer(self.text[said:]):
                    return None
                if chunk.done:
                    return await self._finish(chunk, prompt)
        raise ChatRefused("The answer ended before it was complete. Ask again.")

    def _told_of_choice(self, trouble: ModelMissing) -> ModelMissing:
        """Whoever chose the model may choose another one; the configured one is the configuration's business."""
        if _is_same(self._model, self._reading.settings.model):
            return trouble
        return ModelMissing(
            f"The model {self._model} was chosen with `/chat model` and is on the Ollama server no more. Choose "
            f"another one with `/chat model`, or fetch it with `ollama pull {self._model}`."
        )

    @property
    def _model(self) -> str:
        return self._question.model or self._reading.settings.model

    def _patience_s(self, prompt: Prompt) -> float:
        """How long the first word of a model in memory may take: it has to read the prompt first."""
        tokens = prompt.tokens * self._reading.planner.factor(self._model)
        return self._reading.settings.stall_s + round(tokens / _READ_PER_S)

    async def _look(self) -> tuple[Loading | None, bool]:
        """What has to be loaded first, and whether it is known that nothing has to be.

        Only a courtesy: trouble here shows up in the answer itself.
        """
        server, name = self._reading.model, self._model
        try:
            running = next((model for model in await server.loaded() if _is_same(model.name, name)), None)
            if running is not None:  # with another context it would be loaded anew
                return None, running.context_length in {None, self._reading.settings.num_ctx}
            sizes = [model.size_mib for model in await server.installed() if _is_same(model.name, name)]
        except Bd1Error:
            return None, False
        return Loading(name, next(iter(sizes), None), self._reading.load_times.usual_s(name)), False

    async def _hear(self, chunk: ChatChunk) -> None:
        self._last_s = self._reading.clock.monotonic()
        if not self._has_spoken:
            self._has_spoken = True
            took_s = self._last_s - self._began_s
            if self._loading and took_s >= _LOADED_AT_ONCE_S:
                await self._reading.load_times.add(self._model, took_s)
        parted = self._parting.feed(chunk.text)
        self._take(Parted(chunk.thinking) + parted)
        if chunk.done:
            self._take_rest(was_cut=chunk.done_reason == "length")

    def _take_rest(self, *, was_cut: bool) -> None:
        if self._parting.is_supposing and not was_cut:
            self._reading.unannounced.discard(self._model)
        self._take(self._parting.end(was_cut=was_cut))

    def _part_anew(self) -> None:
        """What comes next is another piece of the answer, with thinking of its own before it."""
        self._kept, self._joint = len(self.text), "\n\n" if self.text.strip() else ""
        is_known = self._model in self._reading.unannounced and not self._question.begun
        self._parting = Parting(opens_unsaid=is_known)

    def _recall(self) -> None:
        thought, self.text = self.text[self._kept :].lstrip("\n"), self.text[: self._kept]
        self._joint = "\n\n" if self.text.strip() else ""
        self._reading.unannounced.add(self._model)
        self._tell(Recalled(self.text, thought))

    def _take(self, parted: Parted) -> None:
        if parted.recalls:
            self._recall()
        if parted.thinking or parted.recalls:
            self._tell(Thinking(parted.thinking))
        if parted.text:
            text, self._joint = self._joint + parted.text, ""
            self.text += text
            self._tell(Text(text))

    async def _watch_silence(self) -> None:
        """Tells once of each silence, how long it may last."""
        reading, told_s = self._reading, -1.0
        while True:
            left_s = self._last_s + _SILENT_S - reading.clock.monotonic()
            if left_s > 0:
                await reading.clock.sleep(left_s)
                continue
            if self._last_s != told_s and self._has_spoken:
                self._tell(Silent(_SILENT_S, reading.settings.stall_s))
            elif self._last_s != told_s:
                self._tell(Silent(_SILENT_S, self._first_s, self._loading))
            told_s = self._last_s
            await reading.clock.sleep(_SILENT_S)

    async def _finish(self, last: ChatChunk, prompt: Prompt) -> Finished:
        took_s = self._reading.clock.monotonic() - self._began_s
        _LOG.info("answered: %s tokens read, %s written, %.1f s", last.prompt_tokens, last.answer_tokens, took_s)
        learned = await self._reading.planner.learn(self._question, prompt, last.prompt_tokens)
        is_cut = last.done_reason == "length"
        if not self.text.strip():
            raise ChatRefused(_why_empty(is_cut=is_cut))
        return Finished(
            self._model,
            last.tokens_per_s,
            prompt.left_out,
            cut=is_cut,
            prompt_tokens=last.prompt_tokens,
            answer_tokens=last.answer_tokens,
            num_ctx=self._reading.settings.num_ctx,
            notes=(*self._question.notes, *prompt.notes, *learned),
            read_last=self._question.read_last,
        )


def _why_empty(*, is_cut: bool) -> str:
    if is_cut:
        return (
            "The model reached its limit before it came to an answer. Ask something simpler, or have "
            "chat.max_answer_tokens in config.yaml raised."
        )
    return "The model had nothing to say. Ask again, or in other words."


def _with_begun(question: Question) -> Question:
    """An answer that is to be continued comes last, as the model's own words: it goes on from there."""
    if not question.begun:
        return question
    return replace(question, said=(*question.said, Said("assistant", question.begun)))


def _is_same(listed: str, name: str) -> bool:
    return listed.removesuffix(":latest") == name.removesuffix(":latest")


def _closing(chunks: AsyncIterator[ChatChunk]) -> AsyncGenerator[ChatChunk, None]:
    return chunks if isinstance(chunks, AsyncGenerator) else _as_generator(chunks)


async def _as_generator(chunks: AsyncIterator[ChatChunk]) -> AsyncGenerator[ChatChunk, None]:
    async for chunk in chunks:
        yield chunk
