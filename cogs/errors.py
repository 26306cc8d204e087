"""Trouble in a command, told as a sentence. Nobody sees a traceback."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bd1.errors import Bd1Error

_LOG = logging.getLogger(__name__)
_UNEXPECTED = "Something went wrong that I did not expect. It is in my log; nothing on the GPU was changed by it."


def sentence(error: Exception) -> str | None:
    """What to tell the person; `None` when they have been told already."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, Bd1Error):
        return str(cause)
    if isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return "This command has changed. Please wait a minute and type it again."
    if isinstance(cause, app_commands.CheckFailure):
        return None
    _LOG.error("a command failed", exc_info=cause)
    return _UNEXPECTED


class Errors(commands.Cog):
    """Answers for every command that fails."""

    def __init__(self, bot: commands.Bot) -> None:
        bot.tree.error(self._on_error)

    async def _on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        text = sentence(error)
        if text is None or interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            if interaction.response.is_done():
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.response.send_message(text, ephemeral=True)
        except discord.HTTPException as trouble:
            _LOG.warning("a person could not be told about trouble: %s", trouble.text)
