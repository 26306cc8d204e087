"""The gate: opens on a card that is proved to be free, and on nothing else."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from bd1.core.gate import Answer, GateCase, Look, Verdict, judge, why_closed
from bd1.core.gpu import GpuProcess, GpuSample
from bd1.core.holders import Attribution, Owner, attribute

TOTAL, IDLE = 20475, 460
CASE = GateCase(
    gone=("ollama",),
    gone_pids={11: "ollama"},
    staying={"helper": 0},
    need_mib=8000,
    idle_mib=IDLE,
    tolerance_mib=256,
    ceiling_mib=19451,
    samples=3,
)
OWNERS = {11: Owner("ollama"), 12: Owner("comfyui"), 13: Owner("helper"), 14: Owner(None, "f" * 64), 15: Owner()}


def look(at_s: float, held: dict[int, int | None], *, lost_mib: int = 0, total_mib: int = TOTAL) -> Look:
    """One look: `held` by PID, and what no process explains."""
    processes = tuple(GpuProcess(pid, mib, f"program{pid}") for pid, mib in held.items())
    used = IDLE + lost_mib + sum(mib or 0 for mib in held.values())
    sample = GpuSample(at_s, total_mib, total_mib - used, processes)
    return Look(sample, attribute(processes, OWNERS, sample.used_mib, IDLE))


def now(case: GateCase, looks: list[Look]) -> Verdict:
    """The verdict at the moment of the newest look."""
    return judge(case, looks, now_s=looks[-1].sample.at_s if looks else 0.0)


def plain(reason: str) -> str:
    return reason.replace("\N{NARROW NO-BREAK SPACE}", " ")


amounts = st.integers(min_value=1, max_value=12000)
held = st.dictionaries(st.sampled_from(sorted(OWNERS)), st.none() | amounts, max_size=4)
traces = st.lists(
    st.tuples(st.integers(min_value=0, max_value=6), held, st.integers(min_value=0, max_value=3000)), max_size=8
)
cases = st.builds(
    GateCase,
    gone=st.sets(st.sampled_from(["ollama", "comfyui"])),
    gone_pids=st.just({}),
    staying=st.sampled_from([{}, {"helper": 0}]),
    need_mib=st.integers(min_value=0, max_value=20000),
    idle_mib=st.just(IDLE),
    tolerance_mib=st.integers(min_value=0, max_value=1000),
    ceiling_mib=st.integers(min_value=1000, max_value=TOTAL),
    samples=st.integers(min_value=1, max_value=4),
)


@given(cases, traces)
def test_when_it_opens_each_of_the_last_looks_was_clean_and_fresh(
    case: GateCase, trace: list[tuple[int, dict[int, int | None], int]]
) -> None:
    looks = [look(float(at_s), on_card, lost_mib=lost) for at_s, on_card, lost in trace]
    verdict = now(case, looks)
    if not verdict.is_open:
        assert verdict.reason.endswith(".")
        return
    recent = looks[-case.samples :]
    assert len({one.sample.at_s for one in recent}) == case.samples
    for one in recent:
        present = {holder.workload: holder.mib or 0 for holder in one.attribution.holders}
        assert present.keys().isdisjoint(case.gone)
        foreign = one.sample.used_mib - sum(present.get(name, 0) for name in case.staying) - case.idle_mib
        assert foreign <= case.tolerance_mib
        assert case.idle_mib + max(foreign, 0) + case.need_mib <= case.ceiling_mib


@given(cases, st.integers(min_value=0, max_value=256))
def test_enough_clean_and_fresh_looks_open_it(case: GateCase, above_idle_mib: int) -> None:
    assume(above_idle_mib <= case.tolerance_mib)
    assume(IDLE + above_idle_mib + case.need_mib <= case.ceiling_mib)
    looks = [look(float(number), {}, lost_mib=above_idle_mib) for number in range(case.samples)]
    assert now(case, looks).is_open


@given(cases)
def test_one_look_too_few_keeps_it_shut(case: GateCase) -> None:
    looks = [look(float(number), {}) for number in range(case.samples - 1)]
    assert not now(case, looks).is_open


@given(cases, st.integers(min_value=2, max_value=9))
def test_the_same_sample_again_and_again_proves_nothing(case: GateCase, times: int) -> None:
    case = replace(case, samples=times)
    assert not now(case, [look(7.0, {})] * times).is_open


@given(cases, traces, st.sampled_from([11, 12]), st.none() | amounts)
def test_one_that_must_be_gone_keeps_it_shut_however_little_it_holds(
    case: GateCase, trace: list[tuple[int, dict[int, int | None], int]], pid: int, mib: int | None
) -> None:
    case = replace(case, gone=("ollama", "comfyui"), tolerance_mib=TOTAL, ceiling_mib=10 * TOTAL)
    looks = [look(float(at_s), on_card, lost_mib=lost) for at_s, on_card, lost in trace]
    verdict = now(case, [*looks, look(99.0, {pid: mib})])
    assert not verdict.is_open
    assert (OWNERS[pid].workload or "") in verdict.reason or "measured" in verdict.reason


def test_the_holder_is_named_with_what_it_holds_and_its_pid() -> None:
    assert plain(why_closed(CASE, look(1, {11: 5200}))) == "Still on the card: ollama, 5 200 MiB (PID 11 program11)."
    reason = plain(why_closed(CASE, look(1, {14: 900})))
    assert (
        reason == "The card is held by a container that is not configured (ffffffffffff), 900 MiB (PID 14 program14)."
    )
    reason = plain(why_closed(CASE, look(1, {15: 901})))
    assert reason == "The card is held by program15, outside any container (PID 15), 901 MiB."


def test_a_configured_workload_that_nobody_planned_with_is_named_too() -> None:
    assert plain(why_closed(CASE, look(1, {12: 2400}))) == "The card is held by comfyui, 2 400 MiB (PID 12 program12)."


def test_every_holder_is_named_and_what_nobody_explains_besides() -> None:
    reason = plain(why_closed(CASE, look(1, {12: 2400, 15: 300}, lost_mib=1000)))
    assert "comfyui, 2 400 MiB" in reason
    assert "program15" in reason
    assert reason.endswith("1 000 MiB of VRAM have not come back, and no process on the card explains them.")


def test_memory_without_a_process_is_told_as_such() -> None:
    reason = plain(why_closed(CASE, look(1, {13: 700}, lost_mib=300)))
    assert reason == "300 MiB of VRAM have not come back, and no process on the card explains them."


def test_an_amount_the_driver_hides_is_told_and_never_taken_for_nothing() -> None:
    assert "ollama, an unknown amount (PID 11 program11)" in why_closed(CASE, look(1, {11: None}))
    hidden = look(1, {13: None}, lost_mib=4000)
    assert why_closed(CASE, hidden).startswith("The driver does not say how much helper may hold")


def test_what_stays_may_keep_what_it_holds() -> None:
    looks = [look(float(number), {13: 6000}) for number in range(3)]
    assert now(CASE, looks).is_open


def test_a_need_above_the_ceiling_is_told_in_figures() -> None:
    reason = plain(why_closed(replace(CASE, need_mib=19000), look(1, {})))
    assert reason == "19 460 MiB would be needed, the ceiling is 19 451 MiB."


def test_before_the_first_look_it_is_shut_with_a_reason() -> None:
    verdict = now(CASE, [])
    assert (verdict.answer, verdict.reason) == (Answer.WAIT, "The card is being measured.")


def test_one_dirty_look_among_the_last_keeps_it_shut() -> None:
    looks = [look(1, {}), look(2, {12: 900}), look(3, {})]
    assert not now(CASE, looks).is_open
    assert now(CASE, [look(0, {12: 900}), *[look(float(number), {}) for number in (1, 2, 3)]]).is_open


def test_a_card_below_its_idle_level_does_not_make_room_for_more() -> None:
    below = Look(GpuSample(1.0, TOTAL, TOTAL - 100, ()), Attribution((), 0))
    assert why_closed(replace(CASE, need_mib=19100), below) != ""
