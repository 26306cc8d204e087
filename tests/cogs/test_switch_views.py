"""What people read before, during and after a switch."""

from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest

from bd1.core.holders import Holder
from bd1.core.progress import Forecast, Outcome, Progress, Share, Step, StepState
from cogs._ui.forecast_view import forecast_buttons, forecast_embed
from cogs._ui.switch_view import switch_buttons, switch_embed
from tests.cogs.conftest import reading

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
FORECAST = Forecast(
    stops=(Share("ollama", 5160),),
    starts=(Share("open-webui", 0), Share("comfyui", 8000)),
    used_mib=5620,
    idle_mib=460,
    need_mib=8000,
)
STEPS = (
    Step("drain", "Let work under way finish", StepState.DONE, 100.0, 0.3),
    Step("stop ollama", "Stop ollama", StepState.DONE, 100.3, 1.1, "ignored the stop and was killed"),
    Step("gate comfyui", "Prove that VRAM is back", StepState.RUNNING, 101.4),
    Step("start comfyui", "Start comfyui"),
)
UNDER_WAY = Progress(
    "chat",
    "image",
    "Leia",
    STEPS,
    100.0,
    elapsed_s=3.6,
    used_mib=2600,
    total_mib=20475,
    id="20260101120000-0a1b2c3d",
    by_id=7,
    idle_mib=460,
    forecast=FORECAST,
)
COMFYUI = Holder("comfyui", "comfyui", 7200, (4711, 4712), AT, ("python3", ""))
STRANGER = Holder("game, outside any container (PID 9)", None, None, (9,), None, ("game",))
REFUSED = replace(
    UNDER_WAY,
    outcome=Outcome.REFUSED,
    message="comfyui holds the card. I waited 60 s for it.",
    holders=(COMFYUI, STRANGER),
    is_overridable=True,
)


def shown(embed: discord.Embed) -> str:
    return reading(f"{embed.title}\n{embed.description}")


def pressable(view: discord.ui.View | None) -> dict[str, str]:
    """The buttons: label and id."""
    rows = view.to_components() if view else []
    return {button["label"]: button["custom_id"] for row in rows for button in row["components"]}


def test_the_plan_says_what_stops_what_starts_and_what_comes_and_goes() -> None:
    text = shown(forecast_embed("image", FORECAST))
    assert "Switch to image" in text
    assert "Stops **ollama**: 5 160 MiB come back" in text
    assert "Starts **comfyui**: declares 8 000 MiB" in text
    assert "Starts **open-webui**\n" in text
    assert "In use now 5 620 MiB, afterwards up to 8 460 MiB" in text
    assert "Idle level 460 MiB" in text
    assert "Shall they finish" not in text


def test_what_the_driver_does_not_tell_is_called_unknown() -> None:
    text = shown(forecast_embed("image", replace(FORECAST, stops=(Share("ollama", None),), used_mib=None)))
    assert "Stops **ollama**: an unknown amount comes back" in text
    assert "In use now unknown" in text
    assert "None" not in text


async def test_work_under_way_is_named_and_asked_about() -> None:
    text = shown(forecast_embed("image", replace(FORECAST, at_work=("Han is being answered",))))
    assert "• Han is being answered" in text
    assert "Nothing has been stopped yet" in text
    assert pressable(forecast_buttons("image", 7)) == {
        "Let them finish": "bd1:mode:wait:7:image",
        "Cut and switch": "bd1:mode:cut:7:image",
        "Never mind": "bd1:mode:no:7:image",
    }


def test_steps_tick_off_with_their_seconds_and_the_running_one_counts() -> None:
    text = shown(switch_embed(UNDER_WAY))
    assert "Stops ollama (5 160 MiB), starts open-webui and comfyui (8 000 MiB)" in text
    assert "✅ Let work under way finish · 0.3 s" in text
    assert "✅ Stop ollama · 1.1 s\n-# ignored the stop and was killed" in text
    assert "⏳ Prove that VRAM is back · 2.2 s" in text
    assert "⬜ Start comfyui\n" in text


@pytest.mark.parametrize(("used_mib", "bar"), [(15000, "┼"), (100, "┼")])
def test_the_bar_falls_and_rises_with_the_idle_level_marked(used_mib: int, bar: str) -> None:
    text = shown(switch_embed(replace(UNDER_WAY, used_mib=used_mib, idle_mib=18000)))
    line = next(line for line in text.split("\n") if line.startswith("`"))
    assert bar in line
    assert line.count("█") == round(used_mib / 20475 * 20)
    assert "the tick is the idle level, 18 000 MiB" in text


