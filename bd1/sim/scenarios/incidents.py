"""The two incidents that BD-1 was made for, as they were told: the silent death of the card, and the crash loop."""

from bd1.core.settings import RestartPolicy
from bd1.sim.card import CardFault
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import PICTURES
from bd1.sim.scenarios.story import At, Expect, Setting, Story

CRASH_AFTER_S = 15.0
"""Longer than the ten seconds after which Docker forgets that it has restarted it: it is at it again in 100 ms."""

CRASHES_S = 26.0
"""When the first crash comes."""

SILENT_DEATH = Story(
    name="silent-death",
    text="In the middle of a chat the GPU stops answering without a word, and its telemetry flatlines.",
    begins=Setting.CHAT,
    acts=(
        At(10, "somebody chats", around.asks()),
        At(60, "the GPU hangs: no error, no event, the driver just does not answer", around.fault(CardFault.HANGS)),
        At(120, "an operator, who sees nothing wrong, wants pictures", around.wants("image")),
    ),
    trouble_s=60,
    lasts_s=300,
    expect=Expect(
        tells=("sight",),
        words=("I cannot see the card", "nothing is started on it"),
        switches=("refused",),
        answers=("Hello there.",),
        mode="chat",
        acts_within_s=2.5,
        messages=1,
    ),
)


def crash_loop(leaves_mib: int) -> Story:
    """The second incident, with so much VRAM left behind by each crash."""
    return Story(
        name=f"crash-loop-{leaves_mib}",
        text=f"ComfyUI crashes in a job, Docker restarts it, and each crash leaves {leaves_mib} MiB behind.",
        begins=Setting.IMAGE,
        acts=_looping(leaves_mib),
        trouble_s=CRASHES_S,
        lasts_s=900,
        quiet_from_s=120,
        expect=Expect(
            peak_below_pct=90,
            tells=("exit comfyui", "idle level", "policy comfyui"),
            words=("unless-stopped, and I set it to no", "is crash-looping", "/gpu rearm comfyui"),
            ends=(PICTURES,),
            latched_off=(PICTURES,),
            mode="idle",
            acts_within_s=0.5,
            messages=5,
        ),
    )


def _looping(leaves_mib: int) -> tuple[At, ...]:
    return (
        At(10, "a job begins", acts.draw(4)),
        At(
            CRASHES_S - CRASH_AFTER_S,
            "from now on each run of ComfyUI crashes in its job",
            acts.crash_each_time(PICTURES, CRASH_AFTER_S, leaves_mib),
        ),
        At(21, "its restart policy is unless-stopped", acts.has_policy(PICTURES, RestartPolicy.UNLESS_STOPPED)),
    )


BY_SCRIPT = Story(
    name="crash-loop-by-script",
    text="ComfyUI crashes, and a script that knows nothing of BD-1 starts it again every half minute.",
    begins=Setting.IMAGE,
    acts=(
        At(10, "each run of ComfyUI crashes", acts.crash_each_time(PICTURES, CRASH_AFTER_S, 800)),
        *(At(30 * turn, "the script starts it", acts.start(PICTURES)) for turn in range(1, 6)),
    ),
    lasts_s=220,
    expect=Expect(
        peak_below_pct=90,
        tells=("exit comfyui", "idle level", "newcomer comfyui"),
        words=("is crash-looping", "is latched off and was started"),
        ends=(PICTURES,),
        latched_off=(PICTURES,),
        mode="idle",
        messages=7,
    ),
)
LATCH_SURVIVES = Story(
    name="crash-loop-and-kill",
    text="BD-1 itself is killed after it has latched ComfyUI off, and somebody starts ComfyUI again.",
    begins=Setting.IMAGE,
    acts=(
        *_looping(800),
        At(90, "kill -9 of BD-1", around.kill_bd1),
        At(120, "somebody starts ComfyUI at a shell", acts.start(PICTURES)),
        At(180, "an operator switches to image mode", around.wants("image")),
        At(240, "the operator lets ComfyUI run again", around.rearms(PICTURES)),
    ),
    lasts_s=300,
    expect=Expect(
        peak_below_pct=90,
        tells=("exit comfyui", "idle level", "newcomer comfyui", "policy comfyui"),
        words=("is latched off and was started",),
        ends=(PICTURES,),
        latched_off=(PICTURES,),
        switches=("refused",),
        mode="idle",
        messages=5,
    ),
)

STORIES = (SILENT_DEATH, *(crash_loop(mib) for mib in (300, 800, 2000)), BY_SCRIPT, LATCH_SURVIVES)
