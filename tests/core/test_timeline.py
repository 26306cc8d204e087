"""The card's last hours: small for ever, and neither a peak nor a gap is lost."""

import itertools
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.timeline import COARSE_S, FINE_S, FINE_SPANS, KEPT_S, Band, Span, Stretch, Timeline

_LOOKS = st.lists(
    st.tuples(st.floats(0.05, 20), st.one_of(st.none(), st.integers(0, 20_475))), min_size=1, max_size=120
)
Look = tuple[float, int | None]


def timed(steps: list[Look], begin_s: float = 1000.0) -> list[Look]:
    """Looks with the time between them turned into the time they were taken at."""
    looks, at_s = list[Look](), begin_s
    for step_s, used_mib in steps:
        at_s += step_s
        looks.append((at_s, used_mib))
    return looks


def seen(looks: list[Look], patience_s: float = 5.0) -> Timeline:
    line = Timeline(patience_s)
    for at_s, used_mib in looks:
        line = line.with_look(at_s, used_mib)
    return line


def every(line: Timeline) -> tuple[Span, ...]:
    return line.spans(float("-inf"), float("inf"))


def at_pace(seconds: float, every_s: float, used_mib: int = 5000) -> list[Look]:
    return [(number * every_s, used_mib) for number in range(int(seconds / every_s))]


@given(_LOOKS)
def test_every_level_seen_lies_within_a_span_of_its_time(steps: list[Look]) -> None:
    looks = timed(steps)
    spans = every(seen(looks))
    for at_s, used_mib in looks:
        if used_mib is not None:
            assert any(
                span.from_s <= at_s <= span.to_s
                and span.low_mib is not None
                and span.high_mib is not None
                and span.low_mib <= used_mib <= span.high_mib
                for span in spans
            )


@given(_LOOKS)
def test_peaks_and_lows_are_none_but_those_that_were_seen(steps: list[Look]) -> None:
    levels = {used_mib for _, used_mib in steps}
    for span in every(seen(timed(steps))):
        assert {span.low_mib, span.high_mib, span.first_mib, span.last_mib} <= levels


@given(_LOOKS)
def test_spans_are_in_order_and_lie_beside_each_other(steps: list[Look]) -> None:
    spans = every(seen(timed(steps)))
    assert all(span.from_s <= span.to_s for span in spans)
    assert all(before.to_s <= after.from_s for before, after in itertools.pairwise(spans))


@given(_LOOKS)
def test_each_failed_look_lies_in_a_gap(steps: list[Look]) -> None:
    looks = timed(steps)
    gaps = seen(looks).gaps(looks[0][0], looks[-1][0])
    for at_s, used_mib in looks:
        if used_mib is None:
            assert any(gap.from_s <= at_s <= gap.to_s for gap in gaps)


@given(_LOOKS)
def test_looks_far_apart_have_a_gap_between_them(steps: list[Look]) -> None:
    looks = timed(steps)
    gaps = seen(looks).gaps(looks[0][0], looks[-1][0])
    for (before_s, _), (after_s, _) in itertools.pairwise(looks):
        if after_s - before_s > 5.0 + FINE_S:
            assert any(gap.from_s <= before_s and after_s <= gap.to_s for gap in gaps)


@given(_LOOKS)
def test_no_run_leads_through_a_gap(steps: list[Look]) -> None:
    looks = timed(steps)
    line = seen(looks)
    first_s, last_s = looks[0][0], looks[-1][0]
    for run in line.runs(first_s, last_s):
        assert all(span.high_mib is not None for span in run)
        if len(run) > 1:
            for gap in line.gaps(first_s, last_s):
                assert gap.to_s <= run[0].from_s or run[-1].to_s <= gap.from_s


@given(_LOOKS)
def test_gaps_are_in_order_and_apart(steps: list[Look]) -> None:
    looks = timed(steps)
    gaps = seen(looks).gaps(looks[0][0] - 60, looks[-1][0] + 60)
    assert all(before.to_s < after.from_s for before, after in itertools.pairwise(gaps))


