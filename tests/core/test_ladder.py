"""Whom to relieve of VRAM, and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.gpu import GpuSample
from bd1.core.holders import Attribution, Holder
from bd1.core.ladder import (
    GREW_MIB,
    TAKES_S,
    Offender,
    Rung,
    is_in_danger,
    next_rung,
    pick_offender,
    rungs,
    slope_mib_s,
    time_left_s,
)
from bd1.core.settings import GpuSettings, WatchdogSettings, Workload, WorkloadKind

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(name="ollama", container="ollama", kind=WorkloadKind.OLLAMA, vram_mib=12000),
        Workload(
            name="comfyui", container="comfyui", kind=WorkloadKind.COMFYUI, vram_mib=8000, health_url="http://pictures"
        ),
        Workload(name="page", container="page"),
    )
}
names = st.sampled_from(["ollama", "comfyui", "page", None])
NOW = 100.0
holders = st.lists(
    st.builds(
        lambda name, mib, pid: Holder(name or f"stranger {pid}", name, mib, (pid,)),
        names,
        st.none() | st.integers(min_value=0, max_value=20000),
        st.integers(min_value=1, max_value=9),
    ),
    max_size=5,
)


running_names = st.frozensets(st.sampled_from(sorted(WORKLOADS)))


def holding(**mib: int | None) -> Attribution:
    return Attribution(tuple(Holder(name, name, amount, (1,)) for name, amount in mib.items()), 0)


@given(st.lists(holders, max_size=4), running_names, running_names)
def test_an_offender_is_always_one_that_is_configured_and_a_stranger_never(
    found: list[list[Holder]], running: frozenset[str], mode: frozenset[str]
) -> None:
    offender = pick_offender([Attribution(tuple(look), None) for look in found], WORKLOADS, running, mode)
    is_seen = bool(found) and any(holder.workload for holder in found[-1])
    if offender is None:
        assert not is_seen
        assert not any(WORKLOADS[name].uses_gpu for name in running)
    elif is_seen:
        assert offender.name in {holder.workload for holder in found[-1]}
    else:
        assert offender.name in running
        assert WORKLOADS[offender.name].uses_gpu


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000), running_names)
def test_nobody_has_grown_more_than_the_offender_if_anybody_has(
    ollama_before: int, ollama: int, comfyui_before: int, comfyui: int, mode: frozenset[str]
) -> None:
    before = holding(ollama=ollama_before, comfyui=comfyui_before)
    offender = pick_offender([before, holding(ollama=ollama, comfyui=comfyui)], WORKLOADS, (), mode)
    grown = {"ollama": ollama - ollama_before, "comfyui": comfyui - comfyui_before}
    assert offender is not None
    assert grown[offender.name] == max(grown.values()) or max(grown.values()) < GREW_MIB


def test_who_grew_is_taken_though_another_holds_more() -> None:
    history = [holding(ollama=12000, comfyui=100), holding(ollama=11000, comfyui=900)]
    assert pick_offender(history, WORKLOADS, (), ("comfyui",)) == Offender("comfyui", "grew by 800 MiB")


def test_who_grew_just_now_is_taken_before_who_grew_more_a_while_ago() -> None:
    history = [holding(comfyui=100), holding(ollama=12000, comfyui=400), holding(ollama=12000, comfyui=900)]
    assert pick_offender(history, WORKLOADS, (), ("comfyui",)) == Offender("comfyui", "grew by 500 MiB")


def test_who_grows_too_slowly_for_a_second_is_found_over_a_longer_while() -> None:
    history = [
        holding(ollama=12000, comfyui=100),
        holding(ollama=12000, comfyui=190),
        holding(ollama=12000, comfyui=200),
    ]
    assert pick_offender(history, WORKLOADS, (), ("ollama",)) == Offender("comfyui", "grew by 100 MiB")


def seen(*points: tuple[float, int]) -> list[GpuSample]:
    return [GpuSample(at_s, 20475, 20475 - used_mib) for at_s, used_mib in points]


def test_looks_that_come_together_say_nothing_of_growth() -> None:
    steady = [(NOW + 0.1 * count, 10000 + 100 * count) for count in range(5)]
    together = [(NOW + 0.402, 10400), (NOW + 0.415, 10400)]
    assert slope_mib_s(seen(*steady)) == pytest.approx(1000)
    assert slope_mib_s(seen(*steady, *together)) == pytest.approx(1000, rel=0.2)
    assert slope_mib_s(seen(*together)) == 0.0


@pytest.mark.parametrize(
    ("used_mib", "slope", "is_called_for"),
    [
        (18500, 1000.0, True),  # 0.95 s from the ceiling: it was called for less, and the growth is about the same
        (18500, 500.0, False),
        (12000, 1000.0, False),
        (19452, 0.0, True),
        (19400, 90.0, False),
    ],
)
def test_growth_that_slows_down_by_half_is_a_recovery_and_a_slope_that_wavers_is_none(
    used_mib: int, slope: float, *, is_called_for: bool
) -> None:
    (sample,) = seen((NOW, used_mib))
    assert is_in_danger(GpuSettings(), WatchdogSettings(), sample, slope) is is_called_for


def test_who_has_only_just_come_has_grown_by_all_it_holds() -> None:
    offender = pick_offender([holding(ollama=12000), holding(ollama=12000, comfyui=900)], WORKLOADS, (), ())
    assert offender == Offender("comfyui", "grew by 900 MiB")


def test_where_nobody_grew_the_one_that_the_mode_does_not_need_is_taken_and_else_the_largest() -> None:
    still = [holding(ollama=12000, comfyui=900)] * 2
    assert pick_offender(still, WORKLOADS, (), ("ollama",)) == Offender("comfyui", "the mode that is on does not need")
    assert pick_offender(still, WORKLOADS, (), ("ollama", "comfyui")) == Offender("ollama", "holds most")
    assert pick_offender(still, WORKLOADS, (), ()) == Offender("ollama", "holds most")


def test_an_amount_that_the_driver_hides_is_no_growth_and_counts_as_the_largest() -> None:
    hidden = [holding(ollama=12000, comfyui=0), holding(ollama=12000, comfyui=None)]
    assert pick_offender(hidden, WORKLOADS, (), ()) == Offender("comfyui", "holds most")


def test_a_stranger_that_holds_most_is_passed_over() -> None:
    found = Attribution((Holder("Xorg", None, 15000, (7,)), Holder("comfyui", "comfyui", 100, (8,))), 0)
    assert pick_offender([found], WORKLOADS, (), ()) == Offender("comfyui", "holds most")


def test_where_the_driver_names_nobody_the_largest_that_runs_is_taken() -> None:
    nobody = [Attribution((), None)]
    assert pick_offender(nobody, WORKLOADS, {"comfyui", "ollama", "page"}, ()) == Offender("ollama", "holds most")
    assert pick_offender(nobody, WORKLOADS, {"page"}, ()) is None


def test_the_steps_grow_harsher_and_only_who_has_an_interface_can_be_asked() -> None:
    assert rungs(WORKLOADS["ollama"]) == (Rung.ASK, Rung.PAUSE, Rung.STOP, Rung.KILL)
    assert rungs(WORKLOADS["comfyui"]) == (Rung.ASK, Rung.PAUSE, Rung.STOP, Rung.KILL)
    assert rungs(WORKLOADS["page"]) == (Rung.PAUSE, Rung.STOP, Rung.KILL)


@given(st.sampled_from(sorted(WORKLOADS)), st.integers(0, 4), st.floats(0, 20) | st.just(float("inf")))
def test_a_step_is_the_mildest_that_is_left_or_the_harshest_where_it_would_come_too_late(
    name: str, taken: int, time_s: float
) -> None:
    left = rungs(WORKLOADS[name])[taken:]
    rung = next_rung(left, time_s, reaction_s=0.75)
    if not left:
        assert rung is None
    elif time_s >= 0.75 and time_s >= TAKES_S[left[0]]:
        assert rung is left[0]
    else:
        assert rung is Rung.KILL


@pytest.mark.parametrize(("used_mib", "slope", "left_s"), [(9000, 500.0, 2.0), (10001, 0.0, 0.0), (9000, 0.0, None)])
def test_the_time_that_is_left_ends_at_the_ceiling(used_mib: int, slope: float, left_s: float | None) -> None:
    sample = GpuSample(NOW, 20475, 20475 - used_mib)
    expected = float("inf") if left_s is None else left_s
    assert time_left_s(GpuSettings(ceiling_mib=10000), sample, slope) == expected
