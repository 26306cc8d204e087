"""Discord's ids: 64-bit numbers that carry their time. Hands out new ones; must not know what they name."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, from which Discord counts."""


def snowflake_at(unix_ms: int, step: int = 0) -> int:
    """The id for a millisecond of Unix time; `step` (0 to 4095) tells ids of the same millisecond apart."""
    return (unix_ms - EPOCH_MS) << 22 | step & 0xFFF


def created_at(snowflake: int) -> datetime:
    """When an id was handed out, in UTC."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC)


class Snowflakes:
    """A source of ids that strictly rise, even when the wall clock stands still or steps back."""

    def __init__(self, unix_s: Callable[[], float] = time.time) -> None:
        self._unix_s = unix_s
        self._last = 0

    def next(self) -> int:
        """An id above every earlier one."""
        self._last = max(self._last + 1, snowflake_at(int(self._unix_s() * 1000)))
        return self._last
