"""Gateway sessions: what a bot has been told, kept so that it can be told again. Must not touch sockets."""

import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """One identified bot. `send` is the way to its connection, `None` while it has none."""

    intents: int
    shard: tuple[int, int] | None = None
    keep: int = 1000
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    send: Callable[[str], None] | None = None
    _told: deque[tuple[int, str]] = field(default_factory=deque)

    def dispatch(self, name: str, data: Any) -> None:
        """Tells the bot of an event, now or on RESUME."""
        self.sequence += 1
        text = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": data})
        self._told.append((self.sequence, text))
        if len(self._told) > self.keep:
            self._told.popleft()
        if self.send is not None:
            self.send(text)

    def can_replay(self, after: int) -> bool:
        """Whether everything after a sequence number is still there."""
        oldest = self._told[0][0] if self._told else self.sequence + 1
        return oldest - 1 <= after <= self.sequence

    def missed(self, after: int) -> list[str]:
        """The payloads after a sequence number, oldest first."""
        return [text for sequence, text in self._told if sequence > after]
