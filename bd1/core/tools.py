"""What a model may ask for while it answers: three facts, read-only. Its calls are read strictly; pure.

Nothing here changes anything, and nothing that a model says is a command: there is no tool that acts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bd1.core.conversation import estimate_tokens
from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure
from bd1.core.holders import Attribution
from bd1.core.incidents import Incident
from bd1.core.tiers import Tier

MOST_ROUNDS, MOST_CALLS = 3, 6
"""So often a model may ask within one answer, and for so many facts in all; then it has to answer."""
MOST_COUNT = 5
_USUAL_COUNT = 3
_MOST_ROWS = 8
_NAME, _TITLE, _SENTENCE = 60, 100, 200
"""Characters of a foreign name, of a title and of a sentence: what others wrote never fills the context."""
NOT_KNOWN = "That is not known just now."
NO_ROOM = "There is no room left for more facts in this conversation."


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a model may ask for. `has_count`: it may say how many it wants, `MOST_COUNT` at most."""

    name: str
    description: str
    has_count: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model asks for, in its own words: the name may be invented, the arguments anything."""

    name: str
    arguments: object


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that was understood. `count` is of use only to a tool that has one."""

    tool: Tool
    count: int = _USUAL_COUNT


GPU_STATUS = Tool(
    "gpu_status", "This server's graphics card (GPU) now: VRAM used and total, who holds it, state, temperature, mode."
)
LOADED_MODELS = Tool("loaded_models", "Which language models are in memory now, and until when.")
RECENT_INCIDENTS = Tool("recent_incidents", "The latest incidents of the graphics card, newest first.", has_count=True)
TOOLS = (GPU_STATUS, LOADED_MODELS, RECENT_INCIDENTS)


def declared(tool: Tool) -> dict[str, Any]:
    """A tool as a model is told of it: a function with the JSON schema of its arguments."""
    count = {"type": "integer", "description": f"How many, 1 to {MOST_COUNT}; {_USUAL_COUNT} if left out."}
    parameters = {"type": "object", "properties": {"count": count} if tool.has_count else {}}
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": parameters},
    }


TOOLS_TOKENS = sum(estimate_tokens(json.dumps(declared(tool))) for tool in TOOLS)
"""What telling a model of the tools takes of its context, by the careful estimate."""


def read_call(call: ToolCall) -> Wanted | str:
    """What a model wants; a sentence back to it where that is nothing there is, or not asked for as it must be."""
    tool = next((tool for tool in TOOLS if tool.name == call.name), None)
    if tool is None:
        names = ", ".join(tool.name for tool in TOOLS)
        return f'There is no tool "{plain(call.name, _NAME)}". There are {names}, and they only tell.'
    if call.arguments in (None, {}):
        return Wanted(tool)
    if not tool.has_count:
        return f"{tool.name} takes no arguments."
    count = call.arguments.get("count") if isinstance(call.arguments, Mapping) and len(call.arguments) == 1 else None
    if type(count) is not int or not 1 <= count <= MOST_COUNT:
        return f"{tool.name} takes one argument, count: a whole number from 1 to {MOST_COUNT}."
    return Wanted(tool, count)


def as_understood(call: ToolCall) -> ToolCall:
    """The call as it is kept for the model: of what was not understood no more than the beginning of its name."""
    wanted = read_call(call)
    if isinstance(wanted, str):
        return ToolCall(plain(call.name, _NAME), {})
    return ToolCall(wanted.tool.name, {"count": wanted.count} if wanted.tool.has_count else {})


def plain(text: str, most: int) -> str:
    """Foreign text as one printable line of at most `most` characters."""
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What is known of the card. `reading` is `None` before the first look; `age_s` is how old it is."""

    reading: GpuSample | ProbeFailure | None
    age_s: float | None
    identity: CardIdentity | None
    attribution: Attribution | None
    tier: Tier
    ceiling_mib: int
    mode: str | None
    switching_to: str | None


def card_words(facts: CardFacts) -> str:
    """`gpu_status` for the model. What is not known is left out, never 0."""
    reading = facts.reading
    if reading is None:
        return NOT_KNOWN
    told: dict[str, object] = {
        "card": plain(facts.identity.name, _NAME) if facts.identity else None,
        "seconds_ago": None if facts.age_s is None else round(facts.age_s, 1),
        "mode": facts.mode,
        "switching_to": facts.switching_to,
    }
    if isinstance(reading, ProbeFailure):
        return _json(told | {"state": "cannot be read", "why": plain(reading.reason, _SENTENCE)})
    return _json(told | _figures(reading) | {"state": facts.tier.word, "ceiling_mib": facts.ceiling_mib} | _held(facts))


def _figures(sample: GpuSample) -> dict[str, object]:
    details = sample.details
    return {
        "vram_used_mib": sample.used_mib,
        "vram_total_mib": sample.total_mib,
        "vram_used_pct": round(sample.used_pct, 1),
        "temperature_c": details and details.temperature_c,
        "utilisation_pct": details and details.utilisation_pct,
        "power_w": details and details.power_w,
    }


def _held(facts: CardFacts) -> dict[str, object]:
    holders = facts.attribution.holders[:_MOST_ROWS] if facts.attribution else ()
    return {"held_by": [{"who": plain(holder.label, _NAME), "mib": holder.mib} for holder in holders] or None}


def models_words(loaded: Sequence[tuple[str, int, float | None]]) -> str:
    """`loaded_models` for the model: name, MiB of VRAM, minutes until it goes (`None`: it stays)."""
    rows: list[dict[str, object]] = [
        {
            "name": plain(name, _NAME),
            "vram_mib": vram_mib,
            "leaves_in_min": "never" if left_min is None else round(left_min),
        }
        for name, vram_mib, left_min in loaded[:_MOST_ROWS]
    ]
    return _json({"loaded": rows, "count": len(loaded)})


def incidents_words(incidents: Sequence[Incident], count: int, now: datetime) -> str:
    """`recent_incidents` for the model, from all of them, oldest first."""
    rows = [_incident(incident, now) for incident in reversed(incidents)][:count]
    return _json({"incidents": rows}) if rows else "There was no incident."


def _incident(incident: Incident, now: datetime) -> dict[str, object]:
    return {
        "title": plain(incident.title, _TITLE),
        "severity": incident.severity.word,
        "began_min_ago": _minutes(now, incident.opened_at),
        "ended_min_ago": "goes on" if incident.closed_at is None else _minutes(now, incident.closed_at),
        "last": plain(incident.lines[-1].text, _SENTENCE) if incident.lines else None,
    }


def _minutes(now: datetime, then: datetime) -> int:
    return max(0, round((now - then).total_seconds() / 60))


def _json(told: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)
