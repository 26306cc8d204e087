"""`/gpu baseline`: what the card holds when nothing of ours runs, as it was learned and as it is now."""

from collections.abc import Sequence

import discord

from bd1.core.baseline import Baseline
from cogs._ui.controls import control, controls
from cogs._ui.foreign import plain
from cogs._ui.press_ids import accept_id
from cogs._ui.words import mib_words, moment

_NAME = 90
_COLOUR, _GREY = 0x5865F2, 0x80848E
_TITLE = "Idle level"


def baseline_embed(baseline: Baseline | None, measured_mib: int | None, running: Sequence[str]) -> discord.Embed:
    """The learned level, and what the idle card holds now.

    Args:
        baseline: what was learned; `None` before anything was.
        measured_mib: what the idle card holds now; `None` when that cannot be measured.
        running: the workloads on the card, which keep it from being idle.
    """
    told = [_learned(baseline), _now(measured_mib, running)]
    if baseline and measured_mib is not None and measured_mib > baseline.idle_mib:
        told.append(f"-# {mib_words(measured_mib - baseline.idle_mib)} above what was learned")
    return discord.Embed(title=_TITLE, description="\n".join(told), colour=_COLOUR if baseline else _GREY)


def accepted_embed(baseline: Baseline) -> discord.Embed:
    """The level that somebody has just answered for."""
    return discord.Embed(title=_TITLE, description=_learned(baseline), colour=_COLOUR)


def _learned(baseline: Baseline | None) -> str:
    if baseline is None:
        return "The idle level has not been learned yet. It is, as soon as nothing of ours runs on the card."
    lines = [
        f"**{mib_words(baseline.idle_mib)}** is what the card holds when nothing of ours runs.",
        f"learned {moment(baseline.learned_at)} by {plain(baseline.by, _NAME)}",
        f"-# driver {plain(baseline.driver, _NAME)}",
        f"-# card {plain(baseline.uuid, _NAME)}",
    ]
    if baseline.foreign_mib:
        lines.insert(1, f"{mib_words(baseline.foreign_mib)} of it are held by programs that are not ours.")
    return "\n".join(lines)


def _now(measured_mib: int | None, running: Sequence[str]) -> str:
    if measured_mib is not None:
        return f"Now it holds **{mib_words(measured_mib)}**."
    if running:
        names = plain(" and ".join(running), 2 * _NAME)
        verb = "runs" if len(running) == 1 else "run"
        return f"Now it cannot be measured, because {names} {verb}. Look again once the card is idle."
    return "Now it cannot be measured: the card cannot be read, or something on it still moves."


def may_be_accepted(baseline: Baseline | None, measured_mib: int | None, step_mib: int) -> bool:
    """Whether the card holds more than may be learned without a person's word."""
    return baseline is not None and measured_mib is not None and measured_mib > baseline.anchor_mib + step_mib


def baseline_buttons(measured_mib: int) -> discord.ui.View | None:
    """The word of a person."""
    label = f"Accept {mib_words(measured_mib)} as idle"
    return controls(control(label, accept_id(measured_mib), discord.ButtonStyle.danger))
