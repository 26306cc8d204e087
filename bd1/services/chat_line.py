"""The line as it moves: lets in whose turn it is while the door is open, and tells everybody where they stand.

What is fair is decided in `core.line`; who may use the model at all, by the director through `admission`.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from statistics import median

from bd1.core.answer import Held, Waiting
from bd1.core.line import Line, eta_s
from bd1.core.settings import ChatSettings
from bd1.ports import Clock
from bd1.services.admission import Admission

_MEASURED = 9
"""So many last answers say how long one takes."""


@dataclass(slots=True)
class Standing:
    """One question's place. `moved` is set whenever it may stand otherwise than it was told."""

    ticket: int
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    began_s: float | None = None
    """Since when it has its turn; `None` while it has none."""


class ChatLine:
    """Everybody who waits and everybody who is being answered."""

    def __init__(self, settings: ChatSettings, admission: Admission, clock: Clock) -> None:
        self._admission = admission
        self._clock = clock
        self._line = Line(
            parallel=settings.parallel, most_waiting=settings.max_waiting, most_per_asker=settings.max_per_user
        )
        self._standings: dict[int, Standing] = {}
        self._took_s: deque[float] = deque(maxlen=_MEASURED)
        admission.listen(self._move)

    def refusal(self, asker_id: int) -> str | None:
        """Why this person cannot join now, a sentence; `None` when they can."""
        if self._line.is_full(is_open=self._admission.closed_because is None):
            return f"{len(self._line.waiting)} questions are waiting already. Please ask again in a minute."
        if self._line.has_enough_of(asker_id):
            mine = self._line.of(asker_id)
            return f"I have {mine} questions of yours already. Please wait for an answer, or take one of them back."
        return None

    def join(self, ticket: int, asker_id: int) -> Standing:
        """Takes a place; its turn may have come at once."""
        standing = self._standings[ticket] = Standing(ticket)
        self._line = self._line.joined(ticket, asker_id)
        self._move()
        return standing

    def leave(self, standing: Standing, *, measured: bool = False) -> None:
        """Gives up place or turn; again does no harm. `measured` when the whole answer was made in this turn."""
        if self._standings.pop(standing.ticket, None) is None:
            return
        if measured and standing.began_s is not None:
            self._took_s.append(self._clock.monotonic() - standing.began_s)
        self._line = self._line.left(standing.ticket)
        self._move()

    def put_back(self, standing: Standing) -> None:
        """Its turn had come and nothing was begun: it waits again where it stood."""
        standing.began_s = None
        self._line = self._line.put_back(standing.ticket)
        self._move()

    def tell(self, standing: Standing) -> Waiting | Held | None:
        """How it stands; `None` when its turn has come."""
        if standing.began_s is not None:
            return None
        if reason := self._admission.closed_because:
            return Held(reason, self._admission.way_back)
        ahead = self._line.ahead_of(standing.ticket)
        return Waiting(ahead, self._eta_s(ahead))

    def _eta_s(self, ahead: int) -> float | None:
        usual_s = median(self._took_s) if self._took_s else None
        now_s = self._clock.monotonic()
        so_far_s = [now_s - it.began_s for it in self._standings.values() if it.began_s is not None]
        exact_s = eta_s(ahead, so_far_s, usual_s, self._line.parallel)
        return None if exact_s is None else float(round(exact_s))

    def _move(self) -> None:
        while self._admission.closed_because is None:
            self._line, ticket = self._line.next_taken()
            if ticket is None:
                break
            self._standings[ticket].began_s = self._clock.monotonic()
        for standing in self._standings.values():
            standing.moved.set()
