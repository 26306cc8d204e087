"""Progress: each event changes what it is about and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.progress import Outcome, Progress, Step, StepState

KEYS = ("drain", "stop", "gate")
BEGUN = Progress("chat", "image", "Leia", tuple(Step(key, key.title()) for key in KEYS), started_s=100.0)


def state_of(progress: Progress, key: str) -> Step:
    return next(step for step in progress.steps if step.key == key)


@given(st.lists(st.tuples(st.sampled_from(["begin", "end"]), st.sampled_from(KEYS)), max_size=12))
def test_however_the_steps_go_none_is_lost_and_all_have_ended_at_the_finish(events: list[tuple[str, str]]) -> None:
    progress = BEGUN
    for number, (what, key) in enumerate(events, start=1):
        now_s = 100.0 + number
        progress = progress.begin(key, now_s) if what == "begin" else progress.end(key, now_s)
        assert progress.elapsed_s == number
        assert progress.outcome is None
    over = progress.finish(Outcome.FAILED, "It went wrong.", 200.0)
    assert tuple(step.key for step in over.steps) == KEYS
    assert all(step.state is not StepState.RUNNING for step in over.steps)
    assert all(step.took_s is None or step.took_s >= 0 for step in over.steps)
    assert (over.outcome, over.message, over.elapsed_s) == (Outcome.FAILED, "It went wrong.", 100.0)


def test_a_step_tells_how_long_it_took() -> None:
    running = BEGUN.begin("stop", 101.0)
    assert state_of(running, "stop").state is StepState.RUNNING
    done = running.end("stop", 103.5)
    assert (state_of(done, "stop").state, state_of(done, "stop").took_s) == (StepState.DONE, 2.5)
    assert state_of(done, "drain") == state_of(BEGUN, "drain")


def test_a_step_that_runs_when_all_ends_has_failed_and_those_ahead_stay_pending() -> None:
    over = BEGUN.begin("stop", 101.0).finish(Outcome.REFUSED, "No.", 104.0)
    assert [step.state for step in over.steps] == [StepState.PENDING, StepState.FAILED, StepState.PENDING]
    assert state_of(over, "stop").took_s == 3.0


def test_what_is_seen_on_the_card_changes_no_step() -> None:
    seen = BEGUN.seen(9000, 20475, 102.0)
    assert (seen.used_mib, seen.total_mib, seen.elapsed_s) == (9000, 20475, 2.0)
    assert seen.steps == BEGUN.steps


def test_an_older_snapshot_stays_as_it_was() -> None:
    BEGUN.begin("stop", 101.0).finish(Outcome.DONE, "Done.", 104.0)
    assert BEGUN.outcome is None
    assert {step.state for step in BEGUN.steps} == {StepState.PENDING}
