"""Four kinds of people and everything they can do: who may is in one table, and the rest is told so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bd1.core.settings import Settings
from bd1.sim.discord.model import Message
from bd1.sim.discord.seed import CREW_ROLE_ID, OPERATOR_ROLE_ID
from bd1.sim.discord.settings import ServerSettings
from tests.cogs.conftest import CHAT_ROLE_ID, MODEL_ROLE_ID, Home, patient, text_of

REFUSALS = ("may not use BD-1", "Only operators", "may not choose the model", "do not answer direct messages")
Act = Callable[[Home, str], Awaitable[Message]]


@pytest.fixture
def discord_rules() -> ServerSettings:
    """Nobody is held back."""
    return ServerSettings(route_limits={})


@pytest.fixture
def tune() -> Callable[[Settings], Settings]:
    """Looking, chatting and choosing models each need a role; direct messages are off."""

    def separate(settings: Settings) -> Settings:
        discord = replace(
            settings.discord, chat_role_ids=(CHAT_ROLE_ID,), model_role_ids=(MODEL_ROLE_ID,), allow_dms=False
        )
        return patient(replace(settings, discord=discord))

    return separate


def slash(command: str, **options: object) -> Act:
    async def act(home: Home, who: str) -> Message:
        return await (await home.discord.person(who).slash(command, channel="bridge", options=options)).response()

    return act


def say(where: str) -> Act:
    async def act(home: Home, who: str) -> Message:
        person = home.discord.person(who)
        asked = await person.say(where, f"<@{home.discord.bot.id}> hello")
        place = person.channel(where)
        return await home.discord.message(place.id, after=asked, timeout=20)

    return act


async def press_refresh(home: Home, who: str) -> Message:
    shown = await slash("gpu status")(home, "Leia")
    return await (await home.discord.person(who).click(shown, "Refresh")).response()


async def send_persona(home: Home, who: str) -> Message:
    """Whoever gets the form sends it."""
    person = home.discord.person(who)
    shown = await person.slash("chat persona", channel="bridge")
    await shown.acknowledged(5)
    if shown.modal is None:
        return await shown.response()
    return await (await person.submit_modal(shown, persona="You are a droid.")).response()


ROLES = {
    "operator": (OPERATOR_ROLE_ID,),
    "looker": (CREW_ROLE_ID,),
    "chatter": (CHAT_ROLE_ID,),
    "chooser": (CHAT_ROLE_ID, MODEL_ROLE_ID),
    "stranger": (),
}
OPERATES, LOOKS, CHATS = {"operator"}, {"operator", "looker"}, {"operator", "chatter", "chooser"}
CHOOSES = {"operator", "chooser"}
ACTIONS: dict[str, tuple[Act, set[str]]] = {
    "ask by a mention": (say("bridge"), CHATS),
    "ask in a direct message": (say("dm"), set()),
    "/chat context": (slash("chat context"), CHATS),
    "/chat reset": (slash("chat reset"), CHATS),
    "/chat forget": (slash("chat forget"), CHATS),
    "the persona's form": (send_persona, OPERATES),
    "/chat model llama3:8b": (slash("chat model", model="llama3:8b"), CHOOSES),
    "/models": (slash("models"), LOOKS | CHOOSES),
    "/models do:load": (slash("models", do="load", model="llama3:8b"), OPERATES),
    "/gpu status": (slash("gpu status"), LOOKS),
    "the button Refresh": (press_refresh, LOOKS),
    "/gpu mode chat": (slash("gpu mode", mode="chat"), OPERATES),
}


@pytest.mark.parametrize("role", ROLES)
async def test_who_may_do_what(home: Home, role: str) -> None:
    await home.until_mode("chat")
    home.discord.world.members[home.discord.person("Han").id].role_ids[:] = ROLES[role]
    may = {name: not is_refused(await act(home, "Han")) for name, (act, _) in ACTIONS.items()}
    assert may == {name: role in allowed for name, (_, allowed) in ACTIONS.items()}


def is_refused(message: Message) -> bool:
    return any(refusal in text_of(message) for refusal in REFUSALS)


@pytest.mark.parametrize(("roles", "may_look"), [((CREW_ROLE_ID, CHAT_ROLE_ID), True), ((CHAT_ROLE_ID,), False)])
async def test_the_model_may_ask_about_the_card_only_for_people_who_may_look_at_it(
    home: Home, roles: tuple[int, ...], may_look: bool
) -> None:
    await home.until_mode("chat")
    home.discord.world.members[home.discord.person("Han").id].role_ids[:] = roles
    home.rig.model.abilities = ("completion", "tools")
    await home.discord.person("Han").say("bridge", f"<@{home.discord.bot.id}> how is the card?")
    await home.discord.message("bridge", where=lambda m: "tokens/s" in m.content, timeout=10)
    assert bool(home.rig.model.tools) is may_look
