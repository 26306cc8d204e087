"""What people do in the loopback Discord: write, run commands, press buttons. The same code for tests and the page.

Does what Discord's own client and server would let that person do, and raises `Rejected` for the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bd1.sim.discord.components import LINK_BUTTON, SELECTS, ComponentKind, find, walk
from bd1.sim.discord.interactions import Answer, InteractionKind, Interactions, Invocation
from bd1.sim.discord.model import Channel, ChannelKind, Json, Message, Reference, Upload, User
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.permissions import Permission
from bd1.sim.discord.registry import CommandRegistry, Leaf, Rejected, option_data
from bd1.sim.discord.world import Draft, World

DIRECT = "dm"
"""Names the person's direct-message channel with the bot wherever a channel is asked for."""

LONGEST_MESSAGE = 2000
ChannelLike = Channel | int | str


class Person:
    """One human being at their keyboard."""

    def __init__(
        self, user: User, world: World, payloads: Payloads, registry: CommandRegistry, interactions: Interactions
    ) -> None:
        self.user = user
        self._world = world
        self._payloads = payloads
        self._registry = registry
        self._interactions = interactions

    @property
    def id(self) -> int:
        """The person's user id."""
        return self.user.id

    def channel(self, channel: ChannelLike) -> Channel:
        """A channel by name ("bridge"), id or "dm". Raises `Rejected` for one this person cannot see."""
        found = self._find(channel)
        if found is None or not self._world.may(self.id, found, Permission.VIEW_CHANNEL):
            raise Rejected("There is no such channel, or you cannot see it.")
        return found

    def _find(self, channel: ChannelLike) -> Channel | None:
        if isinstance(channel, Channel):
            return channel
        if isinstance(channel, int):
            return self._world.channels.get(channel)
        if channel == DIRECT:
            return self._world.direct_channel(self.id)
        name = channel.removeprefix("#")
        return next((found for found in self._world.channels.values() if found.name == name), None)

    def channels(self) -> list[Channel]:
        """The channels this person sees, direct messages with the bot last."""
        own = [
            found
            for found in self._world.channels.values()
            if found.kind is not ChannelKind.DM and self._world.may(self.id, found, Permission.VIEW_CHANNEL)
        ]
        return [*own, self._world.direct_channel(self.id)]

    def can_send(self, channel: Channel) -> bool:
        """Whether this person may write in a channel."""
        return self._world.may_send(self.id, channel) and not channel.archived

    def sees(self, message: Message) -> bool:
        """Whether a message is shown to this person."""
        channel = self._world.channels[message.channel_id]
        return message.only_for in {None, self.id} and self._world.may(self.id, channel, Permission.VIEW_CHANNEL)

    def visible_messages(self, channel: ChannelLike) -> list[Message]:
        """What this person sees of a channel, oldest first."""
        found = self.channel(channel)
        return [message for message in self._world.history(found.id) if self.sees(message)]

    async def say(
        self, channel: ChannelLike, text: str = "", *, reply_to: Message | None = None, files: Sequence[Upload] = ()
    ) -> Message:
        """Writes a message."""
        where = self.channel(channel)
        if not self.can_send(where):
            raise Rejected("You do not have permission to send messages in this channel.")
        _check_text(text, files=bool(files))
        if files and not self._world.may(self.id, where, Permission.ATTACH_FILES):
            raise Rejected("You do not have permission to attach files in this channel.")
        if reply_to is not None and (reply_to.deleted or not self.sees(reply_to)):
            raise Rejected("The message you reply to is gone.")
        reference = Reference(reply_to.channel_id, reply_to.id) if reply_to else None
        return self._world.post(self.id, where, Draft(content=text, uploads=tuple(files), reference=reference))

    async def edit(self, message: Message, text: str) -> None:
        """Changes one of this person's own messages."""
        if message.author_id != self.id or message.deleted:
            raise Rejected("You can only edit your own messages.")
        _check_text(text, files=bool(message.attachments))
        self._world.edit(message, {"content": text})

    async def delete(self, message: Message) -> None:
        """Deletes an own message, any message with the permission for it, or puts an ephemeral one away."""
        channel = self._world.channels[message.channel_id]
        own = self.id in {message.author_id, message.only_for}
        if message.deleted or not self.sees(message):
            raise Rejected("This message is gone.")
        if not own and (channel.guild_id is None or not self._world.may(self.id, channel, Permission.MANAGE_MESSAGES)):
            raise Rejected("You do not have permission to delete this message.")
        self._world.delete(message)

    async def react(self, message: Message, emoji: str, *, add: bool = True) -> None:
        """Adds or takes back a reaction."""
        channel = self._world.channels[message.channel_id]
        if not self.sees(message) or not self._world.may(self.id, channel, Permission.ADD_REACTIONS):
            raise Rejected("You do not have permission to react to this message.")
        self._world.react(message, self.id, emoji, add=add)

    async def start_typing(self, channel: ChannelLike) -> None:
        """Shows the others "is typing"."""
        self._world.start_typing(self.id, self.channel(channel))

    def commands(self, channel: ChannelLike) -> list[Leaf]:
        """The commands this person is offered in a channel."""
        return self._registry.offered(self.id, self.channel(channel))

    def _leaf(self, name: str, channel: Channel) -> Leaf:
        wanted = name.removeprefix("/").strip()
        found = next((leaf for leaf in self._registry.offered(self.id, channel) if leaf.name == wanted), None)
        if found is None:
            raise Rejected(f"There is no command /{wanted} that you may use here.")
        return found

    async def slash(
        self, name: str, *, channel: ChannelLike, options: Mapping[str, Any] | None = None, **more: Any
    ) -> Invocation:
        """Runs a command ("gpu mode"); options by name, as keywords or as a mapping."""
        where = self.channel(channel)
        leaf = self._leaf(name, where)
        given = {**(options or {}), **more}
        plain = {key: value.id if isinstance(value, Person | Channel | User) else value for key, value in given.items()}
        data = self._command_data(leaf, where, option_data(leaf, plain))
        return self._interactions.open(InteractionKind.COMMAND, self.id, where, data, name=leaf.name)

    def _command_data(self, leaf: Leaf, channel: Channel, options: list[Json]) -> Json:
        command = leaf.command
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": options}
        resolved = self._resolved(_snowflakes(options), channel)
        if resolved:
            data["resolved"] = resolved
        return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})

    def _resolved(self, ids: Iterable[int], channel: Channel) -> Json:
        resolved: Json = {}
        for wanted in ids:
            key = str(wanted)
            if wanted in self._world.users:
                resolved.setdefault("users", {})[key] = self._payloads.user(wanted)
                member = self._payloads.acting_member(wanted, channel)
                if member is not None:
                    del member["user"]
                    resolved.setdefault("members", {})[key] = member
            elif wanted in self._world.channels:
                shown = self._payloads.channel(self._world.channels[wanted])
                permissions = str(int(self._world.permissions(self.id, self._world.channels[wanted])))
                resolved.setdefault("channels", {})[key] = shown | {"permissions": permissions}
            elif wanted in self._world.roles:
                resolved.setdefault("roles", {})[key] = self._payloads.role(self._world.roles[wanted])
            else:
                raise Rejected(f"There is nobody and nothing with the id {wanted}.")
        return resolved

    async def autocomplete(
        self,
        name: str,
        *,
        focused: str,
        value: Any = "",
        channel: ChannelLike,
        options: Mapping[str, Any] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 passed on to the log
    ) -> list[Json]:
        """What the bot offers while this person types `value`: `{"name", "value"}` each. Raises `NotAnswered`."""
        where = self.channel(channel)
        leaf = self._leaf(name, where)
        option = next((known for known in leaf.options if known["name"] == focused), None)
        if option is None or not option.get("autocomplete"):
            raise Rejected(f"/{leaf.name} offers nothing for {focused}.")
        typed = {**(options or {}), focused: value}
        data = self._command_data(leaf, where, option_data(leaf, typed, focused=focused, partial=True))
        asked = self._interactions.open(InteractionKind.AUTOCOMPLETE, self.id, where, data, name=leaf.name)
        await asked.acknowledged(timeout)
        return asked.choices or []

    async def click(self, message: Message, custom_id_or_label: str) -> Invocation:
        """Presses a button."""
        button = self._component(message, custom_id_or_label)
        if button["type"] != ComponentKind.BUTTON or button.get("style") == LINK_BUTTON:
            raise Rejected("This is not a button that tells the bot anything.")
        return self._press(message, button, {})

    async def select(self, message: Message, custom_id: str, values: Sequence[str | int]) -> Invocation:
        """Chooses from a select menu; for users, roles and channels the values are ids."""
        menu = self._component(message, custom_id)
        chosen = [str(value) for value in values]
        if menu["type"] not in SELECTS:
            raise Rejected("This is not a menu.")
        if not menu.get("min_values", 1) <= len(chosen) <= menu.get("max_values", 1):
            raise Rejected("That is not the number of choices this menu asks for.")
        if menu["type"] == ComponentKind.STRING_SELECT:
            known = {option["value"] for option in menu["options"]}
            if not known.issuperset(chosen):
                raise Rejected("That is not one of the choices.")
            return self._press(message, menu, {"values": chosen})
        channel = self._world.channels[message.channel_id]
        resolved = self._resolved([int(value) for value in chosen], channel)
        return self._press(message, menu, {"values": chosen, "resolved": resolved})

    def _component(self, message: Message, wanted: str) -> Json:
        if message.deleted or not self.sees(message):
            raise Rejected("This message is gone.")
        found = find(message.components, wanted)
        if found is None:
            raise Rejected(f"There is no {wanted} on this message.")
        if found.get("disabled"):
            raise Rejected(f"{found.get('label') or wanted} is disabled.")
        return found

    def _press(self, message: Message, component: Json, more: Json) -> Invocation:
        data = {"component_type": component["type"], "custom_id": component["custom_id"], "id": 1} | more
        channel = self._world.channels[message.channel_id]
        return self._interactions.open(InteractionKind.COMPONENT, self.id, channel, data, source=message)

    async def submit_modal(self, shown: Invocation, fields: Mapping[str, str] | None = None, **more: str) -> Invocation:
        """Fills in and sends the form that `shown` opened; fields by custom_id."""
        if shown.answer is not Answer.MODAL or shown.modal is None or shown.user_id != self.id:
            raise Rejected("There is no form open.")
        given = {**(fields or {}), **more}
        data = {"custom_id": shown.modal["custom_id"], "components": _filled(shown.modal["components"], given)}
        return self._interactions.open(
            InteractionKind.MODAL, self.id, shown.channel, data, source=shown.source, opened_by=shown
        )


