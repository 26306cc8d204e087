"""What the simulated workloads do with the card: how busy it is, and ComfyUI's pictures; holds no memory itself."""

from dataclasses import dataclass

from bd1.sim.ledger import VramLedger
from bd1.sim.machine import Machine
from bd1.sim.timeline import Timeline

PAINTER = "comfyui"
CHECKPOINT = "checkpoint"
CHECKPOINT_MIB = 4200
CHECKPOINT_RATE_MIB_S = 1800.0
"""What ComfyUI takes on top of its base for the first picture, and keeps; together under its declared 8000 MiB."""

DRAW_S = 6.0
FIRST_DRAW_S = 4.0
DRAW_EVERY_S = 20.0
LOAD_WORKING = 97.0
LOAD_GROWING = 30.0
"""Per cent of the card's full load while something computes, and while memory is being filled."""


@dataclass(frozen=True, slots=True)
class _Work:
    """Until when one run of a container keeps the card busy; the next run knows nothing of it."""

    run: int
    until_s: float


@dataclass(slots=True)
class _Queue:
    """ComfyUI's jobs in one run of its container: the first is being drawn, the others wait."""

    run: int
    jobs: int = 0
    drawing: int = 0
    """Counts the pictures begun or given up: the end of one that was given up means nothing."""
    free_asked: bool = False
    """The checkpoint goes once the picture under way is done, as in the real one."""


class Activity:
    """The work on the card. With `draws`, a running ComfyUI draws a picture every 20 s by itself."""

    def __init__(self, timeline: Timeline, ledger: VramLedger, machine: Machine, *, draws: bool) -> None:
        self._timeline = timeline
        self._ledger = ledger
        self._machine = machine
        self._work: dict[str, _Work] = {}
        self._last_queue = _Queue(run=0)
        if draws:
            self._timeline.after(FIRST_DRAW_S, self._draw_again)

    def work(self, name: str, seconds: float) -> None:
        """The container keeps the card busy for `seconds`, while it runs."""
        run, until_s = self._machine.boxes[name].run, self._timeline.now_s + seconds
        before = self._work.get(name)
        if before is not None and before.run == run:
            until_s = max(until_s, before.until_s)
        self._work[name] = _Work(run, until_s)
        self._timeline.after(seconds, lambda: None)

    def draw(self) -> bool:
        """ComfyUI draws one picture, after those that wait already; false when it is not up."""
        return self.queue(1)

    def queue(self, count: int) -> bool:
        """Gives ComfyUI `count` more pictures to draw, one after the other; false when it is not up.

        They are lost when its container dies.
        """
        self._timeline.catch_up()
        if not self._machine.is_ready(PAINTER):
            return False
        queue = self._queue()
        is_idle = queue.jobs == 0
        queue.jobs += count
        if is_idle and queue.jobs:
            self._begin(queue)
        return True

    def jobs(self) -> tuple[int, int]:
        """How many pictures ComfyUI draws now (0 or 1), and how many wait."""
        self._timeline.catch_up()
        jobs = self._queue().jobs
        return min(jobs, 1), max(jobs - 1, 0)

    def free(self) -> None:
        """ComfyUI lets go of its checkpoint: at once when it is idle, else when the picture under way is done."""
        self._timeline.catch_up()
        queue = self._queue()
        if queue.jobs:
            queue.free_asked = True
        else:
            self._let_go(queue)

    def interrupt(self) -> None:
        """The picture under way is given up; the next one that waits is begun."""
        self._timeline.catch_up()
        queue = self._queue()
        if queue.jobs:
            self._work.pop(PAINTER, None)
            queue.drawing += 1
            self._end(queue, queue.drawing)

    def load_pct(self, now_s: float) -> float:
        """How busy the card is at `now_s`, 0 to 100."""
        boxes = self._machine.boxes
        if any(work.until_s >= now_s and boxes[name].run == work.run for name, work in self._work.items()):
            return LOAD_WORKING
        return LOAD_GROWING if self._ledger.growing else 0.0

    def _queue(self) -> _Queue:
        """The queue of the present run; what an earlier run had to do is forgotten."""
        run = self._machine.boxes[PAINTER].run
        if self._last_queue.run != run:
            self._last_queue = _Queue(run)
        return self._last_queue

    def _begin(self, queue: _Queue) -> None:
        pid = self._machine.boxes[PAINTER].pid
        if pid is not None:
            self._ledger.claim(pid, CHECKPOINT, CHECKPOINT_MIB, CHECKPOINT_RATE_MIB_S)
        self.work(PAINTER, DRAW_S)
        queue.drawing += 1
        number = queue.drawing
        self._timeline.after(DRAW_S, lambda: self._end(queue, number))

    def _end(self, queue: _Queue, number: int) -> None:
        if queue is not self._queue() or number != queue.drawing:
            return
        queue.jobs -= 1
        if queue.free_asked:
            self._let_go(queue)
        if queue.jobs:
            self._begin(queue)

    def _let_go(self, queue: _Queue) -> None:
        queue.free_asked = False
        pid = self._machine.boxes[PAINTER].pid
        if pid is not None:
            self._ledger.release(pid, CHECKPOINT)

    def _draw_again(self) -> None:
        self._timeline.after(DRAW_EVERY_S if self.draw() else FIRST_DRAW_S, self._draw_again)
