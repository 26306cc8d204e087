"""Waits until a workload that was started can do its work, or has ended. Starts and stops nothing."""

import asyncio

from bd1.core.settings import Workload
from bd1.errors import Bd1Error
from bd1.services.hands import Hands, look_at
from bd1.services.waiting import first_of, next_pause_s, unless

_POLL_S = 0.1
_LOOK_S = 0.5
"""How often a starting container is looked at without cause: Docker's events tell its death, unless one is lost."""
_NO_ANSWER_YET = "it has not answered yet"


class StartFailed(Bd1Error):
    """Something that the new mode needs did not come up."""


async def until_ready(hands: Hands, workload: Workload, url: str, died: asyncio.Event) -> None:
    """Returns once the workload behind this health address can do its work.

    `died` is set when a container has ended; whose it was is looked at. Raises `StartFailed` when it is this one, or
    when its time to start is up, and `DockerUnavailable` when nobody can say.
    """
    clock = hands.clock
    began_s = looked_s = clock.monotonic()
    while trouble := await unless(died, hands.health.trouble(url, workload.kind), _NO_ANSWER_YET):
        now_s = clock.monotonic()
        is_over = now_s - began_s >= workload.start_timeout_s
        if died.is_set() or is_over or now_s - looked_s >= _LOOK_S:
            died.clear()
            looked_s = now_s
            await _look_alive(hands, workload)
        if is_over:
            raise StartFailed(
                f"{workload.name} runs, but after {workload.start_timeout_s:g} s it still cannot work: {trouble}."
            )
        await first_of(clock, next_pause_s(now_s - began_s, _POLL_S), died)


async def _look_alive(hands: Hands, workload: Workload) -> None:
    state = await look_at(hands, workload)
    if state is None or not state.running:
        code = "" if state is None or state.exit_code is None else f" (exit code {state.exit_code})"
        raise StartFailed(
            f"{workload.name} ended while it was starting{code}. Read `docker logs {workload.container}`."
        )
