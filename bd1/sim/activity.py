"""What the simulated workloads do with the card: how busy it is, and ComfyUI's pictures; holds no memory itself."""

from bd1.sim.ledger import VramLedger
from bd1.sim.machine import Machine
from bd1.sim.timeline import Timeline

PAINTER = "comfyui"
CHECKPOINT_MIB = 4200
CHECKPOINT_RATE_MIB_S = 1800.0
"""What ComfyUI takes on top of its base for the first picture, and keeps; together under its declared 8000 MiB."""

DRAW_S = 6.0
FIRST_DRAW_S = 4.0
DRAW_EVERY_S = 20.0
LOAD_WORKING = 97.0
LOAD_GROWING = 30.0
"""Per cent of the card's full load while something computes, and while memory is being filled."""


class Activity:
    """The work on the card. With `draws`, a running ComfyUI draws a picture every 20 s by itself."""

    def __init__(self, timeline: Timeline, ledger: VramLedger, machine: Machine, *, draws: bool) -> None:
        self._timeline = timeline
        self._ledger = ledger
        self._machine = machine
        self._busy_until_s: dict[str, float] = {}
        if draws:
            self._timeline.after(FIRST_DRAW_S, self._draw_again)

    def work(self, name: str, seconds: float) -> None:
        """The container keeps the card busy for `seconds`, while it runs."""
        until_s = self._timeline.now_s + seconds
        self._busy_until_s[name] = max(until_s, self._busy_until_s.get(name, 0.0))
        self._timeline.after(seconds, lambda: None)

    def draw(self) -> bool:
        """ComfyUI draws one picture; false when it is not up."""
        pid = self._machine.boxes[PAINTER].pid
        if pid is None or not self._machine.is_ready(PAINTER):
            return False
        self._ledger.claim(pid, "checkpoint", CHECKPOINT_MIB, CHECKPOINT_RATE_MIB_S)
        self.work(PAINTER, DRAW_S)
        return True

    def load_pct(self, now_s: float) -> float:
        """How busy the card is at `now_s`, 0 to 100."""
        boxes = self._machine.boxes
        if any(until_s >= now_s and boxes[name].running for name, until_s in self._busy_until_s.items()):
            return LOAD_WORKING
        return LOAD_GROWING if self._ledger.growing else 0.0

    def _draw_again(self) -> None:
        self._timeline.after(DRAW_EVERY_S if self.draw() else FIRST_DRAW_S, self._draw_again)
