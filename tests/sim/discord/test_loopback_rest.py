"""REST as a client meets it: who may do what, what is refused and how, and how fast one may ask."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands

from bd1.sim.discord.events import Exchange
from bd1.sim.discord.model import Channel, User
from bd1.sim.discord.permissions import CHATTING, Overwrite, OverwriteKind, Permission
from bd1.sim.discord.seed import BOT_ID, BRIDGE_ID, GUILD_ID, HAN_ID, Seed, SeedPerson, default_seed
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import EDIT, SEND, Limit, ServerSettings

Rest = Callable[..., Awaitable[tuple[int, Any, Any]]]
MakeBot = Callable[..., commands.Bot]
StartBot = Callable[[discord.Client, LoopbackDiscord], Awaitable[asyncio.Task[None]]]
StartLoopback = Callable[..., Awaitable[LoopbackDiscord]]
MESSAGES = f"/channels/{BRIDGE_ID}/messages"


def one_channel(*overwrites: Overwrite, bot: Permission = CHATTING, accepts_dms: bool = True) -> Seed:
    """A guild with one channel, one person, and a bot that holds just what is asked."""
    seed = default_seed()
    return Seed(
        guild_id=GUILD_ID,
        guild_name="Hoth",
        owner_id=seed.owner_id,
        everyone=bot,
        roles=(),
        channels=(Channel(id=BRIDGE_ID, name="bridge", guild_id=GUILD_ID, overwrites=overwrites),),
        people=(SeedPerson(user=User(id=HAN_ID, name="Han", accepts_dms=accepts_dms)),),
        bot=SeedPerson(user=seed.bot.user),
    )


async def code_of(server: LoopbackDiscord, method: str, path: str, **more: Any) -> tuple[int, int]:
    headers = {"Authorization": f"Bot {server.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, server.api_base + path, **more) as response,
    ):
        return response.status, (await response.json())["code"]


async def test_the_content_type_is_bare(rest: Rest) -> None:
    _, _, headers = await rest("GET", "/users/@me")
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/users/@me", 405), ("POST", "/channels/1/typing", 404)],
)
async def test_unknown_places_are_refused(rest: Rest, method: str, path: str, status: int) -> None:
    assert (await rest(method, path))[0] == status


async def test_a_wrong_or_revoked_token_is_401(rest: Rest, loopback: LoopbackDiscord) -> None:
    status, answer, _ = await rest("GET", "/users/@me", authorised=False)
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
    loopback.faults.token_revoked = True
    assert (await rest("GET", "/users/@me"))[0] == 401


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({}, 50006, None),
        ({"content": "x" * 2001}, 50035, ["content"]),
        ({"content": "x", "message_reference": {"message_id": "5"}}, 50035, ["message_reference"]),
        ({"embeds": [{"title": "x" * 257}]}, 50035, ["embeds", "0", "title"]),
    ],
)
async def test_broken_bodies_are_refused_where_they_break(
    rest: Rest, body: dict[str, Any], code: int, path: list[str] | None
) -> None:
    status, answer, _ = await rest("POST", MESSAGES, json=body, headers={"Content-Type": "application/json"})
    assert (status, answer["code"]) == (400, code)
    place = answer.get("errors")
    for step in path or ():
        place = place[step]
    assert (place is None) == (path is None)
    assert path is None or place["_errors"][0]["code"]


async def test_a_body_that_is_no_json_is_refused(rest: Rest) -> None:
    status, answer, _ = await rest("POST", MESSAGES, data=b"{", headers={"Content-Type": "application/json"})
    assert (status, answer["code"]) == (400, 50109)


async def test_a_file_beyond_the_limit_is_too_large(start_loopback: StartLoopback) -> None:
    server = await start_loopback(file_limit=10)
    form = aiohttp.FormData()
    form.add_field("files[0]", b"x" * 11, filename="big.bin")
    assert await code_of(server, "POST", MESSAGES, data=form) == (413, 40005)


async def test_messages_of_others_can_neither_be_edited_nor_deleted(rest: Rest, loopback: LoopbackDiscord) -> None:
    said = await loopback.person("leia").say("bridge", "mine")
    path = f"{MESSAGES}/{said.id}"
    assert (await rest("PATCH", path, json={"content": "ours"}))[1]["code"] == 50005
    assert (await rest("DELETE", path))[1]["code"] == 50013
    assert (await rest("PATCH", f"{MESSAGES}/5", json={"content": "x"}))[1]["code"] == 10008
    assert loopback.messages("bridge") == [said]


async def test_an_edit_that_leaves_nothing_is_refused(rest: Rest) -> None:
    _, sent, _ = await rest("POST", MESSAGES, json={"content": "x"})
    assert (await rest("PATCH", f"{MESSAGES}/{sent['id']}", json={"content": ""}))[1]["code"] == 50006


@pytest.mark.parametrize(
    ("seed", "code"),
    [
        (one_channel(Overwrite(BOT_ID, OverwriteKind.MEMBER, deny=Permission.VIEW_CHANNEL)), 50001),
        (one_channel(Overwrite(GUILD_ID, OverwriteKind.ROLE, deny=Permission.SEND_MESSAGES)), 50013),
        (one_channel(bot=CHATTING & ~Permission.SEND_MESSAGES), 50013),
    ],
)
async def test_what_the_bot_may_not_do_is_forbidden(start_loopback: StartLoopback, seed: Seed, code: int) -> None:
    server = await start_loopback(seed)
    assert await code_of(server, "POST", MESSAGES, json={"content": "x"}) == (403, code)


async def test_a_reply_needs_the_permission_to_read_history(start_loopback: StartLoopback) -> None:
    server = await start_loopback(one_channel(bot=CHATTING & ~Permission.READ_MESSAGE_HISTORY))
    said = await server.person("han").say("bridge", "x")
    body = {"content": "y", "message_reference": {"message_id": str(said.id)}}
    assert await code_of(server, "POST", MESSAGES, json=body) == (400, 160002)


async def test_someone_who_takes_no_direct_messages_gets_none(start_loopback: StartLoopback) -> None:
    server = await start_loopback(one_channel(accepts_dms=False))
    channel = server.person("han").channel("dm")
    assert await code_of(server, "POST", f"/channels/{channel.id}/messages", json={"content": "x"}) == (403, 50007)


async def test_a_nonce_sends_a_message_once(rest: Rest, loopback: LoopbackDiscord) -> None:
    body = {"content": "once", "nonce": "17", "enforce_nonce": True}
    first, second = (await rest("POST", MESSAGES, json=body))[1], (await rest("POST", MESSAGES, json=body))[1]
    assert first["id"] == second["id"]
    assert len(loopback.messages("bridge")) == 1


async def test_a_bot_without_the_content_intent_reads_blanks_in_history(rest: Rest, loopback: LoopbackDiscord) -> None:
    await loopback.person("leia").say("bridge", "hidden")
    await loopback.person("leia").say("bridge", f"shown {loopback.bot.mention}")
    _, messages, _ = await rest("GET", MESSAGES)
    assert [message["content"] for message in messages] == [f"shown {loopback.bot.mention}", ""]


async def test_model_output_sent_without_mentions_reaches_nobody(rest: Rest, loopback: LoopbackDiscord) -> None:
    text = f"@everyone <@{HAN_ID}>"
    _, loud, _ = await rest("POST", MESSAGES, json={"content": text})
    _, quiet, _ = await rest("POST", MESSAGES, json={"content": text, "allowed_mentions": {"parse": []}})
    assert (loud["mention_everyone"], [user["id"] for user in loud["mentions"]]) == (True, [str(HAN_ID)])
    assert (quiet["mention_everyone"], quiet["mentions"]) == (False, [])
    assert len(loopback.messages("bridge")) == 2


async def test_the_bucket_of_a_route_is_told_and_enforced(start_loopback: StartLoopback) -> None:
    server = await start_loopback(route_limits={SEND: Limit(2, 60.0)})
    headers = {"Authorization": f"Bot {server.token}"}
    seen = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(3):
            async with session.post(server.api_base + MESSAGES, json={"content": "x"}) as response:
                seen.append((response.status, response.headers["X-RateLimit-Remaining"]))
                last, body = response.headers, await response.json()
    assert seen == [(200, "1"), (200, "0"), (429, "0")]
    assert 59 < body["retry_after"] <= 60
    assert (body["global"], last["Via"], last["X-RateLimit-Scope"]) == (False, "1.1 google", "user")
    assert len(server.messages("bridge")) == 2


async def test_interaction_routes_are_exempt_from_the_global_limit(start_loopback: StartLoopback) -> None:
    server = await start_loopback(global_limit=Limit(1, 60.0))
    statuses = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        for method, path in [("GET", "/users/@me"), ("GET", "/users/@me"), ("POST", "/interactions/1/x/callback")]:
            async with session.request(method, server.api_base + path, json={}) as response:
                statuses.append((response.status, response.headers.get("X-RateLimit-Global")))
    assert statuses == [(200, None), (429, "true"), (404, None)]


async def test_old_messages_can_be_edited_only_so_often(start_loopback: StartLoopback) -> None:
    server = await start_loopback(old_after_s=0.0, old_edit_limit=Limit(1, 60.0))
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        async with session.post(server.api_base + MESSAGES, json={"content": "x"}) as response:
            path = f"{MESSAGES}/{(await response.json())['id']}"
        async with session.patch(server.api_base + path, json={"content": "y"}) as response:
            assert response.status == 200
    assert await code_of(server, "PATCH", path, json={"content": "z"}) == (429, 30046)


async def test_discord_py_waits_out_a_429(loopback: LoopbackDiscord, make_bot: MakeBot, start_bot: StartBot) -> None:
    bot = make_bot()
    await start_bot(bot, loopback)
    seen: list[Exchange] = []
    loopback.on_exchange.append(seen.append)
    loopback.faults.limit_requests(SEND, retry_after_s=0.05)
    channel = bot.get_partial_messageable(BRIDGE_ID)
    began = asyncio.get_running_loop().time()
    message = await channel.send("patience")
    assert asyncio.get_running_loop().time() - began >= 0.05
    loopback.faults.fail_requests(EDIT, status=503)
    with pytest.raises(discord.DiscordServerError):
        await message.edit(content="no")
    assert [(e.status, e.route_template) for e in seen[:2]] == [
        (429, "/channels/{channel_id}/messages"),
        (200, "/channels/{channel_id}/messages"),
    ]
    assert seen[1].request_json["content"] == "patience"
    assert seen[1].request_content_type == "application/json"


async def test_discord_py_spends_a_bucket_without_a_single_429(
    start_loopback: StartLoopback, make_bot: MakeBot, start_bot: StartBot
) -> None:
    server = await start_loopback(route_limits={SEND: Limit(3, 0.3)})
    bot = make_bot()
    await start_bot(bot, server)
    statuses: list[int] = []
    server.on_exchange.append(lambda exchange: statuses.append(exchange.status))
    channel = bot.get_partial_messageable(BRIDGE_ID)
    for number in range(7):
        await channel.send(str(number))
    assert statuses == [200] * 7


async def test_a_slow_route_is_slow_once(rest: Rest, loopback: LoopbackDiscord) -> None:
    loopback.faults.slow_requests("GET /users/@me", delay_s=0.05)
    began = asyncio.get_running_loop().time()
    await rest("GET", "/users/@me")
    assert asyncio.get_running_loop().time() - began >= 0.05
    assert loopback.faults.for_request("GET /users/@me") is None


async def test_commands_keep_their_ids_and_are_refused_when_they_break_rules(rest: Rest) -> None:
    path = f"/applications/{BOT_ID}/guilds/{GUILD_ID}/commands"
    command = {"name": "gpu", "description": "The card", "type": 1}
    _, [first], _ = await rest("PUT", path, json=[command])
    _, [second], _ = await rest("PUT", path, json=[command | {"description": "Our card"}])
    assert (first["id"], second["description"]) == (second["id"], "Our card")
    assert second["guild_id"] == str(GUILD_ID)
    status, answer, _ = await rest("PUT", path, json=[command | {"name": "Bad Name"}])
    assert (status, answer["code"]) == (400, 50035)
    assert (await rest("POST", path, json={"name": "x", "description": "y"}))[0] == 201
    assert (await rest("PATCH", f"{path}/{first['id']}", json={"description": "z"}))[1]["description"] == "z"
    assert (await rest("DELETE", f"{path}/{first['id']}"))[0] == 204
    assert [entry["name"] for entry in (await rest("GET", path))[1]] == ["x"]
    assert (await rest("GET", f"{path}/{first['id']}"))[1]["code"] == 10063


async def test_guild_channel_member_and_gateway_can_be_asked_for(rest: Rest, loopback: LoopbackDiscord) -> None:
    assert (await rest("GET", f"/guilds/{GUILD_ID}"))[1]["name"] == "Alliance Fleet"
    assert (await rest("GET", f"/guilds/{GUILD_ID}/members/{HAN_ID}"))[1]["user"]["global_name"] == "Han"
    assert (await rest("GET", f"/guilds/{GUILD_ID}/members/7"))[1]["code"] == 10007
    assert (await rest("GET", f"/channels/{BRIDGE_ID}"))[1]["topic"] == "Talk to BD-1 here"
    assert (await rest("GET", "/channels/7"))[1]["code"] == 10003
    assert (await rest("GET", "/gateway/bot"))[1]["url"] == loopback.gateway_url


async def test_the_server_listens_on_loopback_only() -> None:
    async with LoopbackDiscord(settings=ServerSettings()) as server:
        assert server.api_base.startswith("http://127.0.0.1:")
        assert server._runner is not None
        assert {address[0] for address in server._runner.addresses} == {"127.0.0.1"}
