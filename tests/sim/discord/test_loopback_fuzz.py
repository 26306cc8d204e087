"""Whatever JSON a bot sends, the loopback Discord answers as Discord would: never with an error of its own."""

from typing import Any

import aiohttp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bd1.sim.discord.seed import BOT_ID, BRIDGE_ID, GUILD_ID
from bd1.sim.discord.server import LoopbackDiscord
from bd1.sim.discord.settings import Limit, ServerSettings

FREE = Limit(10**9, 1.0)
MESSAGE_KEYS = ["content", "embeds", "components", "attachments", "flags", "nonce", "allowed_mentions", "enforce_nonce"]
KEYS = [*MESSAGE_KEYS, "message_reference", "message_id", "type", "data", "id", "name", "title", "fields", "parse"]
KEYS += ["users", "url", "options", "custom_id", "description", "choices", "value", "recipient_id"]


def keyed(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(KEYS), values, max_size=5)


leaf = st.none() | st.booleans() | st.integers(-5, 1 << 40) | st.text(max_size=8) | st.sampled_from(["1", "users"])
anything = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | keyed(inner), max_leaves=8)


bodies = keyed(anything)
ROUTES = st.sampled_from(
    [
        ("POST", f"/channels/{BRIDGE_ID}/messages"),
        ("PATCH", f"/channels/{BRIDGE_ID}/messages/{{message}}"),
        ("POST", f"/channels/{BRIDGE_ID}/messages/{{message}}/threads"),
        ("PUT", f"/applications/{BOT_ID}/guilds/{GUILD_ID}/commands"),
        ("POST", f"/applications/{BOT_ID}/commands"),
        ("POST", "/users/@me/channels"),
        ("POST", "/interactions/{interaction}/callback"),
        ("PATCH", f"/webhooks/{BOT_ID}/{{answered}}/messages/@original"),
        ("POST", f"/webhooks/{BOT_ID}/{{answered}}"),
    ]
)


async def places(server: LoopbackDiscord, session: aiohttp.ClientSession) -> dict[str, str]:
    """A message of the bot, an interaction that waits and one that is answered."""
    messages = f"{server.api_base}/channels/{BRIDGE_ID}/messages"
    commands = f"{server.api_base}/applications/{BOT_ID}/guilds/{GUILD_ID}/commands"
    async with session.post(messages, json={"content": "x"}) as response:
        message = (await response.json())["id"]
    async with session.post(commands, json={"name": "ping", "description": "x"}):
        leia = server.person("leia")
    waiting, answered = await leia.slash("ping", channel="bridge"), await leia.slash("ping", channel="bridge")
    callback = f"{server.api_base}/interactions/{answered.id}/{answered.token}/callback"
    async with session.post(callback, json={"type": 5}) as response:
        assert response.status == 204
    return {"message": message, "interaction": f"{waiting.id}/{waiting.token}", "answered": answered.token}


# shrinking would start hundreds of servers: the first body found says enough
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(st.tuples(ROUTES, bodies | st.lists(bodies, max_size=2)), min_size=5, max_size=20))
async def test_no_json_makes_the_server_fall_over(requests: list[tuple[tuple[str, str], Any]]) -> None:
    statuses = []
    free = ServerSettings(route_limits={}, other_limit=FREE, global_limit=FREE, ack_deadline_s=60.0)
    async with (
        LoopbackDiscord(settings=free) as server,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session,
    ):
        known = await places(server, session)
        for (method, path), body in requests:
            async with session.request(method, server.api_base + path.format(**known), json=body) as response:
                statuses.append(response.status)
        for message in server.messages("bridge"):
            async with session.get(f"{server.api_base}/channels/{BRIDGE_ID}/messages/{message.id}") as response:
                statuses.append(response.status)
    assert all(status < 500 for status in statuses)
