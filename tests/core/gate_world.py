"""A card that is played for the gate, fast and from a seed, and the gate's rules written a second time.

`may_open` works on the raw figures and must never call the gate: it is what the gate is held against.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import NamedTuple

from bd1.core.gate import GateCase, Look
from bd1.core.gpu import GpuProcess, GpuSample
from bd1.core.holders import Owner, attribute

TOTAL_MIB = 20475
INTERVAL_S = 0.2
STRANGER = ""
OWNERS: Mapping[int, Owner] = {
    11: Owner("ollama"),
    12: Owner("comfyui"),
    13: Owner("helper"),
    14: Owner("whisper"),
    15: Owner(None, "f" * 64),
    16: Owner(),
    17: Owner(),
    21: Owner(),
}
"""PID 17 was there when the idle level was learned. PID 21 was comfyui's: its container is gone, and it lives on."""
WHO = {pid: owner.workload or STRANGER for pid, owner in OWNERS.items()}


class Raw(NamedTuple):
    """What the driver says: figures only, `held` by PID."""

    at_s: float
    total_mib: int
    free_mib: int
    held: tuple[tuple[int, int | None], ...]

    def look(self, case: GateCase) -> Look:
        """The same as the gate is shown it."""
        processes = tuple(GpuProcess(pid, mib, "python3") for pid, mib in self.held)
        sample = GpuSample(self.at_s, self.total_mib, self.free_mib, processes)
        return Look(sample, attribute(processes, OWNERS, sample.used_mib, case.idle_mib - case.foreign_mib))


def may_open(case: GateCase, seen: Sequence[Raw | None], now_s: float) -> bool:
    """The rules once more: whether anything may start on what was seen."""
    row = seen[-case.samples :]
    if len(row) < case.samples:
        return False
    known = [raw for raw in row if raw is not None]
    if len(known) < len(row) or any(not later.at_s > raw.at_s for raw, later in pairwise(known)):
        return False
    age_s = now_s - known[-1].at_s
    is_fresh = age_s >= 0 and age_s <= case.max_age_s
    return is_fresh and len({raw.total_mib for raw in known}) == 1 and all(is_clean(case, raw) for raw in known)


def is_clean(case: GateCase, raw: Raw) -> bool:
    """Whether one reading has nothing against a start."""
    used_mib = raw.total_mib - raw.free_mib
    if raw.total_mib <= 0 or used_mib < 0 or raw.free_mib < 0:
        return False
    kept = dict.fromkeys(case.staying, 0)
    foreign_mib, is_told = 0, True
    for pid, mib in raw.held:
        if mib is not None and (mib < 0 or mib > raw.total_mib):
            return False
        who = WHO[pid]
        if who in case.gone or pid in case.gone_pids or (who != STRANGER and who not in kept):
            return False
        is_told = is_told and mib is not None
        if who == STRANGER:
            foreign_mib += mib or 0
        else:
            kept[who] += mib or 0
    if not case.is_overridden and not (is_told and _is_idle(case, used_mib - sum(kept.values()), foreign_mib)):
        return False
    promised_mib = sum(declared - kept[who] for who, declared in case.staying.items() if declared > kept[who])
    measured_mib = max(used_mib, case.idle_mib + sum(kept.values()))
    return measured_mib + promised_mib + case.need_mib <= case.ceiling_mib


def _is_idle(case: GateCase, level_mib: int, foreign_mib: int) -> bool:
    nobodys_mib = level_mib - foreign_mib - (case.idle_mib - case.foreign_mib)
    return (
        level_mib <= case.idle_mib + case.tolerance_mib
        and foreign_mib <= case.foreign_mib + case.tolerance_mib
        and nobodys_mib <= case.tolerance_mib
    )


_LIES: tuple[Callable[[Raw, int], Raw], ...] = (
    lambda raw, some: raw._replace(at_s=raw.at_s - some / 1000),
    lambda raw, some: raw._replace(at_s=raw.at_s + some / 1000),
    lambda raw, some: raw._replace(free_mib=-some),
    lambda raw, some: raw._replace(free_mib=raw.total_mib + some),
    lambda raw, _some: raw._replace(total_mib=0, free_mib=0),
    lambda raw, _some: raw._replace(total_mib=2 * raw.total_mib, free_mib=raw.total_mib + raw.free_mib),
    lambda raw, some: raw._replace(held=tuple((pid, -some) for pid, _mib in raw.held)),
    lambda raw, some: raw._replace(held=tuple((pid, some << 20) for pid, _mib in raw.held)),
)


