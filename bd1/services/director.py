"""The one writer of who is on the card: switches, protective evictions, newcomers and crash loops all pass here.

It decides nothing about VRAM itself (that is `core.gate`, `core.ladder`) and shows nothing (that is the cogs).
"""

import asyncio
import logging

from bd1.core.gpu import GpuSample
from bd1.core.journal import Entry
from bd1.core.modes import Plan, plan, way_to_chat, why_no_chat
from bd1.core.progress import Forecast, Outcome, Override, Patience, Progress
from bd1.core.settings import Mode
from bd1.errors import Busy, SwitchRefused, TooLate
from bd1.ports import ContainerEvent
from bd1.services.doorkeeper import Remedy
from bd1.services.fleet import OUTSIDE, ModeView
from bd1.services.latch import Unsafe
from bd1.services.measures import Measures
from bd1.services.protection import Relief
from bd1.services.record import Record
from bd1.services.recovery import Recovery
from bd1.services.staff import Staff
from bd1.services.switch import OVER, SwitchJob
from bd1.services.transaction import Transaction, Wish
from bd1.services.waiting import first_of

_LOG = logging.getLogger(__name__)
_PROTECTING = "The GPU's memory is nearly full and I am making room. Please ask again in a minute."
_UNEXPECTED = "Something went wrong that I did not expect; it is in my log."
_NOT_KNOWN_YET = (
    "I do not know yet what an interrupted switch left behind, because Docker does not tell what runs. Ask again in a "
    "minute."
)
_MIRROR_S = 0.5
_READY_S = 8.0
_AT_ITS_START = "BD-1 at its start"


