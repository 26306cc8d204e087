"""A mode switch as one message: steps ticking off, the VRAM bar, the result."""

import asyncio
import logging

import discord

from bd1.core.holders import mib_words
from bd1.core.modes import Plan
from bd1.core.progress import Outcome, Progress, Step, StepState
from bd1.core.settings import Mode, Workload
from bd1.services.switch import SwitchJob
from cogs._ui.limits import clip, first_lines
from cogs._ui.words import bar, seconds

_LOG = logging.getLogger(__name__)
_PACE_S = 1.0
"""Edits of one answer share a bucket of about five in five seconds."""
_SHORT, _LONG = 120, 1900
"""Characters for a name or a step, and for each half of the description."""
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MARKS = {StepState.PENDING: "⬜", StepState.RUNNING: "⏳", StepState.DONE: "✅", StepState.FAILED: "❌"}
_PHASES = {
    "drain": "drain",
    "unload": "unload",
    "stop": "stop",
    "gate": "VRAM back",
    "start": "start",
    "health": "start",
}
_COLOURS = {Outcome.DONE: 0x3BA55D, Outcome.REFUSED: 0xE67E22, Outcome.FAILED: 0xDA373C, None: 0x5865F2}


def switch_embed(progress: Progress) -> discord.Embed:
    """The snapshot as an embed."""
    steps = [_step_line(step) for step in progress.steps] or ["Looking at what runs."]
    lines = [first_lines(steps, _LONG, _SHORT)]
    if progress.used_mib is not None and progress.total_mib:
        share = bar(progress.used_mib / progress.total_mib)
        amount = f"{mib_words(progress.used_mib)} of {mib_words(progress.total_mib)}"
        lines.append(f"`{share}` {amount.replace(' ', _NO_BREAK)}")
    if progress.outcome is not None:
        lines.append(clip(f"\n{_result(progress)}", _LONG))
    embed = discord.Embed(
        title=f"{clip(progress.origin or 'unknown', _SHORT)} → {clip(progress.target, _SHORT)}",
        description="\n".join(lines),
        colour=_COLOURS[progress.outcome],
    )
    embed.set_footer(text=f"asked by {clip(progress.by, _SHORT)} · {seconds(progress.elapsed_s)}")
    return embed


def _step_line(step: Step) -> str:
    took = "" if step.took_s is None else f" · {seconds(step.took_s)}"
    return f"{_MARKS[step.state]} {step.label}{took}"


def _result(progress: Progress) -> str:
    if progress.outcome is Outcome.DONE:
        if not progress.steps:
            return f"**{progress.message}:** nothing had to be changed."
        return f"**{progress.message} in {seconds(progress.elapsed_s)}:** {_times(progress.steps)}"
    word = "Refused" if progress.outcome is Outcome.REFUSED else "Failed"
    return f"**{word}:** {progress.message}"


def _times(steps: tuple[Step, ...]) -> str:
    """Where the time went, in a few words: `stop 1.1, VRAM back 2.2, start 2.8`. What took no time is left out."""
    spent: dict[str, float] = {}
    for step in steps:
        word = _PHASES[step.key.partition(" ")[0]]
        spent[word] = spent.get(word, 0.0) + (step.took_s or 0.0)
    told = {word: f"{took_s:.1f}" for word, took_s in spent.items()}
    return ", ".join(f"{word} {took}" for word, took in told.items() if took != "0.0") or "no time at all"


class SwitchMessage:
    """The answer to the command, or a message in the channel once the answer is gone or has expired."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._message: discord.Message | None = None

    async def show(self, progress: Progress) -> None:
        """Shows a snapshot. A viewer that cannot be reached never disturbs the switch."""
        embed = switch_embed(progress)
        try:
            if self._message:
                await self._message.edit(embed=embed)
            else:
                await self._interaction.edit_original_response(embed=embed)
        except discord.NotFound:
            await self._move(embed)
        except discord.HTTPException as trouble:
            _LOG.warning("the progress of a switch could not be shown: %s", trouble.text)

    async def _move(self, embed: discord.Embed) -> None:
        channel = self._interaction.channel
        if not isinstance(channel, discord.abc.Messageable):
            return
        try:
            self._message = await channel.send(embed=embed)
        except discord.HTTPException as trouble:
            _LOG.warning("the progress of a switch could not be posted: %s", trouble.text)

    async def follow(self, job: SwitchJob) -> None:
        """Shows the newest snapshot about once a second until the end."""
        async for progress in job.watch():
            await self.show(progress)
            if progress.outcome is None:
                await asyncio.sleep(_PACE_S)


def mode_choice(mode: Mode, plan: Plan | None) -> str:
    """One line of the picker: what the mode starts, stops and needs."""
    if plan is None:
        return f"{mode.name}: {mode.description}"[:100]
    if plan.is_empty:
        return f"{mode.name}: on now"[:100]
    parts = [f"starts {_names(plan.start)}"] if plan.start else []
    parts += [f"stops {_names(plan.stop)}"] if plan.stop else []
    parts += [f"needs {mib_words(plan.need_mib)}"] if plan.need_mib else []
    return f"{mode.name}: {', '.join(parts)}"[:100]


def _names(workloads: tuple[Workload, ...]) -> str:
    return " and ".join(workload.name for workload in workloads)
