"""Where the simulated Ollama's models go when they are loaded: the seam to a simulated card; it keeps no figures."""

from typing import Protocol


class ModelMemory(Protocol):
    """The memory models are loaded into. Models are named as they were first asked for."""

    async def load(self, model: str, mib: int) -> None:
        """Returns once the model is in, however long that takes. Raises `MemoryError` when it does not fit."""
        ...

    async def unload(self, model: str) -> None:
        """Returns once the memory is free again; does nothing for a model that is not there."""
        ...


class FreeMemory:
    """Memory without end, filled in no time."""

    async def load(self, model: str, mib: int) -> None:
        """Takes everything at once."""

    async def unload(self, model: str) -> None:
        """Gives everything back at once."""
