"""Whether a workload answers on its health address; it must not judge what the answer means beyond its status."""

import aiohttp

from bd1.core.settings import WorkloadKind

LIMIT_S = 2.0


class HttpHealth:
    """A `HealthCheck` by HTTP GET. Redirects count as an answer and are not followed; no proxy comes in between.

    Certificates are not checked: the question is whether a server of ours lives, and homelab ones are self-signed.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def healthy(self, url: str) -> bool:
        try:
            async with self._opened().get(url, allow_redirects=False, ssl=False) as answer:
                return 200 <= answer.status < 400
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False

    async def trouble(self, url: str, kind: WorkloadKind) -> str | None:
        return None if await self.healthy(url) else f"it does not answer on {url} ({kind.value})"

    async def close(self) -> None:
        """Lets go of the connections; a later question opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        # A session belongs to the loop it was made in, so it is made at the first question.
        if self._session is None:
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=LIMIT_S))
        return self._session
