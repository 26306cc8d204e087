"""The gate before every start on the card: is it really free, and is there room? Pure; a refusal names the holder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution, Holder, mib_words


@dataclass(frozen=True, slots=True)
class GateCase:
    """What is to be proved.

    Args:
        gone: workloads that must no longer be on the card.
        staying: workloads that may keep what they hold.
        need_mib: VRAM declared by everything that will be on the card, those that stay included.
        idle_mib: `total - free` of the card when nobody uses it (what the driver keeps).
        tolerance_mib: how far above idle still counts as free.
        ceiling_mib: what may never be passed.
        samples: how many fresh samples in a row must agree.
    """

    gone: Collection[str]
    staying: Collection[str]
    need_mib: int
    idle_mib: int
    tolerance_mib: int
    ceiling_mib: int
    samples: int


@dataclass(frozen=True, slots=True)
class Look:
    """One sample with its holders."""

    sample: GpuSample
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Verdict:
    """`is_open`, or one sentence why not yet."""

    is_open: bool
    reason: str = ""


def judge(case: GateCase, looks: Sequence[Look]) -> Verdict:
    """Judges the newest looks; opens only when the last `samples` distinct ones all find the card free."""
    recent = looks[-case.samples :]
    if len({look.sample.at_s for look in recent}) < case.samples:
        reason = why_closed(case, recent[-1]) if recent else ""
        return Verdict(is_open=False, reason=reason or "The card is being measured.")
    for look in reversed(recent):
        if reason := why_closed(case, look):
            return Verdict(is_open=False, reason=reason)
    return Verdict(is_open=True)


def why_closed(case: GateCase, look: Look) -> str:
    """Why this one look keeps the gate shut, in a sentence; empty when it does not."""
    for name in case.gone:
        if holder := look.attribution.of(name):
            return f"Still on the card: {holder.sentence()}."
    staying = [look.attribution.of(name) for name in case.staying]
    kept = sum(holder.mib or 0 for holder in staying if holder)
    foreign = look.sample.used_mib - kept - case.idle_mib
    if foreign > case.tolerance_mib:
        return _foreign(case, look.attribution.holders, foreign)
    expected = case.idle_mib + max(foreign, 0) + case.need_mib
    if expected > case.ceiling_mib:
        return f"{mib_words(expected)} would be needed, the ceiling is {mib_words(case.ceiling_mib)}."
    return ""


def _foreign(case: GateCase, holders: Sequence[Holder], foreign_mib: int) -> str:
    """Who has what nobody allowed: everyone who neither stays nor had to go, and what no process explains."""
    others = [holder for holder in holders if holder.workload is None or holder.workload not in case.staying]
    if not others and (hidden := [holder.label for holder in holders if holder.mib is None]):
        return f"The driver does not say how much {' and '.join(hidden)} may hold, so nobody knows what else is held."
    words = [f"The card is held by {'; '.join(holder.sentence() for holder in others)}."] if others else []
    unexplained = foreign_mib - sum(holder.mib or 0 for holder in others)
    if not others or (unexplained > case.tolerance_mib and all(holder.mib is not None for holder in others)):
        words.append(f"{mib_words(unexplained)} of VRAM have not come back, and no process on the card explains them.")
    return " ".join(words)
