"""`bd1 run` as its own process, on the loopback Discord of this one."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bd1.sim.discord.model import Message
from bd1.sim.discord.seed import ALERTS_ID, CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID
from bd1.sim.discord.server import LoopbackDiscord

REPO = Path(__file__).parents[2]
RUN = ("bd1", "run", "--config")
TOKEN_ENV = "BD1_DISCORD_TOKEN"  # noqa: S105 the name of a variable


def text_of(message: Message) -> str:
    """Everything a person reads in a message, with plain spaces."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{field['name']}: {field['value']}" for field in embed.get("fields", ())]
    return "\n".join(parts).replace("\N{NARROW NO-BREAK SPACE}", " ")


def config(
    *, api_base: str, ollama_url: str, ollama: str, comfyui: str, comfyui_url: str, **more: Any
) -> dict[str, Any]:
    """A configuration of the story's stack with these addresses and containers; `more` changes keys, at any depth."""
    document: dict[str, Any] = {
        "data_dir": "data",
        "discord": {
            "token_env": TOKEN_ENV,
            "guild_ids": [GUILD_ID],
            "alert_channel_id": ALERTS_ID,
            "operator_role_ids": [OPERATOR_ROLE_ID],
            "user_role_ids": [CREW_ROLE_ID],
            "api_base": api_base,
        },
        "gpu": {"index": 0, "total_mib": 20475, "ceiling_mib": 19451},
        "workloads": {
            "ollama": {
                "container": ollama,
                "kind": "ollama",
                "vram_mib": 12000,
                "health_url": f"{ollama_url}/api/version",
                "stop_grace_s": 5,
            },
            "comfyui": {
                "container": comfyui,
                "kind": "comfyui",
                "vram_mib": 8000,
                "health_url": f"{comfyui_url}/system_stats",
                "stop_grace_s": 5,
            },
        },
        "modes": {
            "chat": {"description": "Talk", "workloads": ["ollama"]},
            "image": {"description": "Pictures", "workloads": ["comfyui"]},
            "idle": {"description": "Nothing", "workloads": []},
        },
        "watchdog": {"interval_s": 0.25},
        "switch": {"release_timeout_s": 10},
        "chat": {"workload": "ollama", "ollama_url": ollama_url, "model": "llama3:8b", "edit_interval_s": 1.0},
    }
    return with_changes(document, more)


def with_changes(document: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The document with these keys changed, at any depth."""
    changed = dict(document)
    for name, value in more.items():
        known = changed.get(name)
        changed[name] = (
            with_changes(known if isinstance(known, dict) else {}, value) if isinstance(value, dict) else value
        )
    return changed


class BotProcess:
    """A running `bd1 run`. `lines` is what it logged."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self.folder = folder
        self.lines: list[str] = []
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls,
        document: dict[str, Any],
        folder: Path,
        environ: dict[str, str],
        token: str | None,
        program: tuple[str, ...] = RUN,
    ) -> "BotProcess":
        """Writes the configuration and starts the process: `program` is a module and its words before the file."""
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        inherited = {key: value for key, value in os.environ.items() if key != TOKEN_ENV}
        token_part = {} if token is None else {TOKEN_ENV: token}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", *program, str(path)),
            cwd=REPO,
            env=inherited | environ | token_part,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process, folder)

    async def _read(self) -> None:
        assert self._process.stderr
        async for line in self._process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip())
            self._news.set()
        self._news.set()

    @property
    def log(self) -> str:
        """Everything logged so far."""
        return "\n".join(self.lines)

    @property
    def pid(self) -> int:
        return self._process.pid

    def heartbeat(self) -> dict[str, Any]:
        """The newest heartbeat."""
        found: dict[str, Any] = json.loads((self.folder / "data" / "heartbeat").read_text(encoding="utf-8"))
        return found

    async def logged(self, words: str, timeout_s: float = 60.0) -> None:
        """Waits until a line with these words was logged."""
        async with asyncio.timeout(timeout_s):
            while words not in self.log:
                self._news.clear()
                assert not self._reader.done(), f"the process ended before it said {words!r}:\n{self.log}"
                await self._news.wait()

    async def ended(self, timeout_s: float = 60.0) -> int:
        """Waits for the end by itself; its exit code."""
        async with asyncio.timeout(timeout_s):
            code = await self._process.wait()
            await self._reader
        return code

    async def stop(self, how: int = signal.SIGTERM, timeout_s: float = 20.0) -> int:
        """Asks it to end and waits; its exit code. Raises `TimeoutError` when it takes longer.

        A bot promises 5 s and Docker gives 10; where everything is busy that is no figure to fail other tests by.
        """
        self._process.send_signal(how)
        return await self.ended(timeout_s)

    async def kill(self) -> None:
        """Whatever happened, it is gone afterwards."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)


async def until_text(discord: LoopbackDiscord, message: Message, words: str, timeout_s: float = 60.0) -> str:
    """Waits until a message shows these words; all it says then."""
    look: Callable[[], str | None] = lambda: text_of(message) if words in text_of(message) else None  # noqa: E731
    return await discord.log.until(look, timeout=timeout_s, awaited=f"{words!r}, instead of {text_of(message)!r}")
