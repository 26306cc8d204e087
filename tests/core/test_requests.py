"""All requests of the bot: never too many, ends before growing answers before notices, and everybody in turn."""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.core.edits import Need
from bd1.core.requests import Requests

STREAMS, EVERY_S = 50, 1.25
seeds = st.integers(0, 10**9)


@dataclass(frozen=True, slots=True)
class Went:
    """A request: for what, who asked, and when it was asked, sent and came to Discord."""

    need: Need
    who: int
    asked_s: float
    sent_s: float
    arrived_s: float

    @property
    def waited_s(self) -> float:
        return self.sent_s - self.asked_s


@dataclass
class Bot:
    """A budget with a line for each need, and the way to Discord and back."""

    chance: random.Random
    longest_way_s: float = 0.5
    requests: Requests = field(default_factory=Requests)
    now: float = 0.0
    went: list[Went] = field(default_factory=list)
    again_after_s: float = inf
    """A growing answer asks again so long after it went."""
    _lines: dict[Need, deque[tuple[int, float]]] = field(default_factory=lambda: {need: deque() for need in Need})
    _events: list[tuple[float, int, Need | None, int]] = field(default_factory=list)
    _counter: Iterator[int] = field(default_factory=count)

    def ask(self, need: Need, at: float, who: int = 0) -> None:
        heappush(self._events, (at, next(self._counter), need, who))

    def play(self, until: float) -> None:
        while (at := self._next_s()) <= until:
            self.now = at
            while self._events and self._events[0][0] <= at:
                _, _, need, who = heappop(self._events)
                if need is None:
                    self.requests = self.requests.told(at)
                else:
                    self._lines[need].append((who, at))
            self._let_go()

    def _next_s(self) -> float:
        turns = [self.requests.next_at(need, self.now) for need, line in self._lines.items() if line]
        return min([*turns, self._events[0][0] if self._events else inf])

    def _let_go(self) -> None:
        for need, line in self._lines.items():
            while line and self.requests.next_at(need, self.now) <= self.now:
                self._send(need, *line.popleft())

    def _send(self, need: Need, who: int, asked_s: float) -> None:
        self.requests = self.requests.booked(need, self.now).sent()
        there = self.now + self.chance.uniform(0.01, self.longest_way_s)
        self.went.append(Went(need, who, asked_s, self.now, there))
        back = there + self.chance.uniform(0.01, self.longest_way_s)
        heappush(self._events, (back, next(self._counter), None, 0))
        if need is Need.LIVE and self.again_after_s < inf:
            self.ask(need, self.now + self.again_after_s, who)

    def of(self, need: Need) -> list[Went]:
        return [went for went in self.went if went.need is need]


def most_at_once(bot: Bot) -> int:
    """Requests that came to Discord within any one second, wherever it begins."""
    arrivals, first, most = sorted(went.arrived_s for went in bot.went), 0, 0
    for number, arrival in enumerate(arrivals):
        while arrivals[first] <= arrival - bot.requests.window_s:
            first += 1
        most = max(most, number - first + 1)
    return most


@given(seed=seeds, limit=st.integers(1, 60))
def test_no_second_at_discord_ever_holds_too_many_however_long_they_are_on_their_way(seed: int, limit: int) -> None:
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    bot = Bot(chance, requests=Requests(limit))
    for number in range(200):
        bot.ask(chance.choice(list(Need)), chance.choice((0.0, 0.5, chance.uniform(0, 4))), number)
    bot.play(1000.0)
    assert len(bot.went) == 200
    assert most_at_once(bot) <= limit


@settings(max_examples=20)
@given(seed=seeds)
def test_an_end_does_not_wait_for_fifty_answers_that_grow_and_what_is_told_of_others(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    bot = Bot(chance, again_after_s=0.1)
    for number in range(STREAMS):
        bot.ask(Need.LIVE, chance.uniform(0, 1), number)
        bot.ask(Need.NOTICE, chance.uniform(0, 10), number)
    ends = [2.0 + number * 0.75 + chance.uniform(0, 0.25) for number in range(10)]
    for end in ends:
        bot.ask(Need.FINAL, end)
    bot.play(12.0)
    assert [went.waited_s for went in bot.of(Need.FINAL)] == [0.0] * len(ends)


@settings(max_examples=20)
@given(seed=seeds)
def test_fifty_ends_at_once_are_told_as_fast_as_discord_allows(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    bot = Bot(chance, longest_way_s=0.08, again_after_s=EVERY_S)
    for number in range(STREAMS):
        bot.ask(Need.LIVE, chance.uniform(0, 1), number)
        bot.ask(Need.FINAL, 6.0)
    bot.play(9.0)
    waits = sorted(went.waited_s for went in bot.of(Need.FINAL))
    assert waits[int(STREAMS * 0.95)] <= 1.0 + 2 * bot.longest_way_s


@settings(max_examples=20)
@given(seed=seeds, begin_at_once=st.booleans())
def test_streams_take_turns_and_none_is_left_behind(seed: int, *, begin_at_once: bool) -> None:
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    bot = Bot(chance, longest_way_s=0.05, again_after_s=EVERY_S)
    for number in range(STREAMS):
        bot.ask(Need.LIVE, 0.0 if begin_at_once else chance.uniform(0, EVERY_S), number)
    bot.play(20.0)
    times = [[went.sent_s for went in bot.of(Need.LIVE) if went.who == number] for number in range(STREAMS)]
    assert max(after - before for of in times for before, after in pairwise(of)) <= EVERY_S + 0.25
    assert max(map(len, times)) - min(map(len, times)) <= 1


def test_a_few_streams_never_wait_for_each_other() -> None:
    bot = Bot(random.Random(1), again_after_s=1.0)  # noqa: S311 chance, not secrets
    for number in range(8):
        bot.ask(Need.LIVE, 0.0, number)
    bot.play(20.0)
    assert max(went.waited_s for went in bot.went) == 0.0


def test_what_can_wait_never_goes_in_one_burst() -> None:
    requests = Requests()
    while requests.next_at(Need.LIVE, 0.0) == 0.0:
        requests = requests.booked(Need.LIVE, 0.0).sent()
    assert 4 <= requests.on_their_way <= 12
    assert requests.next_at(Need.LIVE, 0.0) < 0.05
    assert requests.next_at(Need.FINAL, 0.0) == 0.0


def test_notices_leave_room_for_answers_and_answers_for_ends() -> None:
    full = {}
    for need in Need:
        requests = Requests()
        while requests.next_at(need, 0.0) < 1.0:
            requests = requests.sent()
        full[need] = requests.on_their_way
    assert full[Need.NOTICE] < full[Need.LIVE] < full[Need.FINAL] <= 50


def test_a_refusal_of_everything_holds_everything_back_as_long_as_it_says() -> None:
    requests = Requests().sent().refused(7.0, 1.0)
    assert {requests.next_at(need, 2.0) for need in Need} == {8.0}
    assert requests.next_at(Need.LIVE, 8.0) == 8.0


def test_a_request_counts_until_a_window_after_its_answer() -> None:
    requests = Requests(limit=1).sent()
    assert requests.next_at(Need.FINAL, 5.0) == 6.0
    answered = requests.told(5.5)
    assert answered.next_at(Need.FINAL, 5.6) == pytest.approx(6.5)
    assert answered.next_at(Need.FINAL, 6.5) == 6.5
