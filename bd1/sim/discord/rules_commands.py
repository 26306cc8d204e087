"""What Discord asks of application commands, one and all. Pure; must not know which are registered."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

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
    number,
    objects,
    repeated,
    text,
)

TOO_MANY_COMMANDS = 30032
MAX_NAME = 32
MAX_DESCRIPTION = 100
MAX_OPTIONS = 25
MAX_CHOICES = 25
MAX_CHOICE = 100
MAX_STRING = 6000
MAX_COMMAND = 8000
CHAT, USER, MESSAGE, ENTRY_POINT = 1, 2, 3, 4
MAX_COMMANDS = {CHAT: 100, USER: 15, MESSAGE: 15, ENTRY_POINT: 1}
_SUBCOMMAND, _GROUP = 1, 2
_OPTION_TYPES = range(1, 12)
_NESTING = frozenset({_SUBCOMMAND, _GROUP})
_IN_COMMAND = frozenset(_OPTION_TYPES)
_IN_GROUP = frozenset({_SUBCOMMAND})
_IN_SUBCOMMAND = _IN_COMMAND - _NESTING
_GUILD_CONTEXT = 0
_GUILD_INSTALL = 0


def check_commands(commands: Sequence[Json], *, guild: bool) -> tuple[Violation, ...]:
    """The faults of a whole set of commands, as a bulk overwrite sends it. Paths begin with the command's number."""
    return tuple(_commands(commands, guild=guild))


def check_command(command: Json, *, guild: bool = False, path: str = "") -> tuple[Violation, ...]:
    """The faults of one command by itself; `path` is where it stands in a larger body."""
    return tuple(_command(command, path, guild=guild))


def check_choice(offer: Json, path: str) -> Found:
    """The faults of one choice of an option or of an autocomplete answer."""
    yield from text(offer, "name", path, MAX_CHOICE, least=1, required=True)
    value = offer.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield from text(offer, "value", path, MAX_CHOICE, required=True)


