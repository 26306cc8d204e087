"""A growing answer to Discord messages: where to cut, and how code fences survive the cut. Pure.

While a text only grows, the parts before the last never change: each cut is decided by what stands before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bd1.core.blocks import LONGEST_CLOSING, Fence, Layout, fence_after, joins, layout, may_hold_fence

LIMIT = 2000
"""Discord's limit for one message, counted here in UTF-16 units, the strictest way to count."""

STUB_SHARE = 8
"""A message is never cut off within its first eighth to keep something whole: what is longer than the rest is cut."""

_CLUSTER = 64
"""Characters that are joined to one at most; more than that is no writing any more."""
_DEEPEST_INDENT = 80
_HEADING = re.compile(r"(?:^|\n)(#{1,6}[ \t][^\n]*\n\s*)\Z")
_ITEM_STARTS = re.compile(r"\n(?=[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t])")
_IN_TEXT = (
    re.compile(r"\n[ \t]*\n+"),
    _ITEM_STARTS,
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"')\]*_]*\s|[。\uff01\uff1f]"),
    re.compile(r"\s"),
)
_IN_CODE = (re.compile(r"\n[ \t]*\n+"), re.compile(r"\n"), re.compile(r"\s"))
"""Places to cut after, the best kind first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an answer. `body` is its piece of the text, exactly; `opening` and `closing` were put around it.

    The first `skipped` characters of the body are not shown: blank lines, and what would close an empty block of code.
    """

    body: str
    skipped: int = 0
    opening: str = ""
    closing: str = ""

    @property
    def shown(self) -> str:
        """What the message says; empty for a part that is nothing but blanks, which needs no message."""
        told = self.body[self.skipped :]
        if not told.strip():
            return ""
        return self.opening + (told.rstrip("\n") + self.closing if self.closing else told.rstrip())


class Growing:
    """The messages of a text that only grows; what cannot change any more is cut once."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._settled: list[Part] = []
        self._size = 0
        self._fence: Fence | None = None

    def parts(self, text: str) -> tuple[Part, ...]:
        """What `split` says of `text`, which must begin with every text that was given before."""
        last: list[Part] = []
        while self._size < len(text) and not last:
            part, fence = _part(text[self._size :], self._limit, self._fence)
            if self._size + len(part.body) == len(text):
                last.append(part)
                continue
            self._settled.append(part)
            self._size, self._fence = self._size + len(part.body), fence
        return (*self._settled, *last)


def units(text: str) -> int:
    """Length in UTF-16 units: characters beyond the basic plane (most emoji) count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = LIMIT) -> tuple[Part, ...]:
    """Cuts `text` into messages of at most `limit` units.

    Cuts at a paragraph, else a line, a sentence, a word. Lists, tables, blocks of code and inline code that are not
    longer than seven eighths of a message stay whole. A fence that is cut is closed and opened again with its language.
    """
    return Growing(limit).parts(text)


def join(parts: Sequence[Part]) -> str:
    """The text that these parts were made of."""
    return "".join(part.body for part in parts)


def closed(text: str) -> str:
    """`text` with a block of code closed that was left open, so that what is put below it is not drawn as code."""
    fence = fence_after(text, None)
    return text + fence.closing if fence else text


def _part(rest: str, limit: int, fence: Fence | None) -> tuple[Part, Fence | None]:
    """The first message of `rest`, and the fence that is open after it."""
    skipped, fence = _skipped(rest, fence)
    size = skipped + _fitting(rest[skipped:], limit, fence)
    opening = fence.opening if fence else ""
    fence = fence_after(rest[skipped:size], fence)
    return Part(rest[:size], skipped, opening, fence.closing if fence else ""), fence


def _skipped(rest: str, fence: Fence | None) -> tuple[int, Fence | None]:
    """How much of the beginning need not be shown, and the fence that is open after it."""
    skipped = 0
    if fence is not None:
        line = rest.split("\n", 1)[0]
        if line.strip(" \t>").strip(fence.run[0]) or not fence.is_closed_by(line):
            return 0, fence
        skipped = min(len(line) + 1, len(rest))
    blanks = len(rest) - len(rest[skipped:].lstrip())
    indent = blanks - (rest.rfind("\n", skipped, blanks) + 1 or skipped)
    return (blanks if indent > _DEEPEST_INDENT else max(blanks - indent, skipped)), None


def _fitting(rest: str, limit: int, fence: Fence | None) -> int:
    """How many characters of `rest` make the next message: all where they fit."""
    room = limit - (units(fence.opening) if fence else 0)
    if fence is not None or may_hold_fence(_head(rest, room)):
        room -= LONGEST_CLOSING
    window = _head(rest, room)
    if len(window) == len(rest) or not rest.strip():
        return len(rest)
    size = _whole(rest, len(window))
    return _cut(rest[:size], fence) or size


def _head(text: str, room: int) -> str:
    """The first `room` units, less half of a character at their end."""
    head = text[:room]
    if units(head) <= room:
        return head
    coded = head.encode("utf-16-le", "surrogatepass")[: room * 2]
    is_half = 0xD8 <= coded[-1] <= 0xDB
    return coded[: len(coded) - 2 * is_half].decode("utf-16-le", "surrogatepass")


def _whole(text: str, size: int) -> int:
    """The nearest place up to `size` between two characters as readers see them."""
    return next((at for at in range(size, max(size - _CLUSTER, 0), -1) if not joins(text, at)), size)


def _cut(window: str, fence: Fence | None) -> int:
    """Where to cut within a window that is full; 0 where nothing but its end is left."""
    found = layout(window, fence)
    least = max(len(window) // STUB_SHARE, 1)
    if (whole := next((at for at in found.open_at if at >= least), None)) is not None:
        return _above_heading(window, whole, least)
    kinds = _IN_TEXT if found.fence is None else _IN_CODE
    for lowest in (len(window) // 2, least):
        for kind in kinds:
            if at := _last(kind, window, lowest, found):
                return _above_heading(window, at, least)
    return 0


def _last(kind: re.Pattern[str], window: str, lowest: int, found: Layout) -> int:
    """The last good place of a kind from `lowest` on; 0 for none."""
    ends = [mark.end() for mark in kind.finditer(window, lowest)]
    return next((at for at in reversed(ends) if _is_free(window, at, found)), 0)


def _is_free(window: str, at: int, found: Layout) -> bool:
    return not joins(window, at) and not any(start < at < end for start, end in found.whole)


def _above_heading(window: str, at: int, least: int) -> int:
    """A heading moves on together with what it stands above."""
    heading = _HEADING.search(window, 0, at)
    return heading.start(1) if heading and heading.start(1) >= least else at
