"""Buttons, selects and the new style's layout, on both sides of each limit."""

from typing import Any

import pytest

from bd1.sim.discord.rules import check_message

V2 = 1 << 15
Json = dict[str, Any]


def places(*components: Json, flags: int = 0, **more: Any) -> list[str]:
    body = {"flags": flags, "components": list(components), **more}
    return [violation.path for violation in check_message(body)]


def button(name: str = "go", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": name, **more}


def link(**more: Any) -> Json:
    return {"type": 2, "style": 5, "label": "Go", "url": "https://a.example", **more}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def select(count: int = 1, **more: Any) -> Json:
    options = [{"label": f"L{n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "pick", "options": options, **more}


def words(content: str = "hello") -> Json:
    return {"type": 10, "content": content}


def of_option(**option: Any) -> Json:
    return select(options=[{"label": "L", "value": "v", **option}])


BOTH_SIDES: dict[str, tuple[Json, Json, str]] = {
    "buttons in a row": (
        row(*(button(str(n)) for n in range(5))),
        row(*(button(str(n)) for n in range(6))),
        "components.0.components",
    ),
    "an empty row": (row(button()), row(), "components.0.components"),
    "label": (row(button(label="x" * 80)), row(button(label="x" * 81)), "components.0.components.0.label"),
    "custom_id": (row(button("x" * 100)), row(button("x" * 101)), "components.0.components.0.custom_id"),
    "empty custom_id": (row(button("x")), row(button("")), "components.0.components.0.custom_id"),
    "style": (row(button(style=4)), row(button(style=7)), "components.0.components.0.style"),
    "link length": (
        row(link(url="https://a.example/" + "x" * 494)),
        row(link(url="https://a.example/" + "x" * 495)),
        "components.0.components.0.url",
    ),
    "link scheme": (row(link(url="discord://x")), row(link(url="ftp://x")), "components.0.components.0.url"),
    "plain button with a url": (
        row(button()),
        row(button(url="https://a.example")),
        "components.0.components.0.custom_id",
    ),
    "select options": (row(select(25)), row(select(26)), "components.0.components.0.options"),
    "no select options": (row(select(1)), row(select(0)), "components.0.components.0.options"),
    "placeholder": (
        row(select(placeholder="x" * 150)),
        row(select(placeholder="x" * 151)),
        "components.0.components.0.placeholder",
    ),
    "option label": (
        row(of_option(label="x" * 100)),
        row(of_option(label="x" * 101)),
        "components.0.components.0.options.0.label",
    ),
    "option value": (
        row(of_option(value="x" * 100)),
        row(of_option(value="x" * 101)),
        "components.0.components.0.options.0.value",
    ),
    "option description": (
        row(of_option(description="x" * 100)),
        row(of_option(description="x" * 101)),
        "components.0.components.0.options.0.description",
    ),
    "most values": (
        row(select(2, max_values=25)),
        row(select(2, max_values=26)),
        "components.0.components.0.max_values",
    ),
    "least above most": (
        row(select(2, min_values=2, max_values=2)),
        row(select(2, min_values=2, max_values=1)),
        "components.0.components.0.min_values",
    ),
    "a select beside a button": (row(select()), row(select(), button()), "components.0.components"),
    "user select without custom_id": (
        row({"type": 5, "custom_id": "who"}),
        row({"type": 5}),
        "components.0.components.0.custom_id",
    ),
    "a row inside a row": (row(button()), row(row(button())), "components.0.components.0.type"),
    "a component without a type": (row(button()), {"components": []}, "components.0.type"),
    "a bare button": (row(button()), button(), "components.0.type"),
}


@pytest.mark.parametrize(("fitting", "bursting", "path"), BOTH_SIDES.values(), ids=BOTH_SIDES.keys())
def test_an_old_style_rule_holds_exactly(fitting: Json, bursting: Json, path: str) -> None:
    assert places(fitting) == []
    assert places(bursting) == [path]


def test_five_rows_are_taken() -> None:
    assert places(*(row(button(str(n))) for n in range(5))) == []


def test_a_disabled_button_still_owns_its_custom_id() -> None:
    assert places(row(button("a"), button("a", disabled=True))) == ["components.0.components.1.custom_id"]


def test_a_link_button_needs_its_link() -> None:
    assert places(row({"type": 2, "style": 5, "label": "Go"})) == ["components.0.components.0.url"]


def test_a_premium_button_needs_its_product() -> None:
    assert places(row({"type": 2, "style": 6, "sku_id": "1"})) == []
    assert places(row({"type": 2, "style": 6})) == ["components.0.components.0.sku_id"]


def test_option_values_of_one_select_differ() -> None:
    doubled = select(options=[{"label": "A", "value": "1"}, {"label": "B", "value": "1"}])
    assert places(row(doubled)) == ["components.0.components.0.options.1.value"]


def section(count: int = 1, **more: Any) -> Json:
    return {"type": 9, "components": [words() for _ in range(count)], "accessory": button(), **more}


def container(*parts: Json, **more: Any) -> Json:
    return {"type": 17, "components": list(parts), **more}


def gallery(count: int) -> Json:
    return {"type": 12, "items": [{"media": {"url": "https://a.example/x.png"}} for _ in range(count)]}


NEW_STYLE: dict[str, tuple[Json, Json, str]] = {
    "text": (words("x" * 4000), words(""), "components.0.content"),
    "section texts": (section(3), section(4), "components.0.components"),
    "section accessory": (section(), section(accessory=words()), "components.0.accessory.type"),
    "section without accessory": (section(), section(accessory=None), "components.0.accessory"),
    "thumbnail": (
        section(accessory={"type": 11, "media": {"url": "attachment://x.png"}}),
        section(accessory={"type": 11, "media": {}}),
        "components.0.accessory.media.url",
    ),
    "thumbnail without a picture": (
        section(accessory={"type": 11, "media": {"url": "https://a.example/x"}}),
        section(accessory={"type": 11}),
        "components.0.accessory.media",
    ),
    "gallery": (gallery(10), gallery(11), "components.0.items"),
    "file": (
        {"type": 13, "file": {"url": "attachment://x.txt"}},
        {"type": 13},
        "components.0.file",
    ),
    "separator": ({"type": 14, "spacing": 2}, {"type": 14, "spacing": 3}, "components.0.spacing"),
    "accent": (
        container(words(), accent_color=0xFFFFFF),
        container(words(), accent_color=0x1000000),
        "components.0.accent_color",
    ),
    "container in a container": (
        container(words()),
        container(container(words())),
        "components.0.components.0.type",
    ),
    "an empty container": (container(row(button())), container(), "components.0.components"),
}


@pytest.mark.parametrize(("fitting", "bursting", "path"), NEW_STYLE.values(), ids=NEW_STYLE.keys())
def test_a_new_style_rule_holds_exactly(fitting: Json, bursting: Json, path: str) -> None:
    assert places(fitting, flags=V2) == []
    assert places(bursting, flags=V2) == [path]


def test_forty_components_are_taken_however_deep_they_lie() -> None:
    assert places(container(section(2), *(words() for _ in range(35))), flags=V2) == []
    assert places(container(section(2), *(words() for _ in range(36))), flags=V2) == ["components"]


def test_a_custom_id_may_not_return_as_an_accessory() -> None:
    assert places(row(button("a")), section(accessory=button("a")), flags=V2) == ["components.1.accessory.custom_id"]


def test_a_new_style_message_may_say_that_the_old_fields_are_empty() -> None:
    assert places(words(), flags=V2, content=None, embeds=[], sticker_ids=[]) == []


def test_an_edit_without_flags_takes_either_style() -> None:
    assert check_message({"components": [words()]}, edit=True) == ()
    assert check_message({"components": [row(button())]}, edit=True) == ()


def test_an_edit_without_flags_still_refuses_a_mixture_of_styles() -> None:
    found = check_message({"content": "old", "components": [words()]}, edit=True)
    assert [violation.path for violation in found] == ["content"]
