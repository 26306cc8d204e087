"""Whether the watchdog of a running BD-1 is alive, from the file it writes at each tick.

Imports nothing slow, for a health check runs this every few seconds.
"""

import json
import math
import time
from pathlib import Path
from typing import Any

from bd1.errors import ConfigError

FRESH_S = 15.0
"""A watchdog that has not ticked for this long is dead or stuck: a card in quarantine is looked at each 10 s."""


def trouble_of(config: Path) -> str | None:
    """A sentence when the watchdog is not alive, `None` when it is.

    A card that cannot be read is no trouble of the watchdog's; a configuration that does not tell the data folder is.
    """
    try:
        return judge(_data_dir(config) / "heartbeat", time.monotonic())
    except ConfigError as refused:
        return str(refused)


def judge(file: Path, now_s: float) -> str | None:
    """The same for one heartbeat file at a moment of the machine's monotonic clock."""
    try:
        age_s = now_s - _last_tick_s(file)
    except FileNotFoundError:
        return f"There is no heartbeat in {file.parent}: BD-1 has not run there."
    except (OSError, ValueError, TypeError, KeyError):
        return f"The heartbeat {file} cannot be read."
    if age_s < 0:
        return "The last heartbeat is from before this machine's last start: BD-1 has not run since."
    if age_s > FRESH_S:
        return f"The watchdog has not ticked for {age_s:.0f} s."
    return None


def _last_tick_s(file: Path) -> float:
    beat: Any = json.loads(file.read_text(encoding="utf-8"))
    tick_s = float(beat["monotonic_s"])
    if not math.isfinite(tick_s):
        raise ValueError(tick_s)  # NaN would pass every comparison and look alive
    return tick_s


def _data_dir(config: Path) -> Path:
    from bd1.config_yaml import read  # noqa: PLC0415 only when needed: PyYAML takes 20 ms

    data = read(config).data
    folder = data.get("data_dir") if isinstance(data, dict) else None
    if not isinstance(folder, str):
        raise ConfigError(f"{config}: data_dir: is required but missing")
    return config.parent / folder
