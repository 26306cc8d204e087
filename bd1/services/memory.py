"""What is remembered about talking: where a conversation began anew, who the bot is, which model was chosen.

What people said stays on Discord alone, no prompt is here. What is kept about a person that person can erase, and it
ends by itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bd1.core.settings import ChatSettings, ModelChoice
from bd1.errors import Bd1Error
from bd1.ports import Clock, Store

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400.0
EVERYWHERE = 0
"""In the place of a channel's id: the whole bot."""


class Keeper(Protocol):
    """Whoever keeps something about people for a while."""

    async def forget(self, person_id: int) -> int:
        """Erases what is kept about a person; how many things that were."""
        ...

    async def purge(self, before: datetime) -> int:
        """Erases what is older; how many things that were."""
        ...


@dataclass(frozen=True, slots=True)
class Persona:
    """Who the bot is in a place. `channel_id` is `EVERYWHERE` for the whole bot, `None` for the configured one."""

    text: str
    channel_id: int | None = None


class Memory:
    """The settings that people make by talking to the bot. Read at the start, written through at each change."""

    def __init__(self, settings: ChatSettings, store: Store, clock: Clock, keepers: Sequence[Keeper] = ()) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._keepers = (*keepers,)
        self._begun: dict[int, int] = {}
        self._personas: dict[int, str] = {}
        self._models: dict[str, str] = {}

    async def load(self) -> None:
        """Takes back what was kept. Raises `StoreUnavailable`."""
        self._begun = {int(key): kept["after"] for key, kept in await self._store.items("chat reset")}
        self._personas = {int(key): kept["text"] for key, kept in await self._store.items("chat persona")}
        self._models = {key: kept["model"] for key, kept in await self._store.items("chat model")}

    def begun(self, channel_id: int) -> int:
        """The message after which the conversation of a channel begins; 0 where it was never reset."""
        return self._begun.get(channel_id, 0)

    async def reset(self, channel_id: int, message_id: int) -> None:
        """From now on nothing up to this message is told to the model."""
        await self._store.put("chat reset", str(channel_id), {"after": message_id})
        self._begun[channel_id] = message_id

    def persona(self, *channel_ids: int) -> Persona:
        """Who the bot is in a channel: the first of the ids that has a persona, as a thread before what it lies in."""
        for channel_id in (*channel_ids, EVERYWHERE):
            if channel_id in self._personas:
                return Persona(self._personas[channel_id], channel_id)
        return Persona(self._settings.persona)

    async def set_persona(self, channel_id: int, text: str) -> None:
        """Who the bot is in a channel from now on; an empty text takes that back."""
        if text:
            await self._store.put("chat persona", str(channel_id), {"text": text})
            self._personas[channel_id] = text
        else:
            await self._store.delete("chat persona", str(channel_id))
            self._personas.pop(channel_id, None)

    def model(self, channel_ids: Sequence[int], person_id: int) -> str:
        """The model that answers this person here: their own choice or the channel's, as configured, or neither's."""
        is_theirs = self._settings.model_choice is ModelChoice.PERSON
        keys = [_person(person_id)] if is_theirs else [_channel(channel_id) for channel_id in channel_ids]
        return next((self._models[key] for key in keys if key in self._models), self._settings.model)

    async def choose_for_channel(self, channel_id: int, model: str | None) -> None:
        """Which model answers in a channel; `None` takes the choice back."""
        await self._choose(_channel(channel_id), model)

    async def choose_for_person(self, person_id: int, model: str | None) -> None:
        """Which model answers a person; `None` takes the choice back."""
        await self._choose(_person(person_id), model)

    async def _choose(self, key: str, model: str | None) -> None:
        if model is None:
            await self._store.delete("chat model", key)
            self._models.pop(key, None)
        else:
            await self._store.put("chat model", key, {"model": model})
            self._models[key] = model

    async def forget(self, person_id: int) -> int:
        """Erases all that is kept about a person; how many things that were. Raises `StoreUnavailable`."""
        count = sum([await keeper.forget(person_id) for keeper in self._keepers])
        if _person(person_id) in self._models:
            await self._choose(_person(person_id), None)
            count += 1
        return count

    async def run(self) -> None:
        """Once a day erases what is older than `retention_days`, for ever."""
        while True:
            before = self._clock.now() - timedelta(days=self._settings.retention_days)
            try:
                count = sum([await keeper.purge(before) for keeper in self._keepers])
            except Bd1Error as trouble:
                _LOG.warning("what is too old could not be erased: %s", trouble)
            else:
                if count:
                    _LOG.info("erased %d things about answers before %s", count, before.date())
            await self._clock.sleep(_DAY_S)


def _person(person_id: int) -> str:
    return f"person {person_id}"


def _channel(channel_id: int) -> str:
    return f"channel {channel_id}"
