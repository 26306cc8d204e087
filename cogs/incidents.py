"""`/gpu incidents`, `/gpu incident` and `/gpu silence`: what happened, one story, and what nobody wants to hear of."""

import discord
from discord import app_commands
from discord.ext import commands

from bd1.core.incidents import Incident
from bd1.services.house import Services
from bd1.services.silences import MILD
from cogs._ui.asker import may_speak_to_incidents, person_of
from cogs._ui.digest_view import incidents_embed, silences_embed
from cogs._ui.incident_post import incident_shown
from cogs._ui.incident_view import incident_choice, no_such_incident, no_such_kind, silenced_words
from cogs._ui.picture import add_picture

_MOST_CHOICES, _CHOICE = 25, 100
_SHOWN = 15


class IncidentCommands(commands.Cog):
    """What `/gpu` knows of incidents; a part of its cog, which says who may use it."""

    _services: Services

    @app_commands.command(description="Lists the last incidents, the newest first, and what is silenced.")
    @app_commands.describe(count="How many; 10 if you leave it out.")
    async def incidents(self, interaction: discord.Interaction, count: app_commands.Range[int, 1, _SHOWN] = 10) -> None:
        services = self._services
        silences, now = services.herald.silences.standing, services.clock.now()
        await interaction.response.send_message(embed=incidents_embed(self._newest()[:count], silences, now))

    @app_commands.command(description="Shows one incident: what happened when, who said what to it, and its picture.")
    @app_commands.describe(incident="Which one. Leave it out to see the newest.")
    async def incident(self, interaction: discord.Interaction, incident: str | None = None) -> None:
        services = self._services
        found = next((it for it in self._newest() if incident in {None, it.id, it.mark}), None)
        if found is None:
            await interaction.response.send_message(no_such_incident(incident), ephemeral=True)
            return
        shown = incident_shown(found, services.settings, services.clock.now())
        await interaction.response.send_message(**shown.for_send())
        await add_picture(interaction, services, found)

    @incident.autocomplete("incident")
    async def _incidents(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        now = self._services.clock.now()
        named = [(incident_choice(incident, now), incident.id) for incident in self._newest()]
        fitting = [(name, value) for name, value in named if current.lower() in name.lower()]
        return [app_commands.Choice(name=name, value=value) for name, value in fitting[:_MOST_CHOICES]]

    @app_commands.command(description="Silences a kind of incident for a while, ends that, or lists it (operators).")
    @app_commands.describe(
        kind="What nobody wants to hear of. Leave it out to see what is silenced.",
        minutes="For how long; 60 if you leave it out, 0 ends the silence.",
    )
    async def silence(
        self, interaction: discord.Interaction, kind: str | None = None, minutes: app_commands.Range[int, 0, 10080] = 60
    ) -> None:
        silences = self._services.herald.silences
        if kind is None:
            await interaction.response.send_message(embed=silences_embed(silences.standing))
        elif await may_speak_to_incidents(interaction):
            await interaction.response.send_message(await self._silenced(kind, minutes, person_of(interaction).name))

    async def _silenced(self, kind: str, minutes: int, by: str) -> str:
        """Begins or ends a silence; what to say about it."""
        silences = self._services.herald.silences
        if kind not in self._kinds():
            return no_such_kind(kind)
        if minutes:
            return silenced_words(kind, await silences.begin(kind, by, minutes))
        return silenced_words(kind, None, was_silenced=await silences.end(kind, by))

    @silence.autocomplete("kind")
    async def _silence_kinds(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        fitting = [kind for kind in self._kinds() if current.lower() in kind.lower() and len(kind) <= _CHOICE]
        return [app_commands.Choice(name=kind, value=kind) for kind in fitting[:_MOST_CHOICES]]

    def _newest(self) -> list[Incident]:
        return list(reversed(self._services.alerts.all()))

    def _kinds(self) -> list[str]:
        """Everything mild, what is silenced, and what there have been incidents of, the newest first."""
        known = (incident.key for incident in self._newest())
        return list(dict.fromkeys([MILD, *self._services.herald.silences.standing, *known]))
