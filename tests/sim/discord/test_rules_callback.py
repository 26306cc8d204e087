"""Answers to interactions: which data each type needs, and how far it may go."""

from typing import Any

import pytest

from bd1.sim.discord.rules import check_callback

Json = dict[str, Any]


def places(kind: Any, data: Any = None) -> list[str]:
    return [violation.path for violation in check_callback({"type": kind, "data": data})]


def choices(count: int, **more: Any) -> Json:
    return {"choices": [{"name": "n", "value": "v", **more} for _ in range(count)]}


def text_input(**more: Any) -> Json:
    return {"type": 4, "custom_id": "why", "style": 1, **more}


def labelled(**more: Any) -> Json:
    return {"type": 18, "label": "Why?", "component": text_input(), **more}


def in_row(**more: Any) -> Json:
    return {"type": 1, "components": [text_input(label="Why?", **more)]}


def modal(*parts: Json, **more: Any) -> Json:
    return {"custom_id": "form", "title": "Tell me", "components": list(parts or (labelled(),)), **more}


def inputs(count: int) -> list[Json]:
    return [labelled(component=text_input(custom_id=str(n))) for n in range(count)]


GOOD: dict[str, tuple[int, Any]] = {
    "pong": (1, None),
    "message": (4, {"content": "hello"}),
    "whisper": (4, {"content": "hello", "flags": 64}),
    "deferral": (5, None),
    "private deferral": (5, {"flags": 64}),
    "deferred update": (6, None),
    "update": (7, {"content": "x" * 2000}),
    "update that clears": (7, {"content": "", "embeds": [], "components": []}),
    "update without data": (7, None),
    "choices": (8, choices(25)),
    "no choices": (8, {"choices": []}),
    "numeric choices": (8, choices(1, value=4.5)),
    "modal": (9, modal()),
    "modal of the older form": (9, modal(in_row())),
    "launch": (12, None),
}
BAD: dict[str, tuple[Any, Any, str]] = {
    "no type": (None, None, "type"),
    "unknown type": (3, None, "type"),
    "type in words": ("4", {"content": "a"}, "type"),
    "message without data": (4, None, "data"),
    "choices without data": (8, None, "data"),
    "modal without data": (9, None, "data"),
    "data that is no object": (4, [], "data"),
    "empty message": (4, {}, "data"),
    "long message": (4, {"content": "x" * 2001}, "data.content"),
    "long update": (7, {"content": "x" * 2001}, "data.content"),
    "deferral with another flag": (5, {"flags": 1 << 15}, "data.flags"),
    "26 choices": (8, choices(26), "data.choices"),
    "nameless choice": (8, choices(1, name=""), "data.choices.0.name"),
    "long choice name": (8, choices(1, name="n" * 101), "data.choices.0.name"),
    "choice without a value": (8, choices(1, value=None), "data.choices.0.value"),
    "modal without a title": (9, modal(title=""), "data.title"),
    "modal title of 46": (9, modal(title="t" * 46), "data.title"),
    "modal without custom_id": (9, modal(custom_id=None), "data.custom_id"),
    "modal of six parts": (9, modal(*inputs(6)), "data.components"),
    "modal of none": (9, modal(components=[]), "data.components"),
    "a button on a modal": (9, modal({"type": 2}), "data.components.0.type"),
    "label of 46": (9, modal(labelled(label="l" * 46)), "data.components.0.label"),
    "label without an input": (9, modal(labelled(component=None)), "data.components.0.component"),
    "input without a style": (9, modal(in_row(style=None)), "data.components.0.components.0.style"),
    "input hint of 101": (9, modal(in_row(placeholder="p" * 101)), "data.components.0.components.0.placeholder"),
    "input for 4001": (9, modal(in_row(max_length=4001)), "data.components.0.components.0.max_length"),
    "row input without a label": (
        9,
        modal({"type": 1, "components": [text_input()]}),
        "data.components.0.components.0.label",
    ),
    "same custom_id twice": (9, modal(labelled(), labelled()), "data.components.1.component.custom_id"),
}


@pytest.mark.parametrize(("kind", "data"), GOOD.values(), ids=GOOD.keys())
def test_an_answer_discord_takes_is_taken(kind: int, data: Any) -> None:
    assert places(kind, data) == []


@pytest.mark.parametrize(("kind", "data", "path"), BAD.values(), ids=BAD.keys())
def test_an_answer_discord_refuses_is_refused_at_its_place(kind: Any, data: Any, path: str) -> None:
    assert places(kind, data) == [path]


def test_five_parts_fit_on_a_modal() -> None:
    assert places(9, modal(*inputs(5))) == []


def test_an_empty_answer_is_an_empty_message() -> None:
    assert [violation.error_code for violation in check_callback({"type": 4, "data": {}})] == [50006]
