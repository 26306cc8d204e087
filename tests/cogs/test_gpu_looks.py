"""`/gpu log` and `/gpu baseline` on the loopback Discord."""

from bd1.sim.discord.model import Message
from tests.cogs.conftest import Home, buttons_of, text_of


async def asked(home: Home, who: str, command: str, options: dict[str, int] | None = None) -> Message:
    return await (await home.discord.person(who).slash(command, channel="bridge", options=options)).response()


async def test_the_crew_may_read_the_last_switches(home: Home) -> None:
    await home.until_mode("chat")
    await home.until_mode("image")
    text = text_of(await asked(home, "Han", "gpu log"))
    assert text.index("chat → image") < text.index(" → chat**")
    assert "VRAM back" in text
    assert "the test" in text


async def test_as_many_switches_are_shown_as_were_asked_for(home: Home) -> None:
    for mode in ("chat", "idle"):
        await home.until_mode(mode)
    text = text_of(await asked(home, "Han", "gpu log", {"count": 1}))
    assert "chat → idle" in text
    assert " → chat" not in text


async def test_the_idle_level_is_shown_to_the_crew_and_needs_no_word_while_it_is_as_learned(home: Home) -> None:
    await home.rig.idle_level.observe()
    answer = await asked(home, "Han", "gpu baseline")
    assert "**460 MiB** is what the card holds when nothing of ours runs" in text_of(answer)
    assert "Now it holds **460 MiB**" in text_of(answer)
    assert buttons_of(answer) == {}


async def test_what_runs_keeps_the_idle_level_from_being_measured(home: Home) -> None:
    await home.until_mode("chat")
    text = text_of(await asked(home, "Leia", "gpu baseline"))
    assert "cannot be measured, because ollama runs" in text


async def test_only_an_operator_can_answer_for_what_nobody_explains(home: Home) -> None:
    await home.rig.idle_level.observe()
    await home.rig.troubles.set("foreign", on=True)
    answer = await asked(home, "Han", "gpu baseline")
    assert "3 000 MiB above what was learned" in text_of(answer)
    (label,) = buttons_of(answer)
    told = await (await home.discord.person("Han").click(answer, label)).response()
    assert "Only operators" in told.content
    await (await home.discord.person("Leia").click(answer, label)).response()
    assert "**3 460 MiB** is what the card holds when nothing of ours runs" in text_of(answer)
    assert "by Leia" in text_of(answer)
    assert buttons_of(answer) == {}
    assert home.rig.card.idle_mib == 3460


async def test_a_level_that_rose_since_it_was_shown_is_not_accepted(home: Home) -> None:
    await home.rig.idle_level.observe()
    await home.rig.troubles.set("foreign", on=True)
    answer = await asked(home, "Leia", "gpu baseline")
    home.rig.world.ledger.seize(9999, "more", 1000)
    told = await (await home.discord.person("Leia").click(answer, next(iter(buttons_of(answer))))).response()
    assert told.ephemeral
    assert "4 460 MiB by now" in text_of(told)
    assert home.rig.card.idle_mib == 460
