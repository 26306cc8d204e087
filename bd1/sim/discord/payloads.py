"""State as Discord's JSON: what REST answers and the gateway sends. Must not change state."""

from typing import Any

from bd1.sim.discord.components import numbered
from bd1.sim.discord.model import Attachment, Channel, ChannelKind, Json, Member, Message, Origin, Role
from bd1.sim.discord.snowflake import created_at
from bd1.sim.discord.world import World

GUILD_INSTALL = "0"


class Payloads:
    """Renders the world. `cdn` is the address that attachment URLs begin with; it is set when the server listens."""

    def __init__(self, world: World, file_limit: int) -> None:
        self._world = world
        self.file_limit = file_limit
        self.cdn = ""

    def user(self, user_id: int) -> Json:
        """A user. Someone who has left is still a name."""
        user = self._world.users.get(user_id)
        name = user.name if user else "Deleted User"
        is_bot = bool(user and user.bot)
        return {
            "id": str(user_id),
            "username": name if is_bot else name.lower().replace(" ", "_"),
            "discriminator": "0001" if is_bot else "0",
            "global_name": None if is_bot else name,
            "avatar": None,
            "banner": None,
            "accent_color": None,
            "avatar_decoration_data": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
            "bot": is_bot,
        }

    def me(self) -> Json:
        """The bot as it sees itself."""
        own = {"mfa_enabled": True, "locale": "en-GB", "verified": True, "email": None, "premium_type": 0}
        return self.user(self._world.bot_id) | own

    def application(self, intents: int) -> Json:
        """The bot's application, with the privileged intents of the portal shown as its flags."""
        flags = _application_flags(intents)
        seed = self._world.seed
        return {
            "id": str(self._world.bot_id),
            "name": seed.bot.user.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.user(self._world.bot_id),
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.user(seed.owner_id),
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        }

    def bare_member(self, member: Member) -> Json:
        """A member without the user, as it goes along with a message."""
        return {
            "roles": [str(role_id) for role_id in member.role_ids],
            "joined_at": member.joined_at.isoformat(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def member(self, member: Member) -> Json:
        """A member of the guild."""
        return self.bare_member(member) | {"user": self.user(member.user_id)}

    def acting_member(self, user_id: int, channel: Channel) -> Json | None:
        """A member who uses an interaction, with what they may do in that channel; `None` outside the guild."""
        member = self._world.members.get(user_id)
        if member is None or channel.guild_id is None:
            return None
        return self.member(member) | {"permissions": str(int(self._world.permissions(user_id, channel)))}

    def role(self, role: Role) -> Json:
        """A role; the managed one is the bot's own."""
        tags: Json = {"tags": {"bot_id": str(self._world.bot_id)}} if role.managed else {}
        return tags | {
            "id": str(role.id),
            "name": role.name,
            "permissions": str(int(role.permissions)),
            "position": role.position,
            "color": role.color,
            "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
            "hoist": role.position > 0,
            "managed": role.managed,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }

    def channel(self, channel: Channel) -> Json:
        """A channel of any kind."""
        last = channel.last_message_id
        shared = {
            "id": str(channel.id),
            "type": int(channel.kind),
            "flags": 0,
            "last_message_id": str(last) if last else None,
        }
        if channel.kind is ChannelKind.DM:
            return shared | {"recipients": [self.user(channel.recipient_id or 0)]}
        shared |= {"guild_id": str(channel.guild_id), "name": channel.name}
        return shared | (self._thread(channel) if channel.parent_id else _text_channel(channel))

    def _thread(self, thread: Channel) -> Json:
        count = len(self._world.history(thread.id))
        started = created_at(thread.id).isoformat()
        return {
            "parent_id": str(thread.parent_id),
            "owner_id": str(thread.owner_id),
            "message_count": count,
            "total_message_sent": count,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": thread.archived,
                "archive_timestamp": started,
                "auto_archive_duration": 1440,
                "locked": False,
                "create_timestamp": started,
            },
        }

    def acted_in(self, channel: Channel) -> Json:
        """The channel of an interaction, with what the bot may do there."""
        may = self._world.permissions(self._world.bot_id, channel)
        return self.channel(channel) | {"permissions": str(int(may))}

    def attachment(self, attachment: Attachment) -> Json:
        """A file of a message; its bytes lie at the URL."""
        url = f"{self.cdn}/attachments/{attachment.channel_id}/{attachment.id}/{attachment.filename}"
        shown: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": attachment.size,
            "url": url,
            "proxy_url": url,
            "content_type": attachment.content_type,
        }
        if attachment.description is not None:
            shown["description"] = attachment.description
        return shown | ({"ephemeral": True} if attachment.ephemeral else {})

    def message(self, message: Message, *, nested: bool = False) -> Json:
        """A message as REST answers with it. `nested` leaves out the message it replies to."""
        files = [self.attachment(attachment) for attachment in message.attachments]
        urls = {f"attachment://{file['filename']}": file["url"] for file in files}
        shown: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "type": int(message.kind),
            "author": self.user(message.author_id),
            "content": message.content,
            "timestamp": message.created_at.isoformat(),
            "edited_timestamp": message.edited_at.isoformat() if message.edited_at else None,
            "mentions": [self.user(user_id) for user_id in message.mentions],
            "mention_roles": [str(role_id) for role_id in message.mention_roles],
            "mention_everyone": message.mention_everyone,
            "attachments": files,
            "embeds": _with_urls([_embed(embed) for embed in message.embeds], urls),
            "components": _with_urls(numbered(message.components), urls),
            "flags": message.flags,
            "pinned": False,
            "tts": False,
        }
        return shown | self._relations(message, nested=nested)

    def _relations(self, message: Message, *, nested: bool) -> Json:
        shown: Json = {}
        if message.nonce is not None:
            shown["nonce"] = message.nonce
        if message.reactions:
            shown["reactions"] = [self._reaction(emoji, who) for emoji, who in message.reactions.items()]
        if message.thread_id is not None:
            shown["thread"] = self.channel(self._world.channels[message.thread_id])
        if message.origin is not None:
            shown["application_id"] = shown["webhook_id"] = str(self._world.bot_id)
            shown["interaction_metadata"] = self._origin(message.origin)
        if message.reference is not None:
            shown |= self._reference(message, nested=nested)
        return shown

    def _reference(self, message: Message, *, nested: bool) -> Json:
        reference = message.reference
        if reference is None:
            return {}
        pointer: Json = {"type": 0, "channel_id": str(reference.channel_id), "message_id": str(reference.message_id)}
        if message.guild_id is not None:
            pointer["guild_id"] = str(message.guild_id)
        if nested:
            return {"message_reference": pointer}
        found = self._world.message(reference.channel_id, reference.message_id)
        return {
            "message_reference": pointer,
            "referenced_message": self.message(found, nested=True) if found else None,
        }

    def _origin(self, origin: Origin) -> Json:
        shown: Json = {
            "id": str(origin.interaction_id),
            "type": origin.kind,
            "user": self.user(origin.user_id),
            "authorizing_integration_owners": self.owners(),
        }
        if origin.name is not None:
            shown["name"] = origin.name
        if origin.interacted_message_id is not None:
            shown["interacted_message_id"] = str(origin.interacted_message_id)
        if origin.triggered_by is not None:
            shown["triggering_interaction_metadata"] = self._origin(origin.triggered_by)
        return shown

    def owners(self) -> Json:
        """Whose installation an interaction runs under: always the guild's, here."""
        return {GUILD_INSTALL: str(self._world.seed.guild_id)}

    def _reaction(self, emoji: str, who: list[int]) -> Json:
        return {
            "emoji": {"id": None, "name": emoji},
            "count": len(who),
            "count_details": {"burst": 0, "normal": len(who)},
            "burst_colors": [],
            "me_burst": False,
            "me": self._world.bot_id in who,
        }

    def message_event(self, message: Message) -> Json:
        """A message as the gateway tells of it: with the guild and the author's membership."""
        shown = self.message(message)
        if message.guild_id is None:
            return shown
        shown["guild_id"] = str(message.guild_id)
        member = self._world.members.get(message.author_id)
        return shown if member is None else shown | {"member": self.bare_member(member)}


def _embed(embed: Json) -> Json:
    shown = {"type": "rich", **embed}
    if "fields" in embed:
        shown["fields"] = [{"inline": False, **entry} for entry in embed["fields"]]
    return shown


def _with_urls(value: Any, urls: dict[str, str]) -> Any:
    """Replaces "attachment://name" by the address of the file, as deep as it may lie."""
    if isinstance(value, dict):
        return {key: _with_urls(inner, urls) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_urls(inner, urls) for inner in value]
    return urls.get(value, value) if isinstance(value, str) else value


def _text_channel(channel: Channel) -> Json:
    return {
        "position": channel.position,
        "topic": channel.topic,
        "nsfw": False,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {"id": str(o.target_id), "type": int(o.kind), "allow": str(int(o.allow)), "deny": str(int(o.deny))}
            for o in channel.overwrites
        ],
    }


def _application_flags(intents: int) -> int:
    limited_presence, limited_members, limited_content = 1 << 13, 1 << 15, 1 << 19
    shown = {1 << 8: limited_presence, 1 << 1: limited_members, 1 << 15: limited_content}
    return sum(flag for bit, flag in shown.items() if intents & bit)
