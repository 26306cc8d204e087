"""`bd1 demo` as a process: what it opens, and that it ends."""

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.bot import REPO

LISTENING = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A running demo and the address it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bd1", "demo", "--port", "0"),
        cwd=REPO,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process, await asyncio.wait_for(address_of(process), 60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def address_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line.decode()):
            return found.group()
    raise AssertionError("the demo ended before it printed its address")


def listening(pid: int) -> set[str]:
    """The addresses on which a process accepts connections, as the kernel writes them."""
    inodes = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes |= set(re.findall(r"socket:\[(\d+)\]", str(handle.readlink())))
    rows = [
        line.split() for file in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{file}").read_text().splitlines()
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == LISTENING and row[9] in inodes}


async def test_it_listens_on_loopback_only_and_ends_within_five_seconds() -> None:
    async with demo() as (process, address):
        assert address.startswith("http://127.0.0.1:")
        found = listening(process.pid)
        assert found
        assert found <= LOOPBACK
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0
