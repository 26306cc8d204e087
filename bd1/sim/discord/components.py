"""Buttons, selects and inputs inside a message or modal: finding and numbering them. Pure."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from bd1.sim.discord.model import Json


class ComponentKind(IntEnum):
    """Discord's component types that a person can act on, and the two that label inputs."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    LABEL = 18


SELECTS = frozenset({3, 5, 6, 7, 8})
LINK_BUTTON = 5

_DEFAULTS: dict[int, Json] = {3: {"min_values": 1, "max_values": 1}}


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, outer before inner."""
    for component in components:
        yield component
        yield from walk(list(component.get("components") or ()))
        for slot in ("accessory", "component"):
            if isinstance(component.get(slot), dict):
                yield from walk([component[slot]])


def find(components: list[Json], wanted: str) -> Json | None:
    """The component with this custom_id; failing that, the button with this label."""
    everything = list(walk(components))
    by_id = (component for component in everything if component.get("custom_id") == wanted)
    by_label = (component for component in everything if component.get("label") == wanted and component["type"] == 2)
    return next(by_id, None) or next(by_label, None)


def numbered(components: list[Json]) -> list[Json]:
    """The components with the ids and defaults Discord fills in; ids already given stay."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    return [_numbered(component, free) for component in components]


def _numbered(component: Json, free: Iterator[int]) -> Json:
    shown: dict[str, Any] = {**_DEFAULTS.get(component["type"], {}), **component}
    shown["id"] = component.get("id") or next(free)
    if isinstance(component.get("components"), list):
        shown["components"] = [_numbered(inner, free) for inner in component["components"]]
    for slot in ("accessory", "component"):
        if isinstance(component.get(slot), dict):
            shown[slot] = _numbered(component[slot], free)
    return shown
