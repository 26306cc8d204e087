"""What is done about the doings of others: crash loops held down, holders killed, the latch opened. The director's.

It acts only under the director's lock, and never while a switch is under way.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager

from bd1.core.gate import Look
from bd1.core.modes import gpu_running, is_allowed_together
from bd1.core.progress import Progress
from bd1.core.ratchet import Ratchet
from bd1.core.settings import RestartPolicy, Workload
from bd1.errors import Bd1Error, Busy, ChatUnavailable
from bd1.services.admission import Visit
from bd1.services.doorkeeper import Remedy
from bd1.services.gatekeeper import Question
from bd1.services.hands import kill_and_verify, look_at, stop_and_verify
from bd1.services.off_latch import Off
from bd1.services.staff import Staff
from bd1.services.transaction import LEFT_BEHIND

_LOG = logging.getLogger(__name__)
_PATIENCE_S = 2.0
_AT_WORK = "I am at work on the card just now. Ask again in a minute."
_LOADED = "is being loaded"


def exit_key(workload: str) -> str:
    """The incident under which unplanned exits of a workload are told."""
    return f"exit {workload}"


class Measures:
    """Single actions outside of a switch."""

    def __init__(self, staff: Staff, lock: asyncio.Lock, is_switching: Callable[[], bool]) -> None:
        self._staff = staff
        self._hands = staff.hands
        self._lock = lock
        self._is_switching = is_switching

    async def intruder(self) -> Workload | None:
        """The GPU workload that came last, where more run than any mode has together; `None` while BD-1 is at work."""
        return None if self._lock.locked() or self._is_switching() else await self._staff.door.intruder()

    def close_incidents(self, done: Progress) -> None:
        """What a switch that worked has put right."""
        alerts, settings = self._staff.alerts, self._hands.settings
        mode = settings.modes[done.target]
        alerts.clear(LEFT_BEHIND, f"{done.by} switched to {mode.name} mode, and nothing was left behind.")
        for name in settings.workloads:
            again = f"{done.by} started {name} again."
            alerts.clear(exit_key(name), again if name in mode.workloads else f"{mode.name} mode does without {name}.")

    async def hold_down(self, workload: Workload) -> Remedy:
        """Forces the restart policy to `no` and stops the container; says what came of it."""
        async with self._lock:
            try:
                await self._hands.containers.set_restart_policy(workload.container, RestartPolicy.NO)
                await stop_and_verify(self._hands, workload)
            except Bd1Error as trouble:
                return Remedy(f"I could not keep it down: {trouble}", worked=False)
        self._staff.door.has_ended(workload)
        return Remedy(
            "I set its restart policy to no and keep it down until an operator allows it: "
            f"`/gpu rearm {workload.name}`."
        )

    def off(self, name: str) -> Off | None:
        """What this workload is latched off for; `None` when it is not."""
        return self._staff.off.get(name)

    @property
    def all_off(self) -> tuple[str, ...]:
        """The workloads that are latched off."""
        return self._staff.off.names

    async def why_shut(self) -> str | None:
        """Why nothing could be started on the card now, in whole sentences; `None` while it is clean."""
        if self._is_switching() or self._lock.locked():
            return "I am at work on the card just now."
        async with self._lock:
            try:
                await self._prove_clean()
            except Bd1Error as trouble:
                return str(trouble)
        return None

    def is_off(self, workload: Workload) -> bool:
        """Whether it is latched off."""
        return self._staff.off.get(workload.name) is not None

    async def latch_off(self, workload: Workload, why: str, state: Ratchet) -> Remedy:
        """Forbids every start of it until an operator allows it again, and holds it down; says what came of it."""
        off = await self._staff.off.set(workload, why, state)
        done = await self.hold_down(workload)
        return Remedy(f"{off.evidence()} {done.text}", worked=done.worked)

    async def mend_policy(self, workload: Workload) -> Remedy | None:
        """Takes a restart policy away that a running GPU workload must not have; `None` where nothing is wrong.

        Raises `DockerUnavailable` when nobody can say which policy it has.
        """
        state = await look_at(self._hands, workload, _PATIENCE_S)
        if state is None or not state.running or state.restart_policy in workload.allowed_restart:
            return None
        was = state.restart_policy.value
        try:
            await self._hands.containers.set_restart_policy(workload.container, RestartPolicy.NO)
            after = await look_at(self._hands, workload, _PATIENCE_S)
        except Bd1Error as trouble:
            return Remedy(f"I could not take its new restart policy away: {trouble}", worked=False)
        if after is not None and after.restart_policy is not RestartPolicy.NO:
            return Remedy(f"I set its restart policy to no, and Docker still tells {was}.", worked=False)
        return Remedy(f"Its restart policy was {was}, and I set it to no.")

    async def rearm(self, workload: Workload, by: str) -> Remedy:
        """Lets it be started again, if the card is proved to be free of everything but what runs there."""
        if self._staff.off.get(workload.name) is None:
            return Remedy(f"{workload.name} is not latched off.", worked=False)
        if self._is_switching() or self._lock.locked():
            return Remedy(_AT_WORK, worked=False)
        async with self._lock:
            try:
                await self._prove_clean()
                await self._staff.off.open(workload, by)
            except Bd1Error as trouble:
                return Remedy(f"{workload.name} stays off: {trouble}", worked=False)
        return Remedy(f"{by} lets {workload.name} run again: the card was proved to be free.")

    @asynccontextmanager
    async def let_in(self, model: str) -> AsyncIterator[Visit]:
        """Lets a model be loaded while the block runs, onto a card just proved to be free of everything else.

        A switch that comes later waits for its end or cuts it; one under way, and protection, go first. Raises `Busy`,
        `ChatUnavailable` where chat is closed, `GateShut` with who holds the card, `DockerUnavailable`.
        """
        if self._lock.locked():
            raise Busy(_AT_WORK)
        with ExitStack() as stack:
            async with self._lock:
                self._refuse_unless_open()
                await self._prove_clean(lambda _: self._refuse_unless_open())
                self._refuse_unless_open()
                visit = stack.enter_context(self._hands.admission.enter(model, _LOADED))
            yield visit

    def _refuse_unless_open(self) -> None:
        """Whoever waits for the lock does not wait for a proof that is of no use any more."""
        if self._is_switching():
            raise Busy(_AT_WORK)
        if reason := self._hands.admission.closed_because:
            raise ChatUnavailable(reason)

    async def kill_holder(self, name: str, by: str, mode_name: str | None) -> Remedy:
        """Kills a workload of ours that kept the gate shut. One that the mode that is on needs is left alone."""
        settings = self._hands.settings
        workload, mode = settings.workloads.get(name), settings.modes.get(mode_name or "")
        if workload is None or self._is_switching():
            return Remedy(f"There is nothing called {name} that I could kill now.", worked=False)
        if mode is not None and name in mode.workloads and self._staff.latch.state is None:
            return Remedy(f"{name} belongs to {mode.name} mode, which is on: switch with `/gpu mode`.", worked=False)
        async with self._lock:
            try:
                state = await look_at(self._hands, workload)
                if state is None or not state.running:
                    return Remedy(_outlived(name), worked=False)
                await kill_and_verify(self._hands, workload)
            except Bd1Error as trouble:
                return Remedy(f"I could not kill {name}: {trouble}", worked=False)
        self._staff.door.has_ended(workload)
        _LOG.warning("%s was killed, as %s wanted", name, by)
        return Remedy(f"I killed {name}.")

    async def check_latch(self) -> None:
        """Opens the latch once nothing is on the card but what runs there, and that may be there together."""
        if self._staff.latch.state is None or self._is_switching() or self._lock.locked():
            return
        async with self._lock:
            try:
                await self._prove_clean()
            except Bd1Error:  # still not clean, or nobody can say
                return
            await self._staff.latch.open("The card is clean again.")

    async def _prove_clean(self, see: Callable[[Look], None] = lambda _: None) -> None:
        """Asks the gate without patience. Raises `GateShut` with who holds the card, or what `see` raises."""
        switch = self._hands.settings.switch
        brief = Question(await self._on_card(), (), {}, (switch.gate_samples + 1) * switch.gate_interval_s)
        await self._staff.gatekeeper.prove(brief, see)

    async def _on_card(self) -> tuple[Workload, ...]:
        """The GPU workloads that run; none of them where no mode has them together, for then one is too many.

        Raises `DockerUnavailable`.
        """
        settings, running = self._hands.settings, await self._staff.fleet.running()
        if not is_allowed_together(settings.modes, running, settings.workloads):
            return ()
        return tuple(settings.workloads[name] for name in sorted(gpu_running(running, settings.workloads)))


def _outlived(name: str) -> str:
    return (
        f"The container of {name} does not run any more, but its memory is still held. That is beyond me: look for its "
        "process on the host with `nvidia-smi`, or reload the driver."
    )
