"""Stories of what is around the card: Docker or Discord away, a clock that jumps, programs that lock up."""

from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import CHAT, PICTURES
from bd1.sim.scenarios.story import At, Expect, Setting, Story

_HOUR_S = 3600.0

DOCKER_AWAY = Story(
    name="docker-away",
    text="Docker is restarted and answers nobody for ten minutes; what runs goes on running.",
    begins=Setting.CHAT,
    acts=(
        At(10, "Docker is away", around.docker_is_away(True)),
        At(60, "somebody asks", around.asks()),
        At(120, "an operator switches to image mode", around.wants("image")),
        At(610, "Docker is back", around.docker_is_away(False)),
        At(660, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=720,
    expect=Expect(ends=(CHAT,), answers=("Hello there.",), switches=("failed", "done"), mode="image", messages=0),
)
DOCKER_AWAY_LEAK = Story(
    name="docker-away-and-leak",
    text="Docker is away while Ollama fills the card: BD-1 asks Ollama itself to unload.",
    begins=Setting.CHAT,
    acts=(
        At(5, "a large model is loaded", acts.load("large", 10_000)),
        At(20, "Docker is away", around.docker_is_away(True)),
        At(30, "another model is loaded", acts.load("another", 4_600)),
        At(300, "Docker is back", around.docker_is_away(False)),
    ),
    trouble_s=30,
    lasts_s=400,
    expect=Expect(peak_below_pct=97, tells=("vram",), mode="chat", acts_within_s=4, messages=1),
)
DISCORD_AWAY = Story(
    name="discord-away",
    text="Discord is away for an hour while ComfyUI leaks: people learn of it later, once, with its true time.",
    begins=Setting.IMAGE,
    acts=(
        At(0, "60 % of the card are in use", acts.fill_to(PICTURES, 60)),
        At(10, "Discord is away", around.discord_is_away(True)),
        At(600, "ComfyUI leaks 300 MiB a second", acts.leak(PICTURES, 300)),
        At(10 + _HOUR_S, "Discord is back", around.discord_is_away(False)),
    ),
    trouble_s=600,
    lasts_s=_HOUR_S + 120,
    quiet_from_s=0,
    expect=Expect(peak_below_pct=96, tells=("vram",), ends=(PICTURES,), mode="idle", acts_within_s=30, messages=1),
)
CLOCK_JUMPS = Story(
    name="clock-jumps",
    text="A time server sets the clock forward and back by hours while ComfyUI crashes again and again.",
    begins=Setting.IMAGE,
    acts=(
        At(10, "each run of ComfyUI crashes", acts.crash_each_time(PICTURES, 12, 100)),
        At(25, "the clock is set forward by two hours", around.jump_wall(2 * _HOUR_S)),
        At(30, "somebody starts it again", acts.start(PICTURES)),
        At(45, "the clock is set back by three hours", around.jump_wall(-3 * _HOUR_S)),
        At(50, "somebody starts it again", acts.start(PICTURES)),
    ),
    lasts_s=300,
    expect=Expect(tells=("exit comfyui",), ends=(PICTURES,), latched_off=(PICTURES,), mode="idle"),
)
LOCKED_UP = Story(
    name="green-but-locked-up",
    text="Ollama says for hours that it is well and answers no question; whoever asks is told, and a switch goes on.",
    begins=Setting.CHAT,
    acts=(
        At(10, "Ollama's scheduler locks up", around.lock_up_chat),
        At(20, "somebody asks", around.asks()),
        At(300, "an operator switches to image mode", around.wants("image")),
    ),
    trouble_s=300,
    lasts_s=400,
    expect=Expect(ends=(CHAT,), answers=("no answer within",), switches=("done",), mode="image", messages=0),
)
UNLOAD_HANGS = Story(
    name="unload-hangs",
    text="Ollama answers nobody any more, so its model cannot be unloaded, and it ignores a polite stop.",
    begins=Setting.CHAT,
    acts=(
        At(10, "Ollama is silent and deaf", acts.both(acts.silence(CHAT), acts.deafen(CHAT))),
        At(20, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=120,
    expect=Expect(ends=(CHAT,), switches=("done",), mode="image", messages=0),
)
DIES_STARTING = Story(
    name="dies-starting",
    text="ComfyUI dies while a switch brings it up; BD-1 goes back to chat through the same proof.",
    begins=Setting.CHAT,
    acts=(
        At(5, "ComfyUI will not live for two seconds", acts.doom(PICTURES, 1.5)),
        At(10, "an operator switches to image mode", around.wants("image")),
        At(120, "somebody asks", around.asks()),
    ),
    lasts_s=180,
    expect=Expect(ends=(CHAT, PICTURES), switches=("rolled back",), answers=("Hello there.",), mode="chat", messages=0),
)
NEVER_READY = Story(
    name="never-ready",
    text="ComfyUI is started by a switch and never answers; after two minutes BD-1 goes back to chat.",
    begins=Setting.CHAT,
    acts=(
        At(5, "ComfyUI will answer nobody", acts.silence(PICTURES)),
        At(10, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=240,
    expect=Expect(ends=(CHAT, PICTURES), switches=("rolled back",), mode="chat", messages=0),
)

STORIES = (
    DOCKER_AWAY,
    DOCKER_AWAY_LEAK,
    DISCORD_AWAY,
    CLOCK_JUMPS,
    LOCKED_UP,
    UNLOAD_HANGS,
    DIES_STARTING,
    NEVER_READY,
)