@given(_LOOKS, st.floats(-1e6, 1e6))
def test_a_clock_that_was_set_moves_everything_alike(steps: list[Look], by_s: float) -> None:
    line = seen(timed(steps)).with_mode(1000.0, "chat")
    moved = line.shifted(by_s)
    assert [(s.low_mib, s.high_mib, s.has_gap) for s in every(line)] == [
        (s.low_mib, s.high_mib, s.has_gap) for s in every(moved)
    ]
    assert [s.from_s + by_s for s in every(line)] == [s.from_s for s in every(moved)]
    assert moved.modes == ((1000.0 + by_s, "chat"),)


def test_hours_of_quick_looks_need_less_than_a_mebibyte() -> None:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    line = seen([(at_s, round(at_s * 7) % 20_475) for at_s, _ in at_pace(2.5 * 3600, 0.2)])
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 2**20
    spans = every(line)
    assert len(spans) <= FINE_SPANS + 1 + KEPT_S / COARSE_S + 1
    assert spans[-1].to_s - spans[0].from_s >= KEPT_S - COARSE_S


def test_a_card_that_comes_and_goes_for_hours_needs_no_more() -> None:
    looks: list[Look] = [(at_s, None if n % 2 else 5000) for n, (at_s, _) in enumerate(at_pace(9000, 1.0))]
    assert len(every(seen(looks))) <= FINE_SPANS + 1 + KEPT_S / COARSE_S + 1


def test_rare_looks_need_no_more_either() -> None:
    assert len(every(seen(at_pace(100 * 3600, 60.0), patience_s=180.0))) <= 2000


def test_what_is_older_than_two_hours_is_forgotten() -> None:
    line = seen(at_pace(4 * 3600, 1.0))
    assert every(line)[0].to_s >= 4 * 3600 - KEPT_S - COARSE_S


def test_a_spike_of_one_look_is_still_seen_after_an_hour() -> None:
    looks: list[Look] = [(at_s, 9220 if at_s == 100 else 5000) for at_s, _ in at_pace(3600, 1.0)]
    assert max(span.high_mib or 0 for span in every(seen(looks))) == 9220


def test_a_gap_reaches_from_the_last_look_that_saw_to_the_next_one() -> None:
    line = seen([(0.0, 5000), (1.0, 5000), (2.0, None), (3.3, None), (4.6, 6000), (5.6, 6000)])
    assert line.gaps(0.0, 5.6) == (Stretch(1.0, 4.6),)
    assert [(run[0].from_s, run[-1].to_s) for run in line.runs(0.0, 5.6)] == [(0.0, 1.0), (4.6, 5.6)]


def test_time_before_the_first_look_and_after_the_last_is_a_gap_once_it_is_long() -> None:
    line = seen([(100.0, 5000), (101.0, 5000)])
    assert line.gaps(50.0, 103.0) == (Stretch(50.0, 100.0),)
    assert line.gaps(98.0, 150.0) == (Stretch(101.0, 150.0),)


def test_a_look_that_seems_earlier_than_the_last_one_counts_as_at_the_same_time() -> None:
    line = seen([(100.0, 5000), (99.9, 7000)])
    assert every(line) == (Span(100.0, 100.0, 5000, 7000, 5000, 7000, has_gap=False),)


def test_modes_are_bands_that_end_where_the_next_begins() -> None:
    line = Timeline(5.0).with_mode(10.0, None).with_mode(20.0, "chat").with_mode(25.0, "chat").with_mode(40.0, "image")
    assert line.bands(0.0, 60.0) == (Band(10.0, 20.0, None), Band(20.0, 40.0, "chat"), Band(40.0, 60.0, "image"))
    assert line.bands(45.0, 60.0) == (Band(45.0, 60.0, "image"),)
    assert line.bands(0.0, 5.0) == ()


def test_modes_that_change_for_ever_are_bounded() -> None:
    line = Timeline(5.0)
    for number in range(1000):
        line = line.with_mode(float(number), str(number))
    assert len(line.modes) <= 200
    assert line.bands(0.0, 2000.0)[-1] == Band(999.0, 2000.0, "999")
