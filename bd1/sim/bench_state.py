"""What the bench shows of the simulated machine, as JSON values: the all-seeing side. Pure reading; changes nothing."""

from dataclasses import dataclass
from typing import Any

from bd1.core.settings import GpuSettings, WatchdogSettings
from bd1.sim.card import CardFault
from bd1.sim.machine import CRASHED, SIGKILLED, Box
from bd1.sim.trouble_words import LEAK, SPIKE
from bd1.sim.troubles import Troubles
from bd1.sim.world import World

Json = dict[str, Any]

NOTES = {CRASHED: "crashed", SIGKILLED: "killed"}
"""Exit codes in words; a stop needs none."""


@dataclass(frozen=True, slots=True)
class BenchStatus:
    """What BD-1 thinks: its mode, its tier in lower case ("unknown" while blind), and whether it is switching.

    While it does not run (`is_down`) it thinks nothing: both are "unknown".
    """

    mode: str
    tier: str
    switching: bool
    is_down: bool = False


DOWN = BenchStatus(mode="unknown", tier="unknown", switching=False, is_down=True)


@dataclass(frozen=True, slots=True)
class BenchLimits:
    """BD-1's limits as lines in the chart. The tiers are per cent of the whole card."""

    ceiling_mib: int = GpuSettings().ceiling_mib
    warn_pct: float = WatchdogSettings().warn_pct
    alert_pct: float = WatchdogSettings().alert_pct
    protect_pct: float = WatchdogSettings().protect_pct


def state(world: World, troubles: Troubles, status: BenchStatus, limits: BenchLimits) -> Json:
    """The whole machine at this moment, and what BD-1 makes of it."""
    world.catch_up()
    ledger = world.ledger
    return {
        "op": "state",
        "t": round(world.age_s, 3),
        "total_mib": ledger.total_mib,
        "used_mib": used_mib(world),
        "reserved_mib": ledger.reserved_mib,
        "ceiling_mib": limits.ceiling_mib,
        "tiers": {"warn": limits.warn_pct, "alert": limits.alert_pct, "protect": limits.protect_pct},
        "tier": status.tier,
        "mode": status.mode,
        "switching": status.switching,
        "down": status.is_down,
        "card": card_word(world.card.fault),
        "holders": holders(world),
        "containers": [_container(world, box) for box in world.machine.boxes.values()],
        "troubles": [_trouble(troubles, trouble_id) for trouble_id in troubles.by_id],
    }


def used_mib(world: World) -> int | None:
    """What is really used, also while the driver hangs; `None` when the card is off the bus and holds nothing."""
    return None if world.card.fault is CardFault.LOST else world.used_mib


def card_word(fault: CardFault | None) -> str:
    """How the card answers: ok, stalled or lost."""
    if fault is None:
        return "ok"
    return "lost" if fault is CardFault.LOST else "stalled"


def holders(world: World) -> list[Json]:
    """Who holds memory, without the driver's own part; what nobody holds comes last."""
    held: dict[str, int] = {}
    for claim in world.ledger.claims():
        label = _holder(world, claim.pid, claim.label)
        held[label] = held.get(label, 0) + claim.mib
    held["on its way back"] = world.ledger.lagging_mib
    held["held by no process"] = world.ledger.leaked_mib
    return [{"label": label, "mib": mib} for label, mib in held.items() if mib > 0]


def _holder(world: World, pid: int, label: str) -> str:
    name = world.container_of(pid)
    if name is None:
        return f"{world.process_name(pid) or 'a process'}, in no container"
    is_child = name in world.machine.boxes and world.machine.boxes[name].pid != pid
    return f"{name}: {label}" if is_child else name


def _container(world: World, box: Box) -> Json:
    name = box.spec.name
    return {
        "name": name,
        "state": _container_state(world, box),
        "vram_mib": world.vram_of(name),
        "restarts": box.restarts,
        "note": _note(world, box),
    }


def _container_state(world: World, box: Box) -> str:
    if not box.running:
        return box.status
    if box.stopping:
        return "stopping"
    return "running" if world.machine.is_ready(box.spec.name) else "starting"


def _note(world: World, box: Box) -> str:
    if not box.running:
        ended = NOTES.get(box.exit_code or 0, "")
        return "crashed, Docker starts it again" if box.status == "restarting" else ended
    labels = {claim.label for claim in world.ledger.claims() if claim.pid == box.pid}
    if LEAK.id in labels:
        return "leaks memory"
    if SPIKE.id in labels:
        return "took a lot at once"
    return _flaw(box, is_ready=world.machine.is_ready(box.spec.name))


def _flaw(box: Box, *, is_ready: bool) -> str:
    if box.crashes_after_s is not None or (box.dies_starting_after_s is not None and not is_ready):
        return "will crash in a moment"
    if box.never_ready:
        return "answers nobody"
    if box.is_deaf:
        return "ignores the stop" if box.stopping else "deaf to a stop"
    return ""


def _trouble(troubles: Troubles, trouble_id: str) -> Json:
    trouble = troubles.by_id[trouble_id]
    words = trouble.words
    told = {"id": words.id, "label": words.label, "hint": words.hint, "group": words.group.value}
    return told | {"active": trouble.active}
