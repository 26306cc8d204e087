"""Who holds how much of the simulated card's memory, to the MiB; knows nothing of containers, drivers or clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

RELEASE_LAG_S = (0.5, 1.5)
"""How long memory stays taken after the process that held it is gone: typical values of real drivers."""

ROUNDING_MIB = 1e-6


class Leak(StrEnum):
    """Why memory does not come back."""

    STUCK = "stuck"
    """The driver does not notice that its owner is gone."""

    LEFT = "left behind"
    """A crash left it behind."""


@dataclass(slots=True)
class Claim:
    """What one process holds for one purpose, growing at `rate_mib_s` until `target_mib`."""

    pid: int
    label: str
    target_mib: float
    rate_mib_s: float
    held_mib: float = 0.0
    starved: bool = False
    """It wants more than the card has just now."""

    @property
    def mib(self) -> int:
        """What it holds in whole MiB; sums of many small steps count as the round figure they stand for."""
        return int(self.held_mib + ROUNDING_MIB)

    @property
    def growing(self) -> bool:
        """Whether it wants to hold more than it does."""
        return self.held_mib < self.target_mib


@dataclass(frozen=True, slots=True)
class Lagging:
    """Memory whose process is gone and that the driver gives back at `until_s`."""

    mib: float
    until_s: float


class VramLedger:
    """The card's memory: the driver's part, live claims, what lags after a death, and what nobody explains.

    The sum of the four is the used memory, and it never passes `total_mib`: a claim that wants more is starved until
    there is room again.
    """

    def __init__(self, total_mib: int, reserved_mib: int, random: Random) -> None:
        self.total_mib = total_mib
        self.reserved_mib = reserved_mib
        self.sticks = False
        """While set, memory of the dead never comes back by itself: it is leaked."""
        self.frozen: set[int] = set()
        """Processes that hold what they have and cannot take more."""
        self._release_lag_s = RELEASE_LAG_S
        self._random = random
        self._claims: list[Claim] = []
        self._lagging: list[Lagging] = []
        self._leaked = dict.fromkeys(Leak, 0.0)
        self._now_s = 0.0

    @property
    def leaked_mib(self) -> int:
        """Memory that no process explains and that does not come back."""
        return int(sum(self._leaked.values()))

    @property
    def lagging_mib(self) -> int:
        """Memory on its way back."""
        return int(sum(lag.mib for lag in self._lagging))

    @property
    def claimed_mib(self) -> int:
        """Memory of live processes."""
        return sum(claim.mib for claim in self._claims)

    @property
    def used_mib(self) -> int:
        """`total - free`, the driver's own part included."""
        return self.reserved_mib + self.claimed_mib + self.lagging_mib + self.leaked_mib

    @property
    def free_mib(self) -> int:
        """What a new claim could have."""
        return self.total_mib - self.used_mib

    @property
    def growing(self) -> bool:
        """Whether any claim is still growing."""
        return any(claim.growing for claim in self._claims)

    def claims(self) -> Iterator[Claim]:
        """Every live claim, oldest first."""
        return iter(tuple(self._claims))

    def by_pid(self) -> dict[int, int]:
        """MiB held by each process with a claim."""
        held: dict[int, int] = {}
        for claim in self._claims:
            held[claim.pid] = held.get(claim.pid, 0) + claim.mib
        return held

    def claim(self, pid: int, label: str, target_mib: float, rate_mib_s: float) -> Claim:
        """Begins to take `target_mib`, or sets a new target for what this process holds under `label`."""
        found = next((c for c in self._claims if (c.pid, c.label) == (pid, label)), None)
        if found is None:
            found = Claim(pid, label, target_mib, rate_mib_s)
            self._claims.append(found)
        found.target_mib, found.rate_mib_s = target_mib, rate_mib_s
        return found

    def seize(self, pid: int, label: str, mib: float) -> None:
        """Takes `mib` in one allocation, or as much of it as is free."""
        claim = self.claim(pid, label, 0.0, 0.0)
        claim.held_mib = claim.target_mib = claim.held_mib + min(mib, float(self.free_mib))

    def release(self, pid: int, label: str) -> None:
        """Lets go of one claim; the memory comes back after the driver's lag."""
        self._let_go([c for c in self._claims if (c.pid, c.label) == (pid, label)], leaves_mib=0.0)

    def bury(self, pid: int, leaves_mib: float = 0.0) -> None:
        """The process is gone: so are its entries, at once. The memory lags, but `leaves_mib` of it are leaked."""
        self.frozen.discard(pid)
        self._let_go([c for c in self._claims if c.pid == pid], leaves_mib)

    @property
    def release_lag_s(self) -> tuple[float, float]:
        """The shortest and the longest time from the end of a process to the return of its memory."""
        return self._release_lag_s

    @release_lag_s.setter
    def release_lag_s(self, shortest_and_longest: tuple[float, float]) -> None:
        """What is on its way back already waits no longer than that either."""
        self._release_lag_s = shortest_and_longest
        latest_s = self._now_s + shortest_and_longest[1]
        self._lagging = [Lagging(lag.mib, min(lag.until_s, latest_s)) for lag in self._lagging]

    def recover(self, leak: Leak) -> None:
        """Gives back at once what leaked for this reason."""
        self._leaked[leak] = 0.0

    def move(self, now_s: float, stretch_s: float) -> None:
        """Lets time pass: lagging memory returns, claims grow."""
        self._now_s = now_s
        self._lagging = [lag for lag in self._lagging if lag.until_s > now_s]
        for claim in self._claims:
            if claim.growing and claim.pid not in self.frozen:
                self._grow(claim, stretch_s)

    def _grow(self, claim: Claim, stretch_s: float) -> None:
        wanted = min(claim.rate_mib_s * stretch_s, claim.target_mib - claim.held_mib)
        claim.starved = wanted > self.free_mib
        claim.held_mib += min(wanted, float(self.free_mib))

    def _let_go(self, claims: list[Claim], leaves_mib: float) -> None:
        gone_mib = float(sum(claim.mib for claim in claims))
        self._claims = [claim for claim in self._claims if claim not in claims]
        stays_mib = gone_mib if self.sticks else min(gone_mib, leaves_mib)
        self._leaked[Leak.STUCK if self.sticks else Leak.LEFT] += stays_mib
        if gone_mib > stays_mib:
            self._lag(gone_mib - stays_mib, self._random.uniform(*self._release_lag_s))

    def _lag(self, mib: float, lag_s: float) -> None:
        if lag_s > 0:
            self._lagging.append(Lagging(mib, self._now_s + lag_s))
