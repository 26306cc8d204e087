"""Everything besides full memory that can be wrong with a card."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bd1.core.condition_rules import RULES, Condition
from bd1.core.conditions import Change, ConditionsState, blinded, consider
from bd1.core.gpu import GpuDetails, GpuSample
from bd1.core.tiers import Tier

AT_WORK = GpuDetails(
    utilisation_pct=99,
    temperature_c=76,
    power_w=129.0,
    power_limit_w=130.0,
    pstate=0,
    pcie_gen=4,
    pcie_gen_max=4,
    pcie_width=16,
    pcie_width_max=16,
    throttle=("power cap",),
    slowdown_c=92,
    shutdown_c=95,
    pcie_replay=3,
    ecc_uncorrected=0,
)
AT_REST = replace(AT_WORK, utilisation_pct=0, power_w=13.0, pstate=8, pcie_gen=1, throttle=(), temperature_c=37)
BLIND = None
Looks = Iterable[GpuDetails | None]


def run(looks: Looks, state: ConditionsState | None = None) -> tuple[ConditionsState, list[Change]]:
    """One look each second; `None` is a look that failed."""
    state = state or ConditionsState()
    began_s = (state.last_at_s or 0.0) + 1
    told: list[Change] = []
    for at_s, details in enumerate(looks):
        if details is None:
            state = blinded(state)
            continue
        state, changes = consider(state, GpuSample(began_s + at_s, 20475, 10000, None, details))
        told += changes
    return state, told


def told(looks: Looks) -> list[tuple[Condition, Tier]]:
    return [(change.condition, change.tier) for change in run(looks)[1]]


def for_s(seconds: int, **readings: Any) -> list[GpuDetails]:
    """Looks over so many seconds, a look at both ends, of a card at work that shows this besides."""
    return [replace(AT_WORK, **readings)] * (seconds + 1)


def rising(start: int, step: int, seconds: int) -> list[GpuDetails]:
    return [replace(AT_WORK, pcie_replay=start + step * at) for at in range(seconds)]


NORMAL = {
    "work at the power cap": for_s(600),
    "a small card at 87 degrees": for_s(600, temperature_c=87),
    "one degree below its slowdown": for_s(600, temperature_c=91),
    "a short peak over the slowdown": for_s(600) + for_s(9, temperature_c=93) + for_s(600),
    "the driver cooling it for a moment": for_s(600) + for_s(30, throttle=("heat (driver)",)) + for_s(600),
    "a link that idles in generation 1": [AT_REST] * 600,
    "a link of a middle state": for_s(600, pstate=2, pcie_gen=1),
    "a link that needs a second to wake up": [*[AT_REST] * 60, *for_s(3, pcie_gen=1), *for_s(600)],
    "a power draw that swings around its limit": [*for_s(5, power_w=148.0), *for_s(5, power_w=120.0)] * 30,
    "a slowdown while the state changes": [*for_s(5, throttle=("hardware slowdown",)), *for_s(600)] * 3,
    "a replay now and then": [look for at in range(20) for look in for_s(180, pcie_replay=at)],
    "many replays of before": for_s(600, pcie_replay=50_000),
    "memory errors of before": for_s(600, ecc_uncorrected=7),
    "every other reason for lower clocks": for_s(
        600, throttle=("power cap", "clock setting", "sync boost", "display clocks", "board limit", "reliability limit")
    ),
    "a limit that is nonsense": for_s(600, slowdown_c=0, shutdown_c=0),
    "a card that tells nothing": [GpuDetails()] * 600,
}


@pytest.mark.parametrize("case", NORMAL)
def test_normal_life_is_told_to_nobody(case: str) -> None:
    assert told(NORMAL[case]) == []


RAISED: dict[str, tuple[Looks, Condition, Tier]] = {
    "over the slowdown": (for_s(10, temperature_c=92), Condition.HEAT, Tier.ALERT),
    "hardware heat without a temperature": (
        for_s(10, temperature_c=None, throttle=("hardware slowdown", "heat (hardware)")),
        Condition.HEAT,
        Tier.ALERT,
    ),
    "driver heat": (for_s(60, throttle=("power cap", "heat (driver)")), Condition.HEAT, Tier.WARN),
    "hot memory under a cool core": (
        for_s(60, temperature_c=60, throttle=("heat (driver)",)),
        Condition.HEAT,
        Tier.WARN,
    ),
    "power brake": (for_s(10, throttle=("hardware slowdown", "power brake")), Condition.POWER, Tier.ALERT),
    "a power limit that does not hold": (for_s(30, power_w=150.0), Condition.POWER, Tier.WARN),
    "a slowdown without a reason": (for_s(30, throttle=("hardware slowdown",)), Condition.SLOWDOWN, Tier.WARN),
    "a narrow link": (for_s(30, pcie_width=8), Condition.LINK, Tier.WARN),
    "a slow link": (for_s(30, pcie_gen=1), Condition.LINK, Tier.WARN),
    "a slow link of unknown width": (for_s(30, pcie_gen=3, pcie_width=None), Condition.LINK, Tier.WARN),
    "replays that go on": (rising(0, 1, 30), Condition.REPLAYS, Tier.WARN),
    "a memory error": ([AT_WORK, replace(AT_WORK, ecc_uncorrected=1)], Condition.MEMORY, Tier.ALERT),
}


@pytest.mark.parametrize("case", RAISED)
def test_what_means_harm_is_told_once(case: str) -> None:
    looks, condition, tier = RAISED[case]
    assert told(looks) == [(condition, tier)]
    assert told(list(looks)[:-1]) in ([], [(condition, tier)])


@pytest.mark.parametrize("case", sorted(set(RAISED) - {"replays that go on", "a memory error"}))
def test_what_lasts_one_look_less_is_not_told(case: str) -> None:
    assert told(list(RAISED[case][0])[:-1]) == []


def test_a_failing_link_replays_by_the_thousand_and_is_an_alert() -> None:
    assert told(rising(0, 200, 10)) == [(Condition.REPLAYS, Tier.WARN), (Condition.REPLAYS, Tier.ALERT)]


def test_replays_during_a_blindness_count() -> None:
    assert told([AT_WORK, BLIND, replace(AT_WORK, pcie_replay=500)]) == [(Condition.REPLAYS, Tier.WARN)]


def test_a_driver_that_was_loaded_anew_begins_its_counters_anew() -> None:
    assert told([*for_s(5, pcie_replay=5000, ecc_uncorrected=9), *for_s(5, pcie_replay=0, ecc_uncorrected=0)]) == []


def test_replays_are_over_when_there_are_none_for_a_while() -> None:
    looks = [*rising(0, 5, 10), *for_s(3600, pcie_replay=45)]
    assert told(looks) == [(Condition.REPLAYS, Tier.WARN), (Condition.REPLAYS, Tier.NORMAL)]


def test_heat_that_gets_worse_is_told_again_and_clears_once() -> None:
    looks = [
        *for_s(60, throttle=("heat (driver)",)),
        *for_s(10, temperature_c=94),
        *for_s(120, throttle=("heat (driver)",)),
        *for_s(60),
    ]
    assert told(looks) == [(Condition.HEAT, tier) for tier in (Tier.WARN, Tier.ALERT, Tier.NORMAL)]


def test_heat_clears_only_below_the_margin() -> None:
    hot, warm = for_s(10, temperature_c=92), for_s(600, temperature_c=87)
    assert told([*hot, *warm]) == [(Condition.HEAT, Tier.ALERT)]
    assert told([*hot, *for_s(60, temperature_c=86)])[-1] == (Condition.HEAT, Tier.NORMAL)


def test_a_card_in_trouble_is_described_with_its_own_figures_and_what_to_do() -> None:
    texts = [run(looks)[1][0].text for looks, _, _ in RAISED.values()]
    assert texts[0].startswith("The GPU is at 92 °C; its hardware slows down at 92 °C and switches off at 95 °C. Check")
    assert any("width 8 of 16 and generation 4 of 4" in text for text in texts)
    assert any("width unknown of 16" in text for text in texts)
    assert any("150 W of the 130 W" in text for text in texts)
    for text in texts:
        assert text.endswith(".")
        assert "None" not in text


def test_an_end_is_told_with_the_figures_it_ended_at() -> None:
    (_, end) = run([*for_s(10, temperature_c=95), *for_s(60, temperature_c=70)])[1]
    assert end.text.startswith("It is over: the GPU is at 70 °C")


@pytest.mark.parametrize("name", [field.name for field in fields(GpuDetails)])
def test_a_reading_that_is_missing_all_at_once_neither_raises_nor_clears(name: str) -> None:
    known = for_s(5)
    for looks, _, _ in RAISED.values():
        missing = [replace(look, **{name: None}) for look in looks if look]
        state, raised = run([*known, *looks])
        _, after = run([replace(AT_WORK, **{name: None})] * 200, state)
        cleared = {change.condition for change in after}
        wanted = {rule.condition for rule in RULES if name in rule.inputs}
        assert not cleared & wanted
        state, raised = run([*known, *missing])
        assert not {change.condition for change in raised} & wanted


def test_what_is_left_over_is_known_to_be_at_rest_after_a_while() -> None:
    state, _ = run(for_s(59))
    assert Condition.HEAT not in state.at_rest
    state, _ = run(for_s(60))
    assert state.at_rest == frozenset(Condition)
    state, _ = run(for_s(60, temperature_c=92))
    assert Condition.HEAT not in state.at_rest


def test_a_look_without_details_and_an_old_one_change_nothing() -> None:
    state, _ = run(for_s(9, temperature_c=93))
    plain = GpuSample(1000.0, 20475, 10000)
    assert consider(state, plain) == (state, ())
    again = GpuSample(state.last_at_s or 0.0, 20475, 10000, None, replace(AT_WORK, temperature_c=93))
    assert consider(state, again) == (state, ())


def test_what_nobody_saw_counts_for_little() -> None:
    state, _ = run(for_s(0, temperature_c=93))
    much_later = GpuSample(3600.0, 20475, 10000, None, replace(AT_WORK, temperature_c=93))
    assert consider(state, much_later)[1] == ()


def test_time_before_and_after_a_blindness_adds_up_but_not_the_blindness_itself() -> None:
    looks = [*for_s(4, temperature_c=93), *[BLIND] * 600, *for_s(5, temperature_c=93)]
    assert told(looks) == []
    assert told([*looks, *for_s(0, temperature_c=93)]) == [(Condition.HEAT, Tier.ALERT)]


figures = st.integers(min_value=0, max_value=200)
readings = st.builds(
    GpuDetails,
    temperature_c=st.none() | st.sampled_from([40, 86, 87, 91, 92, 93, 96]),
    power_w=st.none() | st.sampled_from([13.0, 129.0, 137.0, 150.0]),
    power_limit_w=st.sampled_from([None, 0.0, 130.0]),
    pstate=st.sampled_from([None, 0, 2, 8]),
    pcie_gen=st.sampled_from([None, 1, 4]),
    pcie_gen_max=st.just(4),
    pcie_width=st.sampled_from([None, 1, 16]),
    pcie_width_max=st.just(16),
    throttle=st.none()
    | st.lists(
        st.sampled_from(["power cap", "hardware slowdown", "heat (hardware)", "heat (driver)", "power brake"]),
        max_size=3,
        unique=True,
    ).map(tuple),
    slowdown_c=st.sampled_from([None, 0, 92]),
    shutdown_c=st.sampled_from([None, 95]),
    pcie_replay=st.none() | figures,
    ecc_uncorrected=st.none() | figures,
)
stretches = st.lists(st.tuples(st.none() | readings, st.sampled_from([1, 5, 11, 31, 62])), max_size=8)


def spread(parts: list[tuple[GpuDetails | None, int]]) -> list[GpuDetails | None]:
    return [details for details, seconds in parts for _ in range(seconds)]


@given(stretches)
def test_each_excursion_raises_each_tier_once_and_ends_once(parts: list[tuple[GpuDetails | None, int]]) -> None:
    now = dict.fromkeys(Condition, Tier.NORMAL)
    for change in run(spread(parts))[1]:
        before = now[change.condition]
        assert change.tier > before or (change.tier is Tier.NORMAL and before is not Tier.NORMAL)
        now[change.condition] = change.tier


@given(stretches, st.integers(1, 500))
def test_blindness_neither_raises_nor_clears(parts: list[tuple[GpuDetails | None, int]], seconds: int) -> None:
    state, _ = run(spread(parts))
    after, changes = run([BLIND] * seconds, state)
    assert not changes
    assert [one.tier for one in after.excursions] == [one.tier for one in state.excursions]


@given(st.lists(st.tuples(st.sampled_from([None, 40, 86, 87, 91, 92, 96]), st.sampled_from([1, 9, 30, 61]))))
def test_heat_clears_after_a_minute_under_the_margin_and_not_before(parts: list[tuple[int | None, int]]) -> None:
    looks = [celsius for celsius, seconds in parts for _ in range(seconds)]
    state, seen, raised = ConditionsState(), list[int](), False
    for at_s, celsius in enumerate(looks):
        details = replace(AT_WORK, temperature_c=celsius) if at_s else AT_WORK
        seen += [] if details.temperature_c is None else [details.temperature_c]
        state, changes = consider(state, GpuSample(float(at_s), 20475, 10000, None, details))
        for change in changes:
            raised = change.tier is not Tier.NORMAL
            assert raised == (seen[-1] >= 92)
            assert all(at >= 92 for at in seen[-11:]) if raised else all(at < 87 for at in seen[-61:])


@given(stretches)
def test_one_look_alone_never_alarms_about_heat_power_or_link(parts: list[tuple[GpuDetails | None, int]]) -> None:
    for details in {part[0] for part in parts}:
        slow = {Condition.HEAT, Condition.POWER, Condition.SLOWDOWN, Condition.LINK}
        assert not {change.condition for change in run([details])[1]} & slow
