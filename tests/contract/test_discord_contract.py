"""Everything BD-1 does on Discord, done by an unmodified discord.py bot: both sides keep Discord's own contract."""

import io
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bd1.sim.discord import events
from bd1.sim.discord.interactions import Answer
from bd1.sim.discord.seed import BRIDGE_ID, GUILD_ID, HAN_ID
from bd1.sim.discord.server import LoopbackDiscord
from tests.contract.checker import ContractChecker

GUILD = discord.Object(GUILD_ID)
Start = Callable[[], Awaitable[None]]
Bot = commands.Bot
Asked = discord.Interaction[Any]
NOBODY = discord.AllowedMentions.none()

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"


def card(title: str = "Card") -> discord.Embed:
    embed = discord.Embed(title=title, description="Idle", colour=discord.Colour.green())
    embed.set_footer(text="as of now").set_author(name="BD-1")
    return embed.add_field(name="Used", value="3 of 20 GB")


def buttons() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Refresh", custom_id="refresh", emoji="🔁"))
    return view.add_item(discord.ui.Button(label="Read", url="https://a.example/manual"))


async def bridge(bot: Bot) -> discord.TextChannel:
    channel = await bot.fetch_channel(BRIDGE_ID)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_sending_editing_answering_and_deleting_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    channel = await bridge(quick)
    async with channel.typing():
        message = await channel.send("one", embed=card(), view=buttons(), allowed_mentions=NOBODY)
    await message.edit(content="two", embeds=[card(), card("Other")])
    answer = await message.reply("three", mention_author=False)
    assert [found.content async for found in channel.history(limit=5)] == ["three", "two"]
    await answer.delete()
    await message.edit(content=None, view=None)
    assert {SEND, EDIT, "POST /channels/{channel_id}/typing"} <= set(discord_contract.seen)
    assert [found.content for found in checked.messages("bridge")] == [""]
    discord_contract.assert_clean()


async def test_uploads_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    channel = await bridge(quick)
    embed = card().set_image(url="attachment://card.png")
    message = await channel.send("the log", files=[file("log.txt"), file("card.png")], embed=embed)
    await message.edit(attachments=[message.attachments[0], file("more.txt")])
    bare = await channel.send(file=file("alone.txt"))
    assert [attachment.filename for attachment in message.attachments][:1] == ["log.txt"]
    assert bare.content == ""
    assert len(checked.messages("bridge")) == 2
    discord_contract.assert_clean()


def file(name: str) -> discord.File:
    return discord.File(io.BytesIO(b"what happened"), filename=name, description="evidence")


async def test_new_style_messages_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    channel = await bridge(quick)
    message = await channel.send(view=layout("Idle"))
    await message.edit(view=layout("Busy"))
    assert checked.messages("bridge")[0].components[0]["type"] == 17
    discord_contract.assert_clean()


