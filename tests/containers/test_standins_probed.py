"""The adapters that ask a workload how it is, against the pretended services in real containers."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bd1.adapters.comfyui import ComfyUi
from bd1.adapters.http_health import HttpHealth
from bd1.core.settings import HEALTH_PATHS, WorkloadKind
from bd1.errors import PicturesUnavailable
from bd1.ports import PictureJobs
from tests.containers.engine import Standin, StandinEngine

pytest_plugins = ("tests.containers.fixtures",)

OLLAMA, COMFYUI = WorkloadKind.OLLAMA, WorkloadKind.COMFYUI
FOR_EVER_MS = 3_600_000


@pytest.fixture
async def health() -> AsyncIterator[HttpHealth]:
    check = HttpHealth()
    yield check
    await check.close()


@pytest.fixture
async def pictures() -> AsyncIterator[ComfyUi]:
    adapter = ComfyUi()
    yield adapter
    await adapter.close()


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "claims").mkdir()
    return tmp_path


async def post(web: aiohttp.ClientSession, standin: Standin, path: str, **told: object) -> int:
    async with web.post(standin.url + path, json=told) as answer:
        return answer.status


async def test_a_container_that_answers_can_do_its_work_and_a_silent_or_stopped_one_cannot(
    standins: StandinEngine, health: HttpHealth
) -> None:
    for kind in (OLLAMA, COMFYUI):
        standin = standins.run("ollama" if kind is OLLAMA else "comfyui")
        url = standin.url + HEALTH_PATHS[kind]
        assert await health.trouble(url, kind) is None
        assert await health.trouble(standin.url, kind) is None
        standin.control(silent=1)
        assert await health.trouble(url, kind) == f"it does not answer on {standin.url} (nothing within 2 s)"
        standin.container.kill()
        standin.container.wait()
        assert await health.trouble(url, kind) == f"it does not answer on {standin.url} (no connection)"


async def test_a_container_of_another_kind_is_told_apart(standins: StandinEngine, health: HttpHealth) -> None:
    ollama, comfyui = standins.run("ollama"), standins.run("comfyui")
    assert "but no ComfyUI (HTTP 404)" in str(await health.trouble(ollama.url, COMFYUI))
    assert "but no Ollama (HTTP 404)" in str(await health.trouble(comfyui.url, OLLAMA))


async def test_a_probe_loads_no_model(standins: StandinEngine, health: HttpHealth, state: Path) -> None:
    standin = standins.run("ollama", state=state)
    assert await health.trouble(standin.url, OLLAMA) is None
    assert not [claim for claim in (state / "claims").iterdir() if not claim.read_text("ascii").startswith("mib=0")]


async def test_a_running_job_and_those_that_wait_are_counted(
    standins: StandinEngine, pictures: ComfyUi, health: HttpHealth, web: aiohttp.ClientSession
) -> None:
    standin = standins.run("comfyui", environment={"STANDIN_JOB_MS": FOR_EVER_MS})
    assert await pictures.jobs(standin.url) == PictureJobs(running=0, pending=0)
    for count in range(1, 4):
        assert await post(web, standin, "/prompt", prompt={"1": {}}) == 200
        assert await pictures.jobs(standin.url) == PictureJobs(running=1, pending=count - 1)
    assert await health.trouble(standin.url, COMFYUI) is None
    await post(web, standin, "/queue", clear=True)
    assert await pictures.jobs(standin.url) == PictureJobs(running=1, pending=0)
    await post(web, standin, "/interrupt")
    standin.control()
    assert await pictures.jobs(standin.url) == PictureJobs(running=0, pending=0)


async def test_the_models_go_when_they_are_asked_to_and_nothing_is_under_way(
    standins: StandinEngine, pictures: ComfyUi, web: aiohttp.ClientSession, state: Path
) -> None:
    told = {"STANDIN_RAMP_MS": 0, "STANDIN_JOB_MS": FOR_EVER_MS, "STANDIN_IDLE_MIB": 300}
    standin = standins.run("comfyui", state=state, environment=told)
    await post(web, standin, "/prompt", prompt={"1": {}})
    await pictures.free(standin.url)
    standin.control()
    assert standin.control()["held_mib"] == 2600
    await post(web, standin, "/interrupt")
    standin.control()
    assert standin.control()["held_mib"] == 300


async def test_a_question_without_a_body_fails_as_with_the_real_one(
    standins: StandinEngine, web: aiohttp.ClientSession
) -> None:
    async with web.post(f"{standins.run('comfyui').url}/free") as answer:
        assert answer.status == 500


async def test_jobs_of_a_container_that_is_gone_cannot_be_counted(standins: StandinEngine, pictures: ComfyUi) -> None:
    standin = standins.run("comfyui")
    standin.container.kill()
    standin.container.wait()
    with pytest.raises(PicturesUnavailable, match=r"does not answer \(no connection\)"):
        await pictures.jobs(standin.url)
