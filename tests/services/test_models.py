"""Models on the simulated machine: what fits is loaded, what does not is told, and nothing is loaded by a question."""

import asyncio

import pytest

from bd1.errors import ChatRefused, ChatUnavailable, ModelMissing
from bd1.ports import InstalledModel
from bd1.services.models import Models
from tests.services.rig import Rig

SMALL = InstalledModel("gemma3:1b", 800, "1B", "Q4_K_M")
LARGE = InstalledModel("qwen3:14b", 9000, "14B", "Q4_K_M")
HUGE = InstalledModel("llama3.3:70b", 40_000, "70B", "Q4_K_M")


@pytest.fixture
async def models(rig: Rig) -> Models:
    """The server is up and holds nothing yet."""
    await rig.switch("chat")
    rig.model.shelf |= {model.name: model for model in (SMALL, LARGE, HUGE)}
    return rig.services.models


async def test_what_is_there_is_listed_with_what_it_needs_and_nothing_is_loaded(rig: Rig, models: Models) -> None:
    entries = await models.all()
    assert [entry.installed.name for entry in entries] == ["gemma3:1b", "llama3.3:70b", "llama3:8b", "qwen3:14b"]
    assert {entry.installed.name: models.fits(entry) for entry in entries}["llama3.3:70b"] is False
    assert entries[2].need_mib == 4445 + 1024 + 768
    assert await models.sees("llama3:8b") is False
    assert await rig.model.loaded() == ()


async def test_an_unknown_model_is_refused_with_the_nearest_name(models: Models) -> None:
    with pytest.raises(ModelMissing, match=r"no model lama3:8b on the server\. Did you mean llama3:8b\?"):
        await models.find("lama3:8b")


async def test_a_model_that_fits_is_loaded_and_unloaded(rig: Rig, models: Models) -> None:
    entry = await rig.go(models.load("gemma3:1b"))
    assert entry.loaded is not None
    await rig.go(models.unload("gemma3:1b"))
    assert await rig.model.loaded() == ()


async def test_a_model_that_can_never_fit_is_refused_before_anything_happens(rig: Rig, models: Models) -> None:
    with pytest.raises(ChatRefused, match=r"llama3.3:70b needs about .* the card has"):
        await rig.go(models.load("llama3.3:70b"))
    with pytest.raises(ChatRefused, match=r"llama3.3:70b needs about"):
        await models.can_answer("llama3.3:70b")
    assert await rig.model.loaded() == ()


async def test_a_model_that_does_not_fit_beside_another_is_refused_and_names_it(rig: Rig, models: Models) -> None:
    await rig.go(models.load("llama3:8b"))
    with pytest.raises(ChatRefused, match=r"does not fit beside llama3:8b: .*Unload llama3:8b first"):
        await rig.go(models.load("qwen3:14b"))


async def test_memory_that_somebody_else_holds_counts(rig: Rig, models: Models) -> None:
    rig.world.intrude("game", 15_000)
    with pytest.raises(ChatRefused, match=r"does not fit: .* are in use"):
        await rig.go(models.load("llama3:8b"))


async def test_an_answer_of_another_model_makes_room_first(rig: Rig, models: Models) -> None:
    await rig.go(models.load("llama3:8b"))
    await rig.go(models.make_room("llama3:8b"))
    assert [model.name for model in await rig.model.loaded()] == ["llama3:8b"]
    await rig.go(models.make_room("qwen3:14b"))
    assert await rig.model.loaded() == ()
    with pytest.raises(ChatRefused, match="needs about"):
        await rig.go(models.make_room("llama3.3:70b"))


async def test_in_image_mode_nothing_is_loaded(rig: Rig, models: Models) -> None:
    await rig.switch("image")
    with pytest.raises(ChatUnavailable):
        await rig.go(models.load("gemma3:1b"))


async def test_a_download_is_told_step_by_step_and_then_it_can_be_found(rig: Rig, models: Models) -> None:
    rig.model.remote = {"phi4:14b": InstalledModel("phi4:14b", 8000)}
    steps = [step async for step in models.pull("phi4:14b")]
    assert steps[-1].status == "success"
    assert (await models.find("phi4:14b")).installed.size_mib == 8000


async def test_a_download_that_can_never_fit_is_given_up_once_that_is_known(rig: Rig, models: Models) -> None:
    rig.model.remote = {"big:405b": InstalledModel("big:405b", 200_000)}
    with pytest.raises(ChatRefused, match="big:405b needs about"):
        assert [step async for step in models.pull("big:405b")] == []
    assert "big:405b" not in rig.model.shelf
    assert [step async for step in models.pull("big:405b", anyway=True)]
    assert "big:405b" in rig.model.shelf


async def test_a_switch_cuts_a_load(rig: Rig, models: Models) -> None:
    never = asyncio.Event()

    async def stuck(model: str, *, num_ctx: int) -> None:
        del model, num_ctx
        await never.wait()

    rig.model.load = stuck  # type: ignore[method-assign]
    loading = asyncio.create_task(models.load("gemma3:1b"))
    await rig.live(1)
    assert rig.admission.inside
    rig.admission.cut("The card is needed.")
    with pytest.raises(ChatUnavailable, match=r"The card is needed\."):
        await loading
    assert rig.admission.inside == ()
