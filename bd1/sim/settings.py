"""The demo's settings as values: the same card, workloads and modes as on the real machine; reads no file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bd1.core.settings import (
    ChatSettings,
    DiscordSettings,
    GpuSettings,
    Mode,
    RestartPolicy,
    Settings,
    SwitchSettings,
    WatchdogSettings,
    Workload,
    WorkloadKind,
)
from bd1.sim.card import UUID

KEPT_UP = (RestartPolicy.NO, RestartPolicy.UNLESS_STOPPED)
"""What Docker may restart by itself: only what never touches the card."""

MODEL = "llama3:8b"

START_MODE = "chat"

RELEASE_TIMEOUT_S = 15.0
"""Shorter than on a real machine: who plays with memory that never comes back waits for the refusal."""


def demo_settings(
    *,
    data_dir: Path,
    api_base: str,
    ollama_url: str,
    guild_id: int,
    alert_channel_id: int,
    chat_channel_ids: Sequence[int],
    operator_role_ids: Sequence[int],
    user_role_ids: Sequence[int],
    model: str = MODEL,
) -> Settings:
    """What `config.yaml` would say on the simulated machine."""
    return Settings(
        discord=DiscordSettings(
            guild_ids=(guild_id,),
            alert_channel_id=alert_channel_id,
            chat_channel_ids=tuple(chat_channel_ids),
            operator_role_ids=tuple(operator_role_ids),
            user_role_ids=tuple(user_role_ids),
            allow_dms=True,
            message_content=True,
            api_base=api_base,
        ),
        gpu=GpuSettings(uuid=UUID),
        workloads=demo_workloads(ollama_url),
        modes=demo_modes(),
        watchdog=WatchdogSettings(),
        switch=SwitchSettings(start_mode=START_MODE, release_timeout_s=RELEASE_TIMEOUT_S),
        chat=ChatSettings(workload="ollama", ollama_url=ollama_url, model=model),
        data_dir=data_dir,
    )


def demo_workloads(ollama_url: str) -> dict[str, Workload]:
    """The four containers of the simulated machine. Only Ollama's address is a real one."""
    listed = (
        Workload(
            name="ollama",
            container="ollama",
            kind=WorkloadKind.OLLAMA,
            vram_mib=12000,
            health_url=f"{ollama_url}/api/version",
        ),
        _web_page("open-webui", 3000),
        _web_page("anythingllm", 3001),
        Workload(
            name="comfyui",
            container="comfyui",
            kind=WorkloadKind.COMFYUI,
            vram_mib=8000,
            health_url="http://comfyui.simulated:8188/system_stats",
        ),
    )
    return {workload.name: workload for workload in listed}


def demo_modes() -> dict[str, Mode]:
    """What the simulated machine can be used for."""
    listed = (
        Mode(
            name="chat",
            description="Chat with the language model",
            workloads=("ollama", "open-webui", "anythingllm"),
        ),
        Mode(name="image", description="Draw pictures with ComfyUI", workloads=("comfyui",)),
        Mode(name="idle", description="Leave the card free"),
    )
    return {mode.name: mode for mode in listed}


def health_containers(workloads: Mapping[str, Workload]) -> dict[str, str]:
    """Which container serves each health address, as `SimHealth` wants it."""
    return {w.health_url: w.container for w in workloads.values() if w.health_url is not None}


def _web_page(name: str, port: int) -> Workload:
    return Workload(
        name=name,
        container=name,
        health_url=f"http://{name}.simulated:{port}/",
        allowed_restart=KEPT_UP,
    )
