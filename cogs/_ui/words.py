"""Small words and bars shared by every view."""

from datetime import datetime, timedelta

from bd1.core.holders import mib_words

_CELLS = 20

__all__ = ["bar", "lasted", "mib_words", "moment", "seconds", "unknown", "unknown_mib"]


def bar(share: float, marks: tuple[float, ...] = ()) -> str:
    """A text bar of `share` (0 to 1); each of `marks` (0 to 1) is a tick in it."""
    filled = round(max(0.0, min(share, 1.0)) * _CELLS)
    cells = ["█" if cell < filled else "─" for cell in range(_CELLS)]
    for mark in sorted(marks, reverse=True):
        at = round(mark * _CELLS)
        cells.insert(at, "│" if at < filled else "┼")
    return "".join(cells)


def moment(at: datetime, style: str = "R") -> str:
    """A time as Discord draws it for each reader (`R` relative, `T` clock)."""
    return f"<t:{int(at.timestamp())}:{style}>"


def seconds(value: float) -> str:
    """A duration with one decimal."""
    return f"{value:.1f} s"


def lasted(time: timedelta) -> str:
    """A duration in its two largest units, from seconds to days."""
    left = max(int(time.total_seconds()), 0)
    parts = []
    for unit, size_s in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size_s)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def unknown(value: object, unit: str = "") -> str:
    """The value with its unit, or the word unknown."""
    return "unknown" if value is None else f"{value}{unit}"


def unknown_mib(mib: int | None) -> str:
    """An amount of memory, or the word unknown."""
    return "unknown" if mib is None else mib_words(mib)
