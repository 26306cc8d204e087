"""The words of Discord's form errors and the checks every form shares. Pure; must know no particular form.

A path names the place of a fault as Discord does, with dots and list numbers: "embeds.0.title"; "" is the whole body.
Lengths are Unicode code points, Python's own `len`. Discord's staff name that unit (discord-api-docs#1315) and a title
of 256 emoji is accepted (discord.js#2299), though in UTF-16 it is 512 long.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

Json = Mapping[str, Any]

INVALID_FORM = 50035
WEB = ("http", "https")


@dataclass(frozen=True)
class Violation:
    """One broken rule: where, Discord's name for it, its sentence, and the error code of the whole answer."""

    path: str
    code: str
    message: str
    error_code: int = INVALID_FORM


Found = Iterator[Violation]
Rule = Callable[[Json, str], Found]


def at(path: str, key: str | int) -> str:
    """The path of `key` inside `path`."""
    return f"{path}.{key}" if path else str(key)


def missing(path: str) -> Violation:
    return Violation(path, "BASE_TYPE_REQUIRED", "This field is required")


def not_one_of(path: str, allowed: Iterable[Any]) -> Violation:
    return Violation(path, "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")


def is_whole(value: object) -> bool:
    """Whether it is a JSON integer (Python counts booleans as integers, JSON does not)."""
    return isinstance(value, int) and not isinstance(value, bool)


def wrong_length(path: str, least: int, most: int) -> Violation:
    if least:
        return Violation(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    return Violation(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def text(holder: Json, key: str, path: str, most: int, *, least: int = 0, required: bool = False) -> Found:
    """A string of `least` to `most` characters. Null counts as absent."""
    value, place = holder.get(key), at(path, key)
    if value is None:
        if required:
            yield missing(place)
    elif not isinstance(value, str):
        yield Violation(place, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    elif not least <= len(value) <= most:
        yield wrong_length(place, least, most)


def number(holder: Json, key: str, path: str, least: int, most: int) -> Found:
    """A whole number of `least` to `most`, where given."""
    value, place = holder.get(key), at(path, key)
    if value is None:
        return
    if not is_whole(value):
        yield Violation(place, "NUMBER_TYPE_COERCE", "Could not interpret value as an integer.")
    elif value < least:
        yield Violation(place, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
    elif value > most:
        yield Violation(place, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")


def choice(holder: Json, key: str, path: str, allowed: Collection[int]) -> Found:
    """One of the numbers `allowed`; it must be there."""
    value, place = holder.get(key), at(path, key)
    if value is None:
        yield missing(place)
    elif not is_whole(value) or value not in allowed:
        yield not_one_of(place, allowed)


def url(holder: Json, key: str, path: str, schemes: Collection[str], *, most: int = 2048) -> Found:
    """A web address with one of the `schemes`, where given."""
    value, place = holder.get(key), at(path, key)
    yield from text(holder, key, path, most)
    if not isinstance(value, str) or not value:
        return
    parts = _split(value)
    if parts is None:
        yield Violation(place, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif parts[0] not in schemes:
        allowed = ", ".join(repr(scheme) for scheme in sorted(schemes))
        yield Violation(place, "URL_TYPE_INVALID_SCHEME", f'Scheme "{parts[0]}" must be one of ({allowed}).')


def _split(value: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc) if parts.scheme and parts.netloc else None


def length(holder: Json, key: str, path: str, most: int, *, least: int = 0) -> Found:
    """A list of `least` to `most` items. Null counts as absent, which is a fault where `least` asks for items."""
    value, place = holder.get(key), at(path, key)
    if value is None:
        if least:
            yield missing(place)
    elif not isinstance(value, list):
        yield Violation(place, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    elif not least <= len(value) <= most:
        yield wrong_length(place, least, most)


def items(holder: Json, key: str) -> list[Any]:
    """The list under `key`; empty when there is none."""
    value = holder.get(key)
    return value if isinstance(value, list) else []


def objects(holder: Json, key: str, path: str = "") -> Iterator[tuple[str, Json]]:
    """Each object in the list under `key`, with its path; anything else in it is passed over."""
    return ((at(at(path, key), n), item) for n, item in enumerate(items(holder, key)) if isinstance(item, Mapping))


def each(holder: Json, key: str, path: str, rule: Rule) -> Found:
    """What `rule` finds in every object of the list under `key`."""
    for number_, item in enumerate(items(holder, key)):
        yield from inside(item, at(at(path, key), number_), rule)


def part(holder: Json, key: str, path: str, rule: Rule) -> Found:
    """What `rule` finds in the object under `key`, where given."""
    if holder.get(key) is not None:
        yield from inside(holder[key], at(path, key), rule)


def inside(value: object, path: str, rule: Rule) -> Found:
    """What `rule` finds in `value`, which must be an object."""
    if isinstance(value, Mapping):
        yield from rule(value, path)
    else:
        yield Violation(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")


def of_kind(component: Json, path: str, rules: Mapping[int, Rule]) -> Found:
    """The faults of one component, whose type must be one of those with a rule here."""
    kind = component.get("type")
    if kind is None:
        yield missing(at(path, "type"))
    elif not isinstance(kind, int) or kind not in rules:
        kinds = ", ".join(map(str, sorted(rules)))
        message = f'Value of field "type" must be one of ({kinds}).'
        yield Violation(at(path, "type"), "UNION_TYPE_CHOICES", message)
    else:
        yield from rules[kind](component, path)


def of_kinds(holder: Json, key: str, path: str, rules: Mapping[int, Rule]) -> Found:
    """The faults of all components in the list under `key`."""
    yield from each(holder, key, path, partial(of_kind, rules=rules))


def repeated(named: Iterable[tuple[str, object]]) -> Iterator[str]:
    """The paths whose value was already seen at an earlier path; values that are not text do not count."""
    seen: set[str] = set()
    for path, value in named:
        if not isinstance(value, str):
            continue
        if value in seen:
            yield path
        seen.add(value)
