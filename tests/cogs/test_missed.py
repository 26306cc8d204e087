"""What was said while BD-1 was away: found wherever it was said, and answered exactly once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.events import MessageCreated, RequestMade
from bd1.sim.discord.model import Channel, Message
from tests.cogs.answering import Model
from tests.cogs.conftest import Home, buttons_of, patient


@pytest.fixture
def is_for_all() -> bool:
    """Whether every member may chat, whatever their roles."""
    return False


@pytest.fixture
def tune(is_for_all: bool) -> Callable[[Settings], Settings]:
    """People may write directly, too."""

    def tuned(settings: Settings) -> Settings:
        told = replace(settings.discord, allow_dms=True)
        return patient(replace(settings, discord=replace(told, user_role_ids=()) if is_for_all else told))

    return tuned


def mention(home: Home) -> str:
    return f"<@{home.discord.bot.id}>"


def direct(home: Home, who: str) -> Channel:
    return home.discord.world.direct_channel(home.discord.person(who).id)


def answers_below(home: Home, question: Message) -> list[Message]:
    found = home.discord.world.history(question.channel_id)
    return [m for m in found if m.reference and m.reference.message_id == question.id and "Regenerate" in buttons_of(m)]


async def answered(home: Home, *questions: Message) -> None:
    await home.until(lambda: all(answers_below(home, it) for it in questions), "an answer to each question")


async def say_meanwhile(home: Home) -> tuple[Message, ...]:
    """A mention where somebody asked before, one in a new thread, one where nobody ever asked, and a direct message."""
    han = home.discord.person("Han")
    opener = await han.say("general", "let us talk of Chopper")
    thread = home.discord.world.open_thread(opener, "Chopper", han.id)
    return (
        await han.say("bridge", f"{mention(home)} in a channel"),
        await han.say(thread, f"{mention(home)} in a thread"),
        await home.discord.person("Leia").say("gpu-alerts", f"{mention(home)} in a new place"),
        await han.say(direct(home, "Han"), "directly"),
    )


async def test_what_was_said_on_a_server_that_comes_late_is_answered_once_it_is_there(home: Home) -> None:
    await home.until_mode("chat")
    Model(home)
    before = await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    await answered(home, before)
    await home.go_away()
    missed = await home.discord.person("Leia").say("gpu-alerts", f"{mention(home)} is anybody there")
    in_private = await home.discord.person("Han").say(direct(home, "Han"), "directly")
    home.discord.faults.guild_away = True
    looked_from = home.discord.log.position
    await home.come_back()
    await home.discord.event(
        RequestMade, where=lambda it: it.exchange.path.endswith("/threads/active"), since=looked_from, timeout=20
    )
    home.discord.faults.bring_guild()
    await answered(home, in_private, missed)
    said = [it for it in home.discord.messages(in_private.channel_id) if it.author_id == home.discord.bot.id]
    assert len(said) == 1, "nobody was refused while their roles could not be known"
    assert all(len(answers_below(home, it)) == 1 for it in (before, in_private, missed))


async def test_who_writes_directly_while_the_server_is_away_hears_that_their_roles_cannot_be_known(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    await home.go_away()
    home.discord.faults.guild_away = True
    await home.come_back()
    han = home.discord.person("Han")
    asked = await han.say(direct(home, "Han"), "are you there")
    refused = await home.discord.event(
        MessageCreated,
        where=lambda it: it.message.channel_id == asked.channel_id and it.message.id != asked.id,
        timeout=20,
    )
    assert "cannot tell me your roles just now" in refused.message.content
    looked_from = home.discord.log.position
    home.discord.faults.bring_guild()
    await home.discord.event(
        RequestMade, where=lambda it: it.exchange.path.endswith("/threads/active"), since=looked_from, timeout=20
    )
    again = await han.say(direct(home, "Han"), "and now")
    await answered(home, again)
    assert len(model.turns) == 1


@pytest.mark.parametrize("is_for_all", [True])
async def test_where_every_member_may_chat_a_server_that_is_away_keeps_nobody_from_it(home: Home) -> None:
    await home.until_mode("chat")
    await home.go_away()
    home.discord.faults.guild_away = True
    await home.come_back()
    Model(home)
    await answered(home, await home.discord.person("Han").say(direct(home, "Han"), "are you there"))


async def test_four_who_spoke_meanwhile_are_answered_once_each_wherever_they_did(home: Home) -> None:
    await home.until_mode("chat")
    model = Model(home)
    before = await home.discord.person("Han").say("bridge", f"{mention(home)} hello")
    await answered(home, before)
    await home.go_away()
    missed = await say_meanwhile(home)
    await home.come_back()
    await answered(home, *missed)
    await home.restart_all()
    last = await home.discord.person("Leia").say("bridge", f"{mention(home)} and now")
    await answered(home, last)
    assert [len(answers_below(home, it)) for it in (before, *missed, last)] == [1] * 6
    assert len(model.turns) == 6


async def test_a_direct_channel_is_remembered_until_its_person_wants_to_be_forgotten(home: Home) -> None:
    await home.until_mode("chat")
    Model(home)
    han = home.discord.person("Han")
    question = await han.say(direct(home, "Han"), "directly")
    await answered(home, question)
    await home.restart_all()
    cursors = home.rig.chat.cursors
    await home.until(lambda: cursors.has_met(han.id), "the direct channel to be known")
    assert direct(home, "Han").id in cursors.channel_ids
    await home.rig.services.memory.forget(han.id)
    assert not cursors.has_met(han.id)


async def test_a_server_that_does_not_list_its_threads_is_looked_through_all_the_same(home: Home) -> None:
    await home.until_mode("chat")
    Model(home)
    await home.go_away()
    missed = await home.discord.person("Han").say("general", f"{mention(home)} hello")
    home.discord.faults.fail_requests("GET /guilds/{guild_id}/threads/active", times=10, status=403)
    await home.come_back()
    await answered(home, missed)
