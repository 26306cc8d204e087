"""What each key of the configuration may hold: its type, its range with the unit, its form.

Names and defaults are those of `core.settings`; nothing here looks at two keys at once (that is `config_rules`).
"""

import re
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, create_model
from pydantic_core import PydanticCustomError

from bd1.core.quiet_hours import time_of_day
from bd1.core.settings import (
    AlertSettings,
    AnswerFinish,
    ChatSettings,
    DiscordSettings,
    GpuSettings,
    Mode,
    ModelChoice,
    NewcomerPolicy,
    RestartPolicy,
    Settings,
    SwitchSettings,
    WatchdogSettings,
    Workload,
    WorkloadKind,
)

LOOKS_LIKE_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")
"""The shape of a Discord token: three parts with dots between. Such a value is never printed."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_CONTAINER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")
_NO_ID = 0


def _refuse(text: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{text}", {"text": text})


def _between(low: float, high: float, unit: str = "") -> AfterValidator:
    """From `low` to `high`, both allowed."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise _refuse(f"must be from {low:g} to {high:,.10g} {unit}".rstrip() + f"; it is {value:g}")
        return value

    return AfterValidator(check)


def _text(shortest: int, longest: int) -> AfterValidator:
    def check(value: str) -> str:
        if not shortest <= len(value.strip()) <= longest:
            raise _refuse(f"must be text of {shortest} to {longest} characters; it has {len(value.strip())}")
        return value

    return AfterValidator(check)


def _url(*schemes: str) -> AfterValidator:
    """An address with one of these schemes; the value is never repeated, for it may hold a password."""

    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            good = parts.scheme in schemes and bool(parts.hostname or (parts.scheme == "unix" and parts.path))
            _ = parts.port
        except ValueError:
            good = False
        if not good or any(letter.isspace() for letter in value):
            starts = " or ".join(f"{scheme}://" for scheme in schemes)
            raise _refuse(f"must be an address that starts with {starts} and names where to go")
        return value

    return AfterValidator(check)


def _variable(value: str) -> str:
    if LOOKS_LIKE_TOKEN.search(value):
        raise _refuse(
            "this looks like the Discord token itself. Put the token into an environment variable, write the "
            "variable's name here, and reset the token if anybody else has seen this file"
        )
    if not _VARIABLE.fullmatch(value):
        raise _refuse("must be the name of an environment variable (letters, digits, _), not the secret itself")
    return value


def _container(value: str) -> str:
    if not _CONTAINER.fullmatch(value):
        raise _refuse("must be a container's name as `docker ps` shows it")
    return value


def _discord_id(value: Any) -> int:
    """A Discord id, as a number or as digits in quotes; 0 stands for "none yet"."""
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if digits == str(_NO_ID) or re.fullmatch(r"[1-9][0-9]{16,19}", digits):
        return int(digits)
    raise _refuse(
        "must be a Discord id of 17 to 20 digits (switch on Developer Mode in Discord, then right-click and Copy ID)"
    )


def _without_zero(ids: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for number in ids if number != _NO_ID)


def _time_of_day(value: str) -> str:
    if time_of_day(value) is not None:
        return value
    raise _refuse('must be a time of day in quotes, such as "22:00"')


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _refuse(
            "must be a time zone that this machine knows, such as UTC or Europe/Zurich (`timedatectl list-timezones` "
            "lists them)"
        ) from None
    return value


_Flag = Annotated[bool, Strict()]
_Id = Annotated[int, BeforeValidator(_discord_id)]
_Ids = Annotated[tuple[_Id, ...], Strict(strict=False), AfterValidator(_without_zero)]
_OneId = Annotated[_Id | None, AfterValidator(lambda value: value or None)]
_Mib = Annotated[int, _between(1, 1_048_576, "MiB")]
_Percent = Annotated[float, _between(1, 100, "per cent")]
_Http = Annotated[str, _url("http", "https")]
_Name = Annotated[str, _text(1, 32)]
_Policy = Annotated[RestartPolicy, Strict(strict=False)]

