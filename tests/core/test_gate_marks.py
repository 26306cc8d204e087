"""The gate at its very marks: the last MiB that is let in and the first that is not, and who is named for it."""

from dataclasses import replace

import pytest

from bd1.core.gate import Answer, judge, nonsense
from bd1.core.gpu import GpuProcess, GpuSample
from tests.core.test_gate import CASE, IDLE, TOTAL, at_3_s, look, plain, three, why

ALONE = replace(CASE, staying={}, need_mib=CASE.ceiling_mib - IDLE)
"""Needs all that a clean card has under the ceiling."""


def test_whoever_may_look_again_is_told_to_wait_unless_this_was_the_last_look() -> None:
    assert judge(CASE, three({12: 900}), now_s=3.0).answer is Answer.WAIT


def test_what_just_fits_under_the_ceiling_is_let_in_and_one_mib_more_is_not() -> None:
    assert at_3_s(three({}), ALONE).is_open
    assert not at_3_s(three({}, lost_mib=1), ALONE).is_open
    assert at_3_s(three({}), replace(ALONE, need_mib=ALONE.need_mib + 1)).answer is Answer.REFUSE


@pytest.mark.parametrize(
    ("total_mib", "free_mib", "held_mib"), [(TOTAL, 0, 900), (TOTAL, TOTAL, 0), (TOTAL, 0, TOTAL), (1, 1, 1)]
)
def test_a_full_card_an_empty_one_and_one_process_with_all_of_it_can_be_true(
    total_mib: int, free_mib: int, held_mib: int
) -> None:
    assert nonsense(GpuSample(3.0, total_mib, free_mib, (GpuProcess(13, held_mib),))) == ""


def test_figures_that_cannot_be_true_are_told() -> None:
    wrapped = GpuSample(3.0, TOTAL, -1, ())
    assert "(-1 MiB free of 20 475 MiB)" in plain(nonsense(wrapped))
    too_much = GpuSample(3.0, TOTAL, 0, (GpuProcess(13, TOTAL + 1),))
    assert "(20 476 MiB held by PID 13)" in plain(nonsense(too_much))


def test_of_a_case_that_asks_for_no_looks_only_the_newest_counts() -> None:
    assert at_3_s([look(2, {12: 900}), look(3, {})], replace(CASE, samples=0)).is_open


def test_one_whose_amount_is_hidden_is_named_where_it_leaves_something_open_and_not_beside_others() -> None:
    verdict = at_3_s(three({13: None}))
    assert [holder.label for holder in verdict.holders] == ["helper"]
    firm = at_3_s(three({13: None, 11: 300}), replace(CASE, is_overridden=True))
    assert [holder.label for holder in firm.holders] == ["ollama"]


def test_two_whose_amounts_are_hidden_are_named_in_one_sentence() -> None:
    case = replace(CASE, staying={"helper": 2000, "comfyui": 900})
    assert "how much comfyui and helper may hold" in why({12: None, 13: None}, case)


def test_where_too_much_would_be_needed_everybody_is_named_and_nobody_where_nobody_is_there() -> None:
    case = replace(CASE, is_overridden=True)
    alone = at_3_s(three({}, lost_mib=15_000), case)
    assert plain(alone.reason) == "25 460 MiB would be needed, the ceiling is 19 451 MiB."
    assert alone.holders == ()
    beside = at_3_s(three({15: 15_000}), case)
    assert plain(beside.reason).endswith("On the card now: program15, outside any container (PID 15), 15 000 MiB.")
    assert [holder.pids for holder in beside.holders] == [(15,)]


def test_a_pid_that_another_workload_has_now_is_named_as_what_it_is_now() -> None:
    told = why({12: 900}, replace(CASE, gone_pids={12: "ollama"}))
    assert told == "Still on the card: comfyui, 900 MiB (PID 12 program12)."


@pytest.mark.parametrize("held", [{13: None}, {12: None}])
def test_where_an_amount_is_hidden_nothing_is_said_to_be_missing(held: dict[int, int | None]) -> None:
    assert "have not come back" not in why(held, replace(CASE, foreign_mib=300))


def test_without_tolerance_a_card_at_its_idle_level_is_free_and_one_mib_more_is_not() -> None:
    strict = replace(CASE, tolerance_mib=0)
    assert at_3_s(three({}), strict).is_open
    assert not at_3_s(three({}, lost_mib=1), strict).is_open
    assert not at_3_s(three({15: 1}), strict).is_open
    known = replace(strict, idle_mib=IDLE + 300, foreign_mib=300)
    assert at_3_s(three({15: 300}), known).is_open


def test_a_stranger_up_to_the_tolerance_is_let_be() -> None:
    assert at_3_s(three({15: 256})).is_open
    assert not at_3_s(three({15: 257})).is_open
    assert at_3_s(three({15: 300}), replace(CASE, foreign_mib=300, idle_mib=IDLE + 300)).is_open


@pytest.mark.parametrize("lost_mib", [1, 100])
def test_what_is_missing_is_told_as_long_as_strangers_do_not_explain_the_trouble(lost_mib: int) -> None:
    assert f"{lost_mib} MiB of VRAM have not come back" in why({15: 256}, lost_mib=lost_mib)
    assert "have not come back" not in why({15: 300}, lost_mib=lost_mib)


def test_who_stays_and_holds_nothing_yet_is_promised_all_it_declares() -> None:
    case = replace(CASE, need_mib=CASE.ceiling_mib - IDLE - 5 - 2000)
    assert at_3_s(three({13: 0}, lost_mib=5), case).is_open
    assert not at_3_s(three({13: 0}, lost_mib=5), replace(case, need_mib=case.need_mib + 1)).is_open


def test_who_holds_more_than_it_declares_is_counted_in_full_even_where_the_card_shows_less() -> None:
    case = replace(CASE, need_mib=CASE.ceiling_mib - IDLE - 3000)
    assert at_3_s(three({13: 3000}, lost_mib=-200), case).is_open
    assert not at_3_s(three({13: 3000}, lost_mib=-200), replace(case, need_mib=case.need_mib + 1)).is_open
