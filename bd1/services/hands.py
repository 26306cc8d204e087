"""Touching the world: start, stop, unload and kill, each asked once and then looked at. Decides nothing.

A call that is given up on may still take effect in Docker, so what really runs is always looked at, never concluded.
"""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from bd1.core.settings import Settings, Workload, WorkloadKind
from bd1.errors import Bd1Error, ContainerMissing, ContainerRefused, DockerUnavailable, SwitchRefused
from bd1.ports import ChatModel, Clock, Containers, ContainerState, HealthCheck, PictureServer
from bd1.services.admission import Admission
from bd1.services.card import Card

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
PATIENCE_S = 30.0
"""How long a look at a container is tried again while Docker does not answer: a restart of the engine takes seconds."""
_KILL_WAIT_S = 5.0
_POLL_S = 0.1
_RETRY_S = 0.5
_SOFT_RELEASE_S = 3.0
_LAST_WORD_S = 1.5
_SIGKILLED = 137
"""128 + SIGKILL: the exit code of what ended only because it was killed."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Everything a switch needs to touch the world."""

    settings: Settings
    card: Card
    containers: Containers
    chat: ChatModel
    pictures: PictureServer
    health: HealthCheck
    admission: Admission
    clock: Clock


def refuse_unfit(workload: Workload, state: ContainerState | None) -> None:
    """Refuses, before anything is stopped for it, what could not or must not be started."""
    if state is None:
        raise ContainerMissing(
            f"There is no container named {workload.container} for {workload.name}. "
            "Create it first, for example with `docker compose up --no-start`."
        )
    if workload.uses_gpu and state.restart_policy not in workload.allowed_restart:
        raise SwitchRefused(
            f"Docker restarts {workload.container} by itself (policy {state.restart_policy.value}), and each restart "
            f"of a crashing GPU workload may leave VRAM behind. Run `docker update --restart=no {workload.container}`."
        )


async def look_at(hands: Hands, workload: Workload, patience_s: float = PATIENCE_S) -> ContainerState | None:
    """The container as it is now, `None` when there is none.

    A look changes nothing, so it is tried again while Docker is away; raises `DockerUnavailable` after `patience_s`.
    """
    deadline_s = hands.clock.monotonic() + patience_s
    while True:
        try:
            return await hands.containers.inspect(workload.container)
        except ContainerMissing:
            return None
        except DockerUnavailable:
            if hands.clock.monotonic() >= deadline_s:
                raise
        await hands.clock.sleep(_RETRY_S)


async def start_and_look(hands: Hands, workload: Workload) -> None:
    """Asks the container to start, once. Raises when Docker said no, or did not say and it does not run."""
    try:
        await _to_its_end(hands, hands.containers.start(workload.container))
    except DockerUnavailable as trouble:
        try:
            state = await look_at(hands, workload)
        except DockerUnavailable:
            raise trouble from None
        if state is None or not state.running:
            raise


async def stop_and_verify(
    hands: Hands,
    workload: Workload,
    grace_s: float | None = None,
    patience_s: float = PATIENCE_S,
    run: ContainerState | None = None,
) -> bool:
    """Asks the container to stop, looks, kills a deaf one, looks again. True when it had to be killed.

    `run` is the container as it was seen running: once it has been started anew since, that run is over.
    Raises `ContainerRefused` if it lives on, `DockerUnavailable` when nobody can say.
    """
    grace = workload.stop_grace_s if grace_s is None else grace_s
    try:
        await _to_its_end(hands, hands.containers.stop(workload.container, grace))
    except ContainerMissing:
        return False
    except DockerUnavailable as trouble:
        _LOG.warning("whether %s was told to stop is not known, I look: %s", workload.name, trouble)
    state = await _settled(hands, workload, 1.0, patience_s, run)
    if not _is_up(state, run):
        return state is not None and state.exit_code == _SIGKILLED
    _LOG.warning("%s ignored the stop and is killed", workload.name)
    await kill_and_verify(hands, workload, patience_s, run)
    return True


async def kill_and_verify(
    hands: Hands, workload: Workload, patience_s: float = PATIENCE_S, run: ContainerState | None = None
) -> None:
    """Kills the container and looks whether it (or this run of it) is gone. Raises `ContainerRefused` if it is not."""
    try:
        await _to_its_end(hands, hands.containers.kill(workload.container))
    except (ContainerRefused, DockerUnavailable):
        if _is_up(await _settled(hands, workload, 0.0, patience_s, run), run):
            raise  # else it ended just before, and there is nothing to kill
    if _is_up(await _settled(hands, workload, _KILL_WAIT_S, patience_s, run), run):
        raise ContainerRefused(
            f"{workload.name} still runs after it was killed. Look at it by hand: `docker top {workload.container}`."
        )


async def ended(hands: Hands, workload: Workload, within_s: float, patience_s: float = PATIENCE_S) -> bool:
    """Whether the container no longer runs, asked again until `within_s` seconds have passed."""
    return not _is_up(await _settled(hands, workload, within_s, patience_s, None), None)


async def _settled(
    hands: Hands, workload: Workload, within_s: float, patience_s: float, run: ContainerState | None
) -> ContainerState | None:
    """The container as soon as it no longer runs, or as it is when `within_s` seconds have passed."""
    deadline_s = hands.clock.monotonic() + within_s
    while _is_up(state := await look_at(hands, workload, patience_s), run):
        if hands.clock.monotonic() >= deadline_s:
            break
        await hands.clock.sleep(_POLL_S)
    return state


def _is_up(state: ContainerState | None, run: ContainerState | None) -> bool:
    """Whether it runs, and where a run is given, whether that one still does."""
    return state is not None and state.running and (run is None or state.started_at == run.started_at)


async def soft_release(hands: Hands, workload: Workload) -> None:
    """Asks the workload to let go of its models first: kinder than a stop, and never taken as proof."""
    try:
        async with asyncio.timeout(_SOFT_RELEASE_S):
            if workload.kind is WorkloadKind.OLLAMA and workload.name == hands.settings.chat.workload:
                for model in await hands.chat.loaded():
                    await hands.chat.unload(model.name)
            elif workload.kind is WorkloadKind.COMFYUI and workload.base_url is not None:
                await hands.pictures.free(workload.base_url)
    except (Bd1Error, TimeoutError) as trouble:
        _LOG.warning("%s did not let go of its models, it is stopped anyway: %s", workload.name, trouble)


async def _to_its_end(hands: Hands, call: Awaitable[T]) -> T:
    """Runs a command to Docker. Whoever is cancelled meanwhile still waits a moment for it to take effect.

    Else a start that was cut short could come up after the next look at what runs.
    """
    task = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        patience = asyncio.ensure_future(hands.clock.sleep(_LAST_WORD_S))
        await asyncio.wait({task, patience}, return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()  # nobody is left to be told
        raise
