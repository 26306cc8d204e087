"""The director put through anything: commands, deaths, lies, blindness, in any order, on the simulated machine."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bd1.core.progress import Patience
from tests.services.machine_life import Life
from tests.services.machine_place import Place, machine_settings
from tests.services.machine_troubles import HANDS, PEOPLE, TROUBLES, WEIGHTED

T = TypeVar("T")
MODES = st.sampled_from(("chat", "image", "voice", "idle"))
BY = st.sampled_from(("Leia", "Han"))
PATIENCE = st.sampled_from(Patience)
TROUBLE = st.sampled_from(WEIGHTED)
HAND = st.sampled_from(sorted(HANDS))
SAID = st.sampled_from(sorted(PEOPLE))
SOON_S = st.sampled_from((0.0, 0.05, 0.3, 1.0, 3.0, 12.0))
LATER_S = st.sampled_from((0.0, 0.1, 0.4, 0.8, 1.2, 1.7, 2.5, 4.0, 8.0))
LONG_S = st.sampled_from((0.05, 0.3, 1.0, 3.0, 10.0, 40.0))
CALLS = st.integers(1, 60)
STEPS = st.sampled_from(("store.put", "containers.start", "containers.stop", "containers.kill"))
HEAL_LIMIT_S = 1200.0
QUIET_S = 40.0
"""Longer than anything BD-1 does by itself takes to come round again: what a disk refused is written after 30 s."""


class AnyLives(RuleBasedStateMachine):
    """BD-1 among people, crashes and lies."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._is_broken = False
        self._place: Place | None = None

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._runner.run(work)
        except BaseException:
            self._is_broken = True
            raise

    def _then(self, seconds: float) -> None:
        self._run(self.place.live(seconds))

    def _happen(self, what: str) -> None:
        async def act() -> None:
            self.place.happen(what, TROUBLES[what])

        self._run(act())

    @property
    def place(self) -> Place:
        assert self._place
        return self._place

    @property
    def life(self) -> Life:
        assert self.place.life
        return self.place.life

    @property
    def _lives(self) -> bool:
        return self.place.life is not None

    @initialize(start_mode=st.sampled_from((None, "chat")), mode=MODES, then=SOON_S)
    def birth(self, start_mode: str | None, mode: str, then: float) -> None:
        told = machine_settings(start_mode)
        self._place = Place(told)
        for name in told.modes[mode].workloads:
            self.place.world.machine.start(name)
        self._run(self.place.be_born())
        self._then(then)

    @rule(seconds=LONG_S)
    def time_passes(self, seconds: float) -> None:
        self._then(seconds)

    @precondition(lambda self: self._lives)
    @rule(mode=MODES, by=BY, patience=PATIENCE, word=st.booleans(), then=SOON_S)
    def mode_is_wanted(self, mode: str, by: str, patience: Patience, word: bool, then: float) -> None:
        self._want(mode, by, patience, word=word)
        self._then(then)

    @rule(mode=MODES, patience=PATIENCE, before=TROUBLE, in_s=LATER_S, then=LONG_S)
    def mode_is_wanted_in_trouble(self, mode: str, patience: Patience, before: str, in_s: float, then: float) -> None:
        self._run(self.place.be_quiet())
        self._happen(before)
        self._then(in_s)
        self._want(mode, "Leia", patience)
        self._then(then)

    @rule(mode=MODES, patience=PATIENCE, what=TROUBLE, in_s=LATER_S, more=TROUBLE, more_in_s=LATER_S, then=LONG_S)
    def mode_is_wanted_and_trouble_comes(
        self, mode: str, patience: Patience, what: str, in_s: float, more: str, more_in_s: float, then: float
    ) -> None:
        self._run(self.place.be_quiet())
        self._want(mode, "Leia", patience)
        self._then(in_s)
        self._happen(what)
        self._then(more_in_s)
        self._happen(more)
        self._then(then)

    @rule(mode=MODES, patience=PATIENCE, what=SAID, in_s=st.sampled_from((0.0, 0.6, 3.0, 5.0, 8.0)), then=LONG_S)
    def mode_is_wanted_while_somebody_works(
        self, mode: str, patience: Patience, what: str, in_s: float, then: float
    ) -> None:
        self._run(self.place.be_quiet())
        self._happen("Luke asks and is answered for ever")
        self._happen("4 pictures are queued")
        self._want(mode, "Leia", patience)
        self._then(in_s)
        self._happen(what)
        self._then(then)

    @rule(mode=MODES, calls=CALLS, after_effect=st.booleans(), then=LONG_S)
    def mode_is_wanted_and_bd1_dies_in_it(self, mode: str, calls: int, after_effect: bool, then: float) -> None:
        self._run(self.place.be_quiet())
        self._want(mode, "Leia", Patience.CUT)
        self.life.line.cut_at(calls, after_effect=after_effect)
        self._then(then)
        if not self._lives:
            self._run(self.place.be_born())

    @rule(mode=MODES, what=HAND, calls=CALLS, then=LONG_S)
    def mode_is_wanted_and_somebody_meddles(self, mode: str, what: str, calls: int, then: float) -> None:
        self._run(self.place.be_quiet())
        self._want(mode, "Leia", Patience.CUT)
        self.place.wire.after(calls, lambda: self.place.happen(what, HANDS[what]))
        self._then(then)

    def _want(self, mode: str, by: str, patience: Patience, *, word: bool = False) -> None:
        if not self._lives:
            self._run(self.place.be_born())
        self._run(self.life.within(lambda: self.life.want(mode, by, patience, word=word)))

    @rule(what=TROUBLE, then=SOON_S)
    def something_happens(self, what: str, then: float) -> None:
        self._happen(what)
        self._then(then)

    @rule(what=SAID, then=SOON_S)
    def somebody_says_something(self, what: str, then: float) -> None:
        self._happen(what)
        self._then(then)

    @rule(what=HAND, then=SOON_S)
    def container_changes(self, what: str, then: float) -> None:
        self._happen(what)
        self._then(then)

    @precondition(lambda self: self._lives)
    @rule(what=HAND, calls=CALLS, then=SOON_S)
    def container_changes_in_the_middle(self, what: str, calls: int, then: float) -> None:
        self.place.wire.after(calls, lambda: self.place.happen(what, HANDS[what]))
        self._then(then)

    @precondition(lambda self: self._lives)
    @rule(then=SOON_S)
    def bd1_dies(self, then: float) -> None:
        self._run(self.place.die())
        self._then(then)

    @precondition(lambda self: self._lives)
    @rule(calls=CALLS, after_effect=st.booleans(), then=SOON_S)
    def bd1_will_die(self, calls: int, after_effect: bool, then: float) -> None:
        self.life.line.cut_at(calls, after_effect=after_effect)
        self._then(then)

    @precondition(lambda self: self._lives)
    @rule(call=STEPS, number=st.integers(1, 12), after_effect=st.booleans(), then=SOON_S)
    def bd1_will_die_at_a_step(self, call: str, number: int, after_effect: bool, then: float) -> None:
        self.life.line.cut_at(number if call == "store.put" else 1, call, after_effect=after_effect)
        self._then(then)

    @precondition(lambda self: not self._lives)
    @rule(then=SOON_S)
    def bd1_is_born_again(self, then: float) -> None:
        self._run(self.place.be_born())
        self._then(then)

    @rule(then=LONG_S)
    def all_is_well_again(self, then: float) -> None:
        self._happen("all is well again")
        self._then(then)

    def teardown(self) -> None:
        try:
            if self._place is not None and not self._is_broken:
                self._run(self._end(self._place))
        finally:
            if self._place is not None:
                self._runner.run(self._place.die())
            self._runner.close()

    async def _end(self, place: Place) -> None:
        """Everything is put right, BD-1 lives, time passes: then all it knows, shows and wrote is true."""
        place.disarm()
        await place.be_quiet(HEAL_LIMIT_S, QUIET_S)
        await place.truth.hold_at_rest()


AnyLives.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=25,
    deadline=None,  # an example is minutes of the machine's time; in CI hypothesis takes the same ones every time
    suppress_health_check=list(HealthCheck),
)
TestAnyLives = pytest.mark.long(
    pytest.mark.timeout(900)(AnyLives.TestCase)
)  # to make a story short takes long, and nothing else does