class Scene:
    """One switch on one card: what is there at each step of the waiting, and what of it the driver tells.

    The truth depends on the step alone, so that it can be asked again; what is told has the driver's faults in it.
    `horizon` is how many steps late the slowest release may be; `trouble` how likely each kind of trouble is.
    """

    def __init__(self, rng: Random, horizon: int, trouble: float) -> None:
        self._rng = rng
        chance = rng.random
        self.idle_mib = self._pick(200, 900)
        self.foreign_mib = self._pick(0, 180) if chance() < 0.3 else 0
        self.declared_mib = self._pick(0, 2000)
        self.case = self._draw_case()
        self._gone_mib = self._pick(200, 15000)
        self._lag = int(horizon * chance() ** 4)
        self._parts = self._pick(1, 5)
        self._linger = self._pick(1, 4) if chance() < trouble else 0
        self._is_orphan = chance() < 0.3
        self._leak_mib = self._pick(0, 1500) if chance() < trouble else self._pick(0, 120)
        self._rise_mib = self._pick(0, 200) if chance() < trouble else 0
        self._sag_mib = self._pick(0, 200) if chance() < trouble else 0
        self._foreign_until = self._pick(0, horizon) if chance() < trouble else 2 * horizon
        self._kept_mib = self._pick(0, self.declared_mib + 200)
        self._others = [self._draw_other(pid, horizon) for pid in (12, 14, 15, 16) if chance() < trouble]
        self._hidden = {pid for pid in (13, 15, 16) if chance() < trouble / 5}
        self._stays_forever = chance() < trouble / 3

    def _pick(self, least: int, limit: int) -> int:
        return least + int(self._rng.random() * (limit - least))  # three times as fast as randrange

    def _draw_case(self) -> GateCase:
        rng = self._rng
        return GateCase(
            gone=("ollama", "comfyui"),
            gone_pids={11: "ollama", 21: "comfyui"},
            staying={"helper": self.declared_mib},
            need_mib=self._pick(1000, 16500),
            idle_mib=self.idle_mib,
            foreign_mib=self.foreign_mib,
            tolerance_mib=256,
            ceiling_mib=19451,
            samples=rng.choice((1, 2, 3, 3)),
            is_overridden=rng.random() < 0.1,
        )

    def _draw_other(self, pid: int, horizon: int) -> tuple[int, int, int, int]:
        since = self._pick(0, horizon)
        return pid, since, since + self._pick(1, 8), self._rng.choice((0, 3, 90, 300, 4000))

    def truth(self, step: int) -> Raw:
        """What is really on the card."""
        held: list[tuple[int, int | None]] = []
        out = step - self._lag - self._parts + 1
        left_mib = self._left_mib(step)
        if left_mib or out < self._linger:
            held.append((21 if self._is_orphan else 11, left_mib or 2))
        if self._kept_mib:
            held.append((13, self._kept_mib))
        if self.foreign_mib and step < self._foreign_until:
            held.append((17, self.foreign_mib))
        held += [(pid, mib) for pid, since, until, mib in self._others if since <= step < until]
        nobodys_mib = self.idle_mib - self.foreign_mib - self._sag_mib
        if out >= 0:
            nobodys_mib += self._leak_mib + self._rise_mib * out
        used_mib = nobodys_mib + sum(mib or 0 for _pid, mib in held)
        return Raw(step * INTERVAL_S, TOTAL_MIB, max(TOTAL_MIB - used_mib, 0), tuple(held))

    def _left_mib(self, step: int) -> int:
        """What has not come back yet: all of it until the lag is over, then less with every step."""
        if self._stays_forever or step < self._lag:
            return self._gone_mib
        return self._gone_mib * max(self._lag + self._parts - 1 - step, 0) // self._parts

    def shown(self, step: int) -> Raw:
        """The truth as far as a driver without faults tells it: some amounts it never does."""
        raw = self.truth(step)
        if not self._hidden:
            return raw
        return raw._replace(held=tuple((pid, None if pid in self._hidden else mib) for pid, mib in raw.held))

    def told(self, step: int, before: Sequence[Raw | None], fault: float) -> Raw | None:
        """What the driver says at that step: sometimes nothing, something old or something impossible."""
        raw = self.shown(step)
        luck = self._rng.random()
        if luck >= fault:
            return raw
        kind = int(luck / fault * (3 + len(_LIES)))
        if kind < len(_LIES):
            return _LIES[kind](raw, self._pick(1, 5000))
        back = kind - len(_LIES)
        return before[-back] if 0 < back <= len(before) else None

    def now_s(self, step: int) -> float:
        """When the verdict is asked for: a moment after the look, sometimes far too late."""
        luck = self._rng.random()
        return step * INTERVAL_S + (0.01 if luck > 0.02 else 200 * luck)
