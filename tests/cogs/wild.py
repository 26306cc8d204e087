"""Values as wild as the world may hand them to a view: endless, empty, full of Markdown, unknown."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from bd1.core.baseline import Baseline
from bd1.core.gpu import CardIdentity, Fault, GpuDetails, GpuSample, ProbeFailure
from bd1.core.holders import Attribution, Holder
from bd1.core.incidents import Incident, Line, Word
from bd1.core.journal import Entry, StepRecord
from bd1.core.progress import Forecast, Outcome, Progress, Share, Step, StepState
from bd1.core.settings import Settings
from bd1.core.tiers import Tier
from bd1.ports import LoadedModel
from bd1.services.fleet import ModeView
from bd1.services.status import PartHealth, Status
from tests.services.rig import rig_settings

words = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(["x" * 5000, "🤖" * 3000, "word " * 900, "`*_~|" * 300, "a\n" * 900, " ", "🪐"]),
)
mib = st.integers(min_value=0, max_value=10**6)
figures = st.none() | st.integers(min_value=0, max_value=10**6)
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis adds the zone
details = st.builds(
    GpuDetails,
    utilisation_pct=figures,
    temperature_c=figures,
    power_w=st.none() | st.floats(min_value=0, max_value=2000),
    power_limit_w=st.none() | st.floats(min_value=0, max_value=2000),
    pstate=figures,
    pcie_gen=figures,
    pcie_gen_max=figures,
    pcie_width=figures,
    pcie_width_max=figures,
    throttle=st.none() | st.lists(words, max_size=12).map(tuple),
    slowdown_c=figures,
    shutdown_c=figures,
    pcie_replay=figures,
    ecc_uncorrected=figures,
)
samples = st.builds(
    lambda total, free, extra: GpuSample(1.0, total, min(free, total), None, extra),
    st.integers(min_value=1, max_value=10**6),
    mib,
    st.none() | details,
)
holder_values = st.builds(
    Holder,
    label=words,
    workload=st.none() | words,
    mib=figures,
    pids=st.lists(st.integers(min_value=1, max_value=2**22), max_size=40).map(tuple),
    since=st.none() | moments,
    names=st.lists(words, max_size=40).map(tuple),
)
attributions = st.builds(
    Attribution, st.lists(holder_values, max_size=40).map(tuple), st.none() | st.integers(-1000, 10**6)
)
mode_views = st.builds(
    ModeView,
    name=st.none() | words,
    running=st.just(frozenset[str]()),
    since=st.none() | moments,
    by=st.none() | words,
    trouble=st.none() | words,
    unsafe=st.none() | words,
)
statuses = st.builds(
    Status,
    sample=st.none() | samples,
    failure=st.none() | st.builds(ProbeFailure, st.just(1.0), st.sampled_from(Fault), words),
    identity=st.none() | st.builds(CardIdentity, st.integers(0, 9), words, words, mib, words),
    attribution=st.none() | attributions,
    age_s=st.none() | st.floats(min_value=0, max_value=10**7),
    tier=st.sampled_from(Tier),
    mode=mode_views,
    switching_to=st.none() | words,
    models=st.none() | st.lists(st.builds(LoadedModel, words, mib, st.none() | moments), max_size=12).map(tuple),
    parts=st.lists(st.builds(PartHealth, words, st.sampled_from([True, False, None]), words), max_size=6).map(tuple),
    limits=st.just((80.0, 90.0, 95.0)),
    ceiling_mib=mib,
    idle_mib=mib,
)
steps = st.builds(
    Step,
    key=st.builds(
        lambda kind, name: f"{kind} {name}", st.sampled_from(["stop", "start", "gate", "back health"]), words
    ),
    label=words,
    state=st.sampled_from(StepState),
    started_s=st.none() | st.floats(min_value=0, max_value=10**6),
    took_s=st.none() | st.floats(min_value=0, max_value=10**6),
    note=words,
)
shares = st.lists(st.builds(Share, words, figures), max_size=30).map(tuple)
forecasts = st.builds(
    Forecast,
    stops=shares,
    starts=shares,
    used_mib=figures,
    idle_mib=mib,
    need_mib=mib,
    at_work=st.lists(words, max_size=30).map(tuple),
)
progresses = st.builds(
    Progress,
    origin=st.none() | words,
    target=words,
    by=words,
    steps=st.lists(steps, max_size=40).map(tuple),
    started_s=st.just(0.0),
    elapsed_s=st.floats(min_value=0, max_value=10**6),
    outcome=st.none() | st.sampled_from(Outcome),
    message=words,
    used_mib=st.none() | mib,
    total_mib=st.none() | mib,
    id=st.just("20260101120000-0a1b2c3d"),
    idle_mib=st.none() | mib,
    forecast=st.none() | forecasts,
    is_cancellable=st.booleans(),
    question=st.none() | words,
    holders=st.lists(holder_values, max_size=30).map(tuple),
    is_overridable=st.booleans(),
)
records = st.builds(
    StepRecord,
    key=st.sampled_from(["drain", "stop comfyui", "gate ollama", "back start comfyui", "commit", "strange"]),
    label=words,
    begun_at=moments,
    state=st.sampled_from(StepState),
    took_s=st.none() | st.floats(min_value=0, max_value=10**6),
    note=words,
)
entries = st.builds(
    Entry,
    id=st.just("20260101120000-0a1b2c3d"),
    origin=st.none() | words,
    target=words,
    by=words,
    started_at=moments,
    steps=st.lists(records, max_size=12).map(tuple),
    override=st.none() | words,
    outcome=st.none() | st.sampled_from(Outcome),
    message=words,
    took_s=st.none() | st.floats(min_value=0, max_value=10**6),
)
baselines = st.builds(
    Baseline, uuid=words, driver=words, idle_mib=mib, anchor_mib=mib, foreign_mib=mib, learned_at=moments, by=words
)
word_values = st.builds(Word, words, moments, st.sampled_from(Tier), st.none() | moments)
incidents = st.builds(
    Incident,
    id=st.just("20260101120000-0a1b2c3d"),
    key=words,
    title=words,
    severity=st.sampled_from(Tier),
    opened_at=moments,
    lines=st.lists(st.builds(Line, moments, words), min_size=1, max_size=30).map(tuple),
    closed_at=st.none() | moments,
    pinged_at=st.none() | moments,
    acknowledged=st.none() | word_values,
    snoozed=st.none() | word_values,
    silenced=st.none() | word_values,
)


def alert_settings() -> Settings:
    """Settings with as many roles to ring as a server may well have."""
    home = rig_settings(Path("nowhere"))
    return replace(home, discord=replace(home.discord, operator_role_ids=tuple(range(10**17, 10**17 + 25))))
