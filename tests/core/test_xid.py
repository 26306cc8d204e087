"""The table of Xids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.tiers import Tier
from bd1.core.xid import Side, explain, is_milestone, is_worse, summary

QUIET = (13, 31, 43, 45, 63, 92)
"""Everyday: also the end of a program that BD-1 itself has ended (45)."""

QUARANTINE = {
    46: "guest",
    62: "guest",
    64: "guest",
    79: "host",
    95: "guest",
    109: "guest",
    110: "guest",
    119: "guest",
    120: "guest",
    140: "guest",
    143: "guest",
    158: "guest",
}
TOLD = {8: Tier.WARN, 32: Tier.WARN, 48: Tier.ALERT, 61: Tier.ALERT, 69: Tier.WARN, 74: Tier.ALERT, 94: Tier.WARN}
ACTIONS = {1: Side.GUEST, 2: Side.HOST, 4: Side.GUEST, 6: Side.HOST, 7: Side.HOST}


@pytest.mark.parametrize("code", QUIET)
def test_what_belongs_to_everyday_life_is_recorded_and_stops_nothing(code: int) -> None:
    xid = explain(code)
    assert xid.is_quiet
    assert not xid.quarantines


@pytest.mark.parametrize("code", QUARANTINE)
def test_what_only_a_reset_ends_quarantines_the_card_and_says_who_must_act(code: int) -> None:
    xid = explain(code)
    assert xid.quarantines
    assert xid.severity is Tier.PROTECT
    assert xid.acts == QUARANTINE[code]
    assert f"On the {QUARANTINE[code]}: " in xid.sentence


@pytest.mark.parametrize("code", TOLD)
def test_what_is_serious_but_leaves_the_card_usable_is_told(code: int) -> None:
    xid = explain(code)
    assert xid.severity is TOLD[code]
    assert not xid.quarantines


def test_a_card_off_the_bus_needs_a_power_cycle_of_the_host() -> None:
    sentence = explain(79).sentence
    assert sentence.startswith("Xid 79: the GPU has fallen off the bus. On the host: ")
    assert "off and on again" in sentence
    assert "Restarting only the guest seldom" in sentence


@pytest.mark.parametrize("action", ACTIONS)
def test_a_recovery_action_that_needs_a_reset_or_a_restart_quarantines(action: int) -> None:
    xid = explain(154, action)
    assert xid.quarantines
    assert xid.acts is ACTIONS[action]


def test_the_advice_to_do_nothing_is_quiet_and_asks_nobody() -> None:
    xid = explain(154, 0)
    assert xid.is_quiet
    assert not xid.quarantines
    assert xid.acts is None


def test_draining_other_gpus_stops_nothing_here() -> None:
    assert not explain(154, 3).quarantines
    assert explain(154, 3).severity is Tier.WARN


@pytest.mark.parametrize("action", [None, 5, 99])
def test_an_advice_that_is_not_known_is_told_without_stopping_anything(action: int | None) -> None:
    xid = explain(154, action)
    assert (xid.severity, xid.quarantines) == (Tier.ALERT, False)
    assert "nvidia-smi -q" in xid.advice


@pytest.mark.parametrize("code", [0, 7, 14, 999])
def test_an_unknown_xid_is_said_to_be_unknown(code: int) -> None:
    xid = explain(code)
    assert xid.title == f"Xid {code}: the driver reports an error that I do not know"
    assert (xid.severity, xid.quarantines) == (Tier.WARN, False)


@given(st.integers(0, 200), st.none() | st.integers(0, 9))
def test_every_xid_is_told_in_whole_sentences_that_say_who_acts(code: int, action: int | None) -> None:
    xid = explain(code, action)
    assert xid.code == code
    assert xid.sentence == f"{xid.title}. {xid.advice}"
    assert not xid.meaning.endswith(".")
    assert xid.advice.endswith(".")
    assert xid.advice.startswith(f"On the {xid.acts.value}: " if xid.acts else "Nothing is to be done")
    assert not (xid.quarantines and xid.is_quiet)
    assert len(xid.sentence) < 500


def test_what_the_host_must_do_outweighs_what_the_guest_must_do() -> None:
    assert is_worse(explain(79), explain(119))
    assert not is_worse(explain(119), explain(79))
    assert is_worse(explain(95), explain(94))
    assert not is_worse(explain(119), explain(120))


def test_a_repeated_xid_is_told_less_and_less_often() -> None:
    assert [count for count in range(2001) if is_milestone(count)] == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]


def test_what_was_only_recorded_fits_into_one_sentence() -> None:
    assert summary({}) is None
    assert summary({13: 0}) is None
    assert summary({13: 1}) == "The driver also noted Xid 13 once; nobody has to do anything about that."
    told = summary({43: 1, 13: 3, 31: 2})
    assert told is not None
    assert "Xid 13 3 times, Xid 31 2 times and Xid 43 once" in told
