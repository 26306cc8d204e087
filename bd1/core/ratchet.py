"""When a workload that keeps ending by itself has to stay off: too often, or with more left behind each time. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from bd1.core.settings import WatchdogSettings

RISE_MIB = 256
"""A floor that is so much higher than before has risen: less is the noise of drivers and of other programs."""

MOST_RISES = 2


@dataclass(frozen=True, slots=True)
class Exit:
    """One unplanned end. `code` is `None` where Docker did not tell it."""

    at_s: float
    at: datetime
    code: int | None


@dataclass(frozen=True, slots=True)
class Ratchet:
    """What is remembered of one workload.

    `exits` are those within the window, `floors_mib` what the card held after the deaths, oldest first, with the level
    before the first of them. A floor that fell back begins the row anew.
    """

    exits: tuple[Exit, ...] = ()
    floors_mib: tuple[int, ...] = ()


def ended(limits: WatchdogSettings, state: Ratchet, end: Exit) -> Ratchet:
    """With one more unplanned end; those that are older than the window are forgotten."""
    kept = tuple(exit_ for exit_ in state.exits if end.at_s - exit_.at_s <= limits.crash_window_s)
    return replace(state, exits=(*kept, end))


def settled(state: Ratchet, floor_mib: int, idle_mib: int) -> Ratchet:
    """With what the card holds since the last death, in MiB of `total - free` without what live workloads hold.

    `idle_mib` is what it holds when nothing of ours runs; the first floor is compared with that.
    """
    floors = state.floors_mib or (idle_mib,)
    if floor_mib >= floors[-1] + RISE_MIB:
        return replace(state, floors_mib=(*floors, floor_mib))
    if floor_mib <= floors[-1] - RISE_MIB:
        return replace(state, floors_mib=(floor_mib,))
    return replace(state, floors_mib=floors)


def why_off(limits: WatchdogSettings, state: Ratchet) -> str | None:
    """Why it has to stay off, half a sentence that begins with a verb; `None` while it may run."""
    if len(state.exits) >= limits.crash_exits:
        return f"ended by itself {len(state.exits)} times within {limits.crash_window_s / 60:g} minutes"
    if len(state.floors_mib) > MOST_RISES:
        return f"left more VRAM behind at each of {len(state.floors_mib) - 1} ends"
    return None
