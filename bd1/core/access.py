"""Who may do what, from role ids. Pure; the handlers ask here, whatever Discord's own command permissions say."""

from collections.abc import Collection
from dataclasses import dataclass

from bd1.core.settings import DiscordSettings


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks. `may_manage` is Discord's Manage Server.

    `guild_id` is where they are a member; `None` for nobody of ours. `is_direct` when they ask in a direct message.
    `is_unknown` when Discord could not say which roles they hold: for the moment they have none.
    """

    id: int
    name: str
    guild_id: int | None
    role_ids: frozenset[int] = frozenset()
    may_manage: bool = False
    is_direct: bool = False
    is_unknown: bool = False


def is_operator(settings: DiscordSettings, person: Person) -> bool:
    """Whether this person may move the card: an operator role, or Manage Server where no role is configured."""
    if not _is_home(settings, person.guild_id):
        return False
    if not settings.operator_role_ids:
        return person.may_manage
    return _has(person.role_ids, settings.operator_role_ids)


def may_use(settings: DiscordSettings, person: Person) -> bool:
    """Whether this person may look at the card: everyone at home where no user role is configured; operators always."""
    if not _is_home(settings, person.guild_id) or (person.is_direct and not settings.allow_dms):
        return False
    if not settings.user_role_ids:
        return True
    return _has(person.role_ids, settings.user_role_ids) or is_operator(settings, person)


def may_chat(settings: DiscordSettings, person: Person) -> bool:
    """Whether this person may talk to the model: whoever may look, where no chat role is configured."""
    if not settings.chat_role_ids:
        return may_use(settings, person)
    if not _is_home(settings, person.guild_id) or (person.is_direct and not settings.allow_dms):
        return False
    return _has(person.role_ids, settings.chat_role_ids) or is_operator(settings, person)


def may_choose_models(settings: DiscordSettings, person: Person) -> bool:
    """Whether this person may say which model answers: operators, and whoever has a role for it."""
    if not _is_home(settings, person.guild_id):
        return False
    return _has(person.role_ids, settings.model_role_ids) or is_operator(settings, person)


def _is_home(settings: DiscordSettings, guild_id: int | None) -> bool:
    return guild_id is not None and guild_id in settings.guild_ids


def _has(mine: Collection[int], wanted: Collection[int]) -> bool:
    return not set(mine).isdisjoint(wanted)
