"""Whom to relieve of VRAM, and how."""

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.holders import Attribution, Holder
from bd1.core.ladder import Rung, pick_victim, rungs
from bd1.core.settings import Workload, WorkloadKind

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(name="ollama", container="ollama", kind=WorkloadKind.OLLAMA, vram_mib=12000),
        Workload(name="comfyui", container="comfyui", kind=WorkloadKind.COMFYUI, vram_mib=8000),
        Workload(name="page", container="page"),
    )
}
names = st.sampled_from(["ollama", "comfyui", "page", None])
holders = st.lists(
    st.builds(
        lambda name, mib, pid: Holder(name or f"stranger {pid}", name, mib, (pid,)),
        names,
        st.none() | st.integers(min_value=0, max_value=20000),
        st.integers(min_value=1, max_value=9),
    ),
    max_size=5,
)


@given(holders, st.frozensets(st.sampled_from(sorted(WORKLOADS))))
def test_a_victim_is_always_one_that_is_configured_and_a_stranger_never(
    found: list[Holder], running: frozenset[str]
) -> None:
    victim = pick_victim(Attribution(tuple(found), None), WORKLOADS, running)
    assert victim is None or victim in WORKLOADS
    if victim and not any(holder.workload for holder in found):
        assert victim in running
        assert WORKLOADS[victim].uses_gpu


@given(holders)
def test_nobody_holds_more_than_the_victim_unless_its_amount_is_hidden(found: list[Holder]) -> None:
    victim = pick_victim(Attribution(tuple(found), None), WORKLOADS, ())
    mine = [holder for holder in found if holder.workload]
    amounts = [holder.mib for holder in mine if holder.workload == victim]
    assert (victim is None) == (not mine)
    assert None in amounts or all(
        holder.mib is not None and holder.mib <= max(mib or 0 for mib in amounts) for holder in mine
    )


def test_a_stranger_that_holds_most_is_passed_over() -> None:
    found = Attribution((Holder("Xorg", None, 15000, (7,)), Holder("comfyui", "comfyui", 100, (8,))), 0)
    assert pick_victim(found, WORKLOADS, ()) == "comfyui"


def test_where_the_driver_names_nobody_the_largest_that_runs_is_taken() -> None:
    nobody = Attribution((), None)
    assert pick_victim(nobody, WORKLOADS, {"comfyui", "ollama", "page"}) == "ollama"
    assert pick_victim(nobody, WORKLOADS, {"page"}) is None


def test_the_steps_grow_harsher_and_only_ollama_can_be_asked_to_unload() -> None:
    assert rungs(WORKLOADS["ollama"]) == (Rung.UNLOAD, Rung.STOP, Rung.KILL)
    assert rungs(WORKLOADS["comfyui"]) == (Rung.STOP, Rung.KILL)
    assert rungs(WORKLOADS["page"]) == (Rung.STOP, Rung.KILL)
