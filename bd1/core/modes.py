"""Modes: what a switch has to stop and start, and which mode is really on. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bd1.core.settings import Mode, Settings, Workload


@dataclass(frozen=True, slots=True)
class Plan:
    """What lies between what runs and a mode. Only GPU workloads are ever stopped; the rest may stay."""

    target: Mode
    stop: tuple[Workload, ...]
    start: tuple[Workload, ...]
    stay: tuple[Workload, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.stop and not self.start

    @property
    def touches_card(self) -> bool:
        """Whether something that uses the card is to be started, so that the gate must be asked."""
        return any(workload.uses_gpu for workload in self.start)

    @property
    def need_mib(self) -> int:
        """VRAM declared by everything that will be on the card in the end."""
        return sum(workload.vram_mib for workload in (*self.start, *self.stay))


def plan(target: Mode, running: Collection[str], workloads: Mapping[str, Workload]) -> Plan:
    """Plans the way from `running` (workload names) to `target`; GPU workloads start last."""
    named = [workloads[name] for name in target.workloads]
    stop = [w for name, w in workloads.items() if name in running and w.uses_gpu and name not in target.workloads]
    start = [w for w in named if w.name not in running]
    start.sort(key=lambda workload: workload.uses_gpu)
    return Plan(target, tuple(stop), tuple(start), tuple(w for w in named if w.name in running))


def gpu_running(running: Collection[str], workloads: Mapping[str, Workload]) -> frozenset[str]:
    """The running workloads that may hold VRAM."""
    return frozenset(name for name in running if workloads[name].uses_gpu)


def derive(
    modes: Mapping[str, Mode], running: Collection[str], workloads: Mapping[str, Workload], remembered: str | None
) -> str | None:
    """The mode that is really on, from what runs; `None` when no mode fits (two GPU workloads side by side, say).

    A mode fits when the GPU workloads it names are exactly those that run. Where several fit, the remembered one wins,
    then the one with the most of its other workloads running.
    """
    on_card = gpu_running(running, workloads)
    fitting = [mode for mode in modes.values() if gpu_running(mode.workloads, workloads) == on_card]
    if remembered in {mode.name for mode in fitting}:
        return remembered
    fitting.sort(key=lambda mode: -len(set(mode.workloads) & set(running)))
    return fitting[0].name if fitting else None


def is_allowed_together(modes: Mapping[str, Mode], running: Collection[str], workloads: Mapping[str, Workload]) -> bool:
    """Whether some mode names all the GPU workloads that run."""
    on_card = gpu_running(running, workloads)
    return any(on_card <= set(mode.workloads) for mode in modes.values())


def why_no_chat(settings: Settings, mode: str | None, running: Collection[str]) -> str | None:
    """Why nobody can chat now and what mends it, in sentences; `None` when the chat model's workload runs."""
    chat = settings.chat.workload
    if chat in running:
        return None
    where = f"in {mode} mode" if mode else "in no mode that I know"
    way = way_to_chat(settings)
    mend = f" An operator can bring me back with `/gpu mode {way}`." if way else ""
    return f"The GPU is {where}, so I cannot answer now.{mend}"


def way_to_chat(settings: Settings) -> str | None:
    """The mode that runs the chat model; `None` when no mode does."""
    return next((found.name for found in settings.modes.values() if settings.chat.workload in found.workloads), None)
