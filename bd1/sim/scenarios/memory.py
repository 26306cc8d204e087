"""Stories of VRAM that fills up or does not come back: leaks, large allocations, orphans, what a crash leaves."""

from bd1.sim.chat import MODEL
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import CHAT, GIB, PICTURES
from bd1.sim.scenarios.story import At, Expect, Setting, Story

SPIKE_MIB = 9220
"""One allocation of this size is on record."""

_VRAM = ("vram",)


def _leak(name: str, words: str, gib_s: float, below_pct: float, within_s: float) -> Story:
    return Story(
        name=name,
        text=f"ComfyUI leaks {words} with 60 % of the card in use.",
        begins=Setting.IMAGE,
        acts=(
            At(0, "60 % of the card are in use", acts.fill_to(PICTURES, 60)),
            At(10, f"ComfyUI leaks {words}", acts.leak(PICTURES, gib_s * GIB)),
        ),
        trouble_s=10,
        lasts_s=within_s + 60,
        expect=Expect(
            peak_below_pct=below_pct,
            tells=_VRAM,
            ends=(PICTURES,),
            mode="idle",
            acts_within_s=within_s,
            messages=2,
        ),
    )


LEAKS = (
    _leak("leak-slow", "50 MiB a second", 0.05, 95.5, 142),
    _leak("leak-steady", "1 GiB a second", 1.0, 93.5, 7),
    _leak("leak-fast", "4 GiB a second", 4.0, 92.0, 1.5),
)

