"""Over all bodies: a valid one passes, one limit pushed by one is told at its place, and no JSON makes a check fall."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bd1.sim.discord.rules import check_callback, check_command, check_commands, check_message

Json = dict[str, Any]

WORDS = st.text("abc xyz\U0001f980é", min_size=1, max_size=40).map(lambda text: text + ".")
NAMES = st.text("abcdefgh-_1é", min_size=1, max_size=32)
PICTURES = st.fixed_dictionaries({"url": st.sampled_from(["https://a.example/x.png", "attachment://x.png"])})
FIELDS = st.fixed_dictionaries({"name": WORDS, "value": WORDS}, optional={"inline": st.booleans()})
EMBEDS = st.fixed_dictionaries(
    {"title": WORDS, "fields": st.lists(FIELDS, min_size=1, max_size=3)},
    optional={
        "description": WORDS,
        "color": st.integers(0, 0xFFFFFF),
        "image": PICTURES,
        "footer": st.fixed_dictionaries({"text": WORDS}),
        "author": st.fixed_dictionaries({"name": WORDS}),
    },
)
LABELS = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=5)


def rows(labels: list[list[str]]) -> list[Json]:
    return [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 1 + n % 4, "label": label, "custom_id": f"{r}/{n}"} for n, label in enumerate(row)
            ],
        }
        for r, row in enumerate(labels)
    ]


MESSAGES = st.fixed_dictionaries(
    {"content": WORDS, "embeds": st.lists(EMBEDS, min_size=1, max_size=3), "components": LABELS.map(rows)},
    optional={
        "nonce": st.one_of(st.integers(), st.text("0123456789", max_size=25)),
        "allowed_mentions": st.fixed_dictionaries({"parse": st.lists(st.sampled_from(["users", "everyone"]))}),
        "flags": st.sampled_from([0, 4, 64, 4096]),
    },
)
OPTIONS = st.lists(NAMES, unique=True, min_size=1, max_size=25)


def command(name: str, options: list[str], required: int) -> Json:
    made = [
        {"type": 3 + n % 6, "name": option, "description": "A value", "required": n < required}
        for n, option in enumerate(options)
    ]
    return {"name": name, "description": "A command", "options": made}


COMMANDS = st.builds(command, NAMES, OPTIONS, st.integers(0, 25))

Push = tuple[str, Callable[[Json], object]]


def to_two_thousand_and_one(body: Json) -> None:
    body["content"] = "x" * 2001


def sixth_row(body: Json) -> None:
    body["components"] = rows([["a"]] * 6)


def sixth_button(body: Json) -> None:
    body["components"][0] = rows([["a"] * 6])[0]
    del body["components"][1:]


PUSHES: list[Push] = [
    ("content", to_two_thousand_and_one),
    ("components", sixth_row),
    ("components.0.components", sixth_button),
    ("components.0.components.0.label", lambda body: body["components"][0]["components"][0].update(label="x" * 81)),
    (
        "components.0.components.0.custom_id",
        lambda body: body["components"][0]["components"][0].update(custom_id="x" * 101),
    ),
    ("embeds", lambda body: body.update(embeds=[{"title": "t"}] * 11)),
    ("embeds.0.title", lambda body: body["embeds"][0].update(title="x" * 257)),
    ("embeds.0.description", lambda body: body["embeds"][0].update(description="x" * 4097)),
    ("embeds.0.fields", lambda body: body["embeds"][0].update(fields=[{"name": "n", "value": "v"}] * 26)),
    ("embeds.0.fields.0.name", lambda body: body["embeds"][0]["fields"][0].update(name="x" * 257)),
    ("embeds.0.fields.0.value", lambda body: body["embeds"][0]["fields"][0].update(value="x" * 1025)),
    ("embeds.0.footer.text", lambda body: body["embeds"][0].update(footer={"text": "x" * 2049})),
    ("embeds.0.author.name", lambda body: body["embeds"][0].update(author={"name": "x" * 257})),
    ("nonce", lambda body: body.update(nonce="1" * 26)),
]


@given(MESSAGES)
def test_a_message_within_all_limits_is_taken(body: Json) -> None:
    assert check_message(body) == ()
    assert check_message(body, edit=True, webhook=True) == ()
    assert check_callback({"type": 4, "data": body}) == ()


@given(MESSAGES, st.sampled_from(PUSHES))
def test_one_limit_pushed_by_one_is_told_at_its_place_and_nowhere_else(body: Json, push: Push) -> None:
    path, overdo = push
    pushed = copy.deepcopy(body)
    overdo(pushed)
    assert [violation.path for violation in check_message(pushed)] == [path]


@given(MESSAGES, st.sampled_from(PUSHES[:-1]))
def test_an_answer_tells_the_same_faults_below_data(body: Json, push: Push) -> None:
    path, overdo = push
    pushed = copy.deepcopy(body)
    overdo(pushed)
    assert [violation.path for violation in check_callback({"type": 4, "data": pushed})] == [f"data.{path}"]


@given(st.lists(COMMANDS, max_size=20, unique_by=lambda made: made["name"]))
def test_a_set_of_commands_within_all_limits_is_taken(commands: list[Json]) -> None:
    assert check_commands(commands, guild=True) == ()


@given(COMMANDS, st.data())
def test_an_option_repeated_or_misnamed_is_told_at_its_name(made: Json, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(made["options"]) - 1))
    bad = data.draw(st.sampled_from(["", "A", "a b", "x" * 33]))
    made["options"][at] = {**made["options"][at], "name": bad}
    assert [violation.path for violation in check_command(made)] == [f"options.{at}.name"]


KEYS = st.sampled_from(
    [
        "type",
        "data",
        "content",
        "embeds",
        "components",
        "fields",
        "options",
        "choices",
        "name",
        "value",
        "title",
        "custom_id",
        "flags",
        "allowed_mentions",
        "parse",
        "users",
        "accessory",
        "component",
        "footer",
        "url",
        "style",
        "contexts",
        "description",
        "description_localizations",
        "min_values",
        "max_values",
        "message_reference",
    ]
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-2, 40), st.floats(allow_nan=False), st.text(max_size=5))
JSON = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6))
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=8)


@given(OBJECTS, st.sampled_from([0, 1 << 15]))
def test_no_json_makes_a_check_fall_over(body: Json, flags: int) -> None:
    found = (*check_message(body), *check_message({**body, "flags": flags}, edit=True), *check_callback(body))
    assert all(violation.code and violation.message for violation in found)


@given(st.integers(1, 23), OBJECTS)
def test_no_json_in_a_component_makes_a_check_fall_over(kind: int, body: Json) -> None:
    part = {**body, "type": kind}
    found = (
        *check_message({"components": [part], "flags": 1 << 15}),
        *check_message({"components": [{"type": 1, "components": [part]}]}),
        *check_callback({"type": 9, "data": {"custom_id": "a", "title": "t", "components": [part]}}),
    )
    assert all(violation.path is not None and violation.message for violation in found)


@given(st.lists(JSON, max_size=4))
def test_no_json_as_a_set_of_commands_makes_a_check_fall_over(commands: list[Any]) -> None:
    assert all(violation.message for violation in check_commands(commands, guild=True))
