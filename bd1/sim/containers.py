"""The simulated containers behind the ports: engine, process table, health; the rules themselves are the machine's."""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from bd1.core.settings import RestartPolicy, WorkloadKind
from bd1.errors import ContainerMissing, ContainerRefused, DockerUnavailable
from bd1.ports import ContainerEvent, ContainerState
from bd1.sim.machine import Box
from bd1.sim.world import World

LOOK_S = 0.1
"""How often a waiting call looks at the world again."""

VERSION = "28.5.1 (simulated)"
AWAY = "The Docker engine does not answer. Check that the docker service runs."

Operation = Literal["start", "stop", "kill", "pause", "inspect"]


class SimContainers:
    """`Containers` over the simulated machine, for the names it is given and no others.

    `lies` makes `inspect` say that a container runs (true) or does not (false), whatever it does. The operations in
    `fails_before` fail without having done anything. Those in `fails` are given up on: the engine has been told and
    does it all the same, but no answer comes.
    """

    def __init__(self, world: World, names: Iterable[str]) -> None:
        self._world = world
        self._names = frozenset(names)
        self.lies: dict[str, bool] = {}
        self.fails_before: set[Operation] = set()
        self.fails: set[Operation] = set()

    async def version(self) -> str:
        self._reach_engine()
        return VERSION

    async def inspect(self, name: str) -> ContainerState:
        with self._answering("inspect"):
            return _as_told(_state(self._box(name)), self.lies.get(name))

    async def start(self, name: str) -> None:
        with self._answering("start"):
            box = self._box(name)
            if box.refusal is not None:
                raise ContainerRefused(f"Docker would not start {name}: {box.refusal}")
            self._world.machine.start(name)

    async def stop(self, name: str, grace_s: float) -> None:
        with self._answering("stop"):
            box = self._box(name)
            self._world.machine.stop(name, grace_s)
        await self._until_dead(box)

    async def kill(self, name: str) -> None:
        with self._answering("kill"):
            box = self._box(name)
            if not box.running:
                raise ContainerRefused(f"The container {name} does not run, so it cannot be killed.")
            self._world.machine.kill(name)
        await self._until_dead(box)

    async def pause(self, name: str) -> None:
        with self._answering("pause"):
            self._box(name)
            self._world.machine.pause(name)

    async def unpause(self, name: str) -> None:
        self._box(name)
        self._world.machine.unpause(name)

    async def set_restart_policy(self, name: str, policy: RestartPolicy) -> None:
        self._box(name)
        self._world.machine.set_policy(name, policy)

    async def pids(self, name: str) -> frozenset[int]:
        return self._box(name).pids()

    async def events(self) -> AsyncIterator[ContainerEvent]:
        heard: deque[ContainerEvent] = deque()
        unsubscribe = self._world.machine.listen(lambda event: self._hear(heard, event))
        try:
            while True:
                self._world.catch_up()
                while heard:
                    yield heard.popleft()
                await self._world.clock.sleep(LOOK_S)
        finally:
            unsubscribe()

    async def close(self) -> None:
        """Has nothing to let go of."""

    def _hear(self, heard: deque[ContainerEvent], event: ContainerEvent) -> None:
        if event.container in self._names and not self._world.machine.engine_away:
            heard.append(event)

    @contextmanager
    def _answering(self, operation: Operation) -> Iterator[None]:
        if operation in self.fails_before:
            raise DockerUnavailable(AWAY)
        yield
        if operation in self.fails:
            raise DockerUnavailable(AWAY)

    def _reach_engine(self) -> None:
        self._world.catch_up()
        if self._world.machine.engine_away:
            raise DockerUnavailable(AWAY)

    def _box(self, name: str) -> Box:
        self._reach_engine()
        if name not in self._names:
            raise ContainerRefused(f"The container {name} is not in the configuration.")
        box = self._world.machine.boxes.get(name)
        if box is None:
            raise ContainerMissing(f"There is no container named {name}. Create it, or correct the configuration.")
        return box

    async def _until_dead(self, box: Box) -> None:
        run = box.run
        while box.stopping and box.run == run:
            await self._world.clock.sleep(LOOK_S)
            self._reach_engine()


class SimProcessTable:
    """`ProcessTable` over the simulated machine."""

    def __init__(self, world: World) -> None:
        self._world = world

    def container_id(self, pid: int) -> str | None:
        name = self._world.container_of(pid)
        return None if name is None else self._world.machine.boxes[name].id

    def name(self, pid: int) -> str | None:
        return self._world.process_name(pid)

    def boot_id(self) -> str | None:
        return f"boot {self._world.boots}"


class SimHealth:
    """`HealthCheck` over the simulated machine: whatever its kind, a workload can do its work when its container is up.

    It asks the machine about the container, so troubles that keep one from coming up are seen here too.
    """

    def __init__(self, world: World, containers: Mapping[str, str]) -> None:
        """`containers` maps each health address to the name of the container that serves it."""
        self._world = world
        self._containers = dict(containers)

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        del kind  # the simulated machine has no server of another kind at any address
        self._world.catch_up()
        name = self._containers.get(url)
        return None if name and self._world.machine.is_ready(name) else f"it does not answer on {url}"


def _state(box: Box) -> ContainerState:
    return ContainerState(
        name=box.spec.name,
        id=box.id,
        running=box.running,
        status=box.status,
        restart_policy=box.policy,
        pid=box.pid,
        exit_code=box.exit_code,
        started_at=box.started_at,
        ended_at=box.ended_at,
        restarts=box.restarts,
    )


def _as_told(state: ContainerState, lie: bool | None) -> ContainerState:
    """The state as an engine tells it that lies about whether the container runs; `None` is no lie."""
    if lie is None or lie == state.running:
        return state
    return replace(state, running=lie, status="running" if lie else "exited", pid=None)
