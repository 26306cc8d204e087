"""How a switch begins for people: the plan first, a question where work would be cut, then the one message."""

import logging

import discord

from bd1.core.progress import Override, Patience
from bd1.core.settings import Settings
from bd1.errors import Bd1Error
from cogs._ui.asker import person_of, services_of
from cogs._ui.forecast_view import forecast_buttons, forecast_embed, unforeseen_embed
from cogs._ui.switch_message import SwitchMessage
from cogs._ui.trouble import UNREACHABLE

_LOG = logging.getLogger(__name__)


def mode_named(settings: Settings, typed: str) -> str:
    """The configured mode that somebody means, whatever the case; what was typed where there is none."""
    wanted = typed.strip()
    alike = (name for name in settings.modes if name.strip().casefold() == wanted.casefold())
    return wanted if wanted in settings.modes else next(alike, wanted)


async def ask_for_switch(interaction: discord.Interaction, target: str) -> None:
    """Shows what will happen; then begins at once, or asks first where work under way would be cut.

    Raises `SwitchRefused` for an unknown mode and `Busy` while another switch is under way, before anything is shown.
    """
    services = services_of(interaction)
    if services.director.is_switching:
        await begin(interaction, target)  # joins that one, or is refused with who and since when
        return
    services.director.plan(target, services.fleet.view.running)  # an unknown mode is told to the asker alone
    if not interaction.response.is_done():
        await interaction.response.defer()
    try:
        forecast = await services.director.preview(target)
        asks = forecast_buttons(target, interaction.user.id) if forecast.at_work else None
        await _show(interaction, forecast_embed(target, forecast), asks)
        if not forecast.at_work:
            await begin(interaction, target)
    except Bd1Error as trouble:
        await _show(interaction, unforeseen_embed(target, str(trouble)))


async def _show(interaction: discord.Interaction, embed: discord.Embed, view: discord.ui.View | None = None) -> None:
    """Shows what leads up to a switch; that Discord cannot be reached just then does not keep anybody from it."""
    try:
        await interaction.edit_original_response(embed=embed, view=view)
    except UNREACHABLE as trouble:
        _LOG.warning("the plan of a switch could not be shown: %s", trouble)


async def begin(
    interaction: discord.Interaction,
    target: str,
    *,
    patience: Patience = Patience.ASK,
    override: Override | None = None,
    message: discord.PartialMessage | None = None,
    begun: str | None = None,
) -> None:
    """Begins a switch, or joins the one under way to the same mode, and shows it until its end.

    Args:
        interaction: of an operator; answered here where it is not yet.
        target: the mode.
        patience: what becomes of work under way.
        override: an operator's word against the gate.
        message: the message to show it in; `None` for the interaction's own.
        begun: what the interaction's own message says from then on; `None` leaves it.

    Raises:
        Busy: another switch is under way, or the card is being protected.
        SwitchRefused: there is no such mode.
    """
    services, person = services_of(interaction), person_of(interaction)
    job = services.director.switch(target, person.name, by_id=person.id, patience=patience, override=override)
    await _acknowledge(interaction, begun)
    await SwitchMessage(interaction, message).follow(job, services.clock)


async def _acknowledge(interaction: discord.Interaction, begun: str | None) -> None:
    """Answers in time; where that fails the switch is shown in a message of the channel."""
    try:
        if begun is not None:
            await interaction.response.edit_message(content=begun, embed=None, view=None)
        elif not interaction.response.is_done():
            await interaction.response.defer()
    except UNREACHABLE as trouble:
        _LOG.warning("a press or a command could not be answered in time: %s", trouble)
