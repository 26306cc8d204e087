"""A mode switch as one embed: the plan, the steps ticking off, the VRAM bar, what is asked, the result."""

import discord

from bd1.core.journal import Entry
from bd1.core.progress import Outcome, Progress, Step, StepState
from cogs._ui.controls import control, controls
from cogs._ui.forecast_view import forecast_line
from cogs._ui.foreign import footnote, plain, sentence
from cogs._ui.limits import first_lines
from cogs._ui.phases import COLOURS, MARKS, times
from cogs._ui.press_ids import switch_id
from cogs._ui.refusal_view import holder_lines, refusal_buttons
from cogs._ui.words import bar, mib_words, seconds

_NAME, _LABEL, _NOTE, _STEPS, _TEXT = 90, 120, 160, 1400, 900
"""Characters for a name, a step, what people should know of it, all steps, and a message or question."""
_CUT = "-# I was interrupted while this went on, and looked afterwards what came of it."
_NO_BREAK = "\N{NO-BREAK SPACE}"
_STATES = {StepState.PENDING: "⬜", StepState.RUNNING: "⏳", StepState.DONE: "✅", StepState.FAILED: "❌"}
_WORDS = {
    Outcome.REFUSED: "Refused",
    Outcome.FAILED: "Failed",
    Outcome.ROLLED_BACK: "Rolled back",
    Outcome.CANCELLED: "Cancelled",
}


def switch_embed(progress: Progress) -> discord.Embed:
    """The snapshot as an embed."""
    parts = [
        forecast_line(progress.forecast) if progress.forecast else "",
        _steps(progress),
        _card(progress),
        _question(progress),
        _result(progress),
    ]
    origin, target = plain(progress.origin or "unknown", _NAME), plain(progress.target, _NAME)
    embed = discord.Embed(
        title=f"{origin} → {target}",
        description="\n".join(part for part in parts if part),
        colour=COLOURS[progress.outcome],
    )
    return embed.set_footer(text=f"asked by {footnote(progress.by, _NAME)} · {seconds(progress.elapsed_s)}")


def ended_embed(entry: Entry) -> discord.Embed:
    """How a switch ended that nobody could show to its end, from what is written down of it."""
    marks = _STATES | {StepState.RUNNING: "❔"}
    steps = [
        f"{marks[step.state]} {sentence(step.label, _LABEL)}" + (f" · {seconds(step.took_s)}" if step.took_s else "")
        for step in entry.steps
    ]
    origin, target = plain(entry.origin or "unknown", _NAME), plain(entry.target, _NAME)
    word = _WORDS.get(entry.outcome) if entry.outcome else None
    told = f"**{word}:** {sentence(entry.message, _TEXT)}" if word else sentence(entry.message, _TEXT)
    parts = [first_lines(steps, _STEPS, 2 * _LABEL), f"\n{MARKS[entry.outcome]} {told}", _CUT]
    embed = discord.Embed(
        title=f"{origin} → {target}", description="\n".join(filter(None, parts)), colour=COLOURS[entry.outcome]
    )
    return embed.set_footer(text=f"asked by {footnote(entry.by, _NAME)}")


def _steps(progress: Progress) -> str:
    now_s = progress.started_s + progress.elapsed_s
    lines = [_step(step, now_s, progress.message) for step in progress.steps]
    if not lines and progress.outcome is None:
        return "Looking at what runs."
    return first_lines(lines, _STEPS, 2 * _LABEL + 2 * _NOTE)


def _step(step: Step, now_s: float, message: str) -> str:
    """One line, and its note below; what the result says anyway is not said twice."""
    took_s = step.took_s
    if step.state is StepState.RUNNING and step.started_s is not None:
        took_s = max(now_s - step.started_s, 0.0)
    line = f"{_STATES[step.state]} {sentence(step.label, _LABEL)}"
    line += "" if took_s is None else f" · {seconds(took_s)}"
    return f"{line}\n-# {sentence(step.note, _NOTE)}" if step.note and step.note not in message else line


def _card(progress: Progress) -> str:
    """The card now, with the idle level as a tick in the bar: it falls to the tick and rises again."""
    used_mib, total_mib, idle_mib = progress.used_mib, progress.total_mib, progress.idle_mib
    if used_mib is None or not total_mib:
        return ""
    marks = () if idle_mib is None else (min(idle_mib / total_mib, 1.0),)
    amount = f"{mib_words(used_mib)} of {mib_words(total_mib)}".replace(" ", _NO_BREAK)
    line = f"`{bar(used_mib / total_mib, marks)}` {amount}"
    return line if idle_mib is None else f"{line}\n-# the tick is the idle level, {mib_words(idle_mib)}"


def _question(progress: Progress) -> str:
    if not progress.question or progress.outcome is not None:
        return ""
    return f"\n❓ **{sentence(progress.question, _TEXT)}**\nShall I wait on, or cut them?"


def _result(progress: Progress) -> str:
    outcome = progress.outcome
    if outcome is None:
        return ""
    if outcome is Outcome.DONE:
        return f"\n{MARKS[outcome]} {_done(progress)}"
    told = f"\n{MARKS[outcome]} **{_WORDS[outcome]}:** {sentence(progress.message, _TEXT)}"
    return f"{told}\n{holder_lines(progress.holders)}" if progress.holders else told


def _done(progress: Progress) -> str:
    way = f"{plain(progress.origin or 'unknown', _NAME)} -> {plain(progress.target, _NAME)}"
    if not progress.steps:
        return f"{way}: nothing had to be changed."
    spent = times((step.key, step.took_s) for step in progress.steps)
    return f"{way} in {seconds(progress.elapsed_s)}" + (f": {spent}" if spent else "")


def switch_buttons(progress: Progress) -> discord.ui.View | None:
    """What may be pressed at this moment; `None` when there is nothing."""
    if progress.outcome is Outcome.REFUSED or (progress.outcome is not None and progress.holders):
        return refusal_buttons(progress)
    if progress.outcome is not None or not progress.id:
        return None
    if progress.question:
        return controls(
            control("Wait on", switch_id("wait", progress.id), discord.ButtonStyle.primary),
            control("Cut them", switch_id("cut", progress.id), discord.ButtonStyle.danger),
            control("Cancel the switch", switch_id("cancel", progress.id)),
        )
    if progress.is_cancellable:
        return controls(control("Cancel", switch_id("cancel", progress.id)))
    return None
