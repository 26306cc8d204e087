"""`/chat` in direct messages: what makes sense there. Who the bot is and which model answers is set in servers."""

import discord
from discord import app_commands

from bd1.services.house import Services
from cogs._ui.talk_steps import begin_anew, forget_person, may_steer, show_context


@app_commands.allowed_contexts(guilds=False, dms=True, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class DirectChat(app_commands.Group):
    """Steers the conversation of a direct message."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="chat", description="Talking to the model: context, memory.")
        self._services = services

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Only people who may chat at home, and only where direct messages are answered; told so when not."""
        return await may_steer(interaction, self._services)

    @app_commands.command(description="Begins the conversation anew: nothing said so far is told to the model.")
    async def reset(self, interaction: discord.Interaction) -> None:
        await begin_anew(interaction, self._services)

    @app_commands.command(description="Shows what would be told to the model now.")
    async def context(self, interaction: discord.Interaction) -> None:
        await show_context(interaction, self._services)

    @app_commands.command(description="Erases what I keep about you: your questions' entries, thinking, your model.")
    async def forget(self, interaction: discord.Interaction) -> None:
        await forget_person(interaction, self._services)
