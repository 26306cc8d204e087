"""A small base image made of this machine's own Python, to build the Dockerfile where no registry can be reached."""

import hashlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from tests.containers.images import remove_predecessors

TOOLS = ("sh", "install", "mkdir", "id", "ls", "cat")
EXPECTED_LIBRARIES = (
    "libgcc_s.so.1",
    "libstdc++.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libutil.so.1",
    "libm.so.6",
)
LEFT_OUT = {"test", "tests", "site-packages", "dist-packages", "__pycache__", "idlelib", "tkinter", "turtledemo"}


def ensure_base_image(client: docker.DockerClient) -> str:
    """The image's name; made once for each Python, each pip and each state of this file."""
    identity = f"{sys.version} {_python()} {version('pip')}".encode() + Path(__file__).read_bytes()
    tag = hashlib.sha256(identity).hexdigest()[:16]
    name = f"bd1-test-base:{tag}"
    try:
        client.images.get(name)
    except ImageNotFound:
        client.api.import_image_from_data(_root_file_system(), repository="bd1-test-base", tag=tag)
        remove_predecessors(client, name)
    return name


def _root_file_system() -> bytes:
    """A tar archive: Python where it lies here, pip, a shell and a few tools, and the libraries all those need."""
    python = _python()
    files = {python, *_standard_library(), *(_tool(name) for name in TOOLS)}
    files |= {library for file in sorted(files) if _is_machine_code(file) for library in _libraries(file)}
    places = (
        {file: str(file) for file in files}
        | _pip()
        | _expected_of_every_system()
        | {_tool(name): f"/bin/{name}" for name in TOOLS}
    )
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", dereference=True) as tar:
        for file, place in sorted(places.items()):
            tar.add(file, arcname=place.lstrip("/"), recursive=False)
        for link in ("python", "python3"):
            entry = tarfile.TarInfo(f"usr/local/bin/{link}")
            entry.type, entry.linkname = tarfile.SYMTYPE, str(python)
            tar.addfile(entry)
        entry = tarfile.TarInfo("tmp")
        entry.type, entry.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(entry)
    return archive.getvalue()


def _python() -> Path:
    """The program itself, not the link to it that an environment has."""
    return Path(sys._base_executable).resolve()  # type: ignore[attr-defined]


def _standard_library() -> Iterator[Path]:
    for file in Path(sysconfig.get_path("stdlib")).rglob("*"):
        parts = set(file.parts)
        if file.is_file() and not parts & LEFT_OUT and not any(part.startswith("config-") for part in parts):
            yield file


def _pip() -> dict[Path, str]:
    """This environment's pip, and where the image's Python finds it without an environment: in its standard library."""
    spec = importlib.util.find_spec("pip")
    assert spec is not None
    assert spec.origin is not None
    packages = Path(spec.origin).parents[1]
    code = (file for file in (packages / "pip").rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file: f"{sysconfig.get_path('stdlib')}/{file.relative_to(packages)}" for file in code}


def _tool(name: str) -> Path:
    found = shutil.which(name)
    assert found is not None
    return Path(found)


def _expected_of_every_system() -> dict[Path, str]:
    """The libraries that compiled wheels rely on without bringing them."""
    found = {name: _asked_of_gcc(name) for name in EXPECTED_LIBRARIES}
    return {path: f"/lib/{name}" for name, path in found.items() if path.is_absolute()}


def _asked_of_gcc(library: str) -> Path:
    command = ["gcc", f"-print-file-name={library}"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def _is_machine_code(file: Path) -> bool:
    with file.open("rb") as start:
        return start.read(4) == b"\x7fELF"


def _libraries(file: Path) -> Iterator[Path]:
    """The shared libraries a program needs, under the names it looks for them."""
    told = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
    for path in re.findall(r"(/\S+) \(0x", told):
        yield Path(path)
