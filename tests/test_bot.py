"""The bot as it is built: what it can do before it ever sees a network."""

import asyncio
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bd1.bot import Bd1Bot, create_bot
from bd1.core.settings import Settings
from bd1.sim.discord.rules import check_commands
from tests.services.rig import build_rig, rig_settings

SURFACE = {
    "gpu status": ("Shows the card: VRAM, who holds it, the mode, and how each part is.", {}),
    "gpu mode": (
        "Shows the mode, or switches to another one (operators).",
        {
            "mode": (
                "What the GPU shall be used for. Leave it out to see the current mode.",
                discord.AppCommandOptionType.string,
                False,
                True,
            )
        },
    ),
    "gpu log": (
        "Shows the last switches and refusals with their figures.",
        {"count": ("How many; 10 if you leave it out.", discord.AppCommandOptionType.integer, False, False)},
    ),
    "gpu rearm": (
        "Lets a workload, or the card, be used again that was latched off (operators).",
        {
            "workload": (
                "The workload that is latched off, or: card, for a card in quarantine.",
                discord.AppCommandOptionType.string,
                True,
                True,
            )
        },
    ),
    "gpu incidents": (
        "Lists the last incidents, the newest first, and what is silenced.",
        {"count": ("How many; 10 if you leave it out.", discord.AppCommandOptionType.integer, False, False)},
    ),
    "gpu incident": (
        "Shows one incident: what happened when, who said what to it, and its picture.",
        {
            "incident": (
                "Which one. Leave it out to see the newest.",
                discord.AppCommandOptionType.string,
                False,
                True,
            )
        },
    ),
    "gpu silence": (
        "Silences a kind of incident for a while, ends that, or lists it (operators).",
        {
            "kind": (
                "What nobody wants to hear of. Leave it out to see what is silenced.",
                discord.AppCommandOptionType.string,
                False,
                True,
            ),
            "minutes": (
                "For how long; 60 if you leave it out, 0 ends the silence.",
                discord.AppCommandOptionType.integer,
                False,
                False,
            ),
        },
    ),
    "gpu baseline": ("Shows what the card holds when nothing of ours runs.", {}),
    "chat reset": ("Begins the conversation anew here: nothing said so far is told to the model.", {}),
    "chat context": ("Shows what would be told to the model now, to you alone.", {}),
    "chat persona": (
        "Shows or changes who I am in this channel, or everywhere (operators).",
        {
            "everywhere": (
                "For all channels that have no persona of their own.",
                discord.AppCommandOptionType.boolean,
                False,
                False,
            )
        },
    ),
    "chat model": (
        "Shows or chooses the model that answers in this channel, or answers you.",
        {
            "model": (
                'The model; leave it out to see which one answers, "configured" to take a choice back.',
                discord.AppCommandOptionType.string,
                False,
                True,
            )
        },
    ),
    "chat forget": ("Erases what I keep about you: your questions' entries, thinking, your model.", {}),
    "models": (
        "Shows the models; operators load, unload and fetch them.",
        {
            "do": ("What to do with the model (operators).", discord.AppCommandOptionType.string, False, False),
            "model": ("The model, as `ollama list` shows it.", discord.AppCommandOptionType.string, False, True),
            "anyway": (
                "Fetch it although it can never fit on this card.",
                discord.AppCommandOptionType.boolean,
                False,
                False,
            ),
        },
    ),
}
"""Command: description and options; option: description, type, whether required, whether it completes."""


def bot_of(settings: Settings) -> Bd1Bot:
    return create_bot(build_rig(settings).services)


@pytest.fixture
def bot(tmp_path: Path) -> Bd1Bot:
    return bot_of(rig_settings(tmp_path))


def test_it_is_built_without_an_event_loop(bot: Bd1Bot) -> None:
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert sorted(bot.cogs) == ["Alerts", "Chat", "Errors", "Models", "Switches", "chat", "gpu"]


async def test_it_is_built_inside_an_event_loop_too(tmp_path: Path) -> None:
    bot = bot_of(rig_settings(tmp_path))
    assert sorted(bot.cogs) == ["Alerts", "Chat", "Errors", "Models", "Switches", "chat", "gpu"]
    assert not bot.is_ready()


def test_the_slash_commands_are_these_and_changing_them_is_deliberate(bot: Bd1Bot) -> None:
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            options = {
                option.name: (str(option.description), option.type, option.required, option.autocomplete)
                for option in command.parameters
            }
            found[command.qualified_name] = (command.description, options)
    assert found == SURFACE
    assert [command.name for command in bot.tree.get_commands()] == ["gpu", "chat", "models"]


def test_discord_would_take_the_commands(bot: Bd1Bot) -> None:
    bodies = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    assert check_commands(bodies, guild=True) == ()


def test_it_asks_for_no_privileged_intent_by_default(bot: Bd1Bot) -> None:
    intents = dict(bot.intents)
    assert {name for name, is_on in intents.items() if is_on} == {"guilds", "guild_messages", "dm_messages"}


def test_it_asks_for_message_content_only_when_that_is_configured(tmp_path: Path) -> None:
    settings = rig_settings(tmp_path)
    bot = bot_of(replace(settings, discord=replace(settings.discord, message_content=True)))
    assert bot.intents.message_content
    assert not bot.intents.members
    assert not bot.intents.presences


def test_it_pings_nobody_unless_it_is_asked_to(bot: Bd1Bot) -> None:
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_what_is_said_is_never_a_prefix_command(bot: Bd1Bot) -> None:
    assert bot.commands == set()
    assert bot.help_command is None
    assert "process_commands" not in inspect.getsource(type(bot).on_message)


async def test_what_discord_py_would_still_tell_a_closed_bot_is_told_to_nobody(bot: Bd1Bot) -> None:
    heard: list[str] = []

    @bot.listen("on_ready")
    async def hear() -> None:
        heard.append("ready")

    await bot.close()
    bot.dispatch("ready")  # its delayed task does so within two seconds after a connection
    await asyncio.sleep(0)
    assert heard == []


def test_two_bots_over_the_same_services_do_not_disturb_each_other(tmp_path: Path) -> None:
    services = build_rig(rig_settings(tmp_path)).services
    first, second = create_bot(services), create_bot(services)
    assert first.poster is not second.poster
    assert first.tree is not second.tree
    assert not first.poster.was_ready
