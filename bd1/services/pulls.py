"""Downloads of models under way: each in a task of its own, which outlives whoever shows it and the bot's connection.

Which message shows one is on disk, so that none stands for ever at half of its way. It fetches nothing by itself.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from bd1.errors import Bd1Error
from bd1.ports import PullProgress, Store
from bd1.services.models import Models

_LOG = logging.getLogger(__name__)
_COLLECTION = "model pulls"
_RESTARTED = (
    "I was restarted while I fetched {name}. Ollama keeps what it has of it: `/models do:pull model:{name}` goes on "
    "from there."
)
_UNEXPECTED = "Something went wrong that I did not expect; it is in my log."


@dataclass(slots=True, eq=False)
class Pull:
    """One download. Once `has_ended` is set, `trouble` is why it failed, a sentence; `None` when the model is there."""

    name: str
    channel_id: int
    message_id: int
    newest: PullProgress | None = None
    trouble: str | None = None
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)


class Pulls:
    """All downloads whose end was not shown yet, those of earlier lives included."""

    def __init__(self, models: Models, store: Store) -> None:
        self._models = models
        self._store = store
        self._pulls: dict[int, Pull] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_empty = asyncio.Event()
        """Set while there is no download whose end was not shown yet."""
        self.is_empty.set()

    async def load(self) -> None:
        """Takes back what an earlier life left under way: that has ended with it. Raises `StoreUnavailable`."""
        for key, kept in await self._store.items(_COLLECTION):
            pull = Pull(kept["name"], int(kept["channel_id"]), int(key))
            pull.trouble = _RESTARTED.format(name=pull.name)
            pull.has_ended.set()
            self._add(pull)

    @property
    def all(self) -> tuple[Pull, ...]:
        """Those whose end was not shown yet."""
        return tuple(self._pulls.values())

    async def begin(self, name: str, channel_id: int, message_id: int, *, anyway: bool) -> Pull:
        """Fetches a model; that message shows how it goes. Raises `StoreUnavailable` before anything is fetched."""
        await self._store.put(_COLLECTION, str(message_id), {"name": name, "channel_id": channel_id})
        pull = Pull(name, channel_id, message_id)
        self._add(pull)
        task = asyncio.create_task(self._carry(pull, anyway=anyway), name=f"fetching {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return pull

    def _add(self, pull: Pull) -> None:
        self._pulls[pull.message_id] = pull
        self.is_empty.clear()

    async def settle(self, pull: Pull) -> None:
        """Its end is shown, or nobody can be shown it any more."""
        await self._store.delete(_COLLECTION, str(pull.message_id))
        self._pulls.pop(pull.message_id, None)
        if not self._pulls:
            self.is_empty.set()

    async def close(self) -> None:
        """Gives up what is under way; the next life tells of it."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, pull: Pull, *, anyway: bool) -> None:
        try:
            async for step in self._models.pull(pull.name, anyway=anyway):
                pull.newest = step
        except Bd1Error as trouble:
            pull.trouble = str(trouble)
        except Exception:  # noqa: BLE001 the border of one download's task: told, logged, and the next one may come
            _LOG.exception("a download broke off")
            pull.trouble = _UNEXPECTED
        pull.has_ended.set()
