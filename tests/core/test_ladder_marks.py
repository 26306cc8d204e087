"""The ladder at its very marks, and when a sample still calls for protection."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import GpuSample
from bd1.core.ladder import (
    GREW_MIB,
    TAKES_S,
    Offender,
    Rung,
    is_in_danger,
    is_over_ceiling,
    next_rung,
    pick_offender,
    rungs,
    slope_mib_s,
    time_left_s,
)
from bd1.core.settings import GpuSettings, WatchdogSettings, WorkloadKind
from tests.core.test_ladder import WORKLOADS, holding

GPU, LIMITS = GpuSettings(ceiling_mib=9000), WatchdogSettings()
TOTAL = 10_000
"""The protective threshold is at 9500 MiB, and growth of less than 50 MiB a second is calm."""


def card(used_mib: int, at_s: float = 0.0) -> GpuSample:
    return GpuSample(at_s, TOTAL, TOTAL - used_mib)


def cards(*used_mib: int, every_s: float = 0.1) -> Sequence[GpuSample]:
    return [card(used, number * every_s) for number, used in enumerate(used_mib)]


def test_growth_begins_where_it_is_more_than_drivers_round() -> None:
    grown = [holding(comfyui=900, ollama=12_000), holding(comfyui=900 + GREW_MIB, ollama=12_000)]
    assert pick_offender(grown, WORKLOADS, (), ()) == Offender("comfyui", "grew by 32 MiB")
    less = [grown[0], holding(comfyui=899 + GREW_MIB, ollama=12_000)]
    assert pick_offender(less, WORKLOADS, (), ()) == Offender("ollama", "holds most")


def test_who_holds_one_mib_holds_more_than_who_holds_none() -> None:
    assert pick_offender([holding(comfyui=0, ollama=1)], WORKLOADS, (), ()) == Offender("ollama", "holds most")


def test_comfyui_without_an_address_cannot_be_asked() -> None:
    mute = replace(WORKLOADS["comfyui"], health_url=None)
    assert rungs(mute) == (Rung.PAUSE, Rung.STOP, Rung.KILL)
    assert Rung.ASK not in rungs(replace(WORKLOADS["comfyui"], kind=WorkloadKind.OTHER))


@pytest.mark.parametrize("first", [Rung.ASK, Rung.PAUSE, Rung.STOP])
def test_a_step_that_shows_just_in_time_is_taken(first: Rung) -> None:
    left = tuple(Rung)[tuple(Rung).index(first) :]
    assert next_rung(left, TAKES_S[first], reaction_s=0.75) is first
    assert next_rung(left, TAKES_S[first] - 0.01, reaction_s=0.75) is Rung.KILL


def test_less_time_than_bd1_is_fast_leaves_only_the_kill() -> None:
    assert next_rung((Rung.PAUSE, Rung.KILL), 4.0, reaction_s=4.0) is Rung.PAUSE
    assert next_rung((Rung.PAUSE, Rung.KILL), 3.99, reaction_s=4.0) is Rung.KILL


def test_at_the_ceiling_there_is_time_only_while_nothing_grows() -> None:
    assert time_left_s(GPU, card(9000), 0.0) == float("inf")
    assert time_left_s(GPU, card(9000), 50.0) == 0
    assert time_left_s(GPU, card(8999), 0.5) == 2
    assert time_left_s(GPU, card(9001), 0.0) == 0


def test_the_hard_limit_is_passed_one_mib_over_the_ceiling() -> None:
    assert not is_over_ceiling(GPU, card(9000))
    assert is_over_ceiling(GPU, card(9001))


def test_the_protective_threshold_is_danger_whatever_the_growth() -> None:
    assert is_in_danger(GPU, LIMITS, card(9500), 0.0)
    assert not is_in_danger(GPU, LIMITS, card(9499), 0.0)


def test_growth_is_danger_where_it_is_fast_and_the_ceiling_near() -> None:
    near = card(8926)  # 74 MiB away: 1.48 s at 50 MiB/s
    assert is_in_danger(GPU, LIMITS, near, 50.0)
    assert not is_in_danger(GPU, LIMITS, near, 49.9)
    assert is_in_danger(GPU, LIMITS, card(8851), 100.0)
    assert not is_in_danger(GPU, LIMITS, card(8850), 100.0)
    assert is_in_danger(GPU, LIMITS, card(9001), 100.0)


@given(st.integers(0, TOTAL), st.floats(0, 20_000))
def test_a_card_in_danger_is_so_at_every_higher_level_too(used_mib: int, slope: float) -> None:
    if is_in_danger(GPU, LIMITS, card(used_mib), slope):
        assert is_in_danger(GPU, LIMITS, card(min(used_mib + 100, TOTAL)), slope)


def test_the_slope_is_that_of_the_newest_samples_and_nothing_while_it_falls() -> None:
    assert slope_mib_s(cards(1000, 1100, 1200, 1300)) == pytest.approx(1000)
    assert slope_mib_s(cards(*[9000] * 5, 1000, 1100, 1200, 1300, 1400)) == pytest.approx(1000)
    assert slope_mib_s(cards(9000, 1000, 1000, 1000, 1000, 1000)) == 0
    assert slope_mib_s(cards(1300, 1200, 1100)) == 0
    assert slope_mib_s(cards(1000, 1100)) == 0
    assert slope_mib_s(()) == 0


def test_looks_that_lie_close_together_count_as_one_and_the_newest_of_them_does() -> None:
    pairs = [card(1000 + 100 * number + 7 * twin, 0.1 * number + 0.04 * twin) for number in range(5) for twin in (0, 1)]
    assert slope_mib_s(pairs) == pytest.approx(1000)
    assert slope_mib_s(cards(1000, 1050, 1100, every_s=0.05 + 1e-9)) == 0
    assert slope_mib_s(cards(1000, 1100, 1200, 1300, 1400, every_s=0.05 + 1e-9)) == pytest.approx(2000, rel=0.01)
