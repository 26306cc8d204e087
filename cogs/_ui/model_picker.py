"""The models as choices while somebody types; nothing when the server cannot be asked in time."""

import asyncio

from discord import app_commands

from bd1.errors import Bd1Error
from bd1.services.models import Models, matching
from cogs._ui.models_view import model_choice

_MOST_CHOICES, _LONGEST = 25, 100
_WITHIN_S = 2.0


async def model_choices(models: Models, typed: str) -> list[app_commands.Choice[str]]:
    """What fits what was typed, with what each is and whether it fits."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            entries = await models.all()
    except (Bd1Error, TimeoutError):
        return []
    return [
        app_commands.Choice(name=model_choice(entry, models.fits(entry)), value=entry.installed.name)
        for entry in matching(entries, typed, _MOST_CHOICES)
        if len(entry.installed.name) <= _LONGEST
    ]
