"""From Discord's objects to the values the services know: who asks, and which services answer."""

from typing import Protocol, cast

import discord

from bd1.core.access import Person
from bd1.services.house import Services

NOT_FOR_YOU = "You may not use BD-1 here. Ask an operator of this server for the right role."
OPERATORS_ONLY = "Only operators may switch the GPU. Ask somebody with the operator role, or look with `/gpu status`."


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
