"""The simulated container engine: start, stop, kill, crash and restart as Docker does it; no asyncio, no port."""

import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bd1.core.settings import RestartPolicy
from bd1.ports import ContainerEvent
from bd1.sim.ledger import VramLedger
from bd1.sim.timeline import Timeline

KILL_S = 0.1
"""From SIGKILL to the end of the process."""

FIRST_RESTART_S = 0.1
LONGEST_RESTART_S = 60.0
STEADY_AFTER_S = 10.0
"""Docker waits 100 ms before a restart, doubles that up to a minute, and begins anew after a run of 10 s."""

SIGKILLED = 137
CRASHED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxSpec:
    """What a container is made of. It answers `start_s` after its start and obeys a polite stop in `stop_s`."""

    name: str
    process: str
    start_s: float
    stop_s: float
    stop_code: int = 0
    base_mib: int = 0
    base_rate_mib_s: float = 1600.0
    uses_gpu: bool = False
    policy: RestartPolicy = RestartPolicy.UNLESS_STOPPED


SPECS = (
    BoxSpec(name="ollama", process="ollama", start_s=1.0, stop_s=0.4, uses_gpu=True, policy=RestartPolicy.NO),
    BoxSpec(name="open-webui", process="uvicorn", start_s=2.5, stop_s=0.8),
    BoxSpec(name="anythingllm", process="node", start_s=3.0, stop_s=0.6),
    BoxSpec(
        name="comfyui",
        process="python3",
        start_s=2.0,
        stop_s=1.2,
        stop_code=143,
        base_mib=2400,
        uses_gpu=True,
        policy=RestartPolicy.NO,
    ),
)


@dataclass(slots=True)
class Box:
    """One container as it is now."""

    spec: BoxSpec
    id: str
    policy: RestartPolicy
    status: str = "created"
    pid: int | None = None
    children: set[int] = field(default_factory=set)
    run: int = 0
    """Counts its starts: an appointment made in one run means nothing in the next."""
    starts: int = 0
    """Counts the starts somebody asked for; a restart by policy is none."""
    started_s: float | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    restarts: int = 0
    restart_delay_s: float = 0.0
    stopped_by_hand: bool = False
    stopping: bool = False
    crashes_after_s: float | None = None
    """While set, every run ends in a crash after this time."""
    leaves_mib: int = 0
    """What a crash leaves behind on the card for good."""
    dies_starting_after_s: float | None = None
    """While set, every start ends in a crash after this time."""
    never_ready: bool = False
    """It runs and answers nobody."""
    is_deaf: bool = False
    """A polite stop does not reach it: it is killed once its grace is over."""
    refusal: str | None = None
    """Why the engine refuses to start it; `None` while it does not."""
    ignores_start: bool = False
    ignores_stop: bool = False
    ignores_kill: bool = False
    """The engine says yes, and nothing happens."""

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.pid is not None

    def pids(self) -> frozenset[int]:
        """Every process that lives in it."""
        return frozenset(self.children if self.pid is None else {self.pid, *self.children})


