"""Paints a growing answer into Discord messages.

The pump (model) and the brush (edits) run apart: a slow edit never stalls the model, and what came meanwhile goes out
with the next edit. When an edit may go is told by the channel's budget and by the whole bot's; for the last one of an
answer the channel always keeps one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from math import inf
from typing import Protocol

import aiohttp
import discord

from bd1.core.answer import Held, Loading, Text, Thinking, Update, Waiting
from bd1.core.edits import Need
from bd1.core.settings import AnswerFinish, ChatSettings
from bd1.errors import Bd1Error, ChatStopped, QuestionGone
from cogs._ui.answer_messages import AnswerMessages
from cogs._ui.answer_sheet import Paper, Sheet
from cogs._ui.edit_budget import EditBudgets
from cogs._ui.typing_sign import TypingSign

_LOG = logging.getLogger(__name__)
_UNREACHABLE = (discord.HTTPException, OSError, aiohttp.ClientError, TimeoutError)
_UNEXPECTED = "Something went wrong that I did not expect; it is in my log. Press Retry to ask again."
_REFUSED = 400
_NOTICE_AFTER_S = 0.7
"""Loading or thinking that is over sooner is not worth a message: the typing sign says enough."""
_NOTICE_PAUSE_S, _ELSEWHERE_PAUSE_S = 2.0, 10.0
"""How often a notice changes at most, and one of an answer that is not the live one of its channel."""
_TRIES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses between tries to post the end of an answer. discord.py tries for half a minute each time by itself."""


class Paintable(Protocol):
    """What is painted: an answer under way."""

    def updates(self) -> AsyncIterator[Update]:
        """What becomes of it; raises `Bd1Error` when it does not become complete."""
        ...

    def stop(self, by: str) -> None:
        """Ends it."""
        ...

    async def posted(self, message_ids: tuple[int, ...]) -> None:
        """Is told which messages show it."""
        ...

    async def delivered(self, text: str, thinking: str = "", *, cut: bool) -> None:
        """Is told that all of it is on Discord."""
        ...


