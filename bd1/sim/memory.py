"""How Ollama's models come to and leave the simulated card; the Ollama stand-in asks here and decides nothing of it."""

from typing import Protocol

from bd1.ports import Clock
from bd1.sim.ledger import Claim, VramLedger
from bd1.sim.machine import Machine
from bd1.sim.timeline import Timeline

OLLAMA = "ollama"
LOAD_RATE_MIB_S = 2500.0
"""A model file from a fast disk's cache to the card: llama3:8b with its 4700 MiB takes two seconds."""

LOOK_S = 0.05


class SimOutOfMemory(MemoryError):
    """The model does not fit on the card, or the container that would hold it does not run."""


class OllamaMemory(Protocol):
    """What the Ollama stand-in needs of the card."""

    async def load(self, model: str, mib: int) -> None:
        """Brings a model to the card and waits until it is there; at once when it is there already.

        Raises `SimOutOfMemory` when it does not fit or Ollama's container does not run (any more).
        """
        ...

    async def unload(self, model: str) -> None:
        """Ends the model's process; its memory comes back a little later. An unknown model is no error."""
        ...


class SimOllamaMemory:
    """`OllamaMemory` on the simulated card: each model lives in a process of its own within the container."""

    def __init__(self, clock: Clock, timeline: Timeline, ledger: VramLedger, machine: Machine) -> None:
        self._clock = clock
        self._timeline = timeline
        self._ledger = ledger
        self._machine = machine

    def loaded(self) -> dict[str, int]:
        """The models on the card and the MiB each holds now."""
        self._timeline.catch_up()
        return {claim.label: claim.mib for claim in self._runners()}

    async def load(self, model: str, mib: int) -> None:
        self._timeline.catch_up()
        runner = self._runner(model) or self._begin(model, mib)
        try:
            await self._until_there(model, runner)
        except BaseException:
            self._end(runner)
            raise

    async def unload(self, model: str) -> None:
        self._timeline.catch_up()
        runner = self._runner(model)
        if runner is not None:
            self._end(runner)

    def _begin(self, model: str, mib: int) -> Claim:
        if not self._machine.boxes[OLLAMA].running:
            raise SimOutOfMemory(f"Ollama's container does not run, so {model} cannot be loaded.")
        if mib > self._ledger.free_mib:
            raise SimOutOfMemory(f"{model} needs {mib} MiB and the card has {self._ledger.free_mib} MiB free.")
        return self._ledger.claim(self._machine.spawn_child(OLLAMA), model, mib, LOAD_RATE_MIB_S)

    async def _until_there(self, model: str, runner: Claim) -> None:
        while runner.growing:
            await self._clock.sleep(LOOK_S)
            self._timeline.catch_up()
            if runner.pid not in self._machine.boxes[OLLAMA].children:
                raise SimOutOfMemory(f"Ollama's process ended while {model} was being loaded.")
            if runner.starved:
                raise SimOutOfMemory(f"The card became full while {model} was being loaded.")

    def _end(self, runner: Claim) -> None:
        self._machine.end_child(OLLAMA, runner.pid)

    def _runners(self) -> list[Claim]:
        children = self._machine.boxes[OLLAMA].children
        return [claim for claim in self._ledger.claims() if claim.pid in children]

    def _runner(self, model: str) -> Claim | None:
        return next((claim for claim in self._runners() if claim.label == model), None)
