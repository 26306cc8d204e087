"""The loopback Discord as a whole: put together, started on 127.0.0.1, and offered to tests and the demo.

Must hold no rule of its own: each lives in the module it names.
"""

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bd1.sim.discord.answers import Answers
from bd1.sim.discord.dispatches import Dispatches
from bd1.sim.discord.events import Event, EventLog, Exchange
from bd1.sim.discord.faults import Faults
from bd1.sim.discord.gateway import Gateway
from bd1.sim.discord.interactions import Interactions
from bd1.sim.discord.model import Channel, Message, Upload, User
from bd1.sim.discord.page import Page
from bd1.sim.discord.page_socket import PageView
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.people import ChannelLike, Person
from bd1.sim.discord.registry import CommandRegistry, Rejected
from bd1.sim.discord.rest import API, RestApi
from bd1.sim.discord.rest_gateway import gateway_routes
from bd1.sim.discord.rest_guild import CommandRoutes, GuildRoutes
from bd1.sim.discord.rest_interactions import InteractionRoutes
from bd1.sim.discord.rest_messages import MessageRoutes
from bd1.sim.discord.seed import Seed, default_seed
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import World

__all__ = ["LoopbackDiscord", "Rejected", "Upload"]

E = TypeVar("E", bound=Event)

LOOPBACK = "127.0.0.1"
GATEWAY_HOST = "gateway.discord.gg"


