"""What the gateway tells a bot of what happens, and which intents let it through. Must not send."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag

from bd1.sim.discord import events
from bd1.sim.discord.events import Event
from bd1.sim.discord.interactions import Invocation
from bd1.sim.discord.model import Channel, ChannelKind, Json, Message
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.permissions import Permission
from bd1.sim.discord.privacy import readable
from bd1.sim.discord.world import World


class Intent(IntFlag):
    """Gateway intents, as far as there are events for them here."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


ALWAYS = Intent(0)
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
VALID_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One gateway event. It reaches sessions that declared `intent`; `message` marks content that may be withheld."""

    name: str
    data: Json
    intent: Intent = ALWAYS
    message: Message | None = None

    def for_session(self, intents: int, bot_id: int) -> Json | None:
        """The data as a session with these intents gets it; `None` when it does not."""
        if self.intent & ~intents:
            return None
        if self.message is None or self.message.guild_id is None:
            return self.data
        return readable(self.data, bot_id, intents)


class Dispatches:
    """Translates what happens into gateway events, as far as the bot may know of it."""

    def __init__(self, world: World, payloads: Payloads) -> None:
        self._world = world
        self._payloads = payloads

    def of(self, event: Event) -> Dispatch | None:
        """The gateway event for something that happened; `None` when there is none."""
        found: Dispatch | None = None
        match event:
            case events.MessageCreated(message):
                found = self._about(message, "MESSAGE_CREATE")
            case events.MessageEdited(message):
                found = self._about(message, "MESSAGE_UPDATE")
            case events.MessageDeleted(message):
                found = self._deleted(message)
            case events.MessagesPurged(messages):
                found = self._purged(messages)
            case events.ReactionChanged():
                found = self._reaction(event)
            case events.TypingStarted(channel_id, user_id):
                found = self._typing(self._world.channels[channel_id], user_id)
            case events.ChannelCreated(channel):
                found = self._thread(channel)
            case events.InteractionCreated(invocation):
                found = Dispatch("INTERACTION_CREATE", self.interaction(invocation))
        return found

    def _thread(self, channel: Channel) -> Dispatch | None:
        if channel.kind is not ChannelKind.PUBLIC_THREAD or not self._sees(channel):
            return None
        return Dispatch("THREAD_CREATE", self._payloads.channel(channel) | {"newly_created": True}, Intent.GUILDS)

    def _sees(self, channel: Channel) -> bool:
        return self._world.may(self._world.bot_id, channel, Permission.VIEW_CHANNEL)

    def _hidden(self, message: Message) -> bool:
        channel = self._world.channels[message.channel_id]
        return message.only_for is not None or not self._sees(channel)

    def _about(self, message: Message, name: str) -> Dispatch | None:
        if self._hidden(message):
            return None
        intent = Intent.GUILD_MESSAGES if message.guild_id else Intent.DIRECT_MESSAGES
        return Dispatch(name, self._payloads.message_event(message), intent, message)

    def _deleted(self, message: Message) -> Dispatch | None:
        if self._hidden(message):
            return None
        intent = Intent.GUILD_MESSAGES if message.guild_id else Intent.DIRECT_MESSAGES
        return Dispatch("MESSAGE_DELETE", _where(message.channel_id, message.guild_id, id=str(message.id)), intent)

    def _purged(self, messages: Sequence[Message]) -> Dispatch | None:
        shown = [message for message in messages if not self._hidden(message)]
        if not shown:
            return None
        ids = [str(message.id) for message in shown]
        where = _where(shown[0].channel_id, shown[0].guild_id, ids=ids)
        return Dispatch("MESSAGE_DELETE_BULK", where, Intent.GUILD_MESSAGES)

    def _reaction(self, event: events.ReactionChanged) -> Dispatch | None:
        message = event.message
        if self._hidden(message):
            return None
        data = _where(
            message.channel_id,
            message.guild_id,
            user_id=str(event.user_id),
            message_id=str(message.id),
            emoji={"id": None, "name": event.emoji},
            type=0,
            burst=False,
        )
        member = self._world.members.get(event.user_id)
        if event.added and member is not None and message.guild_id is not None:
            data["member"] = self._payloads.member(member)
        intent = Intent.GUILD_MESSAGE_REACTIONS if message.guild_id else Intent.DIRECT_MESSAGE_REACTIONS
        return Dispatch("MESSAGE_REACTION_ADD" if event.added else "MESSAGE_REACTION_REMOVE", data, intent)

    def _typing(self, channel: Channel, user_id: int) -> Dispatch | None:
        if not self._sees(channel):
            return None
        data = _where(channel.id, channel.guild_id, user_id=str(user_id), timestamp=0)
        member = self._world.members.get(user_id)
        if member is not None and channel.guild_id is not None:
            data["member"] = self._payloads.member(member)
        intent = Intent.GUILD_MESSAGE_TYPING if channel.guild_id else Intent.DIRECT_MESSAGE_TYPING
        return Dispatch("TYPING_START", data, intent)

    def interaction(self, invocation: Invocation) -> Json:
        """What INTERACTION_CREATE says of an interaction."""
        channel = invocation.channel
        data: Json = {
            "id": str(invocation.id),
            "application_id": str(self._world.bot_id),
            "type": int(invocation.kind),
            "token": invocation.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": self._payloads.acted_in(channel),
            "data": invocation.data,
            "locale": "en-GB",
            "entitlements": [],
            "authorizing_integration_owners": self._payloads.owners(),
            "attachment_size_limit": self._payloads.file_limit,
            "app_permissions": str(int(self._world.permissions(self._world.bot_id, channel))),
            "context": 0 if channel.guild_id else 1,
        }
        if invocation.source is not None:
            data["message"] = self._payloads.message(invocation.source)
        member = self._payloads.acting_member(invocation.user_id, channel)
        if member is None:
            return data | {"user": self._payloads.user(invocation.user_id)}
        guild = {"id": str(channel.guild_id), "locale": "en-GB", "features": []}
        return data | {"member": member, "guild_id": str(channel.guild_id), "guild_locale": "en-GB", "guild": guild}


def _where(channel_id: int, guild_id: int | None, **data: object) -> Json:
    place: Json = {"channel_id": str(channel_id), **data}
    return place if guild_id is None else place | {"guild_id": str(guild_id)}
