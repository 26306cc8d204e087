"""When a workload that keeps ending by itself has to stay off: too often, or with more left behind each time. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bd1.core.settings import WatchdogSettings

RISE_MIB = 256
"""A floor that is so much higher than before has risen: less is the noise of drivers and of other programs."""

MOST_RISES = 2

PLANNED_CODES = frozenset({0, 130, 137, 143})
"""How a container ends that somebody stopped: politely, or by SIGINT, SIGKILL or SIGTERM."""


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

    `ended_at` is the newest end that is known, planned or not; `restarts` counts those of Docker's own restarts that
    follow an end that is known.
    """

    exits: tuple[Exit, ...] = ()
    floors_mib: tuple[int, ...] = ()
    ended_at: datetime | None = None
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What Docker keeps of a container: its last end, and its own restarts since somebody last started it.

    `ended_at` is `None` when it never ended, `code` while it runs.
    """

    is_running: bool
    ended_at: datetime | None
    code: int | None
    restarts: int


def ended(limits: WatchdogSettings, state: Ratchet, end: Exit) -> Ratchet:
    """With one more unplanned end; those that are older than the window are forgotten."""
    kept = tuple(exit_ for exit_ in state.exits if end.at_s - exit_.at_s <= limits.crash_window_s)
    return replace(heard(state, end.at), exits=(*kept, end))


def heard(state: Ratchet, at: datetime) -> Ratchet:
    """With an end that was told of, planned or not. Docker may start it again for that."""
    return replace(state, ended_at=at, restarts=state.restarts + 1)


def is_known(state: Ratchet, at: datetime) -> bool:
    """Whether this is no later end than the last one that is known."""
    return state.ended_at is not None and at <= state.ended_at


def missed(limits: WatchdogSettings, state: Ratchet, past: Past, now: datetime) -> int:
    """How many unplanned ends nobody was told of, as far as Docker tells; 0 where the last is older than the window.

    Each of Docker's own restarts follows such an end. The last one of what does not run counts where its code is none
    that a stop leaves. When each of several was is not known: they count as of the last.
    """
    if past.ended_at is None or is_known(state, past.ended_at):
        return 0
    if now - past.ended_at > timedelta(seconds=limits.crash_window_s):
        return 0
    restarts = past.restarts - state.restarts if past.restarts >= state.restarts else past.restarts
    is_crash = not past.is_running and past.code is not None and past.code not in PLANNED_CODES
    return restarts + is_crash


def caught_up(state: Ratchet, past: Past) -> Ratchet:
    """With all that Docker keeps taken note of. What does not run may still be started again for its last end."""
    restarts = past.restarts + (not past.is_running and past.ended_at is not None)
    return replace(state, ended_at=past.ended_at or state.ended_at, restarts=restarts)


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