class Machine:
    """The containers and the processes in them. Everything happens at the timeline's present.

    Unknown names raise `KeyError`: the port in front of it answers for names people choose.
    """

    def __init__(self, timeline: Timeline, ledger: VramLedger, specs: tuple[BoxSpec, ...] = SPECS) -> None:
        self._timeline = timeline
        self._ledger = ledger
        self._next_pid = itertools.count(4101, 7)
        self._listeners: list[Callable[[ContainerEvent], None]] = []
        self._boxes = {spec.name: Box(spec, _container_id(spec.name), spec.policy) for spec in specs}
        self.engine_away = False

    @property
    def boxes(self) -> Mapping[str, Box]:
        """The containers by name."""
        return self._boxes

    def listen(self, listener: Callable[[ContainerEvent], None]) -> Callable[[], None]:
        """From now on `listener` hears every event; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def is_ready(self, name: str) -> bool:
        """Whether it runs, has had the time to come up, and answers."""
        box = self._boxes[name]
        if box.started_s is None or box.never_ready:
            return False
        return box.running and self._now_s >= box.started_s + box.spec.start_s

    def start(self, name: str) -> None:
        """Starts it; nothing happens when it runs."""
        box = self._boxes[name]
        if not box.running and not box.ignores_start:
            box.restart_delay_s, box.restarts = 0.0, 0
            box.starts += 1
            self._spawn(box)

    def stop(self, name: str, grace_s: float) -> None:
        """Asks it to end, and kills it after `grace_s`. It also gives up a restart it waits for."""
        box = self._boxes[name]
        if box.ignores_stop:
            return
        box.stopped_by_hand = True
        if box.running:
            self._end_politely(box, grace_s)
        elif box.status == "restarting":
            box.status = "exited"
            box.run += 1

    def kill(self, name: str) -> None:
        """Kills it; nothing happens when it does not run."""
        box = self._boxes[name]
        if box.running and not box.ignores_kill:
            box.stopped_by_hand = True
            self._kill(box)

    def set_policy(self, name: str, policy: RestartPolicy) -> None:
        """Changes its restart policy, as `docker update` does it."""
        box = self._boxes[name]
        box.policy = policy
        self._tell(box, "update")

    def pause(self, name: str) -> None:
        """Freezes its processes: they keep their memory and take no more; nothing happens when it does not run."""
        box = self._boxes[name]
        if box.running and box.status != "paused":
            box.status = "paused"
            self._ledger.frozen |= box.pids()
            self._tell(box, "pause")

    def unpause(self, name: str) -> None:
        """Lets its processes go on; nothing happens when they are not frozen."""
        box = self._boxes[name]
        if box.status == "paused":
            box.status = "running"
            self._ledger.frozen -= box.pids()
            self._tell(box, "unpause")

    def end_now(self, name: str) -> None:
        """Ends it without waiting; nothing happens when it does not run."""
        box = self._boxes[name]
        if box.running:
            box.stopped_by_hand = True
            self._stopped(box, SIGKILLED)

    def crash(self, name: str) -> None:
        """Its process ends by itself with an error; the restart policy decides what follows."""
        box = self._boxes[name]
        if box.running:
            self._die(box, CRASHED, box.leaves_mib)

    def spawn_child(self, name: str) -> int:
        """A new process within a running container; answers its PID."""
        pid = self.new_pid()
        self._boxes[name].children.add(pid)
        return pid

    def end_child(self, name: str, pid: int) -> None:
        """That process ends, and what it held on the card comes back."""
        self._boxes[name].children.discard(pid)
        self._ledger.bury(pid)

    def new_pid(self) -> int:
        """A PID that nobody has had."""
        return next(self._next_pid)

    def crash_in(self, name: str, delay_s: float) -> None:
        """Lets the present run of the container end in a crash, unless it ends or is pardoned before."""
        box = self._boxes[name]
        self._in_this_run(box, delay_s, lambda: self.crash(name) if box.crashes_after_s is not None else None)

    @property
    def _now_s(self) -> float:
        return self._timeline.now_s

    def _spawn(self, box: Box) -> None:
        box.run += 1
        box.pid = self.new_pid()
        box.status, box.exit_code, box.stopped_by_hand, box.stopping = "running", None, False, False
        box.started_s, box.started_at = self._now_s, self._timeline.calendar()
        if box.spec.base_mib:
            self._ledger.claim(box.pid, box.spec.name, box.spec.base_mib, box.spec.base_rate_mib_s)
        if box.crashes_after_s is not None:
            self.crash_in(box.spec.name, box.crashes_after_s)
        if box.dies_starting_after_s is not None:
            self._in_this_run(box, box.dies_starting_after_s, lambda: self._die_starting(box))
        self._tell(box, "start")

    def _die_starting(self, box: Box) -> None:
        if box.dies_starting_after_s is not None:
            self._die(box, CRASHED)

    def _end_politely(self, box: Box, grace_s: float) -> None:
        self.unpause(box.spec.name)  # as Docker does it: the signal waits, and is heard once it goes on
        self._tell(box, "kill")
        box.stopping = True
        if box.spec.stop_s <= grace_s and not box.is_deaf:
            self._in_this_run(box, box.spec.stop_s, lambda: self._stopped(box, box.spec.stop_code))
        else:
            self._in_this_run(box, grace_s, lambda: self._end_grace(box))

    def _end_grace(self, box: Box) -> None:
        box.stopping = not box.ignores_kill
        if box.stopping:
            self._kill(box)

    def _kill(self, box: Box) -> None:
        was_stopping = box.stopping
        box.stopping = True
        self._tell(box, "kill")
        end = self._stopped if was_stopping else self._die
        self._in_this_run(box, KILL_S, lambda: end(box, SIGKILLED))

    def _stopped(self, box: Box, exit_code: int) -> None:
        self._die(box, exit_code)
        self._tell(box, "stop")

    def _die(self, box: Box, exit_code: int, leaves_mib: int = 0) -> None:
        for pid in sorted(box.pids()):
            self._ledger.bury(pid, leaves_mib if pid == box.pid else 0)
        box.pid, box.exit_code, box.status, box.stopping = None, exit_code, "exited", False
        box.ended_at = self._timeline.calendar()
        box.children.clear()
        box.run += 1
        if _restarts(box):
            self._restart_later(box)
        self._tell(box, "die", exit_code)

    def _restart_later(self, box: Box) -> None:
        ran_s = self._now_s - (box.started_s or self._now_s)
        doubled_s = min(box.restart_delay_s * 2, LONGEST_RESTART_S)
        box.restart_delay_s = FIRST_RESTART_S if ran_s >= STEADY_AFTER_S else max(FIRST_RESTART_S, doubled_s)
        box.status = "restarting"
        box.restarts += 1
        self._in_this_run(box, box.restart_delay_s, lambda: self._spawn(box))

    def _in_this_run(self, box: Box, delay_s: float, action: Callable[[], None]) -> None:
        run = box.run
        self._timeline.after(delay_s, lambda: action() if box.run == run else None)

    def _tell(self, box: Box, action: str, exit_code: int | None = None) -> None:
        event = ContainerEvent(box.spec.name, action, self._timeline.calendar(), exit_code)
        for listener in tuple(self._listeners):
            listener(event)


def _restarts(box: Box) -> bool:
    if box.stopped_by_hand:
        return False
    if box.policy is RestartPolicy.ON_FAILURE:
        return box.exit_code != 0
    return box.policy in {RestartPolicy.ALWAYS, RestartPolicy.UNLESS_STOPPED}


def _container_id(name: str) -> str:
    return hashlib.sha256(f"bd1 simulated container {name}".encode()).hexdigest()
