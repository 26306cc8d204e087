"""What happens in the loopback Discord, as one log that can be listened to and waited on. Must not cause anything."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from bd1.sim.discord.model import Channel, Message

if TYPE_CHECKING:
    from bd1.sim.discord.interactions import Invocation

KEPT_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One REST request with its answer. `request_json` and `response_json` are `None` where there was no body."""

    method: str
    route_template: str
    path: str
    request_json: Any
    status: int
    response_json: Any
    request_content_type: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened."""


@dataclass(frozen=True, slots=True)
class MessageCreated(Event):
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited(Event):
    message: Message


@dataclass(frozen=True, slots=True)
class MessageDeleted(Event):
    message: Message


@dataclass(frozen=True, slots=True)
class MessagesPurged(Event):
    """Several messages of one channel went at once; no event of its own comes for each."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ReactionChanged(Event):
    message: Message
    user_id: int
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True)
class TypingStarted(Event):
    channel_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class ChannelCreated(Event):
    """A thread or a direct-message channel came to be."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class CommandsChanged(Event):
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class InteractionCreated(Event):
    invocation: "Invocation"


@dataclass(frozen=True, slots=True)
class InteractionAnswered(Event):
    invocation: "Invocation"


@dataclass(frozen=True, slots=True)
class InteractionFailed(Event):
    """The person sees "The application did not respond"."""

    invocation: "Invocation"


@dataclass(frozen=True, slots=True)
class GatewayConnected(Event):
    """A bot has identified and was told READY."""

    session_id: str


@dataclass(frozen=True, slots=True)
class GatewayResumed(Event):
    session_id: str
    replayed: int


@dataclass(frozen=True, slots=True)
class GatewayClosed(Event):
    """A connection ended; `code` is `None` when it just broke off, `session_id` when nobody had identified."""

    session_id: str | None
    code: int | None


@dataclass(frozen=True, slots=True)
class GatewayRefused(Event):
    """A handshake was answered with an HTTP error."""

    status: int


@dataclass(frozen=True, slots=True)
class RequestMade(Event):
    exchange: Exchange


E = TypeVar("E", bound=Event)
T = TypeVar("T")


class EventLog:
    """Everything that happened, in order. One event loop only."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._count = 0
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def position(self) -> int:
        """How much has happened so far: a mark to wait from."""
        return self._count

    def since(self, position: int) -> list[Event]:
        """The events after a mark, oldest first; the very old ones are forgotten."""
        return list(islice(reversed(self._events), self._count - position))[::-1]

    def record(self, event: Event) -> None:
        """Adds an event and tells every listener, in the order they came."""
        self._events.append(event)
        self._count += 1
        for listener in tuple(self._listeners):
            listener(event)

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls `listener` with every event from now on, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def finder(self, wanted: Callable[[Event], T | None], since: int) -> Callable[[], T | None]:
        """A look for `until`: what `wanted` makes of the first event after the mark `since` that it takes."""
        seen = since

        def look() -> T | None:
            nonlocal seen
            fresh, seen = self.since(seen), self._count
            return next((found for event in fresh if (found := wanted(event)) is not None), None)

        return look

    async def until(self, look: Callable[[], T | None], *, timeout: float | None, awaited: str = "it") -> T:  # noqa: ASYNC109 the message must say what was awaited
        """The first thing `look` finds that is not `None`: at once, or after some later event.

        Raises `TimeoutError`, saying what was awaited and what happened last.
        """
        found = look()
        if found is not None:
            return found
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        stop = self.listen(lambda _event: _settle(future, look))
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError:
            raise TimeoutError(f"{awaited} did not happen within {timeout} s; last were {self._last()}") from None
        finally:
            stop()

    def _last(self) -> str:
        return ", ".join(type(event).__name__ for event in self.since(max(0, self._count - 8))) or "no events"


def _settle(future: "asyncio.Future[T]", look: Callable[[], T | None]) -> None:
    if future.done():
        return
    try:
        found = look()
    except Exception as error:  # noqa: BLE001 the waiter asked for this look, so the waiter gets its error
        future.set_exception(error)
    else:
        if found is not None:
            future.set_result(found)
