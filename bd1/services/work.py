"""Who would be interrupted if some workloads were stopped now: answers and pictures under way. Only looks."""

import logging
from collections.abc import Iterable

from bd1.core.settings import Workload, WorkloadKind
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from bd1.services.hands import Hands

_LOG = logging.getLogger(__name__)
_NAMED = 3


async def at_work(hands: Hands, stops: Iterable[Workload]) -> tuple[str, ...]:
    """Short phrases, one for each who is in the middle of something; empty when nobody is.

    A picture server that does not answer draws nothing that could be waited for.
    """
    phrases: list[str] = []
    for workload in stops:
        if workload.name == hands.settings.chat.workload:
            phrases += _answers(hands.admission.doings)
        elif workload.kind is WorkloadKind.COMFYUI and workload.base_url:
            phrases += _pictures(workload.name, await _jobs(hands, workload.name, workload.base_url))
    return tuple(phrases)


def _answers(doings: tuple[str, ...]) -> list[str]:
    told = list(doings[:_NAMED])
    return [*told, f"{len(doings) - _NAMED} more are being answered"] if len(doings) > _NAMED else told


def _pictures(name: str, jobs: PictureJobs) -> list[str]:
    if not jobs.running and not jobs.pending:
        return []
    running = f"{jobs.running} picture{'' if jobs.running == 1 else 's'}"
    waiting = f", {jobs.pending} more wait" if jobs.pending > 1 else ", 1 more waits" if jobs.pending else ""
    return [f"{name} draws {running}{waiting}"]


async def _jobs(hands: Hands, name: str, url: str) -> PictureJobs:
    try:
        return await hands.pictures.jobs(url)
    except PicturesUnavailable as trouble:
        _LOG.info("what %s works on cannot be asked: %s", name, trouble)
        return PictureJobs(0, 0)
