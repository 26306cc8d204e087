"""Opens each attached file in a process of its own, which knows no secrets; nothing is parsed here.

A broken or wicked file can only cost that process its life. The libraries for it are never loaded into the bot.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from bd1.errors import FileUnreadable
from bd1.ports import PdfText

LIMIT_S = 20.0
"""A large PDF takes a few seconds; the start of the process 0.3 s."""

_ROOT = str(Path(__file__).resolve().parents[2])
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_FAILED = "could not be opened: it is broken, or too large within"


def environment() -> dict[str, str]:
    """What the process that opens a file may know."""
    return {"PYTHONPATH": _ROOT} | {name: os.environ[name] for name in _KEPT if name in os.environ}


class ChildFiles:
    """`bd1.ports.FileReader`, one file at a time. `limit_s` is how long one may take."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._one_at_a_time = asyncio.Semaphore(1)

    async def pdf(self, data: bytes, most_letters: int) -> PdfText:
        head, payload = await self._open(data, "pdf", str(most_letters))
        return PdfText(payload.decode("utf-8", "replace"), head["pages"], head["read"])

    async def picture(self, data: bytes) -> bytes:
        return (await self._open(data, "picture"))[1]

    async def _open(self, data: bytes, *words: str) -> tuple[dict[str, Any], bytes]:
        async with self._one_at_a_time:
            told = await self._run(words, data)
        head, _, payload = told.partition(b"\n")
        try:
            found = json.loads(head)
        except ValueError:
            raise FileUnreadable(_FAILED) from None
        if "error" in found:
            raise FileUnreadable(found["error"])
        return found, payload

    async def _run(self, words: tuple[str, ...], data: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bd1.adapters.files_child",
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
        )
        try:
            async with asyncio.timeout(self._limit_s):
                return (await child.communicate(data))[0]
        except TimeoutError:
            raise FileUnreadable(f"took longer than {self._limit_s:g} s to open") from None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
