"""What stands where the model's weights would be: something that answers a conversation; it knows nothing of HTTP."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Protocol

from bd1.ports import Clock
from bd1.sim.ollama.script import reply_to

TOKEN = re.compile(r"\s*[^\s]{1,6}|\s+")
"""A blank and up to six letters: about the length of a real token."""


class BrainFailed(Exception):
    """A brain cannot go on; the message is a sentence for a person."""


class Brain(Protocol):
    """Answers conversations, one token after another, at its own pace. May raise `BrainFailed` at any token."""

    def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        """The tokens of an answer to `messages` (as /api/chat has them). It may be closed at any moment."""
        ...


class ScriptedBrain:
    """Answers from a script, the same answer to the same words. Paced at `tokens_per_s`, or without any pause."""

    def __init__(self, clock: Clock, tokens_per_s: float | None = 40.0, think_s: float = 0.0) -> None:
        self._clock = clock
        self._tokens_per_s = tokens_per_s
        self._think_s = think_s

    async def answer(self, model: str, messages: Sequence[Mapping[str, Any]]) -> AsyncGenerator[str, None]:
        if self._think_s:
            await self._clock.sleep(self._think_s)
        for token in tokens_of(reply_to(model, messages)):
            await self._pause()
            yield token

    async def _pause(self) -> None:
        if self._tokens_per_s is None:
            await asyncio.sleep(0)
        else:
            await self._clock.sleep(1.0 / self._tokens_per_s)


def tokens_of(text: str) -> list[str]:
    """`text` in pieces the length of tokens; joined they are `text` again."""
    return TOKEN.findall(text)
