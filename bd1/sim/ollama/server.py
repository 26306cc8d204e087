"""A simulated Ollama: a real HTTP server that speaks its API, with a script where the weights would be.

It says what recordings of a real server say and does not hide that it is none: its version ends in "simulated".
"""

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from bd1.ports import Clock
from bd1.sim.ollama import asks, refusals
from bd1.sim.ollama.asks import Ask
from bd1.sim.ollama.brain import Brain
from bd1.sim.ollama.faults import Faults
from bd1.sim.ollama.generation import Generation, thinks
from bd1.sim.ollama.library import Library
from bd1.sim.ollama.memory import ModelMemory
from bd1.sim.ollama.models import DEFAULT_MODELS, REMOTE_MODELS, SimModel
from bd1.sim.ollama.refusals import Refusal
from bd1.sim.ollama.replies import Reply, as_json, chat_shape, generate_shape, later, moment
from bd1.sim.ollama.runners import Limits, QueueFull, Runner, Runners

VERSION = "0.33.0-simulated"
LARGEST_BODY = 64 * 1024 * 1024
SHUTDOWN_S = 0.01
"""How long answers that still run may go on after the end: a killed process asks nobody (0 would wait for ever)."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OllamaServer:
    """One simulated Ollama. `faults` may be switched at any time; `limits` before the first request."""

    def __init__(
        self,
        brain: Brain,
        memory: ModelMemory,
        models: Sequence[SimModel] = DEFAULT_MODELS,
        *,
        clock: Clock,
        limits: Limits | None = None,
        remote: Sequence[SimModel] = REMOTE_MODELS,
    ) -> None:
        self.faults = Faults()
        self._brain = brain
        self._clock = clock
        self._library = Library(models, clock, remote)
        self._runners = Runners(memory, clock, limits or Limits())
        self._address = ("127.0.0.1", 0)
        self._running: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, or listened before it went down."""
        host, port = self._address
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens at `host`; port 0 takes a free one, which stays the same until `close`."""
        # A client that goes away cancels its handler: that is how the slot is freed at once.
        self._running = web.AppRunner(
            self._application(), handler_cancellation=True, access_log=None, shutdown_timeout=SHUTDOWN_S
        )
        await self._running.setup()
        await web.TCPSite(self._running, host, port).start()
        self._address = (host, self._running.addresses[0][1])

    async def go_down(self) -> None:
        """As if the process were killed: connections break, new ones are refused, memory is given back."""
        running, self._running = self._running, None
        if running is not None:
            await running.cleanup()
        await self._runners.forget_all()

    async def come_back(self) -> None:
        """Listens again at the same address, with nothing loaded. Does nothing while it is up."""
        if self._running is None:
            await self.start(*self._address)

    async def close(self) -> None:
        """Ends it for good."""
        await self.go_down()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BODY)
        app.add_routes(
            [
                web.get("/", _root),
                web.get("/api/version", _version),
                web.get("/api/tags", self._tags),
                web.get("/api/ps", self._ps),
                web.post("/api/show", self._show),
                web.post("/api/chat", self._chat),
                web.post("/api/generate", self._generate),
                web.post("/api/embed", self._embed),
                web.post("/api/pull", self._pull),
                web.post("/api/copy", self._copy),
                web.delete("/api/delete", self._delete),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_host_allowed(self._address[0], request.url.host or ""):
            return web.Response(status=403)
        try:
            return await handler(request)
        except web.HTTPMethodNotAllowed:
            return _plain(405, "405 method not allowed")
        except web.HTTPNotFound:
            return _plain(404, "404 page not found")
        except Refusal as refusal:
            return refusals.as_response(refusal)
        except ConnectionError:  # nobody is left to read what comes back
            return web.Response()

    async def _tags(self, _: web.Request) -> web.Response:
        return as_json({"models": self._library.listed()})

    async def _ps(self, _: web.Request) -> web.Response:
        return as_json({"models": [self._running_model(runner) for runner in self._runners.listed()]})

    async def _show(self, request: web.Request) -> web.Response:
        fields = asks.parse_body(await request.read())
        name = asks.parse_name(fields)
        return as_json(self._library.shown(name, verbose=fields.get("verbose") is True))

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        fields = asks.parse_body(await request.read())
        ask = asks.parse_chat(fields)
        return await self._answer(request, fields, ask, Reply(ask.model, chat_shape, self._clock, {}))

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        fields = asks.parse_body(await request.read())
        ask = asks.parse_generate(fields)
        context = {} if ask.raw else {"context": [1, 4093, 198, 2]}
        return await self._answer(request, fields, ask, Reply(ask.model, generate_shape, self._clock, context))

    async def _embed(self, request: web.Request) -> web.Response:
        name = asks.parse_name(asks.parse_body(await request.read()))
        async with self._runners.use(self._library.find(name), None, None):
            raise Refusal(501, "This server does not support embeddings. Start it with `--embeddings`")

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        fields = asks.parse_body(await request.read())
        return await self._library.pull(request, asks.parse_name(fields), stream=fields.get("stream") is not False)

    async def _copy(self, request: web.Request) -> web.Response:
        fields = asks.parse_body(await request.read())
        self._library.copy(str(fields.get("source", "")), str(fields.get("destination", "")))
        return _silent()

    async def _delete(self, request: web.Request) -> web.Response:
        self._library.delete(asks.parse_name(asks.parse_body(await request.read())))
        return _silent()

    async def _answer(self, request: web.Request, fields: dict[str, Any], ask: Ask, reply: Reply) -> web.StreamResponse:
        asked_s = self._clock.monotonic()
        await self._before_anything(ask)
        model = self._library.find(ask.model)
        _check_capabilities(model, ask)
        asks.check_options(fields)
        if not ask.messages and ask.keep_alive_s == 0:
            self._runners.unload(model)
            return reply.empty("unload")
        try:
            async with self._runners.use(model, ask.num_ctx, ask.keep_alive_s) as runner:
                if not ask.messages:
                    return reply.empty("load")
                _check_images(model, ask)
                generation = Generation(
                    ask, model, runner, brain=self._brain, faults=self.faults, clock=self._clock, asked_s=asked_s
                )
                return await self._sent(request, ask, reply, generation)
        except QueueFull:
            raise refusals.busy() from None
        except MemoryError:
            raise refusals.out_of_memory() from None

    async def _sent(self, request: web.Request, ask: Ask, reply: Reply, generation: Generation) -> web.StreamResponse:
        if ask.stream:
            return await reply.stream(request, generation, self.faults)
        return await reply.whole(generation)

    async def _before_anything(self, ask: Ask) -> None:
        if self.faults.hangs:
            await self.faults.until_cleared()
        match self.faults.status:
            case None:
                return
            case 404:
                raise refusals.not_found(ask.model)
            case 503:
                raise refusals.busy()
            case status:
                raise Refusal(status, "simulated failure")

    def _running_model(self, runner: Runner) -> dict[str, Any]:
        size = runner.vram_mib * 1024 * 1024
        return {
            **self._library.identity(runner.model),
            "size": size,
            "details": runner.model.details(),
            "expires_at": moment(later(self._clock, runner.expires_s)),
            "size_vram": size,
            "context_length": runner.num_ctx,
        }


def _check_capabilities(model: SimModel, ask: Ask) -> None:
    if ask.think and not thinks(model, ask):
        raise Refusal(400, f'"{ask.model}" does not support thinking')
    if ask.tools and "tools" not in model.capabilities:
        raise Refusal(400, f"registry.ollama.ai/library/{ask.model} does not support tools")


def _check_images(model: SimModel, ask: Ask) -> None:
    """Only the runner finds out, so the model has been loaded by then."""
    if ask.has_images and "vision" not in model.capabilities:
        raise refusals.sees_nothing()


def _is_host_allowed(bound: str, host: str) -> bool:
    """A server bound to loopback talks only to those who name it so, or by an address: its DNS-rebinding guard."""
    if not _is_loopback(bound) or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _root(_: web.Request) -> web.Response:
    return web.Response(text="Ollama is running")


async def _version(_: web.Request) -> web.Response:
    return as_json({"version": VERSION})


def _plain(status: int, text: str) -> web.Response:
    return web.Response(status=status, body=text.encode(), headers={"Content-Type": "text/plain"})


def _silent() -> web.Response:
    return web.Response(status=200)
