"""A month of normal use of the card, as the watchdog would see it: loads, unloads, picture nights and late releases.

Nothing here is trouble: every mode stays within what it declares, whatever it does there and however fast.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from bd1.core.gpu import Fault, GpuSample, ProbeFailure, Reading
from bd1.core.pace import is_at_rest, next_look_s
from bd1.core.settings import WatchdogSettings

TOTAL_MIB = 20475
IDLE_MIB = 460
TOLERANCE_MIB = 256
DAY_S = 86_400.0
NOISE_MIB = 6
RATES_MIB_S = (900.0, 6144.0)
"""From a slow disk to a warm cache over PCIe."""

LAG_S = (0.5, 1.5)
"""How long the driver keeps the memory of a dead process."""

_SETTLED_S = 4.0
"""A card that stands still is looked at for so long; more of the same tells nothing new and is skipped."""

CHAT, IMAGE, LARGE = 12_000, 8_000, 17_500
MODELS_MIB = {CHAT: (1900, 4700, 8100, 9220, 11_700), LARGE: (15_200, 16_900, 17_400)}
PICTURE_MIB = (2400, 4200, 1300)
"""ComfyUI's own part, its checkpoint, and what a picture takes for a moment."""


@dataclass(frozen=True)
class Moment:
    """One look, and what the mode declares at that time."""

    reading: Reading
    normal_mib: int


@dataclass
class Month:
    """Lives day after day; `moments` yields what the watchdog sees at its own pace."""

    seed: int
    limits: WatchdogSettings
    days: int = 30
    now_s: float = 0.0
    used_mib: float = IDLE_MIB
    declared_mib: int = 0
    loads: int = 0
    highest_mib: float = 0.0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 a repeatable month, not a secret

    def moments(self) -> Iterator[Moment]:
        """Every look of the month."""
        for day in range(self.days):
            self.now_s = max(self.now_s, day * DAY_S + 17 * 3600)
            if day % 7 in {2, 5}:
                yield from self._in_mode(IMAGE, self._picture_night)
            for _ in range(self.random.randint(2, 5)):
                mode = self.random.choice((CHAT, CHAT, IMAGE, LARGE))
                yield from self._in_mode(mode, self._evening[mode])

    @property
    def _evening(self) -> dict[int, Callable[[], Iterator[Moment]]]:
        return {CHAT: lambda: self._chatting(CHAT), LARGE: lambda: self._chatting(LARGE), IMAGE: self._pictures}

    def _in_mode(self, declared_mib: int, life: Callable[[], Iterator[Moment]]) -> Iterator[Moment]:
        self.declared_mib = declared_mib
        yield from self._still(self.random.uniform(1, 5))
        yield from life()
        self.declared_mib = 0  # its containers are dead, and their memory lags behind
        yield from self._release(self.used_mib - IDLE_MIB)
        yield from self._still(30)

    def _chatting(self, mode: int) -> Iterator[Moment]:
        """One model after the other; the last is still on the card when the mode ends."""
        for _ in range(self.random.randint(2, 10)):
            yield from self._release(self.used_mib - IDLE_MIB)
            yield from self._still(self.random.uniform(0, 3))
            model_mib = self.random.choice(MODELS_MIB[mode])
            yield from self._load(model_mib)
            yield from self._jump(self.random.uniform(0, min(2000, mode - model_mib)))
            yield from self._still(self.random.uniform(5, 600))

    def _pictures(self, count: int = 12) -> Iterator[Moment]:
        own_mib, checkpoint_mib, picture_mib = PICTURE_MIB
        yield from self._load(own_mib)
        yield from self._load(checkpoint_mib)
        for _ in range(count):
            yield from self._still(self.random.uniform(2, 20))
            yield from self._jump(picture_mib)
            yield from self._still(self.random.uniform(0.1, 1.5))
            yield from self._jump(-picture_mib)

    def _picture_night(self) -> Iterator[Moment]:
        return self._pictures(150)

    def _load(self, mib: float) -> Iterator[Moment]:
        """Layer by layer over PCIe, or for one in five in a few large allocations."""
        self.loads += 1
        if self.random.random() < 0.2:
            for _ in range(3):
                yield from self._jump(mib / 3)
                yield from self._still(self.random.uniform(0.05, 0.4))
            return
        rate_mib_s, goal_mib = self.random.uniform(*RATES_MIB_S), self.used_mib + mib
        while self.used_mib < goal_mib:
            moment, stretch_s = self._look()
            yield moment
            self.used_mib = min(goal_mib, self.used_mib + rate_mib_s * stretch_s)

    def _release(self, mib: float) -> Iterator[Moment]:
        """A process has ended: its memory stays for a while, and comes back at once."""
        yield from self._still(self.random.uniform(*LAG_S))
        yield from self._jump(-mib)

    def _jump(self, mib: float) -> Iterator[Moment]:
        self.used_mib += mib
        yield self._look()[0]

    def _still(self, seconds: float) -> Iterator[Moment]:
        until_s = self.now_s + seconds
        settled_s = self.now_s + _SETTLED_S
        while self.now_s < min(until_s, settled_s):
            moment, _ = self._look()
            yield moment
            if isinstance(moment.reading, ProbeFailure):
                settled_s = self.now_s + _SETTLED_S
        self.now_s = max(self.now_s, until_s)

    def _look(self) -> tuple[Moment, float]:
        """A look now, and how long until the next; timers are late by up to 30 ms."""
        reading = self._reading()
        at_rest = isinstance(reading, GpuSample) and is_at_rest(
            reading, () if self.used_mib <= IDLE_MIB else None, idle_mib=IDLE_MIB, tolerance_mib=TOLERANCE_MIB
        )
        stretch_s = next_look_s(self.limits, reading, is_at_rest=at_rest) + self.random.uniform(0, 0.03)
        self.now_s += stretch_s
        return Moment(reading, IDLE_MIB + TOLERANCE_MIB + self.declared_mib), stretch_s

    def _reading(self) -> Reading:
        if self.random.random() < 0.0005:
            return ProbeFailure(self.now_s, Fault.UNKNOWN, "A look that failed once.")
        used_mib = round(self.used_mib) + self.random.randint(0, NOISE_MIB)
        self.highest_mib = max(self.highest_mib, used_mib)
        return GpuSample(at_s=self.now_s, total_mib=TOTAL_MIB, free_mib=TOTAL_MIB - used_mib)
