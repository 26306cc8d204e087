"""`/gpu rearm`: why a workload is latched off, or the card in quarantine, what it holds now, and the button for it."""

from collections.abc import Sequence

import discord

from bd1.core.gpu import GpuSample
from bd1.services.off_latch import Off
from bd1.services.quarantine import Quarantined
from cogs._ui.controls import control, controls
from cogs._ui.foreign import plain
from cogs._ui.press_ids import card_id, rearm_id
from cogs._ui.words import mib_words, moment

CARD = "card"
"""What `/gpu rearm` is given for the card itself."""
NO_QUARANTINE = "The card is not in quarantine."
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
    lines = [f"latched off {moment(off.since)}", plain(off.evidence(), _LONGEST), *_card_now(sample, shut)]
    return discord.Embed(title=f"{plain(name, _NAME)} is off", description="\n".join(lines), colour=_RED)


def quarantine_embed(held: Quarantined, sample: GpuSample | None, shut: str | None) -> discord.Embed:
    """What the card is in quarantine for, and the card now; `sample` and `shut` as above."""
    lines = [f"in quarantine {moment(held.since)}", held.xid.sentence, *_card_now(sample, shut)]
    return discord.Embed(title="The card is in quarantine", description="\n".join(lines), colour=_RED)


def _card_now(sample: GpuSample | None, shut: str | None) -> tuple[str, str]:
    used = (
        "cannot be read" if sample is None else f"shows {mib_words(sample.used_mib)} of {mib_words(sample.total_mib)}"
    )
    gate = "The gate is open." if shut is None else f"The gate is shut: {plain(shut, _LONGEST)}"
    return (
        f"The card {used} now. {gate}",
        "-# The button works only while the gate is open: the card is proved once more when it is pressed.",
    )


def no_such_off(name: str, names: Sequence[str]) -> str:
    """The answer for a workload that is not latched off, or a card that is not in quarantine."""
    if name == CARD:
        return NO_QUARANTINE
    others = f"These are: {plain(', '.join(names), _LONGEST)}." if names else "No workload is."
    return f"{plain(name, _NAME)} is not latched off. {others}"


def rearmed_embed(text: str) -> discord.Embed:
    """It may run again."""
    return discord.Embed(description=plain(text, _LONGEST), colour=_GREEN)


def off_buttons(name: str) -> discord.ui.View | None:
    """The word of an operator."""
    return controls(control(f"Let {name} run again", rearm_id(name), discord.ButtonStyle.danger))


def quarantine_buttons(held: Quarantined) -> discord.ui.View | None:
    """The word of an operator for the card."""
    return controls(control("Lift the quarantine", card_id(held.since), discord.ButtonStyle.danger))
