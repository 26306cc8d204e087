"""The application's slash commands: what is registered, who is offered it, and how typed options become data.

Must not send anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bd1.sim.discord import events
from bd1.sim.discord.model import Channel, ChannelKind, Json
from bd1.sim.discord.permissions import EVERY, Permission
from bd1.sim.discord.world import World

CHAT_INPUT = 1
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10
BOT_DM = 1


class Rejected(Exception):
    """Discord's own client does not let a person do this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command or subcommand a person can actually run. `path` is its name, word by word."""

    command: Json
    path: tuple[str, ...]
    description: str
    options: tuple[Json, ...]

    @property
    def name(self) -> str:
        """The full name, as in "gpu mode"."""
        return " ".join(self.path)


def leaves(command: Json) -> list[Leaf]:
    """The runnable parts of a registered command."""
    return _leaves(command, command, (command["name"],))


def _leaves(command: Json, node: Json, path: tuple[str, ...]) -> list[Leaf]:
    options = node.get("options") or []
    inner = [option for option in options if option["type"] in {SUBCOMMAND, GROUP}]
    if inner:
        return [leaf for option in inner for leaf in _leaves(command, option, (*path, option["name"]))]
    return [Leaf(command, path, node.get("description", ""), tuple(options))]


class CommandRegistry:
    """Commands by scope: a guild's id, or `None` for the global ones."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[int | None, dict[int, Json]] = {}

    def listed(self, scope: int | None) -> list[Json]:
        """The commands of one scope."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: int | None, command_id: int) -> Json | None:
        """One command, or `None`."""
        return self._scopes.get(scope, {}).get(command_id)

    def replace(self, scope: int | None, payloads: Iterable[Json]) -> list[Json]:
        """Puts these commands in the place of all; one that keeps its name and type keeps its id."""
        known = {(command["name"], command["type"]): int(command["id"]) for command in self.listed(scope)}
        made = [self._made(scope, payload, known) for payload in payloads]
        self._scopes[scope] = {int(command["id"]): command for command in made}
        self._world.log.record(events.CommandsChanged(scope))
        return made

    def put(self, scope: int | None, payload: Json) -> tuple[Json, bool]:
        """Registers one command, over one of the same name; says whether it is new."""
        known = {(command["name"], command["type"]): int(command["id"]) for command in self.listed(scope)}
        made = self._made(scope, payload, known)
        self._scopes.setdefault(scope, {})[int(made["id"])] = made
        self._world.log.record(events.CommandsChanged(scope))
        return made, (made["name"], made["type"]) not in known

    def remove(self, scope: int | None, command_id: int) -> bool:
        """Forgets one command; false when there is none."""
        gone = self._scopes.get(scope, {}).pop(command_id, None)
        if gone is not None:
            self._world.log.record(events.CommandsChanged(scope))
        return gone is not None

    def _made(self, scope: int | None, payload: Json, known: Mapping[tuple[str, int], int]) -> Json:
        kind = payload.get("type") or CHAT_INPUT
        needed = payload.get("default_member_permissions")
        made: Json = {
            "nsfw": False,
            "options": [],
            "description": "",
            "integration_types": [0],
            **{key: value for key, value in payload.items() if value is not None},
            "id": str(known.get((payload["name"], kind)) or self._world.ids.next()),
            "application_id": str(self._world.bot_id),
            "version": str(self._world.ids.next()),
            "type": kind,
            "default_member_permissions": None if needed is None else str(needed),
        }
        return made if scope is None else made | {"guild_id": str(scope)}

    def offered(self, user_id: int, channel: Channel) -> list[Leaf]:
        """What the client offers a person in a channel, by name; a guild command hides a global one of its name."""
        commands = {command["name"]: command for command in self.listed(None) if _fits(command, channel)}
        if channel.guild_id is not None:
            commands |= {command["name"]: command for command in self.listed(channel.guild_id)}
        shown = [c for c in commands.values() if c["type"] == CHAT_INPUT and self._allowed(c, user_id, channel)]
        return sorted((leaf for command in shown for leaf in leaves(command)), key=lambda leaf: leaf.path)

    def _allowed(self, command: Json, user_id: int, channel: Channel) -> bool:
        held = self._world.permissions(user_id, channel)
        if Permission.USE_APPLICATION_COMMANDS not in held or Permission.VIEW_CHANNEL not in held:
            return False
        needed = command["default_member_permissions"]
        if channel.guild_id is None or needed is None or held == EVERY:
            return True
        return int(needed) != 0 and Permission(int(needed)) in held


def _fits(command: Json, channel: Channel) -> bool:
    if channel.kind is not ChannelKind.DM:
        return True
    contexts = command.get("contexts")
    return BOT_DM in contexts if contexts is not None else command.get("dm_permission", True) is not False


def option_data(
    leaf: Leaf, given: Mapping[str, Any], *, focused: str | None = None, partial: bool = False
) -> list[Json]:
    """The `options` of an interaction for what a person typed, nested below groups and subcommands.

    Raises `Rejected` for what the client would not send; `partial` (while still typing) lets things be missing.
    """
    known = {option["name"]: option for option in leaf.options}
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise Rejected(f"/{leaf.name} has no option {unknown}.")
    missing = next((o["name"] for o in leaf.options if o.get("required") and o["name"] not in given), None)
    if missing is not None and not partial:
        raise Rejected(f"/{leaf.name} needs the option {missing}.")
    data = [_value(known[name], value, focused=name == focused) for name, value in given.items()]
    for depth, name in enumerate(reversed(leaf.path[1:])):
        data = [{"name": name, "type": SUBCOMMAND if depth == 0 else GROUP, "options": data}]
    return data


def _value(option: Json, value: Any, *, focused: bool) -> Json:
    if focused:
        return {"name": option["name"], "type": option["type"], "value": value, "focused": True}
    read: Callable[[Any], Any] = _READERS.get(option["type"], _snowflake)
    try:
        typed = read(value)
    except (TypeError, ValueError):
        raise Rejected(f"{value} is not a valid value for {option['name']}.") from None
    _check_choice(option, typed)
    _check_range(option, typed)
    return {"name": option["name"], "type": option["type"], "value": typed}


def _check_choice(option: Json, value: Any) -> None:
    choices = option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise Rejected(f"{value} is not one of the choices for {option['name']}.")


def _check_range(option: Json, value: Any) -> None:
    size = len(value) if isinstance(value, str) else value
    low, high = (
        (option.get("min_length"), option.get("max_length"))
        if option["type"] == STRING
        else (option.get("min_value"), option.get("max_value"))
    )
    if (low is not None and size < low) or (high is not None and size > high):
        raise Rejected(f"{value} is out of range for {option['name']}.")


def _snowflake(value: Any) -> str:
    return str(int(value))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or int(value) != float(value):
        raise ValueError
    return int(value)


_READERS: dict[int, Callable[[Any], Any]] = {STRING: str, INTEGER: _integer, BOOLEAN: _boolean, NUMBER: float}
