"""What Discord asks of the components of a message as a whole, old style and new (Components V2). Pure."""

from collections.abc import Iterator, Mapping
from functools import partial

from bd1.sim.discord.rules_controls import (
    MAX_DISPLAYED_TEXT,
    check_button,
    check_select,
    check_string_select,
    check_text_display,
)
from bd1.sim.discord.rules_form import (
    WEB,
    Found,
    Json,
    Rule,
    Violation,
    at,
    each,
    inside,
    length,
    missing,
    number,
    objects,
    of_kind,
    of_kinds,
    part,
    repeated,
    text,
    url,
)

V2_FLAG = 1 << 15
MAX_ROWS = 5
MAX_BUTTONS = 5
MAX_COMPONENTS = 40
_MAX_CAPTION = 1024
_MAX_GALLERY = 10
_MAX_SECTION = 3

ROW, BUTTON, STRING_SELECT = 1, 2, 3
OTHER_SELECTS = (5, 6, 7, 8)
_SECTION, _TEXT, _THUMBNAIL, _GALLERY, _FILE, _SEPARATOR, _CONTAINER = 9, 10, 11, 12, 13, 14, 17
_LEGACY_FIELDS = ("content", "embeds", "poll", "sticker_ids")


def check_layout(payload: Json, path: str = "", *, edit: bool = False) -> Found:
    """The faults of the message's components. In an edit without `flags` the style is known only from the parts."""
    new_style = _is_new_style(payload, edit=edit)
    yield from length(payload, "components", path, MAX_COMPONENTS if new_style else MAX_ROWS)
    yield from of_kinds(payload, "components", path, _ON_TOP if new_style else _OLD_STYLE)
    yield from check_custom_ids(payload, path)
    if new_style:
        yield from _new_style(payload, path)


def check_custom_ids(payload: Json, path: str = "") -> Found:
    """Each custom_id that an earlier component of the same body has; disabled ones count."""
    ids = ((at(place, "custom_id"), component.get("custom_id")) for place, component in descend(payload, path))
    for place in repeated(ids):
        yield Violation(place, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def descend(holder: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every component below `holder` with its path, outer before inner, accessories and labelled inputs included."""
    slots = ((at(path, key), holder.get(key)) for key in ("accessory", "component"))
    single = ((place, inner) for place, inner in slots if isinstance(inner, Mapping))
    for place, component in (*objects(holder, "components", path), *single):
        yield place, component
        yield from descend(component, place)


def _is_new_style(payload: Json, *, edit: bool) -> bool:
    flags = payload.get("flags")
    if edit and flags is None:
        return any(component.get("type") != ROW for _, component in objects(payload, "components"))
    return isinstance(flags, int) and bool(flags & V2_FLAG)


def _new_style(payload: Json, path: str) -> Found:
    for key in _LEGACY_FIELDS:
        if payload.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield Violation(at(path, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    everything = [component for _, component in descend(payload)]
    place = at(path, "components")
    if len(everything) > MAX_COMPONENTS:
        message = f"The total number of components cannot exceed {MAX_COMPONENTS}"
        yield Violation(place, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    texts = (component.get("content") for component in everything if component.get("type") == _TEXT)
    if sum(len(shown) for shown in texts if isinstance(shown, str)) > MAX_DISPLAYED_TEXT:
        message = f"The total size of displayable text in components must not exceed {MAX_DISPLAYED_TEXT}"
        yield Violation(place, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def _row(row: Json, path: str) -> Found:
    yield from length(row, "components", path, MAX_BUTTONS, least=1)
    yield from of_kinds(row, "components", path, _IN_ROW)
    inner = [component.get("type") for _, component in objects(row, "components")]
    if len(inner) > 1 and any(kind in inner for kind in _SELECTS):
        message = "The specified component exceeds the maximum width"
        yield Violation(at(path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _section(section: Json, path: str) -> Found:
    yield from length(section, "components", path, _MAX_SECTION, least=1)
    yield from of_kinds(section, "components", path, _IN_SECTION)
    accessory, place = section.get("accessory"), at(path, "accessory")
    if accessory is None:
        yield missing(place)
    else:
        yield from inside(accessory, place, partial(of_kind, rules=_ACCESSORIES))


def _media(holder: Json, path: str) -> Found:
    yield from text(holder, "description", path, _MAX_CAPTION, least=1)
    if holder.get("media") is None:
        yield missing(at(path, "media"))
    yield from part(holder, "media", path, _media_url)


def _media_url(media: Json, path: str) -> Found:
    if not media.get("url"):
        yield missing(at(path, "url"))
    yield from url(media, "url", path, (*WEB, "attachment"))


def _gallery(gallery: Json, path: str) -> Found:
    yield from length(gallery, "items", path, _MAX_GALLERY, least=1)
    yield from each(gallery, "items", path, _media)


def _file(component: Json, path: str) -> Found:
    if component.get("file") is None:
        yield missing(at(path, "file"))
    yield from part(component, "file", path, _media_url)


def _separator(separator: Json, path: str) -> Found:
    yield from number(separator, "spacing", path, 1, 2)


def _container(container: Json, path: str) -> Found:
    yield from number(container, "accent_color", path, 0, 0xFFFFFF)
    yield from length(container, "components", path, MAX_COMPONENTS, least=1)
    yield from of_kinds(container, "components", path, _IN_CONTAINER)


_SELECTS: Mapping[int, Rule] = {STRING_SELECT: check_string_select, **dict.fromkeys(OTHER_SELECTS, check_select)}
_IN_ROW: Mapping[int, Rule] = {BUTTON: check_button, **_SELECTS}
_IN_SECTION: Mapping[int, Rule] = {_TEXT: check_text_display}
_ACCESSORIES: Mapping[int, Rule] = {BUTTON: check_button, _THUMBNAIL: _media}
_OLD_STYLE: Mapping[int, Rule] = {ROW: _row}
_IN_CONTAINER: Mapping[int, Rule] = {
    **_OLD_STYLE,
    **_IN_SECTION,
    _SECTION: _section,
    _GALLERY: _gallery,
    _FILE: _file,
    _SEPARATOR: _separator,
}
_ON_TOP: Mapping[int, Rule] = {**_IN_CONTAINER, _CONTAINER: _container}
