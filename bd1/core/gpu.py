"""What one look at the card says, as plain values. MiB everywhere, signed; unknown is `None`, never 0."""

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class GpuProcess:
    """One process with a context on the card. `used_mib` is `None` where the driver does not say."""

    pid: int
    used_mib: int | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class GpuDetails:
    """The slower readings. Each is `None` where the card or the driver does not support it."""

    utilisation_pct: int | None = None
    temperature_c: int | None = None
    power_w: float | None = None
    power_limit_w: float | None = None
    pstate: int | None = None
    pcie_gen: int | None = None
    pcie_gen_max: int | None = None
    pcie_width: int | None = None
    pcie_width_max: int | None = None
    throttle: tuple[str, ...] | None = None
    """Reasons the clocks are held down, in words ("power cap"); empty when none; `None` unknown."""
    slowdown_c: int | None = None
    """At this temperature the hardware halves its clocks."""
    shutdown_c: int | None = None
    """At this temperature the hardware switches itself off."""
    pcie_replay: int | None = None
    """How often the link had to send something again since the driver was loaded."""
    ecc_uncorrected: int | None = None
    """Memory errors that could not be corrected since the driver was loaded; `None` also where ECC is off."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """Which card, under which driver. `persistence` is `None` where it cannot be read."""

    index: int
    uuid: str
    name: str
    total_mib: int
    driver: str
    persistence: bool | None = None
    reserved_mib: int | None = None
    """What the driver keeps for itself (460 MiB on an RTX 4000 Ada); `None` before NVML's v2 memory call."""


@dataclass(frozen=True, slots=True)
class GpuSample:
    """One look at the card.

    `at_s` is the monotonic time of the reading in seconds: two samples with the same `at_s` are one sample.
    `details` and `processes` are `None` when they were not asked for or could not be read.
    """

    at_s: float
    total_mib: int
    free_mib: int
    processes: tuple[GpuProcess, ...] | None = None
    details: GpuDetails | None = None

    @property
    def used_mib(self) -> int:
        """`total - free`: the same in both versions of NVML's memory call, unlike its `used`."""
        return self.total_mib - self.free_mib

    @property
    def used_pct(self) -> float:
        """Used share of the whole card in per cent, 0 to 100."""
        return 100.0 * self.used_mib / self.total_mib


class Fault(StrEnum):
    """Why a look at the card failed. The value is the word people are shown."""

    NO_DRIVER = "no driver"
    NO_CARD = "no card"
    CARD_NOT_FOUND = "card not found"
    LOST = "lost"
    UNINITIALISED = "uninitialised"
    DRIVER_MISMATCH = "driver mismatch"
    UNKNOWN = "unknown error"
    NO_PERMISSION = "no permission"
    STALLED = "stalled"
    OTHER = "failed"


@dataclass(frozen=True, slots=True)
class ProbeFailure:
    """A look at the card that gave nothing. `reason` is one sentence a person can act on."""

    at_s: float
    fault: Fault
    reason: str


Reading = GpuSample | ProbeFailure