_TYPES: dict[type, dict[str, Any]] = {
    DiscordSettings: {
        "token_env": Annotated[str, AfterValidator(_variable)],
        "guild_ids": _Ids,
        "alert_channel_id": _OneId,
        "chat_channel_ids": _Ids,
        "operator_role_ids": _Ids,
        "user_role_ids": _Ids,
        "chat_role_ids": _Ids,
        "model_role_ids": _Ids,
        "allow_dms": _Flag,
        "message_content": _Flag,
        "api_base": _Http | None,
    },
    GpuSettings: {
        "index": Annotated[int, _between(0, 63)],
        "uuid": Annotated[str, _text(8, 64)] | None,
        "total_mib": _Mib,
        "ceiling_mib": _Mib,
        "tolerance_mib": Annotated[int, _between(0, 16_384, "MiB")],
        "idle_step_mib": Annotated[int, _between(0, 4096, "MiB")],
    },
    WatchdogSettings: {
        "fastest_interval_s": Annotated[float, _between(0.05, 60, "seconds")],
        "interval_s": Annotated[float, _between(0.1, 60, "seconds")],
        "deadline_s": Annotated[float, _between(0.1, 60, "seconds")],
        "warn_pct": _Percent,
        "alert_pct": _Percent,
        "protect_pct": _Percent,
        "rearm_margin_pct": Annotated[float, _between(0.5, 50, "per cent")],
        "sustain_samples": Annotated[int, _between(1, 60, "samples")],
        "sustain_s": Annotated[float, _between(0, 60, "seconds")],
        "reaction_s": Annotated[float, _between(0, 10, "seconds")],
        "blind_after_s": Annotated[float, _between(0.5, 600, "seconds")],
        "crash_exits": Annotated[int, _between(1, 100, "exits")],
        "crash_window_s": Annotated[float, _between(10, 86_400, "seconds")],
    },
    SwitchSettings: {
        "gate_samples": Annotated[int, _between(1, 20, "samples")],
        "gate_interval_s": Annotated[float, _between(0.05, 10, "seconds")],
        "release_timeout_s": Annotated[float, _between(1, 3600, "seconds")],
        "drain_s": Annotated[float, _between(0, 600, "seconds")],
        "choice_s": Annotated[float, _between(5, 3600, "seconds")],
        "start_mode": _Name | None,
    },
    AlertSettings: {
        "escalate_after_min": Annotated[float, _between(0, 1440, "minutes")],
        "snooze_min": Annotated[float, _between(1, 1440, "minutes")],
        "quiet_from": Annotated[str, AfterValidator(_time_of_day)] | None,
        "quiet_to": Annotated[str, AfterValidator(_time_of_day)] | None,
        "time_zone": Annotated[str, AfterValidator(_time_zone)],
        "digest_after": Annotated[int, _between(1, 100, "incidents")],
        "digest_window_min": Annotated[float, _between(1, 1440, "minutes")],
    },
    ChatSettings: {
        "workload": _Name,
        "ollama_url": _Http,
        "model": Annotated[str, _text(1, 200)],
        "persona": Annotated[str, _text(0, 4000)],
        "model_choice": Annotated[ModelChoice, Strict(strict=False)],
        "num_ctx": Annotated[int, _between(512, 1_048_576, "tokens")],
        "max_answer_tokens": Annotated[int, _between(16, 131_072, "tokens")],
        "history_messages": Annotated[int, _between(1, 200, "messages")],
        "parallel": Annotated[int, _between(1, 16, "answers")],
        "max_waiting": Annotated[int, _between(0, 200, "questions")],
        "max_per_user": Annotated[int, _between(1, 200, "questions")],
        "slow_mode_s": Annotated[float, _between(0, 21_600, "seconds")],
        "hold_s": Annotated[float, _between(0, 604_800, "seconds")],
        "ping_held_s": Annotated[float, _between(0, 604_800, "seconds")],
        "catch_up_s": Annotated[float, _between(0, 86_400, "seconds")],
        "catch_up_messages": Annotated[int, _between(1, 100, "messages")],
        "load_stall_s": Annotated[float, _between(5, 3600, "seconds")],
        "stall_s": Annotated[float, _between(5, 3600, "seconds")],
        "edit_interval_s": Annotated[float, _between(0.5, 30, "seconds")],
        "finish": Annotated[AnswerFinish, Strict(strict=False)],
        "most_messages": Annotated[int, _between(1, 20, "messages")],
        "footer": bool,
        "tools": bool,
        "attachment_mib": Annotated[int, _between(1, 100, "MiB")],
        "retention_days": Annotated[int, _between(1, 3650, "days")],
    },
    Workload: {
        "container": Annotated[str, AfterValidator(_container)],
        "kind": Annotated[WorkloadKind, Strict(strict=False)],
        "vram_mib": Annotated[int, _between(0, 1_048_576, "MiB")],
        "health_url": _Http | None,
        "stop_grace_s": Annotated[float, _between(0, 600, "seconds")],
        "start_timeout_s": Annotated[float, _between(1, 3600, "seconds")],
        "allowed_restart": Annotated[tuple[_Policy, ...], Strict(strict=False)],
        "newcomer": Annotated[NewcomerPolicy, Strict(strict=False)],
    },
    Mode: {
        "description": Annotated[str, _text(0, 100)],
        "workloads": Annotated[tuple[_Name, ...], Strict(strict=False)],
    },
    Settings: {
        "discord": dict[str, Any],
        "gpu": dict[str, Any],
        "workloads": dict[str, Any],
        "modes": dict[str, Any],
        "watchdog": dict[str, Any],
        "switch": dict[str, Any],
        "alerts": dict[str, Any],
        "chat": dict[str, Any],
        "data_dir": Annotated[str, _text(1, 4096)],
        "docker_url": Annotated[str, _url("unix", "tcp", "http", "https")] | None,
    },
}
"""The form of every key. `name` of a workload or a mode is missing on purpose: it is the key of the section itself."""

OPTIONAL = ("discord", "gpu", "watchdog", "switch", "alerts")
"""The sections that may be left out: every key in them has a default."""


def keys(section: type) -> tuple[str, ...]:
    """The keys a section may have, in the order of `core.settings`."""
    return tuple(_TYPES[section])


@cache
def model(section: type) -> type[BaseModel]:
    """A strict, frozen pydantic model of one section: unknown keys are refused, nothing is converted silently."""
    forms = _TYPES[section]
    known: dict[str, Any] = {
        each.name: (forms[each.name], _default(section, each)) for each in fields(section) if each.name in forms
    }
    strict = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
    return create_model(section.__name__, __config__=strict, **known)


def _default(section: type, known: "Field[Any]") -> Any:
    if section is Settings and known.name in OPTIONAL:
        return {}
    return ... if known.default is MISSING else known.default