class Painter:
    """One answer to one question, as one or more messages below it."""

    def __init__(
        self, question: discord.Message, edits: EditBudgets, settings: ChatSettings, below: int | None = None
    ) -> None:
        """`below` is the message that the answer goes on from; `None` where it begins anew."""
        self._settings = settings
        self._channel = edits.channel(question.channel.id)
        self._requests = edits.requests
        self._messages = AnswerMessages(question, self._channel, below)
        self._sheet = Sheet(settings)
        self._typing = TypingSign(question.channel, edits.requests)
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()
        self._is_over = False
        self._text_is_shown = False
        self._has_rung = False
        self._words_are_out = False
        """Something that stays is shown, or on its way to Discord."""
        self._came_later = False
        self._painted_s = -inf

    def begin(self) -> None:
        """The first sign that the question was heard. `paint` gives it too where nobody did before."""
        self._typing.start()

    def give_up(self) -> None:
        """There will be no answer to paint: the sign goes."""
        self._typing.stop()

    def take_back(self) -> bool:
        """Leaves nothing of the answer behind from now on; false where its end or a word of it can be seen."""
        if self._words_are_out:
            return False
        self._sheet.is_taken_back = True
        return True

    async def paint(self, answer: Paintable) -> None:
        """Shows the answer until it is complete; trouble is told below what has come so far, which is kept."""
        self.begin()
        pump = asyncio.create_task(self._pump(answer), name="chat pump")
        try:
            with self._channel.stream(self._make_haste):
                await self._brush(answer)
                await self._finish(answer)
        finally:
            self._typing.stop()
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    def _make_haste(self) -> None:
        """Something cannot wait for the next edit: it is over, there is a first word, or this answer is live now."""
        self._hurry.set()
        self._news.set()

    async def _pump(self, answer: Paintable) -> None:
        had_text = False
        try:
            async for update in answer.updates():
                self._sheet.take(update, _now())
                self._news.set()
                if not had_text and isinstance(update, Text):
                    had_text = self._sheet.has_text
                    self._make_haste()
        except Bd1Error as trouble:
            self._sheet.fail(str(trouble), was_stopped=isinstance(trouble, ChatStopped))
            self._sheet.is_unasked = isinstance(trouble, QuestionGone)
        except Exception:  # noqa: BLE001 the border of the pump's task: told, logged, and the text so far is kept
            _LOG.exception("an answer broke off")
            self._sheet.fail(_UNEXPECTED, was_stopped=False)
        finally:
            self._is_over = True
            self._make_haste()

    async def _brush(self, answer: Paintable) -> None:
        while not self._is_over:
            await _wait(self._news, self._tick_s())
            self._news.clear()
            if await self._may_paint():
                await self._paint_live(answer)

    def _tick_s(self) -> float | None:
        """How long nothing can change by itself; thinking is counted in seconds."""
        is_counting = isinstance(self._sheet.state, Loading | Thinking) and not self._sheet.has_text
        return 1.0 if is_counting else None

    async def _may_paint(self) -> bool:
        """Waits until something may be shown; false when that is no longer what is to be done."""
        try:
            while not self._is_over:
                self._hurry.clear()
                papers = self._sheet.live(_now())
                if not papers or self._messages.show(papers):
                    return False
                due_s = self._due_in(papers)
                if due_s <= 0:
                    self._requests.go(self._make_haste)
                    return True
                await _wait(self._hurry, None if due_s == inf else due_s)
            return False
        finally:
            self._requests.leave(self._make_haste)

    def _due_in(self, papers: tuple[Paper, ...]) -> float:
        """Seconds until these may be shown; `inf` where somebody else's answer comes first."""
        need, due_s = self._due_in_channel(papers)
        if due_s <= 0:
            return self._requests.turn_in(need, self._make_haste)
        self._requests.leave(self._make_haste)
        return due_s

    def _due_in_channel(self, papers: tuple[Paper, ...]) -> tuple[Need, float]:
        """The same as far as this channel goes, and how urgent it is among all channels."""
        if not self._sheet.has_text:
            return Need.NOTICE if self._messages.count else Need.LIVE, self._notice_due_in()
        if not self._channel.is_live(self._make_haste):
            self._came_later = True
            return Need.LIVE, inf
        if not self._messages.needs_edit(papers):
            # the answer before this one may have taken the last edit just now: there must be one for this one's end
            is_after_another = self._came_later and not self._messages.count
            return Need.FINAL, self._channel.next_in(Need.FINAL) if is_after_another else 0.0
        if not self._text_is_shown:
            return Need.FINAL, self._channel.next_in(Need.LIVE)
        return Need.LIVE, self._channel.next_in(Need.LIVE, self._settings.edit_interval_s, self._painted_s)

    def _notice_due_in(self) -> float:
        if not self._messages.count:
            is_at_once = isinstance(self._sheet.state, Waiting | Held)
            return 0.0 if is_at_once else self._sheet.since + _NOTICE_AFTER_S - _now()
        pause_s = _NOTICE_PAUSE_S if self._channel.is_live(self._make_haste) else _ELSEWHERE_PAUSE_S
        return max(self._channel.next_in(Need.NOTICE, _NOTICE_PAUSE_S), self._painted_s + pause_s - _now())

    async def _paint_live(self, answer: Paintable) -> None:
        papers, has_text = self._sheet.live(_now()), self._sheet.has_text
        self._painted_s = _now()
        self._words_are_out |= has_text and bool(papers)
        try:
            await self._bring_live(papers)
        except discord.NotFound:
            answer.stop("Whoever deleted the message")
        except discord.Forbidden:
            raise
        except _UNREACHABLE as trouble:
            _LOG.info("a growing answer could not be shown just now: %s", trouble)
            await asyncio.sleep(_TRIES_S[0])
        self._text_is_shown = has_text
        if has_text:
            self._typing.stop()
        await answer.posted(self._messages.ids)

    async def _bring_live(self, papers: tuple[Paper, ...]) -> None:
        if self._sheet.has_text and self._settings.finish is not AnswerFinish.FRESH and self._may_ring():
            await self._messages.bring_to_ringing(papers)
        else:
            await self._messages.bring_to(papers)

    def _may_ring(self) -> bool:
        """Whether whoever asked has waited for long, and was not rung yet; from now on they were."""
        is_due = 0 < self._settings.ping_held_s <= self._sheet.waited_s and not self._has_rung
        self._has_rung |= is_due
        return is_due

    async def _finish(self, answer: Paintable) -> None:
        """All there is to see, whatever it takes; nothing where somebody deleted what was there."""
        papers = self._sheet.last()
        self._words_are_out |= bool(papers)
        for pause_s in (*_TRIES_S, None):
            try:
                await self._post(papers)
                break
            except discord.NotFound:
                _LOG.debug("the answer was deleted while it was written")
                break
            except discord.Forbidden:
                raise
            except _UNREACHABLE as trouble:
                if getattr(trouble, "status", None) == _REFUSED and papers != self._sheet.last_as_file():
                    papers = self._sheet.last_as_file()
                    continue
                if pause_s is None:
                    raise
                _LOG.warning("the end of an answer could not be posted, and is tried again: %s", trouble)
                await asyncio.sleep(pause_s)
        await answer.posted(self._messages.ids)
        finished = self._sheet.finished
        await answer.delivered(self._sheet.text, self._sheet.thinking, cut=finished is not None and finished.cut)

    async def _post(self, papers: tuple[Paper, ...]) -> None:
        if papers and self._may_ring():
            await self._messages.bring_to_ringing(papers)
            return
        if self._settings.finish is AnswerFinish.FRESH and self._messages.count:
            await self._messages.bring_to_afresh(papers)
            return
        if self._messages.needs_edit(papers):
            await self._until_final()
        await self._messages.bring_to(papers)

    async def _until_final(self) -> None:
        due_s = self._channel.next_in(Need.FINAL)
        while due_s > 0:
            await asyncio.sleep(due_s)
            due_s = self._channel.next_in(Need.FINAL)


async def _wait(event: asyncio.Event, timeout_s: float | None) -> None:
    """Returns once the event is set, or the time is over."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return


def _now() -> float:
    return asyncio.get_running_loop().time()
