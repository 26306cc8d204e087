"""From what was said to what the model is sent: newest first within the context window. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bd1.core.speakers import harmless

_SIXTHS = 6
_DIGITS = b"0123456789"
_WORDS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t\n\r"
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = bytes(range(0xC0, 0xE0)), bytes(range(0xE0, 0xF0)), bytes(range(0xF0, 0xF8))
_CONTINUATIONS = bytes(range(0x80, 0xC0))
_TOKENS_PER_TURN, _TOKENS_AROUND = 8, 8
"""What a chat template adds to each turn and to the whole; recorded from a real server: 9 for one short question."""
PICTURE_TOKENS = 1024
"""What a picture may cost; models that see take some 260 to 1600 tokens for one of the size that is sent."""
_FENCE = "`" * 3


@dataclass(frozen=True, slots=True)
class Attached:
    """A text that came as a file with a message."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, oldest first in a sequence. `speaker` is the display name of a person."""

    role: Literal["user", "assistant"]
    text: str
    speaker: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What goes to the model after the persona.

    `left_out` older messages did not fit. `tokens` is the bare estimate of all of it, persona and pictures included,
    and of what else goes along: `beside`.
    `notes` are sentences about what of the newest message had to be cut.
    """

    turns: tuple[tuple[Literal["user", "assistant"], str], ...]
    left_out: int = 0
    tokens: int = 0
    notes: tuple[str, ...] = ()
    beside: int = 0


def estimate_tokens(text: str) -> int:
    """A conservative estimate, with the turn's frame.

    A third of a token for each letter or blank (English takes a quarter), half a one for each other mark, one for each
    digit, and one, two or three for a character of two, three or four bytes of UTF-8.
    """
    return _TOKENS_PER_TURN + -(-_sixths(text) // _SIXTHS)


def _sixths(text: str) -> int:
    told = text.encode("utf-8", "surrogatepass")

    def count(kind: bytes) -> int:
        return len(told) - len(told.translate(None, kind))

    words, digits = count(_WORDS), count(_DIGITS)
    two, three, four = count(_TWO_BYTES), count(_THREE_BYTES), count(_FOUR_BYTES)
    marks = len(told) - words - digits - two - three - four - count(_CONTINUATIONS)
    return 2 * words + 3 * marks + 6 * digits + 6 * two + 12 * three + 18 * four


def fit(
    persona: str,
    said: Sequence[Said],
    *,
    num_ctx: int,
    max_answer_tokens: int,
    factor: float = 1.0,
    pictures: int = 0,
    beside: int = 0,
) -> Prompt:
    """Keeps the newest messages that fit into `num_ctx` beside the persona, the pictures, the answer and `beside`.

    `factor` is how many tokens this model makes of an estimated one. Of the newest message what fits is always kept:
    its files are cut first, then its own text. Speakers are named only where more than one person speaks, and none can
    speak for another.
    """
    names = _named(said)
    named, said = bool(names), [_guarded(message, names) for message in said]
    spent = _TOKENS_AROUND + estimate_tokens(persona) + pictures * PICTURE_TOKENS + beside
    room = int((num_ctx - max_answer_tokens) / factor)
    kept: list[tuple[Literal["user", "assistant"], str]] = []
    notes: tuple[str, ...] = ()
    for message in reversed(said):
        text = _rendered(message, named=named)
        if not kept:
            text, notes = _newest(message, text, room - spent, named=named)
        elif spent + estimate_tokens(text) > room:
            break
        spent += estimate_tokens(text)
        kept.append((message.role, text))
    kept.reverse()
    return Prompt(tuple(kept), left_out=len(said) - len(kept), tokens=spent, notes=notes, beside=beside)


def _named(said: Sequence[Said]) -> frozenset[str]:
    """The names of all who speak, where more than one person does; else none."""
    people = {message.speaker for message in said if message.role == "user"}
    return frozenset({message.speaker for message in said}) if len(people) > 1 else frozenset()


def _guarded(message: Said, names: Collection[str]) -> Said:
    """A person's message in which nobody else seems to speak, its files included."""
    if not names or message.role != "user":
        return message
    files = [
        Attached(harmless(f"{file.name}:", names).removesuffix(":"), harmless(file.text, names))
        for file in message.files
    ]
    return replace(message, text=harmless(message.text, names, is_after_name=True), files=tuple(files))


def _rendered(message: Said, *, named: bool) -> str:
    text = f"{message.speaker}: {message.text}" if named and message.role == "user" else message.text
    return "\n\n".join([text, *(_fenced(file) for file in message.files)])


def _fenced(file: Attached) -> str:
    fence = _FENCE
    while fence in file.text:
        fence += "`"
    return f"{file.name}:\n{fence}\n{file.text}\n{fence}"


def _newest(message: Said, text: str, room: int, *, named: bool) -> tuple[str, tuple[str, ...]]:
    """The newest message within `room` tokens, and what had to be cut off it."""
    if message.role == "assistant":  # an answer to go on from: its end counts, and the question needs room as well
        return _end(text, room // 2), ()
    if estimate_tokens(text) <= room:
        return text, ()
    bare = _rendered(replace(message, files=()), named=named)
    if estimate_tokens(bare) > room:
        files = tuple(f"{file.name} did not fit into the context beside your message." for file in message.files)
        return _beginning(bare, room), ("Your message did not fit into the context: its end was left out.", *files)
    kept, notes = replace(message, files=()), []
    for file in message.files:
        with_it = replace(kept, files=(*kept.files, file))
        if estimate_tokens(_rendered(with_it, named=named)) > room:
            empty = replace(kept, files=(*kept.files, replace(file, text="")))
            begun = _beginning(file.text, room - estimate_tokens(_rendered(empty, named=named)) + _TOKENS_PER_TURN - 1)
            notes.append(_cut_note(file, begun))
            with_it = replace(kept, files=(*kept.files, replace(file, text=begun))) if begun else kept
        kept = with_it
    return _rendered(kept, named=named), tuple(notes)


def _cut_note(file: Attached, begun: str) -> str:
    if not begun:
        return f"{file.name} did not fit into the context."
    percent = max(1, 100 * len(begun) // len(file.text))
    return f"Of {file.name} only the beginning ({percent} %) fitted into the context."


def _end(text: str, room: int) -> str:
    """As much of the end of `text` as `room` tokens hold."""
    most = bisect_right(range(1, len(text) + 1), room, key=lambda length: estimate_tokens(text[-length:]))
    return text[len(text) - most :]


def _beginning(text: str, room: int) -> str:
    """As much of `text` as `room` tokens hold; whole lines where that costs little."""
    most = bisect_right(range(1, len(text) + 1), room, key=lambda end: estimate_tokens(text[:end]))
    line_end = text.rfind("\n", most - most // 8, most)
    return text[: line_end if line_end > 0 else most]
