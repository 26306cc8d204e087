"""What people say to incidents, on the loopback Discord: by buttons, by commands, after restarts of the bot."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bd1.core.incidents import Incident
from bd1.core.settings import AlertSettings, Settings
from bd1.core.tiers import Tier
from bd1.services.silences import MILD
from bd1.sim.discord.model import Message
from bd1.sim.discord.seed import OPERATOR_ROLE_ID
from bd1.sim.discord.settings import EDIT, SEND
from cogs import alerts as poster
from tests.cogs.conftest import Home, buttons_of, patient, text_of

CALM = AlertSettings(escalate_after_min=0)


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """Nobody is rung for keeping silent: the world runs ten times as fast as the people in it."""
    return lambda settings: replace(patient(settings), alerts=CALM)


def raised(home: Home, tier: Tier = Tier.ALERT, key: str = "crate") -> Incident:
    return home.rig.alerts.report(key, tier, f"{key} is nearly full", f"{tier.word} of {key}")


async def stands(home: Home, words: str = "nearly full") -> Message:
    return await home.discord.message("gpu-alerts", where=lambda found: words in text_of(found), timeout=20)


def standing(home: Home) -> list[Message]:
    return [message for message in home.discord.messages("gpu-alerts") if not message.deleted]


async def press(home: Home, message: Message, label: str, who: str = "Leia") -> Message:
    return await (await home.discord.person(who).click(message, label)).response()


async def ask(home: Home, command: str, who: str = "Leia", **options: Any) -> Message:
    return await (await home.discord.person(who).slash(command, channel="bridge", **options)).response()


async def test_an_alert_rings_the_operators_and_nobody_else(home: Home) -> None:
    raised(home)
    message = await stands(home)
    assert (message.mention_roles, message.mentions, message.mention_everyone) == ((OPERATOR_ROLE_ID,), (), False)
    assert list(buttons_of(message)) == ["Acknowledge", "Snooze 30 min", "Silence until recovered"]


async def test_a_warning_rings_nobody(home: Home) -> None:
    raised(home, Tier.WARN)
    message = await stands(home)
    assert (message.mention_roles, message.content) == ((), "")


async def test_a_warning_that_becomes_an_alert_rings_once_and_leaves_one_message(home: Home) -> None:
    raised(home, Tier.WARN)
    first = await stands(home)
    raised(home, Tier.ALERT)
    second = await home.discord.message("gpu-alerts", after=first, timeout=20)
    await home.until(lambda: first.deleted, "the old message to be taken away")
    assert second.mention_roles == (OPERATOR_ROLE_ID,)
    raised(home, Tier.PROTECT)
    await home.until_told(second, "protect of crate")
    assert standing(home) == [second]
    assert "warn of crate" in text_of(second)


async def test_who_acknowledges_is_shown_with_the_time_and_when_it_is_over_how_long_it_lasted(home: Home) -> None:
    incident = raised(home)
    message = await stands(home)
    await press(home, message, "Acknowledge")
    assert "Leia acknowledged it." in text_of(message)
    assert "open · alert · acknowledged by Leia" in text_of(message)
    assert list(buttons_of(message)) == ["Snooze 30 min", "Silence until recovered"]
    home.rig.alerts.clear("crate", "Back to normal.")
    await home.until_told(message, "over after")
    assert "acknowledged by Leia" in text_of(message)
    assert buttons_of(message) == {}
    found = home.rig.alerts.find(incident.id)
    assert found is not None
    assert found.acknowledged is not None
    assert found.messages == 1


@pytest.mark.parametrize("label", ["Snooze 30 min", "Silence until recovered"])
async def test_what_is_snoozed_or_silenced_is_kept_true_and_can_be_heard_again(home: Home, label: str) -> None:
    raised(home)
    message = await stands(home)
    await press(home, message, label)
    assert list(buttons_of(message)) == ["Acknowledge", "Speak again"]
    home.rig.alerts.report("crate", Tier.ALERT, "", "a little more")
    await home.until_told(message, "a little more")
    await press(home, message, "Speak again")
    assert "Snooze 30 min" in buttons_of(message)
    assert standing(home) == [message]


async def test_what_gets_worse_than_what_was_silenced_is_posted_anew_and_rings(home: Home) -> None:
    raised(home)
    message = await stands(home)
    await press(home, message, "Silence until recovered")
    raised(home, Tier.PROTECT)
    louder = await home.discord.message("gpu-alerts", after=message, timeout=20)
    assert "It has become worse" in louder.content
    assert louder.mention_roles == (OPERATOR_ROLE_ID,)


async def test_others_are_told_in_a_sentence_that_only_they_see_and_nothing_happens(home: Home) -> None:
    incident = raised(home)
    message = await stands(home)
    told = await press(home, message, "Acknowledge", who="Han")
    assert told.ephemeral
    assert "Only operators" in told.content
    found = home.rig.alerts.find(incident.id)
    assert found is not None
    assert found.acknowledged is None


async def test_the_buttons_work_after_a_restart(home: Home) -> None:
    raised(home)
    message = await stands(home)
    await home.restart_bot()
    await press(home, message, "Acknowledge")
    assert "acknowledged by Leia" in text_of(message)
    assert standing(home) == [message]


async def test_a_button_of_a_story_that_is_over_takes_the_buttons_away(home: Home) -> None:
    raised(home)
    message = await stands(home)
    home.discord.faults.fail_requests(EDIT, times=4, status=403)
    home.rig.alerts.clear("crate", "Back to normal.")
    asked = await home.discord.person("Leia").click(message, "Acknowledge")
    await asked.acknowledged(10)
    await home.until_told(message, "over after")
    assert buttons_of(message) == {}


async def test_the_list_tells_the_newest_first_with_how_each_stands(home: Home) -> None:
    raised(home, key="first")
    home.rig.alerts.clear("first", "Well again.")
    await home.rig.clock.sleep(2)
    incident = raised(home, key="second")
    home.rig.alerts.acknowledge(incident.id, "Lando")
    told = text_of(await ask(home, "gpu incidents", who="Han"))
    assert told.index("second is nearly full") < told.index("first is nearly full")
    assert "open · alert · acknowledged by Lando" in told
    assert "alert, over after" in told


async def test_one_story_is_chosen_while_typing_and_answered_there(home: Home) -> None:
    raised(home, key="first")
    incident = raised(home, key="second")
    offered = await home.discord.person("Leia").autocomplete(
        "gpu incident", focused="incident", value="first", channel="bridge"
    )
    assert [("first is nearly full" in choice["name"]) for choice in offered] == [True]
    answer = await ask(home, "gpu incident", incident=str(offered[0]["value"]))
    assert "alert of first" in text_of(answer)
    assert answer.mention_roles == ()
    await press(home, answer, "Acknowledge")
    assert "acknowledged by Leia" in text_of(answer)
    assert "alert of second" in text_of(await ask(home, "gpu incident"))
    assert "alert of second" in text_of(await ask(home, "gpu incident", incident=incident.mark))
    unknown = await ask(home, "gpu incident", incident="nothing")
    assert "no incident nothing" in unknown.content


async def test_a_silenced_kind_is_not_posted_until_it_is_protect_and_the_silence_can_be_ended(home: Home) -> None:
    raised(home, key="crate")
    await stands(home)
    home.rig.alerts.clear("crate", "Well again.")
    told = await ask(home, "gpu silence", kind="crate", minutes=600)
    assert "Leia silenced crate until" in told.content
    assert "crate" in text_of(await ask(home, "gpu silence"))
    raised(home, Tier.ALERT, key="crate")
    raised(home, Tier.ALERT, key="sight")
    await stands(home, "sight is nearly full")
    assert len(standing(home)) == 2
    raised(home, Tier.PROTECT, key="crate")
    await stands(home, "protect of crate")
    assert "heard again" in (await ask(home, "gpu silence", kind="crate", minutes=0)).content
    assert "Nothing is silenced" in text_of(await ask(home, "gpu silence"))


async def test_everything_mild_can_be_silenced_and_is_posted_when_that_ends_while_it_goes_on(home: Home) -> None:
    await ask(home, "gpu silence", kind=MILD, minutes=600)
    raised(home, Tier.WARN, key="going on")
    raised(home, Tier.WARN, key="over soon")
    raised(home, Tier.ALERT, key="loud")
    await stands(home, "loud is nearly full")
    home.rig.alerts.clear("over soon", "Well again.")
    raised(home, Tier.ALERT, key="louder")
    await stands(home, "louder is nearly full")
    await ask(home, "gpu silence", kind=MILD, minutes=0)
    await stands(home, "going on is nearly full")
    assert len(standing(home)) == 3


async def test_only_operators_silence_and_only_what_there_is(home: Home) -> None:
    assert "Only operators" in (await ask(home, "gpu silence", who="Han", kind=MILD)).content
    assert "no incident of the kind nonsense" in (await ask(home, "gpu silence", kind="nonsense")).content
    offered = await home.discord.person("Leia").autocomplete(
        "gpu silence", focused="kind", value="every", channel="bridge"
    )
    assert [choice["value"] for choice in offered] == [MILD]


async def test_a_flood_is_a_message_for_each_of_the_first_and_one_for_all_the_others(home: Home) -> None:
    for number in range(5):
        raised(home, Tier.WARN, key=f"early {number}")
    await stands(home, "early 4")
    for number in range(4):
        raised(home, Tier.WARN, key=f"late {number}")
    digest = await stands(home, "in one message")
    await home.until_told(digest, "late 3")
    assert len(standing(home)) == 6
    home.rig.alerts.clear("late 0", "Well again.")
    await home.until_told(digest, "over after")
    raised(home, Tier.ALERT, key="late 1")
    louder = await stands(home, "alert of late 1")
    assert louder.mention_roles == (OPERATOR_ROLE_ID,)
    assert len(standing(home)) == 7


async def test_what_discord_refuses_keeps_nothing_else_from_being_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poster, "_RETRY_S", 0.1)
    home.discord.faults.fail_requests(SEND, times=1, status=403)
    raised(home, key="first")
    raised(home, key="second")
    second = await stands(home, "second is nearly full")
    first = await stands(home, "first is nearly full")
    assert second.id < first.id
    assert len(standing(home)) == 2
