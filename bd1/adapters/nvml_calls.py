"""The NVML calls of one look at the card, made one after another. Blocks; belongs to one thread; knows no asyncio."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import pynvml

from bd1.adapters.nvml_faults import CARD_IS_GONE, NO_CARD, NO_MEMORY_FIGURE, Trouble, no_such_index, no_such_uuid
from bd1.core.gpu import MIB, CardIdentity, Fault, GpuDetails, GpuProcess, GpuSample
from bd1.ports import Clock

Call = Callable[[Any], Any]
"""An NVML call that needs only the handle of the card."""

_OUTDATED: Final = frozenset(
    {
        pynvml.NVML_ERROR_FUNCTION_NOT_FOUND,
        pynvml.NVML_ERROR_ARGUMENT_VERSION_MISMATCH,
        pynvml.NVML_ERROR_INVALID_ARGUMENT,
        pynvml.NVML_ERROR_NOT_SUPPORTED,
    }
)
"""What a driver answers that does not know this version of a call."""

# An idle card's low clocks are no throttling: bit 0x1 has no word.
_NOT_THROTTLED: Final = 0x1
_THROTTLE_WORDS: Final = {
    0x2: "clock setting",
    0x4: "power cap",
    0x8: "hardware slowdown",
    0x10: "sync boost",
    0x20: "heat (driver)",
    0x40: "heat (hardware)",
    0x80: "power brake",
    0x100: "display clocks",
    0x200: "board limit",
    0x400: "reliability limit",
}


_SLOWDOWN: Final = (pynvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN, pynvml.NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT)
_SHUTDOWN: Final = (pynvml.NVML_TEMPERATURE_THRESHOLD_SHUTDOWN, pynvml.NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT)
"""A limit as NVML names it in degrees, and as the distance that cards from Ada on tell."""


class Session:
    """One initialised NVML and one card. What cannot change while it lives is asked once, here.

    Raises `Trouble` or `NVMLError` when there is no such card. The caller initialises NVML before and shuts it down.
    """

    def __init__(self, index: int, uuid: str | None) -> None:
        self._card = find_card(index, uuid)
        self._memory = self._newest(_memory_v2, pynvml.nvmlDeviceGetMemoryInfo)
        self._temperature = self._newest(_temperature_v1, _temperature_unversioned)
        self._throttle = self._newest(
            pynvml.nvmlDeviceGetCurrentClocksEventReasons, pynvml.nvmlDeviceGetCurrentClocksThrottleReasons
        )
        self._pcie_gen_max: int | None = self._optional(pynvml.nvmlDeviceGetMaxPcieLinkGeneration)
        self._pcie_width_max: int | None = self._optional(pynvml.nvmlDeviceGetMaxPcieLinkWidth)
        self._slowdown_c = self._optional(self._limit(*_SLOWDOWN))
        self._shutdown_c = self._optional(self._limit(*_SHUTDOWN))
        self._has_ecc = self._optional(_ecc_is_on) is True

    def sample(self, clock: Clock, *, details: bool, processes: bool) -> GpuSample:
        """One look, dated when the memory call returned. Raises `Trouble` or `NVMLError`."""
        memory = self._memory(self._card)
        at_s = clock.monotonic()
        if memory.total < MIB:
            raise Trouble(Fault.OTHER, NO_MEMORY_FIGURE)
        return GpuSample(
            at_s,
            memory.total // MIB,
            memory.free // MIB,
            self.processes() if processes else None,
            self.details() if details else None,
        )

    def identity(self) -> CardIdentity:
        """Which card this is. Raises `NVMLError`."""
        memory = self._memory(self._card)
        persistence = self._optional(pynvml.nvmlDeviceGetPersistenceMode)
        return CardIdentity(
            index=pynvml.nvmlDeviceGetIndex(self._card),
            uuid=pynvml.nvmlDeviceGetUUID(self._card),
            name=pynvml.nvmlDeviceGetName(self._card),
            total_mib=memory.total // MIB,
            driver=pynvml.nvmlSystemGetDriverVersion(),
            persistence=None if persistence is None else persistence == pynvml.NVML_FEATURE_ENABLED,
            reserved_mib=memory.reserved // MIB if hasattr(memory, "reserved") else None,
        )

    def details(self) -> GpuDetails:
        """The slower readings. PCIe throughput is not among them: it takes 20 ms in each direction."""
        optional = self._optional
        utilisation = optional(pynvml.nvmlDeviceGetUtilizationRates)
        return GpuDetails(
            utilisation_pct=None if utilisation is None else utilisation.gpu,
            temperature_c=optional(self._temperature),
            power_w=_watts(optional(pynvml.nvmlDeviceGetPowerUsage)),
            power_limit_w=_watts(optional(pynvml.nvmlDeviceGetEnforcedPowerLimit)),
            pstate=_pstate(optional(pynvml.nvmlDeviceGetPerformanceState)),
            pcie_gen=optional(pynvml.nvmlDeviceGetCurrPcieLinkGeneration),
            pcie_gen_max=self._pcie_gen_max,
            pcie_width=optional(pynvml.nvmlDeviceGetCurrPcieLinkWidth),
            pcie_width_max=self._pcie_width_max,
            throttle=throttle_words(optional(self._throttle)),
            slowdown_c=self._slowdown_c,
            shutdown_c=self._shutdown_c,
            pcie_replay=optional(pynvml.nvmlDeviceGetPcieReplayCounter),
            ecc_uncorrected=optional(_ecc_uncorrected) if self._has_ecc else None,
        )

    def processes(self) -> tuple[GpuProcess, ...] | None:
        """Everyone with a context on the card; `None` when either list could not be read.

        A card that knows no graphics contexts at all has an empty list of them, not an unknown one.
        """
        compute = self._optional(pynvml.nvmlDeviceGetComputeRunningProcesses_v3)
        try:
            graphics = pynvml.nvmlDeviceGetGraphicsRunningProcesses_v3(self._card)
        except pynvml.NVMLError as error:
            if error.value in CARD_IS_GONE:
                raise
            graphics = [] if error.value == pynvml.NVML_ERROR_NOT_SUPPORTED else None
        return None if compute is None or graphics is None else _merge((*compute, *graphics))

    def _optional(self, call: Call) -> Any:
        """A side reading: `None` where the card does not give it. A card that went away is still trouble."""
        try:
            return call(self._card)
        except pynvml.NVMLError as error:
            if error.value in CARD_IS_GONE:
                raise
            return None

    def _limit(self, threshold: int, tlimit: int) -> Call:
        """How to ask for a temperature limit: in degrees, or by its distance where the driver tells only that."""

        def by_distance(card: Any) -> int:
            # T.Limit falls to 0 as the GPU reaches its limit; the slowdown lies at -2, say, which is 2 degrees above.
            margin: int = pynvml.nvmlDeviceGetMarginTemperature(card)
            return int(self._temperature(card)) + margin - field_value(card, tlimit)

        return self._newest(lambda card: pynvml.nvmlDeviceGetTemperatureThreshold(card, threshold), by_distance)

    def _newest(self, new: Call, old: Call) -> Call:
        """The new version of a call, or the old one where this driver does not know the new."""
        try:
            new(self._card)
        except pynvml.NVMLError as error:
            if error.value in CARD_IS_GONE:
                raise
            return old if error.value in _OUTDATED else new
        return new


def find_card(index: int, uuid: str | None) -> Any:
    """The handle of the configured card. None at all is a fault: a broken mount must not look like an idle card."""
    count = pynvml.nvmlDeviceGetCount()
    if count == 0:
        raise Trouble(Fault.NO_CARD, NO_CARD)
    if uuid is None:
        if index >= count:
            raise no_such_index(index, count)
        return pynvml.nvmlDeviceGetHandleByIndex(index)
    try:
        return pynvml.nvmlDeviceGetHandleByUUID(uuid)
    except pynvml.NVMLError as error:
        if error.value in {pynvml.NVML_ERROR_NOT_FOUND, pynvml.NVML_ERROR_INVALID_ARGUMENT}:
            raise no_such_uuid(uuid) from error
        raise


def _memory_v2(card: Any) -> Any:
    return pynvml.nvmlDeviceGetMemoryInfo(card, pynvml.nvmlMemory_v2)


def _temperature_v1(card: Any) -> Any:
    return pynvml.nvmlDeviceGetTemperatureV(card, pynvml.NVML_TEMPERATURE_GPU)


def _temperature_unversioned(card: Any) -> Any:
    return pynvml.nvmlDeviceGetTemperature(card, pynvml.NVML_TEMPERATURE_GPU)


def field_value(card: Any, field: int) -> int:
    """One of NVML's numbered fields, a whole number. Raises `NVMLError`, also where the card does not have it."""
    (told,) = pynvml.nvmlDeviceGetFieldValues(card, [field])
    if told.nvmlReturn != pynvml.NVML_SUCCESS:
        raise pynvml.NVMLError(told.nvmlReturn)
    return int(told.value.siVal)