SPIKE = Story(
    name="spike",
    text=f"With half of the card in use ComfyUI takes {SPIKE_MIB} MiB in one allocation.",
    begins=Setting.IMAGE,
    acts=(
        At(0, "half of the card is in use", acts.fill_to(PICTURES, 50)),
        At(10, f"one allocation of {SPIKE_MIB} MiB", acts.seize(PICTURES, SPIKE_MIB)),
    ),
    trouble_s=10,
    lasts_s=60,
    expect=Expect(peak_below_pct=95.5, tells=_VRAM, ends=(PICTURES,), mode="idle", acts_within_s=0.3, messages=1),
)
DEAF = Story(
    name="deaf-container",
    text="A container that ignores SIGTERM and gives nothing back takes 7300 MiB at once.",
    begins=Setting.IMAGE,
    acts=(
        At(
            0,
            "ComfyUI is deaf and holds 60 % of the card",
            acts.both(acts.fill_to(PICTURES, 60), acts.deafen(PICTURES)),
        ),
        At(10, "one allocation of 7300 MiB", acts.seize(PICTURES, 7300)),
    ),
    trouble_s=10,
    lasts_s=60,
    expect=Expect(
        peak_below_pct=96,
        tells=_VRAM,
        words=("Kill comfyui",),
        ends=(PICTURES,),
        mode="idle",
        acts_within_s=0.3,
        messages=1,
    ),
)
NEVER_BACK = Story(
    name="vram-never-back",
    text="A switch stops Ollama, and the driver never gives its VRAM back.",
    begins=Setting.CHAT,
    acts=(
        At(5, "what is freed stays taken", acts.stick),
        At(10, "an operator switches to image mode", around.wants("image")),
        At(120, "the operator tries again", around.wants("image")),
    ),
    trouble_s=10,
    lasts_s=3 * 3600,
    quiet_from_s=0,
    expect=Expect(
        ends=(CHAT,),
        is_unsafe=True,
        switches=("refused", "refused"),
        tells=("unsafe",),
        words=("no process on the card explains them",),
        mode="idle",
        messages=2,
    ),
)
ORPHAN = Story(
    name="orphan-after-rm",
    text="`docker rm -f` leaves a worker that holds the VRAM on, and Docker does not know of it.",
    begins=Setting.CHAT,
    acts=(
        At(10, "ollama is removed, its worker lives on", acts.orphan(CHAT, "llama-runner")),
        At(60, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=180,
    expect=Expect(
        tells=("idle level", "unsafe"),
        words=("llama-runner",),
        is_unsafe=True,
        switches=("refused",),
        mode="idle",
        acts_within_s=40,
        messages=2,
    ),
)
GONE_ALREADY = Story(
    name="dies-unseen",
    text="Ollama's runner crashes and its VRAM is back before anyone looks; a switch follows at once.",
    begins=Setting.CHAT,
    acts=(
        At(9.9, "memory comes back at once today", acts.lag(0.0)),
        At(10, "the runner crashes", acts.unload(MODEL)),
        At(10.05, "an operator switches to image mode", around.wants("image")),
    ),
    lasts_s=60,
    expect=Expect(ends=(CHAT,), switches=("done",), mode="image", messages=0),
)
RATCHET = Story(
    name="ratchet-of-loads",
    text="Ollama loses 300 MiB of VRAM with each load and unload of a model, all night.",
    begins=Setting.CHAT,
    acts=tuple(
        at
        for cycle in range(70)
        for at in (
            At(10 + 60 * cycle, "unload; 300 MiB are lost", acts.both(acts.unload(MODEL), acts.grow(CHAT, 300))),
            At(40 + 60 * cycle, "load", acts.load(MODEL, 4700)),
        )
    ),
    lasts_s=4300,
    quiet_from_s=0,
    expect=Expect(peak_below_pct=96, tells=_VRAM, words=("VRAM filling up",), ends=(CHAT,), mode="idle", messages=5),
)
LEFT_BY_EACH_END = Story(
    name="ratchet-of-crashes",
    text="ComfyUI dies now and then, hours apart, and each death leaves 500 MiB behind.",
    begins=Setting.IMAGE,
    acts=(
        At(10, "it crashes", acts.crash(PICTURES, 500)),
        At(3600, "an operator accepts and starts it by hand", acts.start(PICTURES)),
        At(7200, "it crashes again", acts.crash(PICTURES, 500)),
        At(9000, "it is started by hand", acts.start(PICTURES)),
    ),
    lasts_s=9100,
    quiet_from_s=0,
    expect=Expect(
        tells=("exit comfyui", "idle level", "newcomer comfyui"),
        words=("left more VRAM behind at each of 2 ends",),
        latched_off=(PICTURES,),
        ends=(PICTURES,),
        mode="idle",
        messages=6,
    ),
)
FOREIGN_IDLE = Story(
    name="foreign-fills-idle-card",
    text="A game that is none of BD-1's fills the idle card.",
    begins=Setting.IDLE,
    acts=(
        At(10, "a game takes 19 900 MiB", acts.intrude("supertuxkart", 19_900)),
        At(60, "an operator switches to chat mode", around.wants("chat")),
    ),
    lasts_s=240,
    expect=Expect(
        peak_below_pct=100,
        words=("a human is needed",),
        tells=("idle level", "vram"),
        switches=("failed",),
        mode="idle",
        acts_within_s=2,
    ),
)
FOREIGN_BESIDE = Story(
    name="foreign-beside-chat",
    text="A game takes what the chat model leaves of the card, and more.",
    begins=Setting.CHAT,
    acts=(At(10, "a game takes 14 500 MiB", acts.intrude("supertuxkart", 14_500)),),
    lasts_s=240,
    expect=Expect(
        peak_below_pct=97, tells=("idle level", "vram"), ends=(CHAT,), mode="idle", acts_within_s=0.5, messages=2
    ),
)
FREE_DOES_NOTHING = Story(
    name="free-does-nothing",
    text="ComfyUI answers yes to every request to free its VRAM and frees nothing, while custom nodes take more.",
    begins=Setting.IMAGE,
    acts=(
        At(0, "custom nodes hold 80 % of the card", acts.fill_to(PICTURES, 80)),
        At(10, "they take 100 MiB a second more", acts.leak(PICTURES, 100)),
    ),
    trouble_s=10,
    lasts_s=120,
    expect=Expect(peak_below_pct=96, tells=_VRAM, ends=(PICTURES,), mode="idle", acts_within_s=32, messages=2),
)
LATE = Story(
    name="release-lag",
    text="Ollama changes models all the time, and the driver gives memory back 0.5 to 1.5 s late.",
    begins=Setting.CHAT,
    acts=tuple(
        at
        for turn in range(40)
        for at in (
            At(10 + 15 * turn, "the model is unloaded", acts.both(acts.unload(MODEL), acts.unload("big"))),
            At(10.2 + 15 * turn, "the next one is loaded", acts.load("big" if turn % 2 == 0 else MODEL, 9000)),
        )
    ),
    lasts_s=640,
    quiet_from_s=0,
    expect=Expect(peak_below_pct=95, mode="chat", messages=0),
)
FILLS_IN_A_SWITCH = Story(
    name="newcomer-fills-in-a-switch",
    text="What a switch has just started takes far more than it declares.",
    begins=Setting.IDLE,
    acts=(
        At(10, "an operator switches to image mode", around.wants("image")),
        At(10.8, "ComfyUI takes 12 GiB a second", acts.leak(PICTURES, 12 * GIB)),
    ),
    trouble_s=10.8,
    lasts_s=120,
    expect=Expect(peak_below_pct=92, tells=_VRAM, ends=(PICTURES,), switches=("failed",), mode="idle"),
)

STORIES = (
    *LEAKS,
    SPIKE,
    DEAF,
    NEVER_BACK,
    ORPHAN,
    GONE_ALREADY,
    RATCHET,
    LEFT_BY_EACH_END,
    FOREIGN_IDLE,
    FOREIGN_BESIDE,
    FREE_DOES_NOTHING,
    LATE,
    FILLS_IN_A_SWITCH,
)
