"""Rate-limit buckets: how many requests are left and until when. Pure: time comes in as a number."""

from collections import OrderedDict
from dataclasses import dataclass

from bd1.sim.discord.settings import Limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bucket says of one request. `reset_after_s` is the time until the bucket is full again."""

    allowed: bool
    limit: int
    remaining: int
    reset_after_s: float


@dataclass(slots=True)
class Bucket:
    """A fixed window: the first request opens it, and when it ends all requests are free again."""

    limit: Limit
    opened_at: float = float("-inf")
    used: int = 0

    def take(self, now: float) -> Verdict:
        """Counts one request at `now` (seconds, never falling); a refused one costs nothing."""
        if now - self.opened_at >= self.limit.window_s:
            self.opened_at, self.used = now, 0
        allowed = self.used < self.limit.requests
        self.used += allowed
        reset_after_s = self.limit.window_s - (now - self.opened_at)
        return Verdict(allowed, self.limit.requests, self.limit.requests - self.used, reset_after_s)


class Buckets:
    """One bucket for each key, made when it is first used. The oldest are forgotten beyond `capacity`."""

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._buckets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()

    def take(self, key: tuple[str, str], limit: Limit, now: float) -> Verdict:
        """Counts one request against the bucket `key`, which is (route, top-level id)."""
        bucket = self._buckets.setdefault(key, Bucket(limit))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        return bucket.take(now)
