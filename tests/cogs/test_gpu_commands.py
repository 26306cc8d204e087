"""`/gpu` on the loopback Discord."""

from typing import Any

import pytest

from tests.cogs.conftest import Home, text_of


async def test_status_shows_the_card_the_mode_and_each_part(home: Home) -> None:
    await home.until_mode("chat")
    asked = await home.discord.person("Han").slash("gpu status", channel="bridge")
    text = text_of(await asked.response())
    for wanted in (
        "RTX 4000 Ada",
        "20 475 MiB",
        "**chat**",
        "by the test",
        "idle level 460 MiB",
        "unattributed",
        "Docker",
        "gen ",
    ):
        assert wanted in text


async def test_refresh_reads_again_in_the_same_message(home: Home) -> None:
    han = home.discord.person("Han")
    message = await (await han.slash("gpu status", channel="bridge")).response()
    pressed = await han.click(message, "Refresh")
    assert (await pressed.response()).id == message.id


async def test_a_switch_ticks_its_steps_off_in_one_message(home: Home) -> None:
    await home.until_mode("chat")
    leia = home.discord.person("Leia")
    asked = await leia.slash("gpu mode", channel="bridge", mode="image")
    message = await asked.response()
    await home.discord.log.until(lambda: "chat -> image in" in text_of(message) or None, timeout=20, awaited="the end")
    assert "✅ Prove that VRAM is back" in text_of(message)
    assert len([m for m in home.discord.messages("bridge") if m.author_id == home.discord.bot.id]) == 1


async def test_only_operators_may_switch(home: Home) -> None:
    asked = await home.discord.person("Han").slash("gpu mode", channel="bridge", mode="image")
    answer = await asked.response()
    assert answer.ephemeral
    assert "Only operators" in answer.content
    assert not home.rig.director.is_switching


async def test_a_stranger_may_not_even_look(home: Home) -> None:
    asked = await home.discord.person("Greedo").slash("gpu status", channel="bridge")
    answer = await asked.response()
    assert answer.ephemeral
    assert "may not use BD-1" in answer.content


async def test_a_stranger_may_not_press_refresh(home: Home) -> None:
    message = await (await home.discord.person("Han").slash("gpu status", channel="bridge")).response()
    pressed = await home.discord.person("Greedo").click(message, "Refresh")
    answer = await pressed.response()
    assert answer.ephemeral
    assert "may not use BD-1" in answer.content


@pytest.mark.parametrize(("typed", "offered"), [("", ["chat", "image", "idle"]), ("im", ["image"]), ("x", [])])
async def test_the_picker_offers_the_modes_that_fit_what_was_typed(home: Home, typed: str, offered: list[str]) -> None:
    choices: list[Any] = await home.discord.person("Leia").autocomplete(
        "gpu mode", focused="mode", value=typed, channel="bridge"
    )
    assert [choice["value"] for choice in choices] == offered


async def test_each_mode_in_the_picker_says_what_it_starts_stops_and_needs(home: Home) -> None:
    await home.until_mode("chat")
    choices = await home.discord.person("Leia").autocomplete("gpu mode", focused="mode", channel="bridge")
    names = [choice["name"].replace("\N{NARROW NO-BREAK SPACE}", " ") for choice in choices]
    assert names[0] == "chat: on now"
    assert names[1] == "image: starts comfyui, stops ollama, needs 8 000 MiB"
    assert names[2] == "idle: stops ollama"


async def test_no_mode_shows_the_current_one(home: Home) -> None:
    await home.until_mode("image")
    answer = await (await home.discord.person("Han").slash("gpu mode", channel="bridge")).response()
    assert "**image**" in text_of(answer)


async def test_an_unknown_mode_is_refused_in_a_sentence(home: Home) -> None:
    asked = await home.discord.person("Leia").slash("gpu mode", channel="bridge", mode="imaeg")
    answer = await asked.response()
    assert answer.content == "There is no mode called imaeg. There are: chat, image, idle."


async def test_progress_goes_on_as_a_message_when_the_answer_is_deleted(home: Home) -> None:
    await home.until_mode("chat")
    leia = home.discord.person("Leia")
    asked = await leia.slash("gpu mode", channel="bridge", mode="image")
    first = await asked.response()
    await leia.delete(first)
    second = await home.discord.message("bridge", after=first, timeout=10)
    await home.discord.log.until(lambda: "chat -> image in" in text_of(second) or None, timeout=20, awaited="the end")
    assert home.rig.fleet.view.name == "image"
