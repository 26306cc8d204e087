"""What a button below an incident does: permission, one call of the feed, the message as it is now."""

from collections.abc import Callable

import discord

from bd1.core.incidents import Incident
from bd1.errors import TooLate
from bd1.services.alerts import Alerts
from cogs._ui.asker import may_speak_to_incidents, person_of, services_of
from cogs._ui.incident_post import incident_shown
from cogs._ui.press_ids import INCIDENT
from cogs._ui.presses import Pressed
from cogs._ui.trouble import tell, tells_trouble


class ToIncident(Pressed, template=INCIDENT):
    """Acknowledge, snooze, silence until recovered, speak again."""

    @tells_trouble
    async def callback(self, interaction: discord.Interaction) -> None:
        if not await may_speak_to_incidents(interaction):
            return
        services = services_of(interaction)
        incident_id, by = self.words["incident"], person_of(interaction).name
        try:
            incident = _say(services.alerts, self.words["how"], incident_id, by, services.settings.alerts.snooze_min)
        except TooLate as over:
            await _take_buttons(interaction, services.alerts.find(incident_id))
            await tell(interaction, str(over))
            return
        await _show(interaction, incident)


def _say(alerts: Alerts, how: str, incident_id: str, by: str, snooze_min: float) -> Incident:
    says: dict[str, Callable[[], Incident]] = {
        "ack": lambda: alerts.acknowledge(incident_id, by),
        "snooze": lambda: alerts.snooze(incident_id, by, snooze_min),
        "silence": lambda: alerts.silence(incident_id, by),
        "speak": lambda: alerts.speak_again(incident_id, by),
    }
    return says[how]()


async def _show(interaction: discord.Interaction, incident: Incident) -> None:
    services = services_of(interaction)
    shown = incident_shown(incident, services.settings, services.clock.now())
    await interaction.response.edit_message(**shown.for_edit())
    if interaction.message is not None and interaction.message.id == incident.message_id:
        services.alerts.edited(incident.id, incident.revision)


async def _take_buttons(interaction: discord.Interaction, incident: Incident | None) -> None:
    """What is over shows no buttons any more."""
    if incident is None:
        await interaction.response.edit_message(view=None)
    else:
        await _show(interaction, incident)
