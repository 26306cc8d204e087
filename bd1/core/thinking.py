"""Takes apart what a model thinks and what it answers, where it writes both into one text. Pure.

Models that think aloud do so before they answer, between marks of their own; some once more later, and some leave the
first mark out. So marks count at the start, later only where a line begins that is no code, and a closing one without
an opening also where a line ends. Anywhere else they are words. However the text comes cut, the outcome is the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

_MARKS: tuple[tuple[str, str], ...] = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<seed:think>", "</seed:think>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|begin_of_solution|>", ""),
    ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
    ("<|channel|>commentary<|message|>", "<|end|>"),
    ("<|channel>thought", "<channel|>"),
    ("<|channel|>final<|message|>", ""),
    ("<|start|>assistant", ""),
)
"""What open models write, opening and closing, in lower case; blanks before a last `>` are overlooked.

Without a closing it only says that the answer begins.
"""

_FIRST = re.compile(r"[<\[◁]")
"""What all marks begin with."""
_TO_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_CLOSING_OF = dict(_MARKS)
_CLOSINGS = tuple(dict.fromkeys(closing for _, closing in _MARKS if closing))
_AT_THE_START = (*_CLOSING_OF, *_CLOSINGS)
_IN_A_LINE = (*(opening for opening, closing in _MARKS if closing), *_CLOSINGS)
_MOST_BLANKS = 3


@dataclass(frozen=True, slots=True)
class Parted:
    """A piece of thinking and a piece of the answer; either may be empty.

    `recalls` says that all text before was thinking too: it is closed here, and was never opened.
    """

    thinking: str = ""
    text: str = ""
    recalls: bool = False

    def __add__(self, later: "Parted") -> "Parted":
        """Both, one after the other."""
        if later.recalls:
            return Parted(self.thinking + self.text + later.thinking, later.text, recalls=True)
        return Parted(self.thinking + later.thinking, self.text + later.text, self.recalls)


class Parting:
    """One answer as it comes. `feed` every piece, then `end`; added up, the pieces are the same however it was cut.

    With `opens_unsaid` the model is known to leave the opening mark out: what it begins with is thinking until that is
    closed, and the answer all the same where it never is.
    """

    def __init__(self, *, opens_unsaid: bool = False) -> None:
        self._held = ""
        self._mark: tuple[str, str] | None = None
        """The marks around the thinking that is under way."""
        self._depth = 0
        self._after = ""
        """What came since an inner thought was closed: thinking, if another closing comes, else the answer."""
        self._was_closed = False
        self._has_thought = False
        self._line: _Line | None = None
        """The line of the answer that is under way; `None` before the answer."""
        self._opens_unsaid = opens_unsaid
        self._supposed: list[str] | None = None
        """What is thinking only if it is closed one day."""

    @property
    def is_supposing(self) -> bool:
        """Whether what came is taken for thinking without a mark that says so."""
        return self._supposed is not None

    def feed(self, piece: str) -> Parted:
        """What is certain of the text up to here and was not before."""
        self._held += piece
        return self._settle(is_last=False)

    def end(self, *, was_cut: bool = False) -> Parted:
        """The rest; after it nothing comes any more. Thinking that was never closed stays thinking.

        But not what follows a closing of an inner one, nor what was only supposed where the answer `was_cut` nowhere.
        """
        parted = self._settle(is_last=True)
        if self._supposed is not None and not was_cut:
            parted += Parted(text="".join(self._supposed))
        elif self._mark and self._was_closed:
            parted += Parted(text=self._after.lstrip())
        else:
            parted += Parted(self._after)
        self._mark = self._supposed = None
        self._after = ""
        return parted

    def _settle(self, *, is_last: bool) -> Parted:
        parted = Parted()
        while self._held:
            before = (self._held, self._mark, self._line)
            if self._mark is not None:
                parted += self._think(self._mark, is_last=is_last)
            elif self._line is not None:
                parted += self._answer(self._line, is_last=is_last)
            else:
                self._begin(is_last=is_last)
            if before == (self._held, self._mark, self._line):
                break
        return parted

    def _begin(self, *, is_last: bool) -> None:
        """Before the answer: a mark opens thinking, anything else is the answer's beginning."""
        start = self._held.lstrip()
        found = _mark_at(start, _AT_THE_START, is_last=is_last)
        if not start or found is None:
            return
        mark, size = found
        if not size:
            self._held = start if self._has_thought else self._held
            self._begin_unmarked()
            return
        self._held, self._has_thought = start[size:], True
        if closing := _CLOSING_OF.get(mark):
            self._open((mark, closing))

    def _begin_unmarked(self) -> None:
        if self._opens_unsaid and not self._has_thought:
            self._open(("", "</think>"))
            self._supposed = []
        else:
            self._line = _Line(is_begun=True)

    def _open(self, mark: tuple[str, str]) -> None:
        self._mark, self._depth, self._was_closed = mark, 1, False
        self._has_thought, self._line = True, None

    def _think(self, mark: tuple[str, str], *, is_last: bool) -> Parted:
        """Within thinking: up to the next mark of the same kind, which is counted; the rest is held where unsure."""
        at, found, size = _first_of(_lower(self._held), mark)
        if is_last and not found:
            at = len(self._held)
        piece, said, self._held = self._held[:at], self._held[at : at + size], self._held[at + size :]
        if found != mark[1]:
            self._depth += bool(found)
            return self._thought(piece + said)
        self._depth -= 1
        told, self._after = self._after + piece, ""
        if self._depth:
            self._was_closed = True
            return Parted(told + said)
        self._mark = self._supposed = None
        return Parted(told)

    def _thought(self, piece: str) -> Parted:
        if self._was_closed:
            self._after += piece
            return Parted()
        if self._supposed is not None:
            self._supposed.append(piece)
        return Parted(piece)

    def _answer(self, line: "_Line", *, is_last: bool) -> Parted:
        """Within the answer, a line at a time."""
        if not line.is_begun and not line.is_code:
            start = self._held.lstrip(" \t")
            found = _mark_at(start, _IN_A_LINE, is_last=is_last)
            if found is None:
                return Parted()
            mark, size = found
            if size and (mark in _CLOSING_OF or not self._has_thought):
                self._held = start[size:]
                return self._turn(mark)
        line.is_begun = True
        size, mark, length = self._words(line, is_last=is_last)
        told, self._held = self._held[:size], self._held[size + length :]
        line.grow(told)
        return Parted(text=told) + self._turn(mark) if mark else Parted(text=told)

    def _words(self, line: "_Line", *, is_last: bool) -> tuple[int, str, int]:
        """How much of the line is certain to be words, and the mark after it, with its length, that ends thinking."""
        text, newline, _ = self._held.partition("\n")
        is_whole, size = bool(newline) or is_last, len(text) + len(newline)
        if self._has_thought or line.is_code:
            return size, "", 0
        at, mark, length = _first_of(_lower(text), _CLOSINGS)
        if not mark:
            return (size if is_whole else at), "", 0
        if text[at + length :].strip(" \t") or line.is_inline_code(text[:at]):
            return at + length, "", 0
        return (at, mark, length) if is_whole else (at, "", 0)

    def _turn(self, mark: str) -> Parted:
        """A mark within the answer: thinking begins again, or all up to here was thinking."""
        if closing := _CLOSING_OF.get(mark):
            self._open((mark, closing))
            return Parted()
        self._has_thought, self._line = True, None
        return Parted(recalls=True)


