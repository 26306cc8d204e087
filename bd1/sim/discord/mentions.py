"""Whom a text mentions, and whom it is allowed to reach. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a message reaches: user ids, role ids, everyone. In the order of the text, each once."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an `allowed_mentions` lets through. `users` and `roles` are `None` where all are allowed."""

    users: Collection[int] | None = None
    roles: Collection[int] | None = None
    everyone: bool = True
    replied_user: bool = True


EVERYBODY = Allowed()
"""What holds for a channel message that says nothing."""

USERS_ONLY = Allowed(roles=(), everyone=False)
"""What holds for interaction answers that say nothing."""


def parse_allowed(payload: dict[str, Any] | None, otherwise: Allowed) -> Allowed:
    """Reads an `allowed_mentions` object; one that is not there means `otherwise`."""
    if payload is None:
        return otherwise
    parse = payload.get("parse")
    parse = parse if isinstance(parse, list) else []
    return Allowed(
        users=None if "users" in parse else _ids(payload.get("users")),
        roles=None if "roles" in parse else _ids(payload.get("roles")),
        everyone="everyone" in parse,
        replied_user=bool(payload.get("replied_user", False)),
    )


def _ids(given: Any) -> list[int]:
    return [int(each) for each in given if str(each).isdecimal()] if isinstance(given, list) else []


def _through(pattern: re.Pattern[str], text: str, known: Collection[int], allowed: Collection[int] | None) -> list[int]:
    found = dict.fromkeys(int(hit) for hit in pattern.findall(text))
    return [hit for hit in found if hit in known and (allowed is None or hit in allowed)]


def mentions_in(
    text: str, allowed: Allowed, *, users: Collection[int], roles: Collection[int], replied_to: int | None = None
) -> Mentions:
    """Whom `text` reaches, of the known `users` and `roles`; `replied_to` is the author of the message it answers."""
    reached = _through(_USER, text, users, allowed.users)
    if replied_to is not None and allowed.replied_user and replied_to not in reached:
        reached.append(replied_to)
    everyone = allowed.everyone and _EVERYONE.search(text) is not None
    return Mentions(tuple(reached), tuple(_through(_ROLE, text, roles, allowed.roles)), everyone)
