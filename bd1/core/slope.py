"""How fast used VRAM grows, judged so that one sudden allocation is not taken for growth. Pure."""

from itertools import pairwise
from typing import NamedTuple

POINTS = 5
"""How many samples are kept: half a second at the fastest pace, so that growth in lumps is still seen as growth."""

FEWEST = 3
"""Two samples are a difference, not a slope."""

SHORTEST_S = 0.15
"""Over a shorter stretch, noise of a few MiB is a steep slope; others than the watchdog may look in between."""


class Point(NamedTuple):
    """Used VRAM at one moment of the monotonic clock."""

    at_s: float
    used_mib: int


def with_sample(points: tuple[Point, ...], at_s: float, used_mib: int) -> tuple[Point, ...]:
    """The newest points, this one included."""
    return (*points[1 - POINTS :], Point(at_s, used_mib))


def growth_mib_s(points: tuple[Point, ...], floor_mib: int = 0) -> float | None:
    """MiB a second over the newest points; negative while it falls, `None` while these are too few or too close.

    The largest single step is left out: one allocation, however large, is over when it is seen. Of several stretches
    that end now the one that grew fastest counts, so that growth is seen two steps after it began. What lies below
    `floor_mib` counts as `floor_mib`: the way up to there is expected.
    """
    risen = [Point(at_s, max(used_mib, floor_mib)) for at_s, used_mib in points]
    stretches = (risen[-count:] for count in range(FEWEST, len(risen) + 1))
    long_enough = (stretch for stretch in stretches if stretch[-1].at_s - stretch[0].at_s >= SHORTEST_S)
    return max((_without_largest_step(stretch) for stretch in long_enough), default=None)


def fall_mib_s(points: tuple[Point, ...]) -> float:
    """How fast it fell between the last two points; 0 when it did not, or is not known."""
    if len(points) < 2:
        return 0.0
    before, now = points[-2:]
    return max((before.used_mib - now.used_mib) / (now.at_s - before.at_s), 0.0)


def _without_largest_step(points: list[Point]) -> float:
    steps = [(after.used_mib - before.used_mib, after.at_s - before.at_s) for before, after in pairwise(points)]
    steps.remove(max(steps))
    return sum(rise for rise, _ in steps) / sum(stretch_s for _, stretch_s in steps)
