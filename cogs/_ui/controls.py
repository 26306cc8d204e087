"""Rows of buttons that carry all they mean in their ids. What a press does is decided elsewhere, by its id."""

from typing import Any

import discord

from cogs._ui.foreign import footnote

_LABEL = 80
_MOST_BUTTONS = 25

Control = discord.ui.Button[Any]


def control(
    label: str, press_id: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary, emoji: str | None = None
) -> Control:
    """One button."""
    return discord.ui.Button(label=footnote(label, _LABEL), custom_id=press_id, style=style, emoji=emoji)


def controls(*buttons: Control) -> discord.ui.View | None:
    """The buttons in rows of five, as many as Discord lets a message have; `None` for none at all."""
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    for button in buttons[:_MOST_BUTTONS]:
        view.add_item(button)
    view.stop()  # else discord.py keeps it for ever, and answers each press a second time
    return view
