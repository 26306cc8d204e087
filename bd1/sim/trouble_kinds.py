"""The kinds of trouble the simulated machine knows, each with its own way back; it offers none of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from bd1.core.settings import RestartPolicy
from bd1.sim.card import CardFault
from bd1.sim.ledger import Leak
from bd1.sim.machine import Box
from bd1.sim.trouble_words import Words
from bd1.sim.world import World

CRASH_AFTER_S = 4.0
CRASH_LEAVES_MIB = 800
CALLBACK_LIMIT_S = 5.0
"""A trouble outside the world that cannot be switched in this time is left as it is: no button may hang."""

STOP_GRACE_S = 10.0
ON_CARD = ("comfyui", "ollama")
"""The containers a trouble happens in, in the order they are looked for."""

GAME = "supertuxkart"
GAME_MIB = 3000

Switch = Callable[[bool], Awaitable[None]]


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
        on_card = _running_on_card(self._world)
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


class Toggle:
    """Something that is wrong with the world exactly while it is on."""

    def __init__(self, world: World, words: Words, is_on: Callable[[], bool], turn: Callable[[bool], None]) -> None:
        self.words = words
        self._world = world
        self._is_on = is_on
        self._turn = turn

    @property
    def active(self) -> bool:
        return self._is_on()

    async def start(self) -> None:
        self._world.catch_up()
        self._turn(True)

    async def stop(self) -> None:
        self._world.catch_up()
        if self.active:
            self._turn(False)


class OffTheBus:
    """The card is lost, and the driver says so by an Xid; only another start of the machine brings it back."""

    XID = 79

    def __init__(self, world: World, words: Words) -> None:
        self.words = words
        self._world = world
        self._on = False

    @property
    def active(self) -> bool:
        return self._on

    async def start(self) -> None:
        if not self._on:
            self._on = True
            self._world.card.fault = CardFault.LOST
            self._world.card.raise_xid(self.XID)

    async def stop(self) -> None:
        if self._on:
            self._on = False
            self._world.card.fault = None
            self._world.boots += 1


class Foreign:
    """A process in no container that holds memory: nobody may end it but the person who plays."""

    def __init__(self, world: World, words: Words) -> None:
        self.words = words
        self._world = world
        self._pid: int | None = None

    @property
    def active(self) -> bool:
        return self._pid is not None

    async def start(self) -> None:
        if self._pid is None:
            self._pid = self._world.intrude(GAME, GAME_MIB)

    async def stop(self) -> None:
        if self._pid is not None:
            self._world.end_intrusion(self._pid)
            self._pid = None


class HandStart:
    """A person at a shell starts ComfyUI, or Ollama where ComfyUI runs; it goes on while both are up."""

    def __init__(self, world: World, words: Words) -> None:
        self.words = words
        self._world = world
        self._newcomer: Box | None = None
        self._run = 0

    @property
    def active(self) -> bool:
        self._world.catch_up()
        box = self._newcomer
        return box is not None and box.running and box.run == self._run and len(_running_on_card(self._world)) > 1

    async def start(self) -> None:
        self._world.catch_up()
        idle = [name for name in ON_CARD if not self._world.machine.boxes[name].running]
        if idle:
            self._world.machine.start(idle[0])
            self._newcomer = self._world.machine.boxes[idle[0]]
            self._run = self._newcomer.run

    async def stop(self) -> None:
        if self.active and self._newcomer is not None:
            self._world.machine.stop(self._newcomer.spec.name, STOP_GRACE_S)
        self._newcomer = None


class Mortal(Protocol):
    """BD-1, as far as it can be killed."""

    @property
    def is_down(self) -> bool:
        """Whether it is dead now."""
        ...

    def kill(self) -> None:
        """Ends it at once, wherever it is; it comes back by itself. Nothing happens while it is down."""
        ...


class Kill:
    """A kill -9 of BD-1. There is nothing to put right: its supervisor starts it again."""

    def __init__(self, words: Words, victim: Mortal) -> None:
        self.words = words
        self._victim = victim

    @property
    def active(self) -> bool:
        return self._victim.is_down

    async def start(self) -> None:
        self._victim.kill()

    async def stop(self) -> None:
        """Leaves it to come back by itself."""


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


def _running_on_card(world: World) -> list[Box]:
    """Who is on the card and stays there."""
    boxes = [world.machine.boxes[name] for name in ON_CARD]
    return [box for box in boxes if box.running and not box.stopping]


def _start_by_hand(world: World, name: str) -> Box:
    """Starts a container as a person at a shell would; one that is just being stopped is killed first."""
    box = world.machine.boxes[name]
    world.machine.end_now(name)
    world.machine.start(name)
    return box
