"""The guild as JSON: whole for REST, with channels and members for the gateway. Must not change state."""

from bd1.sim.discord.model import ChannelKind, Json
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.permissions import Permission
from bd1.sim.discord.world import World

_UNSET = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)
_ZERO = (
    "system_channel_flags",
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
)


def guild(world: World, payloads: Payloads) -> Json:
    """The guild as REST shows it."""
    return {
        **dict.fromkeys(_UNSET),
        **dict.fromkeys(_ZERO, 0),
        "id": str(world.seed.guild_id),
        "name": world.seed.guild_name,
        "owner_id": str(world.seed.owner_id),
        "roles": [payloads.role(role) for role in world.roles.values()],
        "features": [],
        "emojis": [],
        "stickers": [],
        "region": "rotterdam",
        "preferred_locale": "en-GB",
        "afk_timeout": 300,
        "widget_enabled": False,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
    }


def guild_event(world: World, payloads: Payloads, *, with_everyone: bool) -> Json:
    """GUILD_CREATE: with the channels and threads the bot sees, and of the members only the bot itself, as a rule."""
    seen = [c for c in world.channels.values() if world.may(world.bot_id, c, Permission.VIEW_CHANNEL)]
    members = world.members.values() if with_everyone else [world.members[world.bot_id]]
    return guild(world, payloads) | {
        "unavailable": False,
        "large": False,
        "joined_at": world.members[world.bot_id].joined_at.isoformat(),
        "member_count": len(world.members),
        "members": [payloads.member(member) for member in members],
        "channels": [payloads.channel(channel) for channel in seen if channel.kind is ChannelKind.TEXT],
        "threads": [payloads.channel(channel) for channel in seen if channel.kind is ChannelKind.PUBLIC_THREAD],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