def _check_text(text: str, *, files: bool) -> None:
    if not text.strip() and not files:
        raise Rejected("A message cannot be empty.")
    if len(text) > LONGEST_MESSAGE:
        raise Rejected(f"A message has at most {LONGEST_MESSAGE} characters; this one has {len(text)}.")


def _snowflakes(options: list[Json]) -> list[int]:
    found: list[int] = []
    for option in options:
        found += _snowflakes(option.get("options") or [])
        if option["type"] in {6, 7, 8, 9}:
            found.append(int(option["value"]))
    return found


def _filled(components: list[Json], given: Mapping[str, str]) -> list[Json]:
    inputs = {part["custom_id"]: part for part in walk(components) if part["type"] == ComponentKind.TEXT_INPUT}
    unknown = next((name for name in given if name not in inputs), None)
    if unknown is not None:
        raise Rejected(f"The form has no field {unknown}.")
    return [_answered(component, given, number) for number, component in enumerate(components, start=1)]


def _answered(component: Json, given: Mapping[str, str], number: int) -> Json:
    if component["type"] == ComponentKind.TEXT_INPUT:
        value = given.get(component["custom_id"], component.get("value") or "")
        _check_input(component, value)
        return {"type": component["type"], "id": number, "custom_id": component["custom_id"], "value": value}
    inner: Json = {"type": component["type"], "id": number}
    if isinstance(component.get("component"), dict):
        return inner | {"component": _answered(component["component"], given, number)}
    return inner | {"components": [_answered(part, given, number) for part in component.get("components") or ()]}


def _check_input(field: Json, value: str) -> None:
    label = field.get("label") or field["custom_id"]
    if not value and field.get("required", True):
        raise Rejected(f"{label} must be filled in.")
    if value and not (field.get("min_length") or 0) <= len(value) <= (field.get("max_length") or 4000):
        raise Rejected(f"{label} has the wrong length.")
