"""Plays stories to the real services of BD-1, over the simulated machine and in time that is skipped. Composition only.

No Discord, Docker, driver or network is touched, and nothing is written but in memory.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bd1.core.settings import Settings
from bd1.rehearsal_play import Rehearsal
from bd1.rehearsal_stage import Stage, peak_alone_pct
from bd1.sim.card import TOTAL_MIB
from bd1.sim.loop import SkippingLoop
from bd1.sim.scenarios.judge import faults
from bd1.sim.scenarios.story import Happened, Story
from bd1.sim.settings import demo_settings

_NOBODY = 1
"""The id of servers and channels that nobody ever asks for."""


@dataclass(frozen=True, slots=True)
class Played:
    """One story and how it ended. `alone_pct` is how full the card gets without BD-1; no `faults`: all is well."""

    story: Story
    happened: Happened
    alone_pct: float
    faults: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether everything was as it must be."""
        return not self.faults


def rehearsal_settings(own: Settings | None = None) -> Settings:
    """The simulated machine's settings, with the limits of `own` where that is given.

    Taken over are watchdog and switch as they are, and of gpu the ceiling as a share of the card.
    """
    made = demo_settings(
        data_dir=Path(),
        api_base="http://127.0.0.1:1/api/v10",
        ollama_url="http://ollama.simulated:11434",
        guild_id=_NOBODY,
        alert_channel_id=_NOBODY,
        chat_channel_ids=(),
        operator_role_ids=(),
        user_role_ids=(),
    )
    if own is None:
        return replace(made, switch=replace(made.switch, start_mode=None))
    gpu = replace(
        made.gpu,
        ceiling_mib=round(own.gpu.ceiling_mib * TOTAL_MIB / own.gpu.total_mib),
        tolerance_mib=own.gpu.tolerance_mib,
        idle_step_mib=own.gpu.idle_step_mib,
    )
    return replace(made, gpu=gpu, watchdog=own.watchdog, switch=replace(own.switch, start_mode=None))


def play(story: Story, settings: Settings) -> Played:
    """Plays one from beginning to end. Not to be called where an event loop runs in this thread."""
    alone = SkippingLoop()
    alone_pct = peak_alone_pct(Stage(story, settings, alone))
    alone.close()
    loop = SkippingLoop()
    stage = Stage(story, settings, loop)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            happened = runner.run(Rehearsal(stage).play())
        except Exception as trouble:  # noqa: BLE001 the border of a story: what ended BD-1 is its verdict
            ended = Happened(peak_pct=stage.peak_pct)
            return Played(story, ended, alone_pct, (f"BD-1 ended by itself: {type(trouble).__name__}: {trouble}",))
    return Played(story, happened, alone_pct, faults(story, happened))


def rehearse(stories: Iterable[Story], settings: Settings) -> Iterator[Played]:
    """Plays one after the other, each on a machine of its own."""
    return (play(story, settings) for story in stories)
