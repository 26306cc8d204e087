"""The kinds of trouble the simulated machine knows, each with its own way back; it offers none of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bd1.core.settings import RestartPolicy
from bd1.sim.card import CardFault
from bd1.sim.ledger import Leak
from bd1.sim.machine import Box
from bd1.sim.world import World

CRASH_AFTER_S = 4.0
CRASH_LEAVES_MIB = 800
CALLBACK_LIMIT_S = 5.0
"""A trouble outside the world that cannot be switched in this time is left as it is: no button may hang."""

STOP_GRACE_S = 10.0
ON_CARD = ("comfyui", "ollama")
"""The containers a trouble happens in, in the order they are looked for."""

Switch = Callable[[bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Words:
    """What people see of a trouble. `hint` says in a line what will happen and what to watch for."""

    id: str
    label: str
    hint: str


class Trouble(Protocol):
    """One button."""

    @property
    def words(self) -> Words: ...

    @property
    def active(self) -> bool:
        """Whether it goes on now; some troubles end by themselves when their victim is stopped."""
        ...

    async def start(self) -> None:
        """Begins it; nothing happens when it goes on already."""
        ...

    async def stop(self) -> None:
        """Puts right what it has done; nothing happens when it does not go on."""
        ...


class Hog:
    """More memory for a process on the card: for ComfyUI, else Ollama, else a ComfyUI started by hand for it."""

    def __init__(self, world: World, words: Words, take: Callable[[int], None]) -> None:
        """`take` takes the memory for a process, under the trouble's id as its label."""
        self.words = words
        self._world = world
        self._take = take
        self._box: Box | None = None
        self._run = 0
        self._started_by_hand = False

    @property
    def active(self) -> bool:
        self._world.catch_up()
        return self._box is not None and self._box.running and self._box.run == self._run

    async def start(self) -> None:
        if self.active:
            return
        self._box = box = self._choose()
        self._run = box.run
        if box.pid is not None:
            self._take(box.pid)

    async def stop(self) -> None:
        if self.active and self._box is not None and self._box.pid is not None:
            self._world.ledger.release(self._box.pid, self.words.id)
            if self._started_by_hand:
                self._world.machine.stop(self._box.spec.name, STOP_GRACE_S)
        self._box = None

    def _choose(self) -> Box:
        boxes = self._world.machine.boxes
        on_card = [boxes[name] for name in ON_CARD if boxes[name].running and not boxes[name].stopping]
        self._started_by_hand = not on_card
        if on_card:
            return on_card[0]
        return _start_by_hand(self._world, ON_CARD[0])


class CrashLoop:
    """ComfyUI dies some seconds after each start, leaves memory behind, and Docker starts it again for ever."""

    def __init__(self, world: World, words: Words) -> None:
        self.words = words
        self._world = world
        self._box = world.machine.boxes[ON_CARD[0]]
        self._policy_before: RestartPolicy | None = None
        self._own_start: int | None = None

    @property
    def active(self) -> bool:
        return self._policy_before is not None

    async def start(self) -> None:
        if self.active:
            return
        self._world.catch_up()
        box = self._box
        self._policy_before = box.policy
        box.policy, box.crashes_after_s, box.leaves_mib = RestartPolicy.ALWAYS, CRASH_AFTER_S, CRASH_LEAVES_MIB
        self._own_start = None
        if box.running and not box.stopping:
            self._world.machine.crash_in(box.spec.name, CRASH_AFTER_S)
        else:
            self._own_start = _start_by_hand(self._world, box.spec.name).starts

    async def stop(self) -> None:
        if self._policy_before is None:
            return
        self._world.catch_up()
        box = self._box
        if box.policy is RestartPolicy.ALWAYS:
            box.policy = self._policy_before
        box.crashes_after_s, box.leaves_mib, self._policy_before = None, 0, None
        if self._own_start == box.starts:
            self._world.machine.stop(box.spec.name, STOP_GRACE_S)
        self._world.ledger.recover(Leak.LEFT)


class StuckVram:
    """The driver no longer notices that a process is gone: its memory stays taken."""

    def __init__(self, world: World, words: Words) -> None:
        self.words = words
        self._world = world

    @property
    def active(self) -> bool:
        return self._world.ledger.sticks

    async def start(self) -> None:
        self._world.catch_up()
        self._world.ledger.sticks = True

    async def stop(self) -> None:
        self._world.catch_up()
        self._world.ledger.sticks = False
        self._world.ledger.recover(Leak.STUCK)


class CardTrouble:
    """A fault of the card or its driver."""

    def __init__(self, world: World, words: Words, fault: CardFault) -> None:
        self.words = words
        self._world = world
        self._fault = fault

    @property
    def active(self) -> bool:
        return self._world.card.fault is self._fault

    async def start(self) -> None:
        self._world.catch_up()
        self._world.card.fault = self._fault

    async def stop(self) -> None:
        self._world.catch_up()
        if self.active:
            self._world.card.fault = None


class OutsideTrouble:
    """A trouble that somebody else makes, switched through a callback: true is on."""

    def __init__(self, words: Words, switch: Switch) -> None:
        self.words = words
        self._switch = switch
        self._on = False

    @property
    def active(self) -> bool:
        return self._on

    async def start(self) -> None:
        await self._set(True)

    async def stop(self) -> None:
        await self._set(False)

    async def _set(self, on: bool) -> None:
        if on == self._on:
            return
        async with asyncio.timeout(CALLBACK_LIMIT_S):
            await self._switch(on)
        self._on = on


def _start_by_hand(world: World, name: str) -> Box:
    """Starts a container as a person at a shell would; one that is just being stopped is killed first."""
    box = world.machine.boxes[name]
    world.machine.end_now(name)
    world.machine.start(name)
    return box
