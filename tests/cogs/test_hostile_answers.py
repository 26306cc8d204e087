"""Whatever the model says: nobody is pinged, nothing is embedded, Discord takes every message, and no word is lost."""

import pytest

from bd1.core.answer import Text
from bd1.sim.discord.events import RequestMade
from bd1.sim.discord.model import Message
from bd1.sim.discord.settings import EDIT, SEND, Limit, ServerSettings
from cogs._ui.answer_sheet import readable
from tests.cogs.easel import FINISHED, Easel
from tests.cogs.hostile import OUTPUTS

SUPPRESS_EMBEDS = 1 << 2
PLENTY = Limit(1000, 1.0)
NOBODY: dict[str, list[str]] = {"parse": []}


def assert_harmless(message: Message) -> None:
    assert not message.mention_everyone
    assert message.mentions == message.mention_roles == ()
    assert message.embeds == []
    assert message.flags & SUPPRESS_EMBEDS


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_there_are_fifty_of_them() -> None:
    assert len(set(OUTPUTS)) == 50


@pytest.mark.parametrize("discord_rules", [ServerSettings(route_limits={SEND: PLENTY, EDIT: PLENTY})])
@pytest.mark.parametrize("share", range(5))
async def test_no_answer_pings_embeds_or_is_refused(easel: Easel, share: int) -> None:
    easel.tune(most_messages=20, footer=False)
    for output in OUTPUTS[share::5]:
        known = len(easel.answers())
        answer = await easel.ask()
        half = len(output) // 2
        answer.say(output[:half])
        if letters(output[:half]):
            await answer.is_posted.wait()  # grows, so that edits are tried too
        answer.tell(Text(output[half:]), FINISHED)
        text, _, _ = await answer.ended()
        messages = easel.answers()[known:]
        assert messages, output
        for message in messages:
            assert_harmless(message)
        if len(messages) < 20:
            told = "".join(message.content for message in messages).replace("The model had nothing to say", "")
            assert letters(told).startswith(letters(text)) or letters(text) in letters(told), output
        assert text == readable(output)
    exchanges = [event.exchange for event in easel.discord.log.since(0) if isinstance(event, RequestMade)]
    said = [one for one in exchanges if one.method in {"POST", "PATCH"} and one.route_template.count("/messages")]
    assert all(one.request_json["allowed_mentions"] == NOBODY for one in said)
    assert any(one.method == "PATCH" for one in said)
    assert [one.status for one in exchanges if one.status >= 400] == []


async def test_a_text_that_discord_refuses_all_the_same_comes_as_a_file(easel: Easel) -> None:
    answer = await easel.ask()
    answer.say("One")
    await easel.until_text("One")
    easel.discord.faults.fail_requests(EDIT, status=400)
    answer.whole(" two")
    await answer.ended()
    (message,) = easel.answers()
    assert "it is in the file" in message.content
    assert easel.discord.world.files[message.attachments[0].id] == b"One two"
