"""Models on the simulated machine: what fits is loaded, what does not is told, and nothing is loaded by a question."""

import asyncio

import pytest

from bd1.core.progress import Outcome, Patience
from bd1.errors import Busy, ChatRefused, ChatUnavailable, ModelMissing
from bd1.ports import InstalledModel
from bd1.services.gatekeeper import GateShut
from bd1.services.models import ModelEntry, Models
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
        await rig.go(models.make_room("qwen3:14b"))


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


async def stuck_load(rig: Rig, models: Models) -> "asyncio.Task[ModelEntry]":
    """A load that the server takes for ever over, once it has begun."""
    never = asyncio.Event()

    async def stuck(model: str, *, num_ctx: int) -> None:
        del model, num_ctx
        await never.wait()

    rig.model.load = stuck  # type: ignore[method-assign]
    loading = asyncio.create_task(models.load("gemma3:1b"))
    await rig.live(2)
    assert rig.admission.doings == ("gemma3:1b is being loaded",)
    return loading


async def test_a_switch_asks_about_a_load_and_cuts_it(rig: Rig, models: Models) -> None:
    loading = await stuck_load(rig, models)
    job = rig.director.switch("image", "Leia")
    await rig.live(rig.settings.switch.drain_s + 1)
    assert "gemma3:1b is being loaded" in (job.progress.question or "")
    rig.director.choose(job.id, Patience.CUT, "Leia")
    await rig.live(20)
    with pytest.raises(ChatUnavailable, match="Leia switched the GPU to image mode"):
        await loading
    assert job.progress.outcome is Outcome.DONE
    assert rig.admission.inside == ()


async def test_protection_does_not_wait_for_a_load(rig: Rig, models: Models) -> None:
    loading = await stuck_load(rig, models)
    evicting = asyncio.create_task(rig.director.evict("The card is full."))
    await rig.live(30)
    await evicting
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    assert not rig.director.is_at_work


@pytest.mark.parametrize("ahead_s", [number / 10 for number in range(15)])
async def test_a_load_and_a_switch_that_come_together_never_meet_on_the_card(
    rig: Rig, models: Models, ahead_s: float
) -> None:
    """However far the load is when the switch comes, it is refused, waited for or cut before anything is started."""
    load, start, under_way, met = rig.model.load, rig.containers.start, set[str](), list[str]()

    async def watched_load(model: str, *, num_ctx: int) -> None:
        under_way.add(model)
        try:
            await rig.clock.sleep(0.3)
            await load(model, num_ctx=num_ctx)
        finally:
            under_way.remove(model)

    async def watched_start(name: str) -> None:
        met.extend(under_way)
        await start(name)

    rig.model.load = watched_load  # type: ignore[method-assign]
    rig.containers.start = watched_start  # type: ignore[method-assign]
    asked = asyncio.create_task(models.load("gemma3:1b"))
    await rig.live(ahead_s)
    job = rig.director.switch("image", "Leia", patience=Patience.CUT)
    await rig.live(60)
    await asyncio.gather(asked, return_exceptions=True)
    assert job.progress.outcome is Outcome.DONE
    assert met == []
    assert under_way == set()


async def test_while_a_switch_is_under_way_nothing_is_loaded(rig: Rig, models: Models) -> None:
    job = rig.director.switch("image", "Leia")
    with pytest.raises(Busy, match="at work on the card"):
        await rig.go(models.load("gemma3:1b"))
    await rig.live(60)
    assert job.progress.outcome is Outcome.DONE


async def test_what_is_loaded_needs_a_card_that_holds_nothing_foreign(rig: Rig, models: Models) -> None:
    rig.world.intrude("game", 1_000)
    with pytest.raises(GateShut, match="game"):
        await rig.go(models.load("gemma3:1b"))
    assert await rig.model.loaded() == ()


async def test_protection_that_comes_during_the_proof_goes_first(rig: Rig, models: Models) -> None:
    loading = asyncio.create_task(models.load("gemma3:1b"))
    await rig.clock.settle()
    assert rig.director.is_at_work
    evicting = asyncio.create_task(rig.director.evict("The card is full."))
    await rig.live(rig.settings.switch.gate_interval_s + 0.05)
    assert loading.done()
    with pytest.raises(ChatUnavailable, match="making room"):
        await loading
    await rig.live(30)
    await evicting


async def test_two_loads_come_one_after_the_other_and_the_second_knows_of_the_first(rig: Rig, models: Models) -> None:
    both = asyncio.gather(models.load("llama3:8b"), models.load("qwen3:14b"), return_exceptions=True)
    await rig.live(30)
    first, second = await both
    assert isinstance(first, ModelEntry)
    assert isinstance(second, ChatRefused)
    assert "does not fit beside llama3:8b" in str(second)
