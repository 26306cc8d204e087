"""The web page's backend: whom it lets in, and that each person sees what Discord would show them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import aiohttp.web
import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bd1.sim.discord.seed import ALERTS_ID, BRIDGE_ID, CREW_ROLE_ID, GREEDO_ID, GUILD_ID, HAN_ID, LEIA_ID
from bd1.sim.discord.server import LoopbackDiscord

MakeBot = Callable[..., commands.Bot]
StartBot = Callable[[discord.Client, LoopbackDiscord], Awaitable[asyncio.Task[None]]]
BRIDGE = str(BRIDGE_ID)


class Browser:
    """A page as a script: sends requests and waits for what it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def ask(self, **request: Any) -> None:
        await self._socket.send_str(json.dumps(request))

    async def told(self, op: str, **fitting: Any) -> dict[str, Any]:
        while True:
            said: dict[str, Any] = json.loads(await self._socket.receive_str(timeout=5))
            if said["op"] == op and all(said.get(key) == value for key, value in fitting.items()):
                return said

    async def everything_until(self, ref: int) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = []
        while not seen or seen[-1].get("ref") != ref:
            seen.append(json.loads(await self._socket.receive_str(timeout=5)))
        return seen


@asynccontextmanager
async def browser(server: LoopbackDiscord, person: int) -> AsyncIterator[Browser]:
    url = server.page_url.replace("http", "ws") + "ui/socket"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, origin=server.page_url[:-1]) as socket:
        page = Browser(socket)
        await page.ask(op="identify", user=str(person))
        yield page


def with_commands(bot: commands.Bot) -> commands.Bot:
    """Gives a bot one command of each kind the page must cope with."""
    gpu = app_commands.Group(name="gpu", description="The card", guild_ids=[GUILD_ID])

    class Why(discord.ui.Modal, title="Why?"):
        reason: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Reason", custom_id="reason")

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(str(self.reason), ephemeral=True)

    class Panel(discord.ui.View):
        @discord.ui.button(label="Stop", custom_id="stop")
        async def stop_it(self, interaction: discord.Interaction, _button: discord.ui.Button[Any]) -> None:
            await interaction.response.send_modal(Why())

    @gpu.command(name="mode", description="Switch")
    @app_commands.describe(mode="Which")
    async def mode(interaction: discord.Interaction, mode: str) -> None:
        await interaction.response.send_message(f"mode {mode}", view=Panel(timeout=None), ephemeral=mode == "secret")

    @mode.autocomplete("mode")
    async def modes(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=typed.upper(), value=typed)]

    bot.tree.add_command(gpu)
    return bot


