"""`/chat`: where a conversation begins, who the bot is, what the model would be told, and what is forgotten."""

import discord
from discord import app_commands
from discord.ext import commands

from bd1.core.access import may_choose_models
from bd1.core.settings import ModelChoice
from bd1.services.house import Services
from bd1.services.memory import EVERYWHERE
from cogs._ui.asker import may_choose_model, may_set_persona, person_of
from cogs._ui.foreign import plain
from cogs._ui.model_picker import model_choices
from cogs._ui.persona_form import PersonaForm
from cogs._ui.talk_steps import begin_anew, forget_person, may_steer, show_context
from cogs._ui.turns import places_of

_CONFIGURED = "configured"
_NAME = 80
_ANSWERS = "**{model}** answers you here."
_CHOSEN = "From the next question on **{model}** answers."


class ChatCommands(commands.GroupCog, name="chat", description="Talking to the model: context, persona, memory."):
    """Steers conversations."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Only people of the configured servers who may chat; told so when not."""
        return await may_steer(interaction, self._services)

    @app_commands.command(description="Begins the conversation anew here: nothing said so far is told to the model.")
    async def reset(self, interaction: discord.Interaction) -> None:
        await begin_anew(interaction, self._services)

    @app_commands.command(description="Shows what would be told to the model now, to you alone.")
    async def context(self, interaction: discord.Interaction) -> None:
        await show_context(interaction, self._services)

    @app_commands.command(description="Shows or changes who I am in this channel, or everywhere (operators).")
    @app_commands.describe(everywhere="For all channels that have no persona of their own.")
    async def persona(self, interaction: discord.Interaction, everywhere: bool = False) -> None:
        if interaction.channel is None or not await may_set_persona(interaction):
            return
        places = () if everywhere else places_of(interaction.channel)
        now = self._services.memory.persona(*places)
        await interaction.response.send_modal(PersonaForm(EVERYWHERE if everywhere else places[0], now.text))

    @app_commands.command(description="Shows or chooses the model that answers in this channel, or answers you.")
    @app_commands.describe(
        model='The model; leave it out to see which one answers, "configured" to take a choice back.'
    )
    async def model(self, interaction: discord.Interaction, model: str | None = None) -> None:
        memory, places = self._services.memory, places_of(interaction.channel)
        if model is None:
            now = memory.model(places, interaction.user.id)
            await interaction.response.send_message(_ANSWERS.format(model=plain(now, _NAME)), ephemeral=True)
        elif await may_choose_model(interaction):
            await interaction.response.defer()
            chosen = None
            if model != _CONFIGURED:
                chosen = (await self._services.models.can_answer(model)).installed.name
            if self._services.settings.chat.model_choice is ModelChoice.PERSON:
                await memory.choose_for_person(interaction.user.id, chosen)
            else:
                await memory.choose_for_channel(places[0], chosen)
            now = memory.model(places, interaction.user.id)
            await interaction.edit_original_response(content=_CHOSEN.format(model=plain(now, _NAME)))

    @model.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        if not may_choose_models(self._services.settings.discord, person_of(interaction)):
            return []
        return await model_choices(self._services.models, current)

    @app_commands.command(description="Erases what I keep about you: your questions' entries, thinking, your model.")
    async def forget(self, interaction: discord.Interaction) -> None:
        await forget_person(interaction, self._services)
