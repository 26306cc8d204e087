"""The configured containers on a real Docker engine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from bd1.adapters.docker import DockerContainers
from bd1.core.settings import RestartPolicy
from bd1.errors import ContainerMissing, ContainerRefused
from tests.containers.engine import StandinEngine

pytest_plugins = ("tests.containers.fixtures",)

Reach = Callable[..., DockerContainers]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()


@pytest.fixture
async def reach(docker_url: str) -> AsyncIterator[Reach]:
    """Makes the adapter for some names, closed after the test."""
    async with AsyncExitStack() as stack:

        def make(*names: str, timeout_s: float = 20.0) -> DockerContainers:
            containers = DockerContainers(names, docker_url, timeout_s)
            stack.push_async_callback(containers.close)
            return containers

        yield make


async def test_the_engine_tells_its_version(reach: Reach) -> None:
    assert (await reach().version())[0].isdigit()


async def test_a_container_that_was_never_started_has_no_pid_no_exit_code_and_no_start(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.create("comfyui")
    state = await reach(standin.name).inspect(standin.name)
    assert (state.name, state.id, state.status) == (standin.name, standin.container.id, "created")
    assert (state.running, state.pid, state.exit_code, state.started_at) == (False, None, None, None)


async def test_a_started_container_runs_under_the_host_pid_that_is_told(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.create("comfyui")
    containers = reach(standin.name)
    await containers.start(standin.name)
    state = await containers.inspect(standin.name)
    assert state.running
    assert state.pid is not None
    assert command_of(state.pid) == "standin"
    assert state.started_at is not None
    assert datetime.now(UTC) - state.started_at < timedelta(minutes=5)


async def test_a_container_that_heeds_term_ends_with_exit_code_0_before_its_grace_is_over(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.run("comfyui")
    containers = reach(standin.name)
    async with asyncio.timeout(20):
        await containers.stop(standin.name, grace_s=60)
    state = await containers.inspect(standin.name)
    assert (state.running, state.status, state.exit_code) == (False, "exited", 0)


async def test_a_deaf_container_is_killed_after_its_grace_though_that_is_longer_than_the_time_limit(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.run("comfyui", environment={"STANDIN_IGNORE_TERM": 1})
    containers = reach(standin.name, timeout_s=2.0)
    began = asyncio.get_running_loop().time()
    await containers.stop(standin.name, grace_s=2.2)
    assert asyncio.get_running_loop().time() - began >= 2.2
    assert (await containers.inspect(standin.name)).exit_code == 137


async def test_a_deaf_container_is_killed_at_once_when_that_is_asked(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.run("comfyui", environment={"STANDIN_IGNORE_TERM": 1})
    containers = reach(standin.name)
    await containers.kill(standin.name)
    await asyncio.to_thread(standin.container.wait)
    assert (await containers.inspect(standin.name)).exit_code == 137


async def test_a_paused_container_still_runs_and_goes_on_when_it_is_unpaused(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.run("comfyui")
    containers = reach(standin.name)
    await containers.pause(standin.name)
    await containers.pause(standin.name)
    frozen = await containers.inspect(standin.name)
    assert (frozen.running, frozen.status) == (True, "paused")
    await containers.unpause(standin.name)
    await containers.unpause(standin.name)
    assert (await containers.inspect(standin.name)).status == "running"
    assert standin.control()["pid"]


async def test_a_paused_container_that_is_stopped_hears_term_and_ends_by_itself(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.run("comfyui")
    containers = reach(standin.name)
    await containers.pause(standin.name)
    async with asyncio.timeout(20):
        await containers.stop(standin.name, grace_s=60)
    state = await containers.inspect(standin.name)
    assert (state.running, state.status, state.exit_code) == (False, "exited", 0)


async def test_a_paused_container_dies_of_a_kill(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.run("comfyui", environment={"STANDIN_IGNORE_TERM": 1})
    containers = reach(standin.name)
    await containers.pause(standin.name)
    await containers.kill(standin.name)
    async with asyncio.timeout(20):
        await asyncio.to_thread(standin.container.wait)
    assert (await containers.inspect(standin.name)).exit_code == 137


async def test_a_container_that_does_not_run_is_left_as_it_is_by_a_pause(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.create("comfyui")
    containers = reach(standin.name)
    await containers.pause(standin.name)
    await containers.unpause(standin.name)
    assert (await containers.inspect(standin.name)).status == "created"


async def test_what_is_so_already_is_no_error(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.run("comfyui")
    containers = reach(standin.name)
    await containers.start(standin.name)
    await containers.stop(standin.name, grace_s=5)
    await containers.stop(standin.name, grace_s=5)
    await containers.kill(standin.name)
    assert not (await containers.inspect(standin.name)).running


async def test_a_container_that_died_by_itself_tells_its_exit_code(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.run("comfyui")
    standin.control(die=7)
    await asyncio.to_thread(standin.container.wait)
    state = await reach(standin.name).inspect(standin.name)
    assert (state.running, state.exit_code) == (False, 7)


async def test_the_pids_are_those_of_the_server_and_of_its_runner(
    standins: StandinEngine, reach: Reach, tmp_path: Path
) -> None:
    (tmp_path / "claims").mkdir()
    standin = standins.run("ollama", state=tmp_path)
    server = standin.control()["pid"]
    loaded = await asyncio.to_thread(
        requests.post, f"{standin.url}/api/generate", json={"model": "llama3:8b"}, timeout=20
    )
    runner = int(next((tmp_path / "claims").iterdir()).name)
    assert loaded.json()["done_reason"] == "load"
    assert await reach(standin.name).pids(standin.name) == {server, runner}


async def test_a_container_that_does_not_run_has_no_pids(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.create("comfyui")
    assert await reach(standin.name).pids(standin.name) == frozenset()


@pytest.mark.parametrize("policy", RestartPolicy)
async def test_a_restart_policy_that_was_set_is_the_one_that_is_seen(
    standins: StandinEngine, reach: Reach, policy: RestartPolicy
) -> None:
    standin = standins.create("comfyui", restart="unless-stopped" if policy is RestartPolicy.NO else "no")
    containers = reach(standin.name)
    await containers.set_restart_policy(standin.name, policy)
    assert (await containers.inspect(standin.name)).restart_policy is policy


async def test_a_start_that_fails_tells_dockers_own_reason(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.create("comfyui", devices=["/dev/bd1-no-such-card:/dev/card"])
    with pytest.raises(ContainerRefused, match=f"start container '{standin.name}'.*/dev/bd1-no-such-card"):
        await reach(standin.name).start(standin.name)


async def test_a_container_that_does_not_exist_is_missing_whatever_is_asked_of_it(reach: Reach) -> None:
    containers = reach("bd1-test-nobody")
    for asked in (
        containers.inspect("bd1-test-nobody"),
        containers.start("bd1-test-nobody"),
        containers.stop("bd1-test-nobody", grace_s=1),
        containers.kill("bd1-test-nobody"),
        containers.pause("bd1-test-nobody"),
        containers.unpause("bd1-test-nobody"),
        containers.pids("bd1-test-nobody"),
        containers.set_restart_policy("bd1-test-nobody", RestartPolicy.NO),
    ):
        with pytest.raises(ContainerMissing, match="no container 'bd1-test-nobody'"):
            await asked


async def test_a_container_that_is_not_configured_is_refused_before_docker_hears_of_it() -> None:
    nowhere = DockerContainers({"comfyui"}, "unix:///nowhere/docker.sock")
    for asked in (nowhere.inspect("vault"), nowhere.start("vault"), nowhere.stop("vault", 1), nowhere.kill("vault")):
        with pytest.raises(ContainerRefused, match="'vault' is not named"):
            await asked


async def test_a_name_that_reads_like_the_id_of_another_container_does_not_reach_that_one(
    standins: StandinEngine, reach: Reach
) -> None:
    standin = standins.run("comfyui")
    alias = str(standin.container.id)[:12]
    containers = reach(alias, standin.name)
    for asked in (containers.inspect(alias), containers.kill(alias), containers.stop(alias, 1), containers.pids(alias)):
        with pytest.raises(ContainerMissing):
            await asked
    assert (await containers.inspect(standin.name)).running


async def test_many_questions_at_once_are_all_answered(standins: StandinEngine, reach: Reach) -> None:
    standin = standins.create("comfyui")
    containers = reach(standin.name)
    states = await asyncio.gather(*(containers.inspect(standin.name) for _ in range(20)))
    assert {state.id for state in states} == {standin.container.id}
