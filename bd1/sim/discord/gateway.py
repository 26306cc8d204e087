"""The gateway: sockets, the handshake of HELLO, IDENTIFY and RESUME, heartbeats, and Discord's close codes.

Must not know what events mean.
"""

import asyncio
from typing import Any

from aiohttp import WSMsgType, web

from bd1.sim.discord import events
from bd1.sim.discord.compression import Compressor, Plain, compressor
from bd1.sim.discord.connection import Close, Connection, read
from bd1.sim.discord.dispatches import PRIVILEGED, VALID_INTENTS, Dispatches, Intent
from bd1.sim.discord.events import Event
from bd1.sim.discord.faults import Faults, GatewayControls
from bd1.sim.discord.guild_payloads import guild_event
from bd1.sim.discord.limits import Bucket
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.sessions import Session
from bd1.sim.discord.settings import ServerSettings
from bd1.sim.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 1, 2, 3, 4, 6, 7, 8, 9, 10, 11
ACK_AFTER_S = 0.02
"""A line's way there and back. discord.py notes when it has sent a heartbeat after sending it, so an ACK that comes
before that is measured from the heartbeat before: 41 s of lag where there is none."""
KEPT_SESSIONS = 8
_POLITE_CLOSES = {1000, 1001}


class Gateway:
    """All connections and sessions of the application."""

    def __init__(
        self,
        world: World,
        payloads: Payloads,
        dispatches: Dispatches,
        *,
        settings: ServerSettings,
        faults: Faults,
        token: str,
    ) -> None:
        self._world = world
        self._payloads = payloads
        self._dispatches = dispatches
        self._settings = settings
        self._faults = faults
        self._token = token
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self.resume_url = ""
        world.log.listen(self._on_event)
        faults.attach(GatewayControls(self.drop, self._ask_to_reconnect, self._invalidate, self._bring_guild))

    @property
    def bot_online(self) -> bool:
        """Whether a bot is identified and connected."""
        return any(connection.session is not None for connection in self._connections)

    def _on_event(self, event: Event) -> None:
        if not self._sessions:
            return
        dispatch = self._dispatches.of(event)
        if dispatch is None:
            return
        for session in self._sessions.values():
            data = dispatch.for_session(session.intents, self._world.bot_id)
            if data is not None:
                self._tell(session, dispatch.name, data)

    def _tell(self, session: Session, name: str, data: Any) -> None:
        if self._faults.silent_gateway:
            session.send, way = None, session.send
            session.dispatch(name, data)
            session.send = way
        else:
            session.dispatch(name, data)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serves one connection from handshake to close."""
        if self._faults.for_handshake():
            self._world.log.record(events.GatewayRefused(503))
            return web.Response(status=503)
        compress = compressor(request.query.get("compress"))
        connection = Connection(request, compress or Plain(), Bucket(self._settings.gateway_limit))
        await connection.socket.prepare(request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        try:
            _check_dialect(request, compress)
            await self._converse(connection)
        except Close as close:
            connection.end(close.code)
            await writer
        finally:
            writer.cancel()
            self._left(connection)
        return connection.socket

    async def _converse(self, connection: Connection) -> None:
        interval_s = self._settings.heartbeat_interval_s
        connection.send(HELLO, {"heartbeat_interval": int(interval_s * 1000), "_trace": []})
        while (frame := await connection.receive(interval_s * 2)).type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            if not connection.limit.take(asyncio.get_running_loop().time()).allowed:
                raise Close(4008)
            self._obey(connection, *read(frame))
        code = connection.socket.close_code
        if not connection.ended_here:
            connection.close_code = None if code == 1006 else code

    def _left(self, connection: Connection) -> None:
        self._connections.discard(connection)
        session, code = connection.session, connection.close_code
        if session is not None:
            session.send = None
            connection.session = None
            if code in _POLITE_CLOSES and not connection.ended_here:
                self._sessions.pop(session.id, None)
        self._world.log.record(events.GatewayClosed(session.id if session else None, code))

    def _obey(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            if not self._faults.mute_heartbeats:
                asyncio.get_running_loop().call_later(ACK_AFTER_S, connection.send, ACK, None)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            raise Close(4003)
        elif op == MEMBERS:
            self._send_members(connection.session, data)
        elif op not in {PRESENCE, VOICE}:
            raise Close(4001)

    def _check_token(self, data: Any) -> None:
        given = data.get("token", "") if isinstance(data, dict) else ""
        if self._faults.token_revoked or given.removeprefix("Bot ") != self._token:
            raise Close(4004)

    def _identify(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Close(4005)
        self._check_token(data)
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~VALID_INTENTS:
            raise Close(4013)
        enabled = self._settings.privileged_intents & ~self._faults.denied_intents
        if intents & (PRIVILEGED | self._faults.denied_intents) & ~enabled:
            raise Close(4014)
        shard = data.get("shard")
        session = Session(intents=intents, shard=tuple(shard) if shard else None, keep=self._settings.replay_events)
        self._forget_the_stale()
        self._sessions[session.id] = session
        self._join(connection, session)
        self._greet(session)
        self._world.log.record(events.GatewayConnected(session.id))

    def _forget_the_stale(self) -> None:
        """Lets go of the oldest sessions that nobody came back for."""
        left = [session for session in self._sessions.values() if session.send is None]
        for session in left[: max(0, len(left) - KEPT_SESSIONS)]:
            del self._sessions[session.id]

    @staticmethod
    def _join(connection: Connection, session: Session) -> None:
        connection.session = session
        session.send = connection.send_text

    def _greet(self, session: Session) -> None:
        guild_id = str(self._world.seed.guild_id)
        application = self._payloads.application(self._settings.privileged_intents)
        ready: dict[str, Any] = {
            "v": 10,
            "user": self._payloads.me(),
            "guilds": [{"id": guild_id, "unavailable": True}],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.resume_url,
            "application": {"id": application["id"], "flags": application["flags"]},
        }
        session.dispatch("READY", ready | ({"shard": session.shard} if session.shard else {}))
        if not self._faults.guild_away:
            self._bring_guild_to(session)

    def _bring_guild_to(self, session: Session) -> None:
        if session.intents & Intent.GUILDS:
            everyone = bool(session.intents & Intent.GUILD_PRESENCES and session.intents & Intent.GUILD_MEMBERS)
            session.dispatch("GUILD_CREATE", guild_event(self._world, self._payloads, with_everyone=everyone))

    def _resume(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise Close(4005)
        self._check_token(data)
        session = self._sessions.get(data.get("session_id") or "")
        sequence = data.get("seq") or 0
        if session is None or not session.can_replay(sequence):
            connection.send(INVALID, False)
            return
        missed = session.missed(sequence)
        for payload in missed:
            connection.send_text(payload)
        self._join(connection, session)
        session.dispatch("RESUMED", {"_trace": []})
        self._world.log.record(events.GatewayResumed(session.id, len(missed)))

    def _send_members(self, session: Session, data: Any) -> None:
        wanted = data.get("user_ids")
        if wanted is None and not session.intents & Intent.GUILD_MEMBERS and not data.get("query"):
            return
        ids = {int(user_id) for user_id in (wanted if isinstance(wanted, list) else [wanted])} if wanted else None
        prefix = (data.get("query") or "").lower()
        found = [
            self._payloads.member(member)
            for member in self._world.members.values()
            if (ids is None or member.user_id in ids)
            and self._world.users[member.user_id].name.lower().startswith(prefix)
        ]
        chunk: dict[str, Any] = {"guild_id": str(self._world.seed.guild_id), "members": found}
        chunk |= {"chunk_index": 0, "chunk_count": 1, "not_found": []}
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if data.get("nonce") else {}))

    def drop(self, code: int | None) -> None:
        """Ends every connection, with a close code or by cutting the line. Sessions stay."""
        for connection in tuple(self._connections):
            connection.end(code)

    def _ask_to_reconnect(self) -> None:
        for connection in tuple(self._connections):
            connection.send(RECONNECT, None)

    def _bring_guild(self) -> None:
        for session in self._sessions.values():
            self._bring_guild_to(session)

    def _invalidate(self, resumable: bool) -> None:
        for connection in tuple(self._connections):
            if connection.session is not None and not resumable:
                self._sessions.pop(connection.session.id, None)
            connection.send(INVALID, resumable)


def _check_dialect(request: web.Request, compress: Compressor | None) -> None:
    if request.query.get("v", "10") != "10":
        raise Close(4012)
    if compress is None or request.query.get("encoding", "json") != "json":
        raise Close(4002)
