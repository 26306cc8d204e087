"""The command line: finds the configuration, calls one function, turns the outcome into an exit code. No feature.

Everything heavy is imported by the command that needs it, so that `heartbeat` and `--help` stay quick.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bd1 import __version__
from bd1.errors import Bd1Error, ConfigError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bd1.check_finding import Finding
    from bd1.core.settings import Settings

FAILED, WRONG_CONFIG = 1, 2
"""Exit codes. click's own for a wrong command line is 2 as well."""

_PLACES = (Path("config.yaml"), Path("/etc/bd1/config.yaml"))
_DEMO_PORT = 8642
_config = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path),
    envvar="BD1_CONFIG",
    help="The configuration. Default: $BD1_CONFIG, ./config.yaml, /etc/bd1/config.yaml.",
)


class _Commands(click.Group):
    """Commands whose expected errors end in a sentence, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Bd1Error as trouble:
            click.echo(str(trouble), err=True)
            ctx.exit(WRONG_CONFIG if isinstance(trouble, ConfigError) else FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="bd1 %(version)s")
def main() -> None:
    """BD-1, a Discord bot that owns one GPU: it shares the card and never lets it hang the host."""


@main.command()
@_config
def run(config: Path | None) -> None:
    """Run BD-1 until Ctrl-C or SIGTERM."""
    settings = _settings(config)
    from bd1.launch import become_bot  # noqa: PLC0415 see the module's docstring

    become_bot(settings)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=_DEMO_PORT, show_default=True, help="0: any free port.")
@click.option("--llm", is_flag=True, help="Answer with a small real model instead of canned sentences (extra: llm).")
def demo(port: int, *, llm: bool) -> None:
    """Play everything on this computer: a pretended card, containers and Discord, in the browser."""
    import logging  # noqa: PLC0415

    from bd1.demo import demo as play  # noqa: PLC0415 heavy, see the module's docstring
    from bd1.logs import log_to_stderr  # noqa: PLC0415

    log_to_stderr(logging.WARNING)  # the table of what is real shall stay in sight
    _start(play(port, llm=llm))


@main.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def check(config: Path | None, *, as_json: bool) -> None:
    """Look at everything BD-1 needs, touch nothing, and say what is missing."""
    settings = _settings(config)
    from bd1 import app  # noqa: PLC0415 heavy, see the module's docstring
    from bd1.check_finding import render_table, to_json  # noqa: PLC0415

    findings: tuple[Finding, ...] = _start(app.check(settings))
    if as_json:
        click.echo(to_json(findings))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(render_table(findings, colour=colour, width=shutil.get_terminal_size((100, 24)).columns), color=True)
    if any(finding.required and finding.ok is False for finding in findings):
        raise click.exceptions.Exit(FAILED)


@main.command()
@click.argument("names", nargs=-1)
@click.option("--list", "as_list", is_flag=True, help="Only tell which stories there are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--config", type=click.Path(path_type=Path), help="Play with the limits of this configuration.")
def rehearse(names: tuple[str, ...], config: Path | None, *, as_list: bool, as_json: bool) -> None:
    """Play stories of trouble to BD-1 on a simulated machine, all of them or those named, and show how each ends."""
    from bd1.rehearsal_command import listed, rehearse_all  # noqa: PLC0415 heavy, see the module's docstring

    width = shutil.get_terminal_size((100, 24)).columns
    if as_list:
        click.echo(listed(width))
        return
    limits = None if config is None else _settings(config)
    if not rehearse_all(names, limits, width, as_json=as_json, show=click.echo):
        raise click.exceptions.Exit(FAILED)


@main.command()
@_config
def heartbeat(config: Path | None) -> None:
    """Tell by the exit code whether BD-1's watchdog is alive (for a container's health check)."""
    from bd1.heartbeat import trouble_of  # noqa: PLC0415

    if trouble := trouble_of(find_config(config)):
        click.echo(trouble, err=True)
        raise click.exceptions.Exit(FAILED)


def find_config(given: Path | None) -> Path:
    """The named file, else the first that exists of the usual places, else the first place (which then is missing)."""
    if given is not None:
        return given
    return next((place for place in _PLACES if place.is_file()), _PLACES[0])


def _settings(given: Path | None) -> "Settings":
    from bd1.config import load  # noqa: PLC0415

    return load(find_config(given), os.environ)


def _start(work: "Coroutine[Any, Any, Any]") -> Any:
    import asyncio  # noqa: PLC0415

    return asyncio.run(work)
