"""The sentences of a refused configuration. Pure words: it decides nothing, and shows no long value."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum
from typing import Any

from pydantic_core import ErrorDetails

from bd1.core.settings import NewcomerPolicy, RestartPolicy, WorkloadKind

_WANTED = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list, such as [a, b]",
    "dict_type": "must be a section with keys of its own",
    "model_type": "must be a section with keys of its own",
}
_CHOICES: dict[str, type[Enum]] = {"kind": WorkloadKind, "allowed_restart": RestartPolicy, "newcomer": NewcomerPolicy}
_LONGEST_ECHO = 24


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one; `None` when none is near."""
    matches = get_close_matches(word.lower(), sorted(known), n=1)
    return matches[0] if matches else None


def nearest(word: str, known: Iterable[str]) -> str:
    """What to write instead, to hang on to a sentence; empty when there is nothing to choose from."""
    choices = sorted(known)
    if close := closest(word, choices):
        return f'; did you mean "{close}"?'
    return f"; known: {', '.join(choices)}" if choices else ""


def sentence(error: ErrorDetails, known: tuple[str, ...], written: str | None) -> str:
    """One finding of the form check in words. `known` are the keys of the section, `written` the text in the file."""
    kind, given = error["type"], error["input"]
    if kind == "refused":
        return error["msg"]
    if kind == "missing":
        return "is required but missing"
    if kind == "extra_forbidden":
        return f"unknown key{nearest(str(error['loc'][-1]), known)}"
    if kind == "enum":
        return _choice(str(error["loc"][0]), given, written)
    return _WANTED.get(kind, "has the wrong form") + _found(given, written)


def _choice(key: str, given: Any, written: str | None) -> str:
    known = [str(choice.value) for choice in _CHOICES[key]]
    close = closest(given, known) if isinstance(given, str) else None
    instead = f'; did you mean "{close}"?' if close else _found(given, written)
    return f"must be one of {', '.join(known)}{instead}"


def _found(given: Any, written: str | None) -> str:
    """What stands there instead, and the way out where YAML read something else than was meant."""
    if isinstance(given, bool):
        return _yes_or_no(given, written or "")
    if given is None:
        return "; there is nothing after the colon"
    if isinstance(given, dict | list):
        return f"; it is a {'section' if isinstance(given, dict) else 'list'}"
    if isinstance(given, str):
        return f'; it is the text "{given}"' if len(given) <= _LONGEST_ECHO else "; it is text"
    return f"; it is {given}"


def _yes_or_no(given: bool, written: str) -> str:
    value = str(given).lower()
    if written.lower() == value:
        return f"; it is {value}"
    return f'; YAML reads an unquoted {written} as {value}, so write "{written}" in quotes'
