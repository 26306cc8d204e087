"""Docker's JSON answers as plain values. Reads them only: it asks nobody and knows no SDK."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from bd1.core.settings import RestartPolicy
from bd1.ports import ContainerEvent, ContainerState

EVENT_ACTIONS = ("start", "die", "stop", "kill", "oom", "pause", "unpause", "restart", "update", "health_status")
"""The changes worth telling; exec, attach, resize and the rest are noise here."""

_REPLACED = re.compile(r"^[0-9a-f]{12}_(?=.)")
"""While Compose recreates a container, the old one carries the first half of its id in front of its name."""


def moment(text: str | None) -> datetime | None:
    """Docker's timestamp (RFC 3339, nanoseconds) as an aware datetime; `None` for "never" (year 1) and for no time."""
    try:
        parsed = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return None if aware.year == 1 else aware


def restart_policy(name: str | None) -> RestartPolicy:
    """The policy by Docker's word; none given means "no".

    A word this version does not know counts as `ALWAYS`: whoever asks wants to hear the worst it can mean.
    """
    try:
        return RestartPolicy(name or "no")
    except ValueError:
        return RestartPolicy.ALWAYS


def container_state(name: str, answer: Mapping[str, Any]) -> ContainerState:
    """The answer of `inspect`. The exit code is of the last run: `None` while running and before the first start."""
    state = answer["State"]
    running = bool(state.get("Running"))
    started_at = moment(state.get("StartedAt"))
    ended = started_at is not None and not running
    return ContainerState(
        name=name,
        id=answer["Id"],
        running=running,
        status=state["Status"],
        restart_policy=restart_policy(answer["HostConfig"]["RestartPolicy"].get("Name")),
        pid=state.get("Pid") or None,
        exit_code=state.get("ExitCode") if ended else None,
        started_at=started_at,
        ended_at=moment(state.get("FinishedAt")),
        restarts=int(answer.get("RestartCount") or 0),
    )


def host_pids(answer: Mapping[str, Any]) -> frozenset[int]:
    """The host PIDs of a `top` answer, whatever columns `ps` was made to print beside them."""
    column = answer["Titles"].index("PID")
    return frozenset(int(row[column]) for row in answer["Processes"] or ())


def container_event(raw: Mapping[str, Any], names: Collection[str]) -> ContainerEvent | None:
    """An event of a configured container; `None` for every other container and for changes not worth telling."""
    action = str(raw.get("Action", ""))
    attributes = raw.get("Actor", {}).get("Attributes", {})
    name = _REPLACED.sub("", attributes.get("name", ""))
    if raw.get("Type") != "container" or name not in names or action.partition(":")[0] not in EVENT_ACTIONS:
        return None
    code = str(attributes.get("exitCode", ""))
    return ContainerEvent(name, action, _event_time(raw), int(code) if code.isdecimal() else None)


def _event_time(raw: Mapping[str, Any]) -> datetime:
    nanoseconds = int(raw.get("timeNano") or int(raw["time"]) * 1_000_000_000)
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).replace(
        microsecond=nanoseconds // 1000 % 1_000_000
    )
