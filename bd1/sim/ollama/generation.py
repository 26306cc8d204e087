"""One answer in the making: pieces as they come and the figures at the end; it knows the protocol's words, not HTTP."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from bd1.ports import Clock
from bd1.sim.ollama.asks import Ask
from bd1.sim.ollama.brain import Brain, tokens_of
from bd1.sim.ollama.faults import Faults
from bd1.sim.ollama.models import SimModel
from bd1.sim.ollama.prompts import cut_to
from bd1.sim.ollama.runners import Runner
from bd1.sim.ollama.script import tool_for

THOUGHT = "The user wants an answer. I am a simulated model, so I look it up in my script."
SHORTEST_NS = 1000
"""What the real server reports for a stretch too short to measure."""


@dataclass(slots=True)
class Piece:
    """Part of an answer: text, thinking or calls of tools, one of them."""

    text: str = ""
    thinking: str = ""
    tool_calls: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Figures:
    """What the last line tells, times in nanoseconds."""

    done_reason: str = "stop"
    prompt_tokens: int = 0
    tokens: int = 0
    load_ns: int = 0
    prompt_ns: int = 0
    answer_ns: int = 0
    total_ns: int = 0

    def fields(self) -> dict[str, Any]:
        """In the protocol's words; as in the real server what is zero is left out."""
        told = {
            "done_reason": self.done_reason,
            "total_duration": self.total_ns,
            "load_duration": self.load_ns,
            "prompt_eval_count": self.prompt_tokens,
            "prompt_eval_duration": self.prompt_ns,
            "eval_count": self.tokens,
            "eval_duration": self.answer_ns,
        }
        return {name: value for name, value in told.items() if value}


class Generation:
    """An answer to `ask`. Iterate over `pieces` once; after that `figures` are complete.

    `asked_s` is when the request came in, on the clock's `monotonic`.
    """

    def __init__(
        self,
        ask: Ask,
        model: SimModel,
        runner: Runner,
        *,
        brain: Brain,
        faults: Faults,
        clock: Clock,
        asked_s: float,
    ) -> None:
        self._ask = ask
        self._model = model  # not the runner's: names that share one may differ in what they can do
        self._runner = runner
        self._brain = brain
        self._faults = faults
        self._clock = clock
        self._asked_s = asked_s
        self._messages, prompt = cut_to(ask.messages, runner.num_ctx, truncate=ask.truncate)
        self._overfull = prompt >= runner.num_ctx
        self.figures = Figures(prompt_tokens=prompt, load_ns=self._ns_since(asked_s))

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """The answer as it comes. Waits for a free slot of the runner first, and gives it back when closed."""
        async with self._runner.slots:
            began_s = self._clock.monotonic()
            async with aclosing(self._limited()) as pieces:
                async for piece in pieces:
                    if self.figures.tokens == 1:
                        self.figures.prompt_ns = self._ns_since(began_s)
                        began_s = self._clock.monotonic()
                    yield piece
            self.figures.answer_ns = self._ns_since(began_s)
            self.figures.total_ns = self._ns_since(self._asked_s)

    def lose_runner(self) -> None:
        """The runner has died under this answer: it stays listed, and the next request loads the model again."""
        self._runner.dead = True

    async def _limited(self) -> AsyncGenerator[Piece, None]:
        said = ""
        async with aclosing(self._everything()) as pieces:
            async for piece in pieces:
                if self.figures.tokens == self._most_tokens():
                    self.figures.done_reason = "length"
                    return
                await self._slow_down()
                self.figures.tokens += 1
                kept = _until_stop(said, piece.text, self._ask.stops)
                said += piece.text
                if kept != piece.text:
                    if kept:
                        yield Piece(text=kept)
                    return
                yield piece

    def _most_tokens(self) -> int:
        if self._overfull:
            return 1
        return self._ask.num_predict if self._ask.num_predict >= 0 else -1

    async def _everything(self) -> AsyncGenerator[Piece, None]:
        if self._overfull:
            yield Piece()
        elif tool := tool_for(self._messages, self._ask.tools):
            yield Piece(tool_calls=[_call(tool)])
        elif self._ask.format:
            for token in tokens_of(_formatted(self._ask.format)):
                yield Piece(text=token)
        else:
            if thinks(self._model, self._ask):
                for token in tokens_of(THOUGHT):
                    yield Piece(thinking=token)
            async with aclosing(_closing(self._brain.answer(self._ask.model, self._messages))) as tokens:
                async for token in tokens:
                    yield Piece(text=token)

    async def _slow_down(self) -> None:
        if self._faults.tokens_per_s:
            await self._clock.sleep(1.0 / self._faults.tokens_per_s)

    def _ns_since(self, began_s: float) -> int:
        return max(SHORTEST_NS, round((self._clock.monotonic() - began_s) * 1e9))


def thinks(model: SimModel, ask: Ask) -> bool:
    """A model that can think does so unless it is told not to."""
    return "thinking" in model.capabilities and ask.think is not False


def _closing(tokens: AsyncIterator[str]) -> AsyncGenerator[str, None]:
    """A brain is a generator in all but the type its protocol promises."""
    return cast("AsyncGenerator[str, None]", tokens)


def _until_stop(said: str, text: str, stops: tuple[str, ...]) -> str:
    """What of `text` comes before the first stop word that it completes."""
    ends = [place for stop in stops if (place := (said + text).find(stop)) >= 0]
    return text[: max(0, min(ends) - len(said))] if ends else text


def _call(tool: Mapping[str, Any]) -> dict[str, Any]:
    function = tool.get("function") or {}
    arguments = _example(function.get("parameters") or {"type": "object"})
    return {
        "id": "call_simulate",
        "function": {"index": 0, "name": str(function.get("name", "")), "arguments": arguments},
    }


def _formatted(wanted: Any) -> str:
    return json.dumps(_example(wanted) if isinstance(wanted, dict) else {"answer": "simulated"}, indent=2)


def _example(schema: Mapping[str, Any]) -> Any:
    """The plainest value that satisfies a JSON schema of the common sort."""
    if schema.get("enum"):
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _example(inner) for name, inner in (schema.get("properties") or {}).items()}
        case "array":
            return []
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case _:
            return "simulated"
