"""The README's claims that can be checked."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from bd1.cli import main
from bd1.core import settings as s

REPO = Path(__file__).parents[1]
README = (REPO / "README.md").read_text(encoding="utf-8")
SECTIONS = {
    "discord": s.DiscordSettings,
    "gpu": s.GpuSettings,
    "watchdog": s.WatchdogSettings,
    "switch": s.SwitchSettings,
    "alerts": s.AlertSettings,
    "chat": s.ChatSettings,
    "workloads.NAME": s.Workload,
    "modes.NAME": s.Mode,
}
KEYS = [
    f"{section}.{field.name}"
    for section, values in SECTIONS.items()
    for field in fields(values)
    if not (field.name == "name" and section.endswith("NAME"))
]


@pytest.mark.parametrize("key", [*KEYS, "data_dir", "docker_url"])
def test_every_key_is_in_the_table(key: str) -> None:
    assert f"`{key}`" in README


def test_every_command_is_in_the_table_and_no_other() -> None:
    told = set(re.findall(r"^\| `bd1 ([a-z]+)", README, re.MULTILINE))
    assert isinstance(main, click.Group)
    assert told == set(main.commands)


def test_every_make_target_named_exists() -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_linked_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (REPO / link).exists()] == []


def test_the_figures_are_filled_in() -> None:
    assert not re.search(r"\b(FULL_LOOK|SPAWN|LAG|RSS|CPU)\s*\|", README)
