"""What a model asks for within one answer: how often it may, what it was told, what that takes of the context."""

import asyncio
import logging
from collections.abc import Sequence

from bd1.core.conversation import estimate_tokens
from bd1.core.tools import (
    MOST_CALLS,
    MOST_ROUNDS,
    NO_ROOM,
    TOOLS,
    TOOLS_TOKENS,
    Tool,
    ToolCall,
    Wanted,
    as_understood,
    read_call,
)
from bd1.ports import ChatTurn
from bd1.services.facts import Facts

_LOG = logging.getLogger(__name__)
_ROOM_FOR_TOOLS = 4
"""Tools are offered where they take at most this part of the room: a quarter."""


class Inquiry:
    """One answer's questions for facts. It is over after a few rounds, and then the model has to answer.

    `room_tokens` is what the context holds beside the answer; a third of it may be facts.
    """

    def __init__(self, facts: Facts, room_tokens: int, *, is_allowed: bool) -> None:
        self._facts = facts
        self._left_tokens = room_tokens // 3
        self._left_rounds = MOST_ROUNDS if is_allowed and room_tokens >= _ROOM_FOR_TOOLS * TOOLS_TOKENS else 0
        self._left_calls = MOST_CALLS
        self._heard: list[ToolCall] = []
        self.turns: tuple[ChatTurn, ...] = ()
        """What was asked and told so far; it comes after the conversation."""

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What is offered to the model now."""
        return TOOLS if self._left_rounds > 0 and self._left_calls > 0 else ()

    @property
    def tokens(self) -> int:
        """What tools and facts take of the context, by the careful estimate."""
        told = sum(_cost(turn) for turn in self.turns)
        return told + (TOOLS_TOKENS if self.tools else 0)

    def close(self) -> None:
        """No tools from here on."""
        self._left_rounds = 0

    def hear(self, calls: Sequence[ToolCall]) -> None:
        """The model asks. What is more than it may is not even kept."""
        if self.tools:
            self._heard += calls[: max(0, self._left_calls - len(self._heard))]

    def forget(self) -> None:
        """The request is made anew: what was heard of the last one does not count."""
        self._heard.clear()

    async def answer(self, said: str) -> bool:
        """Answers what was heard, after `said`, the model's words beside it. False when it asked for nothing."""
        calls, self._heard = self._heard, []
        if not calls:
            return False
        self._left_rounds -= 1
        self._left_calls -= len(calls)
        told = await self._tell([read_call(call) for call in calls])
        asked = tuple(as_understood(call) for call in calls)
        answers = (ChatTurn("tool", text, tool=call.name) for call, text in zip(asked, told, strict=True))
        self.turns += (ChatTurn("assistant", said, calls=asked), *answers)
        return True

    async def _tell(self, read: Sequence[Wanted | str]) -> list[str]:
        """The answers, all looked up at once; the same question is looked up once."""
        wanted = tuple({it: None for it in read if isinstance(it, Wanted)})
        _LOG.info("the model asks for %s", ", ".join(it.tool.name for it in wanted) or "nothing there is")
        found = dict(zip(wanted, await asyncio.gather(*map(self._facts.tell, wanted)), strict=True))
        return [self._fitting(it if isinstance(it, str) else found[it]) for it in read]

    def _fitting(self, text: str) -> str:
        tokens = estimate_tokens(text)
        if tokens > self._left_tokens:
            return NO_ROOM
        self._left_tokens -= tokens
        return text


def _cost(turn: ChatTurn) -> int:
    return estimate_tokens(turn.content) + sum(estimate_tokens(f"{call.name} {call.arguments}") for call in turn.calls)
