"""What `bd1 check` found, and how it is shown: a table for people, JSON for programs. It looks at nothing itself."""

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `ok` is `None` where it could not be told, or where there is nothing to judge.

    `fix` says what to do; it is empty only where nothing has to be done.
    """

    part: str
    ok: bool | None
    required: bool
    text: str
    fix: str = ""

    @property
    def state(self) -> str:
        """One word: ok, MISSING (BD-1 cannot work), warning (it can), note (nothing to judge)."""
        if self.ok is None:
            return "note"
        if self.ok:
            return "ok"
        return "MISSING" if self.required else "warning"


def fine(part: str, text: str) -> Finding:
    """Something required that is there."""
    return Finding(part, ok=True, required=True, text=text)


def bad(part: str, text: str, fix: str) -> Finding:
    """Something required that is missing or wrong."""
    return Finding(part, ok=False, required=True, text=text, fix=fix)


def warning(part: str, text: str, fix: str) -> Finding:
    """Something BD-1 can do without."""
    return Finding(part, ok=False, required=False, text=text, fix=fix)


def note(part: str, text: str, fix: str = "") -> Finding:
    """Something that could not be told, or that is only good to know."""
    return Finding(part, ok=None, required=False, text=text, fix=fix)


_COLOURS = {"ok": "32", "MISSING": "31;1", "warning": "33", "note": "36"}
_STATE_WIDTH = max(map(len, _COLOURS))
_NARROWEST = 50


def render_table(findings: Iterable[Finding], *, colour: bool, width: int) -> str:
    """The findings as a table of `width` columns at most (50 at least), each with its fix below it, and a verdict."""
    rows = list(findings)
    part_width = max((len(row.part) for row in rows), default=0)
    indent = _STATE_WIDTH + part_width + 4
    room = max(width, _NARROWEST, indent + 20) - indent
    lines: list[str] = []
    before = ""
    for row in rows:
        state = row.state.ljust(_STATE_WIDTH)
        if colour:
            state = f"\033[{_COLOURS[row.state]}m{state}\033[0m"
        part = "" if row.part == before else row.part
        before = row.part
        body = [*textwrap.wrap(row.text, room), *_fix_lines(row.fix, room)]
        lines.append(f"{state}  {part.ljust(part_width)}  {body[0]}")
        lines += [" " * indent + line for line in body[1:]]
    return "\n".join([*lines, "", _verdict(rows)])


def _fix_lines(fix: str, room: int) -> list[str]:
    """A fix may be a command: it is wrapped at blanks only, never inside a word."""
    if not fix:
        return []
    wrap = textwrap.wrap(fix, room - 3, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
    return [("-> " if number == 0 else "   ") + line for number, line in enumerate(wrap)]


def _verdict(rows: list[Finding]) -> str:
    missing = sum(row.state == "MISSING" for row in rows)
    warnings = sum(row.state == "warning" for row in rows)
    ending = f" {warnings} warning{'s' if warnings != 1 else ''}." if warnings else ""
    if missing:
        return f"{missing} required thing{'s are' if missing != 1 else ' is'} missing.{ending}"
    return f"Everything required is there.{ending}"


def to_json(findings: Iterable[Finding]) -> str:
    """One JSON object: `ok`, and `findings` with part, ok, required, text, fix and state each."""
    rows = list(findings)
    content = {
        "ok": not any(row.state == "MISSING" for row in rows),
        "findings": [{**asdict(row), "state": row.state} for row in rows],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
