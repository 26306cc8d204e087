"""The sign that BD-1 is at work: "is typing", from the first moment until there is something to read."""

import asyncio
import logging

import aiohttp
import discord

from bd1.core.edits import Need
from cogs._ui.request_budget import RequestBudget

_LOG = logging.getLogger(__name__)
_EVERY_S = 7.0
"""Discord takes the sign away after ten seconds."""


class TypingSign:
    """The sign in one channel. That it cannot be shown matters to nobody; all else goes before it."""

    def __init__(self, channel: discord.abc.Messageable, requests: RequestBudget) -> None:
        self._channel = channel
        self._requests = requests
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Shows it from now on; again does nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._show(), name="typing sign")

    def stop(self) -> None:
        """Shows it no longer than Discord does by itself."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _show(self) -> None:
        while True:
            await self._requests.until_turn(Need.NOTICE)
            try:
                await self._channel.typing()
            except (discord.HTTPException, OSError, aiohttp.ClientError) as trouble:
                _LOG.debug("no typing sign: %s", trouble)
            await asyncio.sleep(_EVERY_S)
