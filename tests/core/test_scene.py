"""Which minutes an incident's picture shows, and which events in how many words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.scene import LONGEST_TEXT, MOST_EVENTS, Event, chosen, headline, minutes_around
from bd1.core.tiers import Tier
from bd1.core.timeline import KEPT_S, Stretch

_TIMES = st.floats(0, 1e6)


@given(_TIMES, st.floats(0, 1e5), st.floats(0, 1e5))
def test_all_of_a_story_is_shown_as_far_as_it_is_remembered(opened_s: float, lasted_s: float, ago_s: float) -> None:
    closed_s = opened_s + lasted_s
    shown = minutes_around(opened_s, closed_s, closed_s + ago_s)
    assert closed_s <= shown.to_s <= closed_s + ago_s
    assert shown.from_s < opened_s or shown.to_s - shown.from_s == pytest.approx(7000)
    assert shown.to_s - shown.from_s < KEPT_S


@given(_TIMES, st.floats(0, 1e5))
def test_a_story_that_goes_on_is_shown_until_now(opened_s: float, lasted_s: float) -> None:
    shown = minutes_around(opened_s, None, opened_s + lasted_s)
    assert shown.to_s == opened_s + lasted_s
    assert shown.to_s - shown.from_s >= 120


def test_a_short_story_has_a_short_lead_and_a_long_one_a_quarter_of_an_hour() -> None:
    assert minutes_around(1000, 1003, 9999) == Stretch(880, 1023)
    assert minutes_around(10_000, 12_000, 19_999) == Stretch(9100, 12_120)


def test_a_clock_set_back_behind_the_beginning_still_shows_two_minutes() -> None:
    assert minutes_around(5000, None, 1000) == Stretch(880, 1000)


def test_of_many_events_the_first_two_and_the_last_ones_are_shown() -> None:
    events = [Event(float(n), f"event {n}", Tier.WARN) for n in range(20)]
    texts = [event.text for event in chosen(events, [Event(5, "switch", Tier.NORMAL)], Stretch(0, 18))]
    assert texts == ["event 0", "event 1", "event 15", "event 16", "event 17", "event 18"]
    assert len(texts) == MOST_EVENTS


def test_events_are_in_their_order_whoever_told_them() -> None:
    story, beside = [Event(5, "later", Tier.WARN)], [Event(1, "earlier", Tier.ALERT)]
    assert [event.text for event in chosen(story, beside, Stretch(0, 9))] == ["earlier", "later"]


def test_what_happened_beside_a_story_is_told_where_there_is_room_the_newest_first_of_all() -> None:
    story = [Event(float(n), f"story {n}", Tier.WARN) for n in range(10, 14)]
    beside = [Event(float(n), f"beside {n}", Tier.NORMAL) for n in range(5)]
    texts = [event.text for event in chosen(story, beside, Stretch(0, 18))]
    assert texts == ["beside 3", "beside 4", "story 10", "story 11", "story 12", "story 13"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("VRAM nearly full: 18 500 MiB of 20 475 MiB used (90.4 %).", "VRAM nearly full"),
        ("Back to normal: 5000 MiB of 20 475 MiB used (24.4 %).", "Back to normal"),
        ("I stopped **comfyui**, it freed 9000 MiB.", "I stopped comfyui"),
        ("VRAM at 95.1 % (19 480 MiB), over the threshold", "VRAM at 95.1 % (19 480 MiB)"),
        ("Leia told <@123> to wait", "Leia told to wait"),
        ("", ""),
        ("a" * 80, "a" * (LONGEST_TEXT - 1) + "…"),
        ("The card at GPU 0 has not answered for quite some time", "The card at GPU 0 has not…"),
    ],
)
def test_an_event_is_told_by_its_first_clause(text: str, short: str) -> None:
    assert headline(text).replace("\N{NO-BREAK SPACE}", " ") == short


@given(st.text(max_size=300))
def test_a_headline_is_short_and_one_line_whatever_the_text(text: str) -> None:
    assert len(headline(text)) <= LONGEST_TEXT
    assert len(headline(text).splitlines()) <= 1
