"""How Discord says no: status, code and body of every refusal. Must not decide when."""

from collections.abc import Iterable
from typing import Any

from bd1.sim.discord.rules import Violation

_REFUSALS: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "You cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
}


class Refusal(Exception):
    """Discord's no to a request: `status`, and the JSON `body` with `code` and `message`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def refusal(code: int) -> Refusal:
    """The refusal with one of Discord's published codes."""
    status, message = _REFUSALS[code]
    return Refusal(status, {"message": message, "code": code})


def plain(status: int, message: str) -> Refusal:
    """A refusal without a code of its own, as for a wrong token or an unknown route."""
    return Refusal(status, {"message": f"{status}: {message}", "code": 0})


def form_refusal(violations: Iterable[Violation]) -> Refusal:
    """The refusal of a body that breaks rules, each at its path ("embeds.0.title"). Needs at least one violation."""
    found = list(violations)
    special = next((v for v in found if v.error_code != 50035), None)
    if special is not None:
        status = _REFUSALS.get(special.error_code, (400, ""))[0]
        return Refusal(status, {"message": special.message, "code": special.error_code})
    errors: dict[str, Any] = {}
    for violation in found:
        place = errors
        for step in violation.path.split(".") if violation.path else ():
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": violation.code, "message": violation.message})
    return Refusal(400, {"message": "Invalid Form Body", "code": 50035, "errors": errors})
