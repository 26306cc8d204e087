"""The gate before every start on the card: is it really free, and is there room? Pure: it has no clock and never acts.

It works with absolute levels and signed figures, never with what was freed since. What it cannot know keeps it shut.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution, Holder, mib_words


class Answer(StrEnum):
    """What the gate says. Only `OPEN` lets anything start."""

    OPEN = "open"
    WAIT = "wait"
    """Not now; another look may find the card free."""
    REFUSE = "refuse"
    """Not at all: the time is up, or waiting can never help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCase:
    """What is to be proved.

    Args:
        gone: workloads that must no longer be on the card.
        gone_pids: PIDs those workloads had on the card before, with the workload's name: a process that outlives its
            container is in no container, and its PID still tells whose it was.
        staying: workloads that may keep what they hold, with the VRAM each declares in MiB.
        need_mib: VRAM declared by everything that is started now.
        idle_mib: `total - free` of the card when nothing of ours runs, as it was learned.
        foreign_mib: what processes that are not ours held when that level was learned; part of `idle_mib`.
        tolerance_mib: how far above these two still counts as free.
        ceiling_mib: what may never be passed.
        samples: how many fresh looks in a row must agree; less than one counts as one.
        max_age_s: how old the newest of them may be.
        is_overridden: whether an operator's word lets memory that is not ours stay where it is. It counts against
            the ceiling all the same, and no word opens the gate to a workload that must be gone or is not planned with.
    """

    gone: Collection[str]
    gone_pids: Mapping[int, str]
    staying: Mapping[str, int]
    need_mib: int
    idle_mib: int
    foreign_mib: int = 0
    tolerance_mib: int
    ceiling_mib: int
    samples: int
    max_age_s: float = 2.0
    is_overridden: bool = False

    @property
    def least_mib(self) -> int:
        """What the card will show in the end even if it is perfectly clean now."""
        return self.idle_mib + sum(self.staying.values()) + self.need_mib


@dataclass(frozen=True, slots=True)
class Look:
    """One sample with its holders."""

    sample: GpuSample
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer.

    `reason` is for people, in whole sentences, and empty when the gate is open. `holders` are those who keep it shut.
    `is_overridable` says that an operator's word would open it now.
    """

    answer: Answer
    reason: str = ""
    holders: tuple[Holder, ...] = ()
    is_overridable: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something may start."""
        return self.answer is Answer.OPEN


@dataclass(frozen=True, slots=True)
class _Objection:
    """Why one look keeps the gate shut, and who does."""

    reason: str
    holders: tuple[Holder, ...]


def judge(case: GateCase, looks: Sequence[Look | None], *, now_s: float, is_last: bool = False) -> Verdict:
    """Judges the newest looks; opens only when the last `case.samples` of them are fresh and all find the card free.

    Args:
        case: what is to be proved.
        looks: oldest first; `None` is a look that gave nothing, and breaks the row.
        now_s: the present, on the clock of the samples' `at_s`.
        is_last: whether nobody waits any longer, so that a gate that stays shut is a refusal.
    """
    if case.least_mib > case.ceiling_mib:
        return Verdict(Answer.REFUSE, _too_much(case, case.least_mib, " even on a clean card"))
    shut = Answer.REFUSE if is_last else Answer.WAIT
    if blind := _why_blind(case, looks[-1] if looks else None, now_s):
        return Verdict(shut, blind if looks else "The card is being measured.")
    row = _row(case, looks)
    is_excused = case.is_overridden
    objection = next((found for look in row if (found := _objection(case, look, is_excused=is_excused))), None)
    is_proved = len(row) >= case.samples
    if objection:
        return Verdict(shut, objection.reason, objection.holders, is_proved and _would_open(case, row))
    if not is_proved:
        return Verdict(shut, _unproved(case) if is_last else "The card is being measured.")
    return Verdict(Answer.OPEN)


