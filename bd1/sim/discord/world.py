"""The state of the loopback Discord and the only hand that changes it; every change is recorded as an event.

Must not know who asks: whether somebody may do a thing is asked here, and enforced by those who serve bots and people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bd1.sim.discord import events
from bd1.sim.discord.events import EventLog
from bd1.sim.discord.mentions import EVERYBODY, Allowed, Mentions, mentions_in, parse_allowed
from bd1.sim.discord.model import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Attachment,
    Channel,
    ChannelKind,
    Json,
    Member,
    Message,
    MessageKind,
    Origin,
    Reference,
    Role,
    Upload,
    User,
)
from bd1.sim.discord.permissions import CHATTING, Permission, base_permissions, channel_permissions
from bd1.sim.discord.seed import Seed
from bd1.sim.discord.snowflake import Snowflakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message about to be sent."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    uploads: tuple[Upload, ...] = ()
    flags: int = 0
    reference: Reference | None = None
    allowed: Allowed = EVERYBODY
    nonce: str | int | None = None
    kind: MessageKind | None = None
    only_for: int | None = None
    origin: Origin | None = None

    def answering(self, reference: Reference | None) -> "Draft":
        """The same, as a reply to another message, or to none."""
        return replace(self, reference=reference)


class World:
    """Guild, channels, people and messages. Lookups return `None` for what does not exist."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.log = EventLog()
        self.ids = Snowflakes()
        everyone = Role(id=seed.guild_id, name="@everyone", permissions=seed.everyone)
        self.roles: dict[int, Role] = {role.id: role for role in (everyone, *seed.roles)}
        self.users: dict[int, User] = {person.user.id: person.user for person in (*seed.people, seed.bot)}
        self.members: dict[int, Member] = {
            person.user.id: Member(user_id=person.user.id, role_ids=list(person.role_ids))
            for person in (*seed.people, seed.bot)
        }
        self.channels: dict[int, Channel] = {channel.id: _copy(channel) for channel in seed.channels}
        self.messages: dict[int, dict[int, Message]] = {}
        self.files: dict[int, bytes] = {}
        self.attachments: dict[int, Attachment] = {}

    @property
    def bot_id(self) -> int:
        """The bot's user id, which is its application's id too."""
        return self.seed.bot.user.id

    def message(self, channel_id: int, message_id: int) -> Message | None:
        """A message that has not been deleted."""
        return self.messages.get(channel_id, {}).get(message_id)

    def history(self, channel_id: int) -> list[Message]:
        """The channel's messages, oldest first, ephemeral ones too."""
        return list(self.messages.get(channel_id, {}).values())

    def guild_permissions(self, user_id: int) -> Permission:
        """What a member may do in the guild at large; nothing for someone who is no member."""
        member = self.members.get(user_id)
        if member is None:
            return Permission(0)
        held = [self.roles[role_id].permissions for role_id in member.role_ids if role_id in self.roles]
        return base_permissions(self.roles[self.seed.guild_id].permissions, held, owner=user_id == self.seed.owner_id)

    def permissions(self, user_id: int, channel: Channel) -> Permission:
        """What a user may do in a channel; threads follow the channel they hang on."""
        if channel.kind is ChannelKind.DM:
            return CHATTING if user_id in {channel.recipient_id, self.bot_id} else Permission(0)
        member = self.members.get(user_id)
        if member is None:
            return Permission(0)
        home = self.channels.get(channel.parent_id or 0, channel)
        return channel_permissions(
            self.guild_permissions(user_id),
            home.overwrites,
            everyone_id=self.seed.guild_id,
            role_ids=member.role_ids,
            member_id=user_id,
        )

    def may(self, user_id: int, channel: Channel, permission: Permission) -> bool:
        """Whether a user holds a permission in a channel."""
        return permission in self.permissions(user_id, channel)

    def may_send(self, user_id: int, channel: Channel) -> bool:
        """Whether a user may write here: threads have a permission of their own for it."""
        in_thread = channel.kind is ChannelKind.PUBLIC_THREAD
        return self.may(
            user_id, channel, Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
        )

    def direct_channel(self, person_id: int) -> Channel:
        """The channel between a person and the bot, made on first use."""
        for channel in self.channels.values():
            if channel.recipient_id == person_id:
                return channel
        channel = Channel(id=self.ids.next(), kind=ChannelKind.DM, recipient_id=person_id)
        self.channels[channel.id] = channel
        self.log.record(events.ChannelCreated(channel))
        return channel

    def post(self, author_id: int, channel: Channel, draft: Draft) -> Message:
        """Sends a message."""
        reached = self._mentions(draft.content, draft.allowed, draft.reference)
        message = Message(
            id=self.ids.next(),
            channel_id=channel.id,
            guild_id=channel.guild_id,
            author_id=author_id,
            created_at=datetime.now(UTC),
            kind=_kind(draft),
            content=draft.content,
            embeds=list(draft.embeds),
            components=list(draft.components),
            flags=draft.flags,
            nonce=draft.nonce,
            reference=draft.reference,
            only_for=draft.only_for,
            origin=draft.origin,
            contents=[draft.content],
        )
        _set_mentions(message, reached)
        message.attachments.extend(self._keep(message, draft.uploads))
        self.messages.setdefault(channel.id, {})[message.id] = message
        channel.last_message_id = message.id
        self.log.record(events.MessageCreated(message))
        return message

    def edit(
        self, message: Message, changes: Json, uploads: Iterable[Upload] = (), *, otherwise: Allowed = EVERYBODY
    ) -> None:
        """Changes what a body of `PATCH` names, and nothing else. A message that was loading is not any more."""
        if "content" in changes:
            message.content = changes["content"] or ""
            allowed = parse_allowed(changes.get("allowed_mentions"), otherwise)
            _set_mentions(message, self._mentions(message.content, allowed, message.reference))
        message.embeds = list(changes.get("embeds", message.embeds) or ())
        message.components = list(changes.get("components", message.components) or ())
        if "flags" in changes:
            kept = message.flags & (EPHEMERAL | COMPONENTS_V2)
            message.flags = kept | (changes["flags"] or 0) & ~(EPHEMERAL | LOADING)
        if "attachments" in changes:
            self._keep_only({int(entry["id"]) for entry in changes["attachments"] or ()}, message)
        message.attachments.extend(self._keep(message, uploads))
        was_loading, message.flags = message.loading, message.flags & ~LOADING
        message.edited_at = message.edited_at if was_loading else datetime.now(UTC)
        message.contents.append(message.content)
        self.log.record(events.MessageEdited(message))

    def _keep_only(self, file_ids: set[int], message: Message) -> None:
        """Takes the other files from a message; their addresses lead nowhere from then on."""
        for file in message.attachments:
            if file.id not in file_ids:
                self.files.pop(file.id, None)
                self.attachments.pop(file.id, None)
        message.attachments = [file for file in message.attachments if file.id in file_ids]

    def delete(self, message: Message) -> None:
        """Removes a message."""
        self._remove(message)
        self.log.record(events.MessageDeleted(message))

    def purge(self, messages: Sequence[Message]) -> None:
        """Removes messages of one channel at once, as moderators' bots do."""
        for message in messages:
            self._remove(message)
        self.log.record(events.MessagesPurged(tuple(messages)))

    def _remove(self, message: Message) -> None:
        message.deleted = True
        del self.messages[message.channel_id][message.id]

    def react(self, message: Message, user_id: int, emoji: str, *, add: bool) -> None:
        """Adds or takes back a reaction; once more is the same as once."""
        who = message.reactions.setdefault(emoji, [])
        if (user_id in who) == add:
            return
        (who.append if add else who.remove)(user_id)
        if not who:
            del message.reactions[emoji]
        self.log.record(events.ReactionChanged(message, user_id, emoji, add))

    def start_typing(self, user_id: int, channel: Channel) -> None:
        """Shows "is typing"."""
        self.log.record(events.TypingStarted(channel.id, user_id))

    def open_thread(self, message: Message, name: str, owner_id: int) -> Channel:
        """Starts a thread on a message: it has the message's id."""
        thread = Channel(
            id=message.id,
            name=name,
            kind=ChannelKind.PUBLIC_THREAD,
            guild_id=message.guild_id,
            parent_id=message.channel_id,
            owner_id=owner_id,
        )
        self.channels[thread.id] = thread
        message.thread_id = thread.id
        self.log.record(events.ChannelCreated(thread))
        return thread

    def _mentions(self, text: str, allowed: Allowed, reference: Reference | None) -> Mentions:
        answered = self.message(reference.channel_id, reference.message_id) if reference else None
        replied_to = answered.author_id if answered else None
        return mentions_in(text, allowed, users=self.users, roles=self.roles, replied_to=replied_to)

    def _keep(self, message: Message, uploads: Iterable[Upload]) -> list[Attachment]:
        kept = []
        for upload in uploads:
            attachment = Attachment(
                id=self.ids.next(),
                channel_id=message.channel_id,
                filename=upload.filename,
                size=len(upload.data),
                content_type=upload.content_type,
                description=upload.description,
                ephemeral=message.ephemeral,
            )
            self.files[attachment.id] = upload.data
            self.attachments[attachment.id] = attachment
            kept.append(attachment)
        return kept


def _kind(draft: Draft) -> MessageKind:
    return draft.kind or (MessageKind.REPLY if draft.reference else MessageKind.DEFAULT)


def _set_mentions(message: Message, reached: Mentions) -> None:
    message.mentions, message.mention_roles = reached.users, reached.roles
    message.mention_everyone = reached.everyone


def _copy(channel: Channel) -> Channel:
    return Channel(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        guild_id=channel.guild_id,
        topic=channel.topic,
        position=channel.position,
        overwrites=channel.overwrites,
    )
