"""What may happen to a simulated machine at any moment, by name: hands, crashes, lies, blindness, full disks."""

from collections.abc import Callable
from functools import partial

from bd1.core.progress import Patience
from bd1.core.settings import RestartPolicy
from bd1.sim.card import CardFault
from bd1.sim.containers import Operation
from bd1.sim.machine import Box
from tests.services.machine_place import Place

Act = Callable[[Place], None]
ON_CARD = ("ollama", "comfyui", "anythingllm")
_FLAWS = ("is_deaf", "ignores_start", "ignores_stop", "ignores_kill", "never_ready")
_OPERATIONS: tuple[Operation, ...] = ("start", "stop", "kill", "inspect")


def _box(place: Place, name: str) -> Box:
    place.world.catch_up()
    return place.world.machine.boxes[name]


def _start(name: str, place: Place) -> None:
    _box(place, name)
    place.world.machine.start(name)


def _stop(name: str, place: Place) -> None:
    _box(place, name)
    place.world.machine.stop(name, 10.0)


def _kill(name: str, place: Place) -> None:
    _box(place, name)
    place.world.machine.kill(name)


def _crash(name: str, leaves_mib: int, place: Place) -> None:
    box = _box(place, name)
    box.leaves_mib = leaves_mib
    place.world.machine.crash(name)
    box.leaves_mib = 0


def _flaw(name: str, flaw: str, place: Place) -> None:
    setattr(_box(place, name), flaw, True)


def _doom(name: str, place: Place) -> None:
    _box(place, name).dies_starting_after_s = 0.5


def _refuse(name: str, place: Place) -> None:
    _box(place, name).refusal = "no runtime"


def _loop(name: str, policy: RestartPolicy, place: Place) -> None:
    box = _box(place, name)
    box.policy, box.crashes_after_s = policy, 2.0
    place.world.machine.crash_in(name, 2.0)


def _seize(name: str, share: float, place: Place) -> None:
    box, ledger = _box(place, name), place.world.ledger
    if box.pid is not None:
        ledger.seize(box.pid, "spike", max(ledger.total_mib * share - ledger.used_mib, 0))


def _lag(seconds: float, place: Place) -> None:
    place.world.catch_up()
    place.world.ledger.release_lag_s = (seconds, seconds)


def _stick(place: Place) -> None:
    place.world.catch_up()
    place.world.ledger.sticks = True


def _intrude(mib: int, place: Place) -> None:
    place.foreign.append(place.world.intrude("supertuxkart", mib))


def _leave(place: Place) -> None:
    if place.foreign:
        place.world.end_intrusion(place.foreign.pop())


def _away(place: Place) -> None:
    place.world.catch_up()
    place.world.machine.engine_away = True


def _fail_before(operation: Operation, place: Place) -> None:
    place.engine.fails_before.add(operation)


def _fail_after(operation: Operation, place: Place) -> None:
    place.engine.fails.add(operation)


def _lie(name: str, lie: bool, place: Place) -> None:
    place.engine.lies[name] = lie


def _slow_engine(seconds: float, place: Place) -> None:
    place.engine.lag_s = seconds


def _slow_disk(place: Place) -> None:
    place.disk.delay_s = 1.5


def _full_disk(place: Place) -> None:
    place.disk.refuses = True


def _blind(fault: CardFault, place: Place) -> None:
    place.world.catch_up()
    place.world.card.fault = fault


def _xid(code: int, place: Place) -> None:
    place.world.catch_up()
    place.world.card.raise_xid(code)


def _reload(place: Place) -> None:
    place.world.reload_driver()


def _jump(seconds: float, place: Place) -> None:
    place.clock.jump_wall(seconds)


def _queue(count: int, place: Place) -> None:
    place.world.activity.queue(count)


def _let_answers_end(place: Place) -> None:
    place.answers_may_end.set()


def _ask(who: str, place: Place) -> None:
    if place.life:
        place.life.ask(who)


def _hold_an_answer(place: Place) -> None:
    place.answers_may_end.clear()
    _ask("Luke", place)


def _cancel(place: Place) -> None:
    if place.life:
        place.life.cancel()


