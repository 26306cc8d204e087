"""The Dockerfile builds without the network on a base of this machine's Python; the image is as tight as it says."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.utils.build import exclude_paths

from bd1 import __version__
from tests.containers.own_engine import give_up
from tests.packaging.base_image import ensure_base_image

pytest_plugins = ("tests.containers.fixtures",)
pytestmark = pytest.mark.timeout(500)  # on a busy machine it takes minutes to build

REPO = Path(__file__).parents[2]
SENT_ANYWAY = {"Dockerfile", ".dockerignore"}
LOCKS = ("requirements.lock", "requirements-build.lock")
READ_ONLY: dict[str, Any] = {
    "read_only": True,
    "tmpfs": {"/tmp": "mode=1777"},  # noqa: S108 the one place the image may write to, inside the container
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "network_mode": "none",
    "remove": True,
}


@pytest.fixture(scope="module")
def client(docker_url: str) -> Iterator[docker.DockerClient]:
    engine = docker.DockerClient(base_url=docker_url, timeout=300)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def wheels() -> Path:
    """The locked packages and build tools as wheels, fetched once for each state of the lock files."""
    identity = sys.version.encode() + b"".join((REPO / lock).read_bytes() for lock in LOCKS)
    folder = Path(tempfile.gettempdir()) / f"bd1-wheels-{os.getuid()}-{hashlib.sha256(identity).hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    if importlib.util.find_spec("pip") is None or shutil.which("gcc") is None:
        give_up("building an image here takes pip in this environment, and gcc to ask where libraries are")
    fresh = Path(tempfile.mkdtemp())
    for lock in LOCKS:
        fetch(fresh, "--require-hashes", "--no-deps", "-r", str(REPO / lock))
    shutil.move(fresh, folder)
    return folder


def fetch(folder: Path, *what: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "-q", "--only-binary", ":all:", "-d", str(folder), *what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        give_up(f"the wheels cannot be fetched: {done.stderr[-600:]}")


def files_of_the_context() -> list[str]:
    """What .dockerignore lets through, as Docker's own rules read it."""
    patterns = (REPO / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in patterns if line and not line.startswith("#")]
    return sorted(path for path in exclude_paths(str(REPO), rules) if (REPO / path).is_file())


