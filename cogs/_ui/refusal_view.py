"""What a refused switch offers: who holds the card, and what can be done about it."""

from collections.abc import Sequence

import discord

from bd1.core.holders import Holder
from bd1.core.progress import Outcome, Progress
from cogs._ui.controls import Control, control, controls
from cogs._ui.foreign import plain
from cogs._ui.limits import first_lines
from cogs._ui.press_ids import refused_id
from cogs._ui.words import moment, unknown_mib

_NAME, _PROCESSES, _LINE, _LIST = 90, 120, 420, 900
"""Characters for a name, a holder's processes, its lines, and all holders."""
_SHOWN_PIDS = 4
_MOST_KILLS = 8


def holder_lines(holders: Sequence[Holder]) -> str:
    """Who holds the card: how much, since when, and in which processes."""
    return first_lines([_holder(holder) for holder in holders], _LIST, _LINE)


def _holder(holder: Holder) -> str:
    mark = "" if holder.workload else "⚠️ "
    amount = "an unknown amount" if holder.mib is None else unknown_mib(holder.mib)
    since = f" · came {moment(holder.since)}" if holder.since else ""
    line = f"• {mark}**{plain(holder.label, _NAME)}** {amount}{since}"
    return f"{line}\n-# {_processes(holder)}" if holder.pids and not _says_it_all(holder) else line


def _says_it_all(holder: Holder) -> bool:
    """Whether the label of a lone process tells its name and PID already."""
    name = holder.names[0] if holder.names else ""
    return len(holder.pids) == 1 and holder.label.startswith(name) and holder.label.endswith(f"(PID {holder.pids[0]})")


def _processes(holder: Holder) -> str:
    names = dict(zip(holder.pids, holder.names, strict=False))
    told = [f"PID {pid} {names.get(pid, '')}".rstrip() for pid in holder.pids[:_SHOWN_PIDS]]
    more = len(holder.pids) - _SHOWN_PIDS
    return plain(", ".join(told + ([f"and {more} more"] if more > 0 else [])), _PROCESSES)


def refusal_buttons(progress: Progress) -> discord.ui.View | None:
    """Wait once more, end what is ours and in the way, or overrule the gate where that can help."""
    offered = [control("Try again", refused_id("again", progress.target), discord.ButtonStyle.primary)]
    offered += [_kill(progress.target, name) for name in _ours(progress.holders)[:_MOST_KILLS]]
    if progress.is_overridable and progress.outcome is Outcome.REFUSED:
        offered.append(control("Override…", refused_id("override", progress.target)))
    return controls(*offered)


def _ours(holders: Sequence[Holder]) -> list[str]:
    return list(dict.fromkeys(holder.workload for holder in holders if holder.workload))


def _kill(target: str, workload: str) -> Control:
    return control(f"Kill {workload}", refused_id("kill", target, workload), discord.ButtonStyle.danger)
