"""Ears on BD-1's ports for the benchmark of switches: which call took how long; and services that answer late.

They change no answer but that of readiness, and measure nothing else.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from bd1.app import Ports
from bd1.core.settings import WorkloadKind
from bd1.ports import ContainerEvent, Containers, HealthCheck


@dataclass(frozen=True, slots=True)
class Call:
    """One call that BD-1 made to the outside: which, and when on the monotonic clock."""

    name: str
    began_s: float
    ended_s: float


@dataclass(slots=True)
class Ears:
    """Every call through the ports, and whether BD-1 is told what happens to the containers."""

    calls: list[Call] = field(default_factory=list)
    is_deaf: bool = False

    def over(self, ports: Ports) -> Ports:
        """The ports, with every awaited call written down as "port name"; of the disk also what is written."""
        return replace(
            ports,
            probe=self._of(ports.probe, "card"),
            containers=self._of(ports.containers, "docker"),
            chat=self._of(ports.chat, "ollama"),
            pictures=self._of(ports.pictures, "comfyui"),
            health=self._of(ports.health, "health"),
            store=self._of(ports.store, "disk"),
        )

    def _of(self, port: Any, kind: str) -> Any:
        return cast("Any", _Heard(port, kind, self))


@dataclass(slots=True)
class SlowStart:
    """Readiness that comes late, as of services that read files first: the pretended ones answer within 10 ms.

    Until `delay_s` seconds after docker start whoever asks is told that the service is still starting.
    """

    delay_s: float = 0.0
    ready_s: float = 0.0

    def over(self, ports: Ports) -> Ports:
        """The ports with late readiness."""
        containers = cast("Any", _NotedStarts(ports.containers, self))
        return replace(ports, health=_LateHealth(ports.health, self), containers=containers)


class _NotedStarts:
    def __init__(self, containers: Containers, slow: SlowStart) -> None:
        self._containers = containers
        self._slow = slow

    def __getattr__(self, name: str) -> Any:
        return getattr(self._containers, name)

    async def start(self, name: str) -> None:
        await self._containers.start(name)
        self._slow.ready_s = time.monotonic() + self._slow.delay_s


class _LateHealth:
    def __init__(self, health: HealthCheck, slow: SlowStart) -> None:
        self._health = health
        self._slow = slow

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        trouble = await self._health.trouble(url, kind)
        return trouble or ("it is still starting" if time.monotonic() < self._slow.ready_s else None)


class _Heard:
    def __init__(self, port: Any, kind: str, ears: Ears) -> None:
        self._port = port
        self._kind = kind
        self._ears = ears

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def heard(*arguments: Any, **options: Any) -> Any:
            what = f"{self._kind} {name}" + (f" {arguments[0]}" if self._kind == "disk" else "")
            began_s = time.monotonic()
            try:
                return await method(*arguments, **options)
            finally:
                self._ears.calls.append(Call(what, began_s, time.monotonic()))

        return heard

    async def events(self) -> AsyncIterator[ContainerEvent]:
        """What somebody else does to the containers is kept from BD-1 while another way than its own is measured."""
        async for event in self._port.events():
            if not self._ears.is_deaf:
                yield event
