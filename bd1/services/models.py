"""The chat models on the server: what there is, what each can do and needs, what is loaded; load, unload, fetch.

A question here never loads a model. Whatever loads one asks first whether it fits, on a fresh look at the card; what
an operator loads goes through the director's gate besides, for that is a start on the card like any other.
"""

import asyncio
import difflib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass

from bd1.core.gpu import MIB, GpuSample
from bd1.core.holders import mib_words
from bd1.core.model_size import need_mib
from bd1.core.settings import Settings
from bd1.errors import Bd1Error, ChatRefused, ChatUnavailable, ModelMissing
from bd1.ports import ChatModel, Clock, InstalledModel, LoadedModel, ModelDetails, PullProgress
from bd1.services.admission import Visit
from bd1.services.card import Card

_LOG = logging.getLogger(__name__)
LetIn = Callable[[str], AbstractAsyncContextManager[Visit]]
"""Lets the model of this name onto the card while the block runs: `Measures.let_in`."""
_FRESH_S = 300.0
_LEAVES_WITHIN_S, _LOOK_S = 20.0, 0.25


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model on the server's disk. `need_mib` is estimated; `loaded` is `None` while it is not in memory."""

    installed: InstalledModel
    details: ModelDetails
    need_mib: int
    loaded: LoadedModel | None = None


