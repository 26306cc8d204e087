"""The buttons below an answer: they carry the question's id, so that they work after a restart too."""

import discord

from cogs._ui.controls import Control, control, controls
from cogs._ui.press_ids import answer_id

_GREY, _RED, _BLUE = discord.ButtonStyle.secondary, discord.ButtonStyle.danger, discord.ButtonStyle.primary
_LOOKS = {
    "stop": ("Stop", _GREY, "⏹️"),
    "cancel": ("Cancel", _GREY, "✖️"),
    "retry": ("Retry", _BLUE, "🔁"),
    "regenerate": ("Regenerate", _GREY, "🔁"),
    "continue": ("Continue", _BLUE, "▶️"),
    "thinking": ("Thinking", _GREY, "💭"),
    "delete": ("Delete", _GREY, "🗑️"),
}


def answer_buttons(question_id: int, names: tuple[str, ...]) -> discord.ui.View | None:
    """The buttons of these names, "switch:MODE" for one that brings a mode up; `None` for no names."""
    return controls(*(_button(question_id, name) for name in names))


def _button(question_id: int, name: str) -> Control:
    how, _, mode = name.partition(":")
    if mode:
        return control(f"Switch to {mode}", answer_id(how, question_id, mode), _BLUE)
    label, style, emoji = _LOOKS[how]
    return control(label, answer_id(how, question_id), style, emoji)
