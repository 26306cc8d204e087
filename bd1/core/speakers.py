"""Who said what, told to a model so that nobody can speak for somebody else. Pure.

A model is told each speaker by a line that begins with their name. So no two people have one name there, and no other
line that people write begins like one.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

_QUOTED = "> "
_UNMARKED = re.compile(r"[\s*_~`>|#\-]+")
"""What may stand around a name and leaves it a name to a reader: blanks and Markdown."""
_LIKE_COLONS = "\u02d0\u0589\u05c3\u2236\ua789\ufe13\ufe55\uff1a"
_COLON = re.compile(f"[:{_LIKE_COLONS}]")
_COLONS = dict.fromkeys(map(ord, _LIKE_COLONS), ":")


def names_apart(speakers: Mapping[int, str]) -> dict[int, str]:
    """A name for each person, by id, that nobody else has; whoever has been there for longest keeps a bare one."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for person in sorted(speakers):
        name, number = speakers[person], 1
        while _bare(name) in taken:
            number += 1
            name = f"{speakers[person]} ({number})"
        taken.add(_bare(name))
        found[person] = name
    return found


def harmless(text: str, names: Iterable[str], *, is_after_name: bool = False) -> str:
    """`text` in which no line looks as if one of `names` began to speak in it.

    Where it `is_after_name`, its first line has a speaker already.
    """
    starts = frozenset(_start(name) for name in names)
    lines = text.splitlines(keepends=True)
    kept = [lines.pop(0)] if is_after_name and lines else []
    return "".join([*kept, *(_QUOTED + line if _speaker_in(line) in starts else line for line in lines)])


def speaks(line: str, name: str) -> bool:
    """Whether a line looks as if this person began to speak in it."""
    return not line.startswith(_QUOTED) and _speaker_in(line) == _start(name)


def _speaker_in(line: str) -> str | None:
    """Whoever seems to begin to speak in a line, barely; `None` where nobody does."""
    colon = _COLON.search(line)
    return _bare(line[: colon.start()]) if colon else None


def _start(name: str) -> str:
    return _bare(name).partition(":")[0]


def _bare(text: str) -> str:
    """What a reader takes a text for, whatever it is written in."""
    seen = "".join(mark for mark in text.translate(_COLONS) if unicodedata.category(mark) not in {"Cf", "Cc", "Mn"})
    return _UNMARKED.sub("", unicodedata.normalize("NFKC", seen)).translate(_COLONS).casefold()
