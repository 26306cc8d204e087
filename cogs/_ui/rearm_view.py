"""`/gpu rearm`: why a workload is latched off, what the card holds now, and the button that lets it run again."""

from collections.abc import Sequence

import discord

from bd1.core.gpu import GpuSample
from bd1.services.off_latch import Off
from cogs._ui.controls import control, controls
from cogs._ui.foreign import plain
from cogs._ui.press_ids import rearm_id
from cogs._ui.words import mib_words, moment

_NAME = 32
_LONGEST = 1500
_RED, _GREEN = 0xED4245, 0x57F287


def off_embed(name: str, off: Off, sample: GpuSample | None, shut: str | None) -> discord.Embed:
    """The evidence against a workload, and the card now.

    Args:
        name: the workload.
        off: what it is latched off for.
        sample: the card now; `None` when it cannot be read.
        shut: why the gate is shut, in whole sentences; `None` while it is open.
    """
    used = (
        "cannot be read" if sample is None else f"shows {mib_words(sample.used_mib)} of {mib_words(sample.total_mib)}"
    )
    gate = "The gate is open." if shut is None else f"The gate is shut: {plain(shut, _LONGEST)}"
    lines = [
        f"latched off {moment(off.since)}",
        plain(off.evidence(), _LONGEST),
        f"The card {used} now. {gate}",
        "-# The button works only while the gate is open: the card is proved once more when it is pressed.",
    ]
    return discord.Embed(title=f"{plain(name, _NAME)} is off", description="\n".join(lines), colour=_RED)


def no_such_off(name: str, names: Sequence[str]) -> str:
    """The answer for a workload that is not latched off."""
    others = f"These are: {plain(', '.join(names), _LONGEST)}." if names else "No workload is."
    return f"{plain(name, _NAME)} is not latched off. {others}"


def rearmed_embed(text: str) -> discord.Embed:
    """It may run again."""
    return discord.Embed(description=plain(text, _LONGEST), colour=_GREEN)


def off_buttons(name: str) -> discord.ui.View | None:
    """The word of an operator."""
    return controls(control(f"Let {name} run again", rearm_id(name), discord.ButtonStyle.danger))
