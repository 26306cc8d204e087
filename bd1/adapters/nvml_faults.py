"""What each NVML error means to the person who runs the machine. It asks the card nothing."""

from typing import Final

import pynvml

from bd1.core.gpu import Fault

NO_CARD: Final = (
    "The NVIDIA driver shows no GPU: check that BD-1's container was given the GPU, "
    "and that the host still passes the card through to this guest."
)
NO_MEMORY_FIGURE: Final = "This GPU does not tell how much memory it has in use, so BD-1 cannot guard it."
CLOSED: Final = "BD-1 has let go of the card because it is stopping."

_GONE = (
    "The GPU is no longer there: check on the host that the card is still passed through to this guest, "
    "and restart the guest."
)

_SENTENCES: Final[dict[int, tuple[Fault, str]]] = {
    pynvml.NVML_ERROR_LIBRARY_NOT_FOUND: (
        Fault.NO_DRIVER,
        (
            "NVIDIA's library libnvidia-ml.so.1 is not here: install the NVIDIA driver in the guest, "
            "and start BD-1's container with access to the GPU."
        ),
    ),
    pynvml.NVML_ERROR_DRIVER_NOT_LOADED: (
        Fault.NO_DRIVER,
        (
            "The NVIDIA driver is not loaded: run `modprobe nvidia` in the guest (not on the host), "
            "and see `dmesg` there if it fails."
        ),
    ),
    pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH: (
        Fault.DRIVER_MISMATCH,
        (
            "The NVIDIA driver and its library are of different versions, as after an update: "
            "reboot the guest (not the host), then recreate BD-1's container."
        ),
    ),
    pynvml.NVML_ERROR_GPU_IS_LOST: (
        Fault.LOST,
        (
            "The GPU has fallen off the bus: shut the guest down and restart the host, "
            "because restarting only the guest seldom brings the card back."
        ),
    ),
    pynvml.NVML_ERROR_RESET_REQUIRED: (
        Fault.LOST,
        "The GPU must be reset before it can be used again: restart the guest, and the host if that does not help.",
    ),
    pynvml.NVML_ERROR_UNINITIALIZED: (
        Fault.UNINITIALISED,
        (
            "The NVIDIA driver no longer knows BD-1, as after a reload of the driver: "
            "BD-1 signs in again by itself; restart it if this stays."
        ),
    ),
    pynvml.NVML_ERROR_GPU_NOT_FOUND: (Fault.CARD_NOT_FOUND, _GONE),
    pynvml.NVML_ERROR_NOT_FOUND: (Fault.CARD_NOT_FOUND, _GONE),
    pynvml.NVML_ERROR_NO_PERMISSION: (
        Fault.NO_PERMISSION,
        "BD-1 may not use the GPU: give its user or its container access to the /dev/nvidia* devices.",
    ),
    pynvml.NVML_ERROR_NOT_SUPPORTED: (Fault.OTHER, NO_MEMORY_FIGURE),
    pynvml.NVML_ERROR_UNKNOWN: (
        Fault.UNKNOWN,
        (
            "The NVIDIA driver answers with an unknown error: after `systemctl daemon-reload` in the guest "
            "a container loses the GPU, so recreate BD-1's container, and restart the guest if this stays."
        ),
    ),
}

CARD_IS_GONE: Final = frozenset(
    {
        pynvml.NVML_ERROR_GPU_IS_LOST,
        pynvml.NVML_ERROR_UNINITIALIZED,
        pynvml.NVML_ERROR_DRIVER_NOT_LOADED,
        pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH,
        pynvml.NVML_ERROR_GPU_NOT_FOUND,
        pynvml.NVML_ERROR_RESET_REQUIRED,
    }
)
"""Codes that spoil a look even when only a side reading meets them: the card or the driver went away meanwhile."""


class Trouble(Exception):
    """The card cannot be read; `str(trouble)` is the sentence for a person."""

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault


def trouble_of(code: int) -> Trouble:
    """An NVML error code as trouble with the card."""
    known = _SENTENCES.get(code)
    if known is not None:
        return Trouble(*known)
    return Trouble(Fault.OTHER, f"The NVIDIA driver refused to be read (NVML error {code}): see `dmesg` in the guest.")


def no_such_uuid(uuid: str) -> Trouble:
    """The configured UUID names no card here."""
    return Trouble(
        Fault.CARD_NOT_FOUND,
        f"No GPU here has the UUID {uuid}: `nvidia-smi -L` lists them; correct gpu.uuid in config.yaml.",
    )


def no_such_index(index: int, count: int) -> Trouble:
    """The configured number names no card here."""
    return Trouble(
        Fault.CARD_NOT_FOUND,
        f"There is no GPU {index}: the driver shows {count}, counted from 0; correct gpu.index in config.yaml.",
    )


def stalled_reason(deadline_s: float) -> str:
    """The sentence for a driver that does not answer."""
    return (
        f"The NVIDIA driver did not answer within {deadline_s:g} s: if this stays, restart the guest, "
        "and the host if the guest cannot shut down."
    )
