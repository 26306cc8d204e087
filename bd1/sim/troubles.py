"""The buttons that make trouble on the simulated machine, and put it right again; they break nothing but the world."""

import asyncio
from collections.abc import Callable, Iterator, Mapping

from bd1.sim import trouble_words as words
from bd1.sim.card import CardFault
from bd1.sim.ledger import RELEASE_LAG_S, Leak
from bd1.sim.machine import Box
from bd1.sim.trouble_kinds import (
    ON_CARD,
    CrashLoop,
    Foreign,
    HandStart,
    Hog,
    Kill,
    Mortal,
    OffTheBus,
    OutsideTrouble,
    Switch,
    Toggle,
    Trouble,
)
from bd1.sim.world import World

LEAK_MIB_S = 350.0
SPIKE_MIB = 9216
"""A single allocation of this size is on record; no sampler sees it coming."""

SPIKE_PCT = 97.0
"""The spike takes more than that where it must to fill the card so far: past every tier in one leap."""

SLOW_RELEASE_S = 8.0
DIES_AFTER_S = 1.5
REFUSAL = 'could not select device driver "" with capabilities: [[gpu]].'
"""Docker's own words where the NVIDIA container toolkit is not set up."""


class Troubles:
    """All the buttons by id, in the order they are shown: by group.

    The callbacks and `bd1` reach what lies outside the world; without its own a button is not there.
    """

    def __init__(
        self,
        world: World,
        *,
        on_ollama_down: Switch | None = None,
        on_slow_model: Switch | None = None,
        bd1: Mortal | None = None,
    ) -> None:
        self._world = world
        outside = ((words.OLLAMA_DOWN, on_ollama_down), (words.SLOW_MODEL, on_slow_model))
        listed = (
            *_on_the_card(world),
            *_during_a_switch(world),
            *_around_containers(world),
            *((Kill(words.BD1_CRASH, bd1),) if bd1 is not None else ()),
            *(OutsideTrouble(told, switch) for told, switch in outside if switch is not None),
        )
        self._lock = asyncio.Lock()
        self._by_id: dict[str, Trouble] = {trouble.words.id: trouble for trouble in listed}

    @property
    def by_id(self) -> Mapping[str, Trouble]:
        """The buttons by id."""
        return self._by_id

    async def set(self, trouble_id: str, on: bool) -> None:
        """Starts or stops one. Raises `KeyError` for an unknown id and `OSError` when a callback fails or hangs."""
        trouble = self._by_id[trouble_id]
        async with self._lock:
            await (trouble.start() if on else trouble.stop())

    async def reset(self) -> None:
        """Puts everything right: no trouble goes on and no memory is leaked. Who was stopped meanwhile stays stopped.

        Raises `OSError` when a callback fails or hangs, after everything else has been put right.
        """
        async with self._lock:
            left = [trouble.words.label for trouble in self._by_id.values() if not await _stopped(trouble)]
        self._world.machine.engine_away = False
        self._world.card.fault = None
        for leak in Leak:
            self._world.ledger.recover(leak)
        if left:
            raise OSError(f"{' and '.join(left)} could not be put right")


async def _stopped(trouble: Trouble) -> bool:
    try:
        await trouble.stop()
    except OSError:
        return False
    return True


def _on_the_card(world: World) -> Iterator[Trouble]:
    ledger = world.ledger

    def leak(pid: int) -> None:
        ledger.claim(pid, words.LEAK.id, float(ledger.total_mib), LEAK_MIB_S)

    def spike(pid: int) -> None:
        ledger.seize(pid, words.SPIKE.id, max(SPIKE_MIB, ledger.total_mib * SPIKE_PCT / 100 - ledger.used_mib))

    yield Hog(world, words.LEAK, leak)
    yield Hog(world, words.SPIKE, spike)
    yield Foreign(world, words.FOREIGN)
    yield _card_fault(world, words.GPU_LOST, CardFault.LOST)
    yield _card_fault(world, words.NVML_HANG, CardFault.HANGS)
    yield OffTheBus(world, words.XID_79)


def _card_fault(world: World, told: words.Words, fault: CardFault) -> Toggle:
    def turn(on: bool) -> None:
        world.card.fault = fault if on else None

    return Toggle(world, told, lambda: world.card.fault is fault, turn)


def _during_a_switch(world: World) -> Iterator[Trouble]:
    ledger, painter = world.ledger, ON_CARD[:1]

    def stick(on: bool) -> None:
        ledger.sticks = on
        if not on:
            ledger.recover(Leak.STUCK)

    def deafen(box: Box, on: bool) -> None:
        box.is_deaf = on

    def refuse(box: Box, on: bool) -> None:
        box.refusal = REFUSAL if on else None

    def doom(box: Box, on: bool) -> None:
        box.dies_starting_after_s = DIES_AFTER_S if on else None

    def silence(box: Box, on: bool) -> None:
        box.never_ready = on

    yield _slow_release(world)
    yield Toggle(world, words.STUCK_VRAM, lambda: ledger.sticks, stick)
    yield _of_boxes(world, words.DEAF, ON_CARD, lambda box: box.is_deaf, deafen)
    yield _of_boxes(world, words.REFUSED_START, painter, lambda box: box.refusal is not None, refuse)
    yield _of_boxes(world, words.DIES_STARTING, painter, lambda box: box.dies_starting_after_s is not None, doom)
    yield _of_boxes(world, words.NEVER_READY, painter, lambda box: box.never_ready, silence)


def _slow_release(world: World) -> Toggle:
    lag = (SLOW_RELEASE_S, SLOW_RELEASE_S)

    def turn(on: bool) -> None:
        world.ledger.release_lag_s = lag if on else RELEASE_LAG_S

    return Toggle(world, words.SLOW_RELEASE, lambda: world.ledger.release_lag_s == lag, turn)


def _of_boxes(
    world: World,
    told: words.Words,
    names: tuple[str, ...],
    is_on: Callable[[Box], bool],
    turn: Callable[[Box, bool], None],
) -> Toggle:
    """What is wrong with these containers while it is on."""
    boxes = [world.machine.boxes[name] for name in names]

    def turn_all(on: bool) -> None:
        for box in boxes:
            turn(box, on)

    return Toggle(world, told, lambda: all(is_on(box) for box in boxes), turn_all)


def _around_containers(world: World) -> Iterator[Trouble]:
    def send_away(on: bool) -> None:
        world.machine.engine_away = on

    yield CrashLoop(world, words.CRASH_LOOP)
    yield HandStart(world, words.HAND_START)
    yield Toggle(world, words.DOCKER_AWAY, lambda: world.machine.engine_away, send_away)
