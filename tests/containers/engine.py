"""Runs the pretended GPU services in containers of a Docker engine, and removes exactly those it made."""

import functools
import hashlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import docker
import requests
from docker.errors import ImageNotFound, NotFound
from docker.models.containers import Container

from tests.containers.images import remove_predecessors

SOURCE = Path(__file__).parent / "standin"
FLAGS = ("-static", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")
LABEL = "bd1.tests.run"
STATE_VARIABLE = "BD1_NVML_STATE"
DOCKERFILE = b'FROM scratch\nCOPY standin /standin\nENTRYPOINT ["/standin"]\n'

Role = Literal["ollama", "comfyui"]


class CannotBuild(Exception):
    """The program cannot be compiled here; the message says what is missing."""


@functools.cache
def source_hash() -> str:
    """Changes with the program, so that an image of the same name always holds the same program."""
    digest = hashlib.sha256(" ".join(FLAGS).encode() + DOCKERFILE)
    for source in sorted(SOURCE.iterdir()):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def build_program() -> Path:
    """The compiled program; compiled once for each state of the source. Raises `CannotBuild`."""
    program = Path(tempfile.gettempdir()) / f"bd1-standin-{os.getuid()}-{source_hash()}"
    if program.exists():
        return program
    gcc = shutil.which("gcc")
    if gcc is None:
        raise CannotBuild("gcc is not installed")
    fresh = program.with_suffix(f".{os.getpid()}")
    command = [gcc, *FLAGS, "-o", str(fresh), *map(str, sorted(SOURCE.glob("*.c")))]
    compiled = subprocess.run(command, capture_output=True, text=True, check=False)
    if compiled.returncode != 0:
        raise CannotBuild(f"gcc refused the stand-in:\n{compiled.stderr}")
    fresh.replace(program)
    return program


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Standin:
    """One container made for a test. `url` answers once it runs."""

    name: str
    port: int
    container: Container

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def control(self, **keys: int) -> dict[str, Any]:
        """Changes the running program (README.md beside this file names the keys); answers what it holds."""
        answer: dict[str, Any] = requests.post(f"{self.url}/control", params=keys, timeout=5).json()
        return answer

    def wait_until_it_answers(self) -> None:
        """Returns once the program that was started last listens: it says so in its log."""
        self.container.reload()
        # Not since the start: what Docker calls the start can be later than the first line.
        last_end = datetime.fromisoformat(self.container.attrs["State"]["FinishedAt"])
        since = last_end.timestamp() if last_end.year > 1 else None
        log: Any = self.container.logs(stream=True, follow=True, since=since)
        try:
            assert next(iter(log), b"").strip() == b"listening", f"{self.name} ended before it listened"
        finally:
            log._response.close()  # the stream's own close leaves the connection to the garbage collector


class StandinEngine:
    """Makes containers on the engine at `base_url` (`None`: the usual one) and removes them with `remove_all`."""

    def __init__(self, base_url: str | None = None) -> None:
        self.client = docker.DockerClient(base_url=base_url) if base_url else docker.from_env()
        self.run_id = uuid.uuid4().hex[:8]

    def build_image(self) -> str:
        """The image's name; built once for each state of the source."""
        tag = f"bd1-standin:{source_hash()}"
        try:
            self.client.images.get(tag)
        except ImageNotFound:
            self.client.images.build(fileobj=_context(), custom_context=True, tag=tag, rm=True)
            remove_predecessors(self.client, tag)
        return tag

    def create(
        self,
        role: Role,
        *,
        name: str | None = None,
        state: Path | None = None,
        restart: str = "no",
        environment: Mapping[str, str | int] | None = None,
        **options: Any,
    ) -> Standin:
        """A container that is not started yet. `state`: the directory of the pretended card it takes memory from."""
        port = free_port()
        told = {"STANDIN_ROLE": role, "STANDIN_PORT": str(port)}
        told |= {key: str(value) for key, value in (environment or {}).items()}
        volumes: dict[str, dict[str, str]] = {}
        if state is not None:
            told[STATE_VARIABLE] = str(state)
            volumes[str(state)] = {"bind": str(state), "mode": "rw"}
        unique = name or f"bd1-test-{role}-{uuid.uuid4().hex[:8]}"
        policy: Any = {"Name": restart}
        settings: dict[str, Any] = {"pid_mode": "host", "network_mode": "host", "volumes": volumes} | options
        container = self.client.containers.create(
            self.build_image(),
            name=unique,
            environment=told,
            labels={LABEL: self.run_id},
            restart_policy=policy,
            **settings,
        )
        return Standin(unique, port, container)

    def run(self, role: Role, **options: Any) -> Standin:
        """`create`, started and answering."""
        standin = self.create(role, **options)
        standin.container.start()
        standin.wait_until_it_answers()
        return standin

    def remove_all(self) -> None:
        """Removes every container of this run, running or not, and lets go of the engine."""
        mine: dict[str, str | list[str] | bool] = {"label": f"{LABEL}={self.run_id}"}
        for container in self.client.containers.list(all=True, ignore_removed=True, filters=mine):
            _remove(container)
        self.client.close()


def _remove(container: Container) -> None:
    try:
        container.remove(force=True, v=True)
    except NotFound:
        return


def _context() -> io.BytesIO:
    """What the engine builds the image from, as one tar archive: no base image, so nothing is pulled."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content, mode in (
            ("Dockerfile", DOCKERFILE, 0o644),
            ("standin", build_program().read_bytes(), 0o755),
        ):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            tar.addfile(entry, io.BytesIO(content))
    archive.seek(0)
    return archive