async def test_the_page_greets_with_people_channels_and_commands(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    await start_bot(with_commands(make_bot()), loopback)
    async with browser(loopback, HAN_ID) as page:
        hello = await page.told("hello")
        messages = await page.told("messages", channel=BRIDGE)
    assert (hello["guild"]["name"], hello["me"], hello["bot_online"]) == ("Alliance Fleet", str(HAN_ID), True)
    assert [(user["name"], user["role"], user["bot"]) for user in hello["users"]] == [
        ("Leia", "Operator", False),
        ("Han", "Crew", False),
        ("Lando", "Crew", False),
        ("Greedo", "", False),
        ("BD-1", "", True),
    ]
    assert {"id": str(CREW_ROLE_ID), "name": "Crew"} in hello["roles"]
    assert [(c["name"], c["kind"], c["can_send"]) for c in hello["channels"]] == [
        ("bridge", "text", True),
        ("gpu-alerts", "text", False),
        ("general", "text", True),
        ("BD-1", "dm", True),
    ]
    option = {"name": "mode", "description": "Which", "type": "string", "required": True, "autocomplete": True}
    assert hello["commands"] == [
        {"name": "gpu mode", "description": "Switch", "options": [option | {"choices": []}]},
    ]
    assert messages["messages"] == []


@pytest.mark.parametrize("nobody", [{}, {"user": None}])
async def test_a_page_that_names_nobody_is_the_first_person(loopback: LoopbackDiscord, nobody: dict[str, Any]) -> None:
    async with browser(loopback, HAN_ID) as page:
        await page.told("hello", me=str(HAN_ID))
        await page.ask(op="identify", **nobody)
        assert (await page.told("hello"))["me"] == str(LEIA_ID)


async def test_what_one_person_says_another_sees_with_discords_own_fields(loopback: LoopbackDiscord) -> None:
    async with browser(loopback, LEIA_ID) as leia, browser(loopback, HAN_ID) as han:
        await han.told("messages")
        await leia.ask(op="say", channel=BRIDGE, content="hello", reply_to=None, ref=1)
        first = (await han.told("message"))["message"]
        await leia.told("done", ref=1)
        await han.ask(op="say", channel=BRIDGE, content="you too", reply_to=first["id"], ref=2)
        answer = (await leia.told("message", ref=None))["message"]
        answer = answer if answer["content"] == "you too" else (await leia.told("message"))["message"]
        await leia.ask(op="delete", channel=BRIDGE, message=first["id"], ref=3)
        gone = await han.told("message_delete")
    assert (first["author"]["global_name"], first["content"], first["member"]["nick"]) == ("Leia", "hello", None)
    assert answer["referenced_message"]["id"] == first["id"]
    assert gone == {"op": "message_delete", "channel": BRIDGE, "id": first["id"]}


async def test_commands_completion_buttons_and_forms_go_through_the_page(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    await start_bot(with_commands(make_bot()), loopback)
    async with browser(loopback, LEIA_ID) as page:
        typed = {"name": "gpu mode", "channel": BRIDGE}
        await page.ask(op="autocomplete", **typed, options={"mode": "im"}, focused="mode", ref=1)
        choices = (await page.told("choices", ref=1))["choices"]
        await page.ask(op="command", **typed, options={"mode": "image"}, ref=2)
        shown = (await page.told("message"))["message"]
        await page.told("done", ref=2)
        await page.ask(op="click", channel=BRIDGE, message=shown["id"], custom_id="stop", ref=3)
        form = await page.told("modal", ref=3)
        await page.ask(
            op="modal", ref=4, interaction=form["interaction"], custom_id=form["custom_id"], fields={"reason": "so"}
        )
        reason = (await page.told("message"))["message"]
    assert choices == [{"name": "IM", "value": "im"}]
    assert shown["interaction_metadata"]["name"] == "gpu mode"
    assert shown["interaction_metadata"]["user"]["global_name"] == "Leia"
    assert form["title"] == "Why?"
    assert (reason["content"], reason["flags"]) == ("so", 64)


async def test_an_ephemeral_message_reaches_its_person_only(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    await start_bot(with_commands(make_bot()), loopback)
    async with browser(loopback, LEIA_ID) as leia, browser(loopback, HAN_ID) as han:
        await leia.ask(op="command", channel=BRIDGE, name="gpu mode", options={"mode": "secret"}, ref=1)
        secret = (await leia.told("message"))["message"]
        await han.ask(op="history", channel=BRIDGE, ref=2)
        seen_by_han = await han.everything_until(2)
    assert secret["flags"] & 64
    assert all(said["op"] != "message" for said in seen_by_han)
    assert seen_by_han[-1]["messages"] == []


async def test_what_discord_would_not_allow_fails_with_a_sentence(
    start_loopback: Callable[..., Awaitable[LoopbackDiscord]], make_bot: MakeBot, start_bot: StartBot
) -> None:
    server = await start_loopback(ack_deadline_s=0.05)
    bot = make_bot()

    @bot.tree.command(name="silent", guild=discord.Object(GUILD_ID))
    async def silent(_interaction: discord.Interaction) -> None:
        """Says nothing."""

    await start_bot(bot, server)
    asked: list[tuple[dict[str, Any], str]] = [
        ({"op": "say", "channel": str(ALERTS_ID), "content": "x"}, "do not have permission to send"),
        ({"op": "say", "channel": "7", "content": "x"}, "no such channel"),
        ({"op": "say", "channel": BRIDGE, "content": "x" * 2001}, "at most 2000 characters"),
        ({"op": "command", "channel": BRIDGE, "name": "gpu", "options": {}}, "no command /gpu"),
        ({"op": "command", "channel": BRIDGE, "name": "silent", "options": {}}, "did not respond"),
        ({"op": "click", "channel": BRIDGE, "message": "7", "custom_id": "x"}, "message is gone"),
        ({"op": "say"}, "lacks something"),
        ({"op": "fly"}, "Unknown request"),
    ]
    async with browser(server, GREEDO_ID) as page:
        for ref, (request, sentence) in enumerate(asked):
            await page.ask(**request, ref=ref)
            assert sentence in (await page.told("failed", ref=ref))["text"]


async def test_the_page_follows_the_bot_coming_and_going(
    loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot
) -> None:
    bot = with_commands(make_bot())
    async with browser(loopback, HAN_ID) as page:
        assert not (await page.told("hello"))["bot_online"]
        await start_bot(bot, loopback)
        assert len((await page.told("commands"))["commands"]) == 1
        await page.told("presence", bot_online=True)
        await bot.close()
        gone = await page.told("presence", bot_online=False)
    assert gone


@pytest.mark.parametrize("nonsense", ["", "[]", "{}", '{"op": []}', "nonsense", '{"op":"identify","user":{}}'])
async def test_nonsense_is_answered_and_the_socket_lives_on(loopback: LoopbackDiscord, nonsense: str) -> None:
    async with browser(loopback, HAN_ID) as page:
        await page.told("hello")
        await page._socket.send_str(nonsense)
        assert (await page.told("failed"))["text"]
        await page.ask(op="history", channel=BRIDGE, ref=1)
        assert (await page.told("messages", ref=1))["channel"] == BRIDGE


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}],
)
async def test_other_sites_are_kept_out(loopback: LoopbackDiscord, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(loopback.page_url + "ui/socket", headers=headers)


async def test_files_come_under_a_strict_policy_and_from_their_folder_only(loopback: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(loopback.page_url) as page:
            policy = page.headers["Content-Security-Policy"]
        statuses = []
        for path in ("assets/../server.py", "assets/%2e%2e/server.py", "assets/..%2fserver.py", "assets/none.js"):
            async with session.get(loopback.page_url + path) as response:
                statuses.append(response.status)
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert statuses == [404] * 4


async def test_the_demo_may_add_routes_before_the_start() -> None:
    server = LoopbackDiscord()

    async def hello(_request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text="hello there")

    server.app.router.add_get("/bench", hello)
    async with server, aiohttp.ClientSession() as session, session.get(server.page_url + "bench") as response:
        assert await response.text() == "hello there"
