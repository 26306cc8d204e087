"""REST routes that tell where the gateway is."""

from collections.abc import Callable

from bd1.sim.discord.rest import Call, Reply, Route
from bd1.sim.discord.settings import ServerSettings


def gateway_routes(url: Callable[[], str], settings: ServerSettings) -> list[Route]:
    """GET /gateway and /gateway/bot; `url` is asked at each request."""

    def bot(_call: Call) -> Reply:
        budget = settings.identify_budget
        limit = {"total": budget, "remaining": budget, "reset_after": 86_400_000, "max_concurrency": 1}
        return Reply(json={"url": url(), "shards": 1, "session_start_limit": limit})

    # Discord asks for no token at the first: it tells nothing of the application
    return [
        Route("GET", "/gateway", lambda _call: Reply(json={"url": url()}), open_to_all=True),
        Route("GET", "/gateway/bot", bot),
    ]
