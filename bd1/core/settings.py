"""What the owner decided: the typed, frozen values of `config.yaml`. No file is read here and nothing is checked here.

The comments of `config.yaml` are the documentation of every key; this module only names and types them.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class WorkloadKind(StrEnum):
    """Which protocol BD-1 may speak with a container."""

    OLLAMA = "ollama"
    COMFYUI = "comfyui"
    OTHER = "other"


class RestartPolicy(StrEnum):
    """Docker's restart policies."""

    NO = "no"
    ALWAYS = "always"
    UNLESS_STOPPED = "unless-stopped"
    ON_FAILURE = "on-failure"


class NewcomerPolicy(StrEnum):
    """What is done about a workload that somebody starts outside BD-1 beside another one on the card."""

    STOP = "stop-newcomer"
    WARN = "warn"


class AnswerFinish(StrEnum):
    """How the end of an answer is shown: in the message that has grown, or in a new one, which marks as unread."""

    EDIT = "edit"
    FRESH = "fresh"


class ModelChoice(StrEnum):
    """For whom somebody chooses the model that answers."""

    CHANNEL = "channel"
    PERSON = "person"


HEALTH_PATHS = {WorkloadKind.OLLAMA: "/api/version", WorkloadKind.COMFYUI: "/system_stats"}
"""Where each kind tells of itself; its health address usually ends in it."""


def api_base(health_url: str, kind: WorkloadKind) -> str | None:
    """Where the API of a workload begins, without a slash at the end: its health address less the path of its kind.

    An address that names only a server is the beginning itself. `None` when BD-1 speaks with no API of this kind, and
    when the address leads elsewhere (a proxy's "/health"): where the API begins is then not known.
    """
    known, address = HEALTH_PATHS.get(kind), health_url.rstrip("/")
    if known is None:
        return None
    if address.endswith(known):
        return address.removesuffix(known).rstrip("/")
    return address if address.count("/") == len("//") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One container BD-1 may start and stop. `vram_mib` is its declared peak; 0 means it never touches the card."""

    name: str
    container: str
    kind: WorkloadKind = WorkloadKind.OTHER
    vram_mib: int = 0
    health_url: str | None = None
    stop_grace_s: float = 10.0
    start_timeout_s: float = 120.0
    allowed_restart: tuple[RestartPolicy, ...] = (RestartPolicy.NO,)
    newcomer: NewcomerPolicy = NewcomerPolicy.STOP

    @property
    def uses_gpu(self) -> bool:
        """Whether this workload ever holds VRAM."""
        return self.vram_mib > 0

    @property
    def base_url(self) -> str | None:
        """Where its own API begins (see `api_base`); `None` also when it has no health address."""
        return None if self.health_url is None else api_base(self.health_url, self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A named set of workloads that run together."""

    name: str
    description: str = ""
    workloads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuSettings:
    """The card and how much of it may be used, in MiB. `uuid` wins over `index`."""

    index: int = 0
    uuid: str | None = None
    total_mib: int = 20475
    ceiling_mib: int = 19451
    tolerance_mib: int = 256
    idle_step_mib: int = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchdogSettings:
    """Sampling and tiers. Percentages are of the whole card, on `total - free`."""

    fastest_interval_s: float = 0.1
    interval_s: float = 1.0
    deadline_s: float = 1.0
    warn_pct: float = 80.0
    alert_pct: float = 90.0
    protect_pct: float = 95.0
    rearm_margin_pct: float = 5.0
    sustain_samples: int = 2
    sustain_s: float = 2.0
    reaction_s: float = 0.75
    blind_after_s: float = 5.0
    crash_exits: int = 3
    crash_window_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchSettings:
    """How a mode switch proves that the card is free."""

    gate_samples: int = 3
    gate_interval_s: float = 0.2
    release_timeout_s: float = 60.0
    drain_s: float = 10.0
    choice_s: float = 120.0
    start_mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Who is rung how often, and when. Times of day are text such as 22:00, in `time_zone`; both `None`: no quiet."""

    escalate_after_min: float = 10.0
    snooze_min: float = 30.0
    quiet_from: str | None = None
    quiet_to: str | None = None
    time_zone: str = "UTC"
    digest_after: int = 5
    digest_window_min: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """The chat model and its limits. `workload` is the one that must run for chat to be possible."""

    workload: str
    ollama_url: str = "http://127.0.0.1:11434"
    model: str = "llama3:8b"
    persona: str = "You are BD-1, a friendly and concise assistant."
    model_choice: ModelChoice = ModelChoice.CHANNEL
    num_ctx: int = 8192
    max_answer_tokens: int = 2048
    history_messages: int = 20
    parallel: int = 1
    max_waiting: int = 16
    max_per_user: int = 3
    slow_mode_s: float = 0.0
    hold_s: float = 21600.0
    ping_held_s: float = 300.0
    catch_up_s: float = 1800.0
    catch_up_messages: int = 50
    load_stall_s: float = 180.0
    stall_s: float = 60.0
    edit_interval_s: float = 1.0
    finish: AnswerFinish = AnswerFinish.EDIT
    most_messages: int = 5
    footer: bool = True
    tools: bool = True
    attachment_mib: int = 10
    retention_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """Where BD-1 speaks and who may do what. The token itself is never here: only the name of its variable."""

    token_env: str = "BD1_DISCORD_TOKEN"  # noqa: S105 the name of a variable, not a token
    guild_ids: tuple[int, ...] = ()
    alert_channel_id: int | None = None
    chat_channel_ids: tuple[int, ...] = ()
    operator_role_ids: tuple[int, ...] = ()
    user_role_ids: tuple[int, ...] = ()
    chat_role_ids: tuple[int, ...] = ()
    model_role_ids: tuple[int, ...] = ()
    allow_dms: bool = False
    message_content: bool = False
    api_base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of `config.yaml`."""

    discord: DiscordSettings
    gpu: GpuSettings
    workloads: dict[str, Workload]
    modes: dict[str, Mode]
    watchdog: WatchdogSettings
    switch: SwitchSettings
    chat: ChatSettings
    data_dir: Path
    alerts: AlertSettings = AlertSettings()
    docker_url: str | None = None
