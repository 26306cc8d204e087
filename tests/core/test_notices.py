"""Whom an incident rings, how often, and what is held back: whatever happens, and whatever people say to it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.core.incidents import MOST_MESSAGES, Incident, Line, Word
from bd1.core.notices import OLD, OLD_PACE, Act, Notice, NoticeRules, Ring, decide, plan
from bd1.core.quiet_hours import QuietHours
from bd1.core.tiers import Tier

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
NIGHT = QuietHours(time(22), time(7), UTC)
RULES = NoticeRules()
MINUTE = timedelta(minutes=1)


def story(severity: Tier = Tier.ALERT, at: datetime = AT, number: int = 0) -> Incident:
    return Incident(f"20260101120000-{number:08x}", f"key {number}", "Full", severity, at, (Line(at, "90 %"),))


def told(incident: Incident, at: datetime = AT, ring: Ring | None = Ring.FIRST) -> Incident:
    """As it is after its first message."""
    pinged_at = at if ring is Ring.FIRST else incident.pinged_at
    return replace(
        incident,
        posted_revision=incident.revision,
        message_id=7,
        messages=incident.messages + 1,
        posted_at=at,
        edited_at=at,
        pinged_at=pinged_at,
        escalated_at=at if ring in {Ring.WORSE, Ring.UNANSWERED} else incident.escalated_at,
        refused_at=None,
    )


def news(incident: Incident, severity: Tier | None = None) -> Incident:
    more = incident.told(Line(AT, "more"))
    return replace(more, severity=severity or more.severity)


def over(incident: Incident, at: datetime) -> Incident:
    return replace(incident.told(Line(at, "over")), closed_at=at)


def nobody(_incident: Incident) -> Word | None:
    return None


def act(incident: Incident, now: datetime = AT, rules: NoticeRules = RULES) -> tuple[Act, Ring | None]:
    notice = decide(incident, now, rules)
    return notice.act, notice.ring


def test_an_alert_is_posted_and_rings_and_a_warning_is_posted_and_does_not() -> None:
    assert act(story(Tier.ALERT)) == (Act.POST, Ring.FIRST)
    assert act(story(Tier.WARN)) == (Act.POST, None)


def test_what_is_over_before_anybody_was_told_is_posted_and_rings_nobody() -> None:
    assert act(over(story(Tier.PROTECT), AT + MINUTE), AT + timedelta(hours=1)) == (Act.POST, None)


def test_news_are_an_edit_and_nothing_new_is_nothing() -> None:
    incident = told(story())
    assert act(news(incident), AT + MINUTE) == (Act.EDIT, None)
    assert act(incident, AT + MINUTE) == (Act.HOLD, None)


def test_a_warning_that_becomes_an_alert_is_posted_anew_because_an_edit_rings_nobody() -> None:
    incident = told(story(Tier.WARN), ring=None)
    assert act(news(incident, Tier.ALERT), AT + MINUTE) == (Act.POST, Ring.FIRST)


def test_an_alert_that_nobody_answers_rings_once_more_and_never_again() -> None:
    incident = told(story())
    early = decide(incident, AT + 9 * MINUTE, RULES)
    assert (early.act, early.again_at) == (Act.HOLD, AT + 10 * MINUTE)
    assert act(incident, AT + 10 * MINUTE) == (Act.POST, Ring.UNANSWERED)
    again = told(incident, AT + 10 * MINUTE, Ring.UNANSWERED)
    assert decide(again, AT + timedelta(days=1), RULES) == Notice(again, Act.HOLD)


def test_an_acknowledged_alert_rings_nobody_again_however_bad_it_gets() -> None:
    incident = replace(told(story()), acknowledged=Word("Leia", AT, Tier.ALERT))
    assert act(incident, AT + timedelta(hours=3)) == (Act.HOLD, None)
    assert act(news(incident, Tier.PROTECT), AT + MINUTE) == (Act.EDIT, None)


def test_an_acknowledged_warning_still_rings_once_when_it_becomes_an_alert() -> None:
    incident = replace(told(story(Tier.WARN), ring=None), acknowledged=Word("Leia", AT, Tier.WARN))
    assert act(news(incident, Tier.ALERT), AT + MINUTE) == (Act.POST, Ring.FIRST)


def test_a_snooze_holds_the_second_ring_back_until_it_ends() -> None:
    until = AT + 31 * MINUTE
    incident = replace(told(story()), snoozed=Word("Leia", AT + MINUTE, Tier.ALERT, until))
    waiting = decide(incident, AT + 20 * MINUTE, RULES)
    assert (waiting.act, waiting.again_at) == (Act.HOLD, until)
    assert act(incident, until) == (Act.POST, Ring.UNANSWERED)


@pytest.mark.parametrize("until", [AT + 30 * MINUTE, None])
def test_what_gets_worse_than_what_was_snoozed_or_silenced_rings_at_once(until: datetime | None) -> None:
    word = Word("Leia", AT + MINUTE, Tier.ALERT, until)
    incident = replace(told(story()), snoozed=word if until else None, silenced=None if until else word)
    assert act(news(incident), AT + 2 * MINUTE) == (Act.EDIT, None)
    assert act(news(incident, Tier.PROTECT), AT + 2 * MINUTE) == (Act.POST, Ring.WORSE)


def test_a_standing_silence_hides_what_it_speaks_of_and_nothing_worse() -> None:
    word = Word("Leia", AT - MINUTE, Tier.WARN, AT + timedelta(hours=1))
    hidden = decide(story(Tier.WARN), AT, RULES, word)
    assert (hidden.act, hidden.again_at) == (Act.HOLD, word.until)
    assert decide(story(Tier.ALERT), AT, RULES, word).act is Act.POST
    assert decide(over(story(Tier.WARN), AT + MINUTE), AT + timedelta(hours=2), RULES, word).act is Act.SETTLE
    assert decide(story(Tier.WARN), AT + timedelta(hours=2), RULES, word).act is Act.POST


def test_quiet_hours_hold_back_what_is_below_alert_and_only_that() -> None:
    rules, night = replace(RULES, quiet_hours=NIGHT), AT.replace(hour=23)
    held = decide(story(Tier.WARN, night), night, rules)
    assert (held.act, held.again_at) == (Act.HOLD, datetime(2026, 1, 2, 7, tzinfo=UTC))
    assert act(story(Tier.ALERT, night), night, rules) == (Act.POST, Ring.FIRST)
    shown = told(story(Tier.WARN, night - 2 * timedelta(hours=1)), night, None)
    assert act(news(shown), night, rules) == (Act.EDIT, None)


def test_in_the_morning_the_night_is_one_message_unless_it_was_one_incident() -> None:
    rules, morning = replace(RULES, quiet_hours=NIGHT), datetime(2026, 1, 2, 7, tzinfo=UTC)
    night = [story(Tier.WARN, morning - number * timedelta(hours=1), number) for number in (1, 2)]
    both = plan([*night, story(Tier.ALERT, morning, 3)], morning, rules, nobody)
    assert [notice.act for notice in both] == [Act.GATHER, Act.GATHER, Act.POST]
    assert [notice.act for notice in plan(night[:1], morning, rules, nobody)] == [Act.POST]


def test_in_a_flood_the_milder_ones_are_told_together_and_the_others_each() -> None:
    before = [told(story(Tier.WARN, AT + number * MINUTE, number), ring=None) for number in range(5)]
    flood = [story(Tier.WARN, AT + 6 * MINUTE, 6), story(Tier.ALERT, AT + 6 * MINUTE, 7)]
    notices = plan([*before, *flood], AT + 6 * MINUTE, RULES, nobody)
    assert [notice.act for notice in notices[5:]] == [Act.GATHER, Act.POST]
    calm = story(Tier.WARN, AT + 30 * MINUTE, 8)
    assert plan([*before, calm], AT + 30 * MINUTE, RULES, nobody)[-1].act is Act.POST


def test_after_a_long_absence_many_are_told_together_and_few_each() -> None:
    many = [story(Tier.WARN, AT + number * 20 * MINUTE, number) for number in range(6)]
    late = AT + timedelta(hours=3)
    assert {notice.act for notice in plan(many, late, RULES, nobody)} == {Act.GATHER}
    assert {notice.act for notice in plan(many[:5], late, RULES, nobody)} == {Act.POST}


def test_a_message_over_an_hour_old_is_posted_anew_while_there_are_messages_left_for_every_ring() -> None:
    late = AT + OLD
    answered = replace(told(story()), acknowledged=Word("Leia", AT, Tier.ALERT))
    assert act(news(answered), late) == (Act.POST, None)
    used = replace(news(answered), messages=MOST_MESSAGES)
    assert act(used, late) == (Act.EDIT, None)
    paced = decide(replace(used, edited_at=late), late + MINUTE, RULES)
    assert (paced.act, paced.again_at) == (Act.HOLD, late + OLD_PACE)
    warning = told(story(Tier.WARN), ring=None)
    assert act(news(warning), late) == (Act.EDIT, None)


def test_the_end_of_an_old_story_is_shown_at_once_and_after_a_refusal_later() -> None:
    late = AT + timedelta(hours=5)
    used = over(replace(told(story()), messages=MOST_MESSAGES, edited_at=late), late)
    assert act(used, late) == (Act.EDIT, None)
    refused = decide(replace(used, refused_at=late), late + MINUTE, RULES)
    assert (refused.act, refused.again_at) == (Act.HOLD, late + OLD_PACE)
    assert act(replace(used, refused_at=late), late + OLD_PACE) == (Act.EDIT, None)
    assert act(replace(used, refused_at=late, messages=2), late + MINUTE) == (Act.POST, None)


def test_a_deleted_message_is_posted_again_with_the_news_as_long_as_there_are_any_left() -> None:
    gone = replace(told(story()), message_id=None, acknowledged=Word("Leia", AT, Tier.ALERT))
    assert act(gone, AT + MINUTE) == (Act.HOLD, None)
    assert act(news(gone), AT + MINUTE) == (Act.POST, None)
    assert act(replace(news(gone), messages=MOST_MESSAGES), AT + MINUTE) == (Act.SETTLE, None)


def test_what_was_told_in_a_digest_is_kept_true_there_and_rings_with_a_message_of_its_own() -> None:
    digested = replace(
        story(Tier.WARN), digest_id="d", digest_message_id=9, digested_at=AT, messages=1, posted_revision=1
    )
    assert act(news(digested), AT + MINUTE) == (Act.GATHER, None)
    assert act(news(digested), AT + OLD) == (Act.SETTLE, None)
    assert act(news(digested, Tier.ALERT), AT + MINUTE) == (Act.POST, Ring.FIRST)


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    incident = replace(told(story()), snoozed=Word("Leia", AT, Tier.ALERT, AT + 30 * MINUTE))
    assert act(incident, AT - timedelta(days=1)) == (Act.POST, Ring.UNANSWERED)


@dataclass
class Channel:
    """One incident over time, in front of a Discord that posts what it is told to."""

    rules: NoticeRules
    incident: Incident
    now: datetime = AT
    messages: int = 0
    rings: list[Ring] = field(default_factory=list)
    shown: Tier | None = None
    """The tier that the last message which could be heard was about."""

    def turn(self) -> None:
        """Asks for the next step until there is none, as the poster does."""
        for _ in range(4):
            notice = plan([self.incident], self.now, self.rules, nobody)[0]
            if notice.act is Act.POST:
                self.messages += 1
                self.rings += [notice.ring] if notice.ring else []
                self.incident = told(self.incident, self.now, notice.ring)
            elif notice.act is Act.EDIT:
                self.incident = replace(
                    self.incident, posted_revision=self.incident.revision, edited_at=self.now, refused_at=None
                )
            elif notice.act is Act.GATHER:
                self.messages += self.incident.messages == 0
                self.incident = replace(
                    self.incident,
                    digest_id="d",
                    digest_message_id=1,
                    digested_at=self.incident.digested_at or self.now,
                    messages=max(self.incident.messages, 1),
                    posted_revision=self.incident.revision,
                )
            else:
                assert notice.again_at is None or notice.again_at > self.now
                if notice.act is Act.SETTLE:
                    self.incident = replace(self.incident, posted_revision=self.incident.revision)
                return
        raise AssertionError("it never comes to rest")

    def happens(self, what: str) -> None:
        """One thing that a person, the card or Discord does."""
        severity = self.incident.severity
        word = Word("Leia", self.now, severity)
        if what in {"worse", "news"}:
            self.incident = news(self.incident, Tier(min(severity + (what == "worse"), Tier.PROTECT)))
        elif what == "over" and self.incident.is_open:
            self.incident = over(self.incident, self.now)
        elif what == "back" and self.incident.comes_back_with(severity, self.now):
            self.incident = self.incident.told_again(Line(self.now, "again"))
        elif what == "acknowledge":
            self.incident = replace(self.incident, acknowledged=word)
        elif what == "snooze":
            self.incident = replace(self.incident, snoozed=replace(word, until=self.now + 30 * MINUTE))
        elif what == "silence":
            self.incident = replace(self.incident, silenced=word)
        elif what == "speak again":
            self.incident = replace(self.incident, snoozed=None, silenced=None)
        elif what == "deleted" and self.incident.message_id:
            self.incident = replace(news(self.incident), message_id=None)
        elif what == "refused" and self.incident.message_id:
            self.incident = replace(news(self.incident), refused_at=self.now)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "worse",
                "news",
                "over",
                "back",
                "acknowledge",
                "snooze",
                "silence",
                "speak again",
                "deleted",
                "refused",
                "time",
            ]
        ),
        st.sampled_from([0, 1, 9, 11, 31, 61, 600]),
    ),
    max_size=30,
)
WISHES = st.builds(
    NoticeRules,
    escalate_after=st.sampled_from([None, 10 * MINUTE]),
    quiet_hours=st.sampled_from([None, NIGHT, QuietHours(time(11), time(13), UTC)]),
    digest_after=st.sampled_from([0, 5]),
)


@settings(max_examples=400, deadline=None)
@given(WISHES, st.sampled_from(Tier), EVENTS)
def test_no_story_is_more_than_three_messages_or_rings_more_than_allowed(
    rules: NoticeRules, severity: Tier, events: list[tuple[str, int]]
) -> None:
    channel = Channel(rules, story(severity))
    channel.turn()
    for what, minutes in events:
        before = channel.incident
        channel.happens(what)
        channel.now += minutes * MINUTE
        rung = len(channel.rings)
        channel.turn()
        after = channel.incident
        assert channel.messages <= MOST_MESSAGES
        assert channel.rings.count(Ring.FIRST) <= 1
        assert len(channel.rings) <= 2
        if len(channel.rings) > rung:
            assert after.is_open
            assert after.severity >= Tier.ALERT
            assert channel.rings[-1] is Ring.FIRST or before.acknowledged is None or what == "back"
        if what == "worse" and after.is_open and after.severity >= Tier.ALERT:
            assert channel.rings, "what has become an alert has rung, whatever was snoozed before"
            is_told = after.posted_revision == after.revision or after.posted_at is None
            assert is_told or _paced(after, channel.now) or _is_unwanted(after, channel.now)


def _is_unwanted(incident: Incident, now: datetime) -> bool:
    """Somebody deleted its message and wants to hear no more of it for a while."""
    words = [word for word in (incident.snoozed, incident.silenced) if word and word.holds(now, incident.severity)]
    return incident.message_id is None and bool(words)


def _paced(incident: Incident, now: datetime) -> bool:
    """An old message without any left to replace it: its edits are few."""
    return incident.messages == MOST_MESSAGES or (incident.posted_at is not None and now - incident.posted_at >= OLD)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([Tier.ALERT, Tier.PROTECT]), st.integers(0, 600), st.integers(1, 600))
def test_whatever_was_snoozed_a_higher_tier_rings_unless_somebody_answered(
    severity: Tier, snoozed_after: int, worse_after: int
) -> None:
    channel = Channel(RULES, story(Tier(severity - 1)))
    channel.turn()
    channel.now += snoozed_after * MINUTE / 100
    channel.happens("snooze")
    channel.happens("silence")
    channel.now += worse_after * MINUTE / 100
    channel.turn()
    rung = len(channel.rings)
    channel.happens("worse")
    channel.turn()
    assert len(channel.rings) == rung + 1
