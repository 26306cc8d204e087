"""What may be wrong with the simulated Ollama, switched while it runs; it only holds the switches."""

import asyncio
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Faults:
    """Each fault holds for every request for text from now on, until it is switched off or `clear` is called.

    Those with `after` in their name strike once that many tokens of an answer are out.
    """

    status: int | None = None
    """Every request is refused with this status: 500, 503 or 404 ("model not found")."""
    tokens_per_s: float | None = None
    """No answer comes faster than this."""
    hangs: bool = False
    """Nothing is sent, not even headers."""
    stalls_after: int | None = None
    cut_after: int | None = None
    """The connection is reset."""
    error_after: int | None = None
    """The runner dies: an error line, and the next request has to load the model again."""
    ends_after: int | None = None
    """The stream ends cleanly, without its last line."""
    garbage_after: int | None = None
    """A line comes that is not JSON."""
    _cleared: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def clear(self) -> None:
        """Everything works again; what hung or stalled goes on."""
        for switch in fields(self):
            if not switch.name.startswith("_"):
                setattr(self, switch.name, switch.default)
        self._cleared.set()
        self._cleared = asyncio.Event()

    async def until_cleared(self) -> None:
        """Waits for the next `clear`."""
        await self._cleared.wait()