class Models:
    """What is known of the models, and what operators do with them."""

    def __init__(self, settings: Settings, server: ChatModel, card: Card, let_in: LetIn, clock: Clock) -> None:
        self._settings = settings
        self._server = server
        self._card = card
        self._let_in = let_in
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._details: dict[str, tuple[float, ModelDetails]] = {}

    async def sees(self, model: str) -> bool | None:
        """Whether a model can look at pictures; `None` when that cannot be found out now."""
        return await self._can("vision", model)

    async def can_ask(self, model: str) -> bool:
        """Whether a model can ask for facts; not, when that cannot be found out now."""
        return await self._can("tools", model) or False

    async def _can(self, ability: str, model: str) -> bool | None:
        try:
            return ability in (await self._of(model)).abilities
        except ModelMissing:
            return False
        except Bd1Error:
            return None

    async def all(self) -> tuple[ModelEntry, ...]:
        """Every model on the server, by name. Raises `Bd1Error` when it cannot be asked."""
        installed, loaded = await asyncio.gather(self._server.installed(), self._server.loaded())
        details = await asyncio.gather(*(self._of(model.name) for model in installed))
        running = {model.name: model for model in loaded}
        return tuple(
            ModelEntry(model, known, self._need(model, known), running.get(model.name))
            for model, known in sorted(zip(installed, details, strict=True), key=lambda pair: pair[0].name)
        )

    async def find(self, name: str) -> ModelEntry:
        """The model of that name. Raises `ModelMissing` with the nearest name, `Bd1Error` when nobody can be asked."""
        entries = await self.all()
        known = {entry.installed.name: entry for entry in entries}
        found = known.get(name) or known.get(f"{name}:latest")
        if found is None:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ModelMissing(f"There is no model {name} on the server.{hint} `/models` lists what is there.")
        return found

    def fits(self, entry: ModelEntry) -> bool | None:
        """Whether it fits beside what was last seen to run; `None` while the card is not known."""
        latest = self._card.latest
        if not isinstance(latest, GpuSample):
            return None
        more_mib = 0 if entry.loaded else entry.need_mib
        return latest.used_mib + more_mib <= self._settings.gpu.ceiling_mib

    async def can_answer(self, name: str) -> ModelEntry:
        """A model that can be chosen: it is there, and fits on the card at least alone. Raises `Bd1Error` else."""
        entry = await self.find(name)
        self._refuse_too_large(entry.installed.name, entry.need_mib)
        return entry

    async def make_room(self, name: str) -> None:
        """Before an answer: unloads other models that do not fit beside this one, and waits until they are gone.

        Raises `ChatRefused` when another model than the configured one does not fit; with that one Ollama copes as its
        owner wants it to. A server that does not answer tells so in the answer itself. An operator's load goes first.
        """
        async with self._one_at_a_time:
            await self._make_room(name)

    async def _make_room(self, name: str) -> None:
        try:
            entry = await self._absent(name)
        except Bd1Error:
            return
        if entry is None:
            return
        try:
            await self._refuse_unless_it_fits(entry)
        except ChatRefused:
            others = await self._server.loaded()
            if any(model.name == name for model in others):
                return  # another answer has loaded it meanwhile
            for model in others:
                await self.unload(model.name)
            if name != self._settings.chat.model:
                await self._refuse_unless_it_fits(entry)

    async def _absent(self, name: str) -> ModelEntry | None:
        """The model, when it would have to be loaded; `None` when it is in memory already."""
        if any(model.name == name for model in await self._server.loaded()):
            return None
        entry = await self.find(name)
        return None if entry.loaded else entry

    async def load(self, name: str) -> ModelEntry:
        """Loads a model if it fits beside what runs; returns once the server says that it is in memory.

        Raises `ChatRefused` when it does not fit, `ChatUnavailable` when chat is closed or closes meanwhile, and what
        the gate raises.
        """
        async with self._one_at_a_time:
            entry = await self.find(name)
            if entry.loaded is not None:
                return entry
            self._refuse_too_large(entry.installed.name, entry.need_mib)
            async with self._let_in(entry.installed.name) as visit:
                await self._refuse_unless_it_fits(entry)
                await self._load(entry.installed.name, visit)
            _LOG.info("loaded the model %s", entry.installed.name)
            return await self.find(entry.installed.name)

    async def unload(self, name: str) -> None:
        """Unloads a model; returns once it is gone. Raises `ChatRefused` when an answer keeps it in memory.

        It only gives memory back, so it asks no gate and may come at any time, in a switch too.
        """
        await self._server.unload(name)
        until_s = self._clock.monotonic() + _LEAVES_WITHIN_S
        while any(model.name == name for model in await self._server.loaded()):
            if self._clock.monotonic() > until_s:
                raise ChatRefused(f"{name} is still in memory: an answer uses it. It goes after that.")
            await self._clock.sleep(_LOOK_S)
        _LOG.info("unloaded the model %s", name)

    async def pull(self, name: str, *, anyway: bool = False) -> AsyncIterator[PullProgress]:
        """Fetches a model. Raises `ChatRefused` as soon as it is known that it can never fit, unless `anyway`."""
        largest_mib = 0
        async with aclosing(_closing(self._server.pull(name))) as steps:
            async for step in steps:
                largest_mib = max(largest_mib, (step.total_bytes or 0) // MIB)
                if not anyway:
                    self._refuse_too_large(name, need_mib(largest_mib, self._num_ctx, cache_bytes=0))
                yield step
        self._details.pop(name, None)
        _LOG.info("fetched the model %s", name)

    @property
    def _num_ctx(self) -> int:
        return self._settings.chat.num_ctx

    def _refuse_too_large(self, name: str, needed_mib: int) -> None:
        declared_mib = self._settings.workloads[self._settings.chat.workload].vram_mib
        ceiling_mib = self._settings.gpu.ceiling_mib - self._card.idle_mib
        if needed_mib > ceiling_mib:
            raise ChatRefused(f"{name} needs about {mib_words(needed_mib)}, the card has {mib_words(ceiling_mib)}.")
        if 0 < declared_mib < needed_mib:
            raise ChatRefused(
                f"{name} needs about {mib_words(needed_mib)}, and {self._settings.chat.workload} is declared with "
                f"{mib_words(declared_mib)} (vram_mib in config.yaml)."
            )

    async def _refuse_unless_it_fits(self, entry: ModelEntry) -> None:
        name = entry.installed.name
        self._refuse_too_large(name, entry.need_mib)
        others = await self._server.loaded()
        together_mib = entry.need_mib + sum(model.vram_mib for model in others)
        if others and together_mib > self._settings.workloads[self._settings.chat.workload].vram_mib:
            names = " and ".join(model.name for model in others)
            raise ChatRefused(
                f"{name} does not fit beside {names}: together they need about {mib_words(together_mib)}. "
                f"Unload {names} first."
            )
        look = await self._card.look()
        if not isinstance(look, GpuSample):
            raise ChatRefused("The card cannot be read now, and unknown is not free. Try again in a moment.")
        after_mib, ceiling_mib = look.used_mib + entry.need_mib, self._settings.gpu.ceiling_mib
        if after_mib > ceiling_mib:
            raise ChatRefused(
                f"{name} does not fit: {mib_words(look.used_mib)} are in use, with it about {mib_words(after_mib)} "
                f"would be, and the ceiling is {mib_words(ceiling_mib)}."
            )

    async def _load(self, name: str, visit: Visit) -> None:
        """Loads, until the visit is cut: then the load is given up at once."""
        if visit.is_cut.is_set():
            raise ChatUnavailable(visit.reason)
        loading = asyncio.create_task(self._server.load(name, num_ctx=self._num_ctx))
        cut = asyncio.create_task(visit.is_cut.wait())
        try:
            await asyncio.wait({loading, cut}, return_when=asyncio.FIRST_COMPLETED)
            if not loading.done():
                raise ChatUnavailable(visit.reason)
            loading.result()
        finally:
            loading.cancel()
            cut.cancel()
            await asyncio.gather(loading, cut, return_exceptions=True)

    async def _of(self, model: str) -> ModelDetails:
        now_s = self._clock.monotonic()
        asked_s, known = self._details.get(model, (now_s - _FRESH_S, ModelDetails()))
        if now_s - asked_s < _FRESH_S:
            return known
        fresh = await self._server.details(model)
        self._details[model] = (now_s, fresh)
        return fresh

    def _need(self, model: InstalledModel, details: ModelDetails) -> int:
        return need_mib(model.size_mib, self._num_ctx, cache_bytes=details.cache_bytes, trained=details.context)


def matching(entries: Sequence[ModelEntry], typed: str, most: int) -> list[ModelEntry]:
    """The models whose name holds what was typed."""
    return [entry for entry in entries if typed.lower() in entry.installed.name.lower()][:most]


def _closing(steps: AsyncIterator[PullProgress]) -> AsyncGenerator[PullProgress, None]:
    return steps if isinstance(steps, AsyncGenerator) else _as_generator(steps)


async def _as_generator(steps: AsyncIterator[PullProgress]) -> AsyncGenerator[PullProgress, None]:
    async for step in steps:
        yield step
