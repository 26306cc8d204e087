"""The gate rule by rule, and what it says to people when it stays shut."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bd1.core.gate import Answer, GateCase, Look, Verdict, judge, why_closed
from bd1.core.gpu import GpuProcess, GpuSample
from bd1.core.holders import Attribution, Owner, attribute

TOTAL, IDLE = 20475, 460
CASE = GateCase(
    gone=("ollama",),
    gone_pids={11: "ollama", 18: "ollama"},
    staying={"helper": 2000},
    need_mib=8000,
    idle_mib=IDLE,
    tolerance_mib=256,
    ceiling_mib=19451,
    samples=3,
)
OWNERS = {
    11: Owner("ollama"),
    12: Owner("comfyui"),
    13: Owner("helper"),
    14: Owner(None, "f" * 64),
    15: Owner(),
    18: Owner(),
    19: Owner("ollama"),
}


def look(at_s: float, held: dict[int, int | None], *, lost_mib: int = 0, total_mib: int = TOTAL) -> Look:
    """One look: `held` by PID, and what no process explains."""
    processes = tuple(GpuProcess(pid, mib, f"program{pid}") for pid, mib in held.items())
    used = IDLE + lost_mib + sum(mib or 0 for mib in held.values())
    sample = GpuSample(at_s, total_mib, total_mib - used, processes)
    return Look(sample, attribute(processes, OWNERS, sample.used_mib, IDLE))


def three(held: dict[int, int | None], *, lost_mib: int = 0) -> list[Look | None]:
    """The same look at 1, 2 and 3 s."""
    return [look(float(at_s), held, lost_mib=lost_mib) for at_s in (1, 2, 3)]


def at_3_s(looks: Sequence[Look | None], case: GateCase = CASE, *, is_last: bool = False) -> Verdict:
    return judge(case, looks, now_s=3.0, is_last=is_last)


def plain(reason: str) -> str:
    return reason.replace("\N{NARROW NO-BREAK SPACE}", " ")


def why(held: dict[int, int | None], case: GateCase = CASE, *, lost_mib: int = 0) -> str:
    return plain(why_closed(case, look(1, held, lost_mib=lost_mib)))


def test_a_clean_card_seen_often_enough_opens_it() -> None:
    assert at_3_s(three({})) == Verdict(Answer.OPEN)


def test_fewer_looks_than_asked_for_keep_it_shut() -> None:
    assert at_3_s([]) == Verdict(Answer.WAIT, "The card is being measured.")
    assert at_3_s(three({})[1:]) == Verdict(Answer.WAIT, "The card is being measured.")
    last = at_3_s(three({})[1:], is_last=True)
    assert last == Verdict(
        Answer.REFUSE, "The card was not seen free on 3 fresh looks in a row, and fewer prove nothing."
    )


@pytest.mark.parametrize("samples", [0, -1])
def test_a_case_that_asks_for_no_looks_still_wants_one(samples: int) -> None:
    case = replace(CASE, samples=samples)
    assert not at_3_s([], case).is_open
    assert not at_3_s([look(3, {12: 900})], case).is_open
    assert at_3_s([look(3, {})], case).is_open


@pytest.mark.parametrize("times", [(3.0, 3.0, 3.0), (1.0, 3.0, 3.0), (2.0, 1.0, 3.0)])
def test_looks_that_repeat_or_go_back_in_time_prove_nothing(times: tuple[float, ...]) -> None:
    assert not at_3_s([look(at_s, {}) for at_s in times]).is_open


def test_a_look_that_gave_nothing_breaks_the_row() -> None:
    looks = three({})
    assert not at_3_s([*looks[:2], None, looks[2]]).is_open
    verdict = at_3_s([*looks, None])
    assert verdict.reason == "The card cannot be read, so nobody can say whether it is free."
    assert verdict.answer is Answer.WAIT


def test_old_looks_prove_nothing() -> None:
    assert judge(CASE, three({}), now_s=5.0).is_open
    verdict = judge(CASE, three({}), now_s=5.5)
    assert verdict.reason == "The last look at the card is 2.5 s old, so nobody can say whether it is free now."


@pytest.mark.parametrize("now_s", [2.9, float("nan")])
def test_a_look_from_the_future_or_from_no_time_proves_nothing(now_s: float) -> None:
    assert "a time that cannot be true" in judge(CASE, three({}), now_s=now_s).reason


@pytest.mark.parametrize(
    ("total_mib", "free_mib", "held"),
    [
        (TOTAL, -1, ()),
        (TOTAL, TOTAL + 1, ()),
        (0, 0, ()),
        (TOTAL, 20000, ((13, -5),)),
        (TOTAL, 20000, ((13, 1 << 44),)),
    ],
)
def test_figures_that_cannot_be_true_are_unknown(
    total_mib: int, free_mib: int, held: tuple[tuple[int, int], ...]
) -> None:
    processes = tuple(GpuProcess(pid, mib) for pid, mib in held)
    odd = Look(GpuSample(3.0, total_mib, free_mib, processes), Attribution((), 0))
    verdict = at_3_s([*three({})[:2], odd])
    assert "figures cannot be true" in verdict.reason
    assert why_closed(CASE, odd) == verdict.reason
    assert not judge(CASE, [*three({})[:2], odd, look(4, {})], now_s=4.0).is_open


def test_a_card_that_changes_its_size_starts_the_row_anew() -> None:
    other = [look(float(at_s), {}, total_mib=TOTAL + 4000) for at_s in (1, 2, 3)]
    assert not at_3_s([three({})[0], other[1], other[2]]).is_open
    assert at_3_s(list(other)).is_open


def test_processes_that_cannot_be_read_are_not_none() -> None:
    unread = Look(GpuSample(3.0, TOTAL, TOTAL - IDLE, None), Attribution((), 0))
    assert at_3_s([*three({})[:2], unread]).reason.startswith("The processes on the card cannot be read")


def test_one_dirty_look_among_the_last_keeps_it_shut() -> None:
    assert not at_3_s([look(1, {}), look(2, {12: 900}), look(3, {})]).is_open
    assert at_3_s([look(0, {12: 900}), *three({})]).is_open


@pytest.mark.parametrize("pid", [11, 18, 19])
@pytest.mark.parametrize("mib", [None, 0, 1])
def test_one_that_must_be_gone_keeps_it_shut_however_little_it_holds(pid: int, mib: int | None) -> None:
    verdict = at_3_s(three({pid: mib}), replace(CASE, is_overridden=True))
    assert verdict.reason.startswith("Still on the card: ollama, ")
    assert [holder.workload for holder in verdict.holders] == ["ollama"]


def test_a_process_that_outlived_its_container_is_named_as_what_it_was() -> None:
    assert why({18: 7200}) == "Still on the card: ollama, 7 200 MiB (PID 18 program18)."


def test_the_holder_is_named_with_what_it_holds_its_pid_and_its_program() -> None:
    assert why({11: 5200}) == "Still on the card: ollama, 5 200 MiB (PID 11 program11)."
    assert why({14: 900}) == (
        "The card is held by a container that is not configured (ffffffffffff), 900 MiB (PID 14 program14)."
    )
    assert why({15: 901}) == "The card is held by program15, outside any container (PID 15), 901 MiB."


@pytest.mark.parametrize("mib", [None, 0, 1, 2400])
def test_a_configured_workload_that_nobody_planned_with_is_never_tolerated(mib: int | None) -> None:
    verdict = at_3_s(three({12: mib}), replace(CASE, is_overridden=True))
    assert verdict.reason.startswith("The card is held by comfyui, ")


def test_every_holder_is_named_and_what_nobody_explains_besides() -> None:
    assert why({11: 5200, 12: 2400, 15: 300, 13: 100}, lost_mib=1000) == (
        "Still on the card: ollama, 5 200 MiB (PID 11 program11). "
        "The card is held by comfyui, 2 400 MiB (PID 12 program12); "
        "program15, outside any container (PID 15), 300 MiB. "
        "1 000 MiB of VRAM have not come back, and no process on the card explains them."
    )
    verdict = at_3_s(three({11: 5200, 12: 2400, 15: 300, 13: 100}))
    assert [holder.pids for holder in verdict.holders] == [(11,), (12,), (15,)]


def test_a_small_stranger_is_tolerated_and_is_not_blamed_for_others() -> None:
    assert at_3_s(three({15: 200})).is_open
    assert "program15" not in why({11: 5200, 15: 200})


def test_what_strangers_held_when_the_idle_level_was_learned_they_may_hold() -> None:
    case = replace(CASE, idle_mib=IDLE + 300, foreign_mib=300)
    assert at_3_s(three({15: 500}), case).is_open
    assert "program15" in why({15: 557}, case)


def test_a_driver_that_keeps_less_than_before_leaves_no_room_for_a_stranger() -> None:
    assert "program15" in why({15: 300}, lost_mib=-100)


def test_the_place_of_a_stranger_who_left_is_not_free_for_a_leak() -> None:
    case = replace(CASE, idle_mib=IDLE + 300, foreign_mib=300)
    assert why({}, case, lost_mib=400) == (
        "400 MiB of VRAM have not come back, and no process on the card explains them."
    )


def test_small_strangers_and_a_small_leak_add_up() -> None:
    assert why({15: 200}, lost_mib=190) == (
        "The card is held by program15, outside any container (PID 15), 200 MiB. "
        "190 MiB of VRAM have not come back, and no process on the card explains them."
    )


def test_memory_without_a_process_is_told_as_such() -> None:
    assert why({13: 700}, lost_mib=300) == (
        "300 MiB of VRAM have not come back, and no process on the card explains them."
    )


def test_an_amount_the_driver_hides_is_told_and_never_taken_for_nothing() -> None:
    assert "ollama, an unknown amount (PID 11 program11)" in why({11: None})
    assert "program15, outside any container (PID 15), an unknown amount" in why({15: None})
    assert why({13: None}, lost_mib=4000) == (
        "The driver does not say how much helper may hold, so nobody knows what else is held."
    )


def test_what_stays_may_keep_what_it_holds() -> None:
    assert at_3_s(three({13: 6000})).is_open


def test_a_workload_that_stays_is_promised_what_it_declared_and_does_not_hold_yet() -> None:
    case = replace(CASE, need_mib=16000)
    assert at_3_s(three({}), case).is_open
    assert at_3_s(three({13: 2000}), case).is_open
    assert why({13: 3000}, case) == (
        "19 460 MiB would be needed, the ceiling is 19 451 MiB. On the card now: helper, 3 000 MiB (PID 13 program13)."
    )


def test_what_is_tolerated_still_counts_against_the_ceiling() -> None:
    case = replace(CASE, need_mib=16900)
    assert at_3_s(three({}), case).is_open
    assert plain(at_3_s(three({}, lost_mib=92), case).reason).startswith("19 452 MiB would be needed")


def test_a_need_above_the_ceiling_even_on_a_clean_card_is_refused_at_once() -> None:
    verdict = at_3_s([], replace(CASE, need_mib=17000))
    assert verdict.answer is Answer.REFUSE
    assert plain(verdict.reason) == "19 460 MiB would be needed even on a clean card, the ceiling is 19 451 MiB."
    assert not verdict.is_overridable


def test_a_card_below_its_idle_level_does_not_make_room_for_more() -> None:
    below = Look(GpuSample(1.0, TOTAL, TOTAL - 100, ()), Attribution((), 0))
    assert why_closed(CASE, below) == ""
    assert why_closed(replace(CASE, need_mib=17000), below) != ""


def test_the_time_that_is_up_turns_waiting_into_a_refusal() -> None:
    looks = three({15: 900})
    waiting, refused = at_3_s(looks), at_3_s(looks, is_last=True)
    assert (waiting.answer, refused.answer) == (Answer.WAIT, Answer.REFUSE)
    assert waiting.reason == refused.reason


@pytest.mark.parametrize("held", [{15: 900}, {14: 900}, {15: None}, {13: None}, {}])
def test_a_word_opens_it_to_what_is_not_ours_and_to_what_nobody_explains(held: dict[int, int | None]) -> None:
    looks = three(held, lost_mib=900)
    assert at_3_s(looks).is_overridable
    assert at_3_s(looks, replace(CASE, is_overridden=True)).is_open


@pytest.mark.parametrize("held", [{15: 9000}, {13: None, 15: 9000}, {12: 1, 15: 900}, {11: 1, 15: 900}])
def test_no_word_opens_it_past_the_ceiling_or_to_one_of_ours(held: dict[int, int | None]) -> None:
    looks = three(held)
    assert not at_3_s(looks).is_overridable
    assert not at_3_s(looks, replace(CASE, is_overridden=True)).is_open


def test_no_word_helps_while_one_of_ours_was_there_a_look_ago() -> None:
    looks = [look(1, {12: 900}), look(2, {15: 900}), look(3, {15: 900})]
    assert not at_3_s(looks).is_overridable
    assert not at_3_s(looks, replace(CASE, is_overridden=True)).is_open


def test_no_word_helps_before_the_card_was_seen_often_enough() -> None:
    looks = three({15: 900})[1:]
    assert not at_3_s(looks).is_overridable
    assert not at_3_s(looks, replace(CASE, is_overridden=True)).is_open