def _choose(patience: Patience, place: Place) -> None:
    if place.life:
        place.life.choose(patience)


def _kill_holder(name: str, place: Place) -> None:
    if place.life:
        place.life.kill_holder(name)


def _hands() -> dict[str, Act]:
    found: dict[str, Act] = {}
    for name in (*ON_CARD, "open-webui"):
        found[f"{name} is started by hand"] = partial(_start, name)
        found[f"{name} is stopped by hand"] = partial(_stop, name)
        found[f"{name} is killed by hand"] = partial(_kill, name)
        found[f"{name} crashes"] = partial(_crash, name, 0)
    return found


def _of_containers() -> dict[str, Act]:
    found: dict[str, Act] = {}
    for name in ON_CARD:
        found |= {f"{name} {flaw.replace('_', ' ')}": partial(_flaw, name, flaw) for flaw in _FLAWS}
        found[f"{name} dies while it starts"] = partial(_doom, name)
        found[f"{name} is refused by docker"] = partial(_refuse, name)
        found[f"{name} crashes again and again"] = partial(_loop, name, RestartPolicy.ALWAYS)
        found[f"{name} will be restarted"] = partial(_loop, name, RestartPolicy.ON_FAILURE)
        found[f"{name} crashes and leaves 800 MiB"] = partial(_crash, name, 800)
        found[f"{name} crashes and leaves 200 MiB"] = partial(_crash, name, 200)
        found[f"{name} fills the card"] = partial(_seize, name, 0.97)
        found[f"{name} fills a third of the card"] = partial(_seize, name, 0.33)
        found[f"docker says that {name} runs"] = partial(_lie, name, True)
        found[f"docker says that {name} does not run"] = partial(_lie, name, False)
    return found


def _people() -> dict[str, Act]:
    found: dict[str, Act] = {f"a holder is killed: {name}": partial(_kill_holder, name) for name in ON_CARD}
    return found | {
        "Rey asks": partial(_ask, "Rey"),
        "Luke asks and is answered for ever": _hold_an_answer,
        "answers end": _let_answers_end,
        "Han cancels": _cancel,
        "Han waits on": partial(_choose, Patience.WAIT),
        "Han cuts": partial(_choose, Patience.CUT),
        **{f"{count} pictures are queued": partial(_queue, count) for count in (1, 4)},
    }


def _of_the_machine() -> dict[str, Act]:
    found: dict[str, Act] = {f"memory comes back after {s} s": partial(_lag, s) for s in (0.0, 1.0, 5.0, 30.0)}
    found |= {f"a stranger takes {mib} MiB": partial(_intrude, mib) for mib in (100, 200, 3000, 12000)}
    found |= {f"docker fails before {operation}": partial(_fail_before, operation) for operation in _OPERATIONS}
    found |= {f"docker fails after {operation}": partial(_fail_after, operation) for operation in _OPERATIONS}
    found |= {f"docker takes {seconds} s": partial(_slow_engine, seconds) for seconds in (0.2, 1.0)}
    found |= {f"the card is {fault.value}": partial(_blind, fault) for fault in CardFault}
    found |= {f"the wall clock jumps by {s} s": partial(_jump, s) for s in (-7200.0, -5.0, 5.0, 7200.0)}
    found |= {f"the driver reports Xid {code}": partial(_xid, code) for code in (31, 79)}
    return found | {
        "a stranger leaves": _leave,
        "memory sticks": _stick,
        "docker is away": _away,
        "docker is well again": Place.heal_docker,
        "the card is well again": Place.heal_card,
        "the driver is reloaded": _reload,
        "the disk is slow": _slow_disk,
        "the disk is full": _full_disk,
        "all is well again": Place.heal,
    }


HANDS = _hands()
PEOPLE = _people()
TROUBLES = HANDS | PEOPLE | _of_containers() | _of_the_machine()
WEIGHTED = sorted(TROUBLES) + [
    what
    for what in sorted(TROUBLES)
    if any(told in what for told in ("starts", "started by hand", "never ready", "fills the card", "again and again"))
    for _ in range(3)
]
"""The names of the troubles, with more of those that make a switch go back and the card be protected."""
