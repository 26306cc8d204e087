"""Stories of what people do at a shell, beside BD-1."""

from bd1.core.settings import RestartPolicy
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import CHAT, PICTURES
from bd1.sim.scenarios.story import At, Expect, Setting, Story

STOPPED_BY_HAND = Story(
    name="stopped-by-hand",
    text="Somebody stops Ollama at a shell: that is no crash, and it stays down for the whole evening.",
    begins=Setting.CHAT,
    acts=(At(10, "docker stop ollama", acts.stop(CHAT)), At(60, "somebody asks", around.asks())),
    lasts_s=4 * 3600,
    quiet_from_s=0,
    expect=Expect(answers=("idle",), mode="idle", messages=0),
)
STOPPED_STILL_FULL = Story(
    name="stopped-still-full",
    text="Somebody stops Ollama, and for hours the card stays as full as before: nothing starts until it is clean.",
    begins=Setting.CHAT,
    acts=(
        At(5, "what is freed stays taken", acts.stick),
        At(10, "docker stop ollama", acts.stop(CHAT)),
        At(2 * 3600, "an operator switches to image mode", around.wants("image")),
        At(3 * 3600, "the driver gives it back after all", acts.unstick),
        At(3 * 3600 + 120, "an operator switches to image mode", around.wants("image")),
    ),
    trouble_s=10,
    lasts_s=4 * 3600,
    quiet_from_s=120,
    expect=Expect(
        tells=("idle level", "unsafe"), switches=("refused", "done"), mode="image", acts_within_s=60, messages=3
    ),
)
NEWCOMER = Story(
    name="two-at-once",
    text="Somebody starts ComfyUI at a shell while the chat model is on the card: the newcomer is ended at once.",
    begins=Setting.CHAT,
    acts=(At(10, "docker start comfyui", acts.start(PICTURES)), At(60, "somebody asks", around.asks())),
    lasts_s=120,
    expect=Expect(
        tells=("newcomer comfyui",),
        ends=(PICTURES,),
        answers=("Hello there.",),
        mode="chat",
        acts_within_s=0.5,
        messages=1,
    ),
)
POLICY = Story(
    name="policy-given-back",
    text="Somebody gives ComfyUI a restart policy with `docker update`: BD-1 takes it away again at once.",
    begins=Setting.IMAGE,
    acts=(
        At(
            10,
            "docker update --restart=always comfyui",
            acts.update_policy(PICTURES, RestartPolicy.ALWAYS),
        ),
        At(60, "ComfyUI crashes", acts.crash(PICTURES)),
    ),
    lasts_s=180,
    expect=Expect(
        tells=("policy comfyui", "exit comfyui"),
        words=("was always, and I set it to no",),
        mode="idle",
        acts_within_s=1,
        messages=2,
    ),
)

STORIES = (STOPPED_BY_HAND, STOPPED_STILL_FULL, NEWCOMER, POLICY)
