"""`/gpu`: how the card is, what it is used for, what was done with it, and what it holds when idle."""

import discord
from discord import app_commands
from discord.ext import commands

from bd1.core.access import may_use
from bd1.services.house import Services
from cogs._ui.asker import NOT_FOR_YOU, may_switch, person_of
from cogs._ui.baseline_view import baseline_buttons, baseline_embed, may_be_accepted
from cogs._ui.forecast_view import mode_choice
from cogs._ui.log_view import log_embed
from cogs._ui.rearm_view import CARD, no_such_off, off_buttons, off_embed, quarantine_buttons, quarantine_embed
from cogs._ui.status_view import mode_embed, status_buttons, status_embed
from cogs._ui.switch_start import ask_for_switch, mode_named
from cogs.incidents import IncidentCommands

_MOST_CHOICES = 25


class Gpu(IncidentCommands, commands.GroupCog, name="gpu", description="The GPU: how it is, and what it is used for."):
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
            await interaction.response.defer()
            status = await self._services.status.now()
            await interaction.edit_original_response(embed=mode_embed(status, self._services.settings.modes))
        elif await may_switch(interaction):
            await ask_for_switch(interaction, mode_named(self._services.settings, mode))

    @mode.autocomplete("mode")
    async def _modes(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        view, director = self._services.fleet.view, self._services.director
        choices = []
        for mode in self._services.settings.modes.values():
            if current.lower() in mode.name.lower():
                plan = director.plan(mode.name, view.running) if view.trouble is None else None
                choices.append(app_commands.Choice(name=mode_choice(mode, plan), value=mode.name))
        return choices[:_MOST_CHOICES]

    @app_commands.command(description="Shows the last switches and refusals with their figures.")
    @app_commands.describe(count="How many; 10 if you leave it out.")
    async def log(self, interaction: discord.Interaction, count: app_commands.Range[int, 1, 25] = 10) -> None:
        await interaction.response.send_message(embed=log_embed(self._services.journal.last(count)))

    @app_commands.command(description="Shows what the card holds when nothing of ours runs.")
    async def baseline(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        settings, idle_level = self._services.settings, self._services.idle_level
        measured_mib = await idle_level.measure()
        running = [name for name in self._services.fleet.view.running if settings.workloads[name].uses_gpu]
        embed = baseline_embed(idle_level.baseline, measured_mib, sorted(running))
        is_high = may_be_accepted(idle_level.baseline, measured_mib, settings.gpu.idle_step_mib)
        view = baseline_buttons(measured_mib) if measured_mib is not None and is_high else None
        await interaction.edit_original_response(embed=embed, view=view)

    @app_commands.command(description="Lets a workload, or the card, be used again that was latched off (operators).")
    @app_commands.describe(workload="The workload that is latched off, or: card, for a card in quarantine.")
    async def rearm(self, interaction: discord.Interaction, workload: str) -> None:
        if not await may_switch(interaction):
            return
        measures, held = self._services.director.measures, self._services.hardware.quarantined
        off = measures.off(workload)
        if off is None and (workload != CARD or held is None):
            await interaction.response.send_message(no_such_off(workload, measures.all_off), ephemeral=True)
            return
        await interaction.response.defer()
        shut = await measures.why_shut()
        sample = (await self._services.status.now()).sample
        if off is not None:
            embed, view = off_embed(workload, off, sample, shut), off_buttons(workload)
        elif held is not None:
            embed, view = quarantine_embed(held, sample, shut), quarantine_buttons(held)
        await interaction.edit_original_response(embed=embed, view=view)

    @rearm.autocomplete("workload")
    async def _latched_off(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        held = (CARD,) if self._services.hardware.quarantined else ()
        names = [name for name in (*held, *self._services.director.measures.all_off) if current.lower() in name.lower()]
        return [app_commands.Choice(name=name, value=name) for name in names[:_MOST_CHOICES]]
