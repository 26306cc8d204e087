"""`/gpu status` as one embed, and its refresh button, which outlives the process."""

import math
import re
from collections.abc import Iterable
from typing import Any

import discord

from bd1.core.access import may_use
from bd1.core.gpu import GpuDetails, GpuSample
from bd1.core.tiers import Tier
from bd1.services.status import PartHealth, Status
from cogs._ui.asker import NOT_FOR_YOU, person_of, services_of
from cogs._ui.foreign import plain, sentence
from cogs._ui.limits import TITLE, clip, first_lines
from cogs._ui.words import bar, mib_words, moment, unknown, unknown_mib

COLOURS = {Tier.NORMAL: 0x3BA55D, Tier.WARN: 0xF0B232, Tier.ALERT: 0xE67E22, Tier.PROTECT: 0xDA373C}
_GREY = 0x80848E
_SHOWN_HOLDERS = 8
_SHORT, _REASON, _LONG, _PART, _LONGEST_FIELD = 90, 400, 700, 250, 1024
"""Characters for a name, a reason, a sentence or a list, for how a part is, and what Discord lets a field have."""


def status_embed(status: Status, *, latency: float) -> discord.Embed:
    """The whole picture. What is not known says unknown."""
    identity = status.identity
    embed = discord.Embed(
        title=clip(identity.name, TITLE) if identity else "GPU",
        description=clip(_vram(status), _LONG),
        colour=_colour(status),
    )
    embed.add_field(name="Mode", value=_mode(status), inline=True)
    embed.add_field(name="Models in memory", value=_models(status), inline=True)
    embed.add_field(name="Who holds VRAM", value=_holders(status), inline=True)
    _add_details(embed, status.sample)
    embed.add_field(name="Driver", value=_driver(status))
    embed.add_field(name="Parts", value=_parts(status, latency), inline=False)
    embed.set_footer(text="never read" if status.age_s is None else f"read {status.age_s:.1f} s ago")
    return embed


def _driver(status: Status) -> str:
    identity = status.identity
    return f"{clip(identity.driver, _SHORT)}\n-# GPU {identity.index}" if identity else "unknown"


def _vram(status: Status) -> str:
    sample = status.sample
    if sample is None:
        if status.failure is None:
            return "The card has not been read yet."
        reason = sentence(status.failure.reason, _REASON)
        return f"**The card cannot be read: {status.failure.fault.value}.** {reason}"
    marks = tuple(limit / 100 for limit in status.limits)
    warn, alert, protect = status.limits
    tier = "" if status.tier is Tier.NORMAL else f" · **{status.tier.word}**"
    return (
        f"`{bar(sample.used_mib / sample.total_mib, marks)}` **{sample.used_pct:.0f} %**{tier}\n"
        f"**{mib_words(sample.used_mib)}** used · {mib_words(sample.free_mib)} free"
        f" · {mib_words(sample.total_mib)} total\n"
        f"-# warn {warn:g} % · alert {alert:g} % · protect {protect:g} % · ceiling {mib_words(status.ceiling_mib)}"
    )


def _mode(status: Status) -> str:
    if status.switching_to:
        return f"switching to **{plain(status.switching_to, _SHORT)}**"
    mode = status.mode
    unsafe = f"**unsafe**: {sentence(mode.unsafe, _REASON)}" if mode.unsafe else ""
    if mode.name is None:
        unknown_because = f"**unknown**: {sentence(mode.trouble or 'nobody has looked yet.', _REASON)}"
        return "\n".join(part for part in (unknown_because, unsafe) if part)
    name = plain(mode.name, _SHORT)
    since = moment(mode.since) if mode.since else "at an unknown time"
    head = f"{name}, {unsafe}" if unsafe else f"**{name}**"
    return f"{head}\nset {since}\nby {plain(mode.by or 'unknown', _SHORT)}"


def _models(status: Status) -> str:
    if status.models is None:
        return "unknown"
    lines = []
    for model in status.models:
        expiry = "stays loaded" if model.expires_at is None else f"unloads {moment(model.expires_at)}"
        lines.append(f"**{plain(model.name, _SHORT)}** {mib_words(model.vram_mib)}\n{expiry}")
    return first_lines(lines, _LONG, _LONG) or "none"


