"""REST routes about who and where: the bot itself, its application and commands, guild, channels, members."""

from collections.abc import Sequence

from bd1.sim.discord.guild_payloads import guild
from bd1.sim.discord.model import Channel, ChannelKind, Json
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.permissions import Permission
from bd1.sim.discord.refusals import form_refusal, refusal
from bd1.sim.discord.registry import CommandRegistry
from bd1.sim.discord.rest import Call, Reply, Route
from bd1.sim.discord.rules import Violation, check_command, check_commands
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import World


class GuildRoutes:
    """Guild, channels, members, users."""

    def __init__(self, world: World, payloads: Payloads, settings: ServerSettings) -> None:
        self._world = world
        self._payloads = payloads
        self._settings = settings

    def routes(self) -> list[Route]:
        """What is served here."""
        return [
            Route("GET", "/users/@me", lambda _call: Reply(json=self._payloads.me())),
            Route("GET", "/users/@me/guilds", lambda _call: Reply(json=[self._short_guild()])),
            Route("POST", "/users/@me/channels", self._direct),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/applications/@me", self._application),
            Route("GET", "/guilds/{guild_id}", self._guild),
            Route("GET", "/guilds/{guild_id}/channels", self._channels),
            Route("GET", "/guilds/{guild_id}/threads/active", self._threads),
            Route("GET", "/guilds/{guild_id}/roles", self._roles),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
            Route("GET", "/channels/{channel_id}", self._channel),
        ]

    def _application(self, _call: Call) -> Reply:
        return Reply(json=self._payloads.application(self._settings.privileged_intents))

    def _short_guild(self) -> Json:
        seed = self._world.seed
        permissions = str(int(self._world.guild_permissions(self._world.bot_id)))
        shown: Json = {"id": str(seed.guild_id), "name": seed.guild_name, "icon": None, "banner": None}
        return shown | {"owner": False, "permissions": permissions, "features": []}

    def _direct(self, call: Call) -> Reply:
        recipient = str(call.body.object().get("recipient_id", ""))
        if not recipient.isdecimal() or int(recipient) not in self._world.users:
            raise refusal(10013)
        if int(recipient) == self._world.bot_id:
            raise refusal(50007)
        return Reply(json=self._payloads.channel(self._world.direct_channel(int(recipient))))

    def _user(self, call: Call) -> Reply:
        if call.id("user_id") not in self._world.users:
            raise refusal(10013)
        return Reply(json=self._payloads.user(call.id("user_id")))

    def _in_guild(self, call: Call) -> None:
        if call.id("guild_id") != self._world.seed.guild_id:
            raise refusal(10004)

    def _guild(self, call: Call) -> Reply:
        self._in_guild(call)
        return Reply(json=guild(self._world, self._payloads))

    def _channels(self, call: Call) -> Reply:
        self._in_guild(call)
        own = [c for c in self._world.channels.values() if c.kind is ChannelKind.TEXT]
        return Reply(json=[self._payloads.channel(channel) for channel in own])

    def _threads(self, call: Call) -> Reply:
        self._in_guild(call)
        threads = [c for c in self._world.channels.values() if c.kind is ChannelKind.PUBLIC_THREAD]
        seen = [c for c in threads if self._world.may(self._world.bot_id, c, Permission.VIEW_CHANNEL)]
        return Reply(json={"threads": [self._payloads.channel(c) for c in seen], "members": []})

    def _roles(self, call: Call) -> Reply:
        self._in_guild(call)
        return Reply(json=[self._payloads.role(role) for role in self._world.roles.values()])

    def _member(self, call: Call) -> Reply:
        self._in_guild(call)
        member = self._world.members.get(call.id("user_id"))
        if member is None:
            raise refusal(10007)
        return Reply(json=self._payloads.member(member))

    def _channel(self, call: Call) -> Reply:
        return Reply(json=self._payloads.channel(seen_channel(self._world, call)))


def seen_channel(world: World, call: Call) -> Channel:
    """The channel a call names; refuses one that is not there (10003) or that the bot may not see (50001)."""
    channel = world.channels.get(call.id("channel_id"))
    if channel is None:
        raise refusal(10003)
    if not world.may(world.bot_id, channel, Permission.VIEW_CHANNEL):
        raise refusal(50001)
    return channel


class CommandRoutes:
    """The application's commands, global and for the guild."""

    def __init__(self, world: World, registry: CommandRegistry) -> None:
        self._world = world
        self._registry = registry

    def routes(self) -> list[Route]:
        """What is served here, under both scopes."""
        found: list[Route] = []
        for scope in ("", "/guilds/{guild_id}"):
            all_of_them = f"/applications/{{application_id}}{scope}/commands"
            one_of_them = all_of_them + "/{command_id}"
            found += [
                Route("GET", all_of_them, self._list),
                Route("PUT", all_of_them, self._replace),
                Route("POST", all_of_them, self._put),
                Route("GET", one_of_them, self._get),
                Route("PATCH", one_of_them, self._change),
                Route("DELETE", one_of_them, self._remove),
            ]
        return found

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.bot_id:
            raise refusal(50001)
        if "guild_id" not in call.params:
            return None
        if call.id("guild_id") != self._world.seed.guild_id:
            raise refusal(50001)
        return self._world.seed.guild_id

    def _list(self, call: Call) -> Reply:
        return Reply(json=self._registry.listed(self._scope(call)))

    def _replace(self, call: Call) -> Reply:
        scope = self._scope(call)
        payloads = call.body.array()
        _check(check_commands(payloads, guild=scope is not None))
        return Reply(json=self._registry.replace(scope, payloads))

    def _put(self, call: Call) -> Reply:
        scope = self._scope(call)
        _check(check_command(call.body.object(), guild=scope is not None))
        made, new = self._registry.put(scope, call.body.object())
        return Reply(201 if new else 200, made)

    def _existing(self, call: Call) -> Json:
        found = self._registry.get(self._scope(call), call.id("command_id"))
        if found is None:
            raise refusal(10063)
        return found

    def _get(self, call: Call) -> Reply:
        return Reply(json=self._existing(call))

    def _change(self, call: Call) -> Reply:
        given = {"id", "application_id", "version", "guild_id"}
        kept = {key: value for key, value in self._existing(call).items() if key not in given}
        changed = kept | call.body.object()
        _check(check_command(changed, guild=self._scope(call) is not None))
        if changed["name"] != kept["name"]:
            self._registry.remove(self._scope(call), call.id("command_id"))
        made, _new = self._registry.put(self._scope(call), changed)
        return Reply(json=made)

    def _remove(self, call: Call) -> Reply:
        if not self._registry.remove(self._scope(call), call.id("command_id")):
            raise refusal(10063)
        return Reply(204)


def _check(violations: Sequence[Violation]) -> None:
    if violations:
        raise form_refusal(violations)
