"""Docker engines for tests: whether one serves, what makes containers on it, and a `dockerd` of a run's own."""

import os
import select
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException

from tests.containers.engine import CannotBuild, StandinEngine, build_program

USUAL_SOCKET = Path("/var/run/docker.sock")


def give_up(why: str) -> None:
    """Skips loudly; fails where BD1_REQUIRE names docker."""
    if "docker" in os.environ.get("BD1_REQUIRE", "").split(","):
        pytest.fail(f"BD1_REQUIRE asks for docker, but {why}")
    pytest.skip(f"no Docker engine, so these tests prove nothing here: {why}")


def answers(url: str) -> bool:
    """Whether an engine serves at this address."""
    if url.startswith("unix://") and not Path(url.removeprefix("unix://")).is_socket():
        return False
    try:
        client = docker.DockerClient(base_url=url, timeout=10)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def standin_engine(url: str) -> StandinEngine:
    """What makes containers of the pretended services on an engine; gives up where they cannot be compiled."""
    try:
        build_program()
    except CannotBuild as problem:
        give_up(str(problem))
    return StandinEngine(url)


class OwnEngine:
    """A Docker engine of this test run alone: own socket, images, containers and containerd, no network of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._exec = Path(tempfile.mkdtemp(prefix="bd1-"))  # its sockets' paths may have no more than 107 characters
        self.socket = folder / "docker.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str, timeout_s: float = 60.0) -> None:
        """Starts it and returns once it answers. Containers of an earlier start are kept as the engine keeps them."""
        notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = self.folder / "notices"
        address.unlink(missing_ok=True)
        notices.bind(str(address))
        command = [
            "dockerd",
            f"--host={self.url}",
            f"--data-root={self.folder}/data",
            f"--exec-root={self._exec}",
            f"--pidfile={self.folder}/docker.pid",
            *(more or ("--bridge=none", "--iptables=false", "--ip6tables=false")),
        ]
        log = self.folder / "dockerd.log"
        environment = os.environ | {"NOTIFY_SOCKET": str(address)}
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, start_new_session=True)
        with notices:
            if not _says_ready(notices, self._process, timeout_s):
                self.stop()
                give_up(f"dockerd did not come up: {log.read_text(errors='replace')[-600:]}")

    def stop(self) -> None:
        """Ends it as the service manager does, its containers with it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        for mount in (*_mounts_below(self.folder), *_mounts_below(self._exec)):
            subprocess.run(["umount", "--lazy", mount], check=False)
        shutil.rmtree(self._exec, ignore_errors=True)


def _says_ready(notices: socket.socket, process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    """Waits for the notice by which dockerd tells systemd that it is up; false when it ends first, or time is up."""
    ended = os.pidfd_open(process.pid)
    try:
        ready, _, _ = select.select([notices.fileno(), ended], [], [], timeout_s)
        return notices.fileno() in ready and b"READY=1" in notices.recv(4096)
    finally:
        os.close(ended)


def _mounts_below(folder: Path) -> list[str]:
    """What dockerd leaves mounted (a network namespace): the folder could not be removed, by pytest in a later run."""
    table = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    points = [line.split()[1] for line in table]
    return sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True)


def require_own_engine() -> None:
    """Gives up where no engine can be started: it takes dockerd and root."""
    if shutil.which("dockerd") is None:
        give_up("dockerd is not installed")
    if os.geteuid() != 0:
        give_up("starting dockerd takes root")


@contextmanager
def own_engine(folder: Path) -> Iterator[OwnEngine]:
    """A running engine of one's own, ended with the block."""
    require_own_engine()
    engine = OwnEngine(folder)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
