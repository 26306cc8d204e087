"""A download in one message of the channel. Whoever shows it may go: the next one goes on where it stands."""

import asyncio
import logging

import discord

from bd1.services.pulls import Pull, Pulls
from cogs._ui.foreign import plain, sentence
from cogs._ui.models_view import pull_words
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
_EVERY_S = 2.0
_NAME, _SENTENCE = 80, 1500


class PullMessage:
    """Shows a download every other second, and its end. The download goes on when the message is deleted."""

    def __init__(self, client: discord.Client, pulls: Pulls, pull: Pull) -> None:
        self._message = client.get_partial_messageable(pull.channel_id).get_partial_message(pull.message_id)
        self._pulls = pulls
        self._pull = pull

    async def follow(self) -> None:
        """To its end. Where Discord cannot be told of that now, the next connection does it."""
        told = ""
        while not self._pull.has_ended.is_set():
            if (now := pull_words(self._pull.name, self._pull.newest)) != told:
                told = now
                await self._edit(told)
            await self._until_next()
        if await self._edit(self._last_words()):
            await self._pulls.settle(self._pull)

    def _last_words(self) -> str:
        if self._pull.trouble is not None:
            return f"⛔ {sentence(self._pull.trouble, _SENTENCE)}"
        return f"✅ **{plain(self._pull.name, _NAME)}** is on the server now."

    async def _until_next(self) -> None:
        try:
            async with asyncio.timeout(_EVERY_S):
                await self._pull.has_ended.wait()
        except TimeoutError:
            return

    async def _edit(self, text: str) -> bool:
        """Whether nothing is left to be told: it stands there, or there is no message any more."""
        try:
            await self._message.edit(content=text)
        except (discord.NotFound, discord.Forbidden):
            return True
        except UNREACHABLE as trouble:
            _LOG.warning("a download could not be shown: %s", trouble)
            return False
        return True
