"""What Discord asks of a modal: its title and the inputs on it. Pure."""

from collections.abc import Mapping
from functools import partial

from bd1.sim.discord.rules_components import OTHER_SELECTS, ROW, STRING_SELECT, check_custom_ids
from bd1.sim.discord.rules_controls import MAX_CUSTOM_ID, check_select, check_string_select, check_text_display
from bd1.sim.discord.rules_form import (
    Found,
    Json,
    Rule,
    at,
    choice,
    inside,
    length,
    missing,
    number,
    of_kind,
    of_kinds,
    text,
)

MAX_TITLE = 45
MAX_PARTS = 5
MAX_INPUT = 4000
_MAX_LABEL = 45
_MAX_HINT = 100
_TEXT_INPUT, _TEXT, _LABEL = 4, 10, 18
_LATER_INPUTS = (19, 21, 22, 23)  # file upload, radio group, checkbox group, checkbox


def check_modal(data: Json, path: str = "") -> Found:
    """The faults of the `data` of a modal answer."""
    yield from text(data, "custom_id", path, MAX_CUSTOM_ID, least=1, required=True)
    yield from text(data, "title", path, MAX_TITLE, least=1, required=True)
    yield from length(data, "components", path, MAX_PARTS, least=1)
    yield from of_kinds(data, "components", path, _ON_MODAL)
    yield from check_custom_ids(data, path)


def _row(row: Json, path: str) -> Found:
    yield from length(row, "components", path, 1, least=1)
    yield from of_kinds(row, "components", path, _IN_ROW)


def _text_input_in_row(field: Json, path: str) -> Found:
    yield from text(field, "label", path, _MAX_LABEL, least=1, required=True)
    yield from _text_input(field, path)


def _text_input(field: Json, path: str) -> Found:
    yield from _custom_id(field, path)
    yield from choice(field, "style", path, (1, 2))
    yield from number(field, "min_length", path, 0, MAX_INPUT)
    yield from number(field, "max_length", path, 1, MAX_INPUT)
    yield from text(field, "value", path, MAX_INPUT)
    yield from text(field, "placeholder", path, _MAX_HINT)


def _custom_id(field: Json, path: str) -> Found:
    yield from text(field, "custom_id", path, MAX_CUSTOM_ID, least=1, required=True)


def _label(label: Json, path: str) -> Found:
    yield from text(label, "label", path, _MAX_LABEL, least=1, required=True)
    yield from text(label, "description", path, _MAX_HINT, least=1)
    place = at(path, "component")
    if label.get("component") is None:
        yield missing(place)
    else:
        yield from inside(label["component"], place, partial(of_kind, rules=_IN_LABEL))


_IN_ROW: Mapping[int, Rule] = {_TEXT_INPUT: _text_input_in_row}
_ON_MODAL: Mapping[int, Rule] = {ROW: _row, _TEXT: check_text_display, _LABEL: _label}
_IN_LABEL: Mapping[int, Rule] = {
    _TEXT_INPUT: _text_input,
    STRING_SELECT: check_string_select,
    **dict.fromkeys(OTHER_SELECTS, check_select),
    **dict.fromkeys(_LATER_INPUTS, _custom_id),
}
