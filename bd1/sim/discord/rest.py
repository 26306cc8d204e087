"""REST's front door: every request is received, held up by faults, token and limits, answered and put on record.

Must not know what any route does.
"""

import asyncio
import hashlib
import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bd1.sim.discord.bodies import Body, receive
from bd1.sim.discord.events import EventLog, Exchange, RequestMade
from bd1.sim.discord.faults import Faults, RequestFault
from bd1.sim.discord.limits import Bucket, Buckets, Verdict
from bd1.sim.discord.refusals import Refusal, form_refusal, plain
from bd1.sim.discord.rules import Violation
from bd1.sim.discord.settings import ServerSettings

API = "/api/v10"
_MAJOR = ("channel_id", "guild_id", "webhook_token")
"""The parameters that split a route's limit: top-level ids, and the token where a webhook has one."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a route sees it."""

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body

    def id(self, name: str) -> int:
        """A path parameter as an id; refuses one that is not a number."""
        value = self.params[name]
        if not value.isdecimal():
            raise form_refusal([Violation(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')])
        return int(value)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `json` is `None` for 204 and the like."""

    status: int = 200
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API. `open_to_all` ones carry their right in the path (interaction and webhook tokens)."""

    method: str
    template: str
    answer: Callable[[Call], Reply]
    open_to_all: bool = False

    @property
    def key(self) -> str:
        """The name limits and faults know it by."""
        return f"{self.method} {self.template}"


class RestApi:
    """The API's routes on an aiohttp application. `on_exchange` is called with every exchange after it."""

    def __init__(
        self, routes: Sequence[Route], token: str, settings: ServerSettings, faults: Faults, log: EventLog
    ) -> None:
        self._routes = routes
        self._token = token
        self._settings = settings
        self._faults = faults
        self._log = log
        self._buckets = Buckets()
        self._global = Bucket(settings.global_limit)
        self.on_exchange: list[Callable[[Exchange], None]] = []
        self._known = [re.compile(re.sub(r"\{\w+\}", "[^/]+", route.template)) for route in routes]

    def mount(self, app: web.Application) -> None:
        """Adds all routes, and Discord's answers to unknown ones."""
        for route in self._routes:
            app.router.add_route(route.method, API + route.template, self._handler(route))
        app.router.add_route("*", "/api/{rest:.*}", self._unknown)

    def _handler(self, route: Route) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            body = await receive(request, self._settings)
            call = Call(dict(request.match_info), request.query, body)
            reply = await self._reply(route, request, call)
            return self._sent(route.template, request, body, reply)

        return handle

    async def _unknown(self, request: web.Request) -> web.Response:
        body = await receive(request, self._settings)
        path = request.path.removeprefix(API)
        known = any(pattern.fullmatch(path) for pattern in self._known)
        no = plain(405, "Method Not Allowed") if known else plain(404, "Not Found")
        return self._sent(path, request, body, Reply(no.status, no.body))

    async def _reply(self, route: Route, request: web.Request, call: Call) -> Reply:
        fault = self._faults.for_request(route.key)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault is not None and fault.status is not None:
            return _faulty(fault)
        if not route.open_to_all and not self._authorised(request):
            return Reply(401, plain(401, "Unauthorized").body)
        return self._limited(route, call)

    def _authorised(self, request: web.Request) -> bool:
        return not self._faults.token_revoked and request.headers.get("Authorization") == f"Bot {self._token}"

    def _limited(self, route: Route, call: Call) -> Reply:
        now = asyncio.get_running_loop().time()
        if not route.open_to_all:
            overall = self._global.take(now)
            if not overall.allowed:
                return _too_many(overall.reset_after_s, scope="global")
        limit = self._settings.route_limits.get(route.key, self._settings.other_limit)
        major = "/".join(call.params.get(name, "") for name in _MAJOR)
        verdict = self._buckets.take((route.key, major), limit, now)
        headers = _limit_headers(route.key, verdict)
        if not verdict.allowed:
            return _too_many(verdict.reset_after_s, scope="user", headers=headers)
        reply = _carried_out(route, call)
        return Reply(reply.status, reply.json, {**headers, **reply.headers})

    def _sent(self, template: str, request: web.Request, body: Body, reply: Reply) -> web.Response:
        exchange = Exchange(
            request.method, template, request.path, body.json, reply.status, reply.json, body.content_type
        )
        for listener in tuple(self.on_exchange):
            listener(exchange)
        self._log.record(RequestMade(exchange))
        if reply.json is None:
            return web.Response(status=reply.status, headers=dict(reply.headers))
        # the content type must be bare: clients compare it as a whole, and a charset after it makes them see text
        return web.Response(
            status=reply.status,
            body=json.dumps(reply.json).encode(),
            content_type="application/json",
            headers=dict(reply.headers),
        )


def _carried_out(route: Route, call: Call) -> Reply:
    try:
        return route.answer(call)
    except TooMany as no:
        return _too_many(no.retry_after_s, scope="shared", code=no.code, message=no.message)
    except Refusal as no:
        return Reply(no.status, no.body)


class TooMany(Exception):
    """A limit beside the buckets was hit, which has an error code of its own."""

    def __init__(self, retry_after_s: float, code: int, message: str) -> None:
        super().__init__(message)
        self.retry_after_s, self.code, self.message = retry_after_s, code, message


def _limit_headers(key: str, verdict: Verdict) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(verdict.limit),
        "X-RateLimit-Remaining": str(verdict.remaining),
        "X-RateLimit-Reset": f"{time.time() + verdict.reset_after_s:.3f}",
        "X-RateLimit-Reset-After": f"{verdict.reset_after_s:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(key.encode()).hexdigest()[:32],
    }


def _too_many(
    retry_after_s: float,
    *,
    scope: str,
    headers: Mapping[str, str] | None = None,
    code: int | None = None,
    message: str = "You are being rate limited.",
) -> Reply:
    # without Via, clients take a 429 for a ban by the proxy in front of Discord and do not try again
    shown = {"Via": "1.1 google", "Retry-After": str(math.ceil(retry_after_s)), "X-RateLimit-Scope": scope}
    if scope == "global":
        shown["X-RateLimit-Global"] = "true"
    body: dict[str, Any] = {"message": message, "retry_after": round(retry_after_s, 3), "global": scope == "global"}
    return Reply(429, body | ({} if code is None else {"code": code}), {**(headers or {}), **shown})


def _faulty(fault: RequestFault) -> Reply:
    if fault.status == 429:
        return _too_many(fault.retry_after_s, scope=fault.scope)
    return Reply(fault.status or 500, {"message": f"{fault.status}: Internal Server Error", "code": 0})
