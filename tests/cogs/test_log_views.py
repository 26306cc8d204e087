"""What the journal tells people, and what they read of the idle level."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bd1.core.baseline import Baseline
from bd1.core.journal import Entry, StepRecord
from bd1.core.progress import Outcome, StepState
from cogs._ui.baseline_view import baseline_embed, may_be_accepted
from cogs._ui.log_view import audit_line, ended_at, log_embed
from tests.cogs.conftest import reading

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
STEPS = tuple(
    StepRecord(key, "x", AT, StepState.DONE, took_s)
    for key, took_s in (
        ("drain", 0.3),
        ("stop ollama", 1.1),
        ("gate comfyui", 2.2),
        ("start comfyui", 0.8),
        ("health comfyui", 2.0),
    )
)
DONE = Entry("1", "chat", "image", "Leia", AT, steps=STEPS, outcome=Outcome.DONE, message="chat -> image", took_s=6.4)
REFUSED = replace(DONE, outcome=Outcome.REFUSED, steps=STEPS[:3], message="game holds the card.", took_s=60.0)
BASELINE = Baseline("GPU-1", "580.65", 460, 460, 30, AT, "BD1")


def log(*entries: Entry) -> str:
    return reading(log_embed(entries).description or "")


def idle(baseline: Baseline | None, measured_mib: int | None, *running: str) -> str:
    return reading(baseline_embed(baseline, measured_mib, running).description or "")


def test_the_log_says_when_who_what_and_where_the_time_went() -> None:
    assert log(DONE) == (
        "✅ **chat → image** · <t:1767268800:R> · Leia\n-# done in 6.4 s: drain 0.3, stop 1.1, VRAM back 2.2, start 2.8"
    )


def test_the_log_tells_a_refusal_with_its_sentence_and_an_override_with_its_reason() -> None:
    text = log(replace(REFUSED, override="Leia: the game may stay"))
    assert "-# refused in 60.0 s: drain 0.3, stop 1.1, VRAM back 2.2 · game holds the card." in text
    assert "-# ⚠️ override by Leia: the game may stay" in text


def test_the_way_back_is_told_apart_from_the_way_there() -> None:
    back = StepRecord("back start ollama", "x", AT, StepState.DONE, 3.0)
    text = log(replace(DONE, outcome=Outcome.ROLLED_BACK, steps=(*STEPS, back), message="comfyui died."))
    assert "VRAM back 2.2, start 2.8, back: start 3.0 · comfyui died." in text


def test_an_empty_journal_says_so() -> None:
    assert log() == "No switch has been written down yet."


def test_as_many_of_the_newest_as_fit_are_shown_and_the_rest_is_counted() -> None:
    text = log(*(replace(REFUSED, by=f"number {number}", message="x" * 900) for number in range(25)))
    assert "number 0" in text
    assert "more" in text.rsplit("\n", 1)[1]


def test_a_switch_leaves_one_line_for_everybody() -> None:
    assert audit_line(DONE) == (
        "<t:1767268806:T> ✅ **chat → image** by Leia · done in 6.4 s: drain 0.3, stop 1.1, VRAM back 2.2, start 2.8"
    )
    line = audit_line(replace(REFUSED, override="Leia: the game\nmay stay"))
    assert line.endswith("· game holds the card. · ⚠️ override by Leia: the game may stay")


def test_a_switch_is_told_at_the_time_it_ended() -> None:
    assert (ended_at(DONE) - AT).total_seconds() == pytest.approx(6.4)


def test_the_idle_level_says_of_which_card_since_when_and_by_whom() -> None:
    text = idle(BASELINE, 470)
    for wanted in (
        "**460 MiB**",
        "driver 580.65",
        "card GPU-1",
        "<t:1767268800:R> by BD1",
        "30 MiB of it",
        "**470 MiB**",
    ):
        assert wanted in text


@pytest.mark.parametrize(
    ("running", "told"),
    [
        (("ollama",), "because ollama runs."),
        (("comfyui", "ollama"), "because comfyui and ollama run."),
        ((), "the card cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_explained(running: tuple[str, ...], told: str) -> None:
    assert told in idle(BASELINE, None, *running)


def test_a_level_that_nobody_has_learned_is_none() -> None:
    assert "has not been learned yet" in idle(None, None)


@pytest.mark.parametrize(("measured_mib", "is_high"), [(None, False), (460, False), (588, False), (589, True)])
def test_only_what_is_above_a_step_needs_a_persons_word(measured_mib: int | None, is_high: bool) -> None:
    assert may_be_accepted(BASELINE, measured_mib, 128) is is_high
    assert not may_be_accepted(None, measured_mib, 128)