def _ecc_is_on(card: Any) -> bool:
    current, _ = pynvml.nvmlDeviceGetEccMode(card)
    return bool(current == pynvml.NVML_FEATURE_ENABLED)


def _ecc_uncorrected(card: Any) -> int:
    kinds = (pynvml.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, pynvml.NVML_VOLATILE_ECC)
    return int(pynvml.nvmlDeviceGetTotalEccErrors(card, *kinds))


def _watts(milliwatts: int | None) -> float | None:
    return None if milliwatts is None else milliwatts / 1000.0


def _pstate(pstate: int | None) -> int | None:
    return None if pstate == pynvml.NVML_PSTATE_UNKNOWN else pstate


def throttle_words(bits: int | None) -> tuple[str, ...] | None:
    """The reasons in words; a bit this BD-1 has no word for is told as a number."""
    if bits is None:
        return None
    bits &= ~_NOT_THROTTLED
    single = (1 << place for place in range(bits.bit_length()) if bits >> place & 1)
    return tuple(_THROTTLE_WORDS.get(bit, f"reason {bit:#x}") for bit in single)


def _merge(told: Iterable[Any]) -> tuple[GpuProcess, ...]:
    """One entry for each PID: a process in both lists holds its memory once, so the larger figure stands."""
    held: dict[int, int | None] = {}
    for process in told:
        known = held.get(process.pid)
        mib = None if process.usedGpuMemory is None else process.usedGpuMemory // MIB
        held[process.pid] = mib if known is None else max(known, mib or 0)
    return tuple(GpuProcess(pid, mib) for pid, mib in sorted(held.items()))
