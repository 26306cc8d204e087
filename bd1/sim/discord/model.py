"""What Discord holds: users, roles, channels, messages, as plain values. Must not decide, send or speak JSON."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from bd1.sim.discord.permissions import NONE, Overwrite, Permission

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class ChannelKind(IntEnum):
    """Discord's channel types, as far as they exist here."""

    TEXT = 0
    DM = 1
    PUBLIC_THREAD = 11


class MessageKind(IntEnum):
    """Discord's message types, as far as they exist here."""

    DEFAULT = 0
    THREAD_CREATED = 18
    REPLY = 19
    CHAT_INPUT_COMMAND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account. `accepts_dms` is false for someone who blocks direct messages from server members."""

    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        """What a message must hold to mention this user."""
        return f"<@{self.id}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of the guild. The role whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: Permission = NONE
    color: int = 0
    position: int = 0
    managed: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """A user's place in the guild."""

    user_id: int
    role_ids: list[int] = field(default_factory=list)
    joined_at: datetime = datetime(2024, 5, 4, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Channel:
    """A text channel, a thread or a direct-message channel. `guild_id` is `None` exactly for direct messages."""

    id: int
    name: str = ""
    kind: ChannelKind = ChannelKind.TEXT
    guild_id: int | None = None
    topic: str | None = None
    position: int = 0
    overwrites: tuple[Overwrite, ...] = ()
    recipient_id: int | None = None
    """The person at the other end of a direct-message channel."""
    parent_id: int | None = None
    owner_id: int | None = None
    archived: bool = False
    last_message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it is sent."""

    filename: str
    data: bytes
    content_type: str = "application/octet-stream"
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message. Its bytes lie beside the messages, under its id."""

    id: int
    channel_id: int
    filename: str
    size: int
    content_type: str
    description: str | None = None
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Which message another one answers."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The interaction a message came from. `name` is the command's full name, `None` for buttons and modals."""

    interaction_id: int
    kind: int
    user_id: int
    name: str | None = None
    interacted_message_id: int | None = None
    triggered_by: "Origin | None" = None
    """For a form: the interaction that opened it."""


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands now. `contents` are its texts over time, the newest last.

    `only_for` is the one person who sees an ephemeral message; `None` for everyone.
    """

    id: int
    channel_id: int
    guild_id: int | None
    author_id: int
    created_at: datetime
    kind: MessageKind = MessageKind.DEFAULT
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: tuple[int, ...] = ()
    mention_roles: tuple[int, ...] = ()
    mention_everyone: bool = False
    flags: int = 0
    nonce: str | int | None = None
    reference: Reference | None = None
    edited_at: datetime | None = None
    origin: Origin | None = None
    only_for: int | None = None
    thread_id: int | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def edits(self) -> int:
        """How often its text, embeds or components were changed."""
        return max(0, len(self.contents) - 1)
