"""The contract checker itself: it tells what is wrong, and has nothing against what discord.py really sends."""

import warnings
from typing import Any

import pytest

from bd1.sim.discord.events import Exchange
from tests.contract.checker import ContractChecker
from tests.contract.specification import Specification

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop on Python 3.11
    import discord
    from discord import app_commands
    from discord.http import handle_message_parameters

SEND = "/channels/{channel_id}/messages"
EDIT = "/channels/{channel_id}/messages/{message_id}"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"

Json = dict[str, Any]


def exchange(method: str, template: str, body: Any, *, status: int = 200, answer: Any = None) -> Exchange:
    return Exchange(method, template, template, body, status, answer, "application/json")


def problems(specification: Specification | None, *exchanges: Exchange) -> list[str]:
    checker = ContractChecker(specification)
    for one in exchanges:
        checker(one)
    return checker.problems


FORBIDDEN: dict[str, tuple[str, str, Any, str]] = {
    "a long title": ("POST", SEND, {"embeds": [{"title": "t" * 257}]}, "embeds.0.title: "),
    "a bare button": ("POST", SEND, {"components": [{"type": 2, "style": 1, "custom_id": "a"}]}, "components.0"),
    "a long label deep inside": (
        "POST",
        SEND,
        {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "l" * 81}]}]},
        "components.0.components.0.label: ",
    ),
    "content that is a number": ("PATCH", EDIT, {"content": 5}, "content: 5 is not of type"),
    "a long follow-up": ("POST", FOLLOW_UP, {"content": "x" * 2001}, "content: "),
    "an answer of no known type": ("POST", CALLBACK, {"type": 99}, "body: "),
    "26 choices": (
        "POST",
        CALLBACK,
        {"type": 8, "data": {"choices": [{"name": "n", "value": "v"}] * 26}},
        "data.choices: ",
    ),
    "an option without a description": (
        "PUT",
        GUILD_COMMANDS,
        [{"name": "gpu", "description": "d", "options": [{"type": 3, "name": "mode"}]}],
        "0.options.0: 'description' is a required property",
    ),
    "a message without a body": ("POST", SEND, None, "a body is required"),
    "a body nobody asked for": ("DELETE", EDIT, {"content": "x"}, "no body is foreseen"),
}


