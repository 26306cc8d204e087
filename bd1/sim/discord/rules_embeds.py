"""What Discord asks of the embeds of a message. Pure; must know nothing of the message around them."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from bd1.sim.discord.rules_form import (
    WEB,
    Found,
    Json,
    Violation,
    at,
    each,
    length,
    number,
    objects,
    part,
    text,
    url,
)

MAX_EMBEDS = 10
MAX_FIELDS = 25
MAX_TITLE = 256
MAX_DESCRIPTION = 4096
MAX_FIELD_NAME = 256
MAX_FIELD_VALUE = 1024
MAX_FOOTER = 2048
MAX_AUTHOR = 256
MAX_TOTAL = 6000
_MAX_COLOUR = 0xFFFFFF
_MEDIA = (*WEB, "attachment")
_SHOWN = ("title", "description", "fields", "image", "thumbnail", "footer", "author")


def check_embeds(payload: Json, path: str = "") -> Found:
    """The faults of the message's embeds, each by itself and all together."""
    yield from length(payload, "embeds", path, MAX_EMBEDS)
    yield from each(payload, "embeds", path, _embed)
    if sum(_characters(embed) for _, embed in objects(payload, "embeds")) > MAX_TOTAL:
        message = f"Embed size exceeds maximum size of {MAX_TOTAL}"
        yield Violation(at(path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", message)


def shows_something(embed: Json) -> bool:
    """Whether anything of the embed would be seen."""
    return any(embed.get(key) for key in _SHOWN)


def _embed(embed: Json, path: str) -> Found:
    yield from text(embed, "title", path, MAX_TITLE)
    yield from text(embed, "description", path, MAX_DESCRIPTION)
    yield from url(embed, "url", path, WEB)
    yield from number(embed, "color", path, 0, _MAX_COLOUR)
    yield from _timestamp(embed, path)
    yield from part(embed, "author", path, partial(_captioned, caption="name", most=MAX_AUTHOR))
    yield from part(embed, "footer", path, partial(_captioned, caption="text", most=MAX_FOOTER))
    yield from part(embed, "image", path, _picture)
    yield from part(embed, "thumbnail", path, _picture)
    yield from length(embed, "fields", path, MAX_FIELDS)
    yield from each(embed, "fields", path, _field)


def _captioned(holder: Json, path: str, *, caption: str, most: int) -> Found:
    yield from text(holder, caption, path, most)
    yield from url(holder, "url", path, WEB)
    yield from url(holder, "icon_url", path, _MEDIA)


def _picture(picture: Json, path: str) -> Found:
    yield from url(picture, "url", path, _MEDIA)


def _field(field: Json, path: str) -> Found:
    # Empty names and values are accepted in practice (discord.js#10744); only absent ones are refused.
    yield from text(field, "name", path, MAX_FIELD_NAME, required=True)
    yield from text(field, "value", path, MAX_FIELD_VALUE, required=True)


def _timestamp(embed: Json, path: str) -> Found:
    value = embed.get("timestamp")
    if value is None:
        return
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        yield Violation(at(path, "timestamp"), "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def _characters(embed: Json) -> int:
    """How many characters of the embed count towards the limit over all embeds."""
    captions = (_inner(embed, "author", "name"), _inner(embed, "footer", "text"))
    fields = [field.get(key) for _, field in objects(embed, "fields") for key in ("name", "value")]
    return _total((embed.get("title"), embed.get("description"), *captions, *fields))


def _inner(embed: Json, key: str, caption: str) -> object:
    holder = embed.get(key)
    return holder.get(caption) if isinstance(holder, dict) else None


def _total(values: Iterable[object]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))
