"""How many edits a channel allows, learned from what Discord tells, and when the next one may go. Pure.

A window opens with the first edit and allows so many until it ends; then all are free again. One of them is always
kept for an answer's last edit, so that the end of an answer never waits.
"""

from dataclasses import dataclass, replace
from enum import Enum
from math import inf

_ALLOWANCE_S = 1.0
"""How long an answer of Discord's may take: so much later may a window have opened than its first edit was sent."""


LATE_S = 0.03
"""So much later is a window taken to end: whoever sends for us keeps books too, from the moment an answer was read."""


class Need(Enum):
    """What an edit is for; the value is how many edits must be left over besides."""

    FINAL = 0
    """The end of an answer."""
    LIVE = 1
    """A growing answer."""
    NOTICE = 2
    """How it stands before there is any text: the first word must not wait for it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The edits of one channel. Times are seconds of one clock.

    `left` are those of the window that ends at `ends_at` (`-inf` for none open), less those on their way. `sent_at` is
    when the last one went. The first figures are only a guess, until Discord tells.
    """

    limit: int = 5
    window_s: float = 5.0
    left: int = 5
    ends_at: float = -inf
    on_their_way: int = 0
    sent_at: float = -inf

    def at(self, now: float) -> "Budget":
        """The budget as it stands at `now`: a window that has ended is full again."""
        if now < self.ends_at or self.ends_at == -inf:
            return self
        return replace(self, left=self.limit - self.on_their_way, ends_at=-inf)

    def sent(self, now: float) -> "Budget":
        """An edit went."""
        budget = self.at(now)
        opens = budget.ends_at == -inf
        return replace(
            budget,
            left=budget.left - 1,
            on_their_way=budget.on_their_way + 1,
            sent_at=now,
            ends_at=now + budget.window_s + _ALLOWANCE_S if opens else budget.ends_at,
        )

    def told(self, limit: int, left: int, ends_in_s: float, now: float) -> "Budget":
        """Discord answered an edit: of `limit` in a window `left` are left, and it ends in `ends_in_s`."""
        on_their_way = max(self.on_their_way - 1, 0)
        window_s = max(self.window_s, ends_in_s) if limit == self.limit else ends_in_s
        return replace(
            self,
            limit=limit,
            window_s=ends_in_s if left == limit - 1 else window_s,  # the first of a window tells its whole length
            left=left - on_their_way,
            ends_at=now + ends_in_s + LATE_S,
            on_their_way=on_their_way,
        )

    def refused(self, retry_after_s: float, now: float) -> "Budget":
        """Discord refused an edit: none goes before `retry_after_s` have passed."""
        return replace(self, left=0, ends_at=now + retry_after_s + LATE_S, on_their_way=max(self.on_their_way - 1, 0))

    def lost(self) -> "Budget":
        """An edit got no answer: it may have counted or not, so it is taken as spent."""
        return replace(self, on_their_way=max(self.on_their_way - 1, 0))

    def returned(self) -> "Budget":
        """An edit was refused before it came to this channel: it has not counted here."""
        return replace(self, left=self.left + 1, on_their_way=max(self.on_their_way - 1, 0))

    def next_at(self, need: Need, now: float, *, pause_s: float = 0.0, shown_at: float = -inf) -> float:
        """When an edit may go, `now` or later; `inf` where the limit has none for this need.

        With `pause_s` the edits that are left are spread over the rest of the window, at least so far apart. While a
        window is open that begins at `shown_at`, where the answer's message is younger than the last edit: edits that
        other answers have left over are not spent at once.
        """
        budget = self.at(now)
        if budget.limit <= need.value:
            return inf
        free = budget.left - need.value
        if free <= 0:
            return max(now, budget.ends_at)
        if not pause_s:
            return now
        if budget.ends_at == -inf:
            return max(now, budget.sent_at + pause_s)
        since = max(budget.sent_at, shown_at)
        evenly_s = (budget.ends_at - since) / (free + 1)
        return max(now, min(since + max(evenly_s, pause_s), max(budget.ends_at, budget.sent_at + pause_s)))
