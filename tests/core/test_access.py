"""Who may do what: the whole table of roles and settings."""

import itertools

import pytest

from bd1.core.access import Person, is_operator, may_chat, may_choose_models, may_use
from bd1.core.settings import DiscordSettings

HOME, ELSEWHERE = 1, 2
OPERATOR, USER, OTHER, CHATTER, CHOOSER = 10, 20, 30, 40, 50


def settings(*, operators: bool = True, users: bool = True, dms: bool = False) -> DiscordSettings:
    return DiscordSettings(
        guild_ids=(HOME,),
        operator_role_ids=(OPERATOR,) if operators else (),
        user_role_ids=(USER,) if users else (),
        allow_dms=dms,
    )


def person(guild_id: int | None, *roles: int, may_manage: bool = False) -> Person:
    return Person(7, "Han", guild_id, frozenset(roles), may_manage)


def direct(*roles: int) -> Person:
    """A member of the home server who writes a direct message."""
    return Person(7, "Han", HOME, frozenset(roles), is_direct=True)


@pytest.mark.parametrize(
    ("configured", "who", "operates", "uses"),
    [
        # both kinds of roles are configured
        (settings(), person(HOME, OPERATOR), True, True),
        (settings(), person(HOME, USER), False, True),
        (settings(), person(HOME, OTHER), False, False),
        (settings(), person(HOME), False, False),
        (settings(), person(HOME, may_manage=True), False, False),
        (settings(), person(HOME, OTHER, OPERATOR, USER), True, True),
        # no operator role: Manage Server counts
        (settings(operators=False), person(HOME, may_manage=True), True, True),
        (settings(operators=False), person(HOME, USER), False, True),
        (settings(operators=False), person(HOME, OPERATOR), False, False),
        # no user role: everyone at home
        (settings(users=False), person(HOME), False, True),
        (settings(users=False), person(HOME, OPERATOR), True, True),
        # nothing configured
        (settings(operators=False, users=False), person(HOME), False, True),
        (settings(operators=False, users=False), person(HOME, may_manage=True), True, True),
        # another server, whatever one is there
        (settings(), person(ELSEWHERE, OPERATOR, USER, may_manage=True), False, False),
        (settings(operators=False, users=False), person(ELSEWHERE, may_manage=True), False, False),
        # direct messages
        (settings(), person(None), False, False),
        (settings(dms=True), person(None), False, False),
        (settings(dms=True), direct(USER), False, True),
        (settings(dms=True), direct(OTHER), False, False),
        (settings(), direct(USER), False, False),
        (settings(operators=False, dms=True), person(None, may_manage=True), False, False),
    ],
)
def test_the_table(configured: DiscordSettings, who: Person, operates: bool, uses: bool) -> None:
    assert (is_operator(configured, who), may_use(configured, who)) == (operates, uses)


@pytest.mark.parametrize("roles", list(itertools.product([True, False], repeat=3)))
def test_whoever_may_switch_may_look_too(roles: tuple[bool, bool, bool]) -> None:
    operators, users, manages = roles
    for held in ((), (OPERATOR,), (USER,), (OTHER,), (OPERATOR, USER)):
        who = person(HOME, *held, may_manage=manages)
        configured = settings(operators=operators, users=users)
        assert may_use(configured, who) or not is_operator(configured, who)


def test_without_a_home_nobody_may_do_anything() -> None:
    nowhere = DiscordSettings()
    assert not may_use(nowhere, person(HOME, may_manage=True))
    assert not is_operator(nowhere, person(HOME, may_manage=True))


def separate(*, dms: bool = False) -> DiscordSettings:
    """Looking, chatting and choosing models each have a role of their own."""
    return DiscordSettings(
        guild_ids=(HOME,),
        operator_role_ids=(OPERATOR,),
        user_role_ids=(USER,),
        chat_role_ids=(CHATTER,),
        model_role_ids=(CHOOSER,),
        allow_dms=dms,
    )


@pytest.mark.parametrize(
    ("configured", "who", "looks", "chats", "chooses"),
    [
        (separate(), person(HOME, OPERATOR), True, True, True),
        (separate(), person(HOME, USER), True, False, False),
        (separate(), person(HOME, CHATTER), False, True, False),
        (separate(), person(HOME, CHOOSER), False, False, True),
        (separate(), person(HOME, USER, CHATTER, CHOOSER), True, True, True),
        (separate(), person(HOME), False, False, False),
        (separate(), person(ELSEWHERE, OPERATOR, USER, CHATTER, CHOOSER), False, False, False),
        (separate(), person(None), False, False, False),
        (separate(dms=True), person(None), False, False, False),
        (separate(dms=True), direct(CHATTER), False, True, False),
        (separate(dms=True), direct(USER), True, False, False),
        (separate(), direct(USER, CHATTER), False, False, False),
        # without roles of their own: whoever looks may chat, operators choose
        (settings(), person(HOME, USER), True, True, False),
        (settings(), person(HOME, OPERATOR), True, True, True),
        (settings(users=False), person(HOME), True, True, False),
    ],
)
def test_chat_and_models_have_roles_of_their_own(
    configured: DiscordSettings, who: Person, looks: bool, chats: bool, chooses: bool
) -> None:
    assert (may_use(configured, who), may_chat(configured, who), may_choose_models(configured, who)) == (
        looks,
        chats,
        chooses,
    )
