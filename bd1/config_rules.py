"""What several keys of the configuration must agree on. Pure; each rule sees only what passed its own form check."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bd1.config_words import nearest
from bd1.config_yaml import KeyPath
from bd1.core.quiet_hours import time_of_day
from bd1.core.settings import (
    AlertSettings,
    ChatSettings,
    GpuSettings,
    Mode,
    RestartPolicy,
    SwitchSettings,
    WatchdogSettings,
    Workload,
    WorkloadKind,
)

IDLE = "idle"
"""The one mode that may be empty: nothing on the card."""

_MAX_MODES = 25
"""Discord offers at most 25 choices for a command's option."""

Breach = tuple[KeyPath, str]


@dataclass(slots=True)
class Draft:
    """What has passed so far; `None` for a section with a wrong form. The `known_` names include the wrong ones."""

    gpu: GpuSettings | None = None
    watchdog: WatchdogSettings | None = None
    switch: SwitchSettings | None = None
    alerts: AlertSettings | None = None
    chat: ChatSettings | None = None
    workloads: dict[str, Workload] = field(default_factory=dict)
    modes: dict[str, Mode] = field(default_factory=dict)
    known_workloads: frozenset[str] = frozenset()
    known_modes: frozenset[str] = frozenset()


def breaches(draft: Draft) -> Iterator[Breach]:
    """Every rule that is broken, as the key to blame and a sentence."""
    for rule in _RULES:
        yield from rule(draft)


def _thresholds_rise(draft: Draft) -> Iterator[Breach]:
    if (limits := draft.watchdog) is None:
        return
    tiers = (("warn_pct", limits.warn_pct), ("alert_pct", limits.alert_pct), ("protect_pct", limits.protect_pct))
    for (lower, low), (higher, high) in pairwise(tiers):
        if low >= high:
            yield ("watchdog", higher), f"must be above {lower}: {high:g} is not above {low:g} per cent"
    if limits.rearm_margin_pct >= limits.warn_pct:
        text = f"must be below warn_pct: {limits.rearm_margin_pct:g} is not below {limits.warn_pct:g} per cent"
        yield ("watchdog", "rearm_margin_pct"), text


def _pace_has_two_bounds(draft: Draft) -> Iterator[Breach]:
    if (limits := draft.watchdog) is not None and (fastest := limits.fastest_interval_s) > limits.interval_s:
        text = f"must not be longer than interval_s: {fastest:g} is more than {limits.interval_s:g} seconds"
        yield ("watchdog", "fastest_interval_s"), text


def _times_fit(draft: Draft) -> Iterator[Breach]:
    if (limits := draft.watchdog) is not None and limits.blind_after_s < limits.deadline_s:
        text = (
            f"must not be shorter than deadline_s: {limits.blind_after_s:g} is less than {limits.deadline_s:g} seconds"
        )
        yield ("watchdog", "blind_after_s"), text
    if (switch := draft.switch) is None:
        return
    shortest = switch.gate_samples * switch.gate_interval_s
    if switch.release_timeout_s <= shortest:
        text = f"must be longer than gate_samples x gate_interval_s ({shortest:g} seconds), or no switch can ever pass"
        yield ("switch", "release_timeout_s"), text


def _card_fits(draft: Draft) -> Iterator[Breach]:
    if (gpu := draft.gpu) is None:
        return
    if gpu.ceiling_mib > gpu.total_mib:
        text = f"must not be above the card's total_mib: {gpu.ceiling_mib} MiB is more than {gpu.total_mib} MiB"
        yield ("gpu", "ceiling_mib"), text
    if gpu.tolerance_mib >= gpu.ceiling_mib:
        text = f"must be below ceiling_mib: {gpu.tolerance_mib} MiB is not less than {gpu.ceiling_mib} MiB"
        yield ("gpu", "tolerance_mib"), text


def _containers_differ(draft: Draft) -> Iterator[Breach]:
    owners: dict[str, list[str]] = defaultdict(list)
    for name, workload in draft.workloads.items():
        owners[workload.container].append(name)
    for container, (first, *others) in owners.items():
        for name in others:
            yield ("workloads", name, "container"), f'"{container}" already belongs to the workload "{first}"'