def _commands(commands: Sequence[Json], *, guild: bool) -> Found:
    for index, command in enumerate(commands):
        yield from inside(command, str(index), partial(_command, guild=guild))
    whole = [(str(index), command) for index, command in enumerate(commands) if isinstance(command, Mapping)]
    names = ((at(path, "name"), f"{_kind(command)} {command.get('name')}") for path, command in whole)
    for place in repeated(names):
        yield Violation(place, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    count = Counter(_kind(command) for _, command in whole)
    for kind, most in MAX_COMMANDS.items():
        if count[kind] > most:
            message = f"Maximum number of application commands reached ({most})"
            yield Violation("", "MAX_APPLICATION_COMMANDS", message, TOO_MANY_COMMANDS)


def _kind(command: Json) -> int:
    kind = command.get("type")
    return CHAT if kind is None or not isinstance(kind, int) else kind


def _command(command: Json, path: str, *, guild: bool) -> Found:
    if command.get("type") is not None:
        yield from choice(command, "type", path, MAX_COMMANDS)
    if _kind(command) in {USER, MESSAGE}:
        yield from _menu_command(command, path)
    else:
        yield from _name(command, path)
        yield from _description(command, path)
        yield from _options(command, path, allowed=_IN_COMMAND)
        yield from _mixture(command, path)
    if size(command) > MAX_COMMAND:
        message = f"Command exceeds maximum size ({MAX_COMMAND})"
        yield Violation(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    if guild:
        yield from _guild_only(command, path)


def _menu_command(command: Json, path: str) -> Found:
    yield from text(command, "name", path, MAX_NAME, least=1, required=True)
    if command.get("description"):
        message = "Context menu commands cannot have description"
        yield Violation(at(path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)
    if command.get("options"):
        message = "Context menu commands cannot have options"
        yield Violation(at(path, "options"), "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", message)


def _guild_only(command: Json, path: str) -> Found:
    # Documented as for global commands only. What already holds for every guild command (used in a guild, installed
    # to a guild) is let pass: discord.py sends it for each command marked guild-only, and bots sync those to guilds.
    for key, implied in (("contexts", _GUILD_CONTEXT), ("integration_types", _GUILD_INSTALL)):
        if any(value != implied for value in items(command, key)):
            message = f"'{key}' can only be set on global commands"
            yield Violation(at(path, key), "APPLICATION_COMMAND_GLOBAL_ONLY_FIELD", message)


def _name(holder: Json, path: str) -> Found:
    yield from text(holder, "name", path, MAX_NAME, least=1, required=True)
    name = holder.get("name")
    if isinstance(name, str) and name and not (name == name.lower() and all(map(_is_name_character, name))):
        yield Violation(at(path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _is_name_character(character: str) -> bool:
    """Discord's pattern: -_' and every letter and number, and whatever is written in Devanagari or Thai script."""
    if character in "-_'" or unicodedata.category(character)[0] in "LN":
        return True
    # The signs of these two scripts are marks, not letters; their names tell the script. Dandas belong to many scripts.
    name = unicodedata.name(character, "")
    return name.startswith(("DEVANAGARI ", "THAI CHARACTER ")) and "DANDA" not in name


def _description(holder: Json, path: str) -> Found:
    yield from text(holder, "description", path, MAX_DESCRIPTION, least=1, required=True)


def _options(holder: Json, path: str, *, allowed: frozenset[int]) -> Found:
    """The options of a command, group or subcommand; `allowed` says which types may stand here."""
    yield from length(holder, "options", path, MAX_OPTIONS)
    yield from each(holder, "options", path, partial(_option, allowed=allowed))
    names = ((at(place, "name"), option.get("name")) for place, option in objects(holder, "options", path))
    for place in repeated(names):
        yield Violation(place, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
    yield from _order(holder, path)


def _order(holder: Json, path: str) -> Found:
    optional_seen = False
    for place, option in objects(holder, "options", path):
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            yield Violation(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")


def _mixture(holder: Json, path: str) -> Found:
    kinds = [_is_nesting(option) for _, option in objects(holder, "options")]
    if any(kinds) and not all(kinds):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield Violation(at(path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _is_nesting(option: Json) -> bool:
    kind = option.get("type")
    return isinstance(kind, int) and kind in _NESTING


def _option(option: Json, path: str, *, allowed: frozenset[int]) -> Found:
    yield from choice(option, "type", path, _OPTION_TYPES)
    yield from _name(option, path)
    yield from _description(option, path)
    kind = option.get("type")
    if is_whole(kind) and kind in _IN_COMMAND - allowed:
        message = f"An option of type {kind} cannot stand here"
        yield Violation(at(path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    elif _is_nesting(option):
        yield from _options(option, path, allowed=_IN_GROUP if kind == _GROUP else _IN_SUBCOMMAND)
    else:
        yield from _plain_option(option, path)


def _plain_option(option: Json, path: str) -> Found:
    yield from length(option, "choices", path, MAX_CHOICES)
    yield from each(option, "choices", path, check_choice)
    yield from number(option, "min_length", path, 0, MAX_STRING)
    yield from number(option, "max_length", path, 1, MAX_STRING)
    if option.get("autocomplete") and option.get("choices"):
        message = "Autocomplete cannot be used with choices"
        yield Violation(at(path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES", message)


def size(command: Json) -> int:
    """How many characters of the command count towards its limit: names, descriptions and values, all levels.

    Of a text with translations the longest counts.
    """
    own = sum(_longest(command, key) for key in ("name", "description"))
    value = command.get("value")
    own += len(str(value)) if isinstance(value, str | int | float) else 0
    return own + sum(size(inner) for key in ("options", "choices") for _, inner in objects(command, key))


def _longest(holder: Json, key: str) -> int:
    translations = holder.get(f"{key}_localizations")
    texts = [holder.get(key), *(translations.values() if isinstance(translations, dict) else ())]
    return max((len(value) for value in texts if isinstance(value, str)), default=0)
