"""A month of normal use raises no false alarm, and would without what keeps it quiet."""

from dataclasses import replace

import pytest

from bd1.core.settings import WatchdogSettings
from bd1.core.tiers import Decision, TierState, step
from tests.core.month import TOTAL_MIB, Month

pytestmark = pytest.mark.long
LIMITS = WatchdogSettings()
ALLOWED_A_DAY = 0.1


def alarms(month: Month, limits: WatchdogSettings, *, knows_the_mode: bool = True) -> list[Decision]:
    """Everything that would have rung: tiers entered from below, calls for protection, blindness told."""
    state, rung = TierState(), list[Decision]()
    for moment in month.moments():
        normal_mib = moment.normal_mib if knows_the_mode else None
        state, decision = step(limits, state, moment.reading, moment.reading.at_s, normal_mib=normal_mib)
        is_raised = decision.came_from is not None and decision.tier > decision.came_from
        if is_raised or decision.protect or decision.blind:
            rung.append(decision)
    return rung


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_of_normal_use_raises_no_false_alarm(seed: int) -> None:
    month = Month(seed, LIMITS)
    rung = alarms(month, LIMITS)
    assert len(rung) < ALLOWED_A_DAY * month.days, rung
    assert month.loads > 300
    assert month.highest_mib > TOTAL_MIB * LIMITS.warn_pct / 100


def test_without_knowing_the_mode_a_week_of_it_would_ring_every_day() -> None:
    assert len(alarms(Month(1, LIMITS, days=7), LIMITS, knows_the_mode=False)) > 7


def test_without_sustain_the_memory_of_the_dead_would_ring_every_day() -> None:
    hasty = replace(LIMITS, sustain_s=0.0, sustain_samples=1)
    assert len(alarms(Month(1, hasty, days=7), hasty)) > 3
