"""The line in front of the chat model: who is answered next, who may still join, and how long it takes. Pure.

It is fair to people, not to questions: whoever asks three at once is answered once, then it is everybody else's turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Place:
    """One question in line. `round` says how many turns its asker has had before; `arrival` breaks ties."""

    ticket: int
    asker_id: int
    round: int
    arrival: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who waits and who is being answered, as a value: every change returns the line that comes after it.

    At most `parallel` are answered at once, at most `most_waiting` wait, at most `most_per_asker` of one person are
    in it, the running ones included.
    """

    parallel: int
    most_waiting: int
    most_per_asker: int
    waiting: tuple[Place, ...] = ()
    """In the order in which they will be taken."""
    running: tuple[Place, ...] = ()
    arrivals: int = 0
    round: int = 0
    """The turn that is being dealt out; whoever comes new joins it."""

    def is_full(self, *, is_open: bool) -> bool:
        """Whether nobody may join any more. `is_open` is whether questions may begin at all now."""
        begins_at_once = is_open and len(self.running) < self.parallel
        return len(self.waiting) >= self.most_waiting and not begins_at_once

    def of(self, asker_id: int) -> int:
        """How many questions of this person are in the line."""
        return sum(1 for place in (*self.waiting, *self.running) if place.asker_id == asker_id)

    def has_enough_of(self, asker_id: int) -> bool:
        """Whether this person has to wait for an answer before asking more."""
        return self.of(asker_id) >= self.most_per_asker

    def joined(self, ticket: int, asker_id: int) -> "Line":
        """The line with one more at the end of this person's turns. Whether it may join is asked before."""
        mine = [place.round for place in (*self.waiting, *self.running) if place.asker_id == asker_id]
        place = Place(ticket, asker_id, max([self.round, *(turn + 1 for turn in mine)]), self.arrivals)
        return replace(self, waiting=_in_order((*self.waiting, place)), arrivals=self.arrivals + 1)

    def next_taken(self) -> "tuple[Line, int | None]":
        """The line after its first question has begun, and that question's ticket; `None` when nothing may begin."""
        if not self.waiting or len(self.running) >= self.parallel:
            return self, None
        first, *rest = self.waiting
        taken = replace(self, waiting=tuple(rest), running=(*self.running, first), round=max(self.round, first.round))
        return taken, first.ticket

    def put_back(self, ticket: int) -> "Line":
        """One that was taken and has not begun waits again, where it was."""
        back = [place for place in self.running if place.ticket == ticket]
        left = tuple(place for place in self.running if place.ticket != ticket)
        return replace(self, running=left, waiting=_in_order((*self.waiting, *back)))

    def left(self, ticket: int) -> "Line":
        """The line without this one, wherever it stood; the same person's later ones move up by a turn."""
        gone = next((place for place in self.waiting if place.ticket == ticket), None)
        running = tuple(place for place in self.running if place.ticket != ticket)
        if gone is None:
            return replace(self, running=running)
        later = [place for place in self.waiting if place.asker_id == gone.asker_id and place.round > gone.round]
        turns = [gone.round, *(place.round for place in later)]
        moved = {place.ticket: replace(place, round=turn) for place, turn in zip(later, turns, strict=False)}
        rest = [moved.get(place.ticket, place) for place in self.waiting if place.ticket != ticket]
        return replace(self, running=running, waiting=_in_order(rest))

    def ahead_of(self, ticket: int) -> int:
        """How many answers come before this one, those under way included."""
        before = next((number for number, place in enumerate(self.waiting) if place.ticket == ticket), 0)
        return len(self.running) + before


def _in_order(places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: (place.round, place.arrival)))


def eta_s(ahead: int, running_for_s: Sequence[float], usual_s: float | None, parallel: int) -> float | None:
    """In how many seconds a question with `ahead` answers before it begins; `None` where no speed was measured.

    `running_for_s` is how long each answer under way has taken so far; one that takes longer than usual may end at any
    moment. `usual_s` is how long an answer took the last times.
    """
    if usual_s is None:
        return None
    free_at_s = sorted([max(0.0, usual_s - so_far_s) for so_far_s in running_for_s])
    free_at_s = [0.0] * max(0, parallel - len(free_at_s)) + free_at_s
    for _ in range(max(0, ahead - len(running_for_s))):
        free_at_s = sorted([free_at_s[0] + usual_s, *free_at_s[1:]])
    return free_at_s[0]
