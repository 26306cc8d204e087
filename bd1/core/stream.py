"""A growing answer to Discord messages: where to cut, and how code fences survive the cut. Pure."""

LIMIT = 2000
"""Discord's limit for one message, counted here in UTF-16 units, the strictest way to count."""

_FENCE = "```"
_CLOSING = "\n" + _FENCE
_LONGEST_OPENING = 40
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", " ")


def units(text: str) -> int:
    """Length in UTF-16 units: characters beyond the basic plane (most emoji) count twice."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def split(text: str, limit: int = LIMIT) -> tuple[str, ...]:
    """Cuts `text` into messages of at most `limit` units; no message is blank.

    Cuts at a paragraph, else a line, a sentence, a word. A code fence that is cut is closed and opened again with its
    language. While a text only grows, the parts before the last never change, so posted messages stay as they are.
    """
    parts: list[str] = []
    rest, fence = text, ""
    while rest:
        opening = f"{fence}\n" if fence else ""
        room = limit - units(opening) - units(_CLOSING)
        size = len(rest) if units(rest) <= room else _cut(rest, room)
        body, rest = rest[:size], rest[size:]
        fence = _open_fence(body, fence)
        parts.append(opening + (body.rstrip("\n") + _CLOSING if fence else body))
    return tuple(part for part in parts if part.strip())


def with_footer(text: str, footer: str) -> str:
    """`text` and a line below it; a code fence that was left open is closed, so that the line is not drawn as code."""
    closing = _CLOSING if _open_fence(text, "") else ""
    return f"{text}{closing}\n{footer}" if text else footer


def _cut(text: str, room: int) -> int:
    window = _window(text, room)
    for mark in _BREAKS:
        at = window.rfind(mark)
        if at + len(mark) > len(window) // 2:  # a very early break would post a stub of a message
            return at + len(mark)
    return len(window)


def _window(text: str, room: int) -> str:
    size = used = 0
    for character in text:
        used += units(character)
        if used > room:
            break
        size += 1
    return text[:size]


def _open_fence(body: str, fence: str) -> str:
    """The fence line still open at the end of `body`; empty when none is."""
    for line in body.split("\n"):
        stripped = line.strip()
        if not stripped.startswith(_FENCE):
            continue
        if fence:
            fence = ""
        elif _FENCE not in stripped[len(_FENCE) :]:
            fence = stripped if len(stripped) <= _LONGEST_OPENING else _FENCE
    return fence