def test_a_switch_that_worked_ends_in_one_line_with_its_figures() -> None:
    steps = (
        Step("drain", "d", StepState.DONE, took_s=0.3),
        Step("unload", "u", StepState.DONE, took_s=0.01),
        Step("stop ollama", "s", StepState.DONE, took_s=1.1),
        Step("gate comfyui", "g", StepState.DONE, took_s=2.2),
        Step("start comfyui", "s", StepState.DONE, took_s=0.8),
        Step("health comfyui", "h", StepState.DONE, took_s=2.0),
    )
    done = replace(UNDER_WAY, steps=steps, outcome=Outcome.DONE, message="chat -> image", elapsed_s=6.4)
    assert "chat -> image in 6.4 s: drain 0.3, stop 1.1, VRAM back 2.2, start 2.8" in shown(switch_embed(done))


def test_a_switch_with_nothing_to_do_says_so() -> None:
    done = replace(UNDER_WAY, steps=(), outcome=Outcome.DONE, message="chat -> image")
    assert "nothing had to be changed" in shown(switch_embed(done))


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome.REFUSED, "Refused:"),
        (Outcome.FAILED, "Failed:"),
        (Outcome.ROLLED_BACK, "Rolled back:"),
        (Outcome.CANCELLED, "Cancelled:"),
    ],
)
def test_each_other_end_has_its_word_its_sentence_and_its_colour(outcome: Outcome, word: str) -> None:
    embed = switch_embed(replace(UNDER_WAY, outcome=outcome, message="So it is."))
    others = {switch_embed(replace(UNDER_WAY, outcome=other)).colour for other in {*Outcome, None} - {outcome}}
    assert f"**{word}** So it is." in shown(embed)
    assert embed.colour not in others


def test_what_the_result_says_is_not_said_at_the_step_again() -> None:
    failed = replace(STEPS[2], state=StepState.FAILED, note="comfyui holds the card.")
    text = shown(switch_embed(replace(REFUSED, steps=(failed,))))
    assert text.count("comfyui holds the card.") == 1


def test_a_refusal_says_who_holds_what_since_when_and_in_which_process() -> None:
    text = shown(switch_embed(REFUSED))
    assert "• **comfyui** 7 200 MiB · came <t:1767268800:R>\n-# PID 4711 python3, PID 4712" in text
    assert "• ⚠️ **game, outside any container (PID 9)** an unknown amount" in text
    assert "-# PID 9" not in text


async def test_a_refusal_offers_what_can_be_done() -> None:
    assert pressable(switch_buttons(REFUSED)) == {
        "Try again": "bd1:refused:again:image",
        "Kill comfyui": "bd1:refused:kill:image:comfyui",
        "Override…": "bd1:refused:override:image",
    }
    assert list(pressable(switch_buttons(replace(REFUSED, holders=(STRANGER,), is_overridable=False)))) == ["Try again"]


async def test_only_what_is_possible_can_be_pressed() -> None:
    asked = replace(UNDER_WAY, question="2 pictures are still being drawn.", is_cancellable=True)
    assert switch_buttons(UNDER_WAY) is None
    assert list(pressable(switch_buttons(replace(UNDER_WAY, is_cancellable=True)))) == ["Cancel"]
    assert pressable(switch_buttons(asked)) == {
        "Wait on": "bd1:switch:wait:20260101120000-0a1b2c3d",
        "Cut them": "bd1:switch:cut:20260101120000-0a1b2c3d",
        "Cancel the switch": "bd1:switch:cancel:20260101120000-0a1b2c3d",
    }
    for outcome in set(Outcome) - {Outcome.REFUSED}:
        assert switch_buttons(replace(asked, outcome=outcome)) is None


def test_the_question_is_shown_until_it_is_answered() -> None:
    asked = replace(UNDER_WAY, question="2 pictures are still being drawn.")
    assert "❓ **2 pictures are still being drawn.**" in shown(switch_embed(asked))
    assert "❓" not in shown(switch_embed(replace(asked, outcome=Outcome.CANCELLED, message="x")))