@pytest.fixture(scope="module")
def image(client: docker.DockerClient, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    context = tmp_path_factory.mktemp("context")
    for path in files_of_the_context():
        (context / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPO / path, context / path)
    shutil.copytree(wheels, context / "wheels", dirs_exist_ok=True)
    built, _ = client.images.build(
        path=str(context),
        tag=f"bd1-test-image:{os.getpid()}",
        buildargs={"BASE": ensure_base_image(client), "PIP_OPTIONS": "--no-index"},
        network_mode="none",
        rm=True,
        forcerm=True,
    )
    yield built
    client.images.remove(str(built.id), force=True)
    client.images.prune(filters={"dangling": True, "label": "bd1.stage=build"})


def said(client: docker.DockerClient, image: Any, *command: str, entrypoint: list[str] | None = None) -> str:
    """What a locked-down container of the image prints, read-only and without network, as compose.yaml runs it."""
    output: bytes = client.containers.run(image.id, list(command), entrypoint=entrypoint, stderr=True, **READ_ONLY)
    return output.decode()


def test_bd1_runs_in_a_container_that_may_write_nothing(client: docker.DockerClient, image: Any) -> None:
    assert said(client, image, "--version") == f"bd1 {__version__}\n"


def test_it_is_not_root_and_belongs_to_no_group_of_the_host(client: docker.DockerClient, image: Any) -> None:
    assert said(client, image, entrypoint=["id"]) == "uid=10001 gid=10001 groups=10001\n"


def test_every_module_of_bd1_and_the_libraries_it_names_can_be_imported(
    client: docker.DockerClient, image: Any
) -> None:
    program = (
        "import pkgutil, importlib, bd1, cogs\n"
        "for package in (bd1, cogs):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "print('all')\n"
    )
    told = said(client, image, "-c", program, entrypoint=["/opt/bd1/bin/python"])
    assert told.splitlines()[-1] == "all"  # before it, on a slow machine, that fonts are being listed


def test_it_can_draw_the_picture_of_an_incident(client: docker.DockerClient, image: Any) -> None:
    program = (
        "import asyncio, pathlib\n"
        "from bd1.adapters.chart import ChartProcess\n"
        "from bd1.core.scene import Mark, Scene\n"
        "card = {'zone': 'UTC', 'zone_s': 0.0, 'total_mib': 20475, 'marks': (Mark('warn', 16380),)}\n"
        "scene = Scene(title='VRAM', from_s=0.0, to_s=60.0, runs=(), gaps=(), bands=(), events=(), **card)\n"
        "chart = ChartProcess(pathlib.Path('/bd1/data/chart'), limit_s=100)\n"
        "png = asyncio.run(chart.draw(scene))\n"
        "print('drawn' if png else 'nothing')\n"
    )
    assert said(client, image, "-c", program, entrypoint=["/opt/bd1/bin/python"]) == "drawn\n"


def test_the_health_check_is_the_heartbeat_and_fails_while_there_is_none(
    client: docker.DockerClient, image: Any
) -> None:
    assert image.attrs["Config"]["Healthcheck"]["Test"] == ["CMD", "bd1", "heartbeat"]
    mount = {str(REPO / "config.yaml"): {"bind": "/bd1/config.yaml", "mode": "ro"}}
    with pytest.raises(docker.errors.ContainerError) as told:
        client.containers.run(image.id, ["heartbeat"], stderr=True, volumes=mount, **READ_ONLY)
    assert told.value.exit_status == 1
    assert "no heartbeat in /bd1/data" in str(told.value)


def test_the_bot_itself_starts_there_and_misses_only_its_token(client: docker.DockerClient, image: Any) -> None:
    mount = {str(REPO / "config.yaml"): {"bind": "/bd1/config.yaml", "mode": "ro"}}
    with pytest.raises(docker.errors.ContainerError) as told:
        client.containers.run(image.id, ["run"], stderr=True, volumes=mount, **READ_ONLY)
    assert told.value.exit_status == 1
    assert "There is no bot token in the environment variable BD1_DISCORD_TOKEN." in str(told.value)


def test_a_fresh_data_volume_belongs_to_bd1(client: docker.DockerClient, image: Any) -> None:
    volume = client.volumes.create(f"bd1-test-{os.getpid()}")
    try:
        wrote = client.containers.run(
            image.id,
            ["-c", "open('/bd1/data/x', 'w').close(); print('wrote')"],
            entrypoint=["python"],
            volumes={volume.name: {"bind": "/bd1/data", "mode": "rw"}},
            **READ_ONLY,
        )
    finally:
        volume.remove(force=True)
    assert wrote == b"wrote\n"


def test_what_runs_by_itself_is_the_bot(image: Any) -> None:
    config = image.attrs["Config"]
    assert (config["Entrypoint"], config["Cmd"], config["User"]) == (["bd1"], ["run"], "10001:10001")
    assert "NVIDIA_DRIVER_CAPABILITIES=utility" in config["Env"]
    assert config["Labels"]["org.opencontainers.image.licenses"] == "MIT"


def test_the_environment_has_no_pip_no_build_tool_and_no_test_tool(client: docker.DockerClient, image: Any) -> None:
    program = "from importlib.metadata import distributions as d; print(*sorted(x.name.lower() for x in d()))"
    installed = set(said(client, image, "-c", program, entrypoint=["/opt/bd1/bin/python"]).split())
    assert {"bd1", "discord.py", "docker"} <= installed
    assert not {"pip", "setuptools", "hatchling", "pytest"} & installed


def test_no_secret_no_history_and_no_test_reaches_the_engine() -> None:
    tops = {path.split("/", maxsplit=1)[0] for path in files_of_the_context()}
    assert tops <= {"pyproject.toml", *LOCKS, "README.md", "LICENSE", "bd1", "cogs", "wheels"} | SENT_ANYWAY
    assert {"pyproject.toml", *LOCKS, "bd1", "cogs"} <= tops
