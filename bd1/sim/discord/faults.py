"""Trouble on demand: what a real Discord does on its bad days. Holds the plan; REST and gateway carry it out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

EVERYWHERE = "*"


@dataclass(slots=True)
class RequestFault:
    """What happens to the next `times` requests on a route ("METHOD /route/{template}", or "*" for all)."""

    route: str
    times: int
    status: int | None = None
    retry_after_s: float = 0.0
    scope: Literal["user", "shared", "global"] = "user"
    delay_s: float = 0.0

    @property
    def is_global(self) -> bool:
        """Whether a 429 holds back every route."""
        return self.scope == "global"


@dataclass(slots=True)
class GatewayControls:
    """How faults reach the gateway's live connections; the gateway fills these in."""

    drop: Callable[[int | None], None]
    ask_to_reconnect: Callable[[], None]
    invalidate: Callable[[bool], None]
    bring_guild: Callable[[], None]


@dataclass(slots=True)
class Faults:
    """Ask for trouble here. What is asked of requests happens once for each, then things are well again."""

    token_revoked: bool = False
    denied_intents: int = 0
    """Intents (as bits) that are refused with 4014 even if the settings allow them."""
    mute_heartbeats: bool = False
    """Heartbeats get no ACK: a connection that looks alive and is not."""
    silent_gateway: bool = False
    """Nothing is dispatched any more; it is kept for a RESUME."""
    guild_away: bool = False
    """New sessions are told that the server is unavailable, as in an outage; `bring_guild` ends it."""
    handshakes_to_refuse: int = 0
    _requests: list[RequestFault] = field(default_factory=list)
    _gateway: list[GatewayControls] = field(default_factory=list)

    def attach(self, controls: GatewayControls) -> None:
        """Joins a gateway to the plan."""
        self._gateway.append(controls)

    def drop_socket(self, code: int | None = None) -> None:
        """Closes every gateway connection with `code`; `None` cuts the line without a word."""
        for gateway in self._gateway:
            gateway.drop(code)

    def ask_to_reconnect(self) -> None:
        """Sends op 7 to every connection."""
        for gateway in self._gateway:
            gateway.ask_to_reconnect()

    def invalidate_session(self, *, resumable: bool) -> None:
        """Sends op 9 to every connection; sessions that are not resumable are forgotten."""
        for gateway in self._gateway:
            gateway.invalidate(resumable)

    def bring_guild(self) -> None:
        """The server is there again, and every connection is told."""
        self.guild_away = False
        for gateway in self._gateway:
            gateway.bring_guild()

    def refuse_handshake(self, times: int = 1) -> None:
        """Answers the next gateway handshakes with 503."""
        self.handshakes_to_refuse = times

    def fail_requests(self, route: str = EVERYWHERE, *, times: int = 1, status: int = 500) -> None:
        """Answers the next requests on `route` with a server error, without carrying them out."""
        self._requests.append(RequestFault(route, times, status=status))

    def limit_requests(
        self,
        route: str = EVERYWHERE,
        *,
        times: int = 1,
        retry_after_s: float,
        scope: Literal["user", "shared", "global"] = "user",
    ) -> None:
        """Answers the next requests on `route` with 429."""
        self._requests.append(RequestFault(route, times, status=429, retry_after_s=retry_after_s, scope=scope))

    def slow_requests(self, route: str = EVERYWHERE, *, times: int = 1, delay_s: float) -> None:
        """Carries the next requests on `route` out only after `delay_s`."""
        self._requests.append(RequestFault(route, times, delay_s=delay_s))

    def clear(self) -> None:
        """All is well again."""
        self._requests.clear()
        self.token_revoked = self.mute_heartbeats = self.silent_gateway = self.guild_away = False
        self.denied_intents = self.handshakes_to_refuse = 0

    def for_request(self, route: str) -> RequestFault | None:
        """The fault that hits this request, used up by one."""
        for fault in self._requests:
            if fault.route in {route, EVERYWHERE}:
                fault.times -= 1
                if fault.times <= 0:
                    self._requests.remove(fault)
                return fault
        return None

    def for_handshake(self) -> bool:
        """Whether this handshake is refused, used up by one."""
        refused = self.handshakes_to_refuse > 0
        self.handshakes_to_refuse -= refused
        return refused
