"""The composition root: settings and ports to services to one TaskGroup. Alone it knows adapters and simulators.

No decision about the card, a chat or a message is made here.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from bd1.adapters.chart import ChartProcess
from bd1.adapters.clock import SystemClock
from bd1.adapters.comfyui import ComfyUi
from bd1.adapters.docker import DockerContainers
from bd1.adapters.files import ChildFiles
from bd1.adapters.http_health import HttpHealth
from bd1.adapters.nvml import NvmlProbe
from bd1.adapters.nvml_events import NvmlXids
from bd1.adapters.ollama import OllamaChat
from bd1.adapters.procfs import ProcFs
from bd1.adapters.store import SqliteStore
from bd1.bot import keep_connected
from bd1.core.settings import Settings
from bd1.errors import Bd1Error, DiscordRefused
from bd1.services.watchdog import Beat
from bd1.services.wiring import House, Ports, load, runs, wire

if TYPE_CHECKING:
    from bd1.check_finding import Finding

__all__ = [
    "CHART_FOLDER",
    "Heartbeat",
    "House",
    "Ports",
    "build",
    "check",
    "load",
    "real_ports",
    "run",
    "runs",
    "serve",
]

_LOG = logging.getLogger(__name__)
CHART_FOLDER = "chart"
"""What drawing pictures keeps from one to the next, in the data folder."""

_CLOSING_S = 3.0
"""A clean end may take this long; then the process ends all the same. Docker gives 10 s before it kills."""


def build(settings: Settings, ports: Ports, beat: Callable[[Beat], None] | None = None) -> House:
    """Wires the services. Starts nothing and touches nothing. Without a `beat` the heartbeat goes to its file."""
    return wire(settings, ports, files=ChildFiles(), beat=beat or Heartbeat(settings.data_dir / "heartbeat").write)


class Heartbeat:
    """The file that `bd1 heartbeat` reads: proof that the watchdog ticked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: threading.Thread | None = None
        self._complained = False

    def write(self, beat: Beat) -> None:
        """Has the file replaced, without waiting for the disk: a disk that hangs must not stop the watchdog.

        While one hangs, nothing is written, and so the health check fails. A disk that refuses is told once.
        """
        if self._writer is None or not self._writer.is_alive():
            self._writer = threading.Thread(target=self._replace, args=(beat,), name="heartbeat", daemon=True)
            self._writer.start()

    def settle(self, limit_s: float) -> bool:
        """Waits for what is being written; false when it is not by then."""
        if self._writer is not None:
            self._writer.join(limit_s)
        return self._writer is None or not self._writer.is_alive()

    def _replace(self, beat: Beat) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(asdict(beat)), encoding="utf-8")
            fresh.replace(self._path)
            self._complained = False
        except OSError as trouble:
            if not self._complained:
                _LOG.error("the heartbeat cannot be written: %s", trouble)
            self._complained = True


async def _connect(house: House, token: str) -> None:
    await house.refusals.wait_out()
    try:
        await keep_connected(house.services, token)
    except DiscordRefused as refusal:
        await house.refusals.remember(str(refusal))
        raise


async def serve(house: House, token: str, *more: Coroutine[Any, Any, None], asked: asyncio.Event | None = None) -> None:
    """Runs everything until SIGTERM or Ctrl-C, or until something unexpected ends it all.

    Who listens for those signals already hands over what they set, `asked` (see `asked_to_end`).
    The watchdog starts first and needs nothing of the rest. Raises the `Bd1Error` that ended it, if one did.
    """
    services = house.services
    await load(house)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                *(group.create_task(work, name=name) for name, work in runs(house).items()),
                group.create_task(_connect(house, token), name="discord"),
                *(group.create_task(extra) for extra in more),
            ]
            await (asked.wait() if asked else _until_asked())
            _LOG.info("asked to end")
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as ended:  # not `except*`: Python before 3.11.4 wraps what is raised there once more
        expected, surprise = ended.split(Bd1Error)
        if expected is None or surprise is not None:
            raise
        raise _first(expected) from None
    finally:
        await services.pulls.close()
        await services.alerts.flush()
        await services.journal.flush()
        await services.screens.flush()
        await house.hardware.flush()


