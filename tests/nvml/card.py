"""A pretended GPU for tests: builds the C library beside this file and writes the state directory it answers from."""

import ctypes
import functools
import hashlib
import importlib.metadata
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent
SONAME = "libnvidia-ml.so.1"
STATE_VARIABLE = "BD1_NVML_STATE"
HEADER_PACKAGE = "nvidia-nvml-dev-cu12"
FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-pthread", f"-Wl,-soname,{SONAME}")


class CannotBuild(Exception):
    """The library cannot be built here; the message says what is missing."""


def nvml_header_folder() -> Path:
    """The folder with NVIDIA's `nvml.h`, from its package on PyPI."""
    try:
        files = importlib.metadata.files(HEADER_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as missing:
        raise CannotBuild(f"nvml.h is missing: install the Python package {HEADER_PACKAGE}") from missing
    for file in files:
        if file.name == "nvml.h":
            return Path(str(file.locate())).parent
    raise CannotBuild(f"the Python package {HEADER_PACKAGE} holds no nvml.h")


def cache_folder(*sources: Path) -> Path:
    """A folder of this user's that changes its name with the content of the sources."""
    digest = hashlib.sha256("\0".join(FLAGS).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return Path(tempfile.gettempdir()) / f"bd1-nvml-{os.getuid()}-{digest.hexdigest()[:16]}"


@functools.cache
def build_library() -> Path:
    """Builds the library unless this source was built before. Several test runs may do so at once.

    Raises `CannotBuild` where there is no gcc or no header, or where gcc refuses the source.
    """
    sources = sorted(SOURCE.glob("*.c"))
    library = cache_folder(*sources, *sorted(SOURCE.glob("*.h"))) / SONAME
    if library.exists():
        return library
    gcc = shutil.which("gcc")
    if gcc is None:
        raise CannotBuild("gcc is not installed")
    library.parent.mkdir(exist_ok=True)
    fresh = library.with_suffix(f".{os.getpid()}")
    compiled = subprocess.run(
        [gcc, *FLAGS, f"-I{nvml_header_folder()}", "-o", fresh, *sources],
        capture_output=True,
        text=True,
        check=False,
    )
    if compiled.returncode != 0:
        raise CannotBuild(f"gcc refused the pretended NVML:\n{compiled.stderr}")
    fresh.replace(library)
    return library


class FakeCard:
    """One state directory, and how to make a process see it. README.md beside this file says what the keys mean."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.library = build_library()
        self._keys: dict[str, str] = {}
        self._serial = itertools.count()
        for folder in ("claims", "dead"):
            (state / folder).mkdir(parents=True, exist_ok=True)

    def set(self, **keys: str | float | None) -> None:
        """Changes keys of the card, all at one moment; `None` takes a key back to its default."""
        self._keys |= {key: str(value) for key, value in keys.items() if value is not None}
        for key in (key for key, value in keys.items() if value is None):
            self._keys.pop(key, None)
        self._write("card", self._keys)

    def claim(self, pid: int, mib: int | None, **more: str | int) -> None:
        """Makes a process hold MiB on the card as long as it lives; `None`: the driver does not say how many."""
        told: dict[str, str] = {} if mib is None else {"mib": str(mib)}
        self._write(f"claims/{pid}", told | {key: str(value) for key, value in more.items()})

    def release(self, pid: int) -> None:
        """Takes the claim of a process back, at once and whether or not it lives."""
        (self.state / "claims" / str(pid)).unlink(missing_ok=True)

    def xid(self, number: int) -> None:
        """Lets an Xid happen now."""
        with (self.state / "xids").open("a", encoding="ascii") as xids:
            xids.write(f"{number}\n")

    def calls(self) -> list[str]:
        """Names of the NVML calls made since `log_calls=1` was set, in their order."""
        log = self.state / "calls"
        return log.read_text(encoding="ascii").splitlines() if log.exists() else []

    def seen(self) -> list[tuple[float, int]]:
        """What every look at the memory since `log_used=1` was told: monotonic seconds, and `total - free` in MiB."""
        log = self.state / "seen"
        lines = log.read_text(encoding="ascii").splitlines() if log.exists() else []
        return [(float(at_s), int(used_mib)) for at_s, used_mib in (line.split() for line in lines)]

    def environ(self) -> dict[str, str]:
        """What a process must have in its environment from its start on to see this card."""
        return {"LD_LIBRARY_PATH": str(self.library.parent), STATE_VARIABLE: str(self.state)}

    def load(self) -> None:
        """Puts the library into this process: later loads of `libnvidia-ml.so.1` find it by its SONAME.

        The state directory is still told by the environment, which the library reads at each `nvmlInit`.
        """
        ctypes.CDLL(str(self.library))

    def _write(self, name: str, keys: dict[str, str]) -> None:
        # The library ignores names that are no number among the claims, so a fresh file is never half read.
        fresh = self.state / f"{name}.new{next(self._serial)}"
        fresh.write_text("".join(f"{key}={value}\n" for key, value in keys.items()), encoding="utf-8")
        fresh.replace(self.state / name)
