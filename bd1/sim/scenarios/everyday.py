"""Stories without any trouble: BD-1 must neither act nor speak."""

from collections.abc import Iterator
from random import Random

from bd1.sim.chat import MODEL
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.acts import PICTURES
from bd1.sim.scenarios.story import Act, At, Expect, Setting, Story

MODELS = {"llama3:8b-long": 8100.0, "deepseek-coder-v2:16b": 9220.0, "phi3:mini": 2600.0, "gemma2:9b": 6400.0}
"""What is loaded instead of the usual model, with all that its context takes."""

RATES_MIB_S = (900.0, 6144.0)
"""From a slow disk to a warm cache over PCIe."""

_HOUR_S = 3600.0
_PICTURE_MIB = 1300.0
_SOON_S = 40.0


def _chatting(random: Random, from_s: float, until_s: float) -> Iterator[At]:
    """One model after the other, with questions in between; the usual one is left on the card."""
    now_s, on_card = from_s, MODEL
    while now_s < until_s - 2 * _SOON_S:
        model = random.choice(sorted(MODELS))
        if model != on_card:
            yield At(now_s, f"{on_card} goes", acts.unload(on_card))
            yield At(now_s + random.uniform(0.0, 2.0), f"{model} comes", _load(model, random))
            on_card = model
        now_s += random.uniform(_SOON_S, 900)
    yield At(until_s - _SOON_S, f"{on_card} goes", acts.unload(on_card))


def _load(model: str, random: Random) -> Act:
    return acts.load(model, MODELS[model], random.uniform(*RATES_MIB_S))


def _drawing(random: Random, from_s: float, until_s: float) -> Iterator[At]:
    """Batches of pictures; some take a lot of memory for a moment."""
    now_s = from_s
    while now_s < until_s - _SOON_S:
        yield At(now_s, "some pictures", acts.draw(random.randint(1, 4)))
        if random.random() < 0.5:
            yield At(now_s + 3, "one that takes more", acts.seize(PICTURES, _PICTURE_MIB))
            yield At(now_s + 3 + random.uniform(0.2, 2), "and gives it back", acts.let_go(PICTURES))
        now_s += random.uniform(_SOON_S, 300)


def _evening() -> tuple[At, ...]:
    random = Random(17)  # noqa: S311 a repeatable evening, not a secret
    return (
        *_chatting(random, 30, 1.5 * _HOUR_S),
        At(1.5 * _HOUR_S, "pictures are wanted", around.wants("image")),
        *_drawing(random, 1.5 * _HOUR_S + 60, 2.5 * _HOUR_S),
        At(2.5 * _HOUR_S, "back to chat", around.wants("chat")),
        At(2.5 * _HOUR_S + 60, "somebody asks", around.asks()),
        *_chatting(random, 2.5 * _HOUR_S + 120, 4 * _HOUR_S),
        At(4 * _HOUR_S, "good night", around.wants("idle")),
    )


def _day() -> tuple[At, ...]:
    random = Random(24)  # noqa: S311 a repeatable day, not a secret
    happened: list[At] = []
    for hour in range(1, 24, 2):
        from_s, until_s = hour * _HOUR_S, (hour + 2) * _HOUR_S - 60
        mode = "image" if hour % 4 == 1 else "chat"
        happened.append(At(from_s, f"{mode} is wanted", around.wants(mode)))
        life = _drawing if mode == "image" else _chatting
        happened += life(random, from_s + 60, min(until_s, from_s + 1800))
    return tuple(happened)


EVENING = Story(
    name="normal-evening",
    text="Four hours of chat with many loads and unloads, an hour of pictures in the middle of it.",
    begins=Setting.CHAT,
    acts=_evening(),
    lasts_s=4 * _HOUR_S + 300,
    quiet_from_s=0,
    expect=Expect(
        ends=("comfyui", "ollama"),
        switches=("done", "done", "done"),
        answers=("Hello there.",),
        mode="idle",
        messages=0,
    ),
)
NIGHT = Story(
    name="batch-night",
    text="ComfyUI draws batches of pictures for six hours, some with a lot of memory for a moment.",
    begins=Setting.IMAGE,
    acts=tuple(_drawing(Random(8), 30, 6 * _HOUR_S)),  # noqa: S311 a repeatable night
    lasts_s=6 * _HOUR_S,
    quiet_from_s=0,
    expect=Expect(mode="image", messages=0),
)
DAY = Story(
    name="whole-day",
    text="A day with twelve switches between chat and pictures.",
    begins=Setting.IDLE,
    acts=_day(),
    lasts_s=24 * _HOUR_S,
    quiet_from_s=0,
    expect=Expect(ends=("comfyui", "ollama"), switches=("done",) * 12, mode="chat", messages=0),
)

STORIES = (EVENING, NIGHT, DAY)
