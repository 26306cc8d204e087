"""Choosing and tending models on the loopback Discord."""

import asyncio

from bd1.ports import InstalledModel
from bd1.sim.discord.model import Message
from tests.cogs.conftest import Home, end_of, reading, text_of

SMALL = InstalledModel("gemma3:1b", 800, "1B", "Q4_K_M")
HUGE = InstalledModel("llama3.3:70b", 40_000, "70B", "Q4_K_M")


async def run(home: Home, who: str, command: str, **options: object) -> Message:
    return await (await home.discord.person(who).slash(command, channel="bridge", options=options)).response()


async def test_a_chosen_model_answers_in_its_channel_and_after_a_restart(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.shelf["gemma3:1b"] = SMALL
    said = await run(home, "Leia", "chat model", model="gemma3:1b")
    await home.until_told(said, "gemma3:1b** answers")
    await home.restart_bot()
    await home.rig.services.memory.load()
    await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}> hello")
    answer = await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=20)
    assert "gemma3:1b" in answer.content
    shown = await run(home, "Han", "chat model")
    assert "**gemma3:1b** answers you here" in shown.content
    said = await run(home, "Leia", "chat model", model="configured")
    await home.until_told(said, "llama3:8b** answers")


async def test_an_unknown_model_is_refused_with_the_nearest_name(home: Home) -> None:
    await home.until_mode("chat")
    said = await run(home, "Leia", "chat model", model="lama3:8b")
    await home.until(
        lambda: any("Did you mean llama3:8b?" in m.content for m in home.discord.messages("bridge")), "the nearest name"
    )
    assert said
    assert home.rig.services.memory.model((), 0) == "llama3:8b"


async def test_the_picker_tells_what_each_model_is_and_whether_it_fits(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.shelf |= {model.name: model for model in (SMALL, HUGE)}
    choices = await home.discord.person("Leia").autocomplete("chat model", focused="model", channel="bridge")
    names = [reading(choice["name"]) for choice in choices]
    assert names[0] == "gemma3:1b · 1B · Q4_K_M · 0.8 GB · fits now"
    assert names[1] == "llama3.3:70b · 70B · Q4_K_M · 41.9 GB · does not fit now"
    assert await home.discord.person("Han").autocomplete("chat model", focused="model", channel="bridge") == []


async def test_the_list_shows_what_is_loaded(home: Home) -> None:
    await home.until_mode("chat")
    said = await run(home, "Leia", "models", do="load", model="llama3:8b")
    await home.until_told(said, "is loaded")
    shown = await run(home, "Han", "models")
    await home.until_told(shown, "🟢 **llama3:8b** · answers here")
    assert "loaded, 4 700 MiB" in text_of(shown)
    said = await run(home, "Leia", "models", do="unload", model="llama3:8b")
    await home.until_told(said, "no longer in memory")


async def settled(home: Home) -> None:
    """Waits until the end of every download is shown and that is noted."""
    async with asyncio.timeout(20):
        await home.rig.services.pulls.is_empty.wait()


async def half_fetched(home: Home, door: asyncio.Event) -> Message:
    """A download that waits in its middle for the door."""
    await home.until_mode("chat")
    home.rig.model.remote["gemma3:1b"] = SMALL
    steps = 0

    async def hold() -> None:
        nonlocal steps
        steps += 1
        if steps == 3:
            await door.wait()

    home.rig.model.hold = hold
    shown = await run(home, "Leia", "models", do="pull", model="gemma3:1b")
    await home.until_told(shown, "50% of 0.8 GB")
    return shown


async def test_a_download_shows_how_far_it_is(home: Home) -> None:
    door = asyncio.Event()
    shown = await half_fetched(home, door)
    door.set()
    await home.until_told(shown, "✅ **gemma3:1b** is on the server now")


async def test_a_download_goes_on_and_is_shown_when_the_bot_connects_anew(home: Home) -> None:
    door = asyncio.Event()
    shown = await half_fetched(home, door)
    await home.restart_bot()
    door.set()
    await home.until_told(shown, "✅ **gemma3:1b** is on the server now")
    await settled(home)


async def test_a_download_that_ends_while_nobody_is_connected_is_told_afterwards(home: Home) -> None:
    door = asyncio.Event()
    shown = await half_fetched(home, door)
    await end_of(home.bot)
    door.set()
    await home.rig.services.pulls.all[0].has_ended.wait()
    await home.restart_bot()
    await home.until_told(shown, "✅ **gemma3:1b** is on the server now")


async def test_a_download_that_ends_with_the_process_says_so_afterwards_and_once(home: Home) -> None:
    shown = await half_fetched(home, asyncio.Event())
    await home.restart_all()
    await home.until_told(shown, "I was restarted while I fetched gemma3:1b. Ollama keeps what it has of it")
    assert "gemma3:1b" not in home.rig.model.shelf
    await settled(home)
    count = len(shown.contents)
    await home.restart_all()
    assert (home.rig.services.pulls.all, len(shown.contents)) == ((), count)


async def test_a_download_that_can_never_fit_is_told(home: Home) -> None:
    await home.until_mode("chat")
    home.rig.model.remote["llama3.3:70b"] = HUGE
    shown = await run(home, "Leia", "models", do="pull", model="llama3.3:70b")
    await home.until_told(shown, "llama3.3:70b needs about")
    assert "llama3.3:70b" not in home.rig.model.shelf


async def test_while_the_gpu_is_elsewhere_a_sentence_says_so(home: Home) -> None:
    await home.until_mode("image")
    await run(home, "Leia", "models")
    await home.until(
        lambda: any("Ollama cannot be reached" in m.content for m in home.discord.messages("bridge")), "the sentence"
    )
