"""What became of a switch nobody saw the end of is read off what runs, never off what was intended."""

from datetime import UTC, datetime
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.journal import Entry, StepRecord
from bd1.core.progress import Outcome, StepState
from bd1.core.recovery import Ending, begun, resolve
from bd1.core.settings import Mode, Workload

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WORKLOADS = {
    "ollama": Workload(name="ollama", container="ollama", vram_mib=12000),
    "comfyui": Workload(name="comfyui", container="comfyui", vram_mib=8000),
    "web": Workload(name="web", container="web"),
}
MODES = {
    "chat": Mode(name="chat", workloads=("ollama", "web")),
    "image": Mode(name="image", workloads=("comfyui",)),
    "idle": Mode(name="idle"),
}
STEPS = ("drain", "stop ollama", "gate comfyui", "start comfyui", "health comfyui", "commit")


def entry(steps: int, *, target: str = "image", is_done: bool = True, more: tuple[str, ...] = ()) -> Entry:
    """A switch chat -> target that came so far."""
    keys = (*STEPS[:steps], *more)
    records = [StepRecord(key, key.capitalize(), NOW, StepState.DONE) for key in keys]
    if records and not is_done:
        records[-1] = StepRecord(keys[-1], keys[-1].capitalize(), NOW)
    starts = ("comfyui",) if target == "image" else ()
    return Entry("1", "chat", target, "Leia", NOW, ("ollama",), starts, tuple(records))


def test_what_came_up_although_nobody_waited_for_it_is_finished() -> None:
    found = resolve(entry(4, is_done=False), {"comfyui", "web"}, MODES, WORKLOADS)
    assert (found.ending, found.outcome, found.needs_proof) == (Ending.FINISHED, Outcome.DONE, False)
    assert 'at "Start comfyui"' in found.words


def test_what_still_runs_was_never_stopped() -> None:
    found = resolve(entry(2, is_done=False), {"ollama"}, MODES, WORKLOADS)
    assert (found.ending, found.outcome) == (Ending.UNDONE, Outcome.ROLLED_BACK)
    assert found.words.endswith("Nothing had been stopped for good: chat mode is still on.")


def test_a_way_back_that_had_been_taken_is_told_as_such() -> None:
    found = resolve(entry(5, more=("back gate ollama", "back start ollama")), {"ollama"}, MODES, WORKLOADS)
    assert (found.ending, found.outcome) == (Ending.UNDONE, Outcome.ROLLED_BACK)
    assert "It had gone back already" in found.words


def test_an_empty_card_is_left_idle_once_it_is_proved_to_be_clean() -> None:
    found = resolve(entry(3), {"web"}, MODES, WORKLOADS)
    assert (found.ending, found.outcome, found.needs_proof) == (Ending.IDLE, Outcome.FAILED, True)
    assert "left idle" in found.words


def test_a_switch_to_an_empty_card_is_finished_by_an_empty_card_that_is_clean() -> None:
    found = resolve(entry(2, target="idle"), (), MODES, WORKLOADS)
    assert (found.ending, found.outcome, found.needs_proof) == (Ending.FINISHED, Outcome.DONE, True)


def test_what_somebody_else_started_is_not_taken_for_the_switchs_work() -> None:
    found = resolve(entry(2), {"comfyui"}, MODES, WORKLOADS)
    assert (found.ending, found.outcome) == (Ending.FOREIGN, Outcome.FAILED)
    assert "comfyui was started by somebody else meanwhile" in found.words


def test_a_mixture_and_a_mode_that_is_no_longer_configured_are_told_as_they_are() -> None:
    both = resolve(entry(4), {"ollama", "comfyui"}, MODES, WORKLOADS)
    assert (both.ending, both.outcome) == (Ending.FOREIGN, Outcome.FAILED)
    assert "comfyui and ollama" in both.words
    gone = resolve(entry(4), {"comfyui"}, {"idle": MODES["idle"]}, WORKLOADS)
    assert gone.ending is Ending.FOREIGN


def test_which_workloads_were_begun_is_read_off_the_steps() -> None:
    tried = entry(5, more=("back start ollama",))
    assert begun(tried, "stop") == ("ollama",)
    assert begun(tried, "start") == ("comfyui",)
    assert begun(tried, "back start") == ("ollama",)


EVERY_STATE = [frozenset(names) for size in range(4) for names in combinations(WORKLOADS, size)]


@given(
    st.integers(0, len(STEPS)), st.booleans(), st.sampled_from(["image", "idle", "gone"]), st.sampled_from(EVERY_STATE)
)
def test_it_never_calls_done_what_does_not_run_and_always_says_what_does(
    steps: int, is_done: bool, target: str, running: frozenset[str]
) -> None:
    found = resolve(entry(steps, target=target, is_done=is_done), running, MODES, WORKLOADS)
    on_card = {name for name in running if WORKLOADS[name].uses_gpu}
    if found.outcome is Outcome.DONE:
        assert on_card == {name for name in MODES[target].workloads if WORKLOADS[name].uses_gpu}
    if found.outcome is Outcome.ROLLED_BACK:
        assert on_card == {"ollama"}
    assert not (found.needs_proof and on_card)
    assert found.words.endswith(".")
