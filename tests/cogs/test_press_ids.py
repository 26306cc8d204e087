"""A button's id says what it means whatever the names are, and fits into Discord's hundred characters."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs._ui import press_ids
from cogs._ui.press_ids import (
    accept_id,
    answer_id,
    card_id,
    incident_id,
    mark_of,
    mode_id,
    named,
    override_id,
    rearm_id,
    refused_id,
    switch_id,
)

names = st.one_of(
    st.text(min_size=1, max_size=32),
    st.sampled_from(["image", "a:b", "🪐" * 32, "~" * 32, "no:1:x", "\n", "x" * 32, " image", "bd1:mode:no:1:x"]),
)
ids = st.integers(min_value=1, max_value=2**63 - 1)
IN_AN_ID = 100


def words(pattern: re.Pattern[str], press_id: str) -> dict[str, str | None]:
    match = pattern.fullmatch(press_id)
    assert match
    assert len(press_id) <= IN_AN_ID
    assert len(press_id.encode("utf-16-le")) <= 2 * IN_AN_ID
    return match.groupdict()


@given(names, ids, st.sampled_from(["wait", "cut", "no"]))
def test_the_question_before_a_switch_is_read_back(mode: str, asker: int, how: str) -> None:
    read = words(press_ids.MODE, mode_id(how, asker, mode))
    assert read == {"how": how, "asker": str(asker), "mode": mark_of(mode)}
    assert named(mark_of(mode), ["other", mode]) == mode


@given(names, names)
def test_what_a_refusal_offers_is_read_back(mode: str, workload: str) -> None:
    assert words(press_ids.REFUSED, refused_id("again", mode)) == {
        "how": "again",
        "mode": mark_of(mode),
        "workload": None,
    }
    read = words(press_ids.REFUSED, refused_id("kill", mode, workload))
    assert (read["mode"], read["workload"]) == (mark_of(mode), mark_of(workload))


@given(names, ids)
def test_an_override_is_read_back(mode: str, message: int) -> None:
    assert words(press_ids.OVERRIDE, override_id(message, mode)) == {"message": str(message), "mode": mark_of(mode)}


@pytest.mark.parametrize("how", ["ack", "snooze", "silence", "speak"])
def test_what_is_said_to_an_incident_is_read_back(how: str) -> None:
    incident = "20260101120000-0a1b2c3d"
    assert words(press_ids.INCIDENT, incident_id(how, incident)) == {"how": how, "incident": incident}


@given(names)
def test_a_workload_that_may_run_again_is_read_back(workload: str) -> None:
    read = words(press_ids.REARM, rearm_id(workload))
    assert read == {"workload": mark_of(workload)}
    assert named(mark_of(workload), ["other", workload]) == workload


@given(st.integers(min_value=0, max_value=10**8))
def test_a_level_is_read_back(mib: int) -> None:
    assert words(press_ids.ACCEPT, accept_id(mib)) == {"mib": str(mib)}


def test_a_switch_under_way_is_read_back() -> None:
    job = "20260101120000-0a1b2c3d"
    assert words(press_ids.SWITCH, switch_id("cancel", job)) == {"how": "cancel", "job": job}


@given(st.lists(names, max_size=25, unique=True))
def test_no_two_names_share_a_mark(modes: list[str]) -> None:
    assert [named(mark_of(mode), modes) for mode in modes] == modes


@pytest.mark.parametrize("mark", ["gone", "~0123456789abcdef", ""])
def test_a_name_that_the_configuration_has_no_more_is_nobody(mark: str) -> None:
    assert named(mark, ["chat", "image", "🪐"]) is None


def test_a_plain_name_stands_in_the_id_as_it_is() -> None:
    assert refused_id("kill", "image", "comfyui") == "bd1:refused:kill:image:comfyui"
    assert mode_id("cut", 7, "image") == "bd1:mode:cut:7:image"


@given(names, ids, st.sampled_from(["stop", "cancel", "retry", "regenerate", "continue", "thinking", "delete"]))
def test_what_an_answer_offers_is_read_back(mode: str, question: int, how: str) -> None:
    assert words(press_ids.ANSWER, answer_id(how, question)) == {"how": how, "question": str(question), "mode": None}
    read = words(press_ids.ANSWER, answer_id("switch", question, mode))
    assert read == {"how": "switch", "question": str(question), "mode": mark_of(mode)}


def test_the_button_of_a_quarantine_knows_which_one_it_means() -> None:
    since = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert words(press_ids.CARD, card_id(since)) == {"since": str(int(since.timestamp()))}
