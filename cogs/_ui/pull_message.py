"""A download in one message of the channel, which outlives the interaction that asked for it."""

import asyncio
import logging

import discord

from bd1.errors import Bd1Error
from bd1.ports import PullProgress
from bd1.services.models import Models
from cogs._ui.foreign import plain, sentence
from cogs._ui.models_view import pull_words
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
_EVERY_S = 2.0
_NAME, _SENTENCE = 80, 1500


class PullMessage:
    """Shows a download every other second. It goes on when the message is deleted."""

    def __init__(self, models: Models, message: discord.PartialMessage) -> None:
        self._models = models
        self._message = message
        self._newest: PullProgress | None = None

    async def follow(self, name: str, *, anyway: bool) -> None:
        """Fetches a model and tells how it goes, to its end."""
        showing = asyncio.create_task(self._show(name), name="pull message")
        try:
            async for step in self._models.pull(name, anyway=anyway):
                self._newest = step
            told = f"✅ **{plain(name, _NAME)}** is on the server now."
        except Bd1Error as trouble:
            told = f"⛔ {sentence(str(trouble), _SENTENCE)}"
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
        await self._edit(told)

    async def _show(self, name: str) -> None:
        told = ""
        while True:
            if (now := pull_words(name, self._newest)) != told:
                told = now
                await self._edit(told)
            await asyncio.sleep(_EVERY_S)

    async def _edit(self, text: str) -> None:
        try:
            await self._message.edit(content=text)
        except UNREACHABLE as trouble:
            _LOG.warning("a download could not be shown: %s", trouble)
