"""Application commands, alone and as a set, on both sides of each limit."""

from typing import Any

import pytest

from bd1.sim.discord.rules import check_command, check_commands

Json = dict[str, Any]


def command(**more: Any) -> Json:
    return {"name": "gpu", "description": "The card", "type": 1, **more}


def option(name: str = "mode", kind: int = 3, **more: Any) -> Json:
    return {"type": kind, "name": name, "description": "A value", **more}


def of_options(*options: Json) -> Json:
    return command(options=list(options))


def places(body: Json, *, guild: bool = False) -> list[str]:
    return [violation.path for violation in check_command(body, guild=guild)]


def choices(count: int, **more: Any) -> list[Json]:
    return [{"name": f"n{n}", "value": f"v{n}", **more} for n in range(count)]


def sized(total: int) -> Json:
    """A command of exactly so many characters: its own 3 + 8, option texts, and choices of up to 200."""
    left = total - len("gpu") - len("The card")
    options = []
    for number in range(4):
        spent = len(f"o{number}") + 1
        body = min(left - spent, 25 * 200)
        left -= spent + body
        full, rest = divmod(body, 200)
        made = [{"name": "n" * 100, "value": "v" * 100} for _ in range(full)]
        made += [{"name": "n" * (rest - rest // 2), "value": "v" * (rest // 2)}] if rest else []
        options.append({"type": 3, "name": f"o{number}", "description": "d", "choices": made})
        if left <= 0:
            break
    return of_options(*options)


NAMES = ["gpu", "gpu-mode", "gpu_mode", "l'eau", "größe", "日本", "ใช้", "हिन्दी", "1", "a" * 32]
BAD_NAMES = ["GPU", "gpu mode", "gpu!", "gpu/mode", "", "a" * 33, "Ä", "🦀", "a.b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_small_letters_and_numbers_in_any_script_is_taken(name: str) -> None:
    assert places(command(name=name)) == []
    assert places(of_options(option(name))) == []


@pytest.mark.parametrize("name", BAD_NAMES)
def test_any_other_name_is_refused_for_commands_and_options_alike(name: str) -> None:
    assert places(command(name=name)) == ["name"]
    assert places(of_options(option(name))) == ["options.0.name"]


LIMITS: dict[str, tuple[Json, Json, str]] = {
    "description": (command(description="d" * 100), command(description="d" * 101), "description"),
    "options": (
        of_options(*(option(f"o{n}") for n in range(25))),
        of_options(*(option(f"o{n}") for n in range(26))),
        "options",
    ),
    "choices": (of_options(option(choices=choices(25))), of_options(option(choices=choices(26))), "options.0.choices"),
    "choice name": (
        of_options(option(choices=choices(1, name="n" * 100))),
        of_options(option(choices=choices(1, name="n" * 101))),
        "options.0.choices.0.name",
    ),
    "choice value": (
        of_options(option(choices=choices(1, value="v" * 100))),
        of_options(option(choices=choices(1, value="v" * 101))),
        "options.0.choices.0.value",
    ),
    "option length": (of_options(option(max_length=6000)), of_options(option(max_length=6001)), "options.0.max_length"),
    "option type": (of_options(option(kind=11)), of_options(option(kind=12)), "options.0.type"),
    "option description": (of_options(option()), of_options(option(description="")), "options.0.description"),
    "required first": (
        of_options(option("a", required=True), option("b", required=True), option("c")),
        of_options(option("a", required=True), option("b"), option("c", required=True)),
        "options.2",
    ),
    "total size": (sized(8000), sized(8001), ""),
}


@pytest.mark.parametrize(("fitting", "bursting", "path"), LIMITS.values(), ids=LIMITS.keys())
def test_a_command_limit_holds_exactly(fitting: Json, bursting: Json, path: str) -> None:
    assert places(fitting) == []
    assert places(bursting) == [path]


def test_the_longest_translation_counts_towards_the_size() -> None:
    body = sized(7990)
    assert places({**body, "description_localizations": {"de": "d" * 18}}) == []
    assert places({**body, "description_localizations": {"de": "d" * 19, "fr": "d"}}) == [""]


def test_a_group_holds_subcommands_and_a_subcommand_holds_values() -> None:
    sub = option("set", kind=1, options=[option()])
    assert places(of_options(sub, option("more", kind=2, options=[sub]))) == []


NESTINGS: dict[str, tuple[Json, list[str]]] = {
    "a group in a group": (
        of_options(option("a", kind=2, options=[option("b", kind=2)])),
        ["options.0.options.0.type"],
    ),
    "a subcommand in a subcommand": (
        of_options(option("a", kind=1, options=[option("b", kind=1)])),
        ["options.0.options.0.type"],
    ),
    "a value beside a subcommand": (of_options(option("a", kind=1), option("b")), ["options"]),
    "a value in a group": (
        of_options(option("a", kind=2, options=[option("b", kind=1), option("c")])),
        ["options.0.options.1.type"],
    ),
    "nothing but values in a group": (
        of_options(option("a", kind=2, options=[option("c")])),
        ["options.0.options.0.type"],
    ),
}


@pytest.mark.parametrize(("body", "paths"), NESTINGS.values(), ids=NESTINGS.keys())
def test_subcommands_nest_one_level_and_stay_among_themselves(body: Json, paths: list[str]) -> None:
    assert places(body) == paths


@pytest.mark.parametrize("kind", [2, 3])
def test_a_context_menu_has_a_free_name_and_nothing_else(kind: int) -> None:
    assert places({"type": kind, "name": "Report This!"}) == []
    assert places({"type": kind, "name": "Report", "description": "no"}) == ["description"]
    assert places({"type": kind, "name": "Report", "options": [option()]}) == ["options"]


def test_an_unknown_command_type_is_refused() -> None:
    assert places(command(type=9)) == ["type"]


@pytest.mark.parametrize("more", [{}, {"contexts": None}, {"contexts": [0]}, {"integration_types": [0]}])
def test_a_guild_command_may_repeat_that_it_belongs_to_the_guild(more: Json) -> None:
    assert places(command(**more), guild=True) == []


@pytest.mark.parametrize("more", [{"contexts": [0, 1, 2]}, {"integration_types": [0, 1]}])
def test_a_guild_command_cannot_reach_beyond_the_guild_and_a_global_one_can(more: Json) -> None:
    assert places(command(**more), guild=True) == list(more)
    assert places(command(**more)) == []


def test_a_set_may_hold_100_chat_commands_and_15_of_each_menu() -> None:
    chat = [command(name=f"c{n}") for n in range(100)]
    menus = [{"type": kind, "name": f"m{n}"} for kind in (2, 3) for n in range(15)]
    assert check_commands([*chat, *menus], guild=True) == ()


@pytest.mark.parametrize("kind", [2, 3])
def test_a_sixteenth_menu_of_a_kind_is_one_too_many(kind: int) -> None:
    found = check_commands([{"type": kind, "name": f"m{n}"} for n in range(16)], guild=False)
    assert [(violation.path, violation.error_code) for violation in found] == [("", 30032)]


def test_a_chat_command_and_a_menu_may_share_a_name() -> None:
    assert check_commands([command(), {"type": 2, "name": "gpu"}], guild=False) == ()


def test_faults_in_a_set_begin_with_the_number_of_the_command() -> None:
    found = check_commands([command(), command(name="b", options=[option("BAD")])], guild=False)
    assert [violation.path for violation in found] == ["1.options.0.name"]


def test_a_command_that_is_no_object_is_named() -> None:
    broken: Any = ["gpu"]
    assert [violation.path for violation in check_commands(broken, guild=False)] == ["0"]
