"""REST routes about messages in channels: send, edit, delete, read, react, type, start a thread."""

import time
from collections import OrderedDict
from datetime import UTC, datetime
from itertools import islice

from bd1.sim.discord.bodies import check_edit, draft_from
from bd1.sim.discord.limits import Buckets
from bd1.sim.discord.model import Channel, ChannelKind, Json, Message, Reference
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.permissions import Permission
from bd1.sim.discord.privacy import readable
from bd1.sim.discord.refusals import form_refusal, refusal
from bd1.sim.discord.rest import Call, Reply, Route, TooMany
from bd1.sim.discord.rest_guild import seen_channel
from bd1.sim.discord.rules import Violation
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import Draft, World

_ONE = "/channels/{channel_id}/messages/{message_id}"
_OLD_EDITS = "Maximum number of edits to messages older than 1 hour reached. Try again later."


class MessageRoutes:
    """What the bot does with messages by their channel."""

    def __init__(self, world: World, payloads: Payloads, settings: ServerSettings) -> None:
        self._world = world
        self._payloads = payloads
        self._settings = settings
        self._nonces: OrderedDict[str, tuple[float, Message]] = OrderedDict()
        self._old_edits = Buckets()

    def routes(self) -> list[Route]:
        """What is served here."""
        return [
            Route("POST", "/channels/{channel_id}/messages", self._send),
            Route("GET", "/channels/{channel_id}/messages", self._history),
            Route("GET", _ONE, self._get),
            Route("PATCH", _ONE, self._edit),
            Route("DELETE", _ONE, self._delete),
            Route("POST", "/channels/{channel_id}/typing", self._typing),
            Route("PUT", _ONE + "/reactions/{emoji_name}/@me", lambda call: self._react(call, add=True)),
            Route("DELETE", _ONE + "/reactions/{emoji_name}/@me", lambda call: self._react(call, add=False)),
            Route("POST", _ONE + "/threads", self._thread),
        ]

    def _shown(self, message: Message) -> Json:
        if message.guild_id is None:
            return self._payloads.message(message)
        return readable(self._payloads.message(message), self._world.bot_id, self._settings.privileged_intents)

    def _require(self, channel: Channel, permission: Permission) -> None:
        if not self._world.may(self._world.bot_id, channel, permission):
            raise refusal(50013)

    def _writable(self, call: Call) -> Channel:
        channel = seen_channel(self._world, call)
        if not self._world.may_send(self._world.bot_id, channel):
            raise refusal(50013)
        if channel.archived:
            raise refusal(50083)
        recipient = self._world.users.get(channel.recipient_id or 0)
        if recipient is not None and not recipient.accepts_dms:
            raise refusal(50007)
        return channel

    def _send(self, call: Call) -> Reply:
        channel = self._writable(call)
        payload = call.body.object()
        if call.body.uploads:
            self._require(channel, Permission.ATTACH_FILES)
        draft = self._answering(channel, draft_from(payload, call.body.uploads), payload)
        if not self._world.may(self._world.bot_id, channel, Permission.EMBED_LINKS):
            draft = Draft(content=draft.content, uploads=draft.uploads, reference=draft.reference)
        twice = self._sent_before(payload)
        message = twice or self._world.post(self._world.bot_id, channel, draft)
        if payload.get("enforce_nonce") and payload.get("nonce") is not None:
            self._nonces[str(payload["nonce"])] = (time.monotonic(), message)
        return Reply(json=self._shown(message))

    def _sent_before(self, payload: Json) -> Message | None:
        oldest = time.monotonic() - self._settings.nonce_memory_s
        while self._nonces and next(iter(self._nonces.values()))[0] < oldest:
            self._nonces.popitem(last=False)
        if not payload.get("enforce_nonce"):
            return None
        return self._nonces.get(str(payload.get("nonce")), (0.0, None))[1]

    def _answering(self, channel: Channel, draft: Draft, payload: Json) -> Draft:
        """The draft with its reference made whole, or without one whose message is gone and may be."""
        if draft.reference is None:
            return draft
        self._require_history(channel)
        message = self._world.message(channel.id, draft.reference.message_id)
        if message is not None and message.only_for is None:
            return draft.answering(Reference(channel.id, message.id))
        if payload["message_reference"].get("fail_if_not_exists", True):
            raise form_refusal([Violation("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")])
        return draft.answering(None)

    def _require_history(self, channel: Channel) -> None:
        if not self._world.may(self._world.bot_id, channel, Permission.READ_MESSAGE_HISTORY):
            raise refusal(160002)

    def _found(self, call: Call) -> Message:
        channel = seen_channel(self._world, call)
        message = self._world.message(channel.id, call.id("message_id"))
        if message is None or message.only_for is not None:
            raise refusal(10008)
        return message

    def _get(self, call: Call) -> Reply:
        message = self._found(call)
        self._require(self._world.channels[message.channel_id], Permission.READ_MESSAGE_HISTORY)
        return Reply(json=self._shown(message))

    def _history(self, call: Call) -> Reply:
        channel = seen_channel(self._world, call)
        if not self._world.may(self._world.bot_id, channel, Permission.READ_MESSAGE_HISTORY):
            return Reply(json=[])
        public = [message for message in self._world.history(channel.id) if message.only_for is None]
        return Reply(json=[self._shown(message) for message in _page(public, call)])

    def _edit(self, call: Call) -> Reply:
        message = self._found(call)
        if message.author_id != self._world.bot_id:
            raise refusal(50005)
        changes = call.body.object()
        if call.body.uploads:
            self._require(self._world.channels[message.channel_id], Permission.ATTACH_FILES)
        check_edit(message, changes, call.body.uploads)
        self._spend_old_edit(message)
        self._world.edit(message, changes, call.body.uploads)
        return Reply(json=self._shown(message))

    def _spend_old_edit(self, message: Message) -> None:
        age_s = (datetime.now(UTC) - message.created_at).total_seconds()
        if age_s < self._settings.old_after_s:
            return
        verdict = self._old_edits.take(
            ("old", str(message.channel_id)), self._settings.old_edit_limit, time.monotonic()
        )
        if not verdict.allowed:
            raise TooMany(verdict.reset_after_s, 30046, _OLD_EDITS)

    def _delete(self, call: Call) -> Reply:
        message = self._found(call)
        if message.author_id != self._world.bot_id:
            channel = self._world.channels[message.channel_id]
            self._require(channel, Permission.MANAGE_MESSAGES)
        self._world.delete(message)
        return Reply(204)

    def _typing(self, call: Call) -> Reply:
        self._world.start_typing(self._world.bot_id, self._writable(call))
        return Reply(204)

    def _react(self, call: Call, *, add: bool) -> Reply:
        message = self._found(call)
        channel = self._world.channels[message.channel_id]
        if add:
            self._require(channel, Permission.ADD_REACTIONS)
        self._world.react(message, self._world.bot_id, call.params["emoji_name"], add=add)
        return Reply(204)

    def _thread(self, call: Call) -> Reply:
        message = self._found(call)
        channel = self._world.channels[message.channel_id]
        if channel.kind is not ChannelKind.TEXT:
            raise refusal(50024)
        self._require(channel, Permission.CREATE_PUBLIC_THREADS)
        if message.thread_id is not None:
            raise refusal(160004)
        name = str(call.body.object().get("name") or "")
        if not 1 <= len(name) <= 100:
            raise form_refusal([Violation("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")])
        thread = self._world.open_thread(message, name, self._world.bot_id)
        return Reply(201, self._payloads.channel(thread))


def _page(messages: list[Message], call: Call) -> list[Message]:
    """The newest messages first, as `limit`, `before`, `after` and `around` of the query ask."""
    limit = _number(call, "limit", 50)
    if not 1 <= limit <= 100:
        raise form_refusal([Violation("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")])
    newest_first = messages[::-1]
    if "after" in call.query:
        after = [message for message in messages if message.id > _number(call, "after", 0)]
        return after[:limit][::-1]
    if "around" in call.query:
        centre = _number(call, "around", 0)
        older = islice((m for m in newest_first if m.id <= centre), limit // 2 + 1)
        newer = [m for m in messages if m.id > centre][: (limit - 1) // 2]
        return [*newer[::-1], *older]
    before = _number(call, "before", 1 << 63)
    return list(islice((message for message in newest_first if message.id < before), limit))


def _number(call: Call, name: str, otherwise: int) -> int:
    value = call.query.get(name, str(otherwise))
    if not value.isdecimal():
        raise form_refusal([Violation(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')])
    return int(value)
