"""The real bot on the loopback Discord, over the simulated machine whose time runs ten times as fast."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bd1.app import Ports
from bd1.bot import keep_connected
from bd1.core.settings import Settings
from bd1.sim.discord.model import Message, Role, User
from bd1.sim.discord.seed import CREW_ROLE_ID, GUILD_ID, OPERATOR_ROLE_ID, Seed, SeedPerson, default_seed
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import ServerSettings
from cogs._ui.edit_budget import EditBudgets
from tests.cogs.easel import Easel
from tests.services.rig import Rig, build_outside, build_rig, rig_settings

CHAT_ROLE_ID, MODEL_ROLE_ID = GUILD_ID + 7, GUILD_ID + 8
_TURN_S, _WORLD_TURN_S = 0.005, 0.05
_PATIENCE_S = 20.0


def reading(text: str) -> str:
    """A text as a person reads it: every kind of space is one."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def text_of(message: Message) -> str:
    """Everything a person reads in a message."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{field['name']}: {field['value']}" for field in embed.get("fields", ())]
        parts.append(embed.get("footer", {}).get("text", ""))
    return reading("\n".join(parts))


def buttons_of(message: Message) -> dict[str, str]:
    """What can be pressed on a message: label and id."""
    return {button["label"]: button["custom_id"] for row in message.components for button in row["components"]}


@dataclass
class Home:
    """A bot at home: its Discord and its machine."""

    discord: LoopbackDiscord
    rig: Rig
    bot: "asyncio.Task[NoReturn]"
    next_life: Callable[[], Rig]
    """Builds another BD-1 on what lies outside of this one, its disk included."""

    async def until(self, look: Callable[[], object], awaited: str) -> None:
        """Waits until `look` is true; it is asked again after each thing that happens in Discord."""
        await self.discord.log.until(lambda: True if look() else None, timeout=_PATIENCE_S, awaited=awaited)

    async def until_told(self, message: Message, text: str) -> None:
        """Waits until a message says something."""
        await self.until(lambda: text in text_of(message), f"{text!r} in {text_of(message)!r}")

    async def ask_mode(self, who: str, mode: str) -> Message:
        """Somebody asks for a mode; the message that answers."""
        return await (await self.discord.person(who).slash("gpu mode", channel="bridge", mode=mode)).response()

    async def restart_bot(self) -> None:
        """The bot ends and another one comes, which remembers nothing but what the services and Discord keep."""
        await self.stop_bot()
        await self.start_bot()

    async def stop_bot(self) -> None:
        """Nobody listens any more."""
        await end_of(self.bot)
        await self.until(lambda: not self.discord.bot_online, "the bot to go")

    async def start_bot(self) -> None:
        """Another bot comes."""
        self.bot = asyncio.create_task(keep_connected(self.rig.services, self.discord.token))
        await self.until(lambda: self.discord.bot_online, "the bot to come back")

    async def restart_all(self) -> None:
        """BD-1 ends, bot and services, and another one comes, which knows what is on the disk and on Discord."""
        await self.go_away()
        await self.come_back()

    async def go_away(self) -> None:
        """BD-1 ends, bot and services."""
        await end_of(self.bot)
        await self.until(lambda: not self.discord.bot_online, "the bot to go")
        await self.rig.stop_all()

    async def come_back(self) -> None:
        """Another BD-1 begins on the same disk."""
        self.rig = self.next_life()
        await self.rig.start_all()
        await self.rig.director.begin()
        self.bot = asyncio.create_task(keep_connected(self.rig.services, self.discord.token))
        await self.until(lambda: self.discord.bot_online, "the bot to come back")

    async def until_mode(self, name: str) -> None:
        """Waits until a mode is on and the switch to it has been told."""
        job = self.rig.director.switch(name, "the test")
        async for _ in job.watch():
            pass


@pytest.fixture
def untouched_addresses() -> Iterator[None]:
    """discord.py's addresses are put back after the test."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


async def _pass_time(rig: Rig) -> None:
    while True:
        await rig.clock.advance(_WORLD_TURN_S)
        await asyncio.sleep(_TURN_S)  # the world's pace, not a wait: Discord is real, and has to keep up with it


