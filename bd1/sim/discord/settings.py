"""Every number of the loopback Discord that a test or the demo may want otherwise. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests within a window that starts with the first of them."""

    requests: int
    window_s: float


SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
EDIT_ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
EDIT_FOLLOW_UP = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"


def _observed_limits() -> Mapping[str, Limit]:
    """What bots report to see; Discord publishes no numbers and asks not to rely on any."""
    five = Limit(5, 5.0)
    return MappingProxyType(dict.fromkeys((SEND, EDIT, FOLLOW_UP, EDIT_ORIGINAL, EDIT_FOLLOW_UP), five))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The defaults are Discord's own rules. Durations are seconds, sizes bytes.

    `route_limits` is keyed by "METHOD /route/{template}"; `other_limit` holds for every route not in it.
    `privileged_intents` are the gateway intents switched on for the application, as bits.
    """

    ack_deadline_s: float = 3.0
    token_life_s: float = 900.0
    route_limits: Mapping[str, Limit] = field(default_factory=_observed_limits)
    other_limit: Limit = Limit(50, 1.0)
    global_limit: Limit = Limit(50, 1.0)
    old_after_s: float = 3600.0
    """From this age on, edits of a message fall under `old_edit_limit` (error 30046)."""
    old_edit_limit: Limit = Limit(30, 3600.0)
    nonce_memory_s: float = 180.0
    privileged_intents: int = 0
    heartbeat_interval_s: float = 41.25
    gateway_limit: Limit = Limit(120, 60.0)
    identify_budget: int = 1000
    replay_events: int = 1000
    """How many gateway events a session keeps for a RESUME."""
    file_limit: int = 10 * MIB
    request_limit: int = 25 * MIB
