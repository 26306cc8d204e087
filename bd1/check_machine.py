"""The machine's part of `bd1 check`: the data folder, and what of the host can be seen. Nothing it writes stays."""

import asyncio
import os
import tempfile
from pathlib import Path

from bd1.check_finding import Finding, bad, fine, note, warning

_HOST_PARAMETERS = (("pcie_aspm", "off"), ("pci", "noaer"), ("nmi_watchdog", "1"))
"""What kept a host with a passed-through card from locking up, and made it reboot when it did."""

_GUEST_GIB = 12
"""A guest with more than this stalled in PCIe initialisation on the machine BD-1 was made for."""

_KIB_PER_GIB = 1024 * 1024


async def check_data_dir(folder: Path) -> list[Finding]:
    """Whether BD-1 can keep its memory there."""
    return [await asyncio.to_thread(_data_dir, folder)]


def _data_dir(folder: Path) -> Finding:
    fix = f"sudo mkdir -p {folder} && sudo chown {os.getuid()} {folder}   (or mount a volume there)"
    if not folder.exists():
        nearest = next(parent for parent in folder.absolute().parents if parent.exists())
        if os.access(nearest, os.W_OK | os.X_OK):
            return fine("Data folder", f"{folder} is not there yet; BD-1 will make it.")
        return bad("Data folder", f"{folder} is not there and cannot be made.", fix)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return fine("Data folder", f"{folder} can be written.")
    except OSError as trouble:
        return bad("Data folder", f"{folder} cannot be written: {trouble.strerror}.", fix)


async def check_machine(proc: Path) -> list[Finding]:
    """What the kernel says of itself; all of it information, none of it required."""
    is_guest = " hypervisor" in _read(proc / "cpuinfo")
    findings = [_guest_parameters() if is_guest else _parameters(_read(proc / "cmdline"))]
    if is_guest and (memory := _memory(_read(proc / "meminfo"))):
        findings.append(memory)
    return findings


def _guest_parameters() -> Finding:
    text = (
        "This is a virtual machine. pcie_aspm=off, pci=noaer and nmi_watchdog=1 belong on the hypervisor's kernel "
        "command line and cannot be seen from a guest."
    )
    return note("Machine", text, "On the hypervisor: cat /proc/cmdline")


def _parameters(cmdline: str) -> Finding:
    given = [word.partition("=") for word in cmdline.split()]
    missing = [
        f"{name}={value}"
        for name, value in _HOST_PARAMETERS
        if not any(key == name and value in values.split(",") for key, _, values in given)
    ]
    if not missing:
        return fine("Machine", "The kernel runs with pcie_aspm=off, pci=noaer and nmi_watchdog=1.")
    text = f"The kernel runs without {', '.join(missing)}, which keep a hanging card from hanging the host."
    return warning("Machine", text, "Add it to GRUB_CMDLINE_LINUX_DEFAULT on the host if the card is passed through.")


def _memory(meminfo: str) -> Finding | None:
    words = next((line.split() for line in meminfo.splitlines() if line.startswith("MemTotal:")), [])
    if len(words) < 2 or not words[1].isdigit():
        return None
    gib = int(words[1]) / _KIB_PER_GIB
    if gib <= _GUEST_GIB:
        return fine("Machine", f"{gib:.1f} GiB of memory.")
    text = (
        f"This guest has {gib:.1f} GiB of memory. With a passed-through card, more than {_GUEST_GIB} GB has stalled "
        "PCIe initialisation at boot."
    )
    return note("Machine", text, f"If the card is ever missing after a boot, give the guest {_GUEST_GIB} GB.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
