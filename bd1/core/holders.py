"""Who holds the VRAM: processes joined to containers. What no container explains is named too. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from bd1.core.gpu import GpuProcess


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with memory on the card.

    `workload` is the configured workload's name, `None` for anyone else (`label` then says who).
    `mib` is `None` where the driver does not say how much one of the processes holds.
    `since` is when the first of its processes was seen on the card, wall time; `None` when nobody kept that.
    `names` are the processes' names in the order of `pids`, empty where they are not known.
    """

    label: str
    workload: str | None
    mib: int | None
    pids: tuple[int, ...]
    since: datetime | None = None
    names: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The holder in words: `comfyui, 7 200 MiB (PID 4711 python3)`."""
        amount = "an unknown amount" if self.mib is None else mib_words(self.mib)
        pids = ", ".join(str(pid) for pid in self.pids)
        told = not pids or self.label.endswith(f"(PID {pids})")  # an orphan is labelled with its PID already
        return f"{self.label}, {amount}" + ("" if told else f" (PID {self._processes()})")

    def _processes(self) -> str:
        pairs = zip_longest(self.pids, self.names[: len(self.pids)], fillvalue="")
        return ", ".join(f"{pid} {name}".rstrip() for pid, name in pairs)


def mib_words(mib: int) -> str:
    """An amount for people, with thin groups: `16 380 MiB`."""
    return f"{mib:,} MiB".replace(",", "\N{NARROW NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class Owner:
    """Where a process lives. Workload and container are `None` for a process in no container that is known.

    `since` is when it was first seen on the card, wall time; `None` when nobody kept that.
    """

    workload: str | None = None
    container_id: str | None = None
    process_name: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """All holders, largest first, and the MiB that no process explains (`None` where the driver does not say)."""

    holders: tuple[Holder, ...]
    unattributed_mib: int | None

    def of(self, workload: str) -> Holder | None:
        """The holder that is this workload, if it holds anything."""
        return next((holder for holder in self.holders if holder.workload == workload), None)

    @property
    def strangers(self) -> tuple[Holder, ...]:
        """Everyone on the card who is no configured workload."""
        return tuple(holder for holder in self.holders if holder.workload is None)


def attribute(
    processes: Sequence[GpuProcess], owners: Mapping[int, Owner], used_mib: int, reserved_mib: int
) -> Attribution:
    """Joins processes to their owners.

    Args:
        processes: everything with a context on the card.
        owners: by PID; a PID that is absent is in no container.
        used_mib: `total - free` of the same sample.
        reserved_mib: what the driver keeps for itself; not held by anyone.
    """
    groups: dict[tuple[str, str | None], list[tuple[GpuProcess, Owner]]] = {}
    for process in processes:
        owner = owners.get(process.pid, Owner())
        groups.setdefault(_group(process, owner), []).append((process, owner))
    holders = [_holder(label, workload, members) for (label, workload), members in groups.items()]
    holders.sort(key=lambda holder: (-(holder.mib or 0), holder.label))
    return Attribution(tuple(holders), _unattributed(holders, used_mib, reserved_mib))


def _group(process: GpuProcess, owner: Owner) -> tuple[str, str | None]:
    if owner.workload is not None:
        return owner.workload, owner.workload
    if owner.container_id is not None:
        return f"a container that is not configured ({owner.container_id[:12]})", None
    name = process.name or owner.process_name or "an unknown process"
    return f"{name}, outside any container (PID {process.pid})", None


def _holder(label: str, workload: str | None, members: Sequence[tuple[GpuProcess, Owner]]) -> Holder:
    known = [process.used_mib for process, _owner in members if process.used_mib is not None]
    mib = sum(known) if len(known) == len(members) else None
    pids = tuple(process.pid for process, _owner in members)
    names = tuple(process.name or owner.process_name or "" for process, owner in members)
    since = min((owner.since for _process, owner in members if owner.since), default=None)
    return Holder(label, workload, mib, pids, since, names)


def _unattributed(holders: Sequence[Holder], used_mib: int, reserved_mib: int) -> int | None:
    if any(holder.mib is None for holder in holders):
        return None
    return used_mib - reserved_mib - sum(holder.mib or 0 for holder in holders)
