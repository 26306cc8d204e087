"""The rules Discord has and its REST specification does not: one row each, by name."""

from typing import Any

import pytest

from bd1.sim.discord.rules import Violation, check_callback, check_command, check_commands, check_message

V2 = 1 << 15
Json = dict[str, Any]
Finding = tuple[str, str]
"""Path and code of a violation."""


def button(**more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", **more}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def words(content: str = "hello") -> Json:
    return {"type": 10, "content": content}


def message(**body: Any) -> tuple[Violation, ...]:
    return check_message({"content": "hello", **body})


def v2(*parts: Json, **more: Any) -> tuple[Violation, ...]:
    return check_message({"flags": V2, "components": list(parts), **more})


def command(**more: Any) -> Json:
    return {"name": "gpu", "description": "The card", "type": 1, **more}


def option(name: str, **more: Any) -> Json:
    return {"type": 3, "name": name, "description": "A value", **more}


def heavy_command() -> Json:
    choices = [{"name": f"{n:02}" + "n" * 98, "value": f"{n:02}" + "v" * 98} for n in range(20)]
    return command(options=[option("first", choices=choices), option("second", choices=choices)])


CASES: dict[str, tuple[tuple[Violation, ...], Finding]] = {
    "content of 2001 in a channel message": (
        check_message({"content": "x" * 2001}),
        ("content", "BASE_TYPE_MAX_LENGTH"),
    ),
    "message with nothing in it": (check_message({}), ("", "MESSAGE_EMPTY")),
    "field without a name": (
        message(embeds=[{"fields": [{"value": "v"}]}]),
        ("embeds.0.fields.0.name", "BASE_TYPE_REQUIRED"),
    ),
    "6001 characters over all embeds": (
        message(embeds=[{"description": "x" * 3000}, {"description": "x" * 3001}]),
        ("embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ),
    "six rows": (
        message(components=[row(button(custom_id=str(n))) for n in range(6)]),
        ("components", "BASE_TYPE_MAX_LENGTH"),
    ),
    "custom_id used twice, in two rows": (
        message(components=[row(button(custom_id="a")), row(button(custom_id="a"))]),
        ("components.1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    ),
    "button with neither custom_id nor url": (
        message(components=[row(button())]),
        ("components.0.components.0.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
    ),
    "link button with a custom_id": (
        message(components=[row(button(style=5, url="https://a.example", custom_id="a"))]),
        ("components.0.components.0.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"),
    ),
    "new-style message with content": (
        v2(words(), content="old"),
        ("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ),
    "new-style message with embeds": (
        v2(words(), embeds=[{"title": "old"}]),
        ("embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ),
    "new-style component without the flag": (
        message(components=[words()]),
        ("components.0.type", "UNION_TYPE_CHOICES"),
    ),
    "41 components counted with the nested ones": (
        v2({"type": 17, "components": [words() for _ in range(40)]}),
        ("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    ),
    "4001 characters over all text displays": (
        v2(words("x" * 2000), words("x" * 2001)),
        ("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    ),
    "parse users beside a list of users": (
        message(allowed_mentions={"parse": ["users"], "users": ["1"]}),
        ("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
    ),
    "embed link with a scheme that is not the web's": (
        message(embeds=[{"title": "t", "url": "ftp://a.example/x"}]),
        ("embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
    ),
    "answer of type 4 without data": (check_callback({"type": 4}), ("data", "BASE_TYPE_REQUIRED")),
    "autocomplete value of 101 characters": (
        check_callback({"type": 8, "data": {"choices": [{"name": "n", "value": "v" * 101}]}}),
        ("data.choices.0.value", "BASE_TYPE_MAX_LENGTH"),
    ),
    "command name in capitals": (check_command(command(name="Gpu")), ("name", "APPLICATION_COMMAND_INVALID_NAME")),
    "command name with a sign outside the pattern": (
        check_command(command(name="gpu!")),
        ("name", "APPLICATION_COMMAND_INVALID_NAME"),
    ),
    "command name with a blank": (
        check_command(command(name="gpu mode")),
        ("name", "APPLICATION_COMMAND_INVALID_NAME"),
    ),
    "command without a description": (check_command({"name": "gpu"}), ("description", "BASE_TYPE_REQUIRED")),
    "command with an empty description": (
        check_command(command(description="")),
        ("description", "BASE_TYPE_BAD_LENGTH"),
    ),
    "required option after an optional one": (
        check_command(command(options=[option("a"), option("b", required=True)])),
        ("options.1", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
    ),
    "choices and autocomplete together": (
        check_command(command(options=[option("a", autocomplete=True, choices=[{"name": "n", "value": "v"}])])),
        ("options.0.autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES"),
    ),
    "option name used twice": (
        check_command(command(options=[option("a"), option("a")])),
        ("options.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
    ),
    "command name used twice": (
        check_commands([command(), command()], guild=True),
        ("1.name", "APPLICATION_COMMANDS_DUPLICATE_NAME"),
    ),
    "101 chat commands": (
        check_commands([command(name=f"c{n}") for n in range(101)], guild=False),
        ("", "MAX_APPLICATION_COMMANDS"),
    ),
    "command of more than 8000 characters": (check_command(heavy_command()), ("", "APPLICATION_COMMAND_TOO_LARGE")),
    "contexts beyond the guild on a guild command": (
        check_command(command(contexts=[0, 1]), guild=True),
        ("contexts", "APPLICATION_COMMAND_GLOBAL_ONLY_FIELD"),
    ),
    "edit to 2001 characters": (
        check_message({"content": "x" * 2001}, edit=True),
        ("content", "BASE_TYPE_MAX_LENGTH"),
    ),
}


@pytest.mark.parametrize(("found", "wanted"), CASES.values(), ids=CASES.keys())
def test_a_rule_the_specification_lacks_is_found_once_and_alone(found: tuple[Violation, ...], wanted: Finding) -> None:
    assert [(violation.path, violation.code) for violation in found] == [wanted]


def test_only_emptiness_and_too_many_commands_have_error_codes_of_their_own() -> None:
    own = {name: found[0].error_code for name, (found, _) in CASES.items() if found[0].error_code != 50035}
    assert own == {"message with nothing in it": 50006, "101 chat commands": 30032}


def test_every_violation_says_in_words_what_is_wrong() -> None:
    assert all(violation.message for found, _ in CASES.values() for violation in found)
