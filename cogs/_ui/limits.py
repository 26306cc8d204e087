"""Keeps what is shown inside Discord's limits, whatever it is made of. Cuts at the end of a list, and says so."""

from collections.abc import Sequence

TITLE = 256
DESCRIPTION = 4096
FOOTER = 2048
"""Discord's limits for the parts of an embed; all its parts together may have 6000 characters."""


def clip(text: str, most: int) -> str:
    """`text` in at most `most` characters; what is cut off leaves a mark."""
    return text if len(text) <= most else text[: most - 1] + "…"


def first_lines(lines: Sequence[str], most: int, line_most: int) -> str:
    """The lines from the first on, as many as fit, each clipped to `line_most`; the others are counted."""
    clipped = [clip(line, line_most) for line in lines]
    if _length(clipped) <= most:
        return "\n".join(clipped)
    shown = len(clipped)
    while shown and _length([*clipped[:shown], _more(len(clipped) - shown)]) > most:
        shown -= 1
    return "\n".join([*clipped[:shown], _more(len(clipped) - shown)])


def last_lines(lines: Sequence[str], most: int, line_most: int) -> str:
    """The newest lines, as many as fit, each clipped to `line_most`."""
    clipped = [clip(line, line_most) for line in lines]
    while len(clipped) > 1 and _length(clipped) > most:
        del clipped[0]
    return "\n".join(clipped)


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines) - 1


def _more(count: int) -> str:
    return f"and {count} more"
