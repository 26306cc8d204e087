"""Discord's part of `bd1 check`, over plain HTTP: token, application, servers, channels, roles. It posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bd1.check_finding import Finding, bad, fine, note, warning
from bd1.core.settings import DiscordSettings

API = "https://discord.com/api/v10"
"""Discord's own address, where `discord.api_base` is not set."""

_MESSAGE_CONTENT = 1 << 18 | 1 << 19
"""Application flags GATEWAY_MESSAGE_CONTENT and GATEWAY_MESSAGE_CONTENT_LIMITED: either is enough."""

_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 38
"""View channels, send messages, embed links, attach files, read history, send in threads."""

_OK, _UNAUTHORISED, _TOO_MANY = 200, 401, 429
_SERVER_TROUBLE = 500
_PORTAL = "discord.com/developers/applications"


@dataclass(frozen=True, slots=True)
class _Seen:
    """The channels and roles of the servers that could be read, and whether all could."""

    channels: frozenset[int]
    roles: frozenset[int]
    complete: bool


class _Unreachable(Exception):
    """Discord did not answer as Discord does."""


async def check_discord(
    settings: DiscordSettings, environ: Mapping[str, str], http: aiohttp.ClientSession
) -> list[Finding]:
    """Everything about Discord that can be read with the token. The token is never part of a finding."""
    token = environ.get(settings.token_env, "").strip()
    if not token:
        fix = f"Copy it from {_PORTAL} (Bot, Reset Token) and set {settings.token_env}, for example in an .env file."
        return [bad("Discord", f"The environment variable {settings.token_env} holds no bot token.", fix)]
    api = _Api(settings.api_base or API, token, http)
    try:
        return await _with_token(settings, api)
    except _Unreachable as trouble:
        return [bad("Discord", str(trouble), "See whether this machine reaches discord.com, then look again.")]


class _Api:
    """Reads from Discord's REST interface."""

    def __init__(self, base: str, token: str, http: aiohttp.ClientSession) -> None:
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (bd1, check)"}
        self._http = http

    async def get(self, route: str) -> tuple[int, Any]:
        """Status and JSON. Raises `_Unreachable` when there is no answer, or none that Discord would give."""
        try:
            async with self._http.get(self._base + route, headers=self._headers) as answer:
                if answer.status >= _SERVER_TROUBLE:
                    raise _Unreachable(f"Discord is in trouble itself (HTTP {answer.status}).")
                if answer.status == _TOO_MANY:
                    raise _Unreachable("Discord asks to be left alone for a minute (HTTP 429).")
                return answer.status, await answer.json(content_type=None)
        except ValueError:
            raise _Unreachable("What answers is not Discord (no JSON).") from None
        except aiohttp.ClientError as trouble:
            raise _Unreachable(f"Discord cannot be reached ({type(trouble).__name__}).") from None


async def _with_token(settings: DiscordSettings, api: _Api) -> list[Finding]:
    status, me = await api.get("/users/@me")
    if status == _UNAUTHORISED:
        fix = f"Reset it at {_PORTAL} (Bot, Reset Token) and set {settings.token_env} to the new one."
        return [bad("Discord", f"Discord refuses the token in {settings.token_env}.", fix)]
    if status != _OK or not isinstance(me, dict):
        raise _Unreachable(f"Discord answered HTTP {status} to the question who this bot is.")
    findings = [fine("Discord", f"The token works: this is {me.get('username', 'a bot without a name')}.")]
    findings += await _intents(settings, api)
    findings += await _servers(settings, api, str(me.get("id", "")))
    return findings


async def _intents(settings: DiscordSettings, api: _Api) -> list[Finding]:
    if not settings.message_content:
        if not settings.chat_channel_ids:
            return []
        text = "discord.chat_channel_ids has no effect while discord.message_content is false."
        return [warning("Discord", text, "Set message_content: true, or empty chat_channel_ids.")]
    status, application = await api.get("/applications/@me")
    if status != _OK or not isinstance(application, dict):
        return [note("Discord", f"Whether Message Content is switched on could not be read (HTTP {status}).")]
    if int(application.get("flags") or 0) & _MESSAGE_CONTENT:
        return [fine("Discord", "The Message Content intent is on.")]
    fix = f"Switch it on at {_PORTAL} (Bot, Privileged Gateway Intents), or set message_content: false."
    return [bad("Discord", "discord.message_content is true, but the Message Content intent is off.", fix)]


async def _servers(settings: DiscordSettings, api: _Api, bot_id: str) -> list[Finding]:
    findings: list[Finding] = []
    if not settings.guild_ids:
        fix = "Set discord.guild_ids in the configuration (right-click the server, Copy Server ID)."
        findings.append(bad("Discord", "No server is configured, so BD-1 would obey nobody.", fix))
    channels: set[int] = set()
    roles: set[int] = set()
    joined = 0
    for guild_id in settings.guild_ids:
        status, guild = await api.get(f"/guilds/{guild_id}")
        if status != _OK:
            findings.append(_not_joined(guild_id, bot_id))
            continue
        joined += 1
        findings.append(fine("Discord", f"It has joined {guild.get('name', guild_id)}."))
        channels |= _ids((await api.get(f"/guilds/{guild_id}/channels"))[1])
        roles |= _ids((await api.get(f"/guilds/{guild_id}/roles"))[1])
    complete = 0 < joined == len(settings.guild_ids)
    return findings + _places(settings, _Seen(frozenset(channels), frozenset(roles), complete))


def _not_joined(guild_id: int, bot_id: str) -> Finding:
    invite = "https://discord.com/oauth2/authorize?scope=bot+applications.commands"
    fix = f"Invite it: {invite}&permissions={_PERMISSIONS}&client_id={bot_id}&guild_id={guild_id}"
    return bad("Discord", f"It has not joined the server {guild_id} of discord.guild_ids.", fix)


def _ids(answer: Any) -> set[int]:
    return {int(each["id"]) for each in answer} if isinstance(answer, list) else set()


def _places(settings: DiscordSettings, seen: _Seen) -> list[Finding]:
    """The configured channels and roles, as far as the servers could be read."""
    channels = {"chat_channel_ids": settings.chat_channel_ids}
    if settings.alert_channel_id is not None:
        channels = {"alert_channel_id": (settings.alert_channel_id,), **channels}
    roles = {
        "operator_role_ids": settings.operator_role_ids,
        "user_role_ids": settings.user_role_ids,
        "chat_role_ids": settings.chat_role_ids,
        "model_role_ids": settings.model_role_ids,
    }
    findings = [_place(key, "channel", ids, seen.channels, seen) for key, ids in channels.items() if ids]
    findings += [_place(key, "role", ids, seen.roles, seen) for key, ids in roles.items() if ids]
    if settings.alert_channel_id is None:
        text = "No alert channel is configured: alerts are only logged."
        findings.append(warning("Discord", text, "Set discord.alert_channel_id in the configuration."))
    return findings


def _place(key: str, what: str, ids: tuple[int, ...], known: frozenset[int], seen: _Seen) -> Finding:
    missing = [str(number) for number in ids if number not in known]
    if not missing:
        return fine("Discord", f"discord.{key}: {len(ids)} of {len(ids)} found.")
    if not seen.complete:
        return note("Discord", f"discord.{key}: not looked at, as a server could not be read.")
    fix = f"Copy the id again (right-click the {what}, Copy ID), or see whether the bot may view it."
    return bad("Discord", f"discord.{key}: there is no {what} {', '.join(missing)}.", fix)
