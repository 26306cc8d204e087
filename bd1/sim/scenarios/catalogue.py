"""Every story there is, by name, in the order in which they are played and told. It plays none."""

from collections.abc import Mapping
from types import MappingProxyType

from bd1.sim.scenarios import driver, everyday, hands, incidents, memory, outside
from bd1.sim.scenarios.story import Story

_CHAPTERS = (incidents, memory, driver, outside, hands, everyday)

STORIES: Mapping[str, Story] = MappingProxyType(
    {story.name: story for chapter in _CHAPTERS for story in chapter.STORIES}
)
