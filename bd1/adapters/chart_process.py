"""The program that draws one picture: a scene as JSON comes in, a PNG goes out. Run by `chart`, never imported by it.

It knows nothing of the bot, and the machine may end it before anything else.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_LONGEST = 300


def main() -> int:
    """Draws what comes in. What goes wrong is one line, and the exit status is 1."""
    _step_back()
    try:
        scene: dict[str, Any] = json.load(sys.stdin.buffer)
        from bd1.adapters.chart_drawing import drawing  # noqa: PLC0415 a library that is missing is one line too

        png = drawing(scene)
    except Exception as trouble:  # noqa: BLE001 the border of a process: whoever started it reads one line
        cause = _first_cause(trouble)
        sys.stderr.write(" ".join(f"{type(cause).__name__}: {cause}".split())[:_LONGEST] + "\n")
        return 1
    sys.stdout.buffer.write(png)
    return 0


def _first_cause(trouble: BaseException) -> BaseException:
    """What it all began with: libraries wrap what they lack into pages of advice."""
    while trouble.__cause__ is not None:
        trouble = trouble.__cause__
    return trouble


def _step_back() -> None:
    """Whatever else the machine has to do comes first, and when memory runs out this is the first to go."""
    with contextlib.suppress(OSError):
        os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
