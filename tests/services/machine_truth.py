"""What BD-1 shows and keeps, held against what is really so: all the time, and once everything has come to rest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bd1.core.progress import Outcome, Patience
from bd1.sim.card import RESERVED_MIB
from tests.services.machine_referee import Foul

if TYPE_CHECKING:
    from tests.services.machine_place import Place

LATE_S = 13.0
"""What runs is looked at every ten seconds, whether a latched card is clean every two; a look takes its time."""
MOST_TASKS = 14
"""Watchdog, hardware, alerts, journal, memory and onlooker with what they wait for; more is left over."""
TASKS_OF_AN_ANSWER = 4


class Truth:
    """Watches what is shown."""

    def __init__(self, place: "Place") -> None:
        self._place = place
        self._since_s: dict[str, float] = {}

    def sample(self) -> None:
        """To be called all the time: nothing that is wrong may stay so while BD-1 could know better."""
        place, now_s = self._place, self._place.clock.monotonic()
        life = place.life
        is_fair = life and not life.is_acting and place.is_docker_honest and not place.disk.is_slow
        wrong = dict(self._wrong()) if is_fair else {}
        self._since_s = {kind: self._since_s.get(kind, now_s) for kind in wrong}
        for kind, words in wrong.items():
            if now_s - self._since_s[kind] > LATE_S:
                place.referee.foul(f"for {LATE_S:g} s {words}")
                return

    def _wrong(self) -> Iterator[tuple[str, str]]:
        """What is not as it must be, by kind."""
        place = self._place
        assert place.life
        rig, truth = place.life.rig, place.referee
        if rig.fleet.view.name != truth.mode:
            yield "mode", f"the mode shown is {rig.fleet.view.name}, it is {truth.mode}"
        may_chat = rig.settings.chat.workload in truth.running and rig.hardware.quarantine is None
        if (rig.admission.closed_because is None) is not may_chat:
            yield "chat", f"chat says {rig.admission.closed_because}, running are {sorted(truth.running)}"
        if rig.director.unsafe is not None and self._is_clean:
            yield "latch", f"it is still latched: {rig.director.unsafe.reason}"
        if not truth.is_one_mode and place.why_unable() is None:
            yield "two", f"{sorted(truth.on_card)} are up together"

    @property
    def _is_clean(self) -> bool:
        place, truth = self._place, self._place.referee
        if place.world.card.fault is not None or place.foreign or not truth.is_one_mode:
            return False
        return truth.excess_mib(truth.on_card) <= RESERVED_MIB + place.settings.gpu.tolerance_mib

    def at_rest(self) -> list[str]:
        """What is wrong once nothing has been wrong outside for a while, in words."""
        place, life = self._place, self._place.life
        if life is None:
            return ["BD-1 does not live"]
        found = [words for _kind, words in self._wrong()]
        found += [f"the switch to {job.progress.target} has no outcome" for job in life.jobs if not job.is_over]
        found += [f"an entry is open: {entry['origin']} -> {entry['target']}" for entry in place.disk.open_entries()]
        if life.is_busy or life.is_acting or life.rig.director.door.is_switching:
            found.append("something never ends")
        if life.tasks > MOST_TASKS + TASKS_OF_AN_ANSWER * len(life.rig.chat._answers):
            found.append(f"{life.tasks} tasks are left")
        kept = {entry.id: entry for entry in life.rig.journal.last(200)}
        for job in life.jobs:
            entry, end = kept.get(job.id), job.progress
            is_nothing = end.outcome is Outcome.DONE and not end.steps
            if not is_nothing and (entry is None or (entry.outcome, entry.message) != (end.outcome, end.message)):
                found.append(f"the journal says {entry and entry.message!r} of a switch that said {end.message!r}")
        return found

    async def hold_at_rest(self) -> None:
        """Raises `Foul` unless all is true, and BD-1 still does what it is there for."""
        place = self._place
        wrong = self.at_rest()
        for mode in ("image", "chat"):
            wrong = wrong or await self._hold_that_it_can_be_had(mode)
        if wrong:
            raise Foul("\n".join([*wrong, "What happened:", *place.referee.effects]))

    async def _hold_that_it_can_be_had(self, mode: str) -> list[str]:
        life = self._place.life
        assert life
        await life.within(lambda: life.want(mode, "Leia", Patience.CUT))
        await self._place.be_quiet()
        if self._place.life is not life:  # a death that had been arranged in a call that was on its way
            return await self._hold_that_it_can_be_had(mode)
        end = life.jobs[-1].progress
        return [f"{mode} cannot be had: {end.message}"] if end.outcome is not Outcome.DONE else self.at_rest()
