"""The Discord bot: built without a network, kept connected by a supervisor. No feature lives here: those are cogs."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, NoReturn

import aiohttp
import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bd1.errors import DiscordRefused
from bd1.services.house import Services
from cogs._ui.answer_presses import OnAnswer
from cogs._ui.asking import Asking
from cogs._ui.edit_budget import EditBudgets
from cogs._ui.incident_presses import ToIncident
from cogs._ui.presses import PRESSES
from cogs._ui.status_view import RefreshButton
from cogs.alerts import Alerts
from cogs.chat import Chat
from cogs.chat_commands import ChatCommands
from cogs.direct import DirectChat
from cogs.errors import Errors
from cogs.gpu import Gpu
from cogs.models import Models
from cogs.switches import Switches

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_CACHED_MESSAGES = 200
_GUILDS_WITHIN_S = 0.5
"""For so long after a server discord.py waits for another one before it is ready; one that comes later is told apart.
Its own 2 s would be added to every start, before the first question is caught up with and the first alert goes out."""
_FINAL_CODES = {
    4004: "the token is wrong or was reset",
    4010: "the shard is invalid",
    4011: "the bot is in too many servers for one connection",
    4012: "the API version is no longer served",
    4013: "an intent is invalid",
    4014: "an intent is not switched on",
}
"""Gateway close codes after which connecting again is useless (Discord's documentation of close event codes)."""


class Bd1Bot(commands.Bot):
    """The bot, with its services. Made by `create_bot`."""

    def __init__(self, services: Services) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = (
            False  # BD-1 does not speak: no warning that it cannot
        )
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = bool(services.settings.discord.message_content)
        edits = EditBudgets()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=_CACHED_MESSAGES,
            guild_ready_timeout=_GUILDS_WITHIN_S,
            http_trace=edits.trace,
        )
        self.services = services
        self.poster = Alerts(self, services)
        self.asking = Asking(self, services, edits)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Tells an event, unless the bot is closed: discord.py's own tasks outlive it and would fall over that."""
        if not self.is_closed():
            super().dispatch(event_name, *args, **kwargs)

    async def on_message(self, message: discord.Message, /) -> None:
        """No prefix commands: what is said to the bot is chat, and the chat cog hears it."""

    async def setup_hook(self) -> None:
        """Tells each configured server the slash commands; one that refuses does not keep the others from them.

        What is left for everywhere are those for direct messages, where these are answered.
        """
        for guild_id in self.services.settings.discord.guild_ids:
            guild = discord.Object(guild_id)
            self.tree.copy_global_to(guild=guild)
            try:
                await self.tree.sync(guild=guild)
            except discord.HTTPException as trouble:
                _LOG.error("server %d did not take the slash commands: %s", guild_id, trouble.text)
        self.tree.clear_commands(guild=None)
        if self.services.settings.discord.allow_dms:
            self.tree.add_command(DirectChat(self.services))
        try:
            await self.tree.sync()
        except discord.HTTPException as trouble:
            _LOG.error("Discord did not take the commands for direct messages: %s", trouble.text)

    async def on_ready(self) -> None:
        """One line per session."""
        _LOG.info("connected to Discord as %s, in %d servers", self.user, len(self.guilds))


def create_bot(services: Services) -> Bd1Bot:
    """Builds the bot with all its commands and listeners. Needs no network, no token and no running event loop."""
    bot = Bd1Bot(services)
    bot.add_dynamic_items(RefreshButton, ToIncident, OnAnswer, *PRESSES)
    for cog in (
        Errors(bot),
        Gpu(services),
        Chat(bot.asking),
        ChatCommands(services),
        Models(bot, services),
        Switches(bot, services),
        bot.poster,
    ):
        _at_once(bot.add_cog(cog))
    return bot


def _at_once(adding: Coroutine[Any, Any, None]) -> None:
    """Runs `add_cog` to its end: it is a coroutine only for cogs with an asynchronous `cog_load`, and none has one."""
    try:
        adding.send(None)
    except StopIteration:
        return
    adding.close()
    raise TypeError("a cog has an asynchronous cog_load; create_bot cannot wait for it")


async def keep_connected(services: Services, token: str) -> NoReturn:
    """Keeps a bot connected, for ever, with growing pauses between tries.

    discord.py reconnects by itself once it was connected; it does not survive a first handshake that fails.
    Raises `DiscordRefused` when trying again cannot help.
    """
    pause_s = _FIRST_PAUSE_S
    while True:
        bot = create_bot(services)
        try:
            await _session(bot, token)
        except discord.LoginFailure as refusal:
            raise DiscordRefused(
                f"Discord does not accept the token in {services.settings.discord.token_env}. "
                "Copy it again from the developer portal (Bot, Reset Token) and restart BD-1."
            ) from refusal
        except discord.PrivilegedIntentsRequired as refusal:
            raise DiscordRefused(
                "Discord refuses the Message Content intent. Switch it on in the developer portal (Bot, Privileged "
                "Gateway Intents), or set discord.message_content to false and let people mention the bot."
            ) from refusal
        except discord.ConnectionClosed as closed:
            _raise_if_final(closed)
            _LOG.warning("Discord closed the connection (%s)", closed.code)
        except (OSError, aiohttp.ClientError, discord.DiscordException, TimeoutError) as trouble:
            _LOG.warning("Discord cannot be reached: %s", trouble or type(trouble).__name__)
        except AttributeError as trouble:  # discord.py 2.7 stumbles so when its very first handshake fails
            _LOG.warning("Discord did not let me connect (%s)", trouble)
        pause_s = _FIRST_PAUSE_S if bot.poster.was_ready else min(pause_s * 2, _LONGEST_PAUSE_S)
        _LOG.info("trying Discord again in %g s", pause_s)
        await asyncio.sleep(pause_s)


def _raise_if_final(closed: discord.ConnectionClosed) -> None:
    if closed.code in _FINAL_CODES:
        why = _FINAL_CODES[closed.code]
        raise DiscordRefused(
            f"Discord closed the connection for good: {why} (code {closed.code}). Mend that, then restart BD-1."
        ) from closed


async def _session(bot: Bd1Bot, token: str) -> None:
    """One bot from login to its end; the poster lives as long."""
    await _follow_api_base(bot.services.settings.discord.api_base)
    tasks = [
        asyncio.create_task(bot.start(token), name="discord"),
        asyncio.create_task(bot.poster.run(), name="poster"),
        asyncio.create_task(bot.poster.illustrate(), name="illustrator"),
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bot.close()


async def _follow_api_base(api_base: str | None) -> None:
    """Points discord.py at a Discord-compatible endpoint; its gateway is the one the endpoint names."""
    if api_base is None:
        return
    Route.BASE = api_base.rstrip("/")
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{Route.BASE}/gateway") as answer:
        answer.raise_for_status()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await answer.json(content_type=None))["url"])
