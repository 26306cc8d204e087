"""Modes: what a switch has to do, and which mode is really on."""

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.modes import derive, gpu_running, is_allowed_together, plan
from bd1.core.settings import Mode, Workload

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(name="ollama", container="ollama", vram_mib=12000),
        Workload(name="embedder", container="embedder", vram_mib=2000),
        Workload(name="comfyui", container="comfyui", vram_mib=8000),
        Workload(name="page", container="page"),
        Workload(name="wiki", container="wiki"),
    )
}
MODES = {
    mode.name: mode
    for mode in (
        Mode(name="chat", workloads=("ollama", "page")),
        Mode(name="library", workloads=("ollama", "embedder", "wiki")),
        Mode(name="image", workloads=("comfyui",)),
        Mode(name="tour", workloads=("comfyui", "page", "wiki")),
        Mode(name="idle"),
    )
}
running_sets = st.frozensets(st.sampled_from(sorted(WORKLOADS)))
targets = st.sampled_from(sorted(MODES))


@given(targets, running_sets)
def test_after_a_plan_exactly_the_modes_gpu_workloads_run_and_all_its_others(
    target: str, running: frozenset[str]
) -> None:
    ahead = plan(MODES[target], running, WORKLOADS)
    stopped = {workload.name for workload in ahead.stop}
    started = {workload.name for workload in ahead.start}
    after = (running - stopped) | started
    assert gpu_running(after, WORKLOADS) == gpu_running(MODES[target].workloads, WORKLOADS)
    assert set(MODES[target].workloads) <= after
    assert stopped <= running
    assert started.isdisjoint(running)


@given(targets, running_sets)
def test_only_gpu_workloads_are_ever_stopped_and_they_start_last(target: str, running: frozenset[str]) -> None:
    ahead = plan(MODES[target], running, WORKLOADS)
    assert all(workload.uses_gpu for workload in ahead.stop)
    assert sorted(ahead.start, key=lambda workload: workload.uses_gpu) == list(ahead.start)


@given(targets, running_sets)
def test_the_need_is_what_all_of_the_mode_declares_whatever_runs_already(target: str, running: frozenset[str]) -> None:
    ahead = plan(MODES[target], running, WORKLOADS)
    assert ahead.need_mib == sum(WORKLOADS[name].vram_mib for name in MODES[target].workloads)
    assert ahead.touches_card == any(workload.uses_gpu for workload in ahead.start)


@given(targets, running_sets)
def test_a_plan_that_was_carried_out_leaves_nothing_to_do_and_its_mode_is_on(
    target: str, running: frozenset[str]
) -> None:
    ahead = plan(MODES[target], running, WORKLOADS)
    after = (running - {workload.name for workload in ahead.stop}) | {workload.name for workload in ahead.start}
    assert plan(MODES[target], after, WORKLOADS).is_empty
    assert derive(MODES, after, WORKLOADS, remembered=target) == target


@given(running_sets, st.none() | targets)
def test_a_mode_that_is_called_on_has_exactly_its_gpu_workloads_running(
    running: frozenset[str], remembered: str | None
) -> None:
    name = derive(MODES, running, WORKLOADS, remembered)
    fitting = {
        mode.name
        for mode in MODES.values()
        if gpu_running(mode.workloads, WORKLOADS) == gpu_running(running, WORKLOADS)
    }
    assert name in fitting or (name is None and not fitting)
    assert remembered not in fitting or name == remembered


@given(running_sets)
def test_a_mode_that_fits_is_a_crowd_that_is_allowed(running: frozenset[str]) -> None:
    if derive(MODES, running, WORKLOADS, None) is not None:
        assert is_allowed_together(MODES, running, WORKLOADS)


def test_without_a_memory_the_mode_with_most_of_its_others_running_is_on() -> None:
    assert derive(MODES, {"comfyui", "page", "wiki"}, WORKLOADS, None) == "tour"
    assert derive(MODES, {"comfyui"}, WORKLOADS, None) == "image"


def test_two_gpu_workloads_side_by_side_are_no_mode_and_not_allowed() -> None:
    assert derive(MODES, {"comfyui", "ollama"}, WORKLOADS, "chat") is None
    assert not is_allowed_together(MODES, {"comfyui", "ollama"}, WORKLOADS)
    assert is_allowed_together(MODES, {"embedder"}, WORKLOADS)


def test_one_that_the_old_and_the_new_mode_share_keeps_running() -> None:
    ahead = plan(MODES["library"], frozenset({"ollama", "page"}), WORKLOADS)
    assert [workload.name for workload in ahead.stay] == ["ollama"]
    assert [workload.name for workload in ahead.start] == ["wiki", "embedder"]
    assert ahead.stop == ()
