"""Docker's JSON becomes plain values."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.adapters._docker_values import (
    EVENT_ACTIONS,
    container_event,
    container_state,
    host_pids,
    moment,
    restart_policy,
)
from bd1.core.settings import RestartPolicy

YEAR_2 = datetime(2, 1, 3, tzinfo=UTC).replace(tzinfo=None)
TIMES = st.datetimes(min_value=YEAR_2)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def inspected(**state: object) -> dict[str, Any]:
    facts = {"Status": "exited", "Running": False, "Pid": 0, "ExitCode": 0, "StartedAt": "0001-01-01T00:00:00Z"}
    return {
        "Id": "f" * 64,
        "State": facts | state,
        "HostConfig": {"RestartPolicy": {"Name": "", "MaximumRetryCount": 0}},
    }


def event(action: str, name: str, **attributes: str) -> dict[str, Any]:
    return {
        "Type": "container",
        "Action": action,
        "Actor": {"ID": "f" * 64, "Attributes": {"name": name} | attributes},
        "time": 1795420171,
        "timeNano": 1795420171123456789,
    }


@given(TIMES, OFFSETS, st.integers(0, 999))
def test_a_time_is_read_to_the_microsecond_whatever_its_offset(when: datetime, offset: timezone, nanos: int) -> None:
    aware = when.replace(tzinfo=offset)
    whole, zone = when.isoformat(timespec="microseconds"), aware.isoformat()[-6:]
    assert moment(f"{whole}{nanos:03d}{zone}") == aware


@given(st.text())
def test_no_text_makes_the_time_parser_fail(text: str) -> None:
    read = moment(text)
    assert read is None or read.tzinfo is not None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "", None])
def test_never_is_no_time(text: str | None) -> None:
    assert moment(text) is None


def test_a_running_container_has_no_exit_code_though_docker_says_0() -> None:
    state = container_state("x", inspected(Status="running", Running=True, Pid=7, StartedAt="2026-11-23T08:05:17.2Z"))
    assert (state.exit_code, state.pid, state.status) == (None, 7, "running")
    assert state.started_at == datetime(2026, 11, 23, 8, 5, 17, 200000, UTC)


def test_a_container_that_never_ran_has_no_exit_code_no_pid_and_no_start() -> None:
    state = container_state("x", inspected(Status="created"))
    assert (state.exit_code, state.pid, state.started_at) == (None, None, None)


def test_a_container_that_ended_tells_its_exit_code() -> None:
    assert container_state("x", inspected(StartedAt="2026-11-23T08:05:17Z", ExitCode=137)).exit_code == 137


def test_the_last_end_and_dockers_own_restarts_are_told_of_what_runs_again() -> None:
    answer = inspected(Running=True, StartedAt="2026-11-23T08:05:17Z", FinishedAt="2026-11-23T08:05:16.5Z")
    state = container_state("x", answer | {"RestartCount": 4})
    assert (state.ended_at, state.restarts) == (datetime(2026, 11, 23, 8, 5, 16, 500000, UTC), 4)
    never = container_state("x", inspected(FinishedAt="0001-01-01T00:00:00Z"))
    assert (never.ended_at, never.restarts) == (None, 0)


def test_no_restart_policy_is_the_policy_no() -> None:
    assert container_state("x", inspected()).restart_policy is RestartPolicy.NO


def test_an_unheard_of_restart_policy_counts_as_the_worst() -> None:
    assert restart_policy("whenever-it-likes") is RestartPolicy.ALWAYS


def test_pids_are_found_in_whatever_column_they_stand() -> None:
    assert host_pids({"Titles": ["UID", "PID"], "Processes": [["root", "12"], ["root", "13"]]}) == {12, 13}
    assert host_pids({"Titles": ["PID"], "Processes": None}) == frozenset()


def test_an_event_tells_container_action_time_and_exit_code() -> None:
    told = container_event(event("die", "comfyui", exitCode="137"), {"comfyui"})
    assert told is not None
    assert (told.container, told.action, told.exit_code) == ("comfyui", "die", 137)
    assert told.at == datetime.fromtimestamp(1795420171, UTC).replace(microsecond=123456)


def test_the_state_of_health_stays_part_of_the_action() -> None:
    told = container_event(event("health_status: unhealthy", "comfyui"), {"comfyui"})
    assert told is not None
    assert told.action == "health_status: unhealthy"


def test_a_container_that_compose_is_replacing_keeps_its_name() -> None:
    told = container_event(event("die", "0123456789ab_comfyui", exitCode="0"), {"comfyui"})
    assert told is not None
    assert told.container == "comfyui"


@given(st.text(max_size=20), st.sampled_from(EVENT_ACTIONS))
def test_only_configured_containers_have_events(name: str, action: str) -> None:
    told = container_event(event(action, name), {"comfyui", "ollama"})
    assert (told is not None) == (name in {"comfyui", "ollama"})


@pytest.mark.parametrize("action", ["exec_start: /bin/sh", "attach", "resize", "top", "create", "destroy", ""])
def test_noise_is_no_event(action: str) -> None:
    assert container_event(event(action, "comfyui"), {"comfyui"}) is None


def test_events_of_networks_and_images_are_no_events() -> None:
    assert container_event(event("start", "comfyui") | {"Type": "network"}, {"comfyui"}) is None
