"""What became of a switch that BD-1 did not see the end of, from what is written down and what runs. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bd1.core.journal import Entry, StepRecord
from bd1.core.modes import gpu_running
from bd1.core.progress import Outcome, StepState
from bd1.core.settings import Mode, Workload

_STOPPING = ("stop", "back stop")
_VERBS = (*_STOPPING, "start", "back start")


class Ending(StrEnum):
    """How such a switch has ended by itself."""

    FINISHED = "finished"
    UNDONE = "undone"
    """The old mode is on: nothing was stopped, or it had come back already."""
    IDLE = "idle"
    FOREIGN = "foreign"
    """What runs is neither the old mode nor what this switch started."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How it ended, and whether an empty card still has to be proved to be clean."""

    ending: Ending
    outcome: Outcome
    words: str
    needs_proof: bool = False


def begun(entry: Entry, verb: str) -> tuple[str, ...]:
    """The workloads that a step with this verb was begun for: `start`, `stop`, or the same with `back` before it."""
    found = [name for step in entry.steps if (name := _object(step, verb)) is not None]
    return tuple(dict.fromkeys(found))


def is_last_stopped(entry: Entry, name: str) -> bool:
    """Whether the last thing that was begun with this workload was to stop it, on the way there or back."""
    verbs = [verb for step in entry.steps for verb in _VERBS if _object(step, verb) == name]
    return bool(verbs) and verbs[-1] in _STOPPING


def resolve(
    entry: Entry, running: Collection[str], modes: Mapping[str, Mode], workloads: Mapping[str, Workload]
) -> Resolution:
    """Judges the entry by what runs now, once everything that was half done has settled."""
    on_card = gpu_running([name for name in running if name in workloads], workloads)
    where = _where(entry)
    if on_card and on_card == _on_card(modes.get(entry.target), workloads):
        if on_card - set(begun(entry, "start")) - _untouched(entry, workloads):
            up = f"{_list(on_card)} was started by somebody else meanwhile"
            return Resolution(Ending.FOREIGN, Outcome.FAILED, f"{where}, and {up}.")
        return Resolution(Ending.FINISHED, Outcome.DONE, f"{where}; it came up all the same and can do its work.")
    if on_card and on_card == _on_card(modes.get(entry.origin or ""), workloads):
        how = "It had gone back already" if begun(entry, "back start") else "Nothing had been stopped for good"
        return Resolution(Ending.UNDONE, Outcome.ROLLED_BACK, f"{where}. {how}: {entry.origin} mode is still on.")
    if on_card:
        return Resolution(Ending.FOREIGN, Outcome.FAILED, f"{where}. What runs now is {_list(on_card)}.")
    if entry.target in modes and not _on_card(modes[entry.target], workloads):
        return Resolution(Ending.FINISHED, Outcome.DONE, f"{where}; nothing is on the card.", needs_proof=True)
    words = f"{where}. Nothing runs on the card, and I start nothing on an old wish: it is left idle."
    return Resolution(Ending.IDLE, Outcome.FAILED, words, needs_proof=True)


def _where(entry: Entry) -> str:
    said = f"BD-1 ended in the middle of {entry.by}'s switch {entry.origin or 'unknown'} -> {entry.target}"
    if not entry.steps:
        return f"{said}, before its first step"
    last = entry.steps[-1]
    return f'{said}, {"after" if last.state is StepState.DONE else "at"} "{last.label}"'


def _on_card(mode: Mode | None, workloads: Mapping[str, Workload]) -> frozenset[str]:
    known = [name for name in mode.workloads if name in workloads] if mode else []
    return gpu_running(known, workloads)


def _untouched(entry: Entry, workloads: Mapping[str, Workload]) -> frozenset[str]:
    """The workloads that this switch meant neither to stop nor to start."""
    return frozenset(workloads) - set(entry.stops) - set(entry.starts)


def _object(step: StepRecord, verb: str) -> str | None:
    words = f"{verb} "
    return step.key.removeprefix(words) if step.key.startswith(words) else None


def _list(names: Collection[str]) -> str:
    return " and ".join(sorted(names))