class LoopbackDiscord:
    """A Discord of one's own on the loopback interface.

    `app` is the aiohttp application; routes may be added to it before the start. `faults` is where to ask for trouble,
    `log` is everything that happened, `on_exchange` is called with every REST exchange. One event loop only.
    """

    def __init__(self, seed: Seed | None = None, settings: ServerSettings | None = None) -> None:
        self.seed = seed or default_seed()
        self.settings = settings or ServerSettings()
        self.world = World(self.seed)
        self.faults = Faults()
        self.app = web.Application(client_max_size=self.settings.request_limit)
        self.port = 0
        self._payloads = Payloads(self.world, self.settings.file_limit)
        self._registry = CommandRegistry(self.world)
        self._interactions = Interactions(self.world, self.settings)
        dispatches = Dispatches(self.world, self._payloads)
        self._gateway = Gateway(
            self.world,
            self._payloads,
            dispatches,
            settings=self.settings,
            faults=self.faults,
            token=self.seed.token,
        )
        self._rest = self._make_rest()
        self._page = Page(PageView(self.world, self._payloads, self.person, lambda: self._gateway.bot_online))
        self._runner: web.AppRunner | None = None
        self._mount()

    def _make_rest(self) -> RestApi:
        answers = Answers(self.world, self._interactions)
        routes = [
            *GuildRoutes(self.world, self._payloads, self.settings).routes(),
            *CommandRoutes(self.world, self._registry).routes(),
            *MessageRoutes(self.world, self._payloads, self.settings).routes(),
            *gateway_routes(lambda: self._gateway.resume_url, self.settings),
            *InteractionRoutes(self._interactions, answers, self._payloads).routes(),
        ]
        return RestApi(routes, self.seed.token, self.settings, self.faults, self.world.log)

    def _mount(self) -> None:
        self._rest.mount(self.app)
        self.app.router.add_get("/gateway/", self._gateway.handle)
        self.app.router.add_get("/gateway", self._gateway.handle)
        self.app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._download)
        self.app.router.add_get("/", self._front)
        self._page.mount(self.app)

    async def _front(self, request: web.Request) -> web.StreamResponse:
        if request.host.partition(":")[0] == GATEWAY_HOST:
            return await self._gateway.handle(request)
        return await self._page.index(request)

    async def _download(self, request: web.Request) -> web.Response:
        number = request.match_info["attachment_id"]
        attachment = self.world.attachments.get(int(number) if number.isdecimal() else 0)
        if attachment is None or attachment.filename != request.match_info["filename"]:
            return web.Response(status=404, text="This content is no longer available.")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        headers["Content-Type"] = attachment.content_type
        return web.Response(body=self.world.files[attachment.id], headers=headers)

    async def start(self, port: int = 0, *, tls: ssl.SSLContext | None = None) -> None:
        """Listens on 127.0.0.1; port 0 picks a free one.

        With `tls` the server gives out Discord's own addresses (for clients whose resolver sends them here).
        """
        self._runner = web.AppRunner(self.app, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port, ssl_context=tls).start()
        self.port = self._runner.addresses[0][1]
        self._payloads.cdn = "https://cdn.discordapp.com" if tls else f"http://{LOOPBACK}:{self.port}"
        self._gateway.resume_url = f"wss://{GATEWAY_HOST}/" if tls else self.gateway_url
        self._page.port = self.port

    async def close(self) -> None:
        """Stops listening and ends every connection."""
        self._interactions.close()
        self._gateway.drop(1001)
        self._page.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        if self._runner is None:
            await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def api_base(self) -> str:
        """Where REST is, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://{LOOPBACK}:{self.port}/gateway/"

    @property
    def page_url(self) -> str:
        """Where people look on in a browser."""
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.seed.token

    @property
    def log(self) -> EventLog:
        """Everything that happened."""
        return self.world.log

    @property
    def on_exchange(self) -> list[Callable[[Exchange], None]]:
        """Called with every REST exchange, after it; add to it or take away from it."""
        return self._rest.on_exchange

    @property
    def bot_online(self) -> bool:
        """Whether a bot is connected."""
        return self._gateway.bot_online

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.seed.bot.user

    def person(self, who: str | int) -> Person:
        """A person by name (any case) or id. Raises `KeyError` for nobody."""
        for person in self.seed.people:
            if who == person.user.id or str(who).lower() == person.user.name.lower():
                return Person(person.user, self.world, self._payloads, self._registry, self._interactions)
        raise KeyError(who)

    def channel(self, channel: ChannelLike) -> Channel:
        """A guild channel or thread by name or id. Raises `KeyError` for none."""
        wanted = channel.id if isinstance(channel, Channel) else channel
        for found in self.world.channels.values():
            if wanted == found.id or (isinstance(wanted, str) and wanted.removeprefix("#") == found.name):
                return found
        raise KeyError(channel)

    def messages(self, channel: ChannelLike) -> list[Message]:
        """All messages of a channel, oldest first, ephemeral ones too."""
        return self.world.history(self.channel(channel).id)

    def commands(self, *, guild: bool = True) -> list[dict[str, object]]:
        """The registered commands, of the guild or global."""
        return list(self._registry.listed(self.seed.guild_id if guild else None))

    async def wait_for(self, wanted: Callable[[Event], bool], *, timeout: float = 5.0, since: int = 0) -> Event:  # noqa: ASYNC109 passed on to the log
        """The first event after the mark `since` (`log.position`; 0 is the beginning) that `wanted` accepts."""
        look = self.log.finder(lambda event: event if wanted(event) else None, since)
        return await self.log.until(look, timeout=timeout, awaited="the event")

    async def event(
        self,
        kind: type[E],
        *,
        where: Callable[[E], bool] = lambda _event: True,
        timeout: float = 5.0,  # noqa: ASYNC109 passed on to the log
        since: int = 0,
    ) -> E:
        """The first event of a kind after the mark `since` that `where` accepts."""
        look = self.log.finder(lambda event: event if isinstance(event, kind) and where(event) else None, since)
        return await self.log.until(look, timeout=timeout, awaited=kind.__name__)

    async def message(
        self,
        channel: ChannelLike,
        *,
        where: Callable[[Message], bool] = lambda _message: True,
        by: int | None = None,
        after: Message | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109 passed on to the log
    ) -> Message:
        """The oldest message, now or after some change, that `where` accepts.

        `by` is its author, the bot unless said otherwise; `after` rules out it and everything older.
        """
        place = self.channel(channel).id
        author = self.bot.id if by is None else by
        newer_than = after.id if after else 0

        def look() -> Message | None:
            found = (m for m in self.world.history(place) if m.author_id == author and m.id > newer_than)
            return next((message for message in found if where(message)), None)

        return await self.log.until(look, timeout=timeout, awaited=f"the message in {channel}")
