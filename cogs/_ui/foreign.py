"""Text from outside, shown as it is: it cannot break the Markdown around it, ping anybody or outgrow its place."""

import re
from collections.abc import Callable

from cogs._ui.limits import clip

_CODE = re.compile(r"(`[^`\n]+`)")
_MARKS = re.compile(r"[\\*~|`<>\[\]@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""What Discord takes for Markdown or a mention. An underscore inside a word is none."""
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
"""White space, less the kinds that keep a figure and its unit on one line."""
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that turn the direction of what follows them, in the next words too."""


def plain(text: str, most: int) -> str:
    """A name in one line of at most `most` characters, every mark in it escaped; "?" for one that shows nothing."""
    return _fitted(one_line(text) or "?", most, _escaped)


def sentence(text: str, most: int) -> str:
    """A message in one line of at most `most` characters: its `code` stays code, every other mark is escaped."""
    return _fitted(one_line(text) or "?", most, _escaped_around_code)


def footnote(text: str, most: int) -> str:
    """One line of at most `most` characters for a place where Discord knows no Markdown: footers and buttons."""
    return clip(one_line(text) or "?", most)


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text.translate(_TURNS)).strip()


def _fitted(text: str, most: int, escape: Callable[[str], str]) -> str:
    """The escaped text; what is too long is cut before it is escaped, so that no mark is left half escaped."""
    kept = clip(text, most)
    while len(shown := escape(kept)) > most:
        kept = clip(text, len(kept) - max((len(shown) - most) // 2, 1))
    return shown


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)


def _escaped_around_code(text: str) -> str:
    parts = _CODE.split(text)
    return "".join(part if number % 2 else _escaped(part) for number, part in enumerate(parts))
