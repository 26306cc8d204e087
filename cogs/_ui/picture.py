"""The picture of an incident as Discord takes it, and what is said where there is none."""

import io
import logging

import discord

from bd1.core.incidents import Incident
from bd1.services.house import Services
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)
_NAME = "vram.png"
_READ_OUT = "VRAM in the minutes around this incident, with the tiers, the modes and what happened when."


def picture_file(png: bytes) -> discord.File:
    """The picture as a file that goes along with a message."""
    return discord.File(io.BytesIO(png), filename=_NAME, description=_READ_OUT)


async def add_picture(interaction: discord.Interaction, services: Services, incident: Incident) -> None:
    """Adds the picture to an answer that stands, or a line that says where it is; the answer is good without it."""
    png = await services.pictures.of(incident)
    try:
        if png is not None:
            await interaction.edit_original_response(attachments=[picture_file(png)])
        elif incident.is_grave and (message := _message_of(interaction, services, incident)) is not None:
            await interaction.edit_original_response(content=f"Its last picture is in its message: {message.jump_url}")
    except UNREACHABLE as trouble:
        _LOG.warning("the picture of incident %s could not be added to an answer: %s", incident.id, trouble)


def _message_of(
    interaction: discord.Interaction, services: Services, incident: Incident
) -> discord.PartialMessage | None:
    """The message that stands in the alert channel, which may carry a picture; `None` when there is none."""
    channel_id = services.settings.discord.alert_channel_id
    if incident.message_id is None or channel_id is None:
        return None
    known = interaction.client.get_channel(channel_id)
    guild_id = known.guild.id if isinstance(known, discord.abc.GuildChannel) else interaction.guild_id
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=guild_id)
    return channel.get_partial_message(incident.message_id)
