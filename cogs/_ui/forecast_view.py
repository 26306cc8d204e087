"""What a switch will do, told before anything moves, and the question whether work under way shall be cut for it."""

import discord

from bd1.core.modes import Plan
from bd1.core.progress import Forecast, Share
from bd1.core.settings import Mode, Workload
from cogs._ui.controls import control, controls
from cogs._ui.foreign import footnote, plain, sentence
from cogs._ui.limits import first_lines
from cogs._ui.press_ids import mode_id
from cogs._ui.words import mib_words, unknown_mib

_ASKING, _CALM, _GREY, _RED = 0xF0B232, 0x5865F2, 0x80848E, 0xDA373C
_NAME, _LINE, _LIST, _PLAN, _CHOICE = 90, 200, 1100, 500, 100
"""Characters for a name, a line, a list, the plan in one line, and what Discord lets a choice have."""


def forecast_embed(target: str, forecast: Forecast) -> discord.Embed:
    """What stops, what starts, and how much VRAM comes and goes; with work under way it asks what becomes of that."""
    parts = [_moves(forecast), _figures(forecast)]
    if forecast.at_work:
        phrases = [f"• {sentence(phrase, _LINE)}" for phrase in forecast.at_work]
        parts += ["\n⚠️ **In the middle of something:**", first_lines(phrases, _LIST, 2 * _LINE)]
        parts.append("Nothing has been stopped yet. Shall they finish first?")
    return discord.Embed(
        title=f"Switch to {plain(target, _NAME)}",
        description="\n".join(parts),
        colour=_ASKING if forecast.at_work else _CALM,
    )


def _moves(forecast: Forecast) -> str:
    lines = [f"⏹️ Stops **{plain(share.name, _NAME)}**{_back(share)}" for share in forecast.stops]
    lines += [f"▶️ Starts **{plain(share.name, _NAME)}**{_declared(share)}" for share in forecast.starts]
    return first_lines(lines, _LIST, _LINE) or "Nothing has to be stopped or started."


def _back(share: Share) -> str:
    if share.mib is None:
        return ": an unknown amount comes back"
    return f": {mib_words(share.mib)} come back" if share.mib else ""


def _declared(share: Share) -> str:
    return f": declares {mib_words(share.mib)}" if share.mib else ""


def _figures(forecast: Forecast) -> str:
    after = mib_words(forecast.idle_mib + forecast.need_mib)
    now = unknown_mib(forecast.used_mib)
    return f"-# In use now {now}, afterwards up to {after}\n-# Idle level {mib_words(forecast.idle_mib)}"


def forecast_line(forecast: Forecast) -> str:
    """The plan in one line, for above the steps of a switch; empty when nothing has to be done."""
    parts = [f"stops {_shares(forecast.stops)}"] if forecast.stops else []
    parts += [f"starts {_shares(forecast.starts)}"] if forecast.starts else []
    told = ", ".join(parts)
    return sentence(told[:1].upper() + told[1:], _PLAN) if told else ""


def _shares(shares: tuple[Share, ...]) -> str:
    return " and ".join(_share(share) for share in shares)


def _share(share: Share) -> str:
    name = footnote(share.name, _NAME)
    return name if share.mib == 0 else f"{name} ({unknown_mib(share.mib)})"


def forecast_buttons(target: str, asker_id: int) -> discord.ui.View | None:
    """What can become of work under way."""
    return controls(
        control("Let them finish", mode_id("wait", asker_id, target), discord.ButtonStyle.primary),
        control("Cut and switch", mode_id("cut", asker_id, target), discord.ButtonStyle.danger),
        control("Never mind", mode_id("no", asker_id, target)),
    )


def never_mind_embed(target: str, by: str) -> discord.Embed:
    """Somebody thought better of it."""
    told = f"{plain(by, _NAME)} thought better of it. Nothing was changed."
    return discord.Embed(title=f"Switch to {plain(target, _NAME)}", description=told, colour=_GREY)


def unforeseen_embed(target: str, trouble: str) -> discord.Embed:
    """What lies ahead cannot be told, so nothing is begun."""
    told = f"**Failed:** {sentence(trouble, _LIST)} Nothing was changed."
    return discord.Embed(title=f"Switch to {plain(target, _NAME)}", description=told, colour=_RED)


def mode_choice(mode: Mode, plan: Plan | None) -> str:
    """One line of the picker: what the mode starts, stops and needs."""
    if plan is None:
        return f"{mode.name}: {mode.description}"[:_CHOICE]
    if plan.is_empty:
        return f"{mode.name}: on now"[:_CHOICE]
    parts = [f"starts {_names(plan.start)}"] if plan.start else []
    parts += [f"stops {_names(plan.stop)}"] if plan.stop else []
    parts += [f"needs {mib_words(plan.need_mib)}"] if plan.need_mib else []
    return f"{mode.name}: {', '.join(parts)}"[:_CHOICE]


def _names(workloads: tuple[Workload, ...]) -> str:
    return " and ".join(workload.name for workload in workloads)