def layout(state: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView()
    button: discord.ui.Button[Any] = discord.ui.Button(label="Again", custom_id="again")
    section: discord.ui.Section[Any] = discord.ui.Section("Card", state, accessory=button)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(discord.ui.Button(label="Stop", custom_id="stop"))
    container: discord.ui.Container[Any] = discord.ui.Container(section, discord.ui.Separator(), row)
    return view.add_item(container)


async def test_a_deferred_command_with_follow_ups_keeps_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    @quick.tree.command(name="mode", description="Switch", guild=GUILD)
    async def mode(asked: Asked, target: str) -> None:
        await asked.response.defer(thinking=True)
        await asked.edit_original_response(content=f"to {target}", embed=card(), view=buttons())
        follow_up = await asked.followup.send("on its way", wait=True)
        await follow_up.edit(content="there")
        await asked.followup.send("for you alone", ephemeral=True)
        original = await asked.original_response()
        await original.edit(content="done", view=None)

    await start()
    run = await checked.person("leia").slash("mode", channel="bridge", target="chat")
    assert await run.acknowledged() is Answer.DEFERRED
    await run.followup(2)
    done = await checked.message("bridge", where=lambda message: message.content == "done")
    assert done.id == (await run.response()).id
    assert {CALLBACK, f"GET {ORIGINAL}", f"PATCH {ORIGINAL}", FOLLOW_UP} <= set(discord_contract.seen)
    discord_contract.assert_clean()


async def test_a_whispered_answer_keeps_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    @quick.tree.command(name="status", description="Look", guild=GUILD)
    async def status(asked: Asked) -> None:
        await asked.response.send_message("idle", embed=card(), ephemeral=True)
        await asked.edit_original_response(content="still idle")
        await asked.delete_original_response()

    await start()
    run = await checked.person("han").slash("status", channel="bridge")
    message = await run.response()
    assert run.ephemeral
    await checked.wait_for(lambda _event: message.deleted)
    assert f"DELETE {ORIGINAL}" in discord_contract.seen
    discord_contract.assert_clean()


async def test_suggestions_and_forms_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    class Reason(discord.ui.Modal, title="Why?"):
        why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Reason", custom_id="why", max_length=200)

        def __init__(self, container: str) -> None:
            super().__init__()
            self.container = container

        async def on_submit(self, asked: Asked) -> None:
            await asked.response.send_message(f"{self.container} goes because {self.why.value}")

    @quick.tree.command(name="evict", description="Throw out", guild=GUILD)
    async def evict(asked: Asked, container: str) -> None:
        await asked.response.send_modal(Reason(container))

    @evict.autocomplete("container")
    async def names(_: Asked, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}{n}", value=str(n)) for n in range(25)]

    await start()
    leia = checked.person("leia")
    offered = await leia.autocomplete("evict", focused="container", value="c", channel="bridge")
    assert len(offered) == 25
    shown = await leia.slash("evict", channel="bridge", container="3")
    assert await shown.acknowledged() is Answer.MODAL
    sent = await leia.submit_modal(shown, why="it is stuck")
    assert (await sent.response()).content == "3 goes because it is stuck"
    discord_contract.assert_clean()


async def test_pressed_buttons_and_menus_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    class Panel(discord.ui.View):
        @discord.ui.button(label="Refresh", custom_id="refresh")
        async def refresh(self, asked: Asked, _button: discord.ui.Button[Any]) -> None:
            await asked.response.edit_message(content="fresh", embed=card(), view=self)

        @discord.ui.button(label="Later", custom_id="later")
        async def later(self, asked: Asked, _button: discord.ui.Button[Any]) -> None:
            await asked.response.defer()
            await asked.edit_original_response(content="later")

        @discord.ui.select(
            custom_id="mode", options=[discord.SelectOption(label="chat"), discord.SelectOption(label="art")]
        )
        async def mode(self, asked: Asked, menu: discord.ui.Select[Any]) -> None:
            await asked.response.send_message(f"to {menu.values[0]}", ephemeral=True)

    await start()
    sent = await (await bridge(quick)).send("stale", view=Panel(timeout=None))
    message = next(found for found in checked.messages("bridge") if found.id == sent.id)
    han = checked.person("han")
    assert await (await han.click(message, "Refresh")).acknowledged() is Answer.UPDATE
    assert await (await han.click(message, "Later")).acknowledged() is Answer.DEFERRED_UPDATE
    await checked.message("bridge", where=lambda found: found.content == "later")
    assert (await (await han.select(message, "mode", ["art"])).response()).content == "to art"
    discord_contract.assert_clean()


async def test_direct_messages_keep_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    user = await quick.fetch_user(HAN_ID)
    await user.send("between us", embed=card())
    event = await checked.event(events.MessageCreated, where=lambda event: event.message.content == "between us")
    assert event.message.guild_id is None
    assert "POST /users/@me/channels" in discord_contract.seen
    discord_contract.assert_clean()


async def test_syncing_groups_choices_and_menus_keeps_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    gpu = app_commands.Group(
        name="gpu",
        description="The card",
        guild_only=True,
        guild_ids=[GUILD_ID],
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @gpu.command(name="mode", description="Switch")
    @app_commands.choices(name=[app_commands.Choice(name=word, value=word) for word in ("chat", "art")])
    async def mode(_: Asked, name: str, wait: app_commands.Range[int, 0, 60] = 5) -> None: ...

    @quick.tree.context_menu(name="Explain this", guild=GUILD)
    async def explain(_: Asked, _message: discord.Message) -> None: ...

    quick.tree.add_command(gpu)
    await start()
    await quick.tree.sync()
    known = await quick.tree.fetch_commands(guild=GUILD)
    assert {command.name for command in known} == {"gpu", "Explain this"}
    assert {command["name"] for command in checked.commands()} == {"gpu", "Explain this"}
    discord_contract.assert_clean()


async def test_what_the_server_refuses_is_refused_in_discords_form(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    channel = await bridge(quick)
    embed = discord.Embed(title="t" * 257)
    sendings = (channel.send("x" * 2001), channel.send(""), channel.send(embed=embed))
    refused = [await refusal(sending) for sending in sendings]
    assert refused == [(400, 50035), (400, 50006), (400, 50035)]
    assert checked.messages("bridge") == []
    discord_contract.assert_clean()


async def refusal(sending: Awaitable[discord.Message]) -> tuple[int, int]:
    """Status and error code with which a message is refused."""
    with pytest.raises(discord.HTTPException) as no:
        await sending
    return no.value.status, no.value.code


async def test_a_file_put_into_a_message_later_replaces_the_one_before_and_keeps_the_contract(
    quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    await start()
    channel = await bridge(quick)
    message = await channel.send(embed=card(), view=buttons())
    first = await message.edit(attachments=[file("vram.png")])
    assert first.attachments[0].content_type == "image/png"
    assert await first.attachments[0].read() == b"what happened"
    again = await channel.get_partial_message(message.id).edit(attachments=[file("vram.png")])
    assert again is not None
    (attachment,) = again.attachments
    assert attachment.id != first.attachments[0].id
    assert [embed.title for embed in again.embeds] == ["Card"]
    assert len(again.components) == 1
    kept = await message.edit(embed=card("Other"))
    assert [one.id for one in kept.attachments] == [attachment.id]
    with pytest.raises(discord.NotFound):
        await first.attachments[0].read()
    discord_contract.assert_clean()


async def test_a_file_put_into_an_answer_later_keeps_the_contract(
    checked: LoopbackDiscord, quick: Bot, start: Start, discord_contract: ContractChecker
) -> None:
    @quick.tree.command(name="incident", description="Look", guild=GUILD)
    async def incident(asked: Asked) -> None:
        await asked.response.send_message("what happened", embed=card())
        await asked.edit_original_response(attachments=[file("vram.png")])

    await start()
    run = await checked.person("leia").slash("incident", channel="bridge")
    message = await run.response()
    await checked.log.until(lambda: message.attachments or None, timeout=10, awaited="a picture")
    assert message.content == "what happened"
    discord_contract.assert_clean()
