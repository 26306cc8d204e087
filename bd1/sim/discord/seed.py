"""How the loopback Discord starts out: one guild, its channels, its people and the bot. Values only."""

from dataclasses import dataclass

from bd1.sim.discord.model import Channel, Role, User
from bd1.sim.discord.permissions import CHATTING, Overwrite, OverwriteKind, Permission

GUILD_ID = 1_100_000_000_000_000_000
OPERATOR_ROLE_ID = GUILD_ID + 1
CREW_ROLE_ID = GUILD_ID + 2
BOT_ROLE_ID = GUILD_ID + 3
BRIDGE_ID = GUILD_ID + 10
ALERTS_ID = GUILD_ID + 11
GENERAL_ID = GUILD_ID + 12
OWNER_ID = GUILD_ID + 100
LEIA_ID = GUILD_ID + 101
HAN_ID = GUILD_ID + 102
GREEDO_ID = GUILD_ID + 103
LANDO_ID = GUILD_ID + 104
BOT_ID = GUILD_ID + 200
"""The bot's user and its application: one id for both, as with every bot made today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPerson:
    """A person and the roles they hold."""

    user: User
    role_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A whole little Discord. `roles` has no @everyone: that one is made from `everyone`.

    The bot's application has the bot's id. `owner_id` need not be among the people: nobody then stands above the roles.
    """

    guild_id: int
    guild_name: str
    owner_id: int
    everyone: Permission
    roles: tuple[Role, ...]
    channels: tuple[Channel, ...]
    people: tuple[SeedPerson, ...]
    bot: SeedPerson
    token: str = "loopback-token"  # noqa: S105 opens nothing but this server


def default_seed() -> Seed:
    """The Alliance Fleet: Leia runs it, Han and Lando are crew, Greedo only looked in, BD-1 is the bot."""
    return Seed(
        guild_id=GUILD_ID,
        guild_name="Alliance Fleet",
        owner_id=OWNER_ID,
        everyone=CHATTING,
        roles=_roles(),
        channels=_channels(),
        people=(
            SeedPerson(user=User(id=LEIA_ID, name="Leia"), role_ids=(OPERATOR_ROLE_ID, CREW_ROLE_ID)),
            SeedPerson(user=User(id=HAN_ID, name="Han"), role_ids=(CREW_ROLE_ID,)),
            SeedPerson(user=User(id=LANDO_ID, name="Lando"), role_ids=(CREW_ROLE_ID,)),
            SeedPerson(user=User(id=GREEDO_ID, name="Greedo")),
        ),
        bot=SeedPerson(user=User(id=BOT_ID, name="BD-1", bot=True), role_ids=(BOT_ROLE_ID,)),
    )


def _roles() -> tuple[Role, ...]:
    may_manage = CHATTING | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
    return (
        Role(id=OPERATOR_ROLE_ID, name="Operator", permissions=may_manage, color=0xE67E22, position=3),
        Role(id=CREW_ROLE_ID, name="Crew", permissions=CHATTING, color=0x3498DB, position=2),
        Role(id=BOT_ROLE_ID, name="BD-1", permissions=CHATTING, color=0x1ABC9C, position=1, managed=True),
    )


def _channels() -> tuple[Channel, ...]:
    alerts = tuple(
        Overwrite(role_id, OverwriteKind.ROLE, allow=Permission.SEND_MESSAGES)
        for role_id in (OPERATOR_ROLE_ID, BOT_ROLE_ID)
    )
    quiet = Overwrite(GUILD_ID, OverwriteKind.ROLE, deny=Permission.SEND_MESSAGES)
    return (
        Channel(id=BRIDGE_ID, name="bridge", guild_id=GUILD_ID, topic="Talk to BD-1 here", position=0),
        Channel(
            id=ALERTS_ID,
            name="gpu-alerts",
            guild_id=GUILD_ID,
            topic="What the watchdog has to say",
            position=1,
            overwrites=(quiet, *alerts),
        ),
        Channel(id=GENERAL_ID, name="general", guild_id=GUILD_ID, topic="Everything else", position=2),
    )