def why_closed(case: GateCase, look: Look) -> str:
    """Why this one look keeps the gate shut, in whole sentences; empty when it does not. Its age is not judged."""
    if words := nonsense(look.sample):
        return words
    found = _objection(case, look, is_excused=case.is_overridden)
    return found.reason if found else ""


def nonsense(sample: GpuSample) -> str:
    """Why nobody can tell anything from these figures, in a sentence; empty when they make sense.

    A counter that wrapped is no number: less than nothing or more than the whole card is unknown.
    """
    total_mib, free_mib = sample.total_mib, sample.free_mib
    if sample.processes is None:
        return "The processes on the card cannot be read, so nobody can say whether it is free."
    if total_mib <= 0 or not 0 <= free_mib <= total_mib:
        told = f"{mib_words(free_mib)} free of {mib_words(total_mib)}"
        return f"The driver's figures cannot be true ({told}), so nobody can say whether the card is free."
    for process in sample.processes:
        if process.used_mib is not None and not 0 <= process.used_mib <= total_mib:
            told = f"{mib_words(process.used_mib)} held by PID {process.pid}"
            return f"The driver's figures cannot be true ({told}), so nobody can say whether the card is free."
    return ""


def _row(case: GateCase, looks: Sequence[Look | None]) -> list[Look]:
    """The looks that count, newest first: distinct, in order, of one card, unbroken, and no more than are asked for."""
    row: list[Look] = []
    for look in reversed(looks):
        if look is None or nonsense(look.sample) or len(row) >= max(case.samples, 1):
            break
        if row and not _follows(row[-1].sample, look.sample):
            break
        row.append(look)
    return row


def _follows(later: GpuSample, earlier: GpuSample) -> bool:
    return earlier.at_s < later.at_s and earlier.total_mib == later.total_mib


def _why_blind(case: GateCase, newest: Look | None, now_s: float) -> str:
    """Why the newest look says nothing of the card as it is now; empty when it does."""
    if newest is None:
        return "The card cannot be read, so nobody can say whether it is free."
    if words := nonsense(newest.sample):
        return words
    age_s = now_s - newest.sample.at_s
    if age_s > case.max_age_s:
        return f"The last look at the card is {age_s:.1f} s old, so nobody can say whether it is free now."
    if not age_s >= 0:  # a time that is no number compares as false, and is not believed either
        return "The last look at the card carries a time that cannot be true, so nobody can say whether it is free now."
    return ""


def _unproved(case: GateCase) -> str:
    return f"The card was not seen free on {case.samples} fresh looks in a row, and fewer prove nothing."


