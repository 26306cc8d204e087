"""The gate before every start on the card: is it really free, and is there room? Pure; a refusal names the holder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution, mib_words


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
        return _foreign(look, foreign)
    expected = case.idle_mib + max(foreign, 0) + case.need_mib
    if expected > case.ceiling_mib:
        return f"{mib_words(expected)} would be needed, the ceiling is {mib_words(case.ceiling_mib)}."
    return ""


def _foreign(look: Look, foreign_mib: int) -> str:
    strangers = [holder.sentence() for holder in look.attribution.strangers]
    if strangers:
        return f"The card is held by {'; '.join(strangers)}."
    return f"{mib_words(foreign_mib)} of VRAM have not come back, and no process on the card explains them."
