"""Messages: text, embeds, mentions, and what makes one too empty, on both sides of each limit."""

from typing import Any

import pytest

from bd1.sim.discord.rules import check_message

Json = dict[str, Any]


def places(body: Json, **how: bool) -> list[str]:
    return [violation.path for violation in check_message(body, **how)]


def with_embed(**embed: Any) -> Json:
    return {"content": "hello", "embeds": [embed]}


def fields(count: int, **field: Any) -> list[Json]:
    return [{"name": "n", "value": "v", **field} for _ in range(count)]


def options(count: int) -> list[str]:
    return [str(n) for n in range(count)]


LIMITS: dict[str, tuple[Json, Json, str]] = {
    "content": ({"content": "x" * 2000}, {"content": "x" * 2001}, "content"),
    "content in emoji": ({"content": "\U0001f980" * 2000}, {"content": "\U0001f980" * 2001}, "content"),
    "embeds": ({"embeds": [{"title": "t"}] * 10}, {"embeds": [{"title": "t"}] * 11}, "embeds"),
    "title": (with_embed(title="x" * 256), with_embed(title="x" * 257), "embeds.0.title"),
    "title in emoji": (with_embed(title="\U0001f914" * 256), with_embed(title="\U0001f914" * 257), "embeds.0.title"),
    "description": (with_embed(description="x" * 4096), with_embed(description="x" * 4097), "embeds.0.description"),
    "fields": (with_embed(fields=fields(25)), with_embed(fields=fields(26)), "embeds.0.fields"),
    "field name": (
        with_embed(fields=fields(1, name="x" * 256)),
        with_embed(fields=fields(1, name="x" * 257)),
        "embeds.0.fields.0.name",
    ),
    "field value": (
        with_embed(fields=fields(1, value="x" * 1024)),
        with_embed(fields=fields(1, value="x" * 1025)),
        "embeds.0.fields.0.value",
    ),
    "footer": (
        with_embed(footer={"text": "x" * 2048}),
        with_embed(footer={"text": "x" * 2049}),
        "embeds.0.footer.text",
    ),
    "author": (
        with_embed(author={"name": "x" * 256}),
        with_embed(author={"name": "x" * 257}),
        "embeds.0.author.name",
    ),
    "colour": (with_embed(color=0xFFFFFF), with_embed(color=0x1000000), "embeds.0.color"),
    "colour below black": (with_embed(color=0), with_embed(color=-1), "embeds.0.color"),
    "attachments": (
        {"attachments": [{"id": n} for n in range(10)]},
        {"attachments": [{"id": n} for n in range(11)]},
        "attachments",
    ),
    "stickers": ({"sticker_ids": options(3)}, {"sticker_ids": options(4)}, "sticker_ids"),
    "nonce": ({"content": "a", "nonce": "n" * 25}, {"content": "a", "nonce": "n" * 26}, "nonce"),
    "users mentioned": (
        {"content": "a", "allowed_mentions": {"users": options(100)}},
        {"content": "a", "allowed_mentions": {"users": options(101)}},
        "allowed_mentions.users",
    ),
    "roles mentioned": (
        {"content": "a", "allowed_mentions": {"roles": options(100)}},
        {"content": "a", "allowed_mentions": {"roles": options(101)}},
        "allowed_mentions.roles",
    ),
}


@pytest.mark.parametrize(("fitting", "bursting", "path"), LIMITS.values(), ids=LIMITS.keys())
def test_a_limit_holds_exactly(fitting: Json, bursting: Json, path: str) -> None:
    assert places(fitting) == []
    assert places(bursting) == [path]


def test_all_embed_texts_count_towards_the_6000_and_nothing_else() -> None:
    texts = {
        "title": "t" * 256,
        "description": "d" * 2000,
        "author": {"name": "a" * 256, "url": "https://a.example/" + "p" * 500},
        "footer": {"text": "f" * 2000},
        "url": "https://a.example/" + "p" * 500,
        "fields": [{"name": "n" * 200, "value": "v" * 1000}, {"name": "n" * 88, "value": "v" * 200}],
    }
    assert places({"embeds": [texts]}) == []
    assert places({"embeds": [texts, {"title": "x"}]}) == ["embeds"]


@pytest.mark.parametrize("part", ["url", "image", "thumbnail", "author", "footer"])
def test_a_link_in_an_embed_must_be_a_web_address(part: str) -> None:
    value: dict[str, Any] = {
        "url": "javascript://a",
        "image": {"url": "file:///x"},
        "thumbnail": {"url": "no scheme"},
        "author": {"name": "a", "url": "attachment://x.png"},
        "footer": {"text": "f", "icon_url": "ftp://a.example"},
    }
    found = check_message({"content": "hello", "embeds": [{part: value[part]}]})
    assert len(found) == 1
    assert found[0].code.startswith("URL_TYPE_INVALID")


