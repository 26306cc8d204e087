"""What `bd1 rehearse` does: finds the stories that are named, plays them, and shows each as it ends. It judges none."""

import logging
from collections.abc import Callable, Sequence

from bd1.config_words import nearest
from bd1.core.settings import Settings
from bd1.errors import NoSuchStory
from bd1.rehearsal import Played, rehearsal_settings, rehearse
from bd1.rehearsal_table import Table, listing, summary, tale, to_json
from bd1.sim.scenarios.catalogue import STORIES
from bd1.sim.scenarios.story import Story

Show = Callable[[str], None]


def listed(width: int) -> str:
    """The stories there are."""
    return listing(STORIES.values(), width)


def rehearse_all(names: Sequence[str], limits: Settings | None, width: int, *, as_json: bool, show: Show) -> bool:
    """Plays the stories that are named, all where none is; whether each ended as it must.

    One that was asked for by name is told moment by moment as well. Raises `NoSuchStory`.
    """
    stories = found(names)
    logging.getLogger("bd1").addHandler(logging.NullHandler())  # what it would log is part of the stories
    settings = rehearsal_settings(limits)
    if as_json:
        played = list(rehearse(stories, settings))
        show(to_json(played))
    else:
        played = _shown(stories, settings, show)
        for one in played if names else ():
            show(f"\n{tale(one, width)}")
    return all(one.is_well for one in played)


def found(names: Sequence[str]) -> list[Story]:
    """The stories of these names, all where there is no name. Raises `NoSuchStory`."""
    for name in names:
        if name not in STORIES:
            raise NoSuchStory(f'There is no story called "{name}"{nearest(name, STORIES)} (`bd1 rehearse --list`).')
    return [STORIES[name] for name in dict.fromkeys(names)] if names else list(STORIES.values())


def _shown(stories: Sequence[Story], settings: Settings, show: Show) -> list[Played]:
    """Each row as soon as its story has ended: nobody waits without seeing something."""
    table = Table(story.name for story in stories)
    played: list[Played] = []
    show(table.head())
    for one in rehearse(stories, settings):
        played.append(one)
        show(table.row(one))
    show(summary(played))
    return played
