"""Answers what a model may ask for, each within a second: it only reads, and never starts, stops or loads."""

from datetime import datetime

from bd1.core.tools import (
    GPU_STATUS,
    LOADED_MODELS,
    NOT_KNOWN,
    CardFacts,
    Wanted,
    card_words,
    incidents_words,
    models_words,
)
from bd1.errors import Bd1Error
from bd1.ports import ChatModel, Clock, LoadedModel
from bd1.services.alerts import Alerts
from bd1.services.status import StatusBoard
from bd1.services.waiting import within

_PATIENCE_S = 1.0
_PART_S = 0.8
"""So long each part of the picture may take, so that one that hangs does not hide the others."""


class Facts:
    """The facts about card, models and incidents, in short words for a model."""

    def __init__(self, board: StatusBoard, server: ChatModel, alerts: Alerts, clock: Clock) -> None:
        self._board = board
        self._server = server
        self._alerts = alerts
        self._clock = clock

    async def tell(self, wanted: Wanted) -> str:
        """What is so now. Never raises for a part that is away: then it is not known."""
        try:
            return await within(self._clock, _PATIENCE_S, self._ask(wanted), NOT_KNOWN)
        except Bd1Error:
            return NOT_KNOWN

    async def _ask(self, wanted: Wanted) -> str:
        if wanted.tool == GPU_STATUS:
            return await self._card()
        if wanted.tool == LOADED_MODELS:
            return await self._models()
        return incidents_words(self._alerts.all(), wanted.count, self._clock.now())

    async def _card(self) -> str:
        now = await self._board.now(_PART_S)
        facts = CardFacts(
            reading=now.sample or now.failure,
            age_s=now.age_s,
            identity=now.identity,
            attribution=now.attribution,
            tier=now.tier,
            ceiling_mib=now.ceiling_mib,
            mode=now.mode.name,
            switching_to=now.switching_to,
        )
        return card_words(facts)

    async def _models(self) -> str:
        now = self._clock.now()
        return models_words([(it.name, it.vram_mib, _left_min(it, now)) for it in await self._server.loaded()])


def _left_min(model: LoadedModel, now: datetime) -> float | None:
    return (model.expires_at - now).total_seconds() / 60 if model.expires_at else None
