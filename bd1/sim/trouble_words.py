"""What people read of each trouble: its name, what will happen, what to watch for, and where it stands on the bench.

Makes no trouble itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The headings the buttons stand under, in their order."""

    CARD = "The card"
    SWITCH = "During a switch"
    CONTAINERS = "Containers and Docker"
    PROGRAMS = "BD-1 and Ollama"


@dataclass(frozen=True, slots=True)
class Words:
    """What people see of a trouble. `hint` says in a line what will happen and what to watch for."""

    id: str
    label: str
    hint: str
    group: Group


LEAK = Words(
    id="leak",
    label="VRAM leak",
    hint="What runs on the card leaks 350 MiB/s. Watch the tiers go by, then BD-1 stop the culprit.",
    group=Group.CARD,
)
SPIKE = Words(
    id="spike",
    label="Sudden 9 GB allocation",
    hint="The card is full between two looks. Watch BD-1 act at once, with no warning before it.",
    group=Group.CARD,
)
FOREIGN = Words(
    id="foreign",
    label="A game on the same card",
    hint="A process in no container holds 3000 MiB. Switch: watch BD-1 name it, and refuse.",
    group=Group.CARD,
)
GPU_LOST = Words(
    id="gpu_lost",
    label="GPU falls off the bus",
    hint="Every look at the card fails. Watch BD-1 say that it is blind, and refuse to switch.",
    group=Group.CARD,
)
NVML_HANG = Words(
    id="nvml_hang",
    label="Driver hangs",
    hint="Looks at the card no longer return. Watch BD-1 give them up and keep answering.",
    group=Group.CARD,
)
XID_79 = Words(
    id="xid_79",
    label="Xid 79: off the bus",
    hint="The driver reports it, too. Watch the quarantine; taking this back is a power cycle.",
    group=Group.CARD,
)
SLOW_RELEASE = Words(
    id="slow_release",
    label="VRAM comes back slowly",
    hint="It is back 8 s after its process is gone. Ask something, then switch: the gate waits.",
    group=Group.SWITCH,
)
STUCK_VRAM = Words(
    id="stuck_vram",
    label="VRAM does not come back",
    hint="What is stopped leaves its memory taken. Ask something, then switch: watch BD-1 refuse.",
    group=Group.SWITCH,
)
DEAF = Words(
    id="deaf",
    label="Deaf container",
    hint="What is on the card ignores a polite stop. Switch: it is killed once its grace is over.",
    group=Group.SWITCH,
)
REFUSED_START = Words(
    id="refused_start",
    label="Docker refuses ComfyUI",
    hint="Docker cannot start it. Switch to image: watch BD-1 say why, and go back.",
    group=Group.SWITCH,
)
DIES_STARTING = Words(
    id="dies_starting",
    label="ComfyUI dies while starting",
    hint="It ends 1.5 s after each start. Switch to image: watch BD-1 notice at once, and go back.",
    group=Group.SWITCH,
)
NEVER_READY = Words(
    id="never_ready",
    label="ComfyUI never answers",
    hint="It starts, and that is all. Switch to image: watch BD-1 give it up, and go back.",
    group=Group.SWITCH,
)
CRASH_LOOP = Words(
    id="crash_loop",
    label="ComfyUI crash loop",
    hint="Docker restarts it for ever; each death leaves 800 MiB. Watch BD-1 keep it down for good.",
    group=Group.CONTAINERS,
)
HAND_START = Words(
    id="hand_start",
    label="Somebody runs docker start comfyui",
    hint="In chat mode two are on the card then. Watch BD-1 stop the newcomer at once.",
    group=Group.CONTAINERS,
)
DOCKER_AWAY = Words(
    id="docker_away",
    label="Docker goes away",
    hint="The engine answers nothing. Press it in the middle of a switch: BD-1 says what it knows.",
    group=Group.CONTAINERS,
)
BD1_CRASH = Words(
    id="bd1_crash",
    label="Kill BD-1",
    hint="As by kill -9, also in the middle of a switch. After 3 s it starts anew and sorts out what it finds.",
    group=Group.PROGRAMS,
)
OLLAMA_DOWN = Words(
    id="ollama_down",
    label="Ollama stops answering",
    hint="Its container runs, its server is gone. Ask something: one clear sentence, not silence.",
    group=Group.PROGRAMS,
)
SLOW_MODEL = Words(
    id="slow_model",
    label="Slow model",
    hint="Answers come a word at a time. Ask twice: the second question gets its place in the queue.",
    group=Group.PROGRAMS,
)