@pytest.mark.parametrize(("method", "template", "body", "told"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_body_the_specification_forbids_is_told_at_its_place(
    discord_specification: Specification, method: str, template: str, body: Any, told: str
) -> None:
    found = discord_specification.request_faults(method, template, body)
    assert any(fault.startswith(told) for fault in found), found


UNWRITTEN: dict[str, tuple[str, str, Any, str]] = {
    "2001 characters": ("POST", SEND, {"content": "x" * 2001}, "content: Must be 2000 or fewer in length."),
    "2001 characters in an edit": ("PATCH", EDIT, {"content": "x" * 2001}, "content: Must be 2000 or fewer in length."),
    "nothing to say": ("POST", SEND, {}, "body: Cannot send an empty message"),
    "an answer without data": ("POST", CALLBACK, {"type": 4}, "data: This field is required"),
    "capitals in a command": (
        "PUT",
        COMMANDS,
        [{"name": "GPU", "description": "d"}],
        "0.name: Command name is invalid",
    ),
}


@pytest.mark.parametrize(("method", "template", "body", "told"), UNWRITTEN.values(), ids=UNWRITTEN.keys())
def test_what_the_specification_misses_is_told_by_the_hand_written_rules(
    method: str, template: str, body: Any, told: str
) -> None:
    assert problems(None, exchange(method, template, body)) == [f"{method} {template}, request: {told}"]


def test_a_request_that_was_refused_is_no_problem(discord_specification: Specification) -> None:
    refused = {"code": 50035, "message": "Invalid Form Body", "errors": {}}
    body = {"content": "x" * 5000}
    assert problems(discord_specification, exchange("POST", SEND, body, status=400, answer=refused)) == []


def test_a_route_that_does_not_exist_is_a_problem_unless_it_was_refused(discord_specification: Specification) -> None:
    made_up = "/channels/{channel_id}/wishes"
    assert problems(discord_specification, exchange("POST", made_up, {})) == [
        f"POST {made_up}, request: the specification has no such route"
    ]
    assert problems(discord_specification, exchange("POST", made_up, {}, status=404)) == []


def test_the_names_of_path_parameters_do_not_matter(discord_specification: Specification) -> None:
    assert discord_specification.knows("POST", "/channels/{c}/messages")
    assert not discord_specification.knows("PUT", "/channels/{c}/messages")


def test_an_answer_may_leave_keys_away_but_not_change_their_type(discord_specification: Specification) -> None:
    short = {"id": "1", "content": "hello", "channel_id": "2"}
    assert problems(discord_specification, exchange("POST", SEND, {"content": "a"}, answer=short)) == []
    for key, wrong in (("id", 1), ("content", None), ("embeds", {}), ("author", "me")):
        found = problems(discord_specification, exchange("POST", SEND, {"content": "a"}, answer={**short, key: wrong}))
        assert len(found) == 1
        assert f"answer 200: {key}" in found[0]


def test_an_answer_with_a_status_that_is_not_foreseen_is_a_problem(discord_specification: Specification) -> None:
    assert problems(discord_specification, exchange("POST", SEND, {"content": "a"}, status=202)) == [
        f"POST {SEND}, answer 202: status 202 is not foreseen"
    ]


def test_permissions_as_text_and_ids_as_numbers_are_let_pass(discord_specification: Specification) -> None:
    command = {"name": "gpu", "description": "d", "default_member_permissions": "32"}
    assert discord_specification.request_faults("POST", COMMANDS, command) == []
    mentions = {"content": "a", "allowed_mentions": {"parse": [], "users": [1, "2"]}}
    assert discord_specification.request_faults("POST", SEND, mentions) == []


def test_a_checker_that_saw_nothing_does_not_count_as_clean() -> None:
    with pytest.raises(AssertionError, match="no exchange was seen"):
        ContractChecker(None).assert_clean()


def test_problems_are_told_once_each_on_a_line_of_their_own() -> None:
    checker = ContractChecker(None)
    for body in ({}, {}, {"content": "x" * 2001}):
        checker(exchange("POST", SEND, body))
    with pytest.raises(AssertionError) as failure:
        checker.assert_clean()
    assert str(failure.value).splitlines()[:3] == [
        "2 breaches of Discord's contract:",
        f"POST {SEND}, request: body: Cannot send an empty message",
        f"POST {SEND}, request: content: Must be 2000 or fewer in length.",
    ]


def test_files_without_words_are_a_message() -> None:
    upload = Exchange("POST", SEND, SEND, {}, 200, None, "multipart/form-data; boundary=x")
    assert problems(None, upload) == []


def rich_embed() -> discord.Embed:
    embed = discord.Embed(title="Card", description="Idle", colour=discord.Colour.green(), url="https://a.example")
    embed.timestamp = discord.utils.utcnow()
    embed.set_author(name="BD-1", icon_url="https://a.example/a.png")
    embed.set_footer(text="as of now").set_image(url="attachment://card.png")
    return embed.add_field(name="Used", value="3 of 20 GB").add_field(name="Mode", value="chat", inline=False)


def old_view() -> discord.ui.View:
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Again", custom_id="again", emoji="🔁"))
    view.add_item(discord.ui.Button(label="Read", url="https://a.example"))
    options = [discord.SelectOption(label="chat", description="Talk", default=True), discord.SelectOption(label="art")]
    view.add_item(discord.ui.Select(custom_id="mode", placeholder="Mode", options=options))
    view.add_item(discord.ui.UserSelect(custom_id="who", max_values=3))
    view.add_item(discord.ui.ChannelSelect(custom_id="where", channel_types=[discord.ChannelType.text]))
    return view


def new_view() -> discord.ui.LayoutView:
    view = discord.ui.LayoutView()
    section: discord.ui.Section[Any] = discord.ui.Section(
        "Card", "Idle", accessory=discord.ui.Button(label="Again", custom_id="again")
    )
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://card.png"))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(discord.ui.Button(label="Stop", custom_id="stop"))
    view.add_item(
        discord.ui.Container(
            section, discord.ui.Separator(), discord.ui.TextDisplay("Used"), gallery, row, accent_colour=0x1ABC9C
        )
    )
    return view


def sent(**message: Any) -> Json:
    """The body discord.py makes of what `send` is given."""
    with handle_message_parameters(**message) as parameters:
        payload = parameters.payload
        assert payload is not None
        return payload


async def test_what_discord_py_sends_as_messages_is_clean(discord_specification: Specification) -> None:
    mentions = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(5)], replied_user=True)
    sends = [
        sent(content="hello", nonce="123", allowed_mentions=mentions),
        sent(content="hello", embeds=[rich_embed(), discord.Embed(title="Two")], view=old_view()),
        sent(view=new_view(), flags=discord.MessageFlags(components_v2=True)),
        sent(content="quiet", flags=discord.MessageFlags(suppress_notifications=True), tts=False),
        {"content": "reply", "message_reference": {"message_id": 7, "channel_id": 8, "fail_if_not_exists": False}},
    ]
    edits = [sent(content=None, embed=rich_embed(), view=None), sent(content="x", attachments=[], embeds=[])]
    found = problems(
        discord_specification,
        *(exchange("POST", SEND, body) for body in sends),
        *(exchange("PATCH", EDIT, body) for body in edits),
        *(exchange("POST", FOLLOW_UP, body) for body in sends[1:3]),
    )
    assert found == []


