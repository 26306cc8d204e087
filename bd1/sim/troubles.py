"""The buttons that make trouble on the simulated machine, and put it right again; they break nothing but the world."""

import asyncio
from collections.abc import Mapping

from bd1.sim.card import CardFault
from bd1.sim.ledger import Leak
from bd1.sim.trouble_kinds import CardTrouble, CrashLoop, Hog, OutsideTrouble, StuckVram, Switch, Trouble, Words
from bd1.sim.world import World

LEAK_MIB_S = 350.0
SPIKE_MIB = 9216
"""A single allocation of this size is on record; no sampler sees it coming."""

SPIKE_PCT = 97.0
"""The spike takes more than that where it must to fill the card so far: past every tier in one leap."""

LEAK = Words(
    id="leak",
    label="VRAM leak",
    hint="What runs on the card leaks 350 MiB/s. Watch the tiers go by, then BD-1 stop the culprit.",
)
SPIKE = Words(
    id="spike",
    label="Sudden 9 GB allocation",
    hint="The card is full between two looks. Watch BD-1 act at once, with no warning before it.",
)
CRASH_LOOP = Words(
    id="crash_loop",
    label="ComfyUI crash loop",
    hint="Docker restarts it for ever; each death leaves 800 MiB. Watch BD-1 keep it down for good.",
)
STUCK_VRAM = Words(
    id="stuck_vram",
    label="VRAM does not come back",
    hint="What is stopped leaves its memory taken. Ask something, then switch: watch BD-1 refuse.",
)
GPU_LOST = Words(
    id="gpu_lost",
    label="GPU falls off the bus",
    hint="Every look at the card fails. Watch BD-1 say that it is blind, and refuse to switch.",
)
NVML_HANG = Words(
    id="nvml_hang",
    label="Driver hangs",
    hint="Looks at the card no longer return. Watch BD-1 give them up and keep answering.",
)
OLLAMA_DOWN = Words(
    id="ollama_down",
    label="Ollama stops answering",
    hint="Its container runs, its server is gone. Ask something: one clear sentence, not silence.",
)
SLOW_MODEL = Words(
    id="slow_model",
    label="Slow model",
    hint="Answers come a word at a time. Ask twice: the second question gets its place in the queue.",
)


class Troubles:
    """All the buttons by id, in the order they are shown.

    The callbacks switch what lies outside the world; without its callback a button is not there.
    """

    def __init__(
        self,
        world: World,
        *,
        on_ollama_down: Switch | None = None,
        on_slow_model: Switch | None = None,
    ) -> None:
        self._world = world
        outside = ((OLLAMA_DOWN, on_ollama_down), (SLOW_MODEL, on_slow_model))
        listed = (
            *_troubles_within(world),
            *(OutsideTrouble(words, switch) for words, switch in outside if switch is not None),
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


def _troubles_within(world: World) -> tuple[Trouble, ...]:
    ledger = world.ledger

    def leak(pid: int) -> None:
        ledger.claim(pid, LEAK.id, float(ledger.total_mib), LEAK_MIB_S)

    def spike(pid: int) -> None:
        ledger.seize(pid, SPIKE.id, max(SPIKE_MIB, ledger.total_mib * SPIKE_PCT / 100 - ledger.used_mib))

    return (
        Hog(world, LEAK, leak),
        Hog(world, SPIKE, spike),
        CrashLoop(world, CRASH_LOOP),
        StuckVram(world, STUCK_VRAM),
        CardTrouble(world, GPU_LOST, CardFault.LOST),
        CardTrouble(world, NVML_HANG, CardFault.HANGS),
    )
