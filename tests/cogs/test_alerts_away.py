"""Discord away, messages grown old, nobody who answers: what the alert channel shows afterwards."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bd1.bot import keep_connected
from bd1.core.incidents import Incident
from bd1.core.settings import AlertSettings, Settings
from bd1.core.tiers import Tier
from bd1.sim.discord.model import Message
from bd1.sim.discord.seed import OPERATOR_ROLE_ID
from tests.cogs.conftest import Home, end_of, patient, text_of
from tests.cogs.test_incident_presses import raised, standing, stands

HOUR_S = 3600.0


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """Two minutes are enough to answer in."""
    return lambda settings: replace(patient(settings), alerts=AlertSettings(escalate_after_min=2))


async def discord_comes_back(home: Home) -> None:
    home.bot = asyncio.create_task(keep_connected(home.rig.services, home.discord.token))


def moment(home: Home, key: str) -> str:
    """When an incident began, as its message shows it."""
    found = next(incident for incident in home.rig.alerts.all() if incident.key == key)
    return f"<t:{int(found.opened_at.timestamp())}:T>"


async def noted(home: Home, incident: Incident, message: Message) -> None:
    """Waits until the feed knows of its message; time passes meanwhile."""
    while (found := home.rig.alerts.find(incident.id)) is None or found.message_id != message.id:
        await home.rig.clock.sleep(0.1)


async def test_after_an_hour_without_discord_each_incident_arrives_once_with_its_true_time(home: Home) -> None:
    await end_of(home.bot)
    raised(home, Tier.ALERT, key="early")
    home.rig.clock.jump_wall(HOUR_S / 2)
    home.rig.alerts.clear("early", "Well again.")
    home.rig.clock.jump_wall(HOUR_S / 2)
    raised(home, Tier.ALERT, key="late")
    await discord_comes_back(home)
    late = await stands(home, "late is nearly full")
    early = await stands(home, "early is nearly full")
    assert early.id < late.id
    assert moment(home, "early") in text_of(early)
    assert moment(home, "late") in text_of(late)
    assert "over after 30 min" in text_of(early)
    assert (early.mention_roles, late.mention_roles) == ((), (OPERATOR_ROLE_ID,))
    await home.restart_bot()
    raised(home, Tier.ALERT, key="later")
    await stands(home, "later is nearly full")
    assert len(standing(home)) == 3


async def test_an_alert_that_nobody_answers_rings_once_more_in_a_new_message_and_then_never_again(home: Home) -> None:
    incident = raised(home)
    first = await stands(home)
    await noted(home, incident, first)
    home.rig.clock.jump_wall(120)
    home.rig.alerts.changed.set()
    second = await home.discord.message("gpu-alerts", after=first, timeout=40)
    assert "Nobody has answered for 2 min" in second.content
    assert second.mention_roles == (OPERATOR_ROLE_ID,)
    await noted(home, incident, second)
    home.rig.clock.jump_wall(HOUR_S / 3)
    home.rig.alerts.clear("crate", "Well again.")
    await home.until_told(second, "over after")
    assert standing(home) == [second]


async def test_after_an_answer_nobody_is_rung_again(home: Home) -> None:
    incident = raised(home)
    first = await stands(home)
    home.rig.alerts.acknowledge(incident.id, "Leia")
    home.rig.clock.jump_wall(300)
    home.rig.alerts.report("crate", Tier.ALERT, "", "still so")
    await home.until_told(first, "still so")
    home.rig.alerts.clear("crate", "Well again.")
    await home.until_told(first, "over after")
    assert home.discord.messages("gpu-alerts") == [first]


async def test_a_post_that_arrived_but_was_not_noted_is_taken_as_it_stands(home: Home) -> None:
    incident = raised(home)
    first = await stands(home)
    await noted(home, incident, first)
    await end_of(home.bot)
    home.rig.alerts._incidents[incident.id] = incident  # as a life that was cut short left it
    home.rig.alerts.report("crate", Tier.ALERT, "", "still so")
    home.rig.alerts.tries(incident.id)
    home.rig.clock.jump_wall(HOUR_S)
    await discord_comes_back(home)
    await home.until_told(first, "still so")
    assert standing(home) == [first]


async def test_a_message_over_an_hour_old_is_posted_anew_and_the_old_one_goes(home: Home) -> None:
    incident = raised(home)
    first = await stands(home)
    home.rig.alerts.acknowledge(incident.id, "Leia")
    await home.until_told(first, "acknowledged by Leia")
    home.rig.clock.jump_wall(HOUR_S)
    home.rig.alerts.report("crate", Tier.ALERT, "", "still so")
    second = await home.discord.message("gpu-alerts", after=first, timeout=20)
    assert "still so" in text_of(second)
    assert second.content == ""
    await home.until(lambda: first.deleted, "the old message to be taken away")
    assert standing(home) == [second]
