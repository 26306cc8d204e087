"""Stands in for the body rules until they land in `rules.py`: everything passes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

try:
    from bd1.sim.discord.rules import Violation, check_callback, check_commands, check_message
except ImportError:

    @dataclass(frozen=True, slots=True)
    class Violation:  # type: ignore[no-redef]
        path: str
        code: str
        message: str
        error_code: int = 50035

    def check_message(payload: dict[str, Any], *, edit: bool) -> tuple[Violation, ...]:  # type: ignore[misc]
        return ()

    def check_callback(payload: dict[str, Any]) -> tuple[Violation, ...]:  # type: ignore[misc]
        return ()

    def check_commands(commands: Sequence[dict[str, Any]], *, guild: bool) -> tuple[Violation, ...]:  # type: ignore[misc]
        return ()
