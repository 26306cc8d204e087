"""The models for people: one embed for all of them, one line for each in a picker, and how a download stands."""

from collections.abc import Sequence

import discord

from bd1.core.gpu import MIB
from bd1.ports import PullProgress
from bd1.services.models import ModelEntry
from cogs._ui.foreign import footnote, plain
from cogs._ui.limits import DESCRIPTION, first_lines
from cogs._ui.words import bar, mib_words, moment

_COLOUR = 0x5865F2
_NAME, _LINE, _CHOICE = 80, 300, 100
_NONE = "There is no model on the server. An operator can fetch one: `/models do:pull model:NAME`."
_ABILITIES = {"vision": "sees", "tools": "tools", "thinking": "thinks"}


def models_embed(entries: Sequence[ModelEntry], fits: Sequence[bool | None], chosen: str) -> discord.Embed:
    """What is on the server, and what is loaded, with when it goes."""
    lines = [_line(entry, fit, chosen) for entry, fit in zip(entries, fits, strict=True)]
    told = first_lines(lines, DESCRIPTION, _LINE)
    return discord.Embed(title="The models on the server", description=told or _NONE, colour=_COLOUR)


def _line(entry: ModelEntry, fits: bool | None, chosen: str) -> str:
    mark = "🟢" if entry.loaded else "⚪"
    here = " · answers here" if entry.installed.name == chosen else ""
    return (
        f"{mark} **{plain(entry.installed.name, _NAME)}**{here}\n-# {' · '.join([*_facts(entry), _room(entry, fits)])}"
    )


def _facts(entry: ModelEntry) -> list[str]:
    model = entry.installed
    can = [word for ability, word in _ABILITIES.items() if ability in entry.details.abilities]
    facts = [model.parameter_size, model.quantization, f"{model.size_mib * MIB / 1e9:.1f} GB", *can]
    return [plain(fact, _NAME) for fact in facts if fact]


def _room(entry: ModelEntry, fits: bool | None) -> str:
    if entry.loaded is not None:
        until = entry.loaded.expires_at
        return f"loaded, {mib_words(entry.loaded.vram_mib)}, " + (f"until {moment(until)}" if until else "for good")
    need = f"needs about {mib_words(entry.need_mib)}"
    return need if fits is None else f"{need}, {'fits' if fits else 'does not fit'} beside what runs"


def model_choice(entry: ModelEntry, fits: bool | None) -> str:
    """One model in a picker."""
    room = "loaded" if entry.loaded else {True: "fits now", False: "does not fit now", None: ""}[fits]
    return footnote(" · ".join(each for each in (entry.installed.name, *_facts(entry), room) if each), _CHOICE)


def pull_words(name: str, step: PullProgress | None) -> str:
    """How a download stands."""
    head = f"⬇️ Fetching **{plain(name, _NAME)}**"
    if step is None:
        return f"{head}: asking for it."
    if not step.total_bytes:
        return f"{head}: {plain(step.status, _NAME)}."
    share = (step.done_bytes or 0) / step.total_bytes
    return f"{head}\n`{bar(share)}` {share:.0%} of {step.total_bytes / 1e9:.1f} GB"
