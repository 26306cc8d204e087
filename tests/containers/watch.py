"""What a Docker engine tells of the containers of one test run, as it happens, so that a test can wait for it."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from docker import APIClient
from docker.errors import DockerException

from tests.containers.engine import LABEL, Standin, StandinEngine

PATIENCE_S = 60.0
_NANO = 1_000_000_000


@dataclass(frozen=True)
class Happening:
    """One event of one container; `at_s` is the engine's wall time."""

    name: str
    action: str
    at_s: float
    exit_code: int | None = None


class DockerWatch:
    """Follows the engine until `close`, or until the engine ends. Use it as a context, inside a running loop."""

    def __init__(self, engine: StandinEngine) -> None:
        self.happenings: list[Happening] = []
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Condition()
        self._client: APIClient = engine.client.api
        self._stream: Any = self._client.events(
            decode=True, filters={"type": "container", "label": f"{LABEL}={engine.run_id}"}
        )
        self._thread = threading.Thread(target=self._read, name="docker watch", daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stream.close()
        await asyncio.to_thread(self._thread.join)

    @property
    def position(self) -> int:
        """A mark: how much has happened so far."""
        return len(self.happenings)

    async def until(self, standin: Standin, action: str, *, since: int = 0, timeout_s: float = PATIENCE_S) -> Happening:
        """The first such event after the mark."""
        return await self.first(lambda it: it.name == standin.name and it.action == action, since, timeout_s)

    async def first(
        self, wanted: Callable[[Happening], bool], since: int = 0, timeout_s: float = PATIENCE_S
    ) -> Happening:
        """The first event after the mark that is wanted."""
        async with asyncio.timeout(timeout_s), self._news:
            while True:
                found = next((it for it in self.happenings[since:] if wanted(it)), None)
                if found is not None:
                    return found
                await self._news.wait()

    async def caught_up(self, standin: Standin) -> None:
        """Returns once everything that has happened to this container so far has been heard of."""
        since = self.position
        policy: Any = {"Name": "no"}
        await asyncio.to_thread(standin.container.update, restart_policy=policy)
        await self.until(standin, "update", since=since)

    def of(self, standin: Standin, *actions: str, since: int = 0) -> list[Happening]:
        """What happened to a container after the mark."""
        return [it for it in self.happenings[since:] if it.name == standin.name and it.action in actions]

    def _read(self) -> None:
        try:
            for event in self._stream:
                asyncio.run_coroutine_threadsafe(self._keep(_happening(event)), self._loop)
        except (DockerException, OSError, ValueError, AttributeError):
            return  # the engine has ended, or the test has

    async def _keep(self, happening: Happening) -> None:
        async with self._news:
            self.happenings.append(happening)
            self._news.notify_all()


def _happening(event: dict[str, Any]) -> Happening:
    attributes = event["Actor"]["Attributes"]
    code = attributes.get("exitCode")
    return Happening(
        attributes["name"], event["Action"], event["timeNano"] / _NANO, None if code is None else int(code)
    )


def together_s(happenings: Iterable[Happening], one: Standin, other: Standin) -> float:
    """For how many seconds two containers ran at the same time, by the engine's own account."""
    up: set[str] = set()
    both_since_s: float | None = None
    total_s = 0.0
    for it in happenings:
        if it.name not in {one.name, other.name} or it.action not in {"start", "die"}:
            continue
        up = up | {it.name} if it.action == "start" else up - {it.name}
        if len(up) > 1:
            both_since_s = it.at_s
        elif both_since_s is not None:
            total_s += it.at_s - both_since_s
            both_since_s = None
    if both_since_s is not None:
        return float("inf")
    return total_s
