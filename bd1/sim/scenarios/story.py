"""What a story is: how it begins, what happens to the machine at which time, and what must be true in the end.

All of it is data. A story plays nothing, and knows nothing of BD-1 but what people may ask of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bd1.sim.chat import SimChat
from bd1.sim.loop import LoopClock
from bd1.sim.world import World


class Setting(StrEnum):
    """What the machine does when a story begins: nothing, chat (with its model on the card), or pictures."""

    IDLE = "idle"
    CHAT = "chat"
    IMAGE = "image"


class People(Protocol):
    """What people ask of BD-1. Nobody waits for it: it is done while the story goes on."""

    def switch(self, mode: str) -> None:
        """An operator wants another mode; what is under way may be cut."""
        ...

    def ask(self, question: str) -> None:
        """Somebody asks the chat model."""
        ...

    def rearm(self, workload: str) -> None:
        """An operator lets a workload run again that was latched off."""
        ...

    def kill(self) -> None:
        """A kill -9 of BD-1. Its supervisor starts it again after a few seconds."""
        ...


class Nobody:
    """`People` where there is no BD-1."""

    def switch(self, mode: str) -> None: ...
    def ask(self, question: str) -> None: ...
    def rearm(self, workload: str) -> None: ...
    def kill(self) -> None: ...


@dataclass(slots=True)
class DiscordLine:
    """The way to Discord: while it is away, nothing can be posted and nothing edited."""

    is_away: bool = False


@dataclass(slots=True)
class Scene:
    """Everything that something can happen to in a story."""

    world: World
    clock: LoopClock
    chat: SimChat
    discord: DiscordLine
    people: People


Act = Callable[[Scene], object]


@dataclass(frozen=True, slots=True)
class At:
    """Something happens: when (in seconds since the story began), what in words, and the deed itself."""

    at_s: float
    words: str
    do: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must be true in the end. Names are those of containers, which here are those of the workloads as well."""

    peak_below_pct: float = 80.0
    """`total - free` stays under this share of the card all the time."""
    tells: tuple[str, ...] = ()
    """The incidents that people are told of, by key: each of them, and no other."""
    words: tuple[str, ...] = ()
    """What must stand in these incidents."""
    ends: tuple[str, ...] = ()
    """The containers that BD-1 stops, kills or pauses: each of them, and no other."""
    latched_off: tuple[str, ...] = ()
    is_unsafe: bool = False
    """Whether the card is latched as "idle, unsafe"."""
    is_quarantined: bool = False
    switches: tuple[str, ...] = ()
    """How the switches that people asked for ended, in order: done, refused, failed, rolled back."""
    answers: tuple[str, ...] = ()
    """What stands in the answer to each question, in order."""
    mode: str | None = None
    """The mode in the end; `None` when none is known."""
    acts_within_s: float | None = None
    """From the beginning of the trouble to BD-1's first deed, or first word where it has nothing to do."""
    messages: int = 3
    """As many messages at the most, all incidents together; edits are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story. `text` is the sentence that tells it."""

    name: str
    text: str
    begins: Setting
    acts: tuple[At, ...]
    lasts_s: float
    expect: Expect
    trouble_s: float | None = None
    """When the trouble begins; with the first act where it is not told."""
    quiet_from_s: float | None = None
    """From when on stretches in which nothing moves are skipped, as if the machine were suspended; `None`: never."""

    @property
    def begins_s(self) -> float:
        """When the trouble begins."""
        return self.trouble_s if self.trouble_s is not None else min((act.at_s for act in self.acts), default=0.0)


@dataclass(frozen=True, slots=True)
class Told:
    """One incident as people were told of it."""

    key: str
    after_s: float
    text: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """How a story ended. Times are in seconds since it began."""

    peak_pct: float
    told: tuple[Told, ...] = ()
    ended: frozenset[str] = frozenset()
    latched_off: frozenset[str] = frozenset()
    unsafe: str | None = None
    quarantine: str | None = None
    switches: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    mode: str | None = None
    acted_after_s: float | None = None
    log: tuple[tuple[float, str], ...] = ()
    """What happened, moment by moment."""

    @property
    def messages(self) -> int:
        """All messages that were posted."""
        return sum(told.messages for told in self.told)
