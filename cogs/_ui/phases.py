"""Where the time of a switch went, and how it ended, in a few words. Shared by its message, the log and the channel."""

from collections.abc import Iterable

from bd1.core.progress import Outcome

_BACK = "back"
"""Begins the key of each step on the way back to the old mode."""
_PHASES = {
    "drain": "drain",
    "unload": "unload",
    "stop": "stop",
    "gate": "VRAM back",
    "start": "start",
    "health": "start",
}
_MOST_PHASES = 8

COLOURS: dict[Outcome | None, int] = {
    Outcome.DONE: 0x3BA55D,
    Outcome.REFUSED: 0xE67E22,
    Outcome.FAILED: 0xDA373C,
    Outcome.ROLLED_BACK: 0x9B59B6,
    Outcome.CANCELLED: 0x80848E,
    None: 0x5865F2,
}
MARKS: dict[Outcome | None, str] = {
    Outcome.DONE: "✅",
    Outcome.REFUSED: "⛔",
    Outcome.FAILED: "❌",
    Outcome.ROLLED_BACK: "↩️",
    Outcome.CANCELLED: "⚪",
    None: "⏳",
}


def times(steps: Iterable[tuple[str, float | None]]) -> str:
    """The phases with their seconds: `stop 1.1, VRAM back 2.2, start 2.8`; empty when nothing took any time.

    Args:
        steps: key and seconds of each step; `None` for one that has not ended.
    """
    spent = dict.fromkeys(_PHASES.values(), 0.0)  # in their own order, whatever was begun first
    for key, took_s in steps:
        phase = _phase(key)
        spent[phase] = spent.get(phase, 0.0) + (took_s or 0.0)
    told = [f"{phase} {took_s:.1f}" for phase, took_s in spent.items() if f"{took_s:.1f}" != "0.0"]
    return ", ".join(told[:_MOST_PHASES])


def _phase(key: str) -> str:
    kind, _, rest = key.partition(" ")
    if kind == _BACK:
        return f"back: {_phase(rest)}"
    return _PHASES.get(kind, kind)
