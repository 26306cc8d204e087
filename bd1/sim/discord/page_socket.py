"""One browser's socket: the person's actions in, what that person sees out. Must not decide who may do what."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from bd1.sim.discord import events
from bd1.sim.discord.events import Event
from bd1.sim.discord.interactions import NO_ANSWER, Answer, Invocation, NotAnswered
from bd1.sim.discord.model import Channel, ChannelKind, Json, Message
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.people import Person
from bd1.sim.discord.registry import Leaf, Rejected
from bd1.sim.discord.world import World

_OPTION_TYPES = {
    3: "string",
    4: "integer",
    5: "boolean",
    6: "user",
    7: "channel",
    8: "role",
    9: "mentionable",
    10: "number",
    11: "attachment",
}
HISTORY = 100


@dataclass(frozen=True, slots=True)
class PageView:
    """What a socket looks at: the state, how it is shown, who may be played, whether the bot is there."""

    world: World
    payloads: Payloads
    person: Callable[[int], Person]
    bot_online: Callable[[], bool]


class PageSocket:
    """Serves one browser, as whichever person it says it is."""

    def __init__(self, socket: web.WebSocketResponse, view: PageView) -> None:
        self._socket = socket
        self._view = view
        self._world = view.world
        self._payloads = view.payloads
        self._me: Person | None = None
        self._modals: dict[int, Invocation] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._out: asyncio.Queue[Json] = asyncio.Queue()
        self._acts: dict[str, Callable[[Person, Json], Awaitable[Json | None]]] = {
            "say": self._say,
            "command": self._command,
            "autocomplete": self._autocomplete,
            "click": self._click,
            "select": self._select,
            "modal": self._modal,
            "delete": self._delete,
            "history": self._history,
        }

    async def serve(self) -> None:
        """Serves until the browser goes away."""
        stop = self._world.log.listen(self._on_event)
        writer = asyncio.create_task(self._write())
        try:
            while (frame := await self._socket.receive()).type is WSMsgType.TEXT:
                self._take(frame.data)
        finally:
            stop()
            for task in (writer, *self._tasks):
                task.cancel()

    async def _write(self) -> None:
        while True:
            shown = await self._out.get()
            if not self._socket.closed:
                await self._socket.send_json(shown)

    def _show(self, op: str, **more: Any) -> None:
        self._out.put_nowait({"op": op, **more})

    def _take(self, text: str) -> None:
        try:
            asked = json.loads(text)
            op, ref = str(asked["op"]), asked.get("ref")
        except (ValueError, TypeError, KeyError, AttributeError):
            self._show("failed", ref=None, text="The page sent something that is not a request.")
            return
        if op == "identify":
            self._identify(asked)
        elif self._me is None or op not in self._acts:
            self._show("failed", ref=ref, text="Choose who you are first." if self._me is None else "Unknown request.")
        else:
            self._start(self._carry_out(self._acts[op], self._me, asked))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry_out(
        self, act: Callable[[Person, Json], Awaitable[Json | None]], person: Person, asked: Json
    ) -> None:
        ref = asked.get("ref")
        try:
            result = await act(person, asked)
        except Rejected as no:
            self._show("failed", ref=ref, text=str(no))
        except (NotAnswered, TimeoutError):
            self._show("failed", ref=ref, text=NO_ANSWER)
        except (KeyError, ValueError, TypeError, AttributeError):
            self._show("failed", ref=ref, text="The page sent a request that lacks something.")
        else:
            self._out.put_nowait({"ref": ref, **(result or {"op": "done"})})

    def _identify(self, asked: Json) -> None:
        """Who it is from now on; a page that names nobody is the first person there is."""
        user = asked.get("user")
        try:
            person = self._view.person(self._world.seed.people[0].user.id if user is None else int(user))
        except (KeyError, ValueError, TypeError, IndexError):
            self._show("failed", ref=asked.get("ref"), text="There is no such person.")
            return
        channels = person.channels()
        self._me = person
        self._out.put_nowait(self._hello(person))
        for channel in channels:
            self._out.put_nowait(self._messages(person, channel))

    def _hello(self, person: Person) -> Json:
        return {
            "op": "hello",
            "guild": {"name": self._world.seed.guild_name},
            "me": str(person.id),
            "users": [self._user(user_id) for user_id in self._world.users],
            "roles": [{"id": str(role.id), "name": role.name} for role in self._world.seed.roles],
            "channels": [_channel(person, channel, self._world) for channel in person.channels()],
            "commands": self._commands(person),
            "bot_online": self._view.bot_online(),
        }

    def _user(self, user_id: int) -> Json:
        user = self._world.users[user_id]
        member = self._world.members.get(user_id)
        held = [self._world.roles[role_id] for role_id in member.role_ids] if member else []
        top = max(held, key=lambda role: role.position, default=None)
        return {
            "id": str(user_id),
            "name": user.name,
            "bot": user.bot,
            "role": top.name if top and not top.managed else "",
            "color": f"#{top.color:06x}" if top else "#99aab5",
            "simulated_person": not user.bot,
        }

    def _commands(self, person: Person) -> list[Json]:
        offered = {leaf.name: leaf for channel in person.channels() for leaf in person.commands(channel)}
        return [_command(leaf) for _, leaf in sorted(offered.items())]

    def _messages(self, person: Person, channel: Channel) -> Json:
        seen = person.visible_messages(channel)[-HISTORY:]
        shown = [self._payloads.message_event(message) for message in seen]
        return {"op": "messages", "channel": str(channel.id), "messages": shown}

    def _on_event(self, event: Event) -> None:
        me = self._me
        if me is None:
            return
        match event:
            case events.MessageCreated(message) if me.sees(message):
                self._show("message", message=self._payloads.message_event(message))
            case events.MessageEdited(message) | events.ReactionChanged(message) if me.sees(message):
                self._show("message_update", message=self._payloads.message_event(message))
            case events.MessageDeleted() | events.MessagesPurged():
                self._gone(me, event)
            case events.TypingStarted(channel_id, user_id) if self._seen(me, channel_id) and user_id != me.id:
                self._show("typing", channel=str(channel_id), user=str(user_id))
            case events.CommandsChanged():
                self._show("commands", commands=self._commands(me))
            case events.ChannelCreated(channel) if self._seen(me, channel.id):
                self._out.put_nowait(self._hello(me))
            case events.GatewayConnected() | events.GatewayResumed() | events.GatewayClosed():
                self._show("presence", bot_online=self._view.bot_online())
            case events.InteractionFailed(invocation) if invocation.user_id == me.id and invocation.message:
                self._failed_late(invocation.message)

    def _gone(self, me: Person, event: events.MessageDeleted | events.MessagesPurged) -> None:
        messages = (event.message,) if isinstance(event, events.MessageDeleted) else event.messages
        for message in filter(me.sees, messages):
            self._show("message_delete", channel=str(message.channel_id), id=str(message.id))

    def _failed_late(self, message: Message) -> None:
        shown = self._payloads.message_event(message)
        self._show("message_update", message=shown | {"flags": message.flags & ~128, "content": NO_ANSWER})

    def _seen(self, me: Person, channel_id: int) -> bool:
        return any(channel.id == channel_id for channel in me.channels())

    def _message(self, asked: Json) -> Message:
        found = self._world.message(int(asked["channel"]), int(asked["message"]))
        if found is None:
            raise Rejected("This message is gone.")
        return found

    async def _say(self, me: Person, asked: Json) -> None:
        reply_to = None
        if asked.get("reply_to"):
            reply_to = self._world.message(int(asked["channel"]), int(asked["reply_to"]))
        await me.say(int(asked["channel"]), str(asked["content"]), reply_to=reply_to)

    async def _command(self, me: Person, asked: Json) -> Json | None:
        options = dict(asked.get("options") or {})
        return await self._followed(await me.slash(str(asked["name"]), channel=int(asked["channel"]), options=options))

    async def _followed(self, invocation: Invocation) -> Json | None:
        if await invocation.acknowledged() is not Answer.MODAL or invocation.modal is None:
            return None
        self._modals[invocation.id] = invocation
        return {
            "op": "modal",
            "interaction": str(invocation.id),
            "custom_id": invocation.modal["custom_id"],
            "title": invocation.modal["title"],
            "components": invocation.modal["components"],
        }

    async def _autocomplete(self, me: Person, asked: Json) -> Json:
        options = dict(asked.get("options") or {})
        focused = str(asked["focused"])
        value = options.pop(focused, "")
        choices = await me.autocomplete(
            str(asked["name"]), focused=focused, value=value, channel=int(asked["channel"]), options=options
        )
        return {"op": "choices", "choices": choices}

    async def _click(self, me: Person, asked: Json) -> Json | None:
        return await self._followed(await me.click(self._message(asked), str(asked["custom_id"])))

    async def _select(self, me: Person, asked: Json) -> Json | None:
        values = [str(value) for value in asked["values"]]
        return await self._followed(await me.select(self._message(asked), str(asked["custom_id"]), values))

    async def _modal(self, me: Person, asked: Json) -> Json | None:
        shown = self._modals.pop(int(asked["interaction"]), None)
        if shown is None:
            raise Rejected("This form is no longer open.")
        fields = {str(name): str(value) for name, value in dict(asked["fields"]).items()}
        return await self._followed(await me.submit_modal(shown, fields))

    async def _delete(self, me: Person, asked: Json) -> None:
        await me.delete(self._message(asked))

    async def _history(self, me: Person, asked: Json) -> Json:
        return self._messages(me, me.channel(int(asked["channel"])))


def _channel(person: Person, channel: Channel, world: World) -> Json:
    direct = channel.kind is ChannelKind.DM
    return {
        "id": str(channel.id),
        "name": world.seed.bot.user.name if direct else channel.name,
        "topic": channel.topic or "",
        "kind": "dm" if direct else "text",
        "can_send": person.can_send(channel),
    }


def _command(leaf: Leaf) -> Json:
    return {
        "name": leaf.name,
        "description": leaf.description,
        "options": [
            {
                "name": option["name"],
                "description": option.get("description", ""),
                "type": _OPTION_TYPES.get(option["type"], "string"),
                "required": bool(option.get("required")),
                "autocomplete": bool(option.get("autocomplete")),
                "choices": [{"name": c["name"], "value": c["value"]} for c in option.get("choices") or ()],
            }
            for option in leaf.options
        ],
    }
