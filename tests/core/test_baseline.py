"""The idle level: it comes down at once, creeps up never, and a person's word is the only way past its bound."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.baseline import BD1, FALLBACK_MIB, Baseline, Lesson, Level, accept, learn, level_of
from bd1.core.gate import Look
from bd1.core.gpu import CardIdentity, GpuProcess, GpuSample
from bd1.core.holders import Owner, attribute

TOTAL, RESERVED, STEP = 20475, 460, 128
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OWNERS = {11: Owner("ollama"), 14: Owner(None, "f" * 64)}
KNOWN = Baseline("GPU-1", "595.84", 470, 465, 0, NOON, BD1)


def look(at_s: float, used_mib: int, held: dict[int, int | None] | None = None) -> Look:
    processes = tuple(GpuProcess(pid, mib, "Xorg") for pid, mib in (held or {}).items())
    return Look(GpuSample(at_s, TOTAL, TOTAL - used_mib, processes), attribute(processes, OWNERS, used_mib, RESERVED))


def looks(*used_mib: int, held: dict[int, int | None] | None = None) -> list[Look | None]:
    return [look(float(at_s), used, held) for at_s, used in enumerate(used_mib)]


def taught(
    known: Baseline | None, seen: Sequence[Look | None], *, reserved_mib: int | None = RESERVED, driver: str = "595.84"
) -> Lesson:
    later = NOON + timedelta(hours=1)
    return learn(known, uuid="GPU-1", driver=driver, reserved_mib=reserved_mib, seen=seen, step_mib=STEP, at=later)


def accepted(seen: Sequence[Look | None]) -> Baseline | None:
    return accept(uuid="GPU-1", driver="595.84", reserved_mib=RESERVED, seen=seen, at=NOON, by="Leia")


def test_a_card_never_seen_starts_with_what_its_driver_keeps() -> None:
    assert taught(None, []).baseline.idle_mib == RESERVED
    assert taught(None, [], reserved_mib=None).baseline.idle_mib == FALLBACK_MIB


@pytest.mark.parametrize(
    "known", [replace(KNOWN, uuid="GPU-2", idle_mib=900), replace(KNOWN, driver="1", idle_mib=900)]
)
def test_another_card_or_driver_starts_anew(known: Baseline) -> None:
    found = taught(known, []).baseline
    assert (found.uuid, found.driver, found.idle_mib, found.anchor_mib) == ("GPU-1", "595.84", RESERVED, RESERVED)


def test_it_comes_down_at_once_from_a_single_look() -> None:
    found = taught(replace(KNOWN, idle_mib=590), looks(462)).baseline
    assert (found.idle_mib, found.anchor_mib, found.by) == (462, 462, BD1)
    assert found.learned_at > NOON


def test_it_never_comes_below_what_the_driver_keeps() -> None:
    found = taught(KNOWN, looks(5, 5)).baseline
    assert (found.idle_mib, found.anchor_mib) == (RESERVED, RESERVED)
    assert taught(KNOWN, looks(5, 5), reserved_mib=None).baseline.idle_mib == 5


def test_it_never_rises_on_a_single_look() -> None:
    assert taught(KNOWN, looks(500)).baseline is KNOWN
    assert taught(KNOWN, looks(500, 500)).baseline.idle_mib == 500


def test_it_never_rises_by_more_than_a_step_above_its_anchor_and_says_so() -> None:
    lesson = taught(KNOWN, looks(700, 700))
    assert lesson.baseline is KNOWN
    assert taught(KNOWN, looks(465 + STEP, 465 + STEP)).baseline.idle_mib == 465 + STEP
    assert lesson.above_mib == 700 - 465 - STEP
    assert taught(KNOWN, looks(500, 500)).above_mib == 0
    assert taught(KNOWN, []).above_mib is None


def test_a_leak_of_a_hundred_mib_a_day_does_not_become_the_new_normal() -> None:
    known = KNOWN
    for day in range(1, 100):
        known = taught(known, looks(*[460 + 100 * day] * 3)).baseline
        assert known.idle_mib <= 465 + STEP
    assert taught(known, looks(460, 460)).baseline.idle_mib == RESERVED


@pytest.mark.parametrize(
    "seen",
    [
        [],
        [None],
        [*looks(462, 462), None],
        looks(462, 479),
        [look(1, 462), look(1, 462)],
        [look(2, 462), look(1, 462)],
        [look(float("nan"), 462)],
        looks(-4, -4),
        looks(TOTAL + 1),
        looks(462, 462, held={11: 2}),
        looks(462, 462, held={14: None}),
    ],
)
def test_looks_that_do_not_agree_on_an_idle_card_teach_nothing(seen: list[Look | None]) -> None:
    assert level_of(seen) is None
    assert taught(KNOWN, seen) == Lesson(KNOWN, None)
    assert accepted(seen) is None


def test_of_looks_that_agree_the_lowest_counts() -> None:
    assert level_of(looks(476, 470, 468)) == Level(468, 0)


def test_what_strangers_hold_is_learned_as_theirs() -> None:
    found = taught(KNOWN, looks(560, 560, held={14: 95})).baseline
    assert (found.idle_mib, found.foreign_mib) == (560, 95)


def test_strangers_are_granted_no_more_than_the_level_has_room_for() -> None:
    found = taught(KNOWN, looks(560, 560, held={14: 300})).baseline
    assert (found.idle_mib, found.foreign_mib) == (560, 100)
    assert taught(KNOWN, looks(760, 760, held={14: 300})).baseline is KNOWN


def test_nothing_new_leaves_what_was_known_as_it_was() -> None:
    assert taught(KNOWN, looks(470, 470)).baseline is KNOWN


def test_a_persons_word_is_a_new_anchor() -> None:
    found = accepted(looks(1400, 1400, held={14: 300}))
    assert found == Baseline("GPU-1", "595.84", 1400, 1400, 300, NOON, "Leia")
    assert taught(found, looks(1500, 1500)).baseline.idle_mib == 1500
    assert taught(found, looks(470, 470)).baseline.anchor_mib == 470


def test_not_even_a_persons_word_makes_one_look_a_level() -> None:
    assert accepted(looks(1400)) is None


def test_it_belongs_to_one_card_under_one_driver() -> None:
    identity = CardIdentity(0, "GPU-1", "Ada", TOTAL, "595.84")
    assert KNOWN.is_of(identity)
    assert not KNOWN.is_of(replace(identity, uuid="GPU-2"))
    assert not KNOWN.is_of(replace(identity, driver="600.00"))
    assert not KNOWN.is_of(None)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 400)), max_size=3), max_size=30),
    st.none() | st.integers(0, 900),
)
def test_whatever_is_seen_it_stays_between_the_floor_and_a_step_above_an_anchor_that_only_falls(
    lessons: list[list[tuple[int, int]]], reserved_mib: int | None
) -> None:
    known = taught(None, [], reserved_mib=reserved_mib).baseline
    for seen in lessons:
        row = [look(float(at_s), used, {14: held}) for at_s, (used, held) in enumerate(seen)]
        lesson = taught(known, row, reserved_mib=reserved_mib)
        found = lesson.baseline
        assert (reserved_mib or 0) <= found.anchor_mib <= found.idle_mib <= found.anchor_mib + STEP
        assert found.anchor_mib <= known.anchor_mib
        assert 0 <= found.foreign_mib <= found.idle_mib - (reserved_mib or 0)
        if row and lesson.above_mib is not None:
            assert lesson.above_mib == max(min(used for used, _held in seen) - known.anchor_mib - STEP, 0)
        known = found
