"""Takes apart what a model thinks and what it answers, where it writes both into one text. Pure.

Models that think aloud do so before they answer, between marks of their own. So marks count only at the start: later
they are words like any others, a tag in a code block too. However the text comes cut, the outcome is the same.
"""

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
"""What open models write, opening and closing, in lower case. Without a closing it only says that the answer begins."""

_TO_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_OPENINGS = tuple(opening for opening, _ in _MARKS)
_CLOSINGS = tuple(closing for _, closing in _MARKS if closing)


@dataclass(frozen=True, slots=True)
class Parted:
    """A piece of thinking and a piece of the answer; either may be empty."""

    thinking: str = ""
    text: str = ""


class Parting:
    """One answer as it comes. `feed` every piece, then `end`; joined, the pieces are the same however it was cut."""

    def __init__(self) -> None:
        self._held = ""
        self._mark: tuple[str, str] | None = None
        """The marks around the thinking that is under way."""
        self._depth = 0
        self._after = ""
        """What came since an inner thought was closed: thinking, if another closing comes, else the answer."""
        self._was_closed = False
        self._is_answering = False
        self._has_thought = False

    def feed(self, piece: str) -> Parted:
        """What is certain of the text up to here and was not before."""
        if self._is_answering:
            return Parted(text=piece)
        self._held += piece
        return self._settle(is_last=False)

    def end(self) -> Parted:
        """The rest. Thinking that was never closed stays thinking, but for what follows a closing of an inner one."""
        settled = self._settle(is_last=True)
        if self._mark and self._was_closed:
            return Parted(settled.thinking, settled.text + self._after.lstrip())
        return Parted(settled.thinking + self._after, settled.text)

    def _settle(self, *, is_last: bool) -> Parted:
        thinking, text = "", ""
        while self._held and not self._is_answering:
            before = self._held
            if self._mark is None:
                text += self._begin(is_last=is_last)
            else:
                thinking += self._think(self._mark, is_last=is_last)
            if self._held == before:
                break
        return Parted(thinking, text)

    def _begin(self, *, is_last: bool) -> str:
        """Before the answer: a mark opens thinking, anything else is the answer's beginning, which is returned."""
        start = self._held.lstrip()
        found = _mark_at(start, (*_OPENINGS, *_CLOSINGS), is_last=is_last)
        if found is None:
            return ""
        if not found:
            self._is_answering = True
            answer, self._held = start if self._has_thought else self._held, ""
            return answer
        self._held = start[len(found) :]
        self._has_thought = True
        closing = dict(_MARKS).get(found, "")
        if closing:
            self._mark, self._depth, self._was_closed = (found, closing), 1, False
        return ""

    def _think(self, mark: tuple[str, str], *, is_last: bool) -> str:
        """Within thinking: up to the next mark of the same kind, which is counted; the rest is held where unsure."""
        at, found = _first_of(_lower(self._held), mark)
        if not found:
            sure = len(self._held) if is_last else _sure(_lower(self._held), mark)
            piece, self._held = self._held[:sure], self._held[sure:]
            return self._thought(piece)
        piece, self._held = self._held[:at], self._held[at + len(found) :]
        if found == mark[0]:
            self._depth += 1
            return self._thought(piece + found)
        self._depth -= 1
        told, self._after = self._after + piece, ""
        if self._depth:
            self._was_closed = True
            return told + found
        self._mark = None
        return told

    def _thought(self, piece: str) -> str:
        if self._was_closed:
            self._after += piece
            return ""
        return piece


def _lower(text: str) -> str:
    """Only plain letters: the length stays the same, which `str.lower` does not promise."""
    return text.translate(_TO_LOWER)


def _mark_at(text: str, marks: Sequence[str], *, is_last: bool) -> str | None:
    """The mark that `text` begins with, empty when with none; `None` while it may still become one."""
    low = _lower(text)
    if not low:
        return None
    whole = [mark for mark in marks if low.startswith(mark)]
    if any(mark.startswith(low) and mark != low for mark in marks) and not is_last:
        return None
    return max(whole, key=len, default="")


def _first_of(text: str, marks: tuple[str, str]) -> tuple[int, str]:
    places = [(text.find(mark), mark) for mark in marks if mark in text]
    return min(places, default=(len(text), ""))


def _sure(text: str, marks: tuple[str, str]) -> int:
    """How much of `text` cannot be the beginning of a mark."""
    longest = max(len(mark) for mark in marks) - 1
    for at in range(max(0, len(text) - longest), len(text)):
        if any(mark.startswith(text[at:]) for mark in marks):
            return at
    return len(text)
