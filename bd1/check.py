"""`bd1 check`: looks at every part BD-1 needs and says what is missing. It starts, stops and keeps nothing.

Each part is asked at the same time and has its own time limit, so that one that hangs or fails never hides another.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

import aiohttp

from bd1.check_discord import check_discord
from bd1.check_finding import Finding, bad, fine, note, warning
from bd1.check_machine import check_data_dir, check_machine
from bd1.core.gpu import CardIdentity, GpuSample, ProbeFailure, Reading
from bd1.core.holders import mib_words
from bd1.core.settings import GpuSettings, RestartPolicy, Settings, Workload
from bd1.errors import Bd1Error, ChatUnavailable, ContainerMissing
from bd1.ports import ContainerState, InstalledModel

_LOG = logging.getLogger(__name__)

LIMIT_S = 10.0
"""No part may take longer than this."""

_CEILING_SHARE = 0.95

Part = Callable[[], Awaitable[Iterable[Finding]]]


class CardView(Protocol):
    """What is asked of a `GpuProbe`."""

    async def identity(self) -> CardIdentity | ProbeFailure: ...
    async def sample(self) -> Reading: ...


class ContainersView(Protocol):
    """What is asked of `Containers`. There is no way to change one through this."""

    async def version(self) -> str: ...
    async def inspect(self, name: str) -> ContainerState: ...


class ChatView(Protocol):
    """What is asked of a `ChatModel`. There is no way to load one through this."""

    async def version(self) -> str: ...
    async def installed(self) -> tuple[InstalledModel, ...]: ...


class HostView(Protocol):
    """Whether this process sees the processes of the host, or only those of its own container."""

    def sees_host(self) -> bool: ...


async def check(
    settings: Settings,
    *,
    probe: CardView,
    containers: ContainersView,
    chat: ChatView,
    processes: HostView,
    environ: Mapping[str, str],
    http: aiohttp.ClientSession,
    proc: Path = Path("/proc"),
    limit_s: float = LIMIT_S,
) -> tuple[Finding, ...]:
    """Looks at everything, in at most `limit_s` seconds, and never raises for what is missing.

    The order of the findings is always the same: Discord, card, Docker, containers, chat model, data folder, machine.
    """
    parts: list[tuple[str, Part]] = [
        ("Discord", lambda: check_discord(settings.discord, environ, http)),
        ("Card", lambda: _card(settings, probe)),
        ("Docker", lambda: _docker(containers)),
        *((f"Container {each.container}", _container_part(each, containers)) for each in settings.workloads.values()),
        ("Chat model", lambda: _chat(settings, chat, containers)),
        ("Data folder", lambda: check_data_dir(settings.data_dir)),
        ("Processes", lambda: _processes(processes)),
        ("Machine", lambda: check_machine(proc)),
    ]
    found = await asyncio.gather(*(_bounded(name, part, limit_s) for name, part in parts))
    return tuple(finding for findings in found for finding in findings)


def passed(findings: Iterable[Finding]) -> bool:
    """Whether nothing required is missing."""
    return not any(finding.required and finding.ok is False for finding in findings)


async def _bounded(name: str, part: Part, limit_s: float) -> Iterable[Finding]:
    try:
        async with asyncio.timeout(limit_s):
            return await part()
    except TimeoutError:
        return [bad(name, f"No answer within {limit_s:g} s.", "See whether it hangs, and look again.")]
    except Exception as trouble:  # noqa: BLE001 the border of one check's task: it must not hide the others
        _LOG.debug("the check of %s failed", name, exc_info=True)
        fix = "This is a mistake in BD-1: please report it."
        return [bad(name, f"The check itself failed ({type(trouble).__name__}).", fix)]


async def _card(settings: Settings, probe: CardView) -> list[Finding]:
    card = await probe.identity()
    if isinstance(card, ProbeFailure):
        fix = "nvidia-smi must work where BD-1 runs; a container needs the NVIDIA runtime and gpus: all."
        return [bad("Card", f"Cannot be read ({card.fault.value}): {card.reason}", fix)]
    text = f"{card.name} ({card.uuid}), driver {card.driver}."
    return [
        fine("Card", text),
        *_size(settings.gpu, card),
        *_tiers(settings, card),
        await _memory(probe),
        _persistence(card),
    ]


def _size(gpu: GpuSettings, card: CardIdentity) -> list[Finding]:
    ceiling = int(card.total_mib * _CEILING_SHARE)
    fix = f"Set gpu.total_mib to {card.total_mib} and gpu.ceiling_mib to {ceiling} or less in the configuration."
    if gpu.ceiling_mib > card.total_mib:
        text = f"gpu.ceiling_mib is {mib_words(gpu.ceiling_mib)}, but the card has only {mib_words(card.total_mib)}."
        return [bad("Card", text, fix)]
    if gpu.total_mib != card.total_mib:
        text = f"The card has {mib_words(card.total_mib)}, gpu.total_mib says {mib_words(gpu.total_mib)}."
        return [warning("Card", text, fix)]
    return [fine("Card", f"{mib_words(card.total_mib)}, of which {mib_words(gpu.ceiling_mib)} may be used.")]


def _tiers(settings: Settings, card: CardIdentity) -> list[Finding]:
    protect_mib = int(card.total_mib * settings.watchdog.protect_pct / 100)
    if settings.gpu.ceiling_mib <= protect_mib:
        return []
    text = (
        f"gpu.ceiling_mib ({mib_words(settings.gpu.ceiling_mib)}) is above watchdog.protect_pct "
        f"({mib_words(protect_mib)}): a mode could start and be stopped again by the watchdog."
    )
    return [warning("Card", text, f"Set gpu.ceiling_mib to {protect_mib} or less.")]


async def _memory(probe: CardView) -> Finding:
    sample = await probe.sample()
    if isinstance(sample, GpuSample):
        return fine("Card", f"{mib_words(sample.used_mib)} in use now ({sample.used_pct:.0f} %).")
    return bad("Card", f"Its memory cannot be read: {sample.reason}", "nvidia-smi must show the memory of the card.")


def _persistence(card: CardIdentity) -> Finding:
    if card.persistence is None:
        return note("Card", "Whether persistence mode is on cannot be read.")
    if card.persistence:
        return fine("Card", "Persistence mode is on.")
    return warning(
        "Card",
        "Persistence mode is off: the driver starts anew for each new user of the card, which takes seconds.",
        "sudo nvidia-smi -pm 1   (or enable nvidia-persistenced)",
    )


async def _docker(containers: ContainersView) -> list[Finding]:
    try:
        return [fine("Docker", f"Engine {await containers.version()} answers.")]
    except Bd1Error as trouble:
        return [bad("Docker", str(trouble), "Start Docker, and give BD-1 its socket (/var/run/docker.sock).")]


def _container_part(workload: Workload, containers: ContainersView) -> Part:
    async def part() -> list[Finding]:
        return [await _container(workload, containers)]

    return part


async def _container(workload: Workload, containers: ContainersView) -> Finding:
    name = f"Container {workload.container}"
    try:
        state = await containers.inspect(workload.container)
    except ContainerMissing:
        fix = f"Create it (docker compose up --no-start), or mend workloads.{workload.name}.container."
        return bad(name, "There is no such container.", fix)
    except Bd1Error:
        return note(name, "Could not be looked at without Docker.")
    if state.restart_policy in workload.allowed_restart:
        now = "runs" if state.running else "does not run"
        return fine(name, f'Is there and {now}; restart policy "{state.restart_policy.value}".')
    return _wrong_policy(workload, state, name)


def _wrong_policy(workload: Workload, state: ContainerState, name: str) -> Finding:
    wanted = workload.allowed_restart[0].value
    text = f'Its restart policy is "{state.restart_policy.value}", allowed is "{wanted}".'
    if workload.uses_gpu:
        text = (
            f'REFUSED: its restart policy is "{state.restart_policy.value}". When it crashes, Docker starts it again '
            "and again, each time leaving VRAM behind, until the card hangs the host."
        )
        wanted = RestartPolicy.NO.value
    fix = f'docker update --restart={wanted} {workload.container}   (and restart: "{wanted}" in its compose file)'
    return bad(name, text, fix)


async def _chat(settings: Settings, chat: ChatView, containers: ContainersView) -> list[Finding]:
    wanted, url = settings.chat.model, settings.chat.ollama_url
    container = settings.workloads[settings.chat.workload].container
    try:
        version = await chat.version()
        installed = {model.name.removesuffix(":latest") for model in await chat.installed()}
    except ChatUnavailable as trouble:
        return [await _chat_away(str(trouble), container, containers)]
    except Bd1Error as trouble:
        return [bad("Chat model", str(trouble), f"See what answers at {url}; it should be Ollama.")]
    up = fine("Chat model", f"Ollama {version} answers.")
    if wanted.removesuffix(":latest") in installed:
        return [up, fine("Chat model", f"{wanted} is there.")]
    return [up, bad("Chat model", f"Ollama does not have {wanted}.", f"docker exec {container} ollama pull {wanted}")]


async def _chat_away(trouble: str, container: str, containers: ContainersView) -> Finding:
    """Away is in order while its container is meant to be down, in another mode."""
    try:
        is_down = not (await containers.inspect(container)).running
    except Bd1Error:
        is_down = False
    if is_down:
        text = f"The container {container} does not run now, so Ollama and its models could not be looked at."
        return note("Chat model", text, f"To see them too: docker start {container}, then bd1 check again.")
    fix = f"docker logs {container}; then see chat.ollama_url in the configuration."
    return bad("Chat model", trouble, fix)


async def _processes(processes: HostView) -> list[Finding]:
    if processes.sees_host():
        return [fine("Processes", "The processes of the host can be seen.")]
    return [
        warning(
            "Processes",
            "Only this container's own processes can be seen: who holds VRAM can often not be named.",
            "Give BD-1's container  pid: host  in its compose file.",
        )
    ]
