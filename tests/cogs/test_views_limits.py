"""Whatever happens, what BD-1 shows stays inside Discord's limits and calls the unknown unknown."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bd1.core.baseline import Baseline
from bd1.core.gpu import GpuDetails, GpuSample
from bd1.core.holders import Attribution, Holder
from bd1.core.incidents import Incident, Line, Word
from bd1.core.journal import Entry
from bd1.core.modes import Plan
from bd1.core.notices import Ring
from bd1.core.progress import Forecast, Outcome, Progress, Step, StepState
from bd1.core.settings import Mode, Workload
from bd1.core.tiers import Tier
from bd1.services.fleet import ModeView
from bd1.services.herald import Digest
from bd1.services.status import Status
from bd1.sim.discord.rules import check_callback, check_message
from cogs._ui.baseline_view import baseline_buttons, baseline_embed
from cogs._ui.digest_view import digest_embed, incidents_embed, silences_embed
from cogs._ui.forecast_view import forecast_buttons, forecast_embed, mode_choice, never_mind_embed, unforeseen_embed
from cogs._ui.incident_post import incident_shown
from cogs._ui.incident_view import incident_choice, incident_embed, no_such_kind, silenced_words
from cogs._ui.log_view import audit_line, log_embed
from cogs._ui.override_form import OverrideForm, last_buttons, last_question
from cogs._ui.status_view import mode_embed, status_buttons, status_embed
from cogs._ui.switch_view import switch_buttons, switch_embed
from cogs._ui.words import bar
from tests.cogs import wild

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


def faults(embed: discord.Embed, view: discord.ui.View | None = None) -> tuple[Any, ...]:
    """What Discord would refuse of this message."""
    return check_message(
        {"embeds": [embed.to_dict()], "components": view.to_components() if view else []}, webhook=True
    )


def text_of(embed: discord.Embed) -> str:
    parts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    return "\n".join(parts + [f"{field.name}: {field.value}" for field in embed.fields])


@settings(max_examples=150, deadline=None)
@given(wild.statuses, st.floats(min_value=0) | st.just(math.inf) | st.just(math.nan))
def test_no_status_is_too_long_for_discord(status: Status, latency: float) -> None:
    assert faults(status_embed(status, latency=latency)) == ()
    assert faults(mode_embed(status, ["image"] * 25)) == ()


@settings(max_examples=150, deadline=None)
@given(wild.progresses)
async def test_no_switch_is_too_long_for_discord(progress: Progress) -> None:
    embed = switch_embed(progress)
    assert faults(embed, switch_buttons(progress)) == ()
    assert embed.description


@settings(max_examples=150, deadline=None)
@given(wild.forecasts, wild.words, wild.words)
async def test_no_forecast_is_too_long_for_discord(forecast: Forecast, target: str, trouble: str) -> None:
    assert faults(forecast_embed(target, forecast), forecast_buttons(target[:32], 2**63)) == ()
    assert faults(never_mind_embed(target, trouble)) == faults(unforeseen_embed(target, trouble)) == ()


@settings(max_examples=150, deadline=None)
@given(wild.forecasts, wild.words, st.text(min_size=10, max_size=200), wild.words, wild.mib)
async def test_no_override_is_too_long_for_discord(
    forecast: Forecast, target: str, reason: str, refusal: str, ceiling_mib: int
) -> None:
    embed = last_question(target, forecast, reason, refusal, ceiling_mib)
    assert faults(embed, last_buttons(target[:32], 2**63)) == ()
    assert check_callback({"type": 9, "data": OverrideForm(target[:32], 2**63).to_dict()}) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(wild.entries, max_size=25))
def test_no_log_is_too_long_for_discord(entries: list[Entry]) -> None:
    embed = log_embed(entries)
    assert faults(embed) == ()
    assert embed.description


@settings(max_examples=150, deadline=None)
@given(wild.entries)
def test_every_switch_leaves_one_line_that_discord_takes(entry: Entry) -> None:
    line = audit_line(entry)
    assert check_message({"content": line, "nonce": entry.id}) == ()
    assert len(line.splitlines()) == 1


@settings(max_examples=150, deadline=None)
@given(st.none() | wild.baselines, wild.figures, st.lists(wild.words, max_size=8))
async def test_no_idle_level_is_too_long_for_discord(
    baseline: Baseline | None, measured_mib: int | None, running: list[str]
) -> None:
    assert faults(baseline_embed(baseline, measured_mib, running), baseline_buttons(measured_mib or 0)) == ()


@settings(max_examples=150, deadline=None)
@given(wild.incidents)
def test_no_incident_is_too_long_for_discord(incident: Incident) -> None:
    embed = incident_embed(incident)
    assert faults(embed) == ()
    assert embed.description


@settings(max_examples=100, deadline=None)
@given(st.lists(wild.incidents, min_size=1, max_size=20), wild.moments, st.dictionaries(wild.words, wild.word_values))
async def test_no_post_digest_or_list_of_incidents_is_too_long_for_discord(
    incidents: list[Incident], now: datetime, silences: dict[str, Word]
) -> None:
    first, rules = incidents[0], wild.alert_settings()
    for ring in (None, *Ring):
        shown = incident_shown(first, rules, now, ring)
        assert check_message({"content": shown.content or "", "embeds": [shown.embed.to_dict()]}) == ()
        assert faults(shown.embed, shown.view) == ()
    assert faults(digest_embed(Digest("20260101120000-0a1b2c3d", tuple(incidents), None, None))) == ()
    assert faults(incidents_embed(incidents, silences, now)) == faults(silences_embed(silences)) == ()
    choice = {"name": incident_choice(first, now), "value": first.id}
    assert check_callback({"type": 8, "data": {"choices": [choice]}}) == ()
    for kind, word in silences.items():
        assert check_message({"content": silenced_words(kind, word)}) == ()
        assert check_message({"content": no_such_kind(kind)}) == ()


@settings(deadline=None)
@given(wild.words, wild.words, st.lists(wild.words, max_size=8))
def test_no_mode_is_too_long_for_the_picker(name: str, description: str, others: list[str]) -> None:
    mode = Mode(name=name[:100], description=description)
    workloads = tuple(Workload(name=other, container=other, vram_mib=1) for other in others)
    for plan in (None, Plan(mode, workloads, workloads, ()), Plan(mode, (), (), ())):
        choice = {"name": mode_choice(mode, plan), "value": mode.name}
        assert check_callback({"type": 8, "data": {"choices": [choice]}}) == ()


@settings(deadline=None)
@given(st.floats(allow_nan=False), st.lists(st.floats(min_value=0, max_value=1), max_size=3))
def test_a_bar_has_the_same_length_whatever_its_share(share: float, marks: list[float]) -> None:
    drawn = bar(share, tuple(marks))
    assert len(drawn) == 20 + len(marks)
    assert drawn.count("│") + drawn.count("┼") == len(marks)


NOTHING = Status(
    sample=None,
    failure=None,
    identity=None,
    attribution=None,
    age_s=None,
    tier=Tier.NORMAL,
    mode=ModeView(None, frozenset()),
    switching_to=None,
    models=None,
    parts=(),
    limits=(80.0, 90.0, 95.0),
    ceiling_mib=19451,
    idle_mib=460,
)


def test_when_nothing_is_known_everything_says_unknown() -> None:
    embed = status_embed(NOTHING, latency=math.nan)
    fields = {field.name: field.value or "" for field in embed.fields}
    for name in (
        "Models in memory",
        "Who holds VRAM",
        "Temperature",
        "Power",
        "Utilisation",
        "PCIe",
        "Throttle",
        "Driver",
    ):
        assert fields[name] == "unknown"
    assert fields["Mode"].startswith("**unknown**")
    assert "never read" in (embed.footer.text or "")
    assert "None" not in text_of(embed)
    assert "nan" not in text_of(embed)


@settings(max_examples=60, deadline=None)
@given(wild.details)
def test_a_reading_the_card_does_not_give_is_never_shown_as_none_or_zero(extra: GpuDetails) -> None:
    status = replace(NOTHING, sample=GpuSample(1.0, 20475, 20015, None, replace(extra, throttle=())))
    fields = {field.name: field.value or "" for field in status_embed(status, latency=0.1).fields}
    link = (extra.pcie_gen, extra.pcie_width, extra.pcie_gen_max, extra.pcie_width_max)
    assert not any("None" in value for value in fields.values())
    for name, value in (
        ("Temperature", extra.temperature_c),
        ("Power", extra.power_w),
        ("Utilisation", extra.utilisation_pct),
    ):
        assert ("unknown" in fields[name]) == (value is None)
    assert ("unknown" in fields["PCIe"]) == (None in link)


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (ModeView("chat", frozenset()), ("set at an unknown time", "by unknown")),
        (ModeView("chat", frozenset(), AT, "Leia"), ("<t:1767268800:R>", "by Leia")),
        (ModeView(None, frozenset(), trouble="Docker does not answer."), ("**unknown**", "Docker does not answer.")),
    ],
)
def test_the_mode_says_since_when_and_by_whom_or_why_it_is_not_known(mode: ModeView, told: tuple[str, ...]) -> None:
    value = status_embed(replace(NOTHING, mode=mode), latency=0.1).fields[0].value or ""
    assert all(part in value for part in told)


def test_holders_say_whom_bd1_does_not_know_and_what_is_hidden() -> None:
    found = Attribution((Holder("comfyui", "comfyui", None, (1,)), Holder("Xorg", None, 300, (2,))), None)
    value = status_embed(replace(NOTHING, attribution=found), latency=0.1).fields[2].value or ""
    assert "**comfyui** unknown" in value
    assert "⚠️ **Xorg** 300 MiB" in value
    assert "unattributed unknown" in value


def test_holders_that_do_not_fit_are_counted() -> None:
    many = tuple(Holder(f"program {number}", None, 10, (number,)) for number in range(40))
    value = status_embed(replace(NOTHING, attribution=Attribution(many, 0)), latency=0.1).fields[2].value or ""
    assert "and 32 more" in value
    assert "unattributed 0 MiB" in value


def test_holders_with_endless_names_still_end_with_the_sum() -> None:
    many = tuple(Holder("x" * 900, None, 10, (number,)) for number in range(8))
    value = status_embed(replace(NOTHING, attribution=Attribution(many, 7)), latency=0.1).fields[2].value or ""
    assert value.endswith("unattributed 7 MiB")


def test_a_long_story_keeps_its_newest_lines() -> None:
    lines = tuple(Line(AT, f"{number} {'x' * 900}") for number in range(12))
    description = incident_embed(Incident("i", "k", "t", Tier.WARN, AT, lines)).description or ""
    assert "11 xxx" in description
    assert "\n2 x" not in description


def test_one_endless_line_is_cut_and_not_dropped() -> None:
    incident = Incident("i", "k", "t", Tier.WARN, AT, (Line(AT, "Read this first. " + "x" * 9000),))
    assert "Read this first." in (incident_embed(incident).description or "")


def test_the_outcome_of_a_switch_is_shown_even_when_its_steps_are_endless() -> None:
    many = tuple(Step(f"stop {number}", "x" * 300, StepState.DONE) for number in range(40))
    progress = Progress(
        "chat", "image", "Leia", many, 0.0, outcome=Outcome.REFUSED, message="The card is held by Xorg."
    )
    assert "The card is held by Xorg." in (switch_embed(progress).description or "")


async def test_the_refresh_button_stays_valid_for_messages_of_an_earlier_run() -> None:
    (row,) = status_buttons().to_components()
    assert [item["custom_id"] for item in row["components"]] == ["bd1:status:refresh"]
    assert check_message({"content": "x", "components": [row]}) == ()
