"""The one writer of who is on the card: switches, protective evictions, newcomers and crash loops all pass here.

It decides nothing about VRAM itself (that is `core.gate`, `core.ladder`) and shows nothing (that is the cogs).
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from bd1.core.modes import Plan, gpu_running, is_allowed_together, plan
from bd1.core.progress import Outcome
from bd1.core.settings import Mode, RestartPolicy, Workload
from bd1.core.tiers import Tier
from bd1.errors import Bd1Error, Busy, ContainerMissing, SwitchRefused
from bd1.ports import ContainerState
from bd1.services.alerts import Alerts
from bd1.services.fleet import OUTSIDE, Fleet, ModeView
from bd1.services.protection import Protection
from bd1.services.switch import Hands, Switcher, SwitchJob, stop_and_verify
from bd1.services.watchdog import VRAM

_LOG = logging.getLogger(__name__)
_SWITCH = "switch"
_PROTECTING = "The GPU's memory is nearly full and I am making room. Please ask again in a minute."
_UNEXPECTED = "Something went wrong that I did not expect; it is in my log."


def exit_key(workload: str) -> str:
    """The incident under which unplanned exits of a workload are told."""
    return f"exit {workload}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What was done about somebody else's doing, in a sentence, and whether it worked."""

    text: str
    worked: bool = True


