"""How rehearsals are shown: a table, JSON for programs, and one story moment by moment. It plays nothing."""

import json
import textwrap
from collections.abc import Iterable, Iterator

from bd1.rehearsal import Played
from bd1.sim.scenarios.story import Story

_HEAD = ("story", "peak VRAM", "without BD-1", "acted after", "messages", "verdict")
_WIDTHS = (0, 9, 12, 11, 8, 7)
_WELL, _FAILED = "well", "FAILED"
_AT_ONCE_S = 0.05
_NONE = "-"


class Table:
    """A table whose rows may be shown one by one, as the stories end. `names` are those of all its rows."""

    def __init__(self, names: Iterable[str]) -> None:
        self._widths = (max(map(len, (_HEAD[0], *names))), *_WIDTHS[1:])

    def head(self) -> str:
        """The first two lines."""
        return f"{self._line(_HEAD)}\n{'  '.join('-' * width for width in self._widths)}"

    def row(self, played: Played) -> str:
        """One story in a line, and below it what is not as it must be."""
        happened = played.happened
        line = self._line(
            (
                played.story.name,
                f"{happened.peak_pct:.1f} %",
                f"{played.alone_pct:.1f} %",
                _after(played),
                str(happened.messages),
                _WELL if played.is_well else _FAILED,
            )
        )
        return "\n".join([line, *(textwrap.indent(fault, "    ") for fault in played.faults)])

    def _line(self, cells: tuple[str, ...]) -> str:
        first, *others = zip(cells, self._widths, strict=True)
        return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def summary(played: Iterable[Played]) -> str:
    """How it went, in a sentence."""
    rows = list(played)
    failed = sum(not row.is_well for row in rows)
    if failed:
        return f"{failed} of {len(rows)} stories did not end as they must."
    return f"{len(rows)} {'story' if len(rows) == 1 else 'stories'} ended as they must."


def listing(stories: Iterable[Story], width: int) -> str:
    """The stories by name, each with its sentence."""
    lines: list[str] = []
    for story in stories:
        text = textwrap.wrap(story.text, max(width, 40) - 4)
        lines += [story.name, *(f"    {line}" for line in text)]
    return "\n".join(lines)


def tale(played: Played, width: int) -> str:
    """One story moment by moment: what happened to the machine, what BD-1 did and what it told."""
    lines = [f"{played.story.name}: {played.story.text}"]
    for at_s, words in played.happened.log:
        first, *others = textwrap.wrap(words, max(width, 60) - 14) or [""]
        lines += [f"{at_s:10.2f} s  {first}", *(f"{'':14}{line}" for line in others)]
    return "\n".join(lines)


def to_json(played: Iterable[Played]) -> str:
    """All of it for programs."""
    return json.dumps([dict(_fields(row)) for row in played], indent=2)


def _fields(played: Played) -> Iterator[tuple[str, object]]:
    happened = played.happened
    yield from (("story", played.story.name), ("text", played.story.text))
    yield from (("peak_pct", round(happened.peak_pct, 1)), ("without_bd1_pct", round(played.alone_pct, 1)))
    yield "acted_after_s", None if happened.acted_after_s is None else round(happened.acted_after_s, 2)
    yield from (("messages", happened.messages), ("ended", sorted(happened.ended)))
    yield from (("ok", played.is_well), ("faults", list(played.faults)))
    yield "log", [{"at_s": round(at_s, 2), "text": words} for at_s, words in happened.log]


def _after(played: Played) -> str:
    """Where nothing has to be done or said, nothing is late."""
    after_s = played.happened.acted_after_s
    if after_s is None or played.story.expect.acts_within_s is None:
        return _NONE
    return "at once" if after_s < _AT_ONCE_S else f"{after_s:.1f} s"
