"""What Discord asks of the parts people press and pick from, and of displayed text. Pure."""

from bd1.sim.discord.rules_form import (
    WEB,
    Found,
    Json,
    Violation,
    at,
    choice,
    each,
    length,
    number,
    objects,
    repeated,
    text,
    url,
)

MAX_CUSTOM_ID = 100
MAX_LABEL = 80
MAX_LINK = 512
MAX_OPTIONS = 25
MAX_OPTION_TEXT = 100
MAX_PLACEHOLDER = 150
MAX_DISPLAYED_TEXT = 4000
_LINK, _PREMIUM = 5, 6
_STYLES = range(1, 7)


def check_button(button: Json, path: str) -> Found:
    yield from text(button, "label", path, MAX_LABEL)
    yield from choice(button, "style", path, _STYLES)
    style = button.get("style")
    if style == _LINK:
        yield from _link_button(button, path)
    elif style == _PREMIUM:
        yield from text(button, "sku_id", path, 20, least=1, required=True)
    else:
        yield from _plain_button(button, path)


def _link_button(button: Json, path: str) -> Found:
    if not button.get("url"):
        yield Violation(at(path, "url"), "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    yield from url(button, "url", path, (*WEB, "discord"), most=MAX_LINK)
    if button.get("custom_id") is not None:
        yield _both(path)


def _plain_button(button: Json, path: str) -> Found:
    if button.get("custom_id") is None:
        message = "A custom id is required"
        yield Violation(at(path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", message)
    yield from text(button, "custom_id", path, MAX_CUSTOM_ID, least=1)
    if button.get("url") is not None:
        yield _both(path)


def _both(path: str) -> Violation:
    message = "A custom id and url cannot both be specified"
    return Violation(at(path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)


def check_select(select: Json, path: str) -> Found:
    """The faults of a select of users, roles, mentionables or channels, and those every select shares."""
    yield from text(select, "custom_id", path, MAX_CUSTOM_ID, least=1, required=True)
    yield from text(select, "placeholder", path, MAX_PLACEHOLDER)
    yield from number(select, "min_values", path, 0, MAX_OPTIONS)
    yield from number(select, "max_values", path, 1, MAX_OPTIONS)
    least, most = select.get("min_values"), select.get("max_values")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message = "The minimum value must be less than or equal to the maximum value."
        yield Violation(at(path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX", message)


def check_string_select(select: Json, path: str) -> Found:
    """The faults of a select with options of its own."""
    yield from check_select(select, path)
    yield from length(select, "options", path, MAX_OPTIONS, least=1)
    yield from each(select, "options", path, _option)
    values = ((at(place, "value"), option.get("value")) for place, option in objects(select, "options", path))
    for place in repeated(values):
        yield Violation(place, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")


def _option(option: Json, path: str) -> Found:
    yield from text(option, "label", path, MAX_OPTION_TEXT, least=1, required=True)
    yield from text(option, "value", path, MAX_OPTION_TEXT, least=1, required=True)
    yield from text(option, "description", path, MAX_OPTION_TEXT)


def check_text_display(display: Json, path: str) -> Found:
    """The faults of a piece of displayed text."""
    yield from text(display, "content", path, MAX_DISPLAYED_TEXT, least=1, required=True)
