"""A watchdog of a test's own on the rig's card: the test protects, and says what is normal."""

from collections.abc import Awaitable, Callable

from bd1.services.watchdog import Watchdog
from tests.services.rig import Rig


def watchdog_of(rig: Rig, protect: Callable[[str], Awaitable[None]], normal_mib: int | None = None) -> Watchdog:
    return Watchdog(
        rig.settings,
        rig.card,
        rig.alerts,
        rig.clock,
        protect=protect,
        normal=lambda: normal_mib,
        seen=rig.hardware.consider,
        beat=rig.beats.append,
    )
