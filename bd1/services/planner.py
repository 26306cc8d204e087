"""What of a question goes to the model, and what the model's own count of it teaches. Prompts are never logged."""

import logging
from dataclasses import asdict, replace

from bd1.core.answer import Question
from bd1.core.calibration import Calibration, learned, read_less
from bd1.core.conversation import Prompt, fit
from bd1.core.settings import ChatSettings
from bd1.errors import Bd1Error, StoreUnavailable
from bd1.ports import ChatModel, ChatTurn, Store

_LOG = logging.getLogger(__name__)
_COLLECTION = "chat tokens"
_MOSTLY = 4
"""What goes along must be less than this part of a prompt, a quarter, for its count to teach anything."""


class Planner:
    """Plans prompts within the context. `num_ctx` is the same for every question: a change would reload the model."""

    def __init__(self, settings: ChatSettings, store: Store, server: ChatModel) -> None:
        self._settings = settings
        self._store = store
        self._server = server
        self._known: dict[str, Calibration] = {}

    async def load(self) -> None:
        """Takes back what was learned. Raises `StoreUnavailable`."""
        for model, kept in await self._store.items(_COLLECTION):
            self._known[model] = Calibration(kept["factor"], kept["lowest"])

    def plan(self, question: Question, beside: int = 0) -> Prompt:
        """What of the question and of what was said before it fits, if `beside` tokens of something else go along."""
        return fit(
            self._persona(question),
            question.said,
            num_ctx=self._settings.num_ctx,
            max_answer_tokens=self._settings.max_answer_tokens,
            factor=self.factor(self._model(question)),
            pictures=len(question.pictures),
            beside=beside,
        )

    def room_tokens(self, model: str) -> int:
        """What the context holds beside the answer, in estimated tokens."""
        return int((self._settings.num_ctx - self._settings.max_answer_tokens) / self.factor(model))

    def factor(self, model: str) -> float:
        """How many tokens this model makes of an estimated one."""
        return self._known.get(model, Calibration()).factor

    def turns(self, question: Question, prompt: Prompt) -> list[ChatTurn]:
        """The prompt as it is sent: who the bot is, what was said; the pictures go with the question."""
        turns = [ChatTurn(role, text) for role, text in prompt.turns]
        asked = next((place for place in reversed(range(len(turns))) if turns[place].role == "user"), None)
        if question.pictures and asked is not None:
            turns[asked] = replace(turns[asked], images=question.pictures)
        persona = self._persona(question)
        return [ChatTurn("system", persona), *turns] if persona.strip() else turns

    async def learn(self, question: Question, prompt: Prompt, told: int | None) -> tuple[str, ...]:
        """Learns from how many tokens the model read; sentences for people where it read less than it was sent."""
        if told is None or question.pictures or prompt.beside * _MOSTLY > prompt.tokens:
            return ()  # what a picture costs, or how a template tells of tools, is not known well enough
        model = self._model(question)
        before = self._known.get(model, Calibration())
        sent = round(prompt.tokens * before.factor)
        context = await self._true_context(model)
        if read_less(before, prompt.tokens, told) or (context is not None and context < min(sent, told * 2)):
            return (self._told_less(model, sent, told, context),)
        after = learned(before, prompt.tokens, told)
        if after != before:
            self._known[model] = after
            try:
                await self._store.put(_COLLECTION, model, asdict(after))
            except StoreUnavailable as trouble:  # the answer is there all the same
                _LOG.warning("how a model counts is kept in memory only: %s", trouble)
        return ()

    def _told_less(self, model: str, sent: int, told: int, context: int | None) -> str:
        size = "" if context is None else f" of {context} tokens"
        return (
            f"{model} read only {told} of about {sent} tokens, so it has not seen the beginning: its context{size} "
            f"is smaller than chat.num_ctx ({self._settings.num_ctx})."
        )

    async def _true_context(self, model: str) -> int | None:
        """The context that the server gave the model, where it is smaller than planned; `None` when it is not."""
        try:
            running = await self._server.loaded()
        except Bd1Error:
            return None
        sizes = [each.context_length for each in running if each.name == model or len(running) == 1]
        return next((size for size in sizes if size is not None and size < self._settings.num_ctx), None)

    def _model(self, question: Question) -> str:
        return question.model or self._settings.model

    def _persona(self, question: Question) -> str:
        return self._settings.persona if question.persona is None else question.persona
