"""An unmodified discord.py bot lives on the loopback Discord as it would on the real one."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bd1.sim.discord import events
from bd1.sim.discord.interactions import Answer, NotAnswered
from bd1.sim.discord.model import Upload
from bd1.sim.discord.registry import Rejected
from bd1.sim.discord.seed import GUILD_ID, HAN_ID
from bd1.sim.discord.server import LoopbackDiscord

GUILD = discord.Object(GUILD_ID)
MakeBot = Callable[..., commands.Bot]
StartBot = Callable[[discord.Client, LoopbackDiscord], Awaitable[asyncio.Task[None]]]


async def test_a_bot_logs_in_and_knows_its_guild(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    await start_bot(bot, loopback)
    guild = bot.get_guild(GUILD_ID)
    assert guild is not None
    assert guild.name == "Alliance Fleet"
    assert {channel.name for channel in guild.text_channels} == {"bridge", "gpu-alerts", "general"}
    assert bot.user is not None
    assert bot.user.name == "BD-1"
    assert guild.me.guild_permissions.send_messages
    assert loopback.bot_online


async def test_a_mention_is_answered_by_a_reply_that_is_edited(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if bot.user in message.mentions:
            async with message.channel.typing():
                answer = await message.reply("one")
            await answer.edit(content="one two")
            await answer.edit(content="one two three")

    await start_bot(bot, loopback)
    question = await loopback.person("leia").say("bridge", f"{loopback.bot.mention} count!")
    answer = await loopback.message("bridge", where=lambda m: m.content == "one two three")
    assert answer.contents == ["one", "one two", "one two three"]
    assert answer.reference is not None
    assert answer.reference.message_id == question.id
    assert answer.edited_at is not None
    typing = await loopback.event(events.TypingStarted)
    assert typing.user_id == loopback.bot.id


async def test_a_command_may_be_deferred_and_then_answered(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    go_on = asyncio.Event()

    @bot.tree.command(name="status", guild=GUILD)
    async def status(interaction: discord.Interaction, detail: bool = False) -> None:
        await interaction.response.defer()
        await go_on.wait()
        await interaction.edit_original_response(content=f"detail {detail}")

    await start_bot(bot, loopback)
    asked = await loopback.person("han").slash("status", channel="bridge", detail=True)
    assert await asked.acknowledged() is Answer.DEFERRED
    assert asked.message is not None
    assert asked.message.loading
    go_on.set()
    answer = await asked.response()
    assert answer.content == "detail True"
    assert not answer.loading
    assert not asked.ephemeral
    assert answer in loopback.person("greedo").visible_messages("bridge")


async def test_the_first_follow_up_after_a_deferral_becomes_the_answer(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.tree.command(name="status", guild=GUILD)
    async def status(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second")

    await start_bot(bot, loopback)
    asked = await loopback.person("han").slash("status", channel="bridge")
    second = await asked.followup()
    assert asked.message is not None
    assert (asked.message.content, asked.message.ephemeral) == ("first", True)
    assert (second.content, second.ephemeral) == ("second", False)


async def test_an_ephemeral_answer_is_seen_by_the_one_who_asked_only(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.tree.command(name="secret", guild=GUILD)
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    await start_bot(bot, loopback)
    asked = await loopback.person("han").slash("secret", channel="bridge")
    answer = await asked.response()
    assert asked.ephemeral
    assert answer in loopback.person("han").visible_messages("bridge")
    assert answer not in loopback.person("leia").visible_messages("bridge")


async def test_grouped_commands_take_choices_and_complete_what_is_typed(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    gpu = app_commands.Group(name="gpu", description="The card", guild_ids=[GUILD_ID])

    @gpu.command(name="mode")
    async def mode(interaction: discord.Interaction, mode: str, grace: app_commands.Range[int, 1, 60] = 5) -> None:
        await interaction.response.send_message(f"{mode} after {grace}")

    @mode.autocomplete("mode")
    async def modes(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=m.title(), value=m) for m in ("chat", "image") if m.startswith(typed)]

    bot.tree.add_command(gpu)
    await start_bot(bot, loopback)
    leia = loopback.person("leia")
    assert [leaf.name for leaf in leia.commands("bridge")] == ["gpu mode"]
    offered = await leia.autocomplete("gpu mode", focused="mode", value="im", channel="bridge")
    assert offered == [{"name": "Image", "value": "image"}]
    answer = await (await leia.slash("gpu mode", channel="bridge", mode="image")).response()
    assert answer.content == "image after 5"
    for wrong in ({}, {"mode": "chat", "grace": 99}, {"mode": "chat", "speed": 1}):
        with pytest.raises(Rejected):
            await leia.slash("gpu mode", channel="bridge", options=wrong)
    with pytest.raises(Rejected, match="no command /gpu"):
        await leia.slash("gpu", channel="bridge")


async def test_users_given_to_a_command_arrive_as_members(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.tree.command(name="greet", guild=GUILD)
    async def greet(interaction: discord.Interaction, who: discord.Member) -> None:
        await interaction.response.send_message(f"{who.display_name} {[role.name for role in who.roles]}")

    await start_bot(bot, loopback)
    asked = await loopback.person("leia").slash("greet", channel="bridge", who=loopback.person("han"))
    assert (await asked.response()).content == "Han ['@everyone', 'Crew']"


async def test_a_button_changes_its_message_and_is_refused_once_disabled(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    class Panel(discord.ui.View):
        @discord.ui.button(label="Stop", custom_id="stop")
        async def stop_it(self, interaction: discord.Interaction, button: discord.ui.Button[Any]) -> None:
            button.disabled = True
            await interaction.response.edit_message(content=f"stopped by {interaction.user.name}", view=self)

    @bot.tree.command(name="panel", guild=GUILD)
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("running", view=Panel(timeout=None))

    await start_bot(bot, loopback)
    message = await (await loopback.person("leia").slash("panel", channel="bridge")).response()
    pressed = await loopback.person("han").click(message, "Stop")
    assert await pressed.acknowledged() is Answer.UPDATE
    assert await pressed.response() is message
    assert message.content == "stopped by han"
    with pytest.raises(Rejected, match="disabled"):
        await loopback.person("han").click(message, "stop")


async def test_a_menu_and_a_form_bring_back_what_was_chosen_and_typed(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    class Why(discord.ui.Modal, title="Why?"):
        reason: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Reason", custom_id="reason", min_length=3)

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"because {self.reason.value}")

    class Menu(discord.ui.View):
        @discord.ui.select(
            custom_id="menu", options=[discord.SelectOption(label="A", value="a"), discord.SelectOption(label="B")]
        )
        async def chosen(self, interaction: discord.Interaction, menu: discord.ui.Select[Any]) -> None:
            assert menu.values == ["a"]
            await interaction.response.send_modal(Why())

    @bot.tree.command(name="menu", guild=GUILD)
    async def menu(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("choose", view=Menu(timeout=None))

    await start_bot(bot, loopback)
    leia = loopback.person("leia")
    message = await (await leia.slash("menu", channel="bridge")).response()
    with pytest.raises(Rejected):
        await leia.select(message, "menu", ["c"])
    shown = await leia.select(message, "menu", ["a"])
    assert await shown.acknowledged() is Answer.MODAL
    assert shown.modal is not None
    assert shown.modal["title"] == "Why?"
    with pytest.raises(Rejected):
        await leia.submit_modal(shown, reason="no")
    sent = await leia.submit_modal(shown, reason="it must be")
    assert (await sent.response()).content == "because it must be"


async def test_a_direct_message_reaches_the_bot_whole_and_is_answered_there(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if message.guild is None and message.author != bot.user:
            await message.channel.send(message.content[::-1])

    await start_bot(bot, loopback)
    han = loopback.person("han")
    await han.say("dm", "abc")
    answer = await loopback.message(han.channel("dm"), where=lambda m: m.content == "cba")
    assert han.visible_messages("dm")[-1] is answer
    user = await bot.fetch_user(HAN_ID)
    await user.send("unasked")
    assert han.visible_messages("dm")[-1].content == "unasked"


async def test_files_travel_both_ways(loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot) -> None:
    bot = make_bot()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if message.author != bot.user and message.attachments:
            data = await message.attachments[0].read()
            embed = discord.Embed(title="back").set_image(url="attachment://back.bin")
            await message.reply(file=discord.File(io.BytesIO(data * 2), "back.bin"), embed=embed)

    await start_bot(bot, loopback)
    leia = loopback.person("leia")
    await leia.say("bridge", f"{loopback.bot.mention} take it", files=[Upload(filename="a.bin", data=b"\x00\xff")])
    answer = await loopback.message("bridge", where=lambda m: bool(m.attachments))
    assert answer.attachments[0].size == 4
    channel = bot.get_channel(loopback.channel("bridge").id)
    assert isinstance(channel, discord.TextChannel)
    fetched = await channel.fetch_message(answer.id)
    assert fetched.embeds[0].image.url == fetched.attachments[0].url
    async with aiohttp.ClientSession() as session, session.get(fetched.attachments[0].url) as response:
        assert await response.read() == b"\x00\xff\x00\xff"


async def test_history_threads_reactions_and_deletion_work(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    await start_bot(bot, loopback)
    channel = bot.get_channel(loopback.channel("bridge").id)
    assert isinstance(channel, discord.TextChannel)
    said = [await channel.send(str(number)) for number in range(4)]
    assert [m.content async for m in channel.history(limit=3)] == ["3", "2", "1"]
    assert [m.content async for m in channel.history(after=said[1])] == ["2", "3"]
    await said[0].add_reaction("👍")
    await said[0].remove_reaction("👍", channel.guild.me)
    await said[1].delete()
    thread = await said[2].create_thread(name="aside")
    await thread.send("in here")
    assert [m.content for m in loopback.messages("bridge")] == ["0", "2", "3"]
    assert [m.content for m in loopback.messages("aside")] == ["in here"]
    reactions = [e.added for e in loopback.log.since(0) if isinstance(e, events.ReactionChanged)]
    assert reactions == [True, False]


async def test_a_late_answer_finds_nobody_waiting(
    start_loopback: Callable[..., Awaitable[LoopbackDiscord]], make_bot: MakeBot, start_bot: StartBot
) -> None:
    loopback = await start_loopback(ack_deadline_s=0.05)
    bot = make_bot()
    refused: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @bot.tree.command(name="slow", guild=GUILD)
    async def slow(interaction: discord.Interaction) -> None:
        await loopback.event(events.InteractionFailed)
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as error:
            refused.set_result(error.code)

    await start_bot(bot, loopback)
    asked = await loopback.person("leia").slash("slow", channel="bridge")
    with pytest.raises(NotAnswered, match="did not respond"):
        await asked.response()
    assert await asyncio.wait_for(refused, 5) == 10062
    assert asked.failed
    assert loopback.messages("bridge") == []


async def test_a_second_first_answer_is_refused(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()
    refused: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @bot.tree.command(name="twice", guild=GUILD)
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("once")
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("twice")
        except discord.HTTPException as error:
            refused.set_result(error.code)

    await start_bot(bot, loopback)
    await loopback.person("leia").slash("twice", channel="bridge")
    assert await asyncio.wait_for(refused, 5) == 40060
