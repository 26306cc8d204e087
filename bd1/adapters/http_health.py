"""Whether a workload can do what it is there for, asked over HTTP; it loads nothing and decides nothing."""

import asyncio
from dataclasses import dataclass

from bd1.adapters._http_wire import Answer, HttpWire, NoAnswer, TooLong, shown
from bd1.core.settings import HEALTH_PATHS, WorkloadKind, api_base


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked below the API's beginning, and what of its JSON must be there, with its type."""

    path: str
    members: dict[str, type]
    when_silent: str
    when_strange: str

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether everything that must be there is."""
        try:
            told = answer.parsed()
        except ValueError:
            return False
        return isinstance(told, dict) and all(isinstance(told.get(name), kind) for name, kind in self.members.items())


_AWAY = "it does not answer on {base}"
_NO_MODELS = "its models cannot be listed"
_NO_QUEUE = "its queue cannot be read"
_QUESTIONS = {
    WorkloadKind.OLLAMA: (
        _Question(
            HEALTH_PATHS[WorkloadKind.OLLAMA], {"version": str}, _AWAY, "something answers on {base}, but no Ollama"
        ),
        _Question("/api/tags", {"models": list}, _NO_MODELS, _NO_MODELS),
    ),
    WorkloadKind.COMFYUI: (
        _Question(
            HEALTH_PATHS[WorkloadKind.COMFYUI], {"devices": list}, _AWAY, "something answers on {base}, but no ComfyUI"
        ),
        _Question("/queue", {"queue_running": list, "queue_pending": list}, _NO_QUEUE, _NO_QUEUE),
    ),
}
"""All of them are only looked up: no model is loaded for them. The trouble with an earlier one explains a later one."""


class HttpHealth:
    """A `HealthCheck` by HTTP GET: Ollama for its version and its models, ComfyUI for its system and its queue.

    Anything else is healthy when its health address answers with a 2xx or 3xx. So is an Ollama or a ComfyUI whose
    health address is neither its well-known path nor a bare server (see `api_base`): where its API lies is not known.
    """

    def __init__(self) -> None:
        self._wire = HttpWire()

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        base = api_base(url, kind)
        if base is None:
            return await self._plain_trouble(url)
        troubles = await asyncio.gather(*(self._trouble_with(base, question) for question in _QUESTIONS[kind]))
        return next((trouble for trouble in troubles if trouble is not None), None)

    async def close(self) -> None:
        """Lets go of the connections; a later question opens new ones."""
        await self._wire.close()

    async def _trouble_with(self, base: str, question: _Question) -> str | None:
        silent, strange = (told.format(base=shown(base)) for told in (question.when_silent, question.when_strange))
        try:
            answer = await self._wire.get(base + question.path)
        except TooLong as why:
            return f"{strange} ({why})"
        except NoAnswer as why:
            return f"{silent} ({why})"
        if not answer.is_success:
            return f"{strange} (HTTP {answer.status})"
        return None if question.is_answered_by(answer) else strange

    async def _plain_trouble(self, url: str) -> str | None:
        try:
            status = await self._wire.status(url)
        except NoAnswer as why:
            return f"it does not answer on {shown(url)} ({why})"
        return None if 200 <= status < 400 else f"it answers on {shown(url)} with HTTP {status}"