def _first(group: BaseExceptionGroup[Bd1Error]) -> Bd1Error:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


async def _until_asked() -> None:
    with asked_to_end() as asked:
        await asked.wait()


@contextmanager
def asked_to_end() -> Iterator[asyncio.Event]:
    """While the block runs, SIGTERM and Ctrl-C set this and do nothing else; a second one ends the process at once."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    kinds = (signal.SIGTERM, signal.SIGINT)

    def forget() -> None:
        for kind in kinds:
            loop.remove_signal_handler(kind)

    def ask() -> None:
        asked.set()
        forget()

    for kind in kinds:
        loop.add_signal_handler(kind, ask)
    try:
        yield asked
    finally:
        forget()


async def run(settings: Settings) -> None:
    """`bd1 run`: the real card, the real containers, the real Discord.

    Raises `DiscordRefused` when there is no token or Discord will never take it, `StoreUnavailable` when the data
    folder cannot be used.
    """
    token = os.environ.get(settings.discord.token_env, "").strip()
    if not token:
        raise DiscordRefused(
            f"There is no bot token in the environment variable {settings.discord.token_env}. "
            "Copy it from the developer portal (Bot, Reset Token) and set the variable."
        )
    async with real_ports(settings) as ports:
        await serve(build(settings, ports), token)


async def check(settings: Settings) -> "tuple[Finding, ...]":
    """`bd1 check`: looks at every part and changes nothing; what is missing is a finding, not an exception."""
    from bd1.check import check as run_checks  # noqa: PLC0415 the running bot never needs it

    async with _adapters(settings) as adapters, aiohttp.ClientSession() as http:
        return await run_checks(
            settings,
            probe=adapters.probe,
            containers=adapters.containers,
            chat=adapters.model,
            processes=ProcFs(),
            environ=os.environ,
            http=http,
        )


@dataclass(frozen=True, slots=True)
class _Adapters:
    """The adapters that look outwards. The store is not among them: to look, nothing has to be written."""

    clock: SystemClock
    probe: NvmlProbe
    xids: NvmlXids
    containers: DockerContainers
    model: OllamaChat


@asynccontextmanager
async def _adapters(settings: Settings) -> AsyncIterator[_Adapters]:
    """Makes the adapters and closes them again, within a few seconds whatever hangs."""
    clock = SystemClock()
    gpu, chat = settings.gpu, settings.chat
    names = [workload.container for workload in settings.workloads.values()]
    probe = NvmlProbe(gpu.index, gpu.uuid, settings.watchdog.deadline_s, clock)
    made = _Adapters(
        clock,
        probe,
        NvmlXids(gpu.index, gpu.uuid, clock, probe.sign_outs),
        DockerContainers(names, settings.docker_url),
        OllamaChat(chat.ollama_url, load_stall_s=chat.load_stall_s, stall_s=chat.stall_s),
    )
    try:
        yield made
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_S):
                closing = (made.probe.close(), made.containers.close(), made.model.close())
                await asyncio.gather(*closing, return_exceptions=True)


@asynccontextmanager
async def real_ports(settings: Settings) -> AsyncIterator[Ports]:
    """The outside world of `bd1 run`. Raises `StoreUnavailable` when the data folder cannot be used."""
    health, pictures = HttpHealth(), ComfyUi()
    async with SqliteStore(settings.data_dir / "bd1.sqlite3") as store, _adapters(settings) as made:
        try:
            yield Ports(
                probe=made.probe,
                processes=ProcFs(),
                containers=made.containers,
                chat=made.model,
                pictures=pictures,
                health=health,
                store=store,
                clock=made.clock,
                xids=made.xids,
                chart=ChartProcess(settings.data_dir / CHART_FOLDER),
            )
        finally:
            await asyncio.gather(health.close(), pictures.close())
