"""The picture of an incident, drawn by a process of its own that ends with it.

So the event loop never waits for a drawing, its memory goes back, and a library that crashes takes nothing along.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from dataclasses import asdict
from pathlib import Path

from bd1.core.scene import Scene

_LOG = logging.getLogger(__name__)
LIMIT_S = 60.0
"""Two seconds are usual. On a busy machine everything else comes first, and the very first drawing lists the fonts."""

_ENDING_S = 5.0
_LONGEST = 300
_LARGEST = 4 * 1024 * 1024
_BEGIN, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_COMMAND = (sys.executable, "-m", "bd1.adapters.chart_process")


class ChartProcess:
    """`Chart` by matplotlib. One drawing at a time.

    Args:
        folder: where the library keeps its list of fonts from one drawing to the next; made when it is missing.
        note: a few words the picture carries, such as that what it shows is simulated.
        command: the program that draws: the scene as JSON comes in, a PNG goes out.
        limit_s: how long a drawing may take.
    """

    def __init__(
        self, folder: Path, note: str = "", *, command: tuple[str, ...] = _COMMAND, limit_s: float = LIMIT_S
    ) -> None:
        self._folder = folder
        self._note = note
        self._command = command
        self._limit_s = limit_s
        self._turn = asyncio.Lock()

    async def draw(self, scene: Scene) -> bytes | None:
        document = json.dumps(asdict(scene) | {"note": self._note}).encode()
        png, complaint = await self._drawn_in_turn(document)
        if png.startswith(_BEGIN) and png.endswith(_END) and len(png) <= _LARGEST:
            return png
        _LOG.warning("the picture of an incident could not be drawn: %s", complaint[:_LONGEST] or "no picture came out")
        return None

    async def _drawn_in_turn(self, document: bytes) -> tuple[bytes, str]:
        """What came out, and what was complained about."""
        async with self._turn:
            try:
                return await self._drawn(document)
            except TimeoutError:  # an OSError too, so it comes first
                return b"", f"it took longer than {self._limit_s:g} s"
            except OSError as trouble:
                return b"", str(trouble)

    async def _drawn(self, document: bytes) -> tuple[bytes, str]:
        """What came out, and the last line of complaint. Raises `OSError` and `TimeoutError`."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=_home(), env=self._environment()
        )
        try:
            async with asyncio.timeout(self._limit_s):
                png, complaints = await process.communicate(document)
        finally:
            await _end(process)
        lines = complaints.decode(errors="replace").split("\n")
        return png if process.returncode == 0 else b"", next((line for line in reversed(lines) if line.strip()), "")

    def _environment(self) -> dict[str, str]:
        """Nothing of ours but where programs lie: it needs no token."""
        with contextlib.suppress(OSError):  # it then lists the fonts anew each time, in a folder of its own
            self._folder.mkdir(parents=True, exist_ok=True)
        ours = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "HOME") if name in os.environ}
        return ours | {"MPLCONFIGDIR": str(self._folder), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _home() -> Path:
    """The folder the package lies in: a program of its own finds it there, wherever this one was started."""
    return Path(__file__).resolve().parents[2]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Sees to it that nothing is left of it, also when whoever waits for the picture is ended."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ENDING_S):
            await process.wait()
