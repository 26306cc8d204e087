"""How many requests Discord allows the whole bot, and which of them go first where they are too many. Pure.

A request counts from when it is sent until a window after its answer. So none of Discord's windows ever holds too many,
wherever it begins and however long requests take on their way.
"""

from dataclasses import dataclass, replace
from math import inf

from bd1.core.edits import Need

_SHARE = {Need.FINAL: 0.96, Need.LIVE: 0.88, Need.NOTICE: 0.5}
"""How much of a window may be full after such a request. What an end leaves is for the bot's life before this one."""
_AT_ONCE = 10
"""So many that can wait may go in the same moment; more follow each other evenly."""


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of the last window. Times are seconds of one clock.

    `answered` is when answers came, in order; `closed_until` is when Discord hears anything again. Those that can wait
    are `booked_until`: each takes a slot, so that many streams take turns and leave no gap for long.
    """

    limit: int = 50
    window_s: float = 1.0
    on_their_way: int = 0
    answered: tuple[float, ...] = ()
    closed_until: float = -inf
    booked_until: float = -inf

    def sent(self) -> "Requests":
        """A request went, whatever it is for."""
        return replace(self, on_their_way=self.on_their_way + 1)

    def told(self, now: float) -> "Requests":
        """A request was answered or lost; either way it may have counted until now."""
        counting = tuple(answer for answer in self.answered if answer + self.window_s > now)
        return replace(self, on_their_way=max(self.on_their_way - 1, 0), answered=(*counting, now))

    def refused(self, retry_after_s: float, now: float) -> "Requests":
        """Discord refused a request for all together were too many: none goes for `retry_after_s`."""
        return replace(self.told(now), closed_until=max(self.closed_until, now + retry_after_s))

    def booked(self, need: Need, now: float) -> "Requests":
        """One goes now; where it could have waited, it takes a slot."""
        return self if need is Need.FINAL else replace(self, booked_until=max(self.booked_until, now) + self._slot_s)

    def next_at(self, need: Need, now: float) -> float:
        """When a request for this need may go, `now` or later; ask again then, for others may have gone before."""
        at = max(now, self.closed_until, self._room_at(need, now))
        return at if need is Need.FINAL else max(at, self.booked_until - _AT_ONCE * self._slot_s)

    @property
    def _slot_s(self) -> float:
        return self.window_s / self._room(Need.LIVE)

    def _room(self, need: Need) -> int:
        return max(int(self.limit * _SHARE[need]), 1)

    def _room_at(self, need: Need, now: float) -> float:
        ends = [answer + self.window_s for answer in self.answered if answer + self.window_s > now]
        too_many = self.on_their_way + len(ends) + 1 - self._room(need)
        if too_many <= 0:
            return now
        return ends[too_many - 1] if too_many <= len(ends) else now + self.window_s
