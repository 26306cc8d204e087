"""An engine that is away, forbidden, stuck or back again: what people are told, and that nothing waits for it."""

import asyncio
import grp
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from docker.errors import APIError

from bd1.adapters._docker_trouble import translate
from bd1.adapters.docker import DockerContainers
from bd1.errors import ContainerMissing, ContainerRefused, DockerUnavailable
from tests.containers.own_engine import OwnEngine, require_own_engine

pytest_plugins = ("tests.containers.fixtures",)
pytestmark = pytest.mark.usefixtures("unconnected_sockets")

REPO = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def listening(path: Path) -> Iterator[str]:
    """An engine that is stuck: it takes connections and never answers. Yields its address."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(64)
        yield f"unix://{path}"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to use every socket."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def refusal(status: int, reason: str) -> APIError:
    response = requests.Response()
    response.status_code = status
    return APIError("refused", response=response, explanation=reason)


async def test_a_missing_socket_is_named_with_what_to_do(tmp_path: Path) -> None:
    containers = DockerContainers({"comfyui"}, f"unix://{tmp_path}/none.sock")
    with pytest.raises(DockerUnavailable) as told:
        await containers.start("comfyui")
    assert str(told.value) == (
        f"BD-1 could not start container 'comfyui', for there is no Docker socket at {tmp_path}/none.sock: "
        "start Docker, or mount its socket into BD-1's container."
    )


async def test_a_stopped_engine_whose_socket_remains_is_told_to_be_started(tmp_path: Path) -> None:
    with listening(tmp_path / "docker.sock") as url:
        pass
    with pytest.raises(DockerUnavailable, match=r"look at container 'comfyui', for nothing listens at .*start Docker"):
        await DockerContainers({"comfyui"}, url).inspect("comfyui")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take root's rights away for a moment")
@pytest.mark.parametrize(("gid", "words"), [(1, rf"'{grp.getgrgid(1).gr_name}' \(gid 1\)"), (23456, "with gid 23456")])
async def test_a_forbidden_socket_is_told_with_the_group_that_may_use_it(
    open_folder: Path, gid: int, words: str
) -> None:
    path = open_folder / "docker.sock"
    with listening(path) as url:
        os.chown(path, 0, gid)
        path.chmod(0o660)
        with as_nobody(), pytest.raises(DockerUnavailable, match=f"stop container 'comfyui'.* group {words}"):
            await DockerContainers({"comfyui"}, url).stop("comfyui", grace_s=1)


async def test_an_address_that_is_none_is_told_as_it_stands() -> None:
    with pytest.raises(DockerUnavailable, match=r"carrier-pigeon://loft.*config.yaml"):
        await DockerContainers({"comfyui"}, "carrier-pigeon://loft").version()


async def test_a_stuck_engine_is_given_up_on_in_time_while_the_loop_runs_on(tmp_path: Path) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    with listening(tmp_path / "docker.sock") as url:
        containers = DockerContainers({"comfyui"}, url, timeout_s=0.3)
        began = asyncio.get_running_loop().time()
        with pytest.raises(DockerUnavailable, match="kill container 'comfyui', for Docker did not answer in time"):
            await containers.kill("comfyui")
        took_s = asyncio.get_running_loop().time() - began
    counting.cancel()
    with suppress(asyncio.CancelledError):
        await counting
    assert 0.25 < took_s < 5
    assert turns > 100


async def test_a_stuck_engine_has_no_events_and_listening_to_it_still_ends_at_once(tmp_path: Path) -> None:
    with listening(tmp_path / "docker.sock") as url:
        events = DockerContainers({"comfyui"}, url, timeout_s=0.1).events()
        waiting = asyncio.ensure_future(anext(events))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        waiting.cancel()
        async with asyncio.timeout(2):
            await asyncio.wait([waiting])
    assert not done
    assert waiting.cancelled()


def test_a_call_that_hangs_does_not_keep_the_process_from_ending(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from bd1.adapters.docker import DockerContainers\n"
        "async def main():\n"
        "    containers = DockerContainers({'comfyui'}, sys.argv[1], timeout_s=600)\n"
        "    calls = [asyncio.ensure_future(containers.inspect('comfyui')) for _ in range(3)]\n"
        "    await asyncio.wait(calls, timeout=0.3)\n"
        "    print('leaving')\n"
        "asyncio.run(main())\n"
    )
    with listening(tmp_path / "docker.sock") as url:
        ended = subprocess.run(
            [sys.executable, "-c", script, url], cwd=REPO, capture_output=True, text=True, timeout=60, check=False
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "leaving\n", "")


async def test_an_engine_that_comes_back_is_found_without_a_new_adapter(tmp_path: Path) -> None:
    require_own_engine()
    engine = OwnEngine(tmp_path)
    containers = DockerContainers({"comfyui"}, engine.url)
    try:
        with pytest.raises(DockerUnavailable):
            await containers.version()
        for _ in range(2):
            await asyncio.to_thread(engine.start)
            assert await containers.version()
            await asyncio.to_thread(engine.stop)
            with pytest.raises(DockerUnavailable):
                await containers.version()
    finally:
        await containers.close()
        await asyncio.to_thread(engine.stop)


def test_a_network_that_is_gone_is_not_told_as_a_container_that_is_gone() -> None:
    told = translate(refusal(404, "network lab_gpu not found"), "start container 'comfyui'", "comfyui", "unix:///x")
    assert isinstance(told, ContainerRefused)
    assert str(told) == (
        "Docker would not start container 'comfyui': network lab_gpu not found; mend that on the host, then ask again."
    )


def test_a_container_that_is_gone_is_told_as_missing() -> None:
    told = translate(refusal(404, "No such container: comfyui"), "start container 'comfyui'", "comfyui", "unix:///x")
    assert isinstance(told, ContainerMissing)


def test_a_reason_over_several_lines_becomes_one_sentence() -> None:
    told = translate(refusal(500, "OCI runtime\n  failed.\n"), "start container 'comfyui'", "comfyui", "unix:///x")
    assert "OCI runtime failed; mend" in str(told)