def test_a_picture_may_be_an_upload() -> None:
    assert (
        places(with_embed(image={"url": "attachment://card.png"}, thumbnail={"url": "https://a.example/b.png"})) == []
    )


def test_empty_field_texts_are_taken_as_discord_takes_them() -> None:
    assert places(with_embed(fields=[{"name": "", "value": ""}])) == []


@pytest.mark.parametrize("when", ["2026-11-23T12:00:00+00:00", "2026-11-23T12:00:00.000Z"])
def test_a_timestamp_is_a_date_of_iso_form(when: str) -> None:
    assert places(with_embed(title="t", timestamp=when)) == []
    assert places(with_embed(title="t", timestamp="yesterday")) == ["embeds.0.timestamp"]


EMPTY: dict[str, Json] = {
    "nothing": {},
    "null content": {"content": None},
    "blanks": {"content": " \n\t "},
    "an embed with nothing to see": {"embeds": [{"color": 1}]},
    "empty lists": {"content": "", "embeds": [], "components": [], "attachments": [], "sticker_ids": []},
    "a reply without words": {"message_reference": {"message_id": "1"}},
}
FILLED: dict[str, Json] = {
    "content": {"content": "."},
    "an embed": {"embeds": [{"image": {"url": "https://a.example/x.png"}}]},
    "a file": {"attachments": [{"id": 0}]},
    "a sticker": {"sticker_ids": ["1"]},
    "buttons": {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "A"}]}]},
    "a poll": {"poll": {"question": {"text": "?"}}},
    "a forwarded message": {"message_reference": {"type": 1, "message_id": "1"}},
}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY.keys())
def test_a_message_with_nothing_to_show_is_refused_with_50006(body: Json) -> None:
    assert [violation.error_code for violation in check_message(body)] == [50006]


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY.keys())
def test_an_edit_says_only_what_changes_so_it_is_never_too_empty(body: Json) -> None:
    assert places(body, edit=True) == []


@pytest.mark.parametrize("body", FILLED.values(), ids=FILLED.keys())
def test_anything_to_show_makes_a_message(body: Json) -> None:
    assert places(body) == []


MENTIONS: dict[str, tuple[Json, list[str]]] = {
    "nobody": ({"parse": []}, []),
    "everybody": ({"parse": ["users", "roles", "everyone"]}, []),
    "only the asker": ({"parse": [], "users": ["1"], "replied_user": True}, []),
    "users by parse, roles by list": ({"parse": ["users"], "roles": ["1"]}, []),
    "parse beside an empty list": ({"parse": ["users"], "users": []}, []),
    "parse beside a list": ({"parse": ["roles"], "roles": ["1"]}, ["allowed_mentions"]),
    "a word Discord does not know": ({"parse": ["here"]}, ["allowed_mentions.parse.0"]),
}


@pytest.mark.parametrize(("allowed", "paths"), MENTIONS.values(), ids=MENTIONS.keys())
def test_mentions_are_allowed_by_kind_or_by_name_but_not_both(allowed: Json, paths: list[str]) -> None:
    assert places({"content": "hi", "allowed_mentions": allowed}) == paths


WRONG_TYPES: dict[str, tuple[Json, str]] = {
    "content": ({"content": 5}, "content"),
    "embeds": ({"content": "a", "embeds": "no"}, "embeds"),
    "an embed": ({"content": "a", "embeds": ["no"]}, "embeds.0"),
    "a field": ({"content": "a", "embeds": [{"fields": [1]}]}, "embeds.0.fields.0"),
    "a footer": ({"content": "a", "embeds": [{"footer": "no"}]}, "embeds.0.footer"),
    "a colour": ({"content": "a", "embeds": [{"color": "red"}]}, "embeds.0.color"),
    "flags": ({"content": "a", "flags": "64"}, "flags"),
    "a true where a number belongs": ({"content": "a", "flags": True}, "flags"),
    "mentions": ({"content": "a", "allowed_mentions": []}, "allowed_mentions"),
}


@pytest.mark.parametrize(("body", "path"), WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_a_value_of_the_wrong_type_is_named(body: Json, path: str) -> None:
    assert path in places(body)


def test_a_webhook_may_name_itself_and_has_no_nonce() -> None:
    assert places({"content": "a", "username": "BD-1", "nonce": "n" * 99}, webhook=True) == []
    assert places({"content": "a", "username": "n" * 81}, webhook=True) == ["username"]


def test_every_fault_is_told_not_only_the_first() -> None:
    body = {"content": "x" * 2001, "embeds": [{"title": "x" * 257, "fields": [{"name": "n"}]}]}
    assert places(body) == ["content", "embeds.0.title", "embeds.0.fields.0.value"]
