"""From Discord's objects to the values the services know: who asks, what they may do, which services answer."""

from dataclasses import replace
from typing import Protocol, cast

import discord

from bd1.core.access import Person, is_operator, may_choose_models, may_use
from bd1.core.settings import DiscordSettings
from bd1.services.house import Services

NOT_FOR_YOU = "You may not use BD-1 here. Ask an operator of this server for the right role."
ROLES_UNKNOWN = "Discord cannot tell me your roles just now, so I cannot answer you. Please ask again in a minute."
OPERATORS_ONLY = "Only operators may switch the GPU. Ask somebody with the operator role, or look with `/gpu status`."
OPERATORS_SPEAK = "Only operators may say something to an incident. Ask somebody with the operator role."
OPERATORS_SET = "Only operators may say who I am. Ask somebody with the operator role."
OPERATORS_TEND = "Only operators may load, unload or fetch models. Ask somebody with the operator role."
CHOOSERS_ONLY = "You may not choose the model. Ask an operator of this server for the right role."
ASKERS_ONLY = "Only whoever asked for this switch, or an operator, may press this."


class _Home(Protocol):
    services: Services


def services_of(interaction: discord.Interaction) -> Services:
    """The services of the bot that got this interaction."""
    return cast("_Home", interaction.client).services


def person_of(interaction: discord.Interaction) -> Person:
    """Who pressed or typed."""
    return as_person(interaction.user, interaction.guild_id)


def as_person(user: discord.User | discord.Member, guild_id: int | None) -> Person:
    """A member with roles, or a user in a direct message."""
    if isinstance(user, discord.Member):
        roles = frozenset(role.id for role in user.roles)
        return Person(user.id, user.display_name, guild_id, roles, user.guild_permissions.manage_guild)
    return Person(user.id, user.display_name, guild_id)


async def person_anywhere(
    client: discord.Client, user: discord.User | discord.Member, guild_id: int | None, settings: DiscordSettings
) -> Person:
    """Who this is; in a direct message with the roles they hold in the first of our servers they are a member of."""
    is_direct = guild_id is None
    if isinstance(user, discord.Member) or (is_direct and not settings.allow_dms):
        return replace(as_person(user, guild_id), is_direct=is_direct)
    is_unknown = False
    for home_id in settings.guild_ids if guild_id is None else (guild_id,):
        if (guild := client.get_guild(home_id)) is None:
            continue
        try:
            member = await guild.fetch_member(user.id)
        except discord.NotFound:
            continue
        except discord.HTTPException:
            is_unknown = True
            continue
        # of a server that is away Discord says who is a member, which may be enough, and not what their roles are
        return replace(as_person(member, home_id), is_direct=is_direct, is_unknown=guild.unavailable)
    return replace(as_person(user, guild_id), is_direct=is_direct, is_unknown=is_unknown)


def refusal_of(person: Person) -> str:
    """What somebody hears who may not: for want of a role, or because Discord could not say which they hold."""
    return ROLES_UNKNOWN if person.is_unknown else NOT_FOR_YOU


async def may_look_at_card(client: discord.Client, message: discord.Message, settings: DiscordSettings) -> bool:
    """Whether the author of a question that may be answered may also know how the card is."""
    if not settings.chat_role_ids:  # then whoever may chat is somebody who may look
        return True
    guild_id = message.guild.id if message.guild else None
    return may_use(settings, await person_anywhere(client, message.author, guild_id, settings))


async def may_switch(interaction: discord.Interaction) -> bool:
    """Whether this person may move the card; told so when not."""
    if is_operator(services_of(interaction).settings.discord, person_of(interaction)):
        return True
    await interaction.response.send_message(OPERATORS_ONLY, ephemeral=True)
    return False


async def may_speak_to_incidents(interaction: discord.Interaction) -> bool:
    """Whether this person may answer, snooze and silence incidents; told so when not."""
    if is_operator(services_of(interaction).settings.discord, person_of(interaction)):
        return True
    await interaction.response.send_message(OPERATORS_SPEAK, ephemeral=True)
    return False


async def may_set_persona(interaction: discord.Interaction) -> bool:
    """Whether this person may say who the bot is; told so when not."""
    return await _is_operator_or_told(interaction, OPERATORS_SET)


async def may_tend_models(interaction: discord.Interaction) -> bool:
    """Whether this person may load, unload and fetch models; told so when not."""
    return await _is_operator_or_told(interaction, OPERATORS_TEND)


async def may_choose_model(interaction: discord.Interaction) -> bool:
    """Whether this person may say which model answers; told so when not."""
    if may_choose_models(services_of(interaction).settings.discord, person_of(interaction)):
        return True
    await interaction.response.send_message(CHOOSERS_ONLY, ephemeral=True)
    return False


async def _is_operator_or_told(interaction: discord.Interaction, refusal: str) -> bool:
    if is_operator(services_of(interaction).settings.discord, person_of(interaction)):
        return True
    await interaction.response.send_message(refusal, ephemeral=True)
    return False


async def may_answer_for(interaction: discord.Interaction, asker_id: int | None) -> bool:
    """Whether this person asked for a switch, or may move the card anyway; told so when not."""
    if interaction.user.id == asker_id:
        return True
    if is_operator(services_of(interaction).settings.discord, person_of(interaction)):
        return True
    await interaction.response.send_message(ASKERS_ONLY, ephemeral=True)
    return False
