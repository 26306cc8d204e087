"""The edits of a channel: never too many, evenly spread, and the last one of an answer never waits."""

import random
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.edits import LATE_S, Budget, Need

LIMITS = [(5, 5.0), (2, 10.0), (2, 5.0), (10, 10.0), (30, 60.0), (1, 4.0), (3, 1.0)]
PAUSE_S = 0.5


@dataclass
class Server:
    """Discord's fixed window, as strict as it is: the first edit opens it."""

    limit: int
    window_s: float
    opened_at: float = -inf
    used: int = 0
    most_used_by_live: int = 0
    refusals: int = 0
    painted: list[float] = field(default_factory=list)

    def edit(self, now: float) -> tuple[bool, int, float]:
        if now - self.opened_at >= self.window_s:
            self.opened_at, self.used = now, 0
        allowed = self.used < self.limit
        self.used += allowed
        self.refusals += not allowed
        self.painted.append(now)
        return allowed, self.limit - self.used, self.opened_at + self.window_s - now


@dataclass
class Channel:
    """A budget and its server, with the way between them."""

    server: Server
    chance: random.Random
    budget: Budget = field(default_factory=Budget)

    def paint(self, now: float) -> float:
        """One edit, to its answer; when that came."""
        self.budget = self.budget.sent(now)
        there = now + self.chance.uniform(0.01, 0.3)
        allowed, left, ends_in_s = self.server.edit(there)
        back = there + self.chance.uniform(0.01, 0.3)
        if allowed:
            self.budget = self.budget.told(self.server.limit, left, ends_in_s, back)
        else:
            self.budget = self.budget.refused(ends_in_s, back)
        return back


@pytest.mark.parametrize(("limit", "window_s"), LIMITS)
@given(seed=st.integers(0, 10**9))
def test_a_stream_never_meets_a_limit_and_its_last_edit_never_waits(limit: int, window_s: float, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    channel = Channel(Server(limit, window_s), chance)
    channel.budget = channel.budget.sent(0).told(limit, limit - 1, window_s, 0.1)
    channel.server.edit(0.05)
    now = 0.2
    end = chance.uniform(1, 60)
    while (due := channel.budget.next_at(Need.LIVE, now, pause_s=PAUSE_S)) < end:
        now = channel.paint(due)
        assert channel.server.used <= max(limit - 1, 1)
    last = max(now, end)
    if limit > 1:
        assert channel.budget.next_at(Need.FINAL, last) == last
    channel.paint(channel.budget.next_at(Need.FINAL, last))
    assert channel.server.refusals == 0


@pytest.mark.parametrize(("limit", "window_s"), [(5, 5.0), (10, 10.0), (30, 60.0)])
def test_edits_are_spread_evenly_whatever_the_limit(limit: int, window_s: float) -> None:
    budget, now, times = Budget(limit, window_s, limit), 0.0, []
    server = Server(limit, window_s)
    for _ in range(limit * 4):
        now = budget.next_at(Need.LIVE, now, pause_s=PAUSE_S)
        times.append(now)
        budget = budget.sent(now)
        _, left, ends_in_s = server.edit(now + 0.08)
        budget = budget.told(limit, left, ends_in_s, now + 0.085)
    gaps = [after - before for before, after in pairwise(times)]
    evenly_s = (window_s + 0.085 + LATE_S) / (limit - 1)
    assert max(gaps) <= evenly_s * 1.02
    assert server.refusals == 0


def test_before_discord_told_anything_the_guess_is_five_in_five_seconds() -> None:
    budget = Budget()
    for _ in range(4):
        assert budget.next_at(Need.LIVE, 0.0) == 0.0
        budget = budget.sent(0.0)
    assert budget.next_at(Need.LIVE, 0.0) > 5.0
    assert budget.next_at(Need.FINAL, 0.0) == 0.0


def test_edits_that_another_answer_left_over_are_spread_from_when_this_one_was_shown() -> None:
    budget = Budget().sent(0.0).told(5, 3, 4.0, 0.1)
    now, end = 1.0, 4.1 + LATE_S
    first = budget.next_at(Need.LIVE, now, pause_s=PAUSE_S, shown_at=now)
    assert first == pytest.approx(now + (end - now) / 3)
    assert budget.next_at(Need.LIVE, end, pause_s=PAUSE_S, shown_at=now) == end


def test_a_notice_leaves_a_word_and_an_end_their_edits() -> None:
    budget = Budget().sent(0.0).told(5, 2, 3.0, 0.1)
    assert budget.next_at(Need.NOTICE, 0.2) == pytest.approx(3.1 + LATE_S)
    assert budget.next_at(Need.LIVE, 0.2) == 0.2


def test_a_limit_of_one_keeps_it_for_the_end() -> None:
    budget = Budget().sent(0.0).told(1, 0, 4.0, 0.1)
    assert budget.next_at(Need.LIVE, 1.0) == inf
    assert budget.next_at(Need.FINAL, 1.0) == pytest.approx(4.1 + LATE_S)
    assert budget.next_at(Need.FINAL, 5.0) == 5.0


def test_a_refusal_holds_everything_back_as_long_as_it_says() -> None:
    budget = Budget().sent(0.0).refused(2.0, 0.1)
    assert budget.next_at(Need.FINAL, 0.2) == pytest.approx(2.1 + LATE_S)


def test_a_refusal_that_is_not_the_channels_costs_it_no_edit() -> None:
    budget = Budget().sent(0.0).told(5, 4, 5.0, 0.1).sent(1.0).returned()
    assert (budget.left, budget.on_their_way) == (4, 0)


def test_an_edit_without_an_answer_is_taken_as_spent() -> None:
    budget = Budget().sent(0.0).told(5, 4, 5.0, 0.1).sent(1.0).lost()
    assert (budget.left, budget.on_their_way) == (3, 0)
    assert budget.at(7.0).left == 5


def test_a_limit_that_changes_is_learned_at_once() -> None:
    budget = Budget().sent(0.0).told(2, 1, 10.0, 0.1)
    assert (budget.limit, budget.window_s) == (2, 10.0)
    assert budget.next_at(Need.LIVE, 0.2) == pytest.approx(10.1 + LATE_S)


@given(
    seed=st.integers(0, 10**9),
    limit=st.integers(2, 12),
    window_s=st.floats(1.0, 30.0),
)
def test_many_streams_of_a_channel_share_the_budget_and_none_is_refused(seed: int, limit: int, window_s: float) -> None:
    """Ends come at any time; a live edit goes only when it may; what is kept is kept for the ends."""
    chance = random.Random(seed)  # noqa: S311 chance, not secrets
    channel = Channel(Server(limit, window_s), chance)
    channel.budget = Budget(limit, window_s, limit)
    now = 0.0
    for _ in range(60):
        need = chance.choice((Need.LIVE, Need.LIVE, Need.LIVE, Need.NOTICE, Need.FINAL))
        due = channel.budget.next_at(need, now, pause_s=0.0 if need is Need.FINAL else PAUSE_S)
        if due == inf:
            continue
        left = channel.budget.at(due).left
        assert left > need.value
        now = channel.paint(due) + chance.choice((0.0, 0.0, chance.uniform(0, window_s)))
    assert channel.server.refusals == 0
