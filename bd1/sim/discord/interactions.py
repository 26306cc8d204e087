"""Interactions: from a person's command, press or form to the bot's last word, with Discord's deadlines.

Must not know HTTP: it raises Discord's refusals, and others send them.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum

from bd1.sim.discord import events
from bd1.sim.discord.events import EventLog
from bd1.sim.discord.model import Channel, Json, Message, Origin
from bd1.sim.discord.refusals import refusal
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import World

REMEMBERED = 10_000
"""Tokens known at once; the oldest become unknown webhooks."""

NO_ANSWER = "The application did not respond"


class InteractionKind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """How a bot first answers."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class NotAnswered(Exception):
    """The bot let the deadline pass: the person sees "The application did not respond"."""

    def __init__(self) -> None:
        super().__init__(NO_ANSWER)


@dataclass(slots=True, kw_only=True, eq=False)
class Invocation:
    """One interaction as it stands now, and ways to wait for it to get on.

    `message` is the answer (@original): a new message, or the one whose button was pressed. `source` is the message
    whose button was pressed, `opened_by` the interaction that opened this form. `modal` is the form the bot opened,
    `choices` what it offered while typing.
    """

    id: int
    token: str
    kind: InteractionKind
    user_id: int
    channel: Channel
    data: Json
    opened_at: float
    log: EventLog = field(repr=False)
    name: str | None = None
    source: Message | None = None
    opened_by: "Invocation | None" = None
    answer: Answer | None = None
    message: Message | None = None
    updated: bool = False
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    failed: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked sees the answer."""
        return self.message is not None and self.message.ephemeral

    @property
    def origin(self) -> Origin:
        """What the messages of this interaction say about where they come from."""
        pressed = self.source.id if self.source else None
        return Origin(
            interaction_id=self.id,
            kind=int(self.kind),
            user_id=self.user_id,
            name=self.name,
            interacted_message_id=pressed if self.kind is InteractionKind.COMPONENT else None,
            triggered_by=self.opened_by.origin if self.opened_by else None,
        )

    async def acknowledged(self, timeout: float = 10.0) -> Answer:  # noqa: ASYNC109 passed on to the log
        """How the bot first answered. Raises `NotAnswered` when it let its time pass."""
        answer = await self.log.until(self._first_answer, timeout=timeout, awaited=f"an answer to {self.name}")
        if answer is False:
            raise NotAnswered
        return Answer(answer)

    def _first_answer(self) -> Answer | bool | None:
        return self.answer if self.answer is not None else False if self.failed else None

    async def response(self, timeout: float = 10.0) -> Message:  # noqa: ASYNC109 passed on to the log
        """The message that answers, once it says more than "is thinking".

        Raises `NotAnswered` when none comes, and when the answer is no message (see `modal` and `choices`).
        """
        await self.acknowledged(timeout)
        message = await self.log.until(self._full_answer, timeout=timeout, awaited=f"the answer to {self.name}")
        if message is False:
            raise NotAnswered
        return message if isinstance(message, Message) else self.followups[0]

    def _full_answer(self) -> Message | bool | None:
        if self.answer is Answer.DEFERRED_UPDATE and not self.updated:
            return self.followups[0] if self.followups else False if self.failed else None
        if self.message is not None and not self.message.loading:
            return self.message
        return False if self.failed or self.answer in {Answer.MODAL, Answer.CHOICES} else None

    async def followup(self, number: int = 1, timeout: float = 10.0) -> Message:  # noqa: ASYNC109 passed on to the log
        """The follow-up with this number, from 1."""
        await self.log.until(
            lambda: True if len(self.followups) >= number else None,
            timeout=timeout,
            awaited=f"follow-up {number} to {self.name}",
        )
        return self.followups[number - 1]


class Interactions:
    """All open interactions, by token, each with its two timers."""

    def __init__(self, world: World, settings: ServerSettings) -> None:
        self._world = world
        self._settings = settings
        self._open: dict[str, Invocation] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def open(
        self,
        kind: InteractionKind,
        user_id: int,
        channel: Channel,
        data: Json,
        *,
        name: str | None = None,
        source: Message | None = None,
        opened_by: Invocation | None = None,
    ) -> Invocation:
        """Begins an interaction: the bot hears of it, and its time to answer runs."""
        loop = asyncio.get_running_loop()
        invocation = Invocation(
            id=self._world.ids.next(),
            token=secrets.token_urlsafe(120),
            kind=kind,
            user_id=user_id,
            channel=channel,
            data=data,
            opened_at=loop.time(),
            log=self._world.log,
            name=name,
            source=source,
            opened_by=opened_by,
        )
        self._open[invocation.token] = invocation
        if len(self._open) > REMEMBERED:
            self._open.pop(next(iter(self._open)))
        self._timers[invocation.token] = loop.call_later(self._settings.ack_deadline_s, self._time_up, invocation)
        self._world.log.record(events.InteractionCreated(invocation))
        return invocation

    def awaiting_answer(self, interaction_id: int, token: str) -> Invocation:
        """The interaction a first answer is for. Refuses unknown and late ones (10062) and a second answer (40060)."""
        invocation = self._open.get(token)
        if invocation is None or invocation.id != interaction_id or invocation.failed:
            raise refusal(10062)
        if invocation.answer is not None:
            raise refusal(40060)
        return invocation

    def answered(self, application_id: int, token: str) -> Invocation:
        """The interaction a webhook call is for. Refuses unknown ones (10015) and tokens past their life (50027)."""
        invocation = self._open.get(token)
        if invocation is None or application_id != self._world.bot_id or invocation.answer is None:
            raise refusal(10015)
        if asyncio.get_running_loop().time() - invocation.opened_at > self._settings.token_life_s:
            raise refusal(50027)
        return invocation

    def settle(self, invocation: Invocation, answer: Answer) -> None:
        """Notes the first answer; a deferred one has until the token dies to become a real one."""
        invocation.answer = answer
        self._timers.pop(invocation.token).cancel()
        if answer is Answer.DEFERRED:
            loop = asyncio.get_running_loop()
            end = invocation.opened_at + self._settings.token_life_s
            self._timers[invocation.token] = loop.call_at(end, self._time_up, invocation)
        self._world.log.record(events.InteractionAnswered(invocation))

    def _time_up(self, invocation: Invocation) -> None:
        self._timers.pop(invocation.token, None)
        if invocation.answer is None or (invocation.message is not None and invocation.message.loading):
            invocation.failed = True
            self._world.log.record(events.InteractionFailed(invocation))

    def close(self) -> None:
        """Stops all clocks."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
