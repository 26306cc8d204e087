"""What Linux tells about a process in /proc, behind `ports.ProcessTable`. It reads, and signals nobody."""

import re
from pathlib import Path
from typing import Final

# One part of a cgroup path: Docker's own (cgroupfs driver) or a systemd scope (docker-, cri-containerd-, libpod-, ...).
_CONTAINER: Final = re.compile(r"(?:(?P<runtime>[a-z][a-z-]*)-)?(?P<id>[0-9a-f]{64})(?:\.scope)?")
_MONITORS: Final = frozenset({"libpod-conmon", "crio-conmon"})

_INITIAL_PID_NAMESPACE: Final = "pid:[4026531836]"
"""The first PID namespace has this number on every Linux since 3.8 (0xEFFFFFFC, `PID_NS_INIT_INO`)."""

_PF_KTHREAD: Final = 0x00200000
"""The flag of a kernel thread in /proc/PID/stat (`include/linux/sched.h`)."""


class ProcFs:
    """The process table as this process sees it. A process that is gone or hidden reads as `None`."""

    def __init__(self, root: Path = Path("/proc")) -> None:
        self._root = root

    def container_id(self, pid: int) -> str | None:
        text = self._read(f"{pid}/cgroup")
        return None if text is None else container_of(text)

    def name(self, pid: int) -> str | None:
        text = self._read(f"{pid}/comm")
        return None if text is None else text.rstrip("\n")

    def boot_id(self) -> str | None:
        text = self._read("sys/kernel/random/boot_id")
        return None if text is None else text.strip() or None

    def sees_host(self) -> bool:
        """Whether the PIDs here are those the NVIDIA driver speaks of: the machine's own, not a container's.

        True when PID 2 is a kernel thread, since those live in the first PID namespace alone, or when this process is
        in that namespace. A virtual machine counts as a machine of its own: inside it, its own PIDs are the right ones.
        False is also the answer where /proc hides both (hidepid, gVisor); that errs on the side of trusting no PID.
        It cannot tell whether Docker runs on this same machine.
        """
        return self._shows_kernel_threads() or self._link("self/ns/pid") == _INITIAL_PID_NAMESPACE

    def _shows_kernel_threads(self) -> bool:
        stat = self._read("2/stat") or ""
        # The name in parentheses may hold anything, so the fields count from its end: state is 0, flags are 6.
        fields = stat.rpartition(")")[2].split()
        return len(fields) > 6 and fields[6].isdecimal() and bool(int(fields[6]) & _PF_KTHREAD)

    def _read(self, name: str) -> str | None:
        try:
            return (self._root / name).read_bytes().decode(errors="replace")
        except OSError:
            return None

    def _link(self, name: str) -> str | None:
        try:
            return str((self._root / name).readlink())
        except OSError:
            return None


def container_of(cgroup: str) -> str | None:
    """The container id in the text of a /proc/PID/cgroup, of cgroup v1 or v2; `None` when it names none.

    Where containers lie in one another the outermost counts: that is the one this machine's Docker knows.
    """
    for line in cgroup.split("\n"):  # and nothing else that Unicode calls a line break: a name may hold it
        _, _, path = line.partition(":")[2].partition(":")
        for part in path.split("/"):
            found = _CONTAINER.fullmatch(part)
            if found and found["runtime"] not in _MONITORS:
                return found["id"]
    return None
