"""`/chat` in direct messages: offered where those are answered, with the roles that people hold at home."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.model import Channel, Message
from tests.cogs.answering import Model
from tests.cogs.conftest import Home, patient, text_of


@pytest.fixture
def allow_dms() -> bool:
    """People may write directly; a test may want it otherwise."""
    return True


@pytest.fixture
def tune(allow_dms: bool) -> Callable[[Settings], Settings]:
    return lambda settings: patient(replace(settings, discord=replace(settings.discord, allow_dms=allow_dms)))


def direct(home: Home, who: str) -> Channel:
    return home.discord.world.direct_channel(home.discord.person(who).id)


async def run(home: Home, who: str, command: str) -> Message:
    return await (await home.discord.person(who).slash(command, channel=direct(home, who))).response()


async def test_what_makes_sense_directly_is_offered_there_and_the_rest_in_the_server_alone(home: Home) -> None:
    han = home.discord.person("Han")
    offered = [leaf.name for leaf in han.commands(direct(home, "Han"))]
    assert offered == ["chat context", "chat forget", "chat reset"]
    in_server = [leaf.name for leaf in han.commands("bridge")]
    assert {"chat persona", "chat model", "gpu status", *offered} <= set(in_server)
    assert len(in_server) == len(set(in_server))


async def test_a_direct_conversation_is_begun_anew_and_shown(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    han = home.discord.person("Han")
    await han.say(direct(home, "Han"), "the first")
    await home.discord.message(direct(home, "Han").id, where=lambda m: "tokens/s" in m.content, timeout=20)
    shown = await run(home, "Han", "chat context")
    await home.until_told(shown, "the first")
    assert "begins anew" in text_of(await run(home, "Han", "chat reset"))
    second = await han.say(direct(home, "Han"), "the second")
    await home.discord.message(second.channel_id, where=lambda m: "tokens/s" in m.content, after=second, timeout=20)
    assert [turn.content for turn in model.turns[-1] if turn.role == "user"] == ["the second"]


async def test_a_person_can_be_forgotten_directly(home: Home) -> None:
    told = await run(home, "Han", "chat forget")
    await home.until_told(told, "I have erased what I kept about you (0 entries)")


async def test_who_has_no_role_at_home_is_told_so_directly(home: Home) -> None:
    for command in ("chat reset", "chat context", "chat forget"):
        assert "You may not use BD-1 here" in text_of(await run(home, "Greedo", command))


@pytest.mark.parametrize("allow_dms", [False])
async def test_where_direct_messages_are_not_answered_nothing_is_offered_there(home: Home) -> None:
    assert home.discord.person("Han").commands(direct(home, "Han")) == []
