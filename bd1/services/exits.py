"""Remembers the unplanned ends of the workloads and what they left behind, over restarts of BD-1. It judges nothing.

Counting is instant and cannot fail; the disk follows.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bd1.core.ratchet import Exit, Past, Ratchet, caught_up, ended, heard, is_known, missed, settled
from bd1.core.settings import WatchdogSettings
from bd1.ports import Clock, ContainerState, Store
from bd1.services.write_behind import WriteBehind

_LOG = logging.getLogger(__name__)
_COLLECTION = "exits"
_SAME_S = 1.0
"""What Docker keeps as the time of an end, and the time at which it tells of it, lie so close together."""


class ExitBook:
    """One `Ratchet` for each workload."""

    def __init__(self, limits: WatchdogSettings, store: Store, clock: Clock) -> None:
        self._limits = limits
        self._store = store
        self._clock = clock
        self._states: dict[str, Ratchet] = {}
        self._found: dict[str, datetime] = {}
        self._disk = WriteBehind(
            store, clock, collection=_COLLECTION, what="the ends of workloads", document=self._document
        )

    async def load(self) -> None:
        """Takes back what an earlier run counted. Raises `StoreUnavailable`."""
        now, now_s = self._clock.now(), self._clock.monotonic()
        for name, document in await self._store.items(_COLLECTION):
            try:
                self._states.setdefault(name, _from_document(document, now, now_s))
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("the ends of %s are told in another version's shape and are left aside", name)

    def of(self, name: str) -> Ratchet:
        """What is remembered of this workload."""
        return self._states.get(name, Ratchet())

    def count(self, name: str, at: datetime, code: int | None) -> Ratchet:
        """One more unplanned end that was told of."""
        state = self.of(name)
        return state if self._was_found(name, at) else self._keep(name, self._with_end(state, at, code))

    def note(self, name: str, at: datetime) -> None:
        """A planned end that was told of."""
        if not self._was_found(name, at):
            self._keep(name, heard(self.of(name), at))

    def _was_found(self, name: str, at: datetime) -> bool:
        """Whether a look has found this end before it was told of.

        What is known of a time to come was kept before the clock was set back, and says nothing of this end.
        """
        found, state = self._found.pop(name, None), self.of(name)
        was_set_back = state.ended_at is not None and state.ended_at > max(self._clock.now(), at)
        is_same = found is not None and abs((at - found).total_seconds()) < _SAME_S
        return is_same or (is_known(state, at) and not was_set_back)

    def catch_up(self, name: str, seen: ContainerState) -> int:
        """Counts what Docker keeps of ends that nobody heard of; how many these were."""
        state = self.of(name)
        past = Past(seen.running, seen.ended_at, seen.exit_code, seen.restarts)
        count = missed(self._limits, state, past, self._clock.now())
        if count and seen.ended_at:
            self._found[name] = seen.ended_at
            for _ in range(count):
                state = self._with_end(state, seen.ended_at, seen.exit_code)
        state = caught_up(state, past)
        if state != self.of(name):
            self._keep(name, state)
        return count

    def settle(self, name: str, floor_mib: int, idle_mib: int) -> Ratchet:
        """What the card holds since the last of these ends, as `core.ratchet.settled` takes it."""
        return self._keep(name, settled(self.of(name), floor_mib, idle_mib))

    def begin_anew(self, name: str) -> None:
        """The ends so far have had their consequence and are held against nobody any more."""
        state = self.of(name)
        self._keep(name, Ratchet(ended_at=state.ended_at, restarts=state.restarts))

    async def run(self) -> None:
        """Writes changes to disk as they come, for ever; to a disk that refuses, again and again."""
        await self._disk.run()

    async def flush(self) -> bool:
        """Writes what is not written yet. False when the disk refuses, which is told once in the log."""
        return await self._disk.flush()

    def _document(self, name: str) -> dict[str, Any]:
        return _to_document(self.of(name))

    def _with_end(self, state: Ratchet, at: datetime, code: int | None) -> Ratchet:
        at_s = _monotonic_s(at, self._clock.now(), self._clock.monotonic())
        return ended(self._limits, state, Exit(at_s, at, code))

    def _keep(self, name: str, state: Ratchet) -> Ratchet:
        self._states[name] = state
        self._disk.changed(name)
        return state


def _monotonic_s(at: datetime, now: datetime, now_s: float) -> float:
    """A moment of the calendar by this process's clock; what has happened never lies ahead, whatever the clocks say."""
    return now_s - max((now - at).total_seconds(), 0.0)


def _to_document(state: Ratchet) -> dict[str, Any]:
    return {
        "exits": [{"at": end.at.isoformat(), "code": end.code} for end in state.exits],
        "floors_mib": list(state.floors_mib),
        "ended_at": state.ended_at.isoformat() if state.ended_at else None,
        "restarts": state.restarts,
    }


def _from_document(document: Mapping[str, Any], now: datetime, now_s: float) -> Ratchet:
    ends = [(datetime.fromisoformat(end["at"]), end["code"]) for end in document["exits"]]
    exits = tuple(Exit(_monotonic_s(at, now, now_s), at, code) for at, code in ends)
    ended_at = document["ended_at"]
    return Ratchet(
        exits,
        tuple(document["floors_mib"]),
        datetime.fromisoformat(ended_at) if ended_at else None,
        int(document["restarts"]),
    )