class _Line:
    """The line of an answer that is under way, and whether it is code."""

    def __init__(self, *, is_begun: bool) -> None:
        self.is_begun = is_begun
        self.is_code = False
        self._text = ""

    def grow(self, text: str) -> None:
        """More of it; what ends in a line feed ends it."""
        self._text += text
        if text.endswith("\n"):
            is_fence = self._text.count("```") % 2 or self._text.lstrip().startswith("~~~")
            self.is_code ^= bool(is_fence)
            self._text, self.is_begun = "", False

    def is_inline_code(self, more: str) -> bool:
        """Whether it is code where `more` ends."""
        return bool((self._text + more).count("`") % 2)


def _lower(text: str) -> str:
    """Only plain letters: the length stays the same, which `str.lower` does not promise."""
    return text.translate(_TO_LOWER)


def _mark_at(text: str, marks: Sequence[str], *, is_last: bool) -> tuple[str, int] | None:
    """The mark that `text` begins with and its length, 0 for none; `None` while it may still become one."""
    low = _lower(text)
    sizes = {mark: _size_at(low, 0, mark) for mark in marks}
    if None in sizes.values() and not is_last:
        return None
    mark = max(sizes, key=lambda each: sizes[each] or 0)
    return mark, sizes[mark] or 0


def _first_of(text: str, marks: Sequence[str]) -> tuple[int, str, int]:
    """Where the first of them is, which, and its length; no mark where one may still become one, or at the end."""
    for place in _FIRST.finditer(text):
        at = place.start()
        sizes = {mark: _size_at(text, at, mark) for mark in marks if mark}
        for mark, size in sizes.items():
            if size:
                return at, mark, size
        if None in sizes.values():
            return at, "", 0
    return len(text), "", 0


def _size_at(text: str, at: int, mark: str) -> int | None:
    """The length of this mark there, 0 when it is not; `None` while it may still become it."""
    body = mark.removesuffix(">")
    told = text[at : at + len(body)]
    if told != body:
        return None if at + len(told) == len(text) and body.startswith(told) else 0
    if body == mark:
        return len(mark)
    end = at + len(body)
    while text[end : end + 1] in (" ", "\t") and end - at - len(body) < _MOST_BLANKS:
        end += 1
    if end == len(text):
        return None
    return end + 1 - at if text[end] == ">" else 0
