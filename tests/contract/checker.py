"""Holds every REST exchange against Discord's specification and the hand-written rules. Must not answer any."""

from collections.abc import Callable, Mapping
from typing import Any

from bd1.sim.discord.events import Exchange
from bd1.sim.discord.rules import Violation, check_callback, check_command, check_commands, check_message
from tests.contract.specification import Specification

_MESSAGES = "/channels/{channel_id}/messages"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"

Rule = Callable[[Any], tuple[Violation, ...]]

_HAND_RULES: Mapping[str, Rule] = {
    f"POST {_MESSAGES}": check_message,
    f"PATCH {_MESSAGES}/{{message_id}}": lambda body: check_message(body, edit=True),
    f"POST {_WEBHOOK}": lambda body: check_message(body, webhook=True),
    f"PATCH {_WEBHOOK}/messages/@original": lambda body: check_message(body, edit=True, webhook=True),
    f"PATCH {_WEBHOOK}/messages/{{message_id}}": lambda body: check_message(body, edit=True, webhook=True),
    "POST /interactions/{interaction_id}/{interaction_token}/callback": check_callback,
    f"PUT {_COMMANDS}": lambda body: check_commands(body, guild=False),
    f"PUT {_GUILD_COMMANDS}": lambda body: check_commands(body, guild=True),
    f"POST {_COMMANDS}": check_command,
    f"POST {_GUILD_COMMANDS}": lambda body: check_command(body, guild=True),
}


class ContractChecker:
    """Collects what was wrong in the exchanges it is called with; put it into a server's `on_exchange`.

    A request that was refused (4xx) may be as wrong as it likes, its refusal not. Without a specification only the
    hand-written rules are held.
    """

    def __init__(self, specification: Specification | None) -> None:
        self._specification = specification
        self.problems: list[str] = []
        self.seen: list[str] = []
        """Method and route of every exchange, in order."""

    def __call__(self, exchange: Exchange) -> None:
        route = f"{exchange.method} {exchange.route_template}"
        self.seen.append(route)
        accepted = exchange.status < 400
        if accepted:
            self._note(route, "request", _by_hand(route, exchange))
        if self._specification is not None:
            self._hold(self._specification, route, exchange, accepted=accepted)

    def _hold(self, specification: Specification, route: str, exchange: Exchange, *, accepted: bool) -> None:
        method, template = exchange.method, exchange.route_template
        if not specification.knows(method, template):
            if accepted:
                self._note(route, "request", ["the specification has no such route"])
            return
        if accepted:
            body = exchange.request_json
            self._note(route, "request", specification.request_faults(method, template, body))
        if exchange.status < 500:
            faults = specification.response_faults(method, template, exchange.status, exchange.response_json)
            self._note(route, f"answer {exchange.status}", faults)

    def _note(self, route: str, what: str, faults: list[str]) -> None:
        self.problems += [f"{route}, {what}: {fault}" for fault in faults]

    def assert_clean(self) -> None:
        """Fails with every problem on its line, and also when no exchange was seen at all."""
        assert self.seen, "no exchange was seen: is the checker in the server's on_exchange?"
        unique = list(dict.fromkeys(self.problems))
        assert not unique, "\n".join([f"{len(unique)} breaches of Discord's contract:", *unique])


def _by_hand(route: str, exchange: Exchange) -> list[str]:
    rule, body = _HAND_RULES.get(route), exchange.request_json
    if rule is None or body is None:
        return []
    if isinstance(body, dict) and (exchange.request_content_type or "").startswith("multipart/"):
        body = {"attachments": [{"id": 0}], **body}
    return [f"{violation.path or 'body'}: {violation.message}" for violation in rule(body)]
