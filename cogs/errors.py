"""Trouble in a command, told as a sentence. Nobody sees a traceback."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs._ui.trouble import tell_trouble


class Errors(commands.Cog):
    """Answers for every command that fails."""

    def __init__(self, bot: commands.Bot) -> None:
        bot.tree.error(self._on_error)

    async def _on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        await tell_trouble(interaction, error)
