"""Every story ends as it must, the same each time, and the README shows how."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bd1.cli import main
from bd1.rehearsal import Played, play, rehearsal_settings
from bd1.rehearsal_table import Table, summary
from bd1.sim.scenarios.catalogue import STORIES
from bd1.sim.scenarios.judge import faults
from bd1.sim.scenarios.story import Expect, Happened, Told

REPO = Path(__file__).parents[1]
MARKS = re.compile(r"<!-- rehearsal -->\n```text\n(.*?)\n```\n<!-- /rehearsal -->", re.DOTALL)
XIDS = (13, 31, 43, 48, 62, 79, 94, 95, 119, 154)
WELL = Happened(peak_pct=50.0, mode="idle")
QUIET = STORIES["stopped-by-hand"]


@cache
def played(name: str) -> Played:
    return play(STORIES[name], rehearsal_settings())


def rehearse(*words: str | Path) -> Result:
    return CliRunner(env={"BD1_CONFIG": None}).invoke(main, ["rehearse", *map(str, words)])


@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_as_it_must(name: str) -> None:
    assert played(name).faults == ()


@pytest.mark.timeout(600)
def test_the_readme_shows_the_table_that_the_command_prints() -> None:
    shown = MARKS.search((REPO / "README.md").read_text(encoding="utf-8"))
    assert shown
    table = Table(STORIES)
    rows = [played(name) for name in STORIES]
    assert shown[1] == "\n".join([table.head(), *map(table.row, rows), summary(rows)])


def test_both_incidents_would_have_filled_the_card_or_been_told_too_late_without_bd1() -> None:
    assert [played(f"crash-loop-{mib}").alone_pct for mib in (300, 800, 2000)] == [100.0] * 3
    assert max(played(f"crash-loop-{mib}").happened.peak_pct for mib in (300, 800, 2000)) < 90
    silent = played("silent-death").happened
    assert silent.acted_after_s is not None
    assert silent.acted_after_s <= 2.5


def test_there_are_enough_stories_and_each_xid_has_its_own() -> None:
    assert len(STORIES) >= 25
    assert {f"xid-{code}" for code in XIDS} <= set(STORIES)
    assert all(name == story.name and story.text.endswith(".") for name, story in STORIES.items())


@pytest.mark.parametrize("name", STORIES)
def test_what_happens_in_a_story_is_told_in_order_and_within_its_time(name: str) -> None:
    story = STORIES[name]
    times = [act.at_s for act in story.acts]
    assert times == sorted(times)
    assert times[-1] <= story.lasts_s


@pytest.mark.parametrize("name", ["leak-fast", "two-at-once", "crash-loop-and-kill"])
def test_a_story_goes_the_same_way_each_time(name: str) -> None:
    again = play(STORIES[name], rehearsal_settings())
    assert again.happened.log == played(name).happened.log
    assert again.happened.peak_pct == played(name).happened.peak_pct


WRONG = {
    "VRAM rose to 81.0 %": replace(WELL, peak_pct=81.0),
    "BD-1 ended ollama, expected was none": replace(WELL, ended=frozenset({"ollama"})),
    "Latched off are comfyui": replace(WELL, latched_off=frozenset({"comfyui"})),
    "The card is unsafe: It is full.": replace(WELL, unsafe="It is full."),
    "The card is in quarantine": replace(WELL, quarantine="Xid 79"),
    "The mode is chat in the end": replace(WELL, mode="chat"),
    "Incidents told are vram": replace(WELL, told=(Told("vram", 1.0, "VRAM filling up", 0),)),
    "1 messages were posted": replace(WELL, told=(Told("vram", 1.0, "VRAM filling up", 1),)),
    "4 messages were posted for the one incident vram": replace(WELL, told=(Told("vram", 1.0, "", 4),)),
    "The switches ended as done": replace(WELL, switches=("done",)),
    "1 questions were answered": replace(WELL, answers=("Yes.",)),
}


@pytest.mark.parametrize(("words", "happened"), WRONG.items())
def test_what_is_not_as_it_must_be_is_told(words: str, happened: Happened) -> None:
    story = replace(QUIET, expect=Expect(mode="idle", messages=0))
    assert faults(story, WELL) == ()
    assert any(words in fault for fault in faults(story, happened))


def test_what_was_not_said_not_answered_and_not_done_in_time_is_told() -> None:
    expect = Expect(mode="idle", words=("nearly full",), answers=("Hello",), acts_within_s=1.0)
    story = replace(QUIET, expect=expect)
    silent = "\n".join(faults(story, replace(WELL, answers=("No.",))))
    assert "Nobody was told: nearly full." in silent
    assert "The answer was 'No.', expected was 'Hello' in it." in silent
    assert "BD-1 did nothing and said nothing." in silent
    late = faults(replace(QUIET, expect=Expect(mode="idle", acts_within_s=1.0)), replace(WELL, acted_after_s=3.0))
    assert late == ("BD-1 acted after 3.00 s, 1 s were allowed.",)


def test_the_command_plays_what_is_named_and_tells_it_moment_by_moment() -> None:
    result = rehearse("leak-fast", "two-at-once")
    assert result.exit_code == 0, result.output
    assert "2 stories ended as they must." in result.output
    assert "BD-1: kill comfyui" in result.output
    assert "spike" not in result.output


def test_the_list_names_every_story_with_its_sentence() -> None:
    result = rehearse("--list")
    assert result.exit_code == 0
    assert all(re.search(rf"^{name}$", result.output, re.MULTILINE) for name in STORIES)
    assert STORIES["spike"].text in " ".join(result.output.split())


def test_a_story_that_does_not_exist_is_answered_with_the_nearest() -> None:
    result = rehearse("crash-lop-800")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert 'did you mean "crash-loop-800"?' in result.output


def test_programs_get_json() -> None:
    result = rehearse("--json", "leak-fast")
    (row,) = json.loads(result.output)
    assert row["story"] == "leak-fast"
    assert row["ok"] is True
    assert row["messages"] == 1
    assert row["without_bd1_pct"] == 100.0
    assert any("kill comfyui" in entry["text"] for entry in row["log"])


def test_an_operators_own_limits_are_rehearsed_and_a_story_that_fails_with_them_says_why(tmp_path: Path) -> None:
    own = (REPO / "config.yaml").read_text(encoding="utf-8")
    config = tmp_path / "config.yaml"
    config.write_text(own.replace("protect_pct: 95 ", "protect_pct: 99 "), encoding="utf-8")
    result = rehearse("--config", config, "leak-slow")
    assert result.exit_code == 1, result.output
    assert "FAILED" in result.output
    assert "VRAM rose to 9" in result.output
    assert rehearse("--config", REPO / "config.yaml", "leak-slow").exit_code == 0


def test_a_configuration_that_is_wrong_is_refused_as_ever(tmp_path: Path) -> None:
    result = rehearse("--config", tmp_path / "none.yaml", "spike")
    assert result.exit_code == 2
    assert "none.yaml" in result.output
