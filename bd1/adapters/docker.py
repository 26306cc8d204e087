"""The configured containers through the Docker engine. Touches no others, decides nothing, repeats no command."""

import asyncio
import logging
import math
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection
from typing import Any, TypeVar

from docker import APIClient
from docker.errors import APIError
from docker.utils import kwargs_from_env

from bd1.adapters import _docker_trouble as trouble
from bd1.adapters._daemon_call import in_daemon_thread
from bd1.adapters._docker_feed import EventFeed
from bd1.adapters._docker_values import EVENT_ACTIONS, container_event, container_state, host_pids
from bd1.core.settings import RestartPolicy
from bd1.errors import Bd1Error, DockerUnavailable
from bd1.ports import ContainerEvent, ContainerState

T = TypeVar("T")

_log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 10.0
"""The pause before subscribing to events again doubles from the first to the longest while the engine is away."""

_MAY_BE_AN_ID = re.compile(r"[0-9a-f]{1,64}")


class DockerContainers:
    """`bd1.ports.Containers` on a Docker engine.

    `base_url` is the engine's address ("unix:///var/run/docker.sock", "tcp://host:2375"); `None` means the usual
    environment (`DOCKER_HOST`), else the usual socket. No call outlives `timeout_s` seconds (`stop`: plus its grace);
    one that is given up on may still take effect in Docker, so look before asking again. Construction asks nothing.
    """

    def __init__(self, names: Collection[str], base_url: str | None, timeout_s: float = 10.0) -> None:
        self._names = frozenset(names)
        address: dict[str, Any] = {"base_url": base_url} if base_url else dict(kwargs_from_env())
        self._options = address | {"version": "auto", "timeout": timeout_s}
        self._url = str(address.get("base_url") or trouble.DEFAULT_URL)
        self._timeout_s = timeout_s
        self._client: APIClient | None = None
        self._client_guard = threading.Lock()

    async def version(self) -> str:
        return str((await self._ask("ask Docker for its version", None, lambda client: client.version()))["Version"])

    async def inspect(self, name: str) -> ContainerState:
        return container_state(name, await self._ask_about("look at", name, lambda client: _inspect(client, name)))

    async def start(self, name: str) -> None:
        """Asks once to start it. That it already runs is no error."""
        await self._ask_about("start", name, lambda client: client.start(_target(client, name)))

    async def stop(self, name: str, grace_s: float) -> None:
        """Asks once to stop it: TERM, KILL after `grace_s` (rounded up to seconds). No error if it does not run."""
        grace = max(0, math.ceil(grace_s))
        await self._ask_about("stop", name, lambda client: client.stop(_target(client, name), timeout=grace), grace)

    async def kill(self, name: str) -> None:
        """Asks once to kill it. That it does not run is no error."""
        await self._ask_about("kill", name, lambda client: _kill(client, name))

    async def pause(self, name: str) -> None:
        """Asks once to freeze it. That it is frozen already, or does not run, is no error."""
        await self._ask_about("pause", name, lambda client: _freeze(client, name))

    async def unpause(self, name: str) -> None:
        """Asks once to let it go on. That it is not frozen is no error."""
        await self._ask_about("unpause", name, lambda client: _thaw(client, name))

    async def set_restart_policy(self, name: str, policy: RestartPolicy) -> None:
        wanted: Any = {"Name": policy.value}
        await self._ask_about(
            "change the restart policy of",
            name,
            lambda client: client.update_container(_target(client, name), restart_policy=wanted),
        )

    async def pids(self, name: str) -> frozenset[int]:
        return await self._ask_about("list the processes of", name, lambda client: _top(client, name))

    async def events(self) -> AsyncIterator[ContainerEvent]:
        """Begins at the iterator's first step; also tells the last moments of a container that Compose replaces."""
        pause_s = FIRST_PAUSE_S
        away = False
        while True:
            try:
                with EventFeed(await self._ask("subscribe to Docker's events", None, _subscription())) as feed:
                    await feed.opened(self._timeout_s)
                    if away:
                        _log.info("Docker's events are back")
                    pause_s, away = FIRST_PAUSE_S, False
                    while True:
                        event = container_event(await feed.next(), self._names)
                        if event is not None:
                            yield event
            except (Bd1Error, EOFError, *trouble.EXPECTED) as error:
                if not away:
                    _log.warning("Docker's events are lost, BD-1 keeps subscribing until they are back: %s", str(error))
                away = True
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def close(self) -> None:
        """Lets go of the connections; a call still under way is left to its time limit."""
        self._drop(self._client)

    async def _ask_about(self, verb: str, name: str, call: Callable[[APIClient], T], extra_s: float = 0.0) -> T:
        if name not in self._names:
            raise trouble.unlisted(name)
        return await self._ask(f"{verb} container '{name}'", name, call, extra_s)

    async def _ask(self, task: str, name: str | None, call: Callable[[APIClient], T], extra_s: float = 0.0) -> T:
        limit_s = self._timeout_s + extra_s
        try:
            return await in_daemon_thread(
                lambda: call(self._connected()), name=f"bd1-docker: {task}", timeout_s=limit_s
            )
        except trouble.EXPECTED as error:
            told = trouble.translate(error, task, name, self._url)
            if isinstance(told, DockerUnavailable):
                self._drop(self._client)  # an engine that comes back may be another version: negotiate anew
            raise told from error

    def _connected(self) -> APIClient:
        """The client, made on first use; runs in the calls' threads, as asking the engine's API version blocks."""
        client = self._client
        if client is not None:
            return client
        fresh = APIClient(**self._options)
        with self._client_guard:
            if self._client is None:
                self._client = fresh
            kept = self._client
        if kept is not fresh:
            fresh.close()
        return kept

    def _drop(self, client: APIClient | None) -> None:
        with self._client_guard:
            if client is None or self._client is not client:
                return
            self._client = None
        client.close()


def _inspect(client: APIClient, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.inspect_container(name)
    if answer["Name"] != f"/{name}":  # Docker also takes the beginning of any container's id for a name
        raise trouble.missing(name)
    return answer


def _target(client: APIClient, name: str) -> str:
    """What to call the container when changing it: its name, or its full id where the name could be read as an id."""
    return str(_inspect(client, name)["Id"]) if _MAY_BE_AN_ID.fullmatch(name) else name


def _kill(client: APIClient, name: str) -> None:
    try:
        client.kill(_target(client, name))
    except APIError as error:
        if not trouble.says_not_running(error):
            raise


def _freeze(client: APIClient, name: str) -> None:
    try:
        client.pause(_target(client, name))
    except APIError as error:
        if not (trouble.says_paused(error) or trouble.says_not_running(error)):
            raise


def _thaw(client: APIClient, name: str) -> None:
    try:
        client.unpause(_target(client, name))
    except APIError as error:
        if not trouble.says_not_paused(error):
            raise


def _top(client: APIClient, name: str) -> frozenset[int]:
    try:
        return host_pids(client.top(_target(client, name), ps_args="-eo pid"))
    except APIError as error:
        if trouble.says_not_running(error):
            return frozenset()
        raise


def _subscription() -> Callable[[APIClient], Callable[[], Any]]:
    """Asks the engine for a sign of life, then hands out how to subscribe from this very moment on.

    The SDK waits for ever for the stream to begin; a stuck engine must be found out by a call that has a time limit.
    """
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    since: Any = f"{seconds}.{nanoseconds:09d}"
    filters = {"type": ["container"], "event": list(EVENT_ACTIONS)}

    def alive(client: APIClient) -> Callable[[], Any]:
        client.ping()
        return lambda: client.events(since=since, filters=filters, decode=True)

    return alive
