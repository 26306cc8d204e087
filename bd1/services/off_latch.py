"""Remembers which workloads are latched off, with the evidence. It touches no container and opens nothing by itself."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bd1.core.holders import mib_words
from bd1.core.ratchet import Ratchet
from bd1.core.settings import Workload
from bd1.errors import StoreUnavailable, SwitchRefused
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_COLLECTION = "off"
_SHOWN = 10
"""As many ends are told as evidence, the newest of them."""


@dataclass(frozen=True, slots=True)
class Off:
    """A workload that must not be started. `why` is half a sentence; `ends` are the unplanned ones, oldest first.

    A code is `None` where Docker did not tell it. `floors_mib` is what the card held before the first end and after
    each that left more behind; empty where that was never seen.
    """

    since: datetime
    why: str
    ends: tuple[tuple[datetime, int | None], ...]
    floors_mib: tuple[int, ...]

    def evidence(self) -> str:
        """What speaks against it, in whole sentences."""
        ends = ", ".join(
            f"{at:%H:%M:%S}" + ("" if code is None else f" (exit code {code})") for at, code in self.ends[-_SHOWN:]
        )
        told = f"It {self.why}: {ends} UTC."
        if len(self.floors_mib) > 1:
            told += f" The card's floor rose: {' -> '.join(mib_words(mib) for mib in self.floors_mib)}."
        return told


class OffLatch:
    """Set by a crash loop or a ratchet; opened by an operator only."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._off: dict[str, Off] = {}

    async def load(self) -> None:
        """Takes back what an earlier run latched. Raises `StoreUnavailable`."""
        for name, document in await self._store.items(_COLLECTION):
            try:
                self._off.setdefault(name, _from_document(document))
            except (KeyError, TypeError, ValueError, AttributeError):
                _LOG.warning("that %s is latched off is told in another version's shape; it stays off", name)
                self._off[name] = Off(self._clock.now(), "was latched off by another version of BD-1", (), ())

    def get(self, name: str) -> Off | None:
        """What this workload is latched off for; `None` while it may be started."""
        return self._off.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The workloads that are latched off."""
        return tuple(sorted(self._off))

    def reason(self, workload: Workload) -> str | None:
        """Why this workload must not be started and what mends it, in whole sentences; `None` while it may be."""
        off = self._off.get(workload.name)
        if off is None:
            return None
        return (
            f"{workload.name} is latched off since {off.since:%Y-%m-%d %H:%M} UTC. {off.evidence()} Find out why, then "
            f"an operator can let it run again with `/gpu rearm {workload.name}`."
        )

    def refuse(self, workload: Workload) -> None:
        """Raises `SwitchRefused` for a workload that is latched off."""
        if reason := self.reason(workload):
            raise SwitchRefused(reason)

    async def set(self, workload: Workload, why: str, state: Ratchet) -> Off:
        """From now on it must not be started. Holds in memory even where the disk refuses; that is in the log then."""
        ends = tuple((end.at, end.code) for end in state.exits)
        off = self._off[workload.name] = Off(self._clock.now(), why, ends, state.floors_mib)
        try:
            await self._store.put(_COLLECTION, workload.name, _to_document(off))
        except StoreUnavailable as trouble:
            _LOG.error("that %s is latched off cannot be written down: %s", workload.name, trouble)
        return off

    async def open(self, workload: Workload, by: str) -> None:
        """A person answers for it. Raises `StoreUnavailable`, and then it stays off."""
        await self._store.delete(_COLLECTION, workload.name)
        self._off.pop(workload.name, None)
        _LOG.warning("%s is no longer latched off: %s answers for it", workload.name, by)


def _to_document(off: Off) -> dict[str, Any]:
    return {
        "since": off.since.isoformat(),
        "why": off.why,
        "ends": [{"at": at.isoformat(), "code": code} for at, code in off.ends],
        "floors_mib": list(off.floors_mib),
    }


def _from_document(document: Mapping[str, Any]) -> Off:
    ends = tuple((datetime.fromisoformat(end["at"]), end["code"]) for end in document["ends"])
    return Off(datetime.fromisoformat(document["since"]), document["why"], ends, tuple(document["floors_mib"]))
