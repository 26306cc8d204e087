"""The simulated machine as a story finds it, and the same story on it without BD-1. It knows no service of BD-1."""

from bd1.core.settings import Settings
from bd1.sim.card import TOTAL_MIB
from bd1.sim.chat import MODEL, MODEL_MIB
from bd1.sim.loop import LoopClock, SkippingLoop
from bd1.sim.scenarios.acts import load as load_model
from bd1.sim.scenarios.story import DiscordLine, Nobody, Scene, Setting, Story
from bd1.sim.witness import Witness, WitnessedChat
from bd1.sim.world import World

BEFORE_S = 10.0
"""What the machine has to come up, and then BD-1 to look around, before a story begins."""

_CONTAINERS = {Setting.IDLE: (), Setting.CHAT: ("ollama", "open-webui", "anythingllm"), Setting.IMAGE: ("comfyui",)}
_SEED = 4000


class Stage:
    """The machine as a story finds it, with everything on it that may be broken. There is no BD-1 yet."""

    def __init__(self, story: Story, settings: Settings, loop: SkippingLoop) -> None:
        self.story = story
        self.settings = settings
        self._loop = loop
        self.clock = LoopClock(loop)
        self.world = World(self.clock, seed=_SEED)
        self.witness = Witness(self.world)
        self.chat = WitnessedChat(self.world, self.witness)
        self.scene = Scene(self.world, self.clock, self.chat, DiscordLine(), Nobody())
        self.began_s = self.clock.monotonic()

    def come_up(self) -> None:
        """What runs when the story begins is up, the model on the card."""
        for name in _CONTAINERS[self.story.begins]:
            self.world.machine.start(name)
        if self.story.begins is Setting.CHAT:
            load_model(MODEL, MODEL_MIB)(self.scene)
        self.leap(BEFORE_S)

    def begin(self) -> None:
        """From now on it counts."""
        self.world.catch_up()
        self.witness.forget()
        self.began_s = self.clock.monotonic()

    def leap(self, seconds: float) -> None:
        """Lets time pass on which nobody looks."""
        self._loop.leap(seconds)
        self.world.catch_up()

    @property
    def peak_pct(self) -> float:
        """The highest `total - free` since it counts."""
        self.world.catch_up()
        return 100 * max(self.witness.peak_mib, self.world.used_mib) / TOTAL_MIB

    def since_s(self, moment_s: float) -> float:
        """A moment in seconds since the story began."""
        return moment_s - self.began_s


def peak_alone_pct(stage: Stage) -> float:
    """Plays the story on a machine without BD-1, at once, and answers how full its card gets."""
    stage.come_up()
    stage.leap(BEFORE_S)
    stage.begin()
    for act in stage.story.acts:
        stage.leap(stage.began_s + act.at_s - stage.clock.monotonic())
        act.do(stage.scene)
    stage.leap(stage.began_s + stage.story.lasts_s - stage.clock.monotonic())
    return stage.peak_pct