@pytest.fixture
def discord_rules() -> ServerSettings:
    """Discord's numbers; a test may want others."""
    return ServerSettings()


def patient(settings: Settings) -> Settings:
    """The world runs ten times as fast, people do not: nobody is asked too soon what becomes of work under way."""
    return replace(settings, switch=replace(settings.switch, drain_s=200.0))


@pytest.fixture
def wrap() -> Callable[[Ports], Ports] | None:
    """What is put before the ports of the simulated machine; a test may want something real there."""
    return None


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """What is changed in the settings; a test may want something else."""
    return patient


def _people() -> Seed:
    """The Alliance Fleet with a second operator, and two roles that nobody holds yet."""
    seed = default_seed()
    lando = SeedPerson(user=User(id=GUILD_ID + 104, name="Lando"), role_ids=(OPERATOR_ROLE_ID, CREW_ROLE_ID))
    roles = (Role(id=CHAT_ROLE_ID, name="Chatters"), Role(id=MODEL_ROLE_ID, name="Choosers"))
    return replace(seed, people=(*seed.people, lando), roles=(*seed.roles, *roles))


@pytest.fixture
async def home(
    tmp_path: Path,
    untouched_addresses: None,  # noqa: ARG001 asked for what it does after the test
    monkeypatch: pytest.MonkeyPatch,
    discord_contract: Any,
    discord_rules: ServerSettings,
    tune: Callable[[Settings], Settings],
    wrap: Callable[[Ports], Ports] | None,
) -> AsyncIterator[Home]:
    """A connected bot whose every REST body is held against Discord's specification and rules."""
    monkeypatch.setattr(discord.Client, "before_identify_hook", _no_wait)
    async with LoopbackDiscord(_people(), discord_rules) as loopback:
        loopback.on_exchange.append(discord_contract)
        settings = tune(rig_settings(tmp_path, loopback.api_base))
        settings = replace(settings, chat=replace(settings.chat, edit_interval_s=0.1))
        outside = build_outside(settings)
        rig = build_rig(settings, outside, wrap)
        await rig.start_all()
        time = asyncio.create_task(_pass_time(rig))
        home = Home(
            loopback,
            rig,
            asyncio.create_task(keep_connected(rig.services, loopback.token)),
            lambda: build_rig(settings, outside, wrap),
        )
        await loopback.wait_for(lambda _: bool(loopback.commands()) and loopback.bot_online, timeout=10)
        yield home
        await end_of(home.bot)
        await home.rig.stop_all()
        await end_of(time)
    discord_contract.assert_clean()


async def end_of(task: "asyncio.Task[Any]") -> None:
    """Ends a task, and waits for it."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _no_wait(_client: discord.Client, _shard_id: int | None, *, initial: bool = False) -> None:
    assert initial in {True, False}


@pytest.fixture
async def easel(
    untouched_addresses: None,  # noqa: ARG001 asked for what it does after the test
    monkeypatch: pytest.MonkeyPatch,
    discord_contract: Any,
    discord_rules: ServerSettings,
) -> AsyncIterator[Easel]:
    """Painters on a bare client, whose every REST body is held against Discord's specification and rules."""
    monkeypatch.setattr(discord.Client, "before_identify_hook", _no_wait)
    async with LoopbackDiscord(_people(), discord_rules) as loopback:
        loopback.on_exchange.append(discord_contract)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = loopback.api_base, yarl.URL(loopback.gateway_url)
        edits = EditBudgets()
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        client = discord.Client(intents=intents, http_trace=edits.trace, guild_ready_timeout=0.05)
        easel = Easel(loopback, client, edits)
        client.event(_on_message(easel))
        running = asyncio.create_task(client.start(loopback.token))
        await loopback.wait_for(lambda _: loopback.bot_online, timeout=10)
        yield easel
        for task in easel.tasks:
            await end_of(task)
        await edits.close()
        await client.close()
        await end_of(running)
    discord_contract.assert_clean()


def _on_message(easel: Easel) -> Callable[[discord.Message], Coroutine[Any, Any, None]]:
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            easel.paint(message)

    return on_message