class Director:
    """Owns occupancy. Everything that starts or stops a container does so while holding its lock."""

    def __init__(self, hands: Hands, fleet: Fleet, alerts: Alerts) -> None:
        self._hands = hands
        self._settings = hands.settings
        self._fleet = fleet
        self._alerts = alerts
        self._lock = asyncio.Lock()
        self._job: SwitchJob | None = None
        self._task: asyncio.Task[None] | None = None
        self._cut_because = ""
        self._evictions = 0
        self._helpless_in: str | None = None

    @property
    def job(self) -> SwitchJob | None:
        """The switch under way, or the last one."""
        return self._job

    @property
    def is_switching(self) -> bool:
        """Whether a switch is under way."""
        return self._job is not None and not self._job.is_over

    @property
    def is_at_work(self) -> bool:
        """Whether BD-1 itself is starting or stopping something right now."""
        return self._lock.locked()

    async def begin(self) -> None:
        """Looks at what runs and brings up the start mode when the card is unused."""
        view = await self.refresh()
        wanted = self._settings.switch.start_mode
        on_card = [name for name in view.running if self._settings.workloads[name].uses_gpu]
        if wanted is None or view.name == wanted or on_card or view.docker_is_away:
            return
        try:
            self.switch(wanted, "BD-1 at its start")
        except Busy as busy:
            _LOG.info("the start mode is left alone: %s", busy)

    async def refresh(self, by: str = OUTSIDE) -> ModeView:
        """Looks at what runs, puts a change of the mode down to `by`, and opens or closes chat accordingly."""
        view = await self._fleet.refresh(in_transit=self.is_switching or self.is_at_work, by=by)
        self._admit()
        return view

    async def close(self) -> None:
        """Cuts a switch that is under way; what runs then is found again at the next start."""
        await self._end_switch("BD-1 is being stopped.")

    def plan(self, target: str, running: frozenset[str]) -> Plan:
        """What a switch would do. Raises `SwitchRefused` when there is no such mode."""
        return plan(self._mode(target), running, self._settings.workloads)

    def _mode(self, name: str) -> Mode:
        mode = self._settings.modes.get(name)
        if mode is None:
            raise SwitchRefused(f"There is no mode called {name}. There are: {', '.join(self._settings.modes)}.")
        return mode

    def switch(self, target: str, by: str) -> SwitchJob:
        """Begins a switch in a task of its own, or joins the one under way to the same mode.

        Raises:
            Busy: a switch to another mode is under way, and the message says whose and since when; or the card is
                being protected.
            SwitchRefused: there is no such mode.
        """
        mode = self._mode(target)
        if self._evictions:
            raise Busy(_PROTECTING)
        if self._job and not self._job.is_over:
            if self._job.progress.target == target:
                return self._job
            seconds = self._hands.clock.monotonic() - self._job.progress.started_s
            raise Busy(
                f"{self._job.progress.by} started a switch to {self._job.progress.target} {seconds:.0f} s ago. "
                "Wait until it has ended."
            )
        job = self._job = SwitchJob(self._fleet.view.name, target, by, self._hands.clock)
        self._task = asyncio.create_task(self._carry(mode, job), name=f"switch to {target}")
        self._task.add_done_callback(lambda _: self._close(job))
        return job

    def _close(self, job: SwitchJob) -> None:
        """A switch that was cut has an end too, even one whose task never took its first step."""
        if not job.is_over:
            job.finish(Outcome.FAILED, f"{self._cut_because} The switch was cut short.".strip())
        self._admit()

    async def _carry(self, mode: Mode, job: SwitchJob) -> None:
        self._hands.admission.close(f"The GPU is being switched to {mode.name} mode. Please ask again in a moment.")
        try:
            async with self._lock:
                message = await self._move(mode, job)
            job.finish(Outcome.DONE, message)
        except SwitchRefused as refusal:
            await self._fail(job, Outcome.REFUSED, str(refusal))
        except Bd1Error as trouble:
            await self._fail(job, Outcome.FAILED, str(trouble))
        except Exception:  # noqa: BLE001 the border of the switch's own task: told, logged, the next switch may come
            _LOG.exception("a switch failed in a way nobody expected")
            await self._fail(job, Outcome.FAILED, _UNEXPECTED)
        _LOG.info("switch %s -> %s by %s: %s", job.progress.origin, mode.name, job.progress.by, job.progress.message)

    async def _move(self, mode: Mode, job: SwitchJob) -> str:
        states = await self._fleet.states()
        running = frozenset(name for name, state in states.items() if state and state.running)
        ahead = plan(mode, running, self._settings.workloads)
        for workload in ahead.start:
            refuse_unfit(workload, states[workload.name])
        try:
            await Switcher(self._hands, job).carry_out(ahead)
        except Exception:
            await self._take_back(ahead)
            raise
        view = await self._fleet.commit(mode.name, job.progress.by)
        self._close_incidents(mode, job.progress.by)
        if view.name != mode.name:
            raise SwitchRefused(view.trouble or f"Everything was done, but what runs is {view.name} mode.")
        return f"{job.progress.origin or 'unknown'} -> {mode.name}"

    def _close_incidents(self, mode: Mode, by: str) -> None:
        self._alerts.clear(_SWITCH, f"{by} switched to {mode.name} mode, and nothing was left behind.")
        for name in self._settings.workloads:
            again = f"{by} started {name} again."
            self._alerts.clear(
                exit_key(name), again if name in mode.workloads else f"{mode.name} mode does without {name}."
            )

    async def _take_back(self, ahead: Plan) -> None:
        """After a failed start nothing half-started stays on the card."""
        for workload in ahead.start:
            if workload.uses_gpu:
                await self._quietly_stop(workload)

    async def _quietly_stop(self, workload: Workload) -> None:
        try:
            if (await self._hands.containers.inspect(workload.container)).running:
                await stop_and_verify(self._hands, workload)
        except ContainerMissing:
            return
        except Bd1Error as trouble:
            _LOG.error("%s could not be stopped after the failed switch: %s", workload.name, trouble)
            self._alerts.report(_SWITCH, Tier.ALERT, "A switch left something behind", str(trouble))

    async def _fail(self, job: SwitchJob, outcome: Outcome, message: str) -> None:
        view = await self._fleet.refresh(by=f"{job.progress.by}, in a switch that failed")
        now = f"The card is in {view.name} mode now." if view.name else (view.trouble or "")
        job.finish(outcome, f"{message} {now}".strip())

    def _admit(self) -> None:
        """Opens or closes chat, from what really runs; a switch or an eviction under way says for itself."""
        if self._evictions or self.is_switching:
            return
        chat = self._settings.chat.workload
        if chat in self._fleet.view.running or self._fleet.view.docker_is_away:  # then only Ollama itself can tell
            self._hands.admission.open()
            return
        name = self._fleet.view.name
        where = f"in {name} mode" if name else "in no mode that I know"
        way = next((mode.name for mode in self._settings.modes.values() if chat in mode.workloads), None)
        mend = f" An operator can bring me back with `/gpu mode {way}`." if way else ""
        self._hands.admission.close(f"The GPU is {where}, so I cannot answer now.{mend}")

    async def evict(self, reason: str) -> None:
        """Relieves the card at once; a switch under way is cut short, for it may be what fills the card."""
        self._evictions += 1
        self._hands.admission.close(_PROTECTING)
        try:
            await self._end_switch("The card had to be protected.")
            async with self._lock:
                await self._relieve(reason)
                await self._fleet.refresh(by="BD-1, to protect the card")
        finally:
            self._evictions -= 1
            self._admit()

    async def _relieve(self, reason: str) -> None:
        """One protective action. While nothing helps, it is tried again and again but told only once."""
        lines: list[str] = []
        is_repeated = self._helpless_in is not None and self._helpless_in == self._incident_id
        helped = await Protection(self._hands, lines.append if is_repeated else self._tell).relieve(reason)
        for line in lines if helped else ():
            self._tell(line)
        self._helpless_in = None if helped else self._incident_id

    @property
    def _incident_id(self) -> str | None:
        incident = self._alerts.open_incident(VRAM)
        return incident.id if incident else None

    def _tell(self, text: str) -> None:
        self._alerts.report(VRAM, Tier.PROTECT, "VRAM protection", text)

    async def _end_switch(self, why: str) -> None:
        if self._task and not self._task.done():
            _LOG.warning("the %s is cut short: %s", self._task.get_name(), why)
            self._cut_because = why
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def intruder(self) -> Workload | None:
        """The GPU workload that came last, where more run than any mode has together; `None` while BD-1 is at work."""
        if self.is_at_work or self.is_switching:
            return None
        try:
            states = await self._fleet.states()
        except Bd1Error:
            return None  # who cannot be seen cannot be stopped; that Docker is away is told elsewhere
        running = {name: state for name, state in states.items() if state and state.running}
        if is_allowed_together(self._settings.modes, running, self._settings.workloads):
            return None
        on_card = sorted(gpu_running(running, self._settings.workloads))
        newest = max(on_card, key=lambda name: _started(running[name]))
        return self._settings.workloads[newest]

    async def turn_away(self, newcomer: Workload) -> Remedy | None:
        """Stops a GPU workload that came up beside another one outside of any mode; `None` when it may stay."""
        async with self._lock:
            try:
                running = await self._fleet.running()
                if newcomer.name not in running or is_allowed_together(
                    self._settings.modes, running, self._settings.workloads
                ):
                    return None
                await stop_and_verify(self._hands, newcomer)
            except Bd1Error as trouble:
                return Remedy(f"I could not stop it: {trouble}", worked=False)
        return Remedy(f"I stopped it. `/gpu mode` brings {newcomer.name} up and makes room first.")

    async def hold_down(self, workload: Workload) -> Remedy:
        """Forces the restart policy to `no` and stops the container; says what came of it."""
        async with self._lock:
            try:
                await self._hands.containers.set_restart_policy(workload.container, RestartPolicy.NO)
                await stop_and_verify(self._hands, workload)
            except Bd1Error as trouble:
                return Remedy(f"I could not keep it down: {trouble}", worked=False)
        return Remedy("I set its restart policy to no and keep it down until somebody starts it with `/gpu mode`.")


def _started(state: ContainerState) -> datetime:
    return state.started_at or datetime.min.replace(tzinfo=UTC)


def refuse_unfit(workload: Workload, state: ContainerState | None) -> None:
    """Refuses, before anything is stopped for it, what could not or must not be started."""
    if state is None:
        raise ContainerMissing(
            f"There is no container named {workload.container} for {workload.name}. "
            "Create it first, for example with `docker compose up --no-start`."
        )
    if workload.uses_gpu and state.restart_policy not in workload.allowed_restart:
        raise SwitchRefused(
            f"Docker restarts {workload.container} by itself (policy {state.restart_policy.value}), and each restart "
            f"of a crashing GPU workload may leave VRAM behind. Run `docker update --restart=no {workload.container}`."
        )
