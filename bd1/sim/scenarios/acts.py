"""What can happen to the simulated machine in a story: each answers the deed that a story gives a time to.

What happens to a container that does not run is nothing.
"""

from bd1.core.settings import RestartPolicy
from bd1.sim.activity import PAINTER
from bd1.sim.ledger import Leak
from bd1.sim.machine import Box
from bd1.sim.memory import LOAD_RATE_MIB_S, OLLAMA
from bd1.sim.scenarios.story import Act, Scene

GIB = 1024.0
HAND_GRACE_S = 10.0


def both(*acts: Act) -> Act:
    """One thing after the other, at the same moment."""

    def do(scene: Scene) -> None:
        for act in acts:
            act(scene)

    return do


def fill_to(name: str, pct: float) -> Act:
    """The container holds so much that this share of the card is used."""

    def do(scene: Scene) -> None:
        wanted_mib = scene.world.ledger.total_mib * pct / 100 - scene.world.used_mib
        seize(name, max(wanted_mib, 0.0), "model")(scene)

    return do


def seize(name: str, mib: float, label: str = "tensor") -> Act:
    """The container takes so much in one allocation, or what is free of it."""

    def do(scene: Scene) -> None:
        pid = _pid(scene, name)
        if pid is not None:
            scene.world.ledger.seize(pid, label, mib)

    return do


def let_go(name: str, label: str = "tensor") -> Act:
    """The container gives back what it holds under this label."""

    def do(scene: Scene) -> None:
        pid = _pid(scene, name)
        if pid is not None:
            scene.world.ledger.release(pid, label)

    return do


def leak(name: str, mib_s: float, label: str = "leak") -> Act:
    """From now on the container takes so much each second, for ever."""
    return lambda scene: _claim(scene, name, label, scene.world.ledger.total_mib, mib_s)


def grow(name: str, mib: float, label: str = "grown", mib_s: float = LOAD_RATE_MIB_S) -> Act:
    """The container takes so much more than it has under this label, and keeps it."""

    def do(scene: Scene) -> None:
        pid = _pid(scene, name)
        held_mib = sum(claim.mib for claim in scene.world.ledger.claims() if (claim.pid, claim.label) == (pid, label))
        _claim(scene, name, label, held_mib + mib, mib_s)

    return do


def load(model: str, mib: float, mib_s: float = LOAD_RATE_MIB_S) -> Act:
    """Ollama begins to load a model, in a process of its own; nothing happens while its container does not run."""

    def do(scene: Scene) -> None:
        _box(scene, OLLAMA)
        if scene.world.machine.boxes[OLLAMA].running and model not in scene.world.ollama_memory.loaded():
            scene.world.ledger.claim(scene.world.machine.spawn_child(OLLAMA), model, mib, mib_s)

    return do


def unload(model: str) -> Act:
    """That model's process ends; nothing happens when there is none."""

    def do(scene: Scene) -> None:
        _box(scene, OLLAMA)
        children = scene.world.machine.boxes[OLLAMA].children
        for pid in {claim.pid for claim in scene.world.ledger.claims() if claim.label == model} & children:
            scene.world.machine.end_child(OLLAMA, pid)

    return do


def draw(count: int = 1) -> Act:
    """ComfyUI is given so many pictures to draw."""
    return lambda scene: scene.world.activity.queue(count)


def start(name: str) -> Act:
    """Somebody at a shell starts the container."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.machine.start(name)

    return do


def stop(name: str) -> Act:
    """Somebody at a shell stops the container."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.machine.stop(name, HAND_GRACE_S)

    return do


def crash(name: str, leaves_mib: int = 0) -> Act:
    """The container ends by itself, and leaves so much behind on the card."""

    def do(scene: Scene) -> None:
        box = _box(scene, name)
        before, box.leaves_mib = box.leaves_mib, leaves_mib
        scene.world.machine.crash(name)
        box.leaves_mib = before

    return do


def crash_each_time(name: str, after_s: float, leaves_mib: int) -> Act:
    """This run of the container and each that follows ends in a crash after so long, and leaves so much behind."""

    def do(scene: Scene) -> None:
        box = _box(scene, name)
        box.crashes_after_s, box.leaves_mib = after_s, leaves_mib
        scene.world.machine.crash_in(name, after_s)

    return do


def has_policy(name: str, policy: RestartPolicy) -> Act:
    """The container carries this restart policy, and nobody has heard of it."""

    def do(scene: Scene) -> None:
        _box(scene, name).policy = policy

    return do


def update_policy(name: str, policy: RestartPolicy) -> Act:
    """Somebody gives the container this restart policy with `docker update`."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.machine.set_policy(name, policy)

    return do


def deafen(name: str) -> Act:
    """The container hears no polite stop any more."""

    def do(scene: Scene) -> None:
        _box(scene, name).is_deaf = True

    return do


def silence(name: str) -> Act:
    """The container runs on and answers nobody any more."""

    def do(scene: Scene) -> None:
        _box(scene, name).never_ready = True

    return do


def doom(name: str, after_s: float) -> Act:
    """From now on the container dies so long after each start."""

    def do(scene: Scene) -> None:
        _box(scene, name).dies_starting_after_s = after_s

    return do


def stick(scene: Scene) -> None:
    """What a process held stays taken after its end, for good."""
    scene.world.catch_up()
    scene.world.ledger.sticks = True


def unstick(scene: Scene) -> None:
    """The driver has noticed after all."""
    scene.world.catch_up()
    scene.world.ledger.sticks = False
    scene.world.ledger.recover(Leak.STUCK)


def lag(seconds: float) -> Act:
    """Memory comes back so long after the end of its process."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.ledger.release_lag_s = (seconds, seconds)

    return do


def intrude(process: str, mib: int) -> Act:
    """A process in no container takes so much, or what is free of it."""
    return lambda scene: scene.world.intrude(process, mib)


def orphan(name: str, process: str) -> Act:
    """`docker rm -f`: the container is gone, and a worker that Docker does not know holds its memory on."""

    def do(scene: Scene) -> None:
        world, box = scene.world, _box(scene, name)
        held_mib, before = world.vram_of(name), world.ledger.release_lag_s
        world.ledger.release_lag_s = (0.0, 0.0)
        for pid in tuple(box.children):
            world.machine.end_child(name, pid)
        world.ledger.release_lag_s = before
        world.intrude(process, held_mib)
        world.machine.kill(name)

    return do


def _box(scene: Scene, name: str) -> Box:
    scene.world.catch_up()
    return scene.world.machine.boxes[name]


def _pid(scene: Scene, name: str) -> int | None:
    return _box(scene, name).pid


def _claim(scene: Scene, name: str, label: str, target_mib: float, mib_s: float) -> None:
    pid = _pid(scene, name)
    if pid is not None:
        scene.world.ledger.claim(pid, label, target_mib, mib_s)


PICTURES, CHAT = PAINTER, OLLAMA