def _gpu_never_restarts_itself(draft: Draft) -> Iterator[Breach]:
    for name, workload in draft.workloads.items():
        wrong = [policy.value for policy in workload.allowed_restart if policy is not RestartPolicy.NO]
        if workload.uses_gpu and wrong:
            text = (
                f'"{wrong[0]}" is not allowed for a workload with vram_mib, only "no": each automatic restart of a '
                "crashing GPU workload leaves more VRAM behind, until the host locks up"
            )
            yield ("workloads", name, "allowed_restart"), text
        if not workload.allowed_restart:
            yield ("workloads", name, "allowed_restart"), 'is empty: name at least one policy, for example ["no"]'


def _modes_name_workloads(draft: Draft) -> Iterator[Breach]:
    for name, mode in draft.modes.items():
        seen: set[str] = set()
        for index, workload in enumerate(mode.workloads):
            if draft.known_workloads and workload not in draft.known_workloads:
                text = f'there is no workload "{workload}"{nearest(workload, draft.known_workloads)}'
                yield ("modes", name, "workloads", index), text
            elif workload in seen:
                yield ("modes", name, "workloads", index), f'"{workload}" is named twice'
            seen.add(workload)


def _modes_fit_the_card(draft: Draft) -> Iterator[Breach]:
    for name, mode in draft.modes.items():
        if not mode.workloads and name != IDLE:
            yield ("modes", name, "workloads"), f'is empty; only the mode "{IDLE}" may name no workload'
        named = [draft.workloads[each] for each in dict.fromkeys(mode.workloads) if each in draft.workloads]
        on_card = [workload for workload in named if workload.uses_gpu]
        if name == IDLE and on_card:
            names = ", ".join(workload.name for workload in on_card)
            yield ("modes", name, "workloads"), f'"{IDLE}" means an empty card, but {names} uses VRAM'
        need = sum(workload.vram_mib for workload in on_card)
        if draft.gpu is not None and need > draft.gpu.ceiling_mib:
            terms = " + ".join(f"{workload.name} {workload.vram_mib}" for workload in on_card)
            text = f"needs {need} MiB ({terms}), more than gpu.ceiling_mib ({draft.gpu.ceiling_mib} MiB)"
            yield ("modes", name, "workloads"), text


def _modes_can_be_offered(draft: Draft) -> Iterator[Breach]:
    if len(draft.known_modes) > _MAX_MODES:
        text = f"has {len(draft.known_modes)} modes; Discord can offer {_MAX_MODES} at most"
        yield ("modes",), text


def _start_mode_exists(draft: Draft) -> Iterator[Breach]:
    wanted = draft.switch.start_mode if draft.switch else None
    if wanted is not None and draft.known_modes and wanted not in draft.known_modes:
        yield ("switch", "start_mode"), f'there is no mode "{wanted}"{nearest(wanted, draft.known_modes)}'


def _quiet_hours_are_whole(draft: Draft) -> Iterator[Breach]:
    if (alerts := draft.alerts) is None:
        return
    begin, end = alerts.quiet_from, alerts.quiet_to
    if (begin is None) != (end is None):
        given, missing = ("quiet_from", "quiet_to") if end is None else ("quiet_to", "quiet_from")
        yield ("alerts", given), f"quiet hours need a beginning and an end: set {missing} too, or neither"
    elif begin is not None and end is not None and time_of_day(begin) == time_of_day(end):
        yield ("alerts", "quiet_to"), f"must differ from quiet_from: both are {end}, so there would be no quiet hours"


def _chat_can_work(draft: Draft) -> Iterator[Breach]:
    if (chat := draft.chat) is None:
        return
    if draft.known_workloads and chat.workload not in draft.known_workloads:
        yield (
            ("chat", "workload"),
            f'there is no workload "{chat.workload}"{nearest(chat.workload, draft.known_workloads)}',
        )
    workload = draft.workloads.get(chat.workload)
    if workload is not None and workload.kind is not WorkloadKind.OLLAMA:
        text = f'"{workload.name}" is of kind {workload.kind.value}; chat needs one of kind {WorkloadKind.OLLAMA.value}'
        yield ("chat", "workload"), text
    if chat.max_answer_tokens >= chat.num_ctx:
        text = f"must be below num_ctx: {chat.max_answer_tokens} of {chat.num_ctx} tokens leave no room for a question"
        yield ("chat", "max_answer_tokens"), text


_RULES: tuple[Callable[[Draft], Iterator[Breach]], ...] = (
    _thresholds_rise,
    _pace_has_two_bounds,
    _times_fit,
    _card_fits,
    _containers_differ,
    _gpu_never_restarts_itself,
    _modes_name_workloads,
    _modes_fit_the_card,
    _modes_can_be_offered,
    _start_mode_exists,
    _quiet_hours_are_whole,
    _chat_can_work,
)
