"""The chat models on the server: what there is, what each can do, what is loaded. A question here never loads one."""

from bd1.errors import Bd1Error, ModelMissing
from bd1.ports import ChatModel, Clock

_FRESH_S = 300.0


class Models:
    """What is known of the models. What one can do is asked once in a while: it changes only with a pull."""

    def __init__(self, server: ChatModel, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._abilities: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def sees(self, model: str) -> bool | None:
        """Whether a model can look at pictures; `None` when that cannot be found out now."""
        abilities = await self.abilities(model)
        return None if abilities is None else "vision" in abilities

    async def abilities(self, model: str) -> tuple[str, ...] | None:
        """What the server says that a model can do; `None` when it cannot be asked and never was."""
        now_s = self._clock.monotonic()
        asked_s, known = self._abilities.get(model, (-_FRESH_S, ()))
        if now_s - asked_s < _FRESH_S and model in self._abilities:
            return known
        try:
            fresh = await self._server.capabilities(model)
        except ModelMissing:
            return ()
        except Bd1Error:
            return known if model in self._abilities else None
        self._abilities[model] = (now_s, fresh)
        return fresh