def _would_open(case: GateCase, row: Sequence[Look]) -> bool:
    """Whether an operator's word would open it: nothing is left that no word excuses."""
    return not any(_objection(case, look, is_excused=True) for look in row)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The holders of one look, by what the case says of them, and what is left of the used memory.

    `hidden` are those who stay and whose amount the driver does not tell. `excess_mib` is how far the card is above
    idle without those who stay and those who are named anyway; `unexplained_mib` is what no process explains. Both are
    `None` where an amount is not known.
    """

    lingering: tuple[Holder, ...]
    intruders: tuple[Holder, ...]
    strangers: tuple[Holder, ...]
    hidden: tuple[Holder, ...]
    stranger_mib: int | None
    excess_mib: int | None
    unexplained_mib: int | None


def _objection(case: GateCase, look: Look, *, is_excused: bool) -> _Objection | None:
    """What a look that makes sense has against a start, everyone named; `None` when nothing.

    `is_excused`: by an operator's word, memory that is not ours may stay where it is.
    """
    found = _sort(case, look)
    is_loose = not is_excused and _is_loose(case, found)
    held = (*found.intruders, *(found.strangers if is_loose else ()))
    said = [f"Still on the card: {_told(found.lingering)}."] if found.lingering else []
    said += [f"The card is held by {_told(held)}."] if held else []
    said += _left_over(case, found) if is_loose else []
    if said:
        holders = (*found.lingering, *held, *(found.hidden if is_loose else ()))
        return _Objection(" ".join(said), holders)
    if (needed_mib := _needed_mib(case, look)) > case.ceiling_mib:
        holders = look.attribution.holders
        told = f" On the card now: {_told(holders)}." if holders else ""
        return _Objection(_too_much(case, needed_mib) + told, holders)
    return None


def _sort(case: GateCase, look: Look) -> _Sorted:
    lingering: list[Holder] = []
    intruders: list[Holder] = []
    strangers: list[Holder] = []
    staying: list[Holder] = []
    for holder in look.attribution.holders:
        if was := _must_be_gone(case, holder):
            lingering.append(holder if holder.workload else replace(holder, label=was, workload=was))
        elif holder.workload in case.staying:
            staying.append(holder)
        else:
            (intruders if holder.workload else strangers).append(holder)
    stranger_mib = _sum_mib(strangers)
    rest_mib = _sum_mib(lingering + intruders + staying)
    excess_mib = None if rest_mib is None else look.sample.used_mib - rest_mib - case.idle_mib
    is_known = excess_mib is not None and stranger_mib is not None
    return _Sorted(
        tuple(lingering),
        tuple(intruders),
        tuple(strangers),
        tuple(holder for holder in staying if holder.mib is None),
        stranger_mib,
        excess_mib,
        (excess_mib or 0) + case.foreign_mib - (stranger_mib or 0) if is_known else None,
    )


def _must_be_gone(case: GateCase, holder: Holder) -> str | None:
    """The workload this holder is, or was, if that one must be gone."""
    if holder.workload is not None and holder.workload in case.gone:
        return holder.workload
    return next((case.gone_pids[pid] for pid in holder.pids if pid in case.gone_pids), None)


def _sum_mib(holders: Sequence[Holder]) -> int | None:
    """What they hold together; `None` when one of the amounts is not known."""
    amounts = [holder.mib for holder in holders if holder.mib is not None]
    return sum(amounts) if len(amounts) == len(holders) else None


def _is_loose(case: GateCase, found: _Sorted) -> bool:
    """Whether memory that is not ours, or nobody's, is on the card beyond what it shows when it is idle."""
    if found.hidden or found.stranger_mib is None:
        return True
    if found.stranger_mib > case.foreign_mib + case.tolerance_mib:
        return True
    return max(found.excess_mib or 0, found.unexplained_mib or 0) > case.tolerance_mib


def _left_over(case: GateCase, found: _Sorted) -> list[str]:
    """Sentences on what no holder's figure explains."""
    words = []
    if found.hidden:
        hidden = " and ".join(holder.label for holder in found.hidden)
        words.append(f"The driver does not say how much {hidden} may hold, so nobody knows what else is held.")
    unexplained_mib = found.unexplained_mib or 0
    is_stranger_small = (found.stranger_mib or 0) <= case.foreign_mib + case.tolerance_mib
    if unexplained_mib > (0 if is_stranger_small else case.tolerance_mib):
        amount = mib_words(unexplained_mib)
        words.append(f"{amount} of VRAM have not come back, and no process on the card explains them.")
    return words


def _told(holders: Sequence[Holder]) -> str:
    return "; ".join(holder.sentence() for holder in holders)


def _needed_mib(case: GateCase, look: Look) -> int:
    """What is measured, plus what was promised to those who stay, plus what is declared by those who start.

    An amount that is not known was measured with the rest, and is promised once more.
    """
    staying = {name: look.attribution.of(name) for name in case.staying}
    held_mib = {name: holder.mib or 0 if holder else 0 for name, holder in staying.items()}
    promised_mib = sum(max(declared - held_mib[name], 0) for name, declared in case.staying.items())
    return max(look.sample.used_mib, case.idle_mib + sum(held_mib.values())) + promised_mib + case.need_mib


def _too_much(case: GateCase, needed_mib: int, where: str = "") -> str:
    return f"{mib_words(needed_mib)} would be needed{where}, the ceiling is {mib_words(case.ceiling_mib)}."
