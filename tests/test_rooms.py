"""The house keeps its rules: walls between rooms, pure core, empty packages, docstrings, test files of unlike names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.walls import ROOMS, full_packages, import_breaches, impure_calls, namesakes, room_of, sources, undocumented

REPOSITORY = Path(__file__).resolve().parents[1]

CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "every import stays within its walls": import_breaches,
    "core asks no clock and touches nothing": impure_calls,
    "packages are empty": full_packages,
    "every module says what it is for": undocumented,
    "no two test files share a name": namesakes,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_house_keeps_its_rules(check: Callable[[Path], list[str]]) -> None:
    breaches = check(REPOSITORY)
    assert not breaches, "\n".join(breaches)


def test_the_walk_sees_the_whole_product() -> None:
    seen = {room_of(module) for _, module, _ in sources(REPOSITORY)}
    assert seen == set(ROOMS)


BREACHES = {
    "core/a.py": ["import asyncio", "import logging", "import time", "import os", "import socket", "import random"],
    "core/b.py": ["import threading", "from bd1.ports import Clock", "from bd1 import services", "import pydantic"],
    "core/c.py": ["from bd1.errors import Busy", "import discord", "import aiohttp"],
    "ports.py": ["from bd1.services import watchdog", "from bd1.errors import Busy", "import aiohttp"],
    "errors.py": ["from bd1.core import gpu"],
    "services/a.py": ["import discord", "import docker", "import aiohttp", "from bd1.adapters import nvml"],
    "services/b.py": [
        "from bd1.sim import card",
        "import sqlite3",
        "from bd1.config import load",
        "from cogs import gpu",
    ],
    "adapters/docker.py": ["import pynvml", "import ollama", "from bd1.services import chat", "import discord"],
    "adapters/nvml.py": [
        "import docker",
        "import sqlite3",
        "from matplotlib.figure import Figure",
        "from bd1.sim import card",
    ],
    "adapters/clock.py": ["import sqlite3", "import pynvml"],
    "sim/a.py": ["import discord", "import pynvml", "from bd1.adapters import clock", "from bd1.services import chat"],
    "sim/discord/b.py": ["from ...services import chat", "import docker.errors", "from discord.ext import commands"],
    "config.py": ["from bd1.ports import Store", "import click", "import discord"],
    "config_rules.py": ["from bd1.services import chat"],
    "bot.py": [
        "from bd1.sim import card",
        "from bd1.adapters import nvml",
        "import docker",
        "from bd1.ports import Store",
    ],
    "cli.py": ["import discord", "import_module('discord')", "import pynvml"],
    "check.py": ["from discord.ext import commands"],
    "app.py": ["import discord", "import docker"],
    "demo.py": ["import discord"],
    "demo_stage.py": ["import discord", "import docker"],
    "rehearsal_stage.py": ["import discord", "import docker"],
    "sim/scenarios/a.py": ["from bd1.app import build", "from bd1.services import alerts", "import discord"],
    "../cogs/a.py": [
        "import pynvml",
        "import sqlite3",
        "from bd1.sim import card",
        "from bd1.adapters import docker",
    ],
    "../cogs/b.py": ["from bd1.app import run", "from bd1.config import load", "import ollama"],
}
ALLOWED = {
    "core/a.py": [
        "from datetime import datetime",
        "from pathlib import Path",
        "from bd1.core.gpu import MIB",
        "import re",
    ],
    "ports.py": ["from bd1.core.gpu import MIB", "from typing import Protocol"],
    "services/a.py": [
        "import asyncio",
        "from bd1.ports import Clock",
        "from bd1.core import gpu",
        "from . import chat",
    ],
    "adapters/nvml_faults.py": ["import pynvml", "from bd1.adapters import clock"],
    "adapters/_docker_wire.py": ["from docker.errors import APIError", "import requests"],
    "adapters/store.py": ["import sqlite3"],
    "adapters/chart_drawing.py": ["import matplotlib"],
    "sim/a.py": ["import aiohttp", "from bd1.sim.discord import server", "from bd1.ports import Clock"],
    "config.py": ["import yaml", "import pydantic", "from bd1.core import settings"],
    "app.py": ["from bd1.adapters import nvml", "from bd1.sim import card", "from bd1.bot import create_bot"],
    "demo_lives.py": ["from bd1.adapters import ollama", "from bd1.sim import lifeline", "from bd1.app import build"],
    "bot.py": ["import discord", "from cogs import gpu", "from bd1.services import chat"],
    "cli.py": ["import click", "from bd1.app import run", "from bd1 import __version__"],
    "../cogs/a.py": ["import discord", "from cogs._ui import words", "from bd1.ports import Store"],
}


def planted(root: Path, place: str, line: str) -> Path:
    """A product that consists of one module with one line."""
    path = root / "bd1" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""A module."""\n\n{line}\n', encoding="utf-8")
    return root


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(place, line) for place, lines in table.items() for line in lines]


@pytest.mark.parametrize(("place", "line"), pairs(BREACHES))
def test_a_planted_breach_is_found_and_told_in_a_sentence(tmp_path: Path, place: str, line: str) -> None:
    (tmp_path / "bd1").mkdir()
    found = import_breaches(planted(tmp_path, place, line))
    assert len(found) == 1
    assert f"{place.removeprefix('../')}:3 imports " in found[0]


@pytest.mark.parametrize(("place", "line"), pairs(ALLOWED))
def test_what_a_room_may_import_is_no_breach(tmp_path: Path, place: str, line: str) -> None:
    (tmp_path / "bd1").mkdir()
    assert import_breaches(planted(tmp_path, place, line)) == []


@pytest.mark.parametrize("call", ["datetime.now()", "date.today()", "open('x')", "Path('x').read_text()", "print(1)"])
def test_a_clock_or_a_file_in_core_is_found(tmp_path: Path, call: str) -> None:
    assert len(impure_calls(planted(tmp_path, "core/a.py", call))) == 1
    assert impure_calls(planted(tmp_path / "other", "services/a.py", call)) == []


def test_a_package_that_is_not_empty_is_found(tmp_path: Path) -> None:
    planted(tmp_path, "core/__init__.py", "from bd1.core import gpu")
    (tmp_path / "bd1/__init__.py").write_text('__version__ = "1"\n', encoding="utf-8")
    assert full_packages(tmp_path) == ["bd1/core/__init__.py is not empty: a package must not import its rooms."]
    (tmp_path / "bd1/__init__.py").write_text('__version__ = "1"\nimport os\n', encoding="utf-8")
    assert len(full_packages(tmp_path)) == 2


def test_a_module_without_a_docstring_is_found(tmp_path: Path) -> None:
    planted(tmp_path, "core/a.py", "x = 1").joinpath("bd1/core/b.py").write_text("x = 1\n", encoding="utf-8")
    assert undocumented(tmp_path) == ["bd1/core/b.py does not say in a docstring what it is for."]


def test_two_test_files_of_one_name_are_found(tmp_path: Path) -> None:
    for room in ("core", "sim"):
        (tmp_path / "tests" / room).mkdir(parents=True)
        (tmp_path / "tests" / room / "test_card.py").touch()
    assert namesakes(tmp_path) == ["tests/core/test_card.py and tests/sim/test_card.py share a name."]