class Director:
    """Owns occupancy. Everything that starts or stops a container does so while holding its lock, newcomers aside."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._hands = staff.hands
        self._settings = staff.hands.settings
        self._fleet = staff.fleet
        self._alerts = staff.alerts
        self.door = staff.door
        self.exits = staff.exits
        self._lock = asyncio.Lock()
        self._ready = asyncio.Event()
        self._ready.set()
        self.has_begun = asyncio.Event()
        """Set once it is decided what to bring up at the start; a switch to it is under way then."""
        self._job: SwitchJob | None = None
        self._record: Record | None = None
        self._task: asyncio.Task[None] | None = None
        self._cut_because = ""
        self._is_closing = False
        self._evictions = 0
        self._recovery = Recovery(staff, self._lock)
        self._relief = Relief(staff.hands, staff.alerts, staff.fleet)
        self.measures = Measures(staff, self._lock, lambda: self.is_switching)

    @property
    def job(self) -> SwitchJob | None:
        """The switch under way, or the last one."""
        return self._job

    @property
    def unsafe(self) -> Unsafe | None:
        """Set while the card is known not to be free although it should be."""
        return self._staff.latch.state

    @property
    def is_switching(self) -> bool:
        """Whether a switch is under way."""
        return self._job is not None and not self._job.is_over

    @property
    def is_at_work(self) -> bool:
        """Whether BD-1 itself is starting or stopping something right now."""
        return self._lock.locked()

    async def load(self) -> None:
        """Takes back the journal, the latches and the unplanned ends. Raises `StoreUnavailable`."""
        await self._staff.journal.load()
        await self._staff.latch.load()
        await self._staff.off.load()
        await self._staff.exits.load()
        self._fleet.mark_unsafe(self.unsafe.reason if self.unsafe else None)
        if self._staff.journal.interrupted:
            self._ready.clear()

    async def begin(self) -> None:
        """Resolves what an earlier run left open, looks at what runs, and brings up the start mode on an unused card.

        May be called again and again: what could not be done while Docker was away, or the card forbidden, is done
        then.
        """
        if not await self._recovery.is_done():
            return
        self._ready.set()
        if self.has_begun.is_set():
            return
        self._mark()
        view = await self.refresh()
        if view.docker_is_away or self._staff.veto.reason:
            return
        self._bring_up(view)
        self.has_begun.set()

    def _bring_up(self, view: ModeView) -> None:
        """The start mode, if the card is unused."""
        wanted = self._settings.switch.start_mode
        on_card = [name for name in view.running if self._settings.workloads[name].uses_gpu]
        if wanted is None or view.name == wanted or on_card:
            return
        try:
            self.switch(wanted, _AT_ITS_START, patience=Patience.WAIT)
        except Busy as busy:
            _LOG.info("the start mode is left alone: %s", busy)

    async def refresh(self, by: str = OUTSIDE) -> ModeView:
        """Looks at what runs, puts a change of the mode down to `by`, and opens or closes chat accordingly."""
        view = await self._fleet.refresh(in_transit=self.is_switching or self.is_at_work, by=by)
        if not (self.is_switching or self.is_at_work or view.docker_is_away):
            self.door.forget_all_but(view.running)
        self._admit()
        return view

    async def close(self) -> None:
        """Cuts a switch that is under way. Its entry stays open: the next start finds out what became of it."""
        self._is_closing = True
        await self._end_switch("BD-1 is being stopped.")

    async def preview(self, target: str) -> Forecast:
        """What a switch would do. Raises `SwitchRefused` for an unknown mode, `DockerUnavailable`."""
        return await self._staff.foresee(self.plan(target, await self._fleet.running()))

    def plan(self, target: str, running: frozenset[str]) -> Plan:
        """What a switch would stop and start. Raises `SwitchRefused` when there is no such mode."""
        return plan(self._mode(target), running, self._settings.workloads)

    def _mode(self, name: str) -> Mode:
        mode = self._settings.modes.get(name)
        if mode is None:
            raise SwitchRefused(f"There is no mode called {name}. There are: {', '.join(self._settings.modes)}.")
        return mode

    def switch(
        self,
        target: str,
        by: str,
        *,
        by_id: int | None = None,
        patience: Patience = Patience.ASK,
        override: Override | None = None,
    ) -> SwitchJob:
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
            return self._join(self._job, target, patience, override)
        now_s = self._hands.clock.monotonic()
        progress = Progress(self._fleet.view.name, target, by, (), now_s, id=self._staff.journal.new_id(), by_id=by_id)
        job = self._job = SwitchJob(progress, self._hands.clock)
        self._record = record = Record(self._staff.journal, self._hands.clock, self._entry(progress, override))
        work = Transaction(self._staff, job, record, Wish(mode, patience, override))
        self._task = asyncio.create_task(self._carry(work, job, record), name=f"switch to {target}")
        self._task.add_done_callback(lambda _: self._close(job, record))
        return job

    def _join(self, job: SwitchJob, target: str, patience: Patience, override: Override | None) -> SwitchJob:
        """Whoever joins may answer the question of the switch; a word for memory that is left starts anew."""
        if job.progress.target == target and override is None:
            if patience is Patience.CUT and job.progress.question is not None:
                job.choose(patience)
            return job
        seconds = self._hands.clock.monotonic() - job.progress.started_s
        raise Busy(
            f"{job.progress.by} started a switch to {job.progress.target} {seconds:.0f} s ago. Wait until it has ended."
        )

    def _entry(self, progress: Progress, override: Override | None) -> Entry:
        said = None if override is None else f"{override.by}: {override.reason}"
        now = self._hands.clock.now()
        return Entry(progress.id, progress.origin, progress.target, progress.by, now, override=said)

    def cancel(self, job_id: str, by: str) -> None:
        """Ends a switch before anything is stopped. Raises `TooLate`."""
        self._job_of(job_id).cancel(by)

    def choose(self, job_id: str, patience: Patience, by: str) -> None:
        """Answers the question of a switch: wait on, or cut what is under way. Raises `TooLate`."""
        self._job_of(job_id).choose(patience)
        _LOG.info("%s chose to %s", by, patience.value)

    def _job_of(self, job_id: str) -> SwitchJob:
        if self._job is None or self._job.id != job_id:
            raise TooLate(OVER)
        return self._job

    def _close(self, job: SwitchJob, record: Record) -> None:
        """A switch that was cut has an end too, even one whose task never took its first step."""
        if not job.is_over:
            message = f"{self._cut_because} The switch was cut short.".strip()
            job.finish(Outcome.FAILED, message)
            if not self._is_closing:  # else the next start finds out what became of it
                record.close(Outcome.FAILED, message, job.progress.elapsed_s)
        self._admit()

    async def _carry(self, work: Transaction, job: SwitchJob, record: Record) -> None:
        mirror = asyncio.create_task(self._mirror(job), name="mirror of the card")
        try:
            outcome, message = await self._run(work)
        finally:
            mirror.cancel()
        if outcome is not Outcome.DONE:
            view = await self._fleet.refresh(by=f"{job.progress.by}, in a switch that failed")
            self._mark()
            unsafe = ", and unsafe" if self.unsafe else ""
            now = f"The card is in {view.name} mode now{unsafe}." if view.name else (view.trouble or "")
            message = f"{message} {now}".strip()
        self._mark()
        if record.is_worth_keeping(outcome):
            await record.finish(outcome, message, self._hands.clock.monotonic() - job.progress.started_s)
        if outcome is Outcome.DONE:
            self.measures.close_incidents(job.progress)
        job.finish(outcome, message)
        _LOG.info("switch %s -> %s by %s: %s", job.progress.origin, job.progress.target, job.progress.by, message)

    async def _run(self, work: Transaction) -> tuple[Outcome, str]:
        try:
            await first_of(self._hands.clock, _READY_S, self._ready)
            if not self._ready.is_set():
                return Outcome.REFUSED, _NOT_KNOWN_YET
            async with self._lock:
                return await work.run()
        except Exception:  # noqa: BLE001 the border of the switch's own task: told, logged, the next switch may come
            _LOG.exception("a switch failed in a way nobody expected")
            async with self._lock:
                await work.take_back()
            return Outcome.FAILED, _UNEXPECTED

    async def _mirror(self, job: SwitchJob) -> None:
        """Shows people the card while the switch is under way, from the looks that others take anyway."""
        while True:
            latest = self._hands.card.latest
            if isinstance(latest, GpuSample):
                job.seen(latest)
            else:
                job.tick()
            await self._hands.clock.sleep(_MIRROR_S)

    def _mark(self) -> None:
        self._fleet.mark_unsafe(self.unsafe.reason if self.unsafe else None)

    def _admit(self) -> None:
        """Opens or closes chat, from what really runs; a switch or an eviction under way says for itself."""
        if self._evictions or self.is_switching:
            return
        view, veto = self._fleet.view, self._staff.veto.reason
        unknown = view.docker_is_away  # then only Ollama itself can tell
        why_not = None if unknown else why_no_chat(self._settings, view.name, view.running)
        self._hands.admission.set(veto or why_not, None if veto else way_to_chat(self._settings))

    def forbid(self, reason: str | None) -> None:
        """From now on nothing is started on the card and nobody is answered, for this reason; `None` allows it."""
        self._staff.veto.reason = reason
        self._admit()

    async def evict(self, reason: str) -> None:
        """Relieves the card at once; a switch under way is cut short, for it may be what fills the card."""
        self._evictions += 1
        self._hands.admission.close(_PROTECTING)
        try:
            await self._end_switch("The card had to be protected.")
            async with self._lock:
                await self._relief.relieve(reason)
                await self._fleet.refresh(by="BD-1, to protect the card")
        finally:
            self._evictions -= 1
            self._admit()

    async def _end_switch(self, why: str) -> None:
        running = [task for task in (self._task, self._recovery.task) if task and not task.done()]
        for task in running:
            _LOG.warning("the %s is cut short: %s", task.get_name(), why)
            self._cut_because = why
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def kill_holder(self, name: str, by: str) -> Remedy:
        """Kills a workload of ours that kept the gate shut; says what came of it."""
        return await self.measures.kill_holder(name, by, self._fleet.view.name)

    async def check_latch(self) -> None:
        """Opens the latch once the card is proved to be clean."""
        await self.measures.check_latch()
        self._mark()

    def hear(self, event: ContainerEvent) -> None:
        """A container has changed: whoever waits for one to come up looks at once."""
        if event.action == "die" and self._job:
            self._job.died.set()