def _holders(status: Status) -> str:
    found = status.attribution
    if found is None:
        return "unknown"
    lines = []
    for holder in found.holders[:_SHOWN_HOLDERS]:
        mark = "" if holder.workload else "⚠️ "
        lines.append(f"{mark}**{plain(holder.label, _SHORT)}** {unknown_mib(holder.mib)}")
    if len(found.holders) > _SHOWN_HOLDERS:
        lines.append(f"and {len(found.holders) - _SHOWN_HOLDERS} more")
    lines.append(f"-# idle level {mib_words(status.idle_mib)} · unattributed {unknown_mib(found.unattributed_mib)}")
    return "\n".join(lines)


def _add_details(embed: discord.Embed, sample: GpuSample | None) -> None:
    details = (sample.details if sample else None) or GpuDetails()
    power = unknown(None if details.power_w is None else round(details.power_w), " W")
    limit = "" if details.power_limit_w is None else f" of {details.power_limit_w:.0f} W"
    pstate = "" if details.pstate is None else f" · P{details.pstate}"
    embed.add_field(name="Temperature", value=unknown(details.temperature_c, " °C"))
    embed.add_field(name="Power", value=power + limit)
    embed.add_field(name="Utilisation", value=unknown(details.utilisation_pct, " %") + pstate)
    embed.add_field(name="PCIe", value=_pcie(details))
    embed.add_field(name="Throttle", value=_throttle(details))


def _pcie(details: GpuDetails) -> str:
    now = _link(details.pcie_gen, details.pcie_width)
    best = _link(details.pcie_gen_max, details.pcie_width_max)
    return now if now == best == "unknown" else f"{now}\n-# of {best}"


def _link(gen: int | None, width: int | None) -> str:
    if gen is None:
        return "unknown"
    return f"gen {gen}, width unknown" if width is None else f"gen {gen} x{width}"


def _throttle(details: GpuDetails) -> str:
    if details.throttle is None:
        return "unknown"
    return clip(", ".join(details.throttle) or "none", 2 * _SHORT)


def _parts(status: Status, latency_s: float) -> str:
    lag = f"connected, {latency_s * 1000:.0f} ms" if math.isfinite(latency_s) else "connected"
    parts = (PartHealth("Discord", ok=True, words=lag), *status.parts)
    marks = {True: "🟢", False: "🔴", None: "⚪"}
    lines = [f"{marks[part.ok]} **{plain(part.part, _SHORT)}** {sentence(part.words, _PART)}" for part in parts]
    return first_lines(lines, _LONGEST_FIELD, _LONG // 2)


def mode_embed(status: Status, modes: Iterable[str]) -> discord.Embed:
    """The mode alone, and which there are."""
    names = clip(", ".join(plain(name, _SHORT) for name in modes), _LONG)
    told = f"{_mode(status)}\n-# There are: {names}"
    return discord.Embed(title="GPU mode", description=told, colour=_colour(status))


def _colour(status: Status) -> int:
    tier = max(status.tier, Tier.ALERT) if status.mode.unsafe else status.tier
    return COLOURS[tier] if status.sample else _GREY


class RefreshButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template="bd1:status:refresh"):
    """Shows the picture again, in place. Found by its id, so it works on messages of an earlier run too."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Refresh", emoji="🔄", custom_id="bd1:status:refresh"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], _match: re.Match[str]
    ) -> "RefreshButton":
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        services = services_of(interaction)
        if not may_use(services.settings.discord, person_of(interaction)):
            await interaction.response.send_message(NOT_FOR_YOU, ephemeral=True)
            return
        await interaction.response.defer()
        status = await services.status.now()
        await interaction.edit_original_response(embed=status_embed(status, latency=interaction.client.latency))


def status_buttons() -> discord.ui.View:
    """The row under the embed."""
    view = discord.ui.View(timeout=None)
    view.add_item(RefreshButton())
    return view
