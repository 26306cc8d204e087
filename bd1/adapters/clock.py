"""The machine's own clock behind `ports.Clock`. Nothing else in BD-1 may ask the system for the time."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """Real time. `monotonic` never goes back; `now` is in UTC with its zone told."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
