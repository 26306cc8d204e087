"""`/models`: what is on the server, what is loaded; operators load, unload and fetch."""

import asyncio
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bd1.core.access import may_choose_models, may_use
from bd1.services.house import Services
from bd1.services.pulls import Pull
from cogs._ui.asker import NOT_FOR_YOU, may_tend_models, person_of
from cogs._ui.foreign import plain
from cogs._ui.model_picker import model_choices
from cogs._ui.models_view import models_embed, pull_words
from cogs._ui.pull_message import PullMessage
from cogs._ui.turns import places_of

_NAME = 80
_WHICH = "Which model? Name it: `/models do:{do} model:NAME`."


class Models(commands.Cog):
    """Looks at the models, and tends them."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._shown: dict[int, asyncio.Task[None]] = {}

    async def cog_unload(self) -> None:
        """The bot is closed: downloads go on, and the next bot shows them."""
        shown = tuple(self._shown.values())
        for task in shown:
            task.cancel()
        await asyncio.gather(*shown, return_exceptions=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        for pull in self._services.pulls.all:
            self._show(pull)

    def _show(self, pull: Pull) -> None:
        if pull.message_id not in self._shown:
            task = asyncio.create_task(
                PullMessage(self._client, self._services.pulls, pull).follow(), name="pull message"
            )
            self._shown[pull.message_id] = task
            task.add_done_callback(lambda _: self._shown.pop(pull.message_id, None))

    @app_commands.command(description="Shows the models; operators load, unload and fetch them.")
    @app_commands.describe(
        do="What to do with the model (operators).",
        model="The model, as `ollama list` shows it.",
        anyway="Fetch it although it can never fit on this card.",
    )
    async def models(
        self,
        interaction: discord.Interaction,
        do: Literal["load", "unload", "pull"] | None = None,
        model: str | None = None,
        anyway: bool = False,
    ) -> None:
        person = person_of(interaction)
        settings = self._services.settings.discord
        if not (may_use(settings, person) or may_choose_models(settings, person)):
            await interaction.response.send_message(NOT_FOR_YOU, ephemeral=True)
        elif do is None:
            await self._list(interaction)
        elif model is None:
            await interaction.response.send_message(_WHICH.format(do=do), ephemeral=True)
        elif await may_tend_models(interaction):
            await (self._pull(interaction, model, anyway) if do == "pull" else self._tend(interaction, do, model))

    @models.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        person, settings = person_of(interaction), self._services.settings.discord
        allowed = may_use(settings, person) or may_choose_models(settings, person)
        return await model_choices(self._services.models, current) if allowed else []

    async def _list(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        models, places = self._services.models, places_of(interaction.channel)
        entries = await models.all()
        chosen = self._services.memory.model(places, interaction.user.id)
        embed = models_embed(entries, [models.fits(entry) for entry in entries], chosen)
        await interaction.edit_original_response(embed=embed)

    async def _tend(self, interaction: discord.Interaction, do: Literal["load", "unload"], model: str) -> None:
        await interaction.response.defer()
        models = self._services.models
        entry = await models.find(model)
        await (models.load(entry.installed.name) if do == "load" else models.unload(entry.installed.name))
        done = "is loaded" if do == "load" else "is no longer in memory"
        await interaction.edit_original_response(content=f"✅ **{plain(entry.installed.name, _NAME)}** {done}.")

    async def _pull(self, interaction: discord.Interaction, model: str, anyway: bool) -> None:
        await interaction.response.send_message(pull_words(model, None))
        shown = await interaction.original_response()
        self._show(await self._services.pulls.begin(model, shown.channel.id, shown.id, anyway=anyway))
