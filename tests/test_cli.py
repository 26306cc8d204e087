"""The command line answers in sentences and exit codes, never in tracebacks, and stays quick where it must."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bd1 import __version__
from bd1.cli import find_config, main
from bd1.heartbeat import judge

REPO = Path(__file__).parent.parent
SLOW = {"asyncio", "pydantic", "discord", "aiohttp", "docker", "pynvml", "ollama", "logging", "ssl", "sqlite3"}
COMMANDS = ["run", "demo", "check", "rehearse", "heartbeat"]


def bd1(*words: str | Path, **environ: str) -> Result:
    """Runs a command in this process."""
    return CliRunner(env={"BD1_CONFIG": None, **environ}).invoke(main, [str(word) for word in words])


def process(*words: str | Path, folder: Path, python: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """Runs a command as a process of its own in `folder`."""
    command = [sys.executable, *python, "-m", "bd1", *map(str, words)]
    environ = {key: value for key, value in os.environ.items() if key != "BD1_CONFIG"} | {"PYTHONPATH": str(REPO)}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the shipped configuration in it."""
    shutil.copy(REPO / "config.yaml", tmp_path)
    return tmp_path


def beat(folder: Path, age_s: float = 0.0, reading: str = "ok") -> None:
    """Leaves a heartbeat as the watchdog does."""
    (folder / "data").mkdir(exist_ok=True)
    content = {"monotonic_s": time.monotonic() - age_s, "tick": 7, "reading": reading}
    (folder / "data" / "heartbeat").write_text(json.dumps(content), encoding="utf-8")


def test_the_version_is_told() -> None:
    assert bd1("--version").output == f"bd1 {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = bd1(command, "--help")

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: bd1 {command} ") or result.output.startswith(f"Usage: main {command} ")


def test_the_help_lists_every_command() -> None:
    assert set(main.commands) == set(COMMANDS)
    assert all(f"  {command} " in bd1("--help").output for command in COMMANDS)


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_missing_configuration_ends_with_its_sentence_and_exit_code_2(command: str, tmp_path: Path) -> None:
    result = bd1(command, "--config", tmp_path / "none.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{tmp_path}/none.yaml: no such file. Start from the shipped one: cp ")


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_wrong_configuration_ends_with_one_line_for_each_mistake(command: str, installed: Path) -> None:
    path = installed / "config.yaml"
    path.write_text(path.read_text().replace("  index: 0 ", "  indx: 0 ").replace("  warn_pct: 80 ", "  warn_pct: 99 "))

    result = bd1(command, "--config", path)

    assert result.exit_code == 2
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == ["gpu.indx", "watchdog.alert_pct"]


def test_no_error_shows_a_traceback(tmp_path: Path) -> None:
    done = process("run", "--config", "none.yaml", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_refused_with_a_sentence() -> None:
    result = bd1("chekc")

    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    result = bd1("demo", "--port", port)

    assert result.exit_code == 2
    assert "Invalid value for '--port'" in result.stderr


def test_the_configuration_is_looked_for_in_the_folder_first(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(installed)

    assert find_config(None) == Path("config.yaml")


def test_a_named_configuration_wins_even_when_it_is_not_there(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(installed)

    assert find_config(Path("other.yaml")) == Path("other.yaml")


def test_the_environment_may_name_the_configuration(tmp_path: Path) -> None:
    result = bd1("run", BD1_CONFIG=str(tmp_path / "from-environment.yaml"))

    assert result.stderr.startswith(f"{tmp_path}/from-environment.yaml: no such file.")


def test_the_option_wins_over_the_environment(tmp_path: Path) -> None:
    result = bd1("run", "--config", tmp_path / "option.yaml", BD1_CONFIG=str(tmp_path / "environment.yaml"))

    assert result.stderr.startswith(f"{tmp_path}/option.yaml: no such file.")


def test_a_watchdog_that_ticks_is_alive(installed: Path) -> None:
    beat(installed)

    done = process("heartbeat", folder=installed)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("reading", ["lost", "stalled", "no driver"])
def test_a_watchdog_that_cannot_read_the_card_is_still_alive(installed: Path, reading: str) -> None:
    beat(installed, reading=reading)

    assert bd1("heartbeat", "--config", installed / "config.yaml").exit_code == 0


def test_a_watchdog_that_stands_still_is_dead(installed: Path) -> None:
    beat(installed, age_s=30)

    result = bd1("heartbeat", "--config", installed / "config.yaml")

    assert (result.exit_code, result.stderr) == (1, "The watchdog has not ticked for 30 s.\n")


def test_no_heartbeat_at_all_is_told(installed: Path) -> None:
    result = bd1("heartbeat", "--config", installed / "config.yaml")

    assert result.exit_code == 1
    assert result.stderr == f"There is no heartbeat in {installed}/data: BD-1 has not run there.\n"


@pytest.mark.parametrize("config", ["", "gpu: {}\n", "a: b: c\n"])
def test_a_configuration_without_a_data_folder_fails_the_health_check(config: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(config)

    result = bd1("heartbeat", "--config", path)

    assert result.exit_code == 1
    assert result.stderr.startswith(str(path))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", "{}", '{"monotonic_s": null}', '{"monotonic_s": "x"}', "\xff", '{"monotonic_s": NaN}'],
)
def test_a_heartbeat_that_cannot_be_read_is_told(content: str, tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    file.write_text(content, encoding="latin-1")

    assert judge(file, 100.0) == f"The heartbeat {file} cannot be read."


@pytest.mark.parametrize(
    ("age_s", "said"),
    [
        (0.0, None),
        (10.0, None),
        (15.1, "The watchdog has not ticked for 15 s."),
        (3600.0, "The watchdog has not ticked for 3600 s."),
        (-5.0, "The last heartbeat is from before this machine's last start: BD-1 has not run since."),
    ],
)
def test_ten_seconds_without_a_tick_are_the_limit(age_s: float, said: str | None, tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    file.write_text(json.dumps({"monotonic_s": 5000.0 - age_s, "tick": 1, "reading": "ok"}))

    assert judge(file, 5000.0) == said


@pytest.mark.parametrize("words", [("heartbeat",), ("--version",), ("--help",)])
def test_the_quick_commands_import_nothing_slow(words: tuple[str, ...], installed: Path) -> None:
    beat(installed)

    done = process(*words, folder=installed, python=("-X", "importtime"))

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert done.returncode == 0
    assert "click" in imported
    assert imported & SLOW == set()
