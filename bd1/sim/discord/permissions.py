"""Who may do what where: Discord's permission arithmetic on plain values. Must not know messages or requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag


class Permission(IntFlag):
    """Discord's permission bits, as far as this server acts on them; other bits are carried along."""

    CREATE_INSTANT_INVITE = 1 << 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


NONE = Permission(0)
EVERY = Permission((1 << 53) - 1)
"""What owners and administrators hold: every bit that fits Discord's numbers."""

CHATTING = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What an ordinary member of an ordinary server may do."""

_WITH_SENDING = (
    Permission.SEND_TTS_MESSAGES | Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE
)


class OverwriteKind(IntEnum):
    """Whom a channel overwrite is about."""

    ROLE = 0
    MEMBER = 1


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's exception for one role or member."""

    target_id: int
    kind: OverwriteKind
    allow: Permission = NONE
    deny: Permission = NONE


def base_permissions(everyone: Permission, roles: Iterable[Permission], *, owner: bool) -> Permission:
    """What a member may do before any channel has its say."""
    held = everyone
    for role in roles:
        held |= role
    return EVERY if owner or held & Permission.ADMINISTRATOR else held


def _apply(held: Permission, overwrites: Iterable[Overwrite]) -> Permission:
    allow, deny = NONE, NONE
    for overwrite in overwrites:
        allow |= overwrite.allow
        deny |= overwrite.deny
    return held & ~deny | allow


def channel_permissions(
    base: Permission, overwrites: Iterable[Overwrite], *, everyone_id: int, role_ids: Iterable[int], member_id: int
) -> Permission:
    """What a member may do in a channel: @everyone's overwrite, then all roles' together, then the member's own.

    Administrators are above overwrites. Who cannot see a channel can do nothing in it; who cannot send can neither
    embed, attach nor mention everyone.
    """
    if base & Permission.ADMINISTRATOR:
        return EVERY
    by_target: Mapping[tuple[OverwriteKind, int], Overwrite] = {(o.kind, o.target_id): o for o in overwrites}
    held = base
    for targets in (
        [(OverwriteKind.ROLE, everyone_id)],
        [(OverwriteKind.ROLE, role_id) for role_id in role_ids if role_id != everyone_id],
        [(OverwriteKind.MEMBER, member_id)],
    ):
        held = _apply(held, [by_target[target] for target in targets if target in by_target])
    if not held & Permission.VIEW_CHANNEL:
        return NONE
    return held if held & Permission.SEND_MESSAGES else held & ~_WITH_SENDING
