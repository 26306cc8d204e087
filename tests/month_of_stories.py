"""A month of evenings as one long story: normal use of the whole of BD-1, with breaches strewn into it by a seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from bd1.sim.card import CardFault
from bd1.sim.scenarios import acts, around
from bd1.sim.scenarios.story import Act, At, Expect, Scene, Setting, Story

DAYS = 30
DAY_S = 86_400.0
EVENING_S = 18 * 3600.0
RATES_MIB_S = (900.0, 6144.0)
MODELS_MIB = {"phi3:mini": 2600.0, "gemma2:9b": 6400.0, "deepseek-coder-v2:16b": 9220.0, "llama3:8b-long": 11_000.0}
GAME = "supertuxkart"


@dataclass(frozen=True)
class Breach:
    """Something that must be told: under which key, and how soon."""

    at_s: float
    name: str
    key: str
    within_s: float

    def explains(self, key: str, after_s: float) -> bool:
        """Whether an incident of its evening belongs to it."""
        return self.at_s - 1 <= after_s <= self.at_s + 1800 and (key == self.key or key in _FOLLOWS.get(self.name, ()))


_FOLLOWS = {"a game": ("idle level",), "the bus": ("sight",)}
"""What else may be told of it."""

Make = Callable[[float], tuple[tuple[At, ...], Breach]]


def _leave(scene: Scene) -> None:
    world = scene.world
    for process in world.processes():
        if process.name == GAME:
            world.end_intrusion(process.pid)


def _pardon(scene: Scene) -> None:
    scene.world.machine.boxes[acts.PICTURES].crashes_after_s = None


def _restart_machine(scene: Scene) -> None:
    scene.world.card.fault = None
    scene.world.boots += 1


def _leak(mib_s: float) -> Make:
    def make(at_s: float) -> tuple[tuple[At, ...], Breach]:
        within_s = 19_000 / mib_s + 1
        return (At(at_s, "a leak", acts.leak(acts.PICTURES, mib_s)),), Breach(at_s, "a leak", "vram", within_s)

    return make


def _spike(at_s: float) -> tuple[tuple[At, ...], Breach]:
    fill = acts.fill_to(acts.PICTURES, 96)
    return (At(at_s, "one allocation", fill),), Breach(at_s, "a spike", "vram", 1.0)


def _game(at_s: float) -> tuple[tuple[At, ...], Breach]:
    come, go = At(at_s, "a game", acts.intrude(GAME, 19_000)), At(at_s + 300, "it ends", _leave)
    return (come, go), Breach(at_s, "a game", "vram", 1.0)


def _hang(at_s: float) -> tuple[tuple[At, ...], Breach]:
    happened = (
        At(at_s, "the driver hangs", around.fault(CardFault.HANGS)),
        At(at_s + 15, "it answers", around.fault(None)),
    )
    return happened, Breach(at_s, "a hang", "sight", 2.5)


def _xid(at_s: float) -> tuple[tuple[At, ...], Breach]:
    return (At(at_s, "Xid 94", around.xid(94)),), Breach(at_s, "an Xid", "xid 94", 1.0)


def _bus(at_s: float) -> tuple[tuple[At, ...], Breach]:
    lost = acts.both(around.fault(CardFault.LOST), around.xid(79))
    happened = (At(at_s, "off the bus", lost), At(at_s + 400, "the machine is started again", _restart_machine))
    return happened, Breach(at_s, "the bus", "quarantine", 1.0)


def _crashes(at_s: float) -> tuple[tuple[At, ...], Breach]:
    again: Act = acts.start(acts.PICTURES)
    happened = (
        At(at_s, "it crashes each time", acts.crash_each_time(acts.PICTURES, 5.0, 0)),
        At(at_s + 10, "it is started", again),
        At(at_s + 20, "it is started", again),
        At(at_s + 400, "it is mended", acts.both(_pardon, around.rearms(acts.PICTURES))),
    )
    return happened, Breach(at_s, "crashes", "exit comfyui", 7.0)


BREACHES: tuple[Make, ...] = (_leak(50), _leak(300), _leak(2048), _spike, _game, _hang, _xid, _bus, _crashes)


def month(seed: int) -> tuple[Story, tuple[Breach, ...]]:
    """The story, and what must be told in it: each breach on an evening of its own."""
    random = Random(seed)  # noqa: S311 a repeatable month, not a secret
    evenings = dict(zip(random.sample(range(1, DAYS), len(BREACHES)), BREACHES, strict=True))
    happened: list[At] = []
    breaches: list[Breach] = []
    for day in range(DAYS):
        now_s = day * DAY_S + EVENING_S + random.uniform(0, 3600)
        happened += _chatting(random, now_s)
        happened += _drawing(random, now_s + 5000)
        if make := evenings.get(day):
            more, breach = make(now_s + 8000)
            happened += more
            breaches.append(breach)
        happened.append(At(now_s + 10_000, "good night", around.wants("idle")))
    story = Story(
        name=f"month-{seed}",
        text="A month of evenings.",
        begins=Setting.IDLE,
        acts=tuple(sorted(happened, key=lambda act: act.at_s)),
        lasts_s=DAYS * DAY_S,
        quiet_from_s=0,
        expect=Expect(),
    )
    return story, tuple(breaches)


def _chatting(random: Random, at_s: float) -> Iterator[At]:
    yield At(at_s, "chat is wanted", around.wants("chat"))
    now_s, before = at_s + 60, ""
    for _ in range(random.randint(2, 4)):
        model = random.choice(sorted(MODELS_MIB))
        if model == before:
            continue
        yield At(now_s, "the model before goes", acts.unload(before))
        load = acts.load(model, MODELS_MIB[model], random.uniform(*RATES_MIB_S))
        yield At(now_s + random.uniform(1.6, 4), "a model comes", load)  # Ollama waits until the memory is back
        now_s, before = now_s + random.uniform(60, 1200), model


def _drawing(random: Random, at_s: float) -> Iterator[At]:
    yield At(at_s, "pictures are wanted", around.wants("image"))
    now_s = at_s + 60
    for _ in range(random.randint(1, 4)):
        yield At(now_s, "pictures", acts.draw(random.randint(1, 2)))
        yield At(now_s + 3, "one takes more", acts.seize(acts.PICTURES, 1300))
        yield At(now_s + 3 + random.uniform(0.2, 2), "and gives it back", acts.let_go(acts.PICTURES))
        now_s += random.uniform(60, 600)