async def test_what_discord_py_sends_as_a_modal_is_clean(discord_specification: Specification) -> None:
    form = discord.ui.Modal(title="Tell me", custom_id="form")
    form.add_item(discord.ui.TextInput(label="Why?", placeholder="because", max_length=300))
    picker: discord.ui.Select[Any] = discord.ui.Select(custom_id="mode", options=[discord.SelectOption(label="chat")])
    form.add_item(discord.ui.Label(text="Mode", description="Which one", component=picker))
    data = form.to_dict()
    assert problems(discord_specification, exchange("POST", CALLBACK, {"type": 9, "data": data}, status=204)) == []


def gpu_tree() -> app_commands.CommandTree[discord.Client]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    gpu = app_commands.Group(
        name="gpu", description="The card", guild_only=True, default_permissions=discord.Permissions(manage_guild=True)
    )
    admin = app_commands.Group(name="admin", description="For the owner", parent=gpu)

    @gpu.command(name="mode", description="Switch")
    @app_commands.describe(mode="Which", wait="How long")
    @app_commands.choices(
        mode=[app_commands.Choice(name="Chat", value="c"), app_commands.Choice(name="Art", value="a")]
    )
    async def mode(_: discord.Interaction, mode: str, wait: app_commands.Range[int, 0, 60] = 5) -> None: ...

    @admin.command(name="evict", description="Throw out")
    async def evict(_: discord.Interaction, name: app_commands.Range[str, 1, 80], who: discord.Member) -> None: ...

    @evict.autocomplete("name")
    async def names(_: discord.Interaction, _typed: str) -> list[app_commands.Choice[str]]:
        return []

    @tree.context_menu(name="Explain this")
    async def explain(_: discord.Interaction, _message: discord.Message) -> None: ...

    tree.add_command(gpu)
    return tree


@pytest.mark.parametrize("template", [COMMANDS, GUILD_COMMANDS])
async def test_what_discord_py_syncs_is_clean(discord_specification: Specification, template: str) -> None:
    tree = gpu_tree()
    menus = tree.get_commands(type=discord.AppCommandType.message)
    body = [command.to_dict(tree) for command in (*tree.get_commands(type=discord.AppCommandType.chat_input), *menus)]
    assert len(body) == 2
    assert problems(discord_specification, exchange("PUT", template, body)) == []
