"""`kill -9` of the bot at every boundary of a switch's journal: the next start finds out what is true, and says so."""

import asyncio
from collections.abc import AsyncIterator
from itertools import chain, product

import pytest

from tests.containers.watch import DockerWatch
from tests.e2e.stack import Scenes
from tests.e2e.ward import Moment, Mortals, Story, Ward

pytestmark = pytest.mark.timeout(400)

AT_ONCE = 8
FEWEST_WRITES = 8
SMOOTH = Story("smooth", "done")
ROLLED_BACK = Story("rolled back", "rolled back", comfyui={"STANDIN_DIE_AFTER_MS": 1})
REFUSED = Story("refused", "refused", leaked_mib=3000)
AT_THE_GATE: Moment = (8, "after")
AT_THE_COMMIT: Moment = (14, "after")
"""In the smooth story the gate, or the commit, has just been begun."""
FINDING_OUT: tuple[tuple[Moment, ...], ...] = (((1, "before"),), ((1, "before"), (1, "after")), ((1, "after"),))
"""Kills of the bots that come after, around the one write that says what became of the switch."""


@pytest.fixture
async def ward(scenes: Scenes, watch: DockerWatch) -> AsyncIterator[Ward]:
    mortals = Mortals()
    made = Ward(scenes, watch, mortals, AT_ONCE)
    try:
        await mortals.gather(AT_ONCE, (await scenes.make("library")).card)
        yield made
    finally:
        await mortals.end()


async def everywhere(ward: Ward, story: Story, *whens: str) -> list[str]:
    """Kills the bot around each write that this story makes; what was wrong afterwards."""
    writes = await ward.writes_of(story)
    assert writes >= FEWEST_WRITES
    return await ward.check_all(story, [((number, when),) for number in range(1, writes + 1) for when in whens])


async def test_whenever_the_bot_is_killed_in_a_switch_the_next_start_tells_what_is_true(ward: Ward) -> None:
    wrong = await asyncio.gather(
        everywhere(ward, SMOOTH, "before", "after"),
        everywhere(ward, ROLLED_BACK, "after"),
        everywhere(ward, REFUSED, "after"),
        ward.check_all(SMOOTH, [(at, *kills) for at, kills in product((AT_THE_GATE, AT_THE_COMMIT), FINDING_OUT)]),
    )
    assert not any(wrong), "\n".join(chain(*wrong))
