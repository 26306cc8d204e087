"""`bd1 run` as it is, with one more task that notes how late the event loop is.

`python -m tests.e2e.lagging CONFIG` runs until SIGTERM. Every 10 ms it appends to the file `lags` beside CONFIG a line
`AT LAG THREAD`: the monotonic second, by how many seconds the loop came too late, and by how many a plain thread of
the same process did in the meantime, which has nothing to do with the loop: that much the machine alone was late.
"""

import asyncio
import os
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from bd1.app import build, real_ports, serve
from bd1.config import load
from bd1.logs import log_to_stderr

EACH_S = 0.01


class Thread:
    """The latest a plain thread came since it was last asked."""

    def __init__(self) -> None:
        self._worst_s = 0.0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            began_s = time.monotonic()
            time.sleep(EACH_S)  # what is measured, as below: how late it ends
            self._worst_s = max(self._worst_s, time.monotonic() - began_s - EACH_S)

    def take(self) -> float:
        """That, in seconds; from now on it counts anew."""
        worst_s, self._worst_s = self._worst_s, 0.0
        return worst_s


async def note(out: TextIO) -> None:
    """For ever."""
    thread = Thread()
    while True:
        began_s = time.monotonic()
        await asyncio.sleep(EACH_S)
        now_s = time.monotonic()
        out.write(f"{now_s:.6f} {now_s - began_s - EACH_S:.6f} {thread.take():.6f}\n")


async def main(path: Path) -> None:
    """Until SIGTERM."""
    settings = load(path, os.environ)
    with path.with_name("lags").open("w", encoding="ascii", buffering=1 << 16) as out:
        async with real_ports(settings) as ports:
            await serve(build(settings, ports), os.environ[settings.discord.token_env], note(out))


if __name__ == "__main__":
    log_to_stderr()
    asyncio.run(main(Path(sys.argv[1])))
