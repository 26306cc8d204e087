"""What belongs together in a text of Markdown: fences, lists, tables, inline code, single characters. Pure.

Everything here looks only at the text it is given, so what it says of a beginning stays true while the text grows.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_PREFIX = r"(?P<prefix>(?:[ \t]*(?:>|(?:[-*+•]|\d{1,9}[.)])(?=[ \t])))*[ \t]*)"
_OPENING = re.compile(_PREFIX + r"(?P<run>`{3,}|~{3,})(?P<info>[^\n]*)")
_ITEM = re.compile(r"[ \t>]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
_TICKS = re.compile(r"`+|\n[ \t]*\n")
_MARKER = re.compile(r"[-*+•]|\d{1,9}[.)]")
_LONGEST_PREFIX, _LONGEST_RUN, _LONGEST_INFO = 24, 16, 40
LONGEST_CLOSING = 1 + _LONGEST_PREFIX + _LONGEST_RUN
"""Units that closing a fence may take, with the line break before it."""
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Fence:
    """An open block of code: the run of marks that opened it, what stands before them, and the language after them."""

    run: str
    prefix: str = ""
    info: str = ""

    @property
    def opening(self) -> str:
        """The line that opens it again, with its line break."""
        return f"{self.prefix}{self.run}{self.info}\n"

    @property
    def closing(self) -> str:
        """What closes it, with the line break before it."""
        return f"\n{self.prefix}{self.run}"

    def is_closed_by(self, line: str) -> bool:
        """Whether this line ends the block: the marks alone, or after code, where Discord sees them too."""
        bare = line.strip()
        if not bare.endswith(self.run):
            return False
        return self.run[0] == "`" or not bare.strip(" \t>").strip("~")


def fence_of(line: str) -> Fence | None:
    """The fence that this line opens; `None` for any other line."""
    found = _OPENING.fullmatch(line.rstrip("\n"))
    if found is None or (found["run"][0] == "`" and "`" in found["info"]):
        return None
    if len(found["run"]) > _LONGEST_RUN:
        return None
    prefix = _MARKER.sub(lambda mark: " " * len(mark[0]), found["prefix"])
    return Fence(found["run"], prefix if len(prefix) <= _LONGEST_PREFIX else "", _language(found["info"].strip()))


def _language(info: str) -> str:
    """What is said again when the block is opened again."""
    if len(info) > _LONGEST_INFO:
        info = info.split(maxsplit=1)[0]
    return "" if len(info) > _LONGEST_INFO or info.startswith("~") else info


def may_hold_fence(text: str) -> bool:
    """Whether any line looks like the beginning of a fence; never false again once it was true of a beginning."""
    return ("```" in text or "~~~" in text) and any(_OPENING.match(line) for line in text.split("\n"))


def fence_after(text: str, fence: Fence | None) -> Fence | None:
    """The fence that is open at the end of `text`, where `fence` was open at its beginning."""
    if fence is None and not may_hold_fence(text):
        return None
    for line in text.split("\n"):
        if fence is None:
            fence = fence_of(line)
        elif fence.is_closed_by(line):
            fence = None
    return fence


@dataclass(frozen=True, slots=True)
class Layout:
    """How a beginning is laid out.

    `whole` are the (start, end) of what ended in it, `open_at` the beginnings of what its own end lies in, outermost
    first. `fence` is the block of code its end lies in.
    """

    whole: tuple[tuple[int, int], ...]
    open_at: tuple[int, ...]
    fence: Fence | None


@dataclass(slots=True)
class _Reader:
    """Walks over lines and remembers where lists, their items, tables and blocks of code began."""

    fence: Fence | None
    fence_at: int | None
    list_at: int | None = None
    item_at: int | None = None
    table_at: int | None = None

    def read(self, start: int, line: str) -> tuple[int, int] | None:
        """Takes the next line; a block that ended with it or before it."""
        if self.fence is not None:
            return self._inside_fence(start, line)
        opened = fence_of(line)
        is_item = _ITEM.match(line) is not None
        ended = None if is_item or not line.strip() or line[0] in " \t" else self._end_list(start)
        if is_item:
            self.list_at = start if self.list_at is None else self.list_at
            self.item_at = start
        row = "|" in line and opened is None and not is_item
        if not row and self.table_at is not None:
            ended, self.table_at = ended or (self.table_at, start), None
        elif row and self.table_at is None:
            self.table_at = start
        if opened is not None:
            self.fence, self.fence_at = opened, start
        return ended

    def _inside_fence(self, start: int, line: str) -> tuple[int, int] | None:
        began = self.fence_at
        if self.fence is None or not self.fence.is_closed_by(line):
            return None
        self.fence = self.fence_at = None
        return (0 if began is None else began, start + len(line))

    def _end_list(self, start: int) -> tuple[int, int] | None:
        began, self.list_at, self.item_at = self.list_at, None, None
        return None if began is None else (began, start)

    def open_at(self) -> tuple[int, ...]:
        """Where the blocks began that have not ended, outermost first."""
        starts = (self.list_at, self.item_at, self.table_at, self.fence_at)
        return tuple(sorted({start for start in starts if start is not None}))


def layout(text: str, fence: Fence | None) -> Layout:
    """How `text` is laid out, where `fence` was open at its beginning."""
    reader = _Reader(fence, None if fence is None else 0)
    whole: list[tuple[int, int]] = []
    code = [0] if fence is not None else []
    for start, line in _lines(text):
        was_code = reader.fence is not None
        if (ended := reader.read(start, line)) is not None:
            whole.append(ended)
        if was_code != (reader.fence is not None):
            code.append(start if reader.fence is not None else start + len(line))
    spans, dangling = _inline_code(text, code)
    open_at = tuple(sorted({*reader.open_at(), *dangling}))
    return Layout((*whole, *spans), open_at, reader.fence)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, text[start:end]
        start = end


def _inline_code(text: str, code: list[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Spans of `code` within a paragraph, and where one begins that has no end yet.

    `code` are the places where blocks of code begin and end, in turns.
    """
    spans: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    blocks = [
        (start, code[at + 1] if at + 1 < len(code) else len(text)) for at, start in enumerate(code) if at % 2 == 0
    ]
    for mark in _TICKS.finditer(text):
        if any(start <= mark.start() < end for start, end in blocks) or mark[0][0] != "`":
            opened = None
        elif opened is None:
            opened = mark
        elif len(opened[0]) == len(mark[0]):
            spans.append((opened.start(), mark.end()))
            opened = None
    return spans, [] if opened is None else [opened.start()]


def joins(text: str, at: int) -> bool:
    """Whether the characters before and after this place are one to the reader's eye, so that no cut may part them."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after < "\u0300":
        return before == "\r" and after == "\n"
    if _JOINER in {before, after} or unicodedata.category(after)[0] == "M":
        return True
    code = ord(after)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _flags_before(text, at) % 2 == 1
    return 0x1160 <= code <= 0x11FF or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and 0x1F1E6 <= ord(text[at - 1 - count]) <= 0x1F1FF:
        count += 1
    return count
