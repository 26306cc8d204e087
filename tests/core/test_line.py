"""The line is fair to people, bounded, and loses nobody."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bd1.core.line import Line, eta_s

HAN, LEIA, LUKE = 1, 2, 3
PEOPLE = (HAN, LEIA, LUKE)


def line(parallel: int = 1, most_waiting: int = 16, most_per_asker: int = 3) -> Line:
    return Line(parallel=parallel, most_waiting=most_waiting, most_per_asker=most_per_asker)


def with_asked(begun: Line, *askers: int) -> Line:
    """One question after another; the ticket says whose it is and which of theirs."""
    numbers: Counter[int] = Counter()
    for asker in askers:
        numbers[asker] += 1
        begun = begun.joined(10 * asker + numbers[asker], asker)
    return begun


def served(begun: Line) -> list[int]:
    """The tickets in the order in which they are answered, one at a time."""
    order: list[int] = []
    while True:
        begun, ticket = begun.next_taken()
        if ticket is None:
            return order
        order.append(ticket)
        begun = begun.left(ticket)


def test_whoever_asks_three_at_once_is_answered_once_then_everybody_else_has_a_turn() -> None:
    assert served(with_asked(line(), HAN, HAN, HAN, LEIA, LUKE, LEIA)) == [11, 21, 31, 12, 22, 13]


def test_who_comes_new_goes_before_the_second_question_of_who_is_being_answered() -> None:
    begun, _ = with_asked(line(), HAN, HAN).next_taken()
    begun = begun.joined(21, LEIA)
    assert [place.ticket for place in begun.waiting] == [21, 12]
    assert begun.ahead_of(21) == 1
    assert begun.ahead_of(12) == 2


def test_who_takes_a_question_back_does_not_lose_the_turn_for_the_next() -> None:
    begun = with_asked(line(), HAN, HAN, LEIA, LEIA).left(11)
    assert served(begun) == [12, 21, 22]


def test_one_that_had_not_begun_waits_again_where_it_was() -> None:
    begun, ticket = with_asked(line(), HAN, LEIA).next_taken()
    assert ticket == 11
    assert served(begun.put_back(11)) == [11, 21]


def test_a_full_line_takes_one_only_if_it_begins_at_once() -> None:
    short = line(most_waiting=0)
    assert not short.is_full(is_open=True)
    assert short.is_full(is_open=False)
    begun, _ = short.joined(11, HAN).next_taken()
    assert begun.is_full(is_open=True)


def test_the_running_one_counts_among_a_persons_questions() -> None:
    begun, _ = with_asked(line(most_per_asker=2), HAN, HAN).next_taken()
    assert begun.has_enough_of(HAN)
    assert not begun.has_enough_of(LEIA)


def test_the_eta_counts_what_is_left_of_the_running_answers() -> None:
    assert eta_s(1, [4.0], 10.0, 1) == 6.0
    assert eta_s(3, [4.0], 10.0, 1) == 26.0
    assert eta_s(1, [99.0], 10.0, 1) == 0.0
    assert eta_s(2, [4.0, 1.0], 10.0, 2) == 6.0
    assert eta_s(3, [4.0, 1.0], 10.0, 2) == 9.0
    assert eta_s(0, [], 10.0, 1) == 0.0
    assert eta_s(5, [1.0], None, 1) is None


@given(st.integers(0, 30), st.lists(st.floats(0, 100), max_size=4), st.floats(0.1, 100))
def test_the_eta_never_shrinks_when_one_more_comes_before(ahead: int, running: list[float], usual_s: float) -> None:
    parallel = max(1, len(running))
    sooner, later = (eta_s(ahead + more, running, usual_s, parallel) for more in (0, 1))
    assert sooner is not None
    assert later is not None
    assert later >= sooner


class LineMachine(RuleBasedStateMachine):
    """People ask, take back and are answered in any order; beside the line a plain book of who should be where."""

    def __init__(self) -> None:
        super().__init__()
        self.line = line(parallel=2, most_waiting=5, most_per_asker=3)
        self.is_open = True
        self.askers: dict[int, int] = {}
        self.running: list[int] = []
        self.passed: dict[int, Counter[int]] = {}
        self.tickets = 0

    @rule(asker=st.sampled_from(PEOPLE))
    def ask(self, asker: int) -> None:
        if self.line.is_full(is_open=self.is_open) or self.line.has_enough_of(asker):
            return
        self.tickets += 1
        self.line = self.line.joined(self.tickets, asker)
        self.askers[self.tickets] = asker
        self.passed[self.tickets] = Counter()
        self.move()

    @rule()
    def open_or_close(self) -> None:
        self.is_open = not self.is_open
        self.move()

    @precondition(lambda self: self.askers)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.askers)))
        self.line = self.line.left(ticket)
        del self.askers[ticket]
        if ticket in self.running:
            self.running.remove(ticket)
        self.move()

    @precondition(lambda self: self.running and not self.is_open)
    @rule()
    def put_back(self) -> None:
        ticket = self.running.pop()
        self.line = self.line.put_back(ticket)

    def move(self) -> None:
        while self.is_open:
            self.line, ticket = self.line.next_taken()
            if ticket is None:
                return
            self.running.append(ticket)
            for place in self.line.waiting:
                self.passed[place.ticket][self.askers[ticket]] += 1

    @invariant()
    def nobody_is_lost_or_twice_in_it(self) -> None:
        waiting = [place.ticket for place in self.line.waiting]
        running = [place.ticket for place in self.line.running]
        assert sorted(waiting + running) == sorted(self.askers)
        assert sorted(running) == sorted(self.running)

    @invariant()
    def the_bounds_hold(self) -> None:
        assert len(self.line.running) <= 2
        assert len(self.line.waiting) <= 5 + 2  # what was put back had its place before
        assert all(count <= 3 for count in Counter(self.askers.values()).values())

    @invariant()
    def nobody_idles_while_somebody_waits(self) -> None:
        assert not self.is_open or not self.line.waiting or len(self.line.running) == 2

    @invariant()
    def everybody_has_a_place_of_their_own_and_keeps_the_order_of_their_own_questions(self) -> None:
        waiting = [place.ticket for place in self.line.waiting]
        assert [self.line.ahead_of(ticket) for ticket in waiting] == [
            len(self.line.running) + number for number in range(len(waiting))
        ]
        for asker in PEOPLE:
            mine = [ticket for ticket in waiting if self.askers[ticket] == asker]
            assert mine == sorted(mine)

    @invariant()
    def nobody_is_passed_again_and_again_by_the_same_person(self) -> None:
        """A question waits for at most as many turns of another person as its own asker has before it, and one."""
        for place in self.line.waiting:
            for asker, turns in self.passed[place.ticket].items():
                assert asker == place.asker_id or turns <= 3 + 1


LineMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLine = LineMachine.TestCase
