"""`/gpu status` and `/gpu mode`."""

import discord
from discord import app_commands
from discord.ext import commands

from bd1.core.access import is_operator, may_use
from bd1.errors import Bd1Error
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, OPERATORS_ONLY, person_of
from cogs._ui.status_view import status_buttons, status_embed
from cogs._ui.switch_view import SwitchMessage, mode_choice

_MOST_CHOICES = 25


class Gpu(commands.GroupCog, name="gpu", description="The GPU: how it is, and what it is used for."):
    """Looks at the card, and switches what runs on it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Only people of the configured servers who may use BD-1; told so when not."""
        if may_use(self._services.settings.discord, person_of(interaction)):
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            await interaction.response.send_message(NOT_FOR_YOU, ephemeral=True)
        return False

    @app_commands.command(description="Shows the card: VRAM, who holds it, the mode, and how each part is.")
    async def status(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        status = await self._services.status.now()
        embed = status_embed(status, latency=interaction.client.latency)
        await interaction.edit_original_response(embed=embed, view=status_buttons())

    @app_commands.command(description="Shows the mode, or switches to another one (operators).")
    @app_commands.describe(mode="What the GPU shall be used for. Leave it out to see the current mode.")
    async def mode(self, interaction: discord.Interaction, mode: str | None = None) -> None:
        if mode is None:
            await self._show_mode(interaction)
            return
        person = person_of(interaction)
        if not is_operator(self._services.settings.discord, person):
            await interaction.response.send_message(OPERATORS_ONLY, ephemeral=True)
            return
        try:
            job = self._services.director.switch(mode.strip().lower(), person.name)
        except Bd1Error as refusal:
            await interaction.response.send_message(str(refusal), ephemeral=True)
            return
        await interaction.response.defer()
        await SwitchMessage(interaction).follow(job)

    @mode.autocomplete("mode")
    async def _modes(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        view, director = self._services.fleet.view, self._services.director
        choices = []
        for mode in self._services.settings.modes.values():
            if current.lower() in mode.name.lower():
                plan = director.plan(mode.name, view.running) if view.trouble is None else None
                choices.append(app_commands.Choice(name=mode_choice(mode, plan), value=mode.name))
        return choices[:_MOST_CHOICES]

    async def _show_mode(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        status = await self._services.status.now()
        embed = status_embed(status, latency=interaction.client.latency)
        mode = embed.fields[0].value or "unknown"
        names = ", ".join(f"`{name}`" for name in self._services.settings.modes)
        shown = discord.Embed(title="GPU mode", description=f"{mode}\n-# There are: {names}", colour=embed.colour)
        await interaction.edit_original_response(embed=shown)
