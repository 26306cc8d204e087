"""The simulated card itself: its numbers, its warmth and what may be wrong with it; knows nothing of who uses it."""

import math
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from bd1.core.gpu import CardIdentity, GpuDetails

TOTAL_MIB = 20475
RESERVED_MIB = 460
"""What driver 595.84 keeps for itself on an RTX 4000 Ada: an idle card shows 460 MiB as `total - free`."""

NAME = "NVIDIA RTX 4000 Ada Generation"
UUID = "GPU-4d696c6c-656e-6e69-756d-46616c636f6e"
DRIVER = "595.84"
NEXT_DRIVER = "596.21"
POWER_LIMIT_W = 130.0
POWER_IDLE_W = 13.0
POWER_FULL_W = 121.0
COOL_C = 37.0
HOT_C = 76.0
"""Where the temperature settles at rest and under full load."""

SLOWDOWN_C = 92
SHUTDOWN_C = 95
WARMING_S = 28.0
WAKING_S = 0.6
"""Time constants of the temperature and of the utilisation."""


XidListener = Callable[[int, int | None], None]
"""Hears an Xid's code, and what the driver advises, where it tells that."""


class CardFault(StrEnum):
    """What is wrong with the card or its driver."""

    LOST = "lost"
    HANGS = "hangs"
    UNKNOWN = "unknown"
    MISMATCH = "mismatch"
    UNINITIALISED = "uninitialised"


class Card:
    """An RTX 4000 Ada whose readings follow the load it is given, slowly and without any chance in them."""

    def __init__(self) -> None:
        self.fault: CardFault | None = None
        self.driver = DRIVER
        self._utilisation = 0.0
        self._temperature_c = COOL_C
        self._moment_s = 0.0
        self._shown: dict[str, Any] = {}
        self._listeners: list[XidListener] = []

    def show(self, **readings: Any) -> None:
        """Lets fields of `GpuDetails` read so, whatever the load is, until `show_itself`; `None` is not told at all."""
        self._shown |= readings

    def show_itself(self) -> None:
        """Every reading is the card's own again."""
        self._shown.clear()

    def raise_xid(self, code: int, detail: int | None = None) -> None:
        """Lets the driver report an Xid now; whoever does not listen never hears of it."""
        for listener in tuple(self._listeners):
            listener(code, detail)

    def on_xid(self, listener: XidListener) -> Callable[[], None]:
        """Calls back with each Xid as it happens; the answer ends that. The callback must not wait."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def move(self, now_s: float, stretch_s: float, load_pct: float) -> None:
        """Lets `stretch_s` pass under `load_pct` of full load."""
        self._moment_s = now_s
        self._utilisation = _toward(self._utilisation, load_pct, stretch_s / WAKING_S)
        self._temperature_c = _toward(
            self._temperature_c, COOL_C + (HOT_C - COOL_C) * load_pct / 100, stretch_s / WARMING_S
        )

    def identity(self) -> CardIdentity:
        """Which card and driver this is."""
        return CardIdentity(0, UUID, NAME, TOTAL_MIB, self.driver, persistence=True, reserved_mib=RESERVED_MIB)

    def details(self) -> GpuDetails:
        """The slower readings."""
        power_w = POWER_IDLE_W + (POWER_FULL_W - POWER_IDLE_W) * self._utilisation / 100 + self._wobble(7.0)
        own = GpuDetails(
            utilisation_pct=round(self._utilisation),
            temperature_c=round(self._temperature_c + self._wobble(41.0)),
            power_w=round(power_w, 1),
            power_limit_w=POWER_LIMIT_W,
            pstate=self._pstate(),
            pcie_gen=4 if self._awake else 1,
            pcie_gen_max=4,
            pcie_width=16,
            pcie_width_max=16,
            throttle=(),
            slowdown_c=SLOWDOWN_C,
            shutdown_c=SHUTDOWN_C,
            pcie_replay=0,
        )
        return replace(own, **self._shown)

    @property
    def _awake(self) -> bool:
        return self._utilisation >= 1.0

    def _pstate(self) -> int:
        if not self._awake:
            return 8
        return 0 if self._utilisation > 50 else 2

    def _wobble(self, period_s: float) -> float:
        return 0.6 * math.sin(2 * math.pi * self._moment_s / period_s)


def _toward(value: float, goal: float, constants: float) -> float:
    return goal + (value - goal) * math.exp(-constants)
