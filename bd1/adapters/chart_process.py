"""The program that draws one picture: a scene as JSON comes in, a PNG goes out. Run by `chart`, never imported by it.

It knows nothing of the bot, and the machine may end it before anything else.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Draws what comes in. What goes wrong is one line, and the exit status is 1."""
    _step_back()
    try:
        scene: dict[str, Any] = json.load(sys.stdin.buffer)
        from bd1.adapters.chart_drawing import drawing  # noqa: PLC0415 a library that is missing is one line too

        png = drawing(scene)
    except Exception as trouble:  # noqa: BLE001 the border of a process: whoever started it reads one line
        sys.stderr.write(f"{type(trouble).__name__}: {trouble}\n".replace("\n", " ").strip() + "\n")
        return 1
    sys.stdout.buffer.write(png)
    return 0


def _step_back() -> None:
    """Whatever else the machine has to do comes first, and when memory runs out this is the first to go."""
    with contextlib.suppress(OSError):
        os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
