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

_HOLDERS = frozenset({1, 9, 17})
_SLOTS = {9: "accessory", 18: "component"}
_DEFAULTS: dict[int, Json] = {3: {"min_values": 1, "max_values": 1}}


def _inner(component: Json) -> Iterator[tuple[str, list[Json]]]:
    """What lies inside, by key. A key that means nothing to this kind of component is passed over."""
    kind = component.get("type")
    if kind in _HOLDERS and isinstance(component.get("components"), list):
        yield "components", component["components"]
    slot = _SLOTS.get(kind or 0)
    if slot is not None and isinstance(component.get(slot), dict):
        yield slot, [component[slot]]


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, outer before inner."""
    for component in components:
        yield component
        for _, inside in _inner(component):
            yield from walk(inside)


def find(components: list[Json], wanted: str) -> Json | None:
    """The component with this custom_id; failing that, the button with this label."""
    everything = list(walk(components))
    by_id = (component for component in everything if component.get("custom_id") == wanted)
    by_label = (
        component for component in everything if component.get("label") == wanted and component.get("type") == 2
    )
    return next(by_id, None) or next(by_label, None)


def numbered(components: list[Json]) -> list[Json]:
    """The components with the ids and defaults Discord fills in; ids already given stay."""
    taken = {given for component in walk(components) if (given := _given_id(component))}
    free = (number for number in range(1, 10_000) if number not in taken)
    return [_numbered(component, free) for component in components]


def _given_id(component: Json) -> int:
    given = component.get("id")
    return given if isinstance(given, int) else 0


def _numbered(component: Json, free: Iterator[int]) -> Json:
    shown: dict[str, Any] = {**_DEFAULTS.get(component.get("type", 0), {}), **component}
    shown["id"] = _given_id(component) or next(free)
    for key, inside in _inner(component):
        numbers = [_numbered(part, free) for part in inside]
        shown[key] = numbers if key == "components" else numbers[0]
    return shown
