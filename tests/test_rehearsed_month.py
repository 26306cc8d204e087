"""A month of the whole of BD-1: nobody is told without need, every breach is told in time, and nobody is flooded."""

import logging
from functools import cache

import pytest

from bd1.rehearsal import Played, play, rehearsal_settings
from bd1.sim.scenarios.judge import MOST_MESSAGES
from tests.month_of_stories import BREACHES, DAYS, Breach, month

FALSE_ALARMS_A_DAY = 0.1
SEEDS = [1]


@cache
def lived(seed: int) -> tuple[Played, tuple[Breach, ...]]:
    logging.getLogger("bd1").setLevel(logging.CRITICAL)
    story, breaches = month(seed)
    try:
        return play(story, rehearsal_settings()), breaches
    finally:
        logging.getLogger("bd1").setLevel(logging.NOTSET)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_of_normal_use_raises_no_false_alarm(seed: int) -> None:
    played, breaches = lived(seed)
    told = played.happened.told
    false = [it for it in told if not any(breach.explains(it.key, it.after_s) for breach in breaches)]
    assert len(false) < FALSE_ALARMS_A_DAY * DAYS, [(it.key, it.after_s, it.text) for it in false]
    assert played.happened.switches.count("done") >= 3 * DAYS - len(BREACHES)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_breach_of_a_month_is_missed(seed: int) -> None:
    played, breaches = lived(seed)
    assert len(breaches) == len(BREACHES)
    for breach in breaches:
        after_s = [it.after_s - breach.at_s for it in played.happened.told if it.key == breach.key]
        assert any(-1 <= it <= breach.within_s for it in after_s), (breach, after_s)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_incident_of_a_month_takes_more_than_three_messages(seed: int) -> None:
    played, breaches = lived(seed)
    assert max(it.messages for it in played.happened.told) <= MOST_MESSAGES
    assert all(it.messages for it in played.happened.told)
    assert played.happened.messages <= MOST_MESSAGES * 2 * len(breaches)
