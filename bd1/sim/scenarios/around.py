"""What can happen around the containers in a story: to the card and its driver, to Docker, Discord and the clock.

And what people ask of BD-1.
"""

from bd1.errors import ChatUnavailable
from bd1.sim.card import CardFault
from bd1.sim.scenarios.story import Act, Scene

STALL_S = 180.0
"""How long a question waits for its first word."""


def fault(what: CardFault | None) -> Act:
    """This is wrong with the card from now on; `None`: nothing."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.card.fault = what

    return do


def xid(code: int, detail: int | None = None) -> Act:
    """The driver reports an Xid."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.card.raise_xid(code, detail)

    return do


def show(**readings: int | tuple[str, ...]) -> Act:
    """Readings of the card look so from now on."""
    return lambda scene: scene.world.card.show(**readings)


def reload_driver(scene: Scene) -> None:
    """The driver is replaced: no card for a few seconds."""
    scene.world.reload_driver()


def docker_is_away(is_away: bool) -> Act:
    """The engine answers nobody, or answers again."""

    def do(scene: Scene) -> None:
        scene.world.catch_up()
        scene.world.machine.engine_away = is_away

    return do


def discord_is_away(is_away: bool) -> Act:
    """Nothing can be posted, or it can again."""

    def do(scene: Scene) -> None:
        scene.discord.is_away = is_away

    return do


def jump_wall(seconds: float) -> Act:
    """A time server sets the wall clock."""
    return lambda scene: scene.clock.jump_wall(seconds)


def wants(mode: str) -> Act:
    """An operator switches."""
    return lambda scene: scene.people.switch(mode)


def asks(question: str = "Are you there?") -> Act:
    """Somebody asks the chat model."""
    return lambda scene: scene.people.ask(question)


def rearms(workload: str) -> Act:
    """An operator lets a workload run again."""
    return lambda scene: scene.people.rearm(workload)


def kill_bd1(scene: Scene) -> None:
    """A kill -9 of BD-1."""
    scene.people.kill()


def lock_up_chat(scene: Scene) -> None:
    """Ollama says that it is well, and answers no question any more: whoever asks gives up in the end."""

    async def wait_in_vain() -> None:
        await scene.clock.sleep(STALL_S)
        raise ChatUnavailable(f"Ollama gave no answer within {STALL_S:g} s. Try again, and restart it if this goes on.")

    scene.chat.hold = wait_in_vain
