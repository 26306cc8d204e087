"""Trouble with a command or a button, told as a sentence to whoever met it. Nobody sees a traceback."""

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeVar

import aiohttp
import discord
from discord import app_commands

from bd1.errors import Bd1Error
from cogs._ui.foreign import sentence
from cogs._ui.limits import clip

_LOG = logging.getLogger(__name__)
_UNEXPECTED = "Something went wrong that I did not expect; it is in my log. `/gpu status` shows how the card is now."
UNREACHABLE = (discord.HTTPException, OSError, aiohttp.ClientError)
"""What a call to Discord raises when it refuses, or cannot be reached."""
_MOST = 2000
Item = TypeVar("Item")
Press = Callable[[Item, discord.Interaction], Coroutine[Any, Any, None]]


async def tell(interaction: discord.Interaction, text: str) -> None:
    """Says something to this person alone; that Discord could not be reached is told in the log."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(clip(text, _MOST), ephemeral=True)
        else:
            await interaction.response.send_message(clip(text, _MOST), ephemeral=True)
    except UNREACHABLE as trouble:
        _LOG.warning("a person could not be told: %s", trouble)


async def tell_trouble(interaction: discord.Interaction, error: Exception) -> None:
    """Says what went wrong; nothing to somebody who has been told already, or who only types."""
    text = _words(error)
    if text is not None and interaction.type is not discord.InteractionType.autocomplete:
        await tell(interaction, text)


def _words(error: Exception) -> str | None:
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, Bd1Error):
        return sentence(str(cause), _MOST)
    if isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return "This command has changed. Please wait a minute and type it again."
    if isinstance(cause, app_commands.CheckFailure):
        return None
    _LOG.error("a command or a button failed", exc_info=cause)
    return _UNEXPECTED


def tells_trouble(press: Press[Item]) -> Press[Item]:
    """A press that goes wrong says so; discord.py itself would only log it."""

    @wraps(press)
    async def told(item: Item, interaction: discord.Interaction) -> None:
        try:
            await press(item, interaction)
        except Exception as trouble:  # noqa: BLE001 the border of one press: told, logged, the next one may come
            await tell_trouble(interaction, trouble)

    return told
