"""What the card holds beside the live workloads, once a death has settled. It looks, and judges nothing."""

from bd1.core.gate import Look
from bd1.services.hands import Hands

_SETTLE_S = 2.5
"""Memory of the dead comes back 0.5 to 1.5 s later on real cards; what is still there then has been left behind."""
_POLL_S = 0.5


async def floor_after_death(hands: Hands) -> int | None:
    """The lowest `total - free` within some seconds, less what live workloads hold, in MiB.

    `None` when the card cannot be seen, or the driver does not say who holds how much.
    """
    deadline_s = hands.clock.monotonic() + _SETTLE_S
    floors: list[int] = []
    while hands.clock.monotonic() < deadline_s:
        await hands.clock.sleep(_POLL_S)
        look = await hands.card.look_around()
        floor_mib = None if look is None else _floor_mib(hands, look)
        if floor_mib is not None:
            floors.append(floor_mib)
    return min(floors, default=None)


def _floor_mib(hands: Hands, look: Look) -> int | None:
    held_mib = 0
    for holder in look.attribution.holders:
        if holder.workload in hands.settings.workloads:
            if holder.mib is None:
                return None
            held_mib += holder.mib
    return look.sample.used_mib - held_mib
