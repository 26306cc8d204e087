"""People may do what Discord would let them do, and are told in a sentence why not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bd1.sim.discord import events
from bd1.sim.discord.model import Upload
from bd1.sim.discord.permissions import Overwrite, OverwriteKind, Permission
from bd1.sim.discord.registry import Rejected
from bd1.sim.discord.seed import GUILD_ID, HAN_ID
from bd1.sim.discord.server import LoopbackDiscord

MakeBot = Callable[..., commands.Bot]
StartBot = Callable[[discord.Client, LoopbackDiscord], Awaitable[asyncio.Task[None]]]
GUILD = discord.Object(GUILD_ID)


def names(server: LoopbackDiscord, person: str, channel: str = "bridge") -> set[str]:
    return {leaf.name for leaf in server.person(person).commands(channel)}


async def test_commands_are_offered_by_permission_and_place(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    async def quiet(_interaction: discord.Interaction) -> None:
        """Says nothing."""

    def add(name: str, permissions: discord.Permissions | None, **where: Any) -> None:
        command: app_commands.Command[Any, ..., None] = app_commands.Command(name=name, description="x", callback=quiet)
        command.default_permissions = permissions
        command.allowed_contexts = where.get("contexts")
        bot.tree.add_command(command, guild=where.get("guild"))

    add("open", None, guild=GUILD)
    add("managed", discord.Permissions(manage_guild=True), guild=GUILD)
    add("admins", discord.Permissions(0), guild=GUILD)
    add("anywhere", None)
    add("guilds", None, contexts=app_commands.AppCommandContext(guild=True))
    await start_bot(bot, loopback)
    await bot.tree.sync()
    assert names(loopback, "leia") == {"open", "managed", "anywhere", "guilds"}
    assert names(loopback, "greedo") == {"open", "anywhere", "guilds"}
    assert names(loopback, "greedo", "dm") == {"anywhere"}
    with pytest.raises(Rejected, match="no command /managed"):
        await loopback.person("han").slash("managed", channel="bridge")


async def test_a_hidden_channel_is_hidden_and_a_quiet_one_quiet(loopback: LoopbackDiscord) -> None:
    hidden = Overwrite(HAN_ID, OverwriteKind.MEMBER, deny=Permission.VIEW_CHANNEL)
    loopback.channel("general").overwrites = (hidden,)
    han, leia = loopback.person("han"), loopback.person("leia")
    said = await leia.say("general", "without Han")
    assert [channel.name for channel in han.channels()] == ["bridge", "gpu-alerts", ""]
    assert not han.sees(said)
    for refused in (han.say("general", "x"), han.say("gpu-alerts", "x"), han.say("nowhere", "x")):
        with pytest.raises(Rejected):
            await refused
    assert (await leia.say("gpu-alerts", "I may")).content == "I may"


@pytest.mark.parametrize(("text", "files"), [("", 0), ("  \n", 0), ("x" * 2001, 0), ("x" * 2001, 1)])
async def test_texts_discord_refuses_are_rejected(loopback: LoopbackDiscord, text: str, files: int) -> None:
    uploads = [Upload(filename="a", data=b"")] * files
    with pytest.raises(Rejected):
        await loopback.person("leia").say("bridge", text, files=uploads)
    assert loopback.messages("bridge") == []


async def test_people_edit_and_delete_their_own_and_operators_delete_all(loopback: LoopbackDiscord) -> None:
    han, leia = loopback.person("han"), loopback.person("leia")
    said = await han.say("bridge", "first")
    await han.edit(said, "second")
    with pytest.raises(Rejected):
        await leia.edit(said, "third")
    with pytest.raises(Rejected):
        await loopback.person("greedo").delete(said)
    await leia.delete(said)
    with pytest.raises(Rejected):
        await han.delete(said)
    assert said.contents == ["first", "second"]
    assert said.deleted
    assert loopback.messages("bridge") == []


async def test_who_may_not_use_commands_is_offered_none(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = make_bot()

    @bot.tree.command(name="open", guild=GUILD)
    async def open_it(_interaction: discord.Interaction) -> None:
        """Says nothing."""

    await start_bot(bot, loopback)
    muted = Overwrite(GUILD_ID, OverwriteKind.ROLE, deny=Permission.USE_APPLICATION_COMMANDS)
    loopback.channel("bridge").overwrites = (muted,)
    assert names(loopback, "leia") == set()
    assert names(loopback, "leia", "general") == {"open"}


async def test_waiting_ends_with_a_sentence_when_nothing_comes(loopback: LoopbackDiscord) -> None:
    await loopback.person("leia").say("bridge", "hello?")
    with pytest.raises(TimeoutError, match=r"the message in bridge did not happen within 0.01 s; last were Message"):
        await loopback.message("bridge", timeout=0.01)


async def test_what_happened_before_can_be_waited_for_and_left_out(loopback: LoopbackDiscord) -> None:
    leia = loopback.person("leia")
    first = await leia.say("bridge", "one")
    mark = loopback.log.position
    created = await loopback.event(events.MessageCreated, timeout=0.01)
    waiting = asyncio.create_task(loopback.event(events.MessageCreated, since=mark))
    await asyncio.sleep(0)
    second = await leia.say("bridge", "two")
    assert created.message is first
    assert (await waiting).message is second
    found = await loopback.wait_for(lambda event: isinstance(event, events.MessageCreated), since=mark, timeout=0.01)
    assert found == events.MessageCreated(second)
    assert await loopback.message("bridge", by=leia.id, after=first) is second


async def test_a_failing_condition_fails_the_one_who_waits(loopback: LoopbackDiscord) -> None:
    leia = loopback.person("leia")
    waiting = asyncio.create_task(loopback.message("bridge", by=leia.id, where=lambda m: bool(m.embeds[0])))
    await asyncio.sleep(0)
    said = await leia.say("bridge", "no embeds here")
    with pytest.raises(IndexError):
        await waiting
    assert loopback.messages("bridge") == [said]
