"""How soon the next look comes, and what it brings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import Fault, GpuProcess, GpuSample, ProbeFailure, Reading
from bd1.core.pace import FASTEST_FILL_MIB_S, MOVED_MIB, Asked, Wanted, is_at_rest, is_spared, next_look_s
from bd1.core.settings import WatchdogSettings

LIMITS = WatchdogSettings()
TOTAL = 20475
SOMEBODY = (GpuProcess(4711, 300),)


def card(used_mib: int) -> GpuSample:
    return GpuSample(at_s=0.0, total_mib=TOTAL, free_mib=TOTAL - used_mib)


@pytest.mark.parametrize(
    ("used_mib", "pause_s"),
    [
        (460, 0.663),
        (4460, 0.497),
        (12288, 0.1705),
        (14000, 0.1),
        (16379, 0.1),
        (18427, 0.1),
        (19451, 0.1),
        (TOTAL, 0.1),
    ],
)
def test_the_fuller_the_card_the_sooner_the_next_look(used_mib: int, pause_s: float) -> None:
    assert next_look_s(LIMITS, card(used_mib), is_at_rest=False) == pytest.approx(pause_s, abs=1e-3)


def test_on_a_tiers_mark_the_next_tier_is_the_one_above() -> None:
    eager = replace(LIMITS, fastest_interval_s=0.05)
    assert next_look_s(eager, card(16_380), is_at_rest=False) == pytest.approx(2047.5 / FASTEST_FILL_MIB_S)
    assert next_look_s(eager, card(16_379), is_at_rest=False) == eager.fastest_interval_s


def test_over_the_protective_threshold_there_is_no_room_at_all() -> None:
    assert next_look_s(replace(LIMITS, fastest_interval_s=0.0), card(19_452), is_at_rest=False) == 0


def test_a_large_card_is_looked_at_once_a_second_at_least() -> None:
    large = GpuSample(at_s=0.0, total_mib=81_559, free_mib=81_000)
    assert next_look_s(LIMITS, large, is_at_rest=False) == LIMITS.interval_s


@pytest.mark.parametrize(
    ("reading", "is_rare"),
    [
        (ProbeFailure(0.0, Fault.LOST, "No."), True),
        (ProbeFailure(0.0, Fault.STALLED, "No."), True),
        (card(16_379), True),
        (card(16_380), False),
    ],
)
def test_a_card_in_quarantine_is_spared_unless_it_may_fill_up(reading: Reading, *, is_rare: bool) -> None:
    assert is_spared(LIMITS, reading) is is_rare


def test_at_rest_a_look_a_second_is_enough() -> None:
    assert next_look_s(LIMITS, card(460), is_at_rest=True) == LIMITS.interval_s


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.STALLED])
def test_a_driver_in_trouble_is_asked_gently(fault: Fault) -> None:
    assert next_look_s(LIMITS, ProbeFailure(0.0, fault, "No."), is_at_rest=False) == LIMITS.interval_s


def test_a_call_that_hangs_is_looked_for_often_since_nothing_reaches_the_driver_meanwhile() -> None:
    assert next_look_s(LIMITS, ProbeFailure(0.0, Fault.STALLED, "No."), is_at_rest=False) == LIMITS.fastest_interval_s


@given(st.integers(0, TOTAL), st.floats(0.05, 1), st.floats(1, 60), st.booleans())
def test_nothing_loaded_over_pcie_passes_a_tier_and_the_next_unseen(
    used_mib: int, fastest_s: float, slowest_s: float, at_rest: bool
) -> None:
    limits = replace(LIMITS, fastest_interval_s=fastest_s, interval_s=slowest_s)
    pause_s = next_look_s(limits, card(used_mib), is_at_rest=at_rest)
    assert fastest_s <= pause_s <= slowest_s
    if not at_rest and pause_s > fastest_s:
        marks = [TOTAL * pct / 100 for pct in (limits.warn_pct, limits.alert_pct, limits.protect_pct)]
        assert used_mib + pause_s * FASTEST_FILL_MIB_S <= min(mark for mark in marks if mark > used_mib) + 1e-6


@pytest.mark.parametrize(
    ("used_mib", "processes", "at_rest"),
    [(460, (), True), (716, (), True), (717, (), False), (460, SOMEBODY, False), (460, None, False)],
)
def test_at_rest_means_nobody_there_and_the_idle_level(
    used_mib: int, processes: tuple[GpuProcess, ...] | None, at_rest: bool
) -> None:
    assert is_at_rest(card(used_mib), processes, idle_mib=460, tolerance_mib=256) is at_rest


def test_the_first_look_brings_everything() -> None:
    assert Asked().wants(0.0) == Wanted(processes=True, details=True)


def test_who_holds_it_is_asked_while_nobody_has_been_listed_yet() -> None:
    asked = Asked().then(Wanted(processes=False, details=False), card(500), 0.0)
    assert asked.wants(0.1) == Wanted(processes=True, details=True)


def seen(*looks: tuple[float, int]) -> list[Wanted]:
    """What is asked for at these moments, at each of which so much is used."""
    asked, wanted = Asked(), list[Wanted]()
    for now_s, used_mib in looks:
        wanted.append(asked.wants(now_s))
        asked = asked.then(wanted[-1], card(used_mib), now_s)
    return wanted


def test_ten_looks_a_second_bring_details_and_processes_once() -> None:
    wanted = seen(*((0.1 * number, 12_000 + number % 2) for number in range(31)))
    assert [number for number, each in enumerate(wanted) if each.details] == [0, 10, 20, 30]
    assert [number for number, each in enumerate(wanted) if each.processes] == [0, 10, 20, 30]


def test_one_look_a_second_brings_everything_each_time_though_timers_are_not_exact() -> None:
    wanted = seen((0.0, 500), (0.999, 500), (1.998, 500), (2.999, 500))
    assert wanted == [Wanted(processes=True, details=True)] * 4
    assert seen((0.0, 500), (0.95, 500))[-1].details
    assert not seen((0.0, 500), (0.94, 500))[-1].details


def test_who_holds_it_is_asked_as_soon_as_memory_has_moved() -> None:
    assert not seen((0.0, 500), (0.1, 500 + MOVED_MIB), (0.2, 500))[-1].processes
    still, moved, moved_back = 12_000, 12_000 + MOVED_MIB + 1, 12_000
    wanted = seen((0.0, still), (0.1, still), (0.2, moved), (0.3, moved), (0.4, moved), (0.5, moved_back), (0.6, still))
    assert [each.processes for each in wanted] == [True, False, False, True, False, False, True]


def test_memory_that_creeps_is_noticed_by_what_it_has_moved_in_all() -> None:
    wanted = seen(*((0.1 * number, 12_000 + 3 * number) for number in range(9)))
    assert [number for number, each in enumerate(wanted) if each.processes] == [0, 4, 8]


def test_after_a_look_that_failed_the_next_brings_everything() -> None:
    asked = Asked().then(Asked().wants(0.0), card(500), 0.0)
    asked = asked.then(asked.wants(0.1), ProbeFailure(0.1, Fault.UNKNOWN, "No."), 0.1)
    assert asked.wants(0.2) == Wanted(processes=True, details=True)
