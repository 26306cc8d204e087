"""Discord's rules for what a bot sends: the door to all of them. Pure; must not read, send or remember anything.

Written by hand because Discord's own REST specification leaves the ones that hurt unsaid. Each check returns every
fault it finds, in the order of the body; an empty tuple means Discord would take it.
"""

from bd1.sim.discord.rules_commands import check_choice, check_command, check_commands
from bd1.sim.discord.rules_components import check_layout
from bd1.sim.discord.rules_embeds import check_embeds, shows_something
from bd1.sim.discord.rules_form import (
    Found,
    Json,
    Violation,
    at,
    choice,
    each,
    inside,
    is_whole,
    items,
    length,
    missing,
    not_one_of,
    objects,
    part,
    text,
)
from bd1.sim.discord.rules_modals import check_modal

__all__ = ["Violation", "check_callback", "check_command", "check_commands", "check_message"]

EMPTY_MESSAGE = 50006
EPHEMERAL = 1 << 6
MAX_CONTENT = 2000
MAX_NONCE = 25
MAX_FILES = 10
MAX_STICKERS = 3
MAX_MENTIONS = 100
MAX_CHOICES = 25
_MAX_USERNAME = 80
_PARSABLE = frozenset({"users", "roles", "everyone"})
_PONG, _MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL, _LAUNCH = 1, 4, 5, 6, 7, 8, 9, 12
_CALLBACKS = frozenset({_PONG, _MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL, _LAUNCH})
_WITH_DATA = frozenset({_MESSAGE, _CHOICES, _MODAL})
_CARRIES = ("sticker_ids", "attachments", "components", "poll", "shared_client_theme")


def check_message(payload: Json, *, edit: bool = False, webhook: bool = False) -> tuple[Violation, ...]:
    """The faults of a message body, read from JSON.

    `edit` is for a body that names only what changes: it is never too empty, and without `flags` the style of the
    message counts as whatever its components need. `webhook` is for interaction answers and follow-ups.
    Uploaded files are seen through `attachments`. Content of blanks alone is as empty as none.
    """
    return tuple(_message(payload, "", edit=edit, webhook=webhook))


def check_callback(payload: Json) -> tuple[Violation, ...]:
    """The faults of an answer to an interaction: its type, and the data that type needs."""
    return tuple(_callback(payload))


def _message(payload: Json, path: str, *, edit: bool, webhook: bool) -> Found:
    yield from text(payload, "content", path, MAX_CONTENT)
    yield from check_embeds(payload, path)
    yield from check_layout(payload, path, edit=edit)
    yield from part(payload, "allowed_mentions", path, _mentions)
    yield from length(payload, "attachments", path, MAX_FILES)
    yield from _flags(payload, path)
    if webhook:
        yield from text(payload, "username", path, _MAX_USERNAME, least=1)
    else:
        yield from length(payload, "sticker_ids", path, MAX_STICKERS)
        yield from _nonce(payload, path)
    if not edit and _is_empty(payload):
        yield Violation(path, "MESSAGE_EMPTY", "Cannot send an empty message", EMPTY_MESSAGE)


def _is_empty(payload: Json) -> bool:
    content = payload.get("content")
    said = isinstance(content, str) and content.strip()
    shown = any(shows_something(embed) for _, embed in objects(payload, "embeds"))
    reference = payload.get("message_reference")
    forwards = isinstance(reference, dict) and reference.get("type") == 1
    return not (said or shown or forwards or any(payload.get(key) for key in _CARRIES))


def _flags(payload: Json, path: str) -> Found:
    if payload.get("flags") is not None and not is_whole(payload["flags"]):
        yield Violation(at(path, "flags"), "NUMBER_TYPE_COERCE", "Could not interpret value as an integer.")


def _nonce(payload: Json, path: str) -> Found:
    if not is_whole(payload.get("nonce")):
        yield from text(payload, "nonce", path, MAX_NONCE)


def _mentions(allowed: Json, path: str) -> Found:
    parse = items(allowed, "parse")
    for number_, kind in enumerate(parse):
        if not isinstance(kind, str) or kind not in _PARSABLE:
            yield not_one_of(at(at(path, "parse"), number_), _PARSABLE)
    for kind in ("users", "roles"):
        yield from length(allowed, kind, path, MAX_MENTIONS)
        if kind in parse and items(allowed, kind):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Violation(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _callback(payload: Json) -> Found:
    yield from choice(payload, "type", "", _CALLBACKS)
    kind, data = payload.get("type"), payload.get("data")
    if data is None:
        if is_whole(kind) and kind in _WITH_DATA:
            yield missing("data")
    elif kind == _MESSAGE:
        yield from inside(data, "data", _answer)
    elif kind == _UPDATE:
        yield from inside(data, "data", _update)
    elif kind == _DEFER:
        yield from inside(data, "data", _deferral)
    elif kind == _CHOICES:
        yield from inside(data, "data", _choices)
    elif kind == _MODAL:
        yield from inside(data, "data", check_modal)


def _answer(data: Json, path: str) -> Found:
    yield from _message(data, path, edit=False, webhook=True)


def _update(data: Json, path: str) -> Found:
    yield from _message(data, path, edit=True, webhook=True)


def _deferral(data: Json, path: str) -> Found:
    yield from _flags(data, path)
    flags = data.get("flags")
    # Discord documents EPHEMERAL as the one flag of a deferred answer; the others belong on the edit that follows.
    if is_whole(flags) and int(str(flags)) & ~EPHEMERAL:
        yield Violation(at(path, "flags"), "BASE_TYPE_CHOICES", "A deferred answer may only be EPHEMERAL.")


def _choices(data: Json, path: str) -> Found:
    yield from length(data, "choices", path, MAX_CHOICES)
    yield from each(data, "choices", path, check_choice)
