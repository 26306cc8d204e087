"""Looking at the card, its holders and the whole picture while Docker is away, slow or back again."""

import asyncio

import pytest

from bd1.core.gpu import GpuSample
from tests.services.rig import Rig

SOON_S = 0.02


@pytest.fixture
def hanging_docker(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """An engine that takes every question and answers none; patience is short, so that the test is."""

    async def never(*_args: object) -> None:
        await asyncio.Event().wait()

    for name in ("inspect", "pids", "version"):
        monkeypatch.setattr(rig.containers, name, never)
    for module in ("card", "protection", "status"):
        monkeypatch.setattr(f"bd1.services.{module}._PATIENCE_S", SOON_S)
    return rig


async def sampled(rig: Rig) -> GpuSample:
    reading = await rig.go(rig.card.look())
    assert isinstance(reading, GpuSample)
    return reading


async def test_a_process_that_could_not_be_placed_while_docker_was_away_is_placed_once_it_is_back(rig: Rig) -> None:
    rig.world.machine.start("comfyui")
    await rig.live(5)
    rig.world.machine.engine_away = True
    stranger = await rig.card.attribution(await sampled(rig))
    assert [holder.workload for holder in stranger.holders] == [None]
    rig.world.machine.engine_away = False
    placed = await rig.card.attribution(await sampled(rig))
    assert [holder.workload for holder in placed.holders] == ["comfyui"]


async def test_a_stranger_is_asked_about_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.world.ledger.seize(4, "foreign", 900)
    await rig.card.attribution(await sampled(rig))
    asked: list[str] = []
    inspect = rig.containers.inspect

    async def count(name: str) -> object:
        asked.append(name)
        return await inspect(name)

    monkeypatch.setattr(rig.containers, "inspect", count)
    known = await rig.card.attribution(await sampled(rig))
    assert asked == []
    assert [holder.workload for holder in known.holders] == [None]


async def test_an_engine_that_hangs_holds_up_nobody_for_long(hanging_docker: Rig) -> None:
    hanging_docker.world.machine.start("comfyui")
    await hanging_docker.live(5)
    async with asyncio.timeout(5):
        found = await hanging_docker.card.attribution(await sampled(hanging_docker))
    assert found.holders[0].workload is None


async def test_the_picture_comes_in_time_while_docker_hangs_and_says_so(hanging_docker: Rig) -> None:
    async with asyncio.timeout(5):
        status = await hanging_docker.board.now()
    assert status.mode.name is None
    assert "does not answer" in (status.mode.trouble or "")
    assert status.parts[1].words == "does not answer within 2 s"


async def test_ollama_is_relieved_of_its_model_while_docker_hangs(rig: Rig, request: pytest.FixtureRequest) -> None:
    await rig.switch("chat")
    await rig.go(rig.model.load("llama3:8b", num_ctx=8192))
    await rig.go(rig.board.now())
    rig.world.ledger.seize(rig.world.machine.boxes["ollama"].pid or 0, "context", 14500)
    request.getfixturevalue("hanging_docker")
    before = rig.world.used_mib
    eviction = asyncio.create_task(rig.director.evict("the test says so"))
    async with asyncio.timeout(5):
        while rig.world.used_mib > before - 4000:
            await rig.live(0.1)
            await asyncio.sleep(0)
    eviction.cancel()
    await asyncio.gather(eviction, return_exceptions=True)
    assert rig.model._world.ollama_memory.loaded() == {}


async def test_after_a_failed_look_the_card_is_still_named_and_asked_again_who_it_is(rig: Rig) -> None:
    await rig.go(rig.card.look())
    assert rig.card.identity is not None
    await rig.go(rig.troubles.set("gpu_lost", on=True))
    await rig.go(rig.card.look())
    assert rig.card.identity is not None
    assert await rig.go(rig.card.look_around()) is None
    await rig.go(rig.troubles.reset())
    rig.world.card.driver = "600.00"
    await rig.go(rig.card.look())
    assert rig.card.identity.driver == "600.00"
